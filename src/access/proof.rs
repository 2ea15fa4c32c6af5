//! Proving who one is: the one place that knows what proves it.
//!
//! There are two moments. At sign-in ([`super::sign_in`]) nobody is known yet; the second half may follow on a page of its
//! own. Before something is signed or decided, who is signed in proves it again, in one go ([`prove`]). Both come to a
//! [`ProofMethod`], which the installation's log and every signature record, and both end in [`second`] for who has a
//! second factor: another kind of proof is another method there, and its field in [`Typed`].

use super::{
    CurrentUser, password,
    rate_limit::{self, Bucket},
    refusals::{self, Asked, What},
    second_factor, session, store,
};
use crate::{
    domain::{
        canonical::Sha256Hash,
        ids::{LaunchId, RequestId, UserId},
        installation::{Credential, Purpose},
        launch::{
            command::Proof,
            event::{ProofMethod, Seq},
        },
    },
    state::AppState,
    web::Error,
};

/// The sentence at the password's field when it was wrong.
pub const WRONG: &str = "This is not your password.";

/// The sentence at the code's field when it was wrong.
pub const WRONG_CODE: &str = "This code is wrong, or was used already. Wait for the next one.";

/// The sentence at the code's field when it is missing.
const NO_CODE: &str = "Type the code that your app shows, or a recovery code.";

/// What somebody typed to prove who they are.
#[derive(Clone, Copy)]
pub struct Typed<'a> {
    /// Their password.
    pub password: &'a str,
    /// A code of their second factor, if they have one.
    pub code: &'a str,
}

/// Why it proves nothing: the field, and the sentence at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unproven {
    /// `password` or `code`.
    pub field: &'static str,
    /// What is wrong with it.
    pub sentence: &'static str,
}

impl Unproven {
    const fn password() -> Self {
        Self { field: "password", sentence: WRONG }
    }

    const fn code(sentence: &'static str) -> Self {
        Self { field: "code", sentence }
    }
}

/// Checks what somebody signed in typed again, before any transaction begins, and within a limit. What acts on the
/// proof refuses it when `credential_version` has changed since. What was wrong is told in the installation's log, with
/// what it was asked for and the launch that it is about.
///
/// # Errors
/// The outer when it was tried too often (429), or a store fails; the inner when it is wrong, or something is missing.
pub async fn prove(
    state: &AppState,
    user: &CurrentUser,
    typed: Typed<'_>,
    request: RequestId,
    (purpose, about): (Purpose, Option<(LaunchId, Seq)>),
) -> Result<Result<Proof, Unproven>, Error> {
    if typed.password.is_empty() {
        return Ok(Err(Unproven::password()));
    }
    if user.second_factor && typed.code.trim().is_empty() {
        return Ok(Err(Unproven::code(NO_CODE)));
    }
    let now = state.clock.now();
    let actor = user.named();
    let asked = Asked { user: Some(user.id), actor: Some(&actor), about, request, address: None, now };
    let bucket = Bucket::proof(user.session());
    rate_limit::charge_anyhow(&state.redis, &bucket, now).await?;
    let known = store::password_of(&mut *state.db.acquire().await?, user.id).await?;
    let (hash, credential_version) = known.unzip();
    let right = password::verify(typed.password, hash).await?;
    let Some(credential_version) = credential_version.filter(|_| right) else {
        refusals::tell(state, asked, What::Proof(purpose, Credential::Password)).await?;
        return Ok(Err(Unproven::password()));
    };
    let method = if user.second_factor {
        second(state, (user.id, Some(user.session())), typed.code, asked, purpose).await?
    } else {
        Some(ProofMethod::Password)
    };
    let Some(method) = method else { return Ok(Err(Unproven::code(WRONG_CODE))) };
    refund(state, bucket).await;
    if let Err(error) = session::note_proof(&state.redis, user.session(), now).await {
        tracing::warn!(error = format!("{error:#}"), "that somebody proved who they are is not remembered");
    }
    Ok(Ok(Proof { user: user.id, method, at: state.clock.now(), credential_version }))
}

/// Checks the second half: a code of who has a second factor. It is used up with that. Tries are counted for the account,
/// or for `own`, what nobody else has. A wrong one is told in the installation's log.
///
/// # Errors
/// When it was tried too often (429), or a store fails.
pub(super) async fn second(
    state: &AppState,
    (user, own): (UserId, Option<Sha256Hash>),
    code: &str,
    asked: Asked<'_>,
    purpose: Purpose,
) -> Result<Option<ProofMethod>, Error> {
    let bucket = Bucket::code(user, own);
    rate_limit::charge_anyhow(&state.redis, &bucket, asked.now).await?;
    let method = second_factor::take(state, user, code, asked.now).await?;
    match method {
        Some(_) => refund(state, bucket).await,
        None => refusals::tell(state, asked, What::Proof(purpose, Credential::Code)).await?,
    }
    Ok(method)
}

async fn refund(state: &AppState, bucket: Bucket) {
    if let Err(error) = rate_limit::refund(&state.redis, &[bucket], state.clock.now()).await {
        tracing::warn!(%error, "what was right stays counted as a try");
    }
}
