//! Sweeping the evidence store: files that nothing refers to go to its trash, and from there after 30 days.
//!
//! A file is on disk before the transaction that names it commits, so a crash in between leaves one behind. A day later
//! nobody is still about to commit. But what no row names may also be evidence beside the wrong database; so nothing is
//! removed in the first day of a process, and never much at once (the rules are in [`crate::domain::evidence_store`]). What
//! is in the trash and is named again, as after the right database was restored, is put back first.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use sqlx::PgPool;

use crate::{
    ambient,
    blobs::{Blobs, Trashed},
    domain::{
        evidence_store::{SteadyClock, SweepRefused, TRASH_KEPT},
        ids::EvidenceId,
        time::Moment,
    },
    record::evidence_store::{compare, expected},
    state::AppState,
};

/// How often it is swept.
const EVERY: Duration = Duration::from_secs(6 * 3_600);

/// How many files of the trash are looked at, at once.
const BATCH: usize = 500;

/// What a sweep came to, in files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Put back from the trash.
    pub put_back: usize,
    /// Moved to the trash.
    pub moved: usize,
    /// Removed from the trash, for good.
    pub emptied: usize,
    /// Why nothing was moved, or would not be after the first day.
    pub refused: Option<SweepRefused>,
}

/// Sweeps now and then until the process is asked to end.
pub async fn run(state: AppState) {
    let started = ambient::instant();
    let mut clock = SteadyClock::start(state.clock.now());
    let mut every = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            () = state.stop.cancelled() => return,
            _ = every.tick() => {}
        }
        let now = state.clock.now();
        let may_remove = clock.is_steady(now, ambient::instant().duration_since(started));
        match sweep(&state.db, &state.blobs, now, may_remove).await {
            Ok(swept) => log(swept),
            Err(error) => tracing::error!(error = format!("{error:#}"), "the evidence files could not be swept"),
        }
    }
}

fn log(Swept { put_back, moved, emptied, refused }: Swept) {
    if put_back > 0 {
        tracing::warn!(put_back, "evidence files were put back from the trash, since the database names them");
    }
    if let Some(refused) = refused {
        tracing::error!(
            "{refused}: is this the right database, and its newest state? No file was removed, and none will be while it \
             is so (see docs/install.md, The evidence store)"
        );
    }
    if moved > 0 || emptied > 0 {
        tracing::info!(
            moved,
            emptied,
            "evidence files that nothing refers to were moved to the trash, or emptied from it"
        );
    }
}

/// Puts back what is in the trash and named; then, when it may, moves files to the trash that were stored more than a day
/// ago and that no row names, and removes for good what has been in the trash for 30 days.
///
/// # Errors
/// When a store fails; what was done by then stays done.
pub async fn sweep(db: &PgPool, blobs: &Blobs, now: Moment, may_remove: bool) -> anyhow::Result<Swept> {
    blobs.require_same().await?;
    let mut swept = Swept { put_back: put_back(db, blobs).await?, ..Swept::default() };
    let (census, removable) = compare(db, blobs, now).await?;
    swept.refused = census.allow_sweep().err();
    if !may_remove {
        return Ok(swept);
    }
    if swept.refused.is_none() {
        for id in removable {
            blobs.move_to_trash(id, now).await?;
            swept.moved += 1;
        }
    }
    swept.emptied = empty(blobs, now).await?;
    Ok(swept)
}

async fn put_back(db: &PgPool, blobs: &Blobs) -> anyhow::Result<usize> {
    let mut put_back = 0;
    let mut batches = blobs.trash().try_chunks(BATCH);
    while let Some(batch) = batches.try_next().await.map_err(|error| error.1)? {
        let ids: Vec<EvidenceId> = batch.iter().map(|file| file.id).collect();
        let expected = expected(db, &ids).await?;
        for file in batch.iter().filter(|file| expected.contains(&file.id)) {
            put_back += usize::from(blobs.put_back(file).await?);
        }
    }
    Ok(put_back)
}

async fn empty(blobs: &Blobs, now: Moment) -> anyhow::Result<usize> {
    let before = now.plus_seconds(-TRASH_KEPT);
    let old: Vec<Trashed> = blobs.trash().try_filter(|file| std::future::ready(file.at < before)).try_collect().await?;
    for file in &old {
        blobs.empty_from_trash(file).await?;
    }
    Ok(old.len())
}
