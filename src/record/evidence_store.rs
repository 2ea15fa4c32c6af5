//! The evidence store beside the database: whether the one belongs to the other, and which files the database names.

use std::collections::{BTreeSet, HashSet};

use futures_util::TryStreamExt as _;
use sqlx::{PgExecutor, PgPool};

use crate::{
    blobs::{Blobs, IDENTITY_FILE, IdentityError},
    domain::{
        evidence_store::{Census, LEAST_AGE},
        ids::{EvidenceId, InstallationId},
        time::Moment,
    },
};

/// Why a store is not used.
#[derive(Debug, thiserror::Error)]
pub enum NotClaimed {
    /// It says that it is another's.
    #[error(
        "The evidence store belongs to another installation.\n  It belongs to: {owner}\n  The database and the key are \
         of: {ours}\nSet SIGNOFF_EVIDENCE_DIR to this installation's own folder, or DATABASE_URL and SIGNOFF_KEY_FILE to \
         those of the installation that the folder belongs to. Nothing in it was changed."
    )]
    Another {
        /// Whose it is.
        owner: InstallationId,
        /// Who wanted it.
        ours: InstallationId,
    },
    /// It is empty, and should not be.
    #[error(
        "The evidence store is empty, and the database names {0} files that should be in it. Is its disk mounted, and is \
         SIGNOFF_EVIDENCE_DIR right? When it is, and the files are to come back later or are lost, `signoff evidence adopt` \
         takes the empty folder as this installation's."
    )]
    Empty(u64),
    /// It has files of which it can't be told whose they are.
    #[error(
        "The evidence store does not say which installation it belongs to, and the database names {} of its {} files. Are \
         SIGNOFF_EVIDENCE_DIR and DATABASE_URL those of one installation, and is the database its newest? When they are, \
         `signoff evidence adopt` takes the folder as this installation's; it removes nothing.",
        .0.named, .0.files
    )]
    Unknown(Census),
    /// It does not say whose it is, and has to.
    #[error(
        "The evidence store does not say which installation it belongs to ({IDENTITY_FILE} is not in it). Is \
         SIGNOFF_EVIDENCE_DIR right? The server writes the file when it starts, and `signoff evidence adopt` does."
    )]
    Unmarked,
    /// It can't be told whose it is.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// Something failed.
    #[error(transparent)]
    Fault(#[from] anyhow::Error),
}

impl From<sqlx::Error> for NotClaimed {
    fn from(error: sqlx::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<object_store::Error> for NotClaimed {
    fn from(error: object_store::Error) -> Self {
        Self::Identity(error.into())
    }
}

/// Makes sure that the store belongs to this installation, whose the database is. A store that does not say is taken when
/// it is empty and the database names no file either, or when the database plainly names what is in it
/// ([`Census::plainly_belongs`]): one from before stores said whose they are.
///
/// # Errors
/// [`NotClaimed`]; then nothing in the store was changed.
pub async fn claim(db: &PgPool, blobs: &Blobs, ours: InstallationId, now: Moment) -> Result<(), NotClaimed> {
    if blobs.owner().await?.is_none() {
        let (census, _) = compare(db, blobs, now).await?;
        if census.files == 0 {
            let named = named_count(db).await?;
            if named > 0 {
                return Err(NotClaimed::Empty(named));
            }
        } else if !census.plainly_belongs() {
            return Err(NotClaimed::Unknown(census));
        }
    }
    mark(blobs, ours).await
}

/// Takes the store as this installation's without asking what is in it, unless it says that it is another's.
///
/// # Errors
/// [`NotClaimed`].
pub async fn mark(blobs: &Blobs, ours: InstallationId) -> Result<(), NotClaimed> {
    if blobs.mark(ours).await? {
        tracing::info!(installation = %ours, "the evidence store was marked as this installation's");
        return Ok(());
    }
    // It was marked before, or by whoever was quicker.
    match blobs.owner().await? {
        Some(owner) if owner == ours => Ok(()),
        Some(owner) => Err(NotClaimed::Another { owner, ours }),
        None => Err(NotClaimed::Unmarked),
    }
}

/// Makes sure that the store says that it belongs to the installation whose the database is, and changes nothing.
///
/// # Errors
/// [`NotClaimed`].
pub async fn check(db: &PgPool, blobs: &Blobs) -> Result<(), NotClaimed> {
    match (blobs.owner().await?, installation(db).await?) {
        (Some(owner), Some(ours)) if owner == ours => Ok(()),
        (Some(owner), Some(ours)) => Err(NotClaimed::Another { owner, ours }),
        _ => Err(NotClaimed::Unmarked),
    }
}

/// Which installation the database is of, once it knows its key.
async fn installation(db: impl PgExecutor<'_>) -> Result<Option<InstallationId>, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT installation_id AS "id: InstallationId" FROM keys ORDER BY number DESC LIMIT 1"#)
        .fetch_optional(db)
        .await
}

/// How many files are asked for at once.
const BATCH: usize = 500;

/// How many ids of what nothing names are kept: more than any sweep removes.
const MOST_KEPT: usize = 1_000;

/// Compares what the store holds with what the database names. Beside the census, the ids of what is removable, at most a
/// thousand; those of pictures whose file is gone are among them.
///
/// # Errors
/// When a store fails.
pub async fn compare(db: &PgPool, blobs: &Blobs, now: Moment) -> anyhow::Result<(Census, BTreeSet<EvidenceId>)> {
    let before = now.plus_seconds(-LEAST_AGE);
    let mut census = Census::default();
    let mut removable = BTreeSet::new();
    let mut batches = blobs.ids().try_chunks(BATCH);
    while let Some(batch) = batches.try_next().await.map_err(|error| error.1)? {
        let ids: Vec<EvidenceId> = batch.iter().map(|file| file.id).collect();
        let named = named(db, &ids).await?;
        for file in &batch {
            let is_named = named.contains(&file.id);
            if file.picture.is_none() {
                census.files += 1;
                census.named += u64::from(is_named);
            }
            if !is_named && file.stored < before && removable.len() < MOST_KEPT {
                removable.insert(file.id);
            }
        }
    }
    census.removable = removable.len() as u64;
    Ok((census, removable))
}

/// Those of these that are evidence, redacted or not.
async fn named(db: impl PgExecutor<'_>, ids: &[EvidenceId]) -> Result<HashSet<EvidenceId>, sqlx::Error> {
    let named = sqlx::query_scalar!(r#"SELECT id AS "id: EvidenceId" FROM evidence WHERE id = ANY($1)"#, ids as _);
    Ok(named.fetch_all(db).await?.into_iter().collect())
}

/// Those of these whose bytes have to be in the store: the evidence that was attached as a file, first, and was not
/// redacted since.
///
/// # Errors
/// When the database fails.
pub async fn expected(db: impl PgExecutor<'_>, ids: &[EvidenceId]) -> Result<HashSet<EvidenceId>, sqlx::Error> {
    let expected = sqlx::query_scalar!(
        r#"SELECT e.id AS "id: EvidenceId" FROM evidence e
           WHERE e.id = ANY($1) AND e.kind = 'file' AND e.source_id IS NULL AND NOT EXISTS (
               SELECT FROM events r
               WHERE r.launch_id = e.launch_id AND r.kind = 'redacted' AND r.seq > e.seq
                 AND convert_from(r.bytes, 'UTF8')::json #>> '{data,what,sha256}' = encode(e.sha256, 'hex'))"#,
        ids as _
    );
    Ok(expected.fetch_all(db).await?.into_iter().collect())
}

/// How many files have to be in the store ([`expected`], of all).
async fn named_count(db: impl PgExecutor<'_>) -> Result<u64, sqlx::Error> {
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM evidence e
           WHERE e.kind = 'file' AND e.source_id IS NULL AND NOT EXISTS (
               SELECT FROM events r
               WHERE r.launch_id = e.launch_id AND r.kind = 'redacted' AND r.seq > e.seq
                 AND convert_from(r.bytes, 'UTF8')::json #>> '{data,what,sha256}' = encode(e.sha256, 'hex'))"#
    );
    Ok(count.fetch_one(db).await?.unsigned_abs())
}
