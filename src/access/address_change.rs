//! The change of the address with which a person signs in: what is common to the person's own confirmation, by the link
//! that was sent to the new address, and to an admin's.

use super::{
    account::Account,
    store::{KnownPerson, load_known_people, set_address, set_name, supersede_resets, with_address},
};
use crate::{
    domain::{
        ids::{RequestId, UserId},
        installation::InstallationEvent,
        launch::event::PersonRef,
        text::{Email, PersonName},
        time::Moment,
    },
    mail::{self, MailTopic},
    record::installation_log::{AuditedTransaction, append_event},
    state::AppState,
    texts,
    web::Error,
};

/// Somebody else whose address this is, or looks like.
#[must_use]
pub fn find_other_with<'a>(known: &'a [KnownPerson], user: UserId, email: &Email) -> Option<&'a KnownPerson> {
    let is_like = |person: &&KnownPerson| person.email == email.as_str() || person.has_address_like(email);
    known.iter().filter(|person| person.id != user).find(is_like)
}

/// Changes an address that was confirmed, by the person or by an admin, and notifies the old one. Open links for a new
/// password stop working, since they may have been sent to it. A name that ends with the old address gets the new one.
///
/// # Errors
/// 409 when somebody else has the address, or one that looks like it and only the person confirmed it.
pub async fn change_address(
    transaction: &mut AuditedTransaction,
    state: &AppState,
    account: &Account,
    email: &Email,
    by: &PersonRef,
    request: RequestId,
) -> Result<(), Error> {
    let at: Moment = state.clock.now();
    let known = load_known_people(transaction).await?;
    let other = find_other_with(&known, account.id, email);
    if other.is_some_and(|other| by.id == account.id || other.email == email.as_str()) {
        return Err(Error::Conflict(texts::address_is_not_free()));
    }
    // Before the change, so that it is in the language of the person.
    mail::enqueue(transaction, state, (&account.name, &account.email), MailTopic::AddressChanged, None).await?;
    if !set_address(transaction, account.id, email).await? {
        return Err(Error::Conflict(texts::address_is_not_free()));
    }
    supersede_resets(transaction, account.id, at).await?;
    append_event(transaction, Some(by), &InstallationEvent::AddressChanged { user: account.id }, None, request, at)
        .await?;
    let suffix = format!(" ({})", account.email);
    if let Some(plain) = account.name.as_str().strip_suffix(&suffix)
        && let Ok(to) = PersonName::stored(&with_address(plain, email.as_str()))
    {
        let from = account.name.clone();
        set_name(transaction, account.id, (&from, &to)).await?;
        let event = InstallationEvent::NameChanged { user: account.id, from, to };
        append_event(transaction, Some(by), &event, None, request, at).await?;
    }
    Ok(())
}
