//! What letters say.

use super::About;
use crate::{config::PublicUrl, domain::text::PersonName};

/// The subject and the text of a letter.
pub(super) fn written(site: &PublicUrl, name: &PersonName, about: &About<'_>) -> (String, String) {
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
        About::Invitation { by, link } => (
            format!("You are invited to {host}"),
            format!(
                "{by} invites you to signoff, where launches are got ready and signed off. Choose a password here, and \
                 your account is ready:\n\n{link}\n\nThe address works once, for seven days. It is meant for you alone."
            ),
        ),
        About::Reset { link } => (
            format!("A new password for {host}"),
            format!(
                "With this address you choose a new password:\n\n{link}\n\nIt works once, and not for long. Whoever is \
                 signed in with your account is signed out by it.\n\nIf nobody asked for this on your behalf, leave it \
                 alone: your password stays as it is."
            ),
        ),
        About::PasswordChanged => news("Your password was changed"),
        About::SecondFactorSetUp => news("A second factor was set up for you"),
        About::SecondFactorTurnedOff => news("Your second factor was taken away"),
        About::ResetMade { by } => by_another("A link was made to choose a new password for you", by),
        About::PasswordReset { by } => by_another("Your password was changed by a link", by),
        About::SecondFactorRemoved { by } => by_another("Your second factor was taken away", by),
    };
    (subject.clone(), format!("Hello {name},\n\n{}{body}\n\nsignoff at {host}\n", opening(about, &subject)))
}

/// News begins with what happened, which is its subject.
fn opening(about: &About<'_>, subject: &str) -> String {
    match about {
        About::Invitation { .. } | About::Reset { .. } => String::new(),
        About::PasswordChanged
        | About::SecondFactorSetUp
        | About::SecondFactorTurnedOff
        | About::ResetMade { .. }
        | About::PasswordReset { .. }
        | About::SecondFactorRemoved { .. } => format!("{subject}. "),
    }
}
