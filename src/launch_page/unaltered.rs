//! What is asked before a history is taken away: that it is what was recorded. Nothing of an altered one is handed out as if
//! it were whole, and no checkpoint of it is signed.

use crate::{
    domain::ids::LaunchId,
    record::verify::{Files, launch},
    state::AppState,
    web::Error,
};

/// What is said in the place of an export.
const ALTERED: &str = "The history of this launch, or what belongs to it, is not what was recorded, so nothing of it is exported. \
                       The launch’s page “Verify” says what is wrong. Ask whoever runs this installation to run “signoff verify \
                       --database”.";

/// Reads a launch’s history, its texts and tables, and where asked its files, and refuses an altered one. It is logged for the
/// operator.
///
/// # Errors
/// With the sentence that is shown; or when the database or the evidence store fails.
pub async fn refuse_altered(state: &AppState, id: LaunchId, files: Files) -> Result<(), Error> {
    let key = state.record.public_key().ok_or_else(|| Error::fault("this server has no key"))?;
    let found = launch(&state.db, (&state.blobs, files), &key, id).await?;
    if found.wrong.is_empty() {
        return Ok(());
    }
    tracing::error!(launch = %id, wrong = found.wrong.join("; "), "an export was refused: the launch is not what was recorded");
    Err(Error::Unavailable(ALTERED))
}
