//! The evidence store in relation to the database: whether they belong together, and which files the database
//! references.

use std::collections::{BTreeSet, HashSet};

use futures_util::TryStreamExt as _;
use sqlx::{PgExecutor, PgPool};

use crate::{
    blobs::{Blobs, IDENTITY_FILE, StoreIdentityError},
    domain::{
        canonical::Sha256Hash,
        ids::{EvidenceId, InstallationId},
        sweep_rules::{MIN_AGE_SECONDS, StoreCounts},
        time::Moment,
    },
};

/// Why a store is not used.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceStoreError {
    #[error(
        "The evidence store belongs to another installation.\n  It belongs to: {owner}\n  The database and the key are \
         of: {ours}\nSet SIGNOFF_EVIDENCE_DIR to this installation's own folder, or DATABASE_URL and SIGNOFF_KEY_FILE to \
         those of the installation that the folder belongs to. Nothing in it was changed."
    )]
    OtherInstallation { owner: InstallationId, ours: InstallationId },
    /// The store is empty, although the database references files.
    #[error(
        "The evidence store is empty, and the database names {0} files that should be in it. Is its disk mounted, and is \
         SIGNOFF_EVIDENCE_DIR right? When it is, and the files are to come back later or are lost, `signoff evidence adopt` \
         takes the empty folder as this installation's."
    )]
    Empty(u64),
    /// The store has files, and its owner can't be determined.
    #[error(
        "The evidence store does not say which installation it belongs to, and the database names {} of its {} files. Are \
         SIGNOFF_EVIDENCE_DIR and DATABASE_URL those of one installation, and is the database its newest? When they are, \
         `signoff evidence adopt` takes the folder as this installation's; it removes nothing.",
        .0.referenced, .0.files
    )]
    UnknownOwner(StoreCounts),
    /// The store has no owner recorded, but must have one.
    #[error(
        "The evidence store does not say which installation it belongs to ({IDENTITY_FILE} is not in it). Is \
         SIGNOFF_EVIDENCE_DIR right? The server writes the file when it starts, and `signoff evidence adopt` does."
    )]
    Unmarked,
    #[error(transparent)]
    Identity(#[from] StoreIdentityError),
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

impl From<sqlx::Error> for EvidenceStoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<object_store::Error> for EvidenceStoreError {
    fn from(error: object_store::Error) -> Self {
        Self::Identity(error.into())
    }
}

/// Makes sure that the store belongs to this installation. A store without a recorded owner is claimed if it is empty
/// and the database references no file either, or if the files in it are clearly those of the database
/// ([`StoreCounts::belongs_to_database`]): such a store is from before owners were recorded. After an error nothing in
/// the store was changed.
pub async fn claim_store(
    db: &PgPool,
    blobs: &Blobs,
    ours: InstallationId,
    now: Moment,
) -> Result<(), EvidenceStoreError> {
    if blobs.read_owner().await?.is_none() {
        let (census, _) = compare_with_database(db, blobs, now).await?;
        if census.files == 0 {
            let named = count_expected(db).await?;
            if named > 0 {
                return Err(EvidenceStoreError::Empty(named));
            }
        } else if !census.belongs_to_database() {
            return Err(EvidenceStoreError::UnknownOwner(census));
        }
    }
    mark_store(blobs, ours).await
}

/// Records this installation as the owner of the store, whatever is in it, unless another owner is recorded.
pub async fn mark_store(blobs: &Blobs, ours: InstallationId) -> Result<(), EvidenceStoreError> {
    if blobs.write_owner(ours).await? {
        tracing::info!(installation = %ours, "the evidence store was marked as this installation's");
        return Ok(());
    }
    // The owner was recorded before, or by a faster process.
    match blobs.read_owner().await? {
        Some(owner) if owner == ours => Ok(()),
        Some(owner) => Err(EvidenceStoreError::OtherInstallation { owner, ours }),
        None => Err(EvidenceStoreError::Unmarked),
    }
}

/// Checks that the store is owned by the installation of the database; changes nothing.
pub async fn check_owner(db: &PgPool, blobs: &Blobs) -> Result<(), EvidenceStoreError> {
    match (blobs.read_owner().await?, load_installation_id(db).await?) {
        (Some(owner), Some(ours)) if owner == ours => Ok(()),
        (Some(owner), Some(ours)) => Err(EvidenceStoreError::OtherInstallation { owner, ours }),
        _ => Err(EvidenceStoreError::Unmarked),
    }
}

/// The installation of the database, once its key is registered.
pub async fn load_installation_id(db: impl PgExecutor<'_>) -> Result<Option<InstallationId>, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT installation_id AS "id: InstallationId" FROM keys ORDER BY number DESC LIMIT 1"#)
        .fetch_optional(db)
        .await
}

/// How many files are looked up in one query.
const BATCH_SIZE: usize = 500;

/// How many removable ids are collected: more than any sweep removes.
const MAX_REMOVABLE_IDS: usize = 1_000;

/// Compares the files in the store with those that the database references. Also returns the ids of what can be
/// removed, at most a thousand, including those of pictures whose file is gone.
pub async fn compare_with_database(
    db: &PgPool,
    blobs: &Blobs,
    now: Moment,
) -> anyhow::Result<(StoreCounts, BTreeSet<EvidenceId>)> {
    let before = now.plus_seconds(-MIN_AGE_SECONDS);
    let mut census = StoreCounts::default();
    let mut removable = BTreeSet::new();
    let mut batches = blobs.list().try_chunks(BATCH_SIZE);
    while let Some(batch) = batches.try_next().await.map_err(|error| error.1)? {
        let ids: Vec<EvidenceId> = batch.iter().map(|file| file.id).collect();
        let named = find_named(db, &ids).await?;
        for file in &batch {
            let is_named = named.contains(&file.id);
            if file.picture.is_none() {
                census.files += 1;
                census.referenced += u64::from(is_named);
            }
            if !is_named && file.stored_at < before && removable.len() < MAX_REMOVABLE_IDS {
                removable.insert(file.id);
            }
        }
    }
    census.removable = removable.len() as u64;
    Ok((census, removable))
}

/// Which of these ids are evidence, redacted or not.
async fn find_named(db: impl PgExecutor<'_>, ids: &[EvidenceId]) -> Result<HashSet<EvidenceId>, sqlx::Error> {
    let named = sqlx::query_scalar!(r#"SELECT id AS "id: EvidenceId" FROM evidence WHERE id = ANY($1)"#, ids as _);
    Ok(named.fetch_all(db).await?.into_iter().collect())
}

/// Which of these ids must have bytes in the store: evidence that was attached as a file (not reused) and not redacted
/// since.
pub async fn find_expected(db: impl PgExecutor<'_>, ids: &[EvidenceId]) -> Result<HashSet<EvidenceId>, sqlx::Error> {
    let expected = sqlx::query_scalar!(
        r#"SELECT e.id AS "id: EvidenceId" FROM evidence e
           WHERE e.id = ANY($1) AND e.sha256 IS NOT NULL AND e.source_id IS NULL AND NOT EXISTS (
               SELECT FROM events r
               WHERE r.launch_id = e.launch_id AND r.redacted_file = e.sha256 AND r.seq > e.seq)"#,
        ids as _
    );
    Ok(expected.fetch_all(db).await?.into_iter().collect())
}

/// An evidence file that must be in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpectedFile {
    pub id: EvidenceId,
    pub sha256: Sha256Hash,
    /// Its length in bytes, as the history has it.
    pub size: u64,
}

/// The files that must be in the store, as in [`find_expected`], by id.
pub async fn list_expected_files(db: impl PgExecutor<'_>) -> Result<Vec<ExpectedFile>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT e.id AS "id: EvidenceId", e.sha256 AS "sha256!", e.size AS "size!" FROM evidence e
           WHERE e.sha256 IS NOT NULL AND e.source_id IS NULL AND NOT EXISTS (
               SELECT FROM events r
               WHERE r.launch_id = e.launch_id AND r.redacted_file = e.sha256 AND r.seq > e.seq)
           ORDER BY e.id"#
    )
    .fetch_all(db)
    .await?;
    let file = |id, sha256: Vec<u8>, size: i64| {
        let sha256 = sha256.try_into().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
        Ok(ExpectedFile { id, sha256, size: size.unsigned_abs() })
    };
    rows.into_iter().map(|row| file(row.id, row.sha256, row.size)).collect()
}

/// How many files must be in the store, as in [`find_expected`].
pub async fn count_expected(db: impl PgExecutor<'_>) -> Result<u64, sqlx::Error> {
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM evidence e
           WHERE e.sha256 IS NOT NULL AND e.source_id IS NULL AND NOT EXISTS (
               SELECT FROM events r
               WHERE r.launch_id = e.launch_id AND r.redacted_file = e.sha256 AND r.seq > e.seq)"#
    );
    Ok(count.fetch_one(db).await?.unsigned_abs())
}
