//! Sweeping evidence files that nothing refers to.
//!
//! A file is on disk before the transaction that names it commits, so a crash in between leaves one behind. A day
//! later nobody is still about to commit; what no row names by then is removed.

use std::{
    collections::{BTreeSet, HashSet},
    time::Duration,
};

use futures_util::{StreamExt as _, TryStreamExt as _};
use sqlx::PgPool;

use crate::{
    blobs::Blobs,
    domain::{ids::EvidenceId, time::Moment},
    state::AppState,
};

/// How long a file is left alone: longer than any upload may take.
const GRACE: i64 = 24 * 3_600;
/// How often it is swept.
const EVERY: Duration = Duration::from_secs(6 * 3_600);
/// How many files are asked for at once.
const BATCH: usize = 500;

/// Sweeps now and then until the process is asked to end.
pub async fn run(state: AppState) {
    let mut every = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            () = state.stop.cancelled() => return,
            _ = every.tick() => {}
        }
        match sweep(&state.db, &state.blobs, state.clock.now()).await {
            Ok(0) => {}
            Ok(swept) => tracing::info!(swept, "evidence files that nothing refers to were removed"),
            Err(error) => tracing::error!(error = format!("{error:#}"), "the evidence files could not be swept"),
        }
    }
}

/// Removes the files that were stored more than a day ago and that no row names. Answers how many.
///
/// # Errors
/// When a store fails; what was removed by then stays removed.
pub async fn sweep(db: &PgPool, blobs: &Blobs, now: Moment) -> anyhow::Result<usize> {
    let before = now.plus_seconds(-GRACE);
    let old = blobs.ids().try_filter(|(_, stored)| std::future::ready(*stored < before));
    let mut batches = old.map_ok(|(id, _)| id).try_chunks(BATCH).boxed();
    let mut swept = 0;
    while let Some(ids) = batches.try_next().await.map_err(|error| error.1)? {
        // A file's pictures bear its id, and go with it.
        let ids: Vec<EvidenceId> = ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        let named = named(db, &ids).await?;
        for id in ids.into_iter().filter(|id| !named.contains(id)) {
            blobs.delete(id).await?;
            swept += 1;
        }
    }
    Ok(swept)
}

/// Those of these that are evidence.
async fn named(db: &PgPool, ids: &[EvidenceId]) -> Result<HashSet<EvidenceId>, sqlx::Error> {
    let named = sqlx::query_scalar!(r#"SELECT id AS "id: EvidenceId" FROM evidence WHERE id = ANY($1)"#, ids as _);
    Ok(named.fetch_all(db).await?.into_iter().collect())
}
