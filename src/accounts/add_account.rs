//! Accounts created without an invitation: by an operator at the command line, and by the demo.

use sqlx::PgPool;

use super::store::{self, NewAccount};
use crate::{
    access::{
        account::Account,
        password::{self, WeakPassword},
        store::{find_people_named_like, with_address},
    },
    ambient,
    domain::{
        ids::RequestId,
        installation::InstallationEvent,
        role::InstallationRoles,
        text::{Email, PersonName},
    },
    record::{self, installation_log::AuditedTransaction},
    state::AppState,
};

/// The data of an account to create.
#[derive(Debug, Clone)]
pub struct NewPerson {
    pub email: Email,
    pub name: PersonName,
    pub roles: InstallationRoles,
    pub password: String,
}

#[derive(Debug, thiserror::Error)]
pub enum AddAccountError {
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    #[error("somebody has this e-mail address already")]
    Taken,
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

/// Creates an account; the log entry has no actor, since nobody is signed in.
pub async fn add_account(state: &AppState, person: NewPerson) -> Result<Account, AddAccountError> {
    let NewPerson { email, name, roles, password } = person;
    let personal = [name.as_str(), email.as_str(), state.config.public_url.host()];
    let hash = password::check_and_hash(&password, &personal).await??;
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
        let mut transaction = AuditedTransaction::begin(&state.db).await?;
        // The operator names people as they are; if two names look alike, the appended address distinguishes them.
        let alike = !find_people_named_like(&mut transaction, new.name).await?.is_empty();
        let named = PersonName::stored(&with_address(new.name.as_str(), new.email.as_str())).ok().filter(|_| alike);
        let new = NewAccount { name: named.as_ref().unwrap_or(new.name), ..new };
        let Some(account) = store::insert_account(&mut transaction, new).await? else { return Ok(None) };
        let event = InstallationEvent::AccountMade {
            user: account.id,
            name: account.name.clone(),
            roles: account.roles.clone(),
        };
        let request: RequestId = ambient::new_id();
        record::installation_log::append_event(&mut transaction, None, &event, None, request, now).await?;
        transaction.commit().await?;
        Ok::<_, sqlx::Error>(Some(account))
    };
    made.await.map_err(|error| AddAccountError::Failed(error.into()))?.ok_or(AddAccountError::Taken)
}

pub async fn has_any_account(db: &PgPool) -> Result<bool, sqlx::Error> {
    store::has_any_account(db).await
}
