//! What an operator does about accounts at the command line, where no admin can: told in the installation's log as done
//! by nobody who is signed in, and to the person whose account it is.

use anyhow::{Context as _, anyhow};

use crate::{
    access::{
        reset::{self, Maker},
        second_factor::{self, NotRemoved},
        store::account_at,
    },
    ambient,
    domain::text::Email,
    state::AppState,
    web::Error,
};

const NOBODY: &str = "nobody who may sign in has this address";

/// An address with which somebody chooses a new password.
///
/// # Errors
/// When nobody has the address, or the database fails.
pub async fn reset_link(state: &AppState, email: &Email) -> anyhow::Result<String> {
    let mut transaction = state.db.begin().await?;
    let account = account_at(&mut transaction, email).await?.context(NOBODY)?;
    let made = reset::make(&mut transaction, state, &account, Maker::CommandLine, ambient::new_id()).await;
    let link = made.map_err(plain)?;
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
    let removed = second_factor::remove_of_another(&mut transaction, state, &account, None, ambient::new_id()).await;
    removed.map_err(plain)?.map_err(|NotRemoved| anyhow!("they have no second factor"))?;
    transaction.commit().await?;
    Ok(())
}

/// An error of a page, where there is no page.
fn plain(error: Error) -> anyhow::Error {
    match error {
        Error::Fault(cause) => cause,
        other => anyhow!("{other:?}"),
    }
}
