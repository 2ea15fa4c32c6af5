//! The sweep of the evidence store: unreferenced files go to its trash, and are deleted from there after 30 days.
//!
//! A file is on disk before the transaction that names it commits, so a crash in between leaves a file behind. After a
//! day no such transaction can still be running. But a file that no row names may also be evidence next to the wrong
//! database. So nothing is removed on the first day of a process, and never much at once (the rules are in
//! [`crate::domain::sweep_rules`]). A file in the trash that a row names again, as after restoring the right
//! database, is restored first.

use anyhow::Context as _;
use futures_util::TryStreamExt as _;
use sqlx::PgPool;

use crate::{
    blobs::{Blobs, TrashedFile},
    domain::{
        ids::EvidenceId,
        sweep_rules::{SweepRefusal, TRASH_RETENTION_SECONDS},
        time::Moment,
    },
    queue,
    record::evidence_store::{compare_with_database, find_expected},
    state::AppState,
};

/// How many files of the trash are checked at once.
const BATCH_SIZE: usize = 500;

/// The result of a sweep, in files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SweepOutcome {
    /// Restored from the trash.
    pub put_back: usize,
    pub moved: usize,
    /// Deleted from the trash for good.
    pub emptied: usize,
    /// Why nothing was moved, or would not be after the first day.
    pub refusal: Option<SweepRefusal>,
}

/// Sweeps the evidence store, and removes the jobs that were given up long ago.
pub(super) async fn run(state: &AppState, may_remove: bool) -> anyhow::Result<()> {
    let now = state.clock.now();
    queue::delete_old_dead_jobs(&state.db, now).await?;
    log_outcome(
        sweep(&state.db, &state.blobs, now, may_remove).await.context("the evidence files could not be swept")?,
    );
    Ok(())
}

fn log_outcome(SweepOutcome { put_back, moved, emptied, refusal: refused }: SweepOutcome) {
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

/// Restores files in the trash that a row names. Then, if `may_remove`, moves files to the trash that are more than a
/// day old and that no row names, and deletes files that have been in the trash for 30 days.
///
/// # Errors
/// When a store fails; the work done by then stays done.
pub async fn sweep(db: &PgPool, blobs: &Blobs, now: Moment, may_remove: bool) -> anyhow::Result<SweepOutcome> {
    blobs.check_owner().await?;
    let mut swept = SweepOutcome { put_back: restore_named(db, blobs).await?, ..SweepOutcome::default() };
    let (census, removable) = compare_with_database(db, blobs, now).await?;
    swept.refusal = census.check_sweep().err();
    if !may_remove {
        return Ok(swept);
    }
    if swept.refusal.is_none() {
        for id in removable {
            blobs.move_to_trash(id, now).await?;
            swept.moved += 1;
        }
    }
    swept.emptied = delete_old(blobs, now).await?;
    Ok(swept)
}

async fn restore_named(db: &PgPool, blobs: &Blobs) -> anyhow::Result<usize> {
    let mut put_back = 0;
    let mut batches = blobs.list_trash().try_chunks(BATCH_SIZE);
    while let Some(batch) = batches.try_next().await.map_err(|error| error.1)? {
        let ids: Vec<EvidenceId> = batch.iter().map(|file| file.id).collect();
        let expected = find_expected(db, &ids).await?;
        for file in batch.iter().filter(|file| expected.contains(&file.id)) {
            put_back += usize::from(blobs.restore_from_trash(file).await?);
        }
    }
    Ok(put_back)
}

async fn delete_old(blobs: &Blobs, now: Moment) -> anyhow::Result<usize> {
    let before = now.plus_seconds(-TRASH_RETENTION_SECONDS);
    let old: Vec<TrashedFile> =
        blobs.list_trash().try_filter(|file| std::future::ready(file.removed_at < before)).try_collect().await?;
    for file in &old {
        blobs.delete_from_trash(file).await?;
    }
    Ok(old.len())
}
