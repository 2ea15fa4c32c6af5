//! The password, and the code of a second factor, that a signature or a decision is given with.

use super::forms::ReturnedForm;
use crate::{
    access::{
        launch_access::LaunchAccess,
        proof::{self, ProofFailure, ProofInput},
    },
    domain::{installation::ProofPurpose, launch::command::Proof},
    state::AppState,
    texts,
    web::{Error, chrome::PageContext, form::FieldErrors},
};

/// Result of asking for the password again.
pub(super) enum SigningProof {
    Proved(Proof),
    /// The password or the code is missing or wrong; the message is in the errors.
    Failed,
    /// Too many attempts; seconds until the next one. The message is in the errors.
    RateLimited(u64),
}

impl SigningProof {
    /// The form to show again, with the waiting time if there is one.
    pub(super) fn add_retry_after(&self, form: ReturnedForm) -> ReturnedForm {
        match self {
            Self::RateLimited(wait) => ReturnedForm { retry_after: Some(*wait), ..form },
            Self::Proved(_) | Self::Failed => form,
        }
    }
}

/// Checks the password, and the code if the person has a second factor.
pub(super) async fn check_proof(
    state: &AppState,
    access: &LaunchAccess,
    page: &PageContext,
    input: ProofInput<'_>,
    errors: &mut FieldErrors,
) -> Result<SigningProof, Error> {
    if input.password.is_empty() {
        errors.add("password", texts::enter_your_password_to_confirm());
        return Ok(SigningProof::Failed);
    }
    let for_this = (ProofPurpose::Sign, Some((access.launch.id, access.launch.seq)));
    match proof::verify_proof(state, &access.user, input, page.request_id, for_this).await {
        Ok(Ok(proof)) => Ok(SigningProof::Proved(proof)),
        Ok(Err(ProofFailure { field, sentence })) => {
            errors.add(field, sentence);
            Ok(SigningProof::Failed)
        }
        Err(Error::TooManyRequests { retry_after }) => {
            errors.add("password", texts::tried_too_often_try_in(retry_after));
            Ok(SigningProof::RateLimited(retry_after))
        }
        Err(error) => Err(error),
    }
}
