//! Composes mails from their texts.

use std::borrow::Cow;

use super::MailTopic;
use crate::{config::PublicUrl, domain::text::PersonName, texts};

/// Composes the subject and the text.
pub(super) fn compose(site: &PublicUrl, name: &PersonName, about: &MailTopic<'_>) -> (String, String) {
    let host = site.host();
    let account = || Cow::from(site.with_path("/account"));
    let own_change = |paragraph| vec![paragraph, texts::if_it_was_not_you(), account()];
    let change_by_another =
        |paragraph| vec![paragraph, texts::if_you_did_not_ask_for_it(), texts::waiting_period_follows(), account()];
    let (subject, paragraphs) = match about {
        MailTopic::Invitation { by, link } => (
            texts::invitation_subject(host),
            vec![texts::invitation_paragraph(by), (*link).to_owned().into(), texts::invitation_link_rules()],
        ),
        MailTopic::ResetLink { link } => (
            texts::reset_link_subject(host),
            vec![
                texts::reset_link_paragraph(),
                (*link).to_owned().into(),
                texts::reset_link_rules(),
                texts::reset_link_not_asked_for(),
            ],
        ),
        MailTopic::PasswordChanged => {
            (texts::password_changed_subject(host), own_change(texts::password_changed_paragraph()))
        }
        MailTopic::NameChanged => (texts::name_changed_subject(host), own_change(texts::name_changed_paragraph(name))),
        MailTopic::AddressLink { link } => (
            texts::address_link_subject(host),
            vec![
                texts::address_link_paragraph(),
                (*link).to_owned().into(),
                texts::address_link_rules(),
                texts::address_link_not_asked_for(),
            ],
        ),
        MailTopic::AddressIsNotFree => {
            (texts::address_is_not_free_subject(host), vec![texts::address_is_not_free_paragraph()])
        }
        MailTopic::AddressChanged => (
            texts::address_changed_subject(host),
            vec![texts::address_changed_paragraph(), texts::if_it_was_not_you_ask_admin()],
        ),
        MailTopic::SecondFactorSetUp => {
            (texts::second_factor_set_up_subject(host), own_change(texts::second_factor_set_up_paragraph()))
        }
        MailTopic::SecondFactorTurnedOff => {
            (texts::second_factor_turned_off_subject(host), own_change(texts::second_factor_turned_off_paragraph()))
        }
        MailTopic::ResetLinkMade { by } => {
            let paragraph = by.map_or_else(texts::reset_link_made_by_operator, texts::reset_link_made_by_admin);
            (texts::reset_link_made_subject(host), change_by_another(paragraph))
        }
        MailTopic::PasswordReset { by } => {
            let paragraph = by.map_or_else(texts::password_reset_by_operator, texts::password_reset_by_admin);
            (texts::password_reset_subject(host), change_by_another(paragraph))
        }
        MailTopic::VerificationFailed { problems, page } => (
            texts::verification_failed_subject(host),
            vec![
                texts::verification_failed_paragraph(*problems),
                (*page).to_owned().into(),
                texts::verification_failed_what_to_do(),
            ],
        ),
        MailTopic::SecondFactorRemoved { by } => {
            let paragraph =
                by.map_or_else(texts::second_factor_removed_by_operator, texts::second_factor_removed_by_admin);
            (texts::second_factor_removed_subject(host), change_by_another(paragraph))
        }
    };
    let body = paragraphs.join("\n\n");
    let text = format!("{}\n\n{body}\n\n{}\n", texts::mail_greeting(name), texts::mail_signature(host));
    (subject.into_owned(), text)
}
