//! Account recovery by an operator at the command line, where no admin can help. The log entries have no actor, and the
//! owner of the account is notified.

use anyhow::{Context as _, anyhow};

use crate::{
    access::{
        reset_link::{self, ResetLinkMaker},
        second_factor::{self, NoSecondFactor},
        store::find_account_by_email,
    },
    ambient,
    domain::text::Email,
    record::installation_log::AuditedTransaction,
    state::AppState,
    web::Error,
};

const UNKNOWN_ADDRESS: &str = "nobody who may sign in has this address";

/// An address at which the person chooses a new password.
///
/// # Errors
/// When no active account has the address, or the database fails.
pub async fn make_reset_link(state: &AppState, email: &Email) -> anyhow::Result<String> {
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    let account = find_account_by_email(&mut transaction, email).await?.context(UNKNOWN_ADDRESS)?;
    let made = reset_link::create_reset_link(
        &mut transaction,
        state,
        &account,
        ResetLinkMaker::CommandLine,
        ambient::new_id(),
    )
    .await;
    let link = made.map_err(to_anyhow)?;
    transaction.commit().await?;
    Ok(link.address)
}

/// Removes a person's second factor, which ends their sessions.
///
/// # Errors
/// When no active account has the address, the person has no second factor, or the database fails.
pub async fn remove_second_factor(state: &AppState, email: &Email) -> anyhow::Result<()> {
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    let account = find_account_by_email(&mut transaction, email).await?.context(UNKNOWN_ADDRESS)?;
    let removed = second_factor::remove_for(&mut transaction, state, &account, None, ambient::new_id()).await;
    removed.map_err(to_anyhow)?.map_err(|NoSecondFactor| anyhow!("they have no second factor"))?;
    transaction.commit().await?;
    Ok(())
}

/// Converts an error of a page for use where there is no page.
fn to_anyhow(error: Error) -> anyhow::Error {
    match error {
        Error::Fault(cause) => cause,
        other => anyhow!("{other:?}"),
    }
}
