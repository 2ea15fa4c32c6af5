//! The texts of mails.

use super::MailTopic;
use crate::{config::PublicUrl, domain::text::PersonName};

/// Composes the subject and the text.
pub(super) fn compose(site: &PublicUrl, name: &PersonName, about: &MailTopic<'_>) -> (String, String) {
    let host = site.host();
    let news = |what: &str| {
        (
            format!("{what} at {host}"),
            format!(
                "If it was you, there is nothing to do. If not, tell an admin of yours at once, and choose a new password:\n\n{}",
                site.with_path("/account")
            ),
        )
    };
    let by_another = |what: &str, by: &Option<&PersonName>| {
        let by = by.map_or_else(|| "whoever runs the server".to_owned(), ToString::to_string);
        (
            format!("{what} at {host}"),
            format!(
                "It was done by {by}. If you asked for it, there is nothing to do. If not, tell another admin of yours at \
                 once: whoever did it could come in as you.\n\nFor a while your account does not sign, approve or decide, \
                 unless another admin confirms that you asked for this.\n\n{}",
                site.with_path("/account")
            ),
        )
    };
    let (subject, body) = match about {
        MailTopic::Invitation { by, link } => (
            format!("You are invited to {host}"),
            format!(
                "{by} invites you to signoff, where launches are got ready and signed off. Choose a password here, and \
                 your account is ready:\n\n{link}\n\nThe address works once, for seven days. It is meant for you alone."
            ),
        ),
        MailTopic::ResetLink { link } => (
            format!("A new password for {host}"),
            format!(
                "With this address you choose a new password:\n\n{link}\n\nIt works once, and not for long. Whoever is \
                 signed in with your account is signed out by it.\n\nIf nobody asked for this on your behalf, leave it \
                 alone: your password stays as it is."
            ),
        ),
        MailTopic::PasswordChanged => news("Your password was changed"),
        MailTopic::SecondFactorSetUp => news("A second factor was set up for you"),
        MailTopic::SecondFactorTurnedOff => news("Your second factor was taken away"),
        MailTopic::ResetLinkMade { by } => by_another("A link was made to choose a new password for you", by),
        MailTopic::PasswordReset { by } => by_another("Your password was changed by a link", by),
        MailTopic::SecondFactorRemoved { by } => by_another("Your second factor was taken away", by),
    };
    (subject.clone(), format!("Hello {name},\n\n{}{body}\n\nsignoff at {host}\n", opening_sentence(about, &subject)))
}

/// The opening sentence of a mail that reports a change: what happened, which is also its subject.
fn opening_sentence(about: &MailTopic<'_>, subject: &str) -> String {
    match about {
        MailTopic::Invitation { .. } | MailTopic::ResetLink { .. } => String::new(),
        MailTopic::PasswordChanged
        | MailTopic::SecondFactorSetUp
        | MailTopic::SecondFactorTurnedOff
        | MailTopic::ResetLinkMade { .. }
        | MailTopic::PasswordReset { .. }
        | MailTopic::SecondFactorRemoved { .. } => format!("{subject}. "),
    }
}
