//! The day's checkpoint: of every launch that changed, then of the installation's log, and that one into a file.
//!
//! The file is what an operator ships to where this server does not reach (see docs/install.md); so the day is done
//! when its file is there, and is done again where it was lost. Days are those of UTC. Servers that share a folder do
//! it once between them, most of the time; twice does no harm.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context as _;

use crate::{
    ambient,
    domain::time::{Day, Moment, Zone},
    record::{Fault, daily},
    state::AppState,
};

/// How often it is looked whether the day is done.
const EVERY: Duration = Duration::from_secs(600);

/// Does the day's work when it is due, until the process is asked to end.
pub async fn run(state: AppState) {
    let mut every = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            () = state.stop.cancelled() => return,
            _ = every.tick() => {}
        }
        match once(&state).await {
            Ok(None) => {}
            Ok(Some(file)) => tracing::info!(file = %file.display(), "the checkpoint of the day was written"),
            Err(error) => tracing::error!(error = format!("{error:#}"), "the day's checkpoint could not be made"),
        }
    }
}

/// Does the day's work, unless it is done. Answers the file that it wrote.
///
/// # Errors
/// When the database or the folder fails. What was made by then stays, and the rest is done the next time.
pub async fn once(state: &AppState) -> anyhow::Result<Option<PathBuf>> {
    let (folder, now) = (state.config.checkpoint_dir.clone(), state.clock.now());
    let file = file_of(&folder, now);
    if tokio::fs::try_exists(&file).await? {
        return Ok(None);
    }
    // A folder that can't be written to is told before anything is made for it.
    let draft = tokio::task::spawn_blocking(move || Draft::begin(&folder)).await??;
    for launch in daily::uncovered(&state.db).await? {
        match state.record.cover(&state.db, launch, ambient::new_id(), now).await {
            // It was logged when it was found. The others are not kept waiting for it.
            Err(Fault::Contradicted(..)) => {}
            other => drop(other?),
        }
    }
    let Some(kept) = state.record.cover_installation(&state.db, now).await? else { return Ok(None) };
    let done = file.clone();
    tokio::task::spawn_blocking(move || draft.finish(&kept.text, &done)).await??;
    Ok(Some(file))
}

/// `signoff-2026-11-23.checkpoint`
fn file_of(folder: &Path, now: Moment) -> PathBuf {
    folder.join(format!("signoff-{}.checkpoint", Day::of(now, &Zone::UTC).0))
}

/// A file on its way into the folder, under a name that nobody takes for a checkpoint.
struct Draft {
    path: PathBuf,
    file: File,
}

impl Draft {
    fn begin(folder: &Path) -> anyhow::Result<Self> {
        let told = || format!("SIGNOFF_CHECKPOINT_DIR: {} can't be written to", folder.display());
        fs::create_dir_all(folder).with_context(told)?;
        let path = folder.join(format!(".{}.part", hex::encode(ambient::random::<8>())));
        let file = File::create_new(&path).with_context(told)?;
        Ok(Self { path, file })
    }

    /// The whole text under its name, or nothing: whoever ships the folder never finds half of one.
    fn finish(mut self, text: &str, path: &Path) -> anyhow::Result<()> {
        self.file.write_all(text.as_bytes())?;
        self.file.sync_all()?;
        fs::rename(&self.path, path)?;
        let folder = path.parent().unwrap_or(Path::new("."));
        Ok(File::open(folder)?.sync_all()?)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Once it has its name, there is none of this one.
        drop(fs::remove_file(&self.path));
    }
}
