//! The daily checkpoint: of every launch that changed, then of the audit log; the latter is written to a file.
//!
//! The file is what an operator copies to a place that this server can't reach (see docs/install.md). So a day is done
//! when its file exists, and is done again if the file was lost. Days are in UTC. Servers that share a folder usually
//! do a day once between them; doing it twice does no harm.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use crate::{
    ambient,
    domain::time::{Day, Moment, Zone},
    record::{
        RecordError, daily_checkpoints,
        operations_status::{OperationName, load_statuses, write_status},
    },
    state::AppState,
};

/// Does the day's work when it is due, and records how that went.
pub(super) async fn run(state: &AppState) -> anyhow::Result<()> {
    let result = run_once(state).await;
    let (ok, detail) = match &result {
        // Another server, or an earlier day, has done it: a failure that was recorded is over.
        Ok(None) if has_failed(state).await? => (true, "nothing was left to do".to_owned()),
        Ok(None) => return Ok(()),
        Ok(Some(file)) => {
            tracing::info!(file = %file.display(), "the checkpoint of the day was written");
            (true, file.display().to_string())
        }
        Err(error) => (false, format!("{error:#}")),
    };
    write_status(&state.db, OperationName::Checkpoint, ok, &detail, state.clock.now()).await?;
    result.map(drop).context("the day's checkpoint could not be made")
}

/// Whether the last recorded run failed.
async fn has_failed(state: &AppState) -> Result<bool, sqlx::Error> {
    let statuses = load_statuses(&state.db).await?;
    Ok(statuses.iter().any(|status| status.name == OperationName::Checkpoint && !status.ok))
}

/// Does the day's work, unless it is done already. Returns the file that it wrote.
///
/// # Errors
/// When the database or the folder fails. Checkpoints made before the failure stay, and the rest follows the next time.
pub async fn run_once(state: &AppState) -> anyhow::Result<Option<PathBuf>> {
    let (folder, now) = (state.config.checkpoint_dir.clone(), state.clock.now());
    let file = checkpoint_path(&folder, now);
    let exists = tokio::fs::try_exists(&file).await;
    if exists.with_context(|| format!("SIGNOFF_CHECKPOINT_DIR: {} can't be read", folder.display()))? {
        return Ok(None);
    }
    // A folder that is not writable is reported before anything is made for it.
    let draft = tokio::task::spawn_blocking(move || CheckpointFileDraft::create(&folder)).await??;
    for launch in daily_checkpoints::find_uncovered_launches(&state.db).await? {
        match state.record.checkpoint_launch(&state.db, launch, ambient::new_id(), now).await {
            // It was logged when it was detected. The other launches do not wait for it.
            Err(RecordError::Contradiction(..)) => {}
            other => drop(other?),
        }
    }
    let Some(checkpoint) = state.record.checkpoint_installation_log(&state.db, now).await? else { return Ok(None) };
    let done = file.clone();
    tokio::task::spawn_blocking(move || draft.finish(&checkpoint.text, &done)).await??;
    Ok(Some(file))
}

/// The file of the day in UTC, such as `signoff-2026-11-23.checkpoint`.
fn checkpoint_path(folder: &Path, now: Moment) -> PathBuf {
    folder.join(format!("signoff-{}.checkpoint", Day::from_moment(now, &Zone::UTC).0))
}

/// A file that is being written, under a name that nobody takes for a checkpoint.
struct CheckpointFileDraft {
    path: PathBuf,
    file: File,
}

impl CheckpointFileDraft {
    fn create(folder: &Path) -> anyhow::Result<Self> {
        let message = || format!("SIGNOFF_CHECKPOINT_DIR: {} can't be written to", folder.display());
        fs::create_dir_all(folder).with_context(message)?;
        let path = folder.join(format!(".{}.part", hex::encode(ambient::random_bytes::<8>())));
        let file = File::create_new(&path).with_context(message)?;
        Ok(Self { path, file })
    }

    /// Renames the file only when it is complete, so that whoever copies the folder never finds a partial one.
    fn finish(mut self, text: &str, path: &Path) -> anyhow::Result<()> {
        self.file.write_all(text.as_bytes())?;
        self.file.sync_all()?;
        fs::rename(&self.path, path)?;
        let folder = path.parent().unwrap_or(Path::new("."));
        Ok(File::open(folder)?.sync_all()?)
    }
}

impl Drop for CheckpointFileDraft {
    fn drop(&mut self) {
        // After the rename there is no file of this name.
        drop(fs::remove_file(&self.path));
    }
}
