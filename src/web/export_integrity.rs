//! Checks before an export that a history is what was recorded. Nothing of an altered history is exported as if it were
//! intact, and no checkpoint of it is signed.

use crate::{
    domain::ids::LaunchId,
    record::verify::{EvidenceFileCheck, verify_launch},
    state::AppState,
    texts,
    web::Error,
};

/// Verifies a launch's history, its texts and tables and, if asked, its files, and refuses an altered one. The refusal
/// is logged for the operator.
///
/// # Errors
/// With the message for the page; or when the database or the evidence store fails.
pub async fn ensure_unaltered(state: &AppState, id: LaunchId, files: EvidenceFileCheck) -> Result<(), Error> {
    let key = state.record.public_key().ok_or_else(|| Error::fault("this server has no key"))?;
    let report = verify_launch(&state.db, (&state.blobs, files), &key, id).await?;
    if report.problems.is_empty() {
        return Ok(());
    }
    tracing::error!(launch = %id, wrong = report.problems.join("; "), "an export was refused: the launch is not what was recorded");
    Err(Error::Unavailable(texts::history_altered_not_exported()))
}
