//! Proof of identity: the one place that knows what counts as one.
//!
//! It is needed at two moments. At sign-in ([`super::sign_in`]) nobody is identified yet, and the code may follow on a
//! page of its own. Before somebody signs or decides, the signed-in person proves their identity again in one step
//! ([`verify_proof`]). Both result in a [`ProofMethod`], which the audit log and every signature record, and both use
//! [`verify_second_factor`] for people who have a second factor. Another kind of proof would be another method there,
//! with its field in [`ProofInput`].

use std::borrow::Cow;

use super::{
    CurrentUser, password,
    rate_limit::{self, Bucket},
    refusals::{self, RefusalContext, RefusalKind},
    second_factor, session, store,
};
use crate::{
    domain::{
        canonical::Sha256Hash,
        ids::{LaunchId, RequestId, UserId},
        installation::{Credential, ProofPurpose},
        launch::{
            command::Proof,
            event::{ProofMethod, Seq},
        },
    },
    state::AppState,
    texts,
    web::{Error, form::FieldErrors},
};

/// What somebody typed to prove their identity.
#[derive(Clone, Copy)]
pub struct ProofInput<'a> {
    pub password: &'a str,
    /// A code of the second factor; empty without one.
    pub code: &'a str,
}

/// Why a proof failed: the field, and the message at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofFailure {
    /// The field of the form that was wrong: `password` or `code`.
    pub field: &'static str,
    pub sentence: Cow<'static, str>,
}

impl ProofFailure {
    fn wrong_password() -> Self {
        Self { field: "password", sentence: texts::not_your_password() }
    }

    const fn invalid_code(sentence: Cow<'static, str>) -> Self {
        Self { field: "code", sentence }
    }
}

/// Checks the proof of a signed-in person, before any transaction begins and within a rate limit. Whatever uses the
/// proof must refuse it when `credential_version` has changed since. A failure is recorded in the audit log, with its
/// purpose and the launch.
///
/// # Errors
/// The outer error when it was tried too often (429) or a store fails; the inner when the proof is wrong or incomplete.
pub async fn verify_proof(
    state: &AppState,
    user: &CurrentUser,
    input: ProofInput<'_>,
    request: RequestId,
    (purpose, about): (ProofPurpose, Option<(LaunchId, Seq)>),
) -> Result<Result<Proof, ProofFailure>, Error> {
    if input.password.is_empty() {
        return Ok(Err(ProofFailure::wrong_password()));
    }
    if user.second_factor && input.code.trim().is_empty() {
        return Ok(Err(ProofFailure::invalid_code(texts::enter_code())));
    }
    let now = state.clock.now();
    let actor = user.to_person_ref();
    let context = RefusalContext {
        user: Some(user.id),
        actor: Some(&actor),
        launch_position: about,
        request,
        client_ip: None,
        now,
    };
    let bucket = Bucket::proof(user.session());
    rate_limit::charge_with_fallback(&state.redis, &bucket, now).await?;
    let stored = store::load_password(&mut *state.db.acquire().await?, user.id).await?;
    let (hash, credential_version) = stored.unzip();
    let right = password::verify(input.password, hash).await?;
    let Some(credential_version) = credential_version.filter(|_| right) else {
        refusals::record_refusal(state, context, RefusalKind::Proof(purpose, Credential::Password)).await?;
        return Ok(Err(ProofFailure::wrong_password()));
    };
    let method = if user.second_factor {
        verify_second_factor(state, (user.id, Some(user.session())), input.code, context, purpose).await?
    } else {
        Some(ProofMethod::Password)
    };
    let Some(method) = method else { return Ok(Err(ProofFailure::invalid_code(texts::wrong_code()))) };
    refund_try(state, bucket).await;
    if let Err(error) = session::record_proof(&state.redis, user.session(), now).await {
        tracing::warn!(error = format!("{error:#}"), "that somebody proved who they are is not remembered");
    }
    Ok(Ok(Proof { user: user.id, method, at: state.clock.now(), credential_version }))
}

/// Like [`verify_proof`], for a form whose fields show what is wrong with them; about no launch. `None` if the proof
/// failed, with the message in `errors`.
///
/// # Errors
/// When it was tried too often (429) or a store fails.
pub async fn verify_form_proof(
    state: &AppState,
    user: &CurrentUser,
    input: ProofInput<'_>,
    request: RequestId,
    errors: &mut FieldErrors,
) -> Result<Option<Proof>, Error> {
    let proved = verify_proof(state, user, input, request, (ProofPurpose::Confirm, None)).await?;
    Ok(proved.map_err(|ProofFailure { field, sentence }| errors.add(field, sentence)).ok())
}

/// Verifies a code of the second factor and uses it up. Tries are counted for the account, or for `own` (a browser or
/// session that nobody else has) if given. A wrong code is recorded in the audit log.
///
/// # Errors
/// When it was tried too often (429) or a store fails.
pub(super) async fn verify_second_factor(
    state: &AppState,
    (user, own): (UserId, Option<Sha256Hash>),
    code: &str,
    context: RefusalContext<'_>,
    purpose: ProofPurpose,
) -> Result<Option<ProofMethod>, Error> {
    let bucket = Bucket::second_factor_code(user, own);
    rate_limit::charge_with_fallback(&state.redis, &bucket, context.now).await?;
    let method = second_factor::redeem_code(state, user, code, context.now).await?;
    match method {
        Some(_) => refund_try(state, bucket).await,
        None => refusals::record_refusal(state, context, RefusalKind::Proof(purpose, Credential::Code)).await?,
    }
    Ok(method)
}

async fn refund_try(state: &AppState, bucket: Bucket) {
    if let Err(error) = rate_limit::refund(&state.redis, &[bucket], state.clock.now()).await {
        tracing::warn!(%error, "what was right stays counted as a try");
    }
}
