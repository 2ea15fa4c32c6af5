//! What an operator does about accounts at the command line, where no admin can: told in the installation's log as done
//! by nobody who is signed in.

use anyhow::Context as _;

use crate::{
    access::{
        reset, second_factor,
        store::{account_at, renew_credentials},
    },
    ambient,
    domain::{installation::InstallationEvent, text::Email},
    record,
    state::AppState,
};

const NOBODY: &str = "nobody who may sign in has this address";

/// An address with which somebody chooses a new password.
///
/// # Errors
/// When nobody has the address, or the database fails.
pub async fn reset_link(state: &AppState, email: &Email) -> anyhow::Result<String> {
    let mut transaction = state.db.begin().await?;
    let account = account_at(&mut transaction, email).await?.context(NOBODY)?;
    let link = reset::make(&mut transaction, state, &account, (None, reset::HANDED_OVER), ambient::new_id()).await?;
    transaction.commit().await?;
    Ok(link.address)
}

/// Takes somebody's second factor away, which ends their sessions.
///
/// # Errors
/// When nobody has the address or they have no second factor, or the database fails.
pub async fn remove_second_factor(state: &AppState, email: &Email) -> anyhow::Result<()> {
    let mut transaction = state.db.begin().await?;
    let account = account_at(&mut transaction, email).await?.context(NOBODY)?;
    renew_credentials(&mut transaction, account.id, None).await?;
    anyhow::ensure!(second_factor::remove(&mut transaction, account.id).await?, "they have no second factor");
    let (event, now) = (InstallationEvent::SecondFactorRemoved { user: account.id }, state.clock.now());
    record::installation::append(&mut transaction, None, &event, None, ambient::new_id(), now).await?;
    transaction.commit().await?;
    Ok(())
}
