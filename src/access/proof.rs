//! Proving again who one is, for what is signed or decided.

use super::{
    CurrentUser, password,
    rate_limit::{self, Bucket},
    refusals::{self, Asked},
    store,
};
use crate::{
    domain::{
        ids::{LaunchId, RequestId},
        installation::Purpose,
        launch::{
            command::Proof,
            event::{ProofMethod, Seq},
        },
    },
    state::AppState,
    web::Error,
};

/// The sentence at the field when it was wrong.
pub const WRONG: &str = "This is not your password.";

/// Checks the password that somebody signed in typed again, before any transaction begins, and within a limit. What
/// acts on the proof refuses it when `credential_version` has changed since. `None` when it is wrong, which is told
/// in the installation's log, with what it was asked for and the launch that it is about.
///
/// # Errors
/// When it was tried too often (429), or a store fails.
pub async fn prove(
    state: &AppState,
    user: &CurrentUser,
    typed: &str,
    request: RequestId,
    (purpose, about): (Purpose, Option<(LaunchId, Seq)>),
) -> Result<Option<Proof>, Error> {
    if typed.is_empty() {
        return Ok(None);
    }
    let now = state.clock.now();
    let bucket = Bucket::proof(user.session());
    rate_limit::charge_anyhow(&state.redis, &bucket, now).await?;
    let known = store::password_of(&mut *state.db.acquire().await?, user.id).await?;
    let (hash, credential_version) = known.unzip();
    let right = password::verify(typed, hash).await?;
    let Some(credential_version) = credential_version.filter(|_| right) else {
        let actor = user.named();
        let asked = Asked { user: Some(user.id), actor: Some(&actor), about, request, now };
        refusals::tell(state, asked, refusals::What::Password(purpose)).await?;
        return Ok(None);
    };
    if let Err(error) = rate_limit::refund(&state.redis, &[bucket], now).await {
        tracing::warn!(%error, "a right password stays counted as a try");
    }
    Ok(Some(Proof { user: user.id, method: ProofMethod::Password, at: state.clock.now(), credential_version }))
}
