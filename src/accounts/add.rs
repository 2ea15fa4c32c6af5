//! Accounts made without an invitation: by an operator at the command line, and by the demo.

use sqlx::PgPool;

use super::store::{self, NewAccount};
use crate::{
    access::{
        account::Account,
        password::{self, Weak},
        store::{people_named_like, with_address},
    },
    ambient,
    domain::{
        ids::RequestId,
        installation::InstallationEvent,
        role::InstallationRoles,
        text::{Email, PersonName},
    },
    record,
    state::AppState,
};

/// Somebody who is to have an account.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// Where they sign in.
    pub email: Email,
    /// Their name.
    pub name: PersonName,
    /// What they may do.
    pub roles: InstallationRoles,
    /// With what they sign in.
    pub password: String,
}

/// Why an account was not made.
#[derive(Debug, thiserror::Error)]
pub enum NotAdded {
    /// The password is too weak.
    #[error(transparent)]
    Weak(#[from] Weak),
    /// Somebody has the address already.
    #[error("somebody has this e-mail address already")]
    Taken,
    /// Something failed.
    #[error(transparent)]
    Fault(#[from] anyhow::Error),
}

/// Makes an account, told in the installation's log as made by nobody who is signed in.
///
/// # Errors
/// [`NotAdded`]; then nothing was made.
pub async fn add(state: &AppState, person: NewPerson) -> Result<Account, NotAdded> {
    let NewPerson { email, name, roles, password } = person;
    let known = [name.as_str(), email.as_str(), state.config.public_url.host()];
    let hash = password::choose(&password, &known).await??;
    let now = state.clock.now();
    let new = NewAccount {
        id: ambient::new_id(),
        email: &email,
        name: &name,
        roles: &roles,
        password_hash: hash.as_str(),
        at: now,
    };
    let made = async {
        let mut transaction = state.db.begin().await?;
        // Whoever runs the server names people as they are; where one looks like another, the address tells them apart.
        let alike = !people_named_like(&mut transaction, new.name).await?.is_empty();
        let named = PersonName::stored(&with_address(new.name.as_str(), new.email.as_str())).ok().filter(|_| alike);
        let new = NewAccount { name: named.as_ref().unwrap_or(new.name), ..new };
        let Some(account) = store::make_account(&mut transaction, new).await? else { return Ok(None) };
        let event = InstallationEvent::AccountMade {
            user: account.id,
            name: account.name.clone(),
            roles: account.roles.clone(),
        };
        let request: RequestId = ambient::new_id();
        record::installation::append(&mut transaction, None, &event, None, request, now).await?;
        transaction.commit().await?;
        Ok::<_, sqlx::Error>(Some(account))
    };
    made.await.map_err(|error| NotAdded::Fault(error.into()))?.ok_or(NotAdded::Taken)
}

/// Whether anybody has an account.
///
/// # Errors
/// When the database fails.
pub async fn any(db: &PgPool) -> Result<bool, sqlx::Error> {
    store::any_account(db).await
}
