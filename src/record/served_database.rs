//! The database that an installation is served from, distinguished from its copies.
//!
//! A dump that is restored, or a copy of a database, has the same content and is accepted by the same key. Two servers
//! that sign with one key on two of them make two histories that contradict each other. So the database's own identity
//! is recorded in it at the first start: the identifier of the cluster, which PostgreSQL makes anew for every cluster and
//! which replicas share, and the database's number in it. A copy of the files of a whole cluster has both; it is
//! noticed only when the daily checkpoints contradict it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use sqlx::{PgConnection, PgPool};

use super::{append, notifications, webhook_outbox};
use crate::domain::{
    canonical::Sha256Hash,
    checkpoint::{LogId, LogOrigin, SignedCheckpoint},
    ids::InstallationId,
    merkle::proof::TreeHead,
    time::Moment,
};

/// Why a database is not served.
#[derive(Debug, thiserror::Error)]
pub enum ServedDatabaseError {
    #[error(
        "This database is a copy: since {since} this installation is served from another one. Two servers that sign with one \
         key contradict each other.\nTo look at the copy: `signoff serve --drill`. To go on with it, once no server uses the \
         other database any more: `signoff adopt`."
    )]
    Copy { since: Moment },
    #[error(
        "The checkpoint {} contradicts this database: {what}. The database is an older one, or a copy beside another that is \
         in use.\nTo look at it: `signoff serve --drill`. To go on with it, once no server uses the other database any more: \
         `signoff adopt`.",
        file.display()
    )]
    Contradiction { file: PathBuf, what: String },
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

impl From<sqlx::Error> for ServedDatabaseError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// What PostgreSQL says that this database is.
#[derive(Debug, Clone, PartialEq, Eq)]
struct DatabaseIdentity {
    cluster: String,
    oid: i64,
}

/// Checks that this is the database from which the installation is served, by its identity and by the newest daily
/// checkpoint in `checkpoints`. The first database is recorded as the served one.
///
/// # Errors
/// When it is a copy or contradicts the checkpoint, or a store fails. Nothing was changed then.
pub async fn check_served(
    db: &PgPool,
    checkpoints: &Path,
    installation: InstallationId,
    now: Moment,
) -> Result<(), ServedDatabaseError> {
    // Before the database: another server writes the file after its own log has what the file says.
    let newest = read_newest_checkpoint(checkpoints, installation)?;
    let mut tx = db.begin().await?;
    if let Some(first) = compare_with_recorded(&mut tx, newest).await? {
        record_identity(&mut tx, &first, None, now).await?;
    }
    Ok(tx.commit().await?)
}

/// Like [`check_served`], and records nothing: for what changes nothing, and for a login that may not.
///
/// # Errors
/// When the database is a copy or contradicts the checkpoint, or a store fails.
pub async fn check_no_copy(
    db: &PgPool,
    checkpoints: &Path,
    installation: InstallationId,
) -> Result<(), ServedDatabaseError> {
    let newest = read_newest_checkpoint(checkpoints, installation)?;
    let mut connection = db.acquire().await?;
    compare_with_recorded(&mut connection, newest).await.map(drop)
}

/// Compares this database with the recorded one and with the newest checkpoint. Returns its identity if none is recorded.
async fn compare_with_recorded(
    db: &mut PgConnection,
    newest: Option<CheckpointFile>,
) -> Result<Option<DatabaseIdentity>, ServedDatabaseError> {
    let recorded = sqlx::query!(
        r#"SELECT cluster, database_oid, set_aside_checkpoint, since AS "since: Moment" FROM served_database"#
    )
    .fetch_optional(&mut *db)
    .await?;
    let set_aside = recorded.as_ref().and_then(|row| row.set_aside_checkpoint.clone());
    let current = read_identity(db).await?;
    if let (Some(row), Some(current)) = (&recorded, &current)
        && (&row.cluster, row.database_oid) != (&current.cluster, current.oid)
    {
        return Err(ServedDatabaseError::Copy { since: row.since });
    }
    if let Some(newest) = newest.filter(|newest| set_aside.as_deref() != Some(newest.hash.to_bytes().as_slice()))
        && let Some(what) = find_contradiction(db, newest.head).await?
    {
        return Err(ServedDatabaseError::Contradiction { file: newest.file, what });
    }
    Ok(if recorded.is_none() { current } else { None })
}

/// What was set aside when a database was taken over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adoption {
    /// Since when the database was served elsewhere, when it is a copy.
    pub copy_since: Option<Moment>,
    /// The checkpoint file that contradicts it, and in what.
    pub contradiction: Option<(PathBuf, String)>,
}

/// Records this database as the one from which the installation is served, whatever was recorded before.
///
/// # Errors
/// When a store fails, or PostgreSQL does not say which database it is.
pub async fn adopt(
    db: &PgPool,
    checkpoints: &Path,
    installation: InstallationId,
    now: Moment,
) -> anyhow::Result<Adoption> {
    let newest = read_newest_checkpoint(checkpoints, installation)?;
    let mut tx = db.begin().await?;
    let recorded = sqlx::query!(r#"SELECT cluster, database_oid, since AS "since: Moment" FROM served_database"#)
        .fetch_optional(&mut *tx)
        .await?;
    let current = read_identity(&mut tx).await?.context(
        "PostgreSQL does not say which database this is: the login may not call pg_control_system(). Copies can't be distinguished here",
    )?;
    let mut adoption = Adoption::default();
    let mut set_aside = None;
    if let Some(newest) = newest
        && let Some(what) = find_contradiction(&mut tx, newest.head).await?
    {
        set_aside = Some(newest.hash);
        adoption.contradiction = Some((newest.file, what));
    }
    adoption.copy_since =
        recorded.filter(|row| (&row.cluster, row.database_oid) != (&current.cluster, current.oid)).map(|row| row.since);
    record_identity(&mut tx, &current, set_aside, now).await?;
    notifications::stop_pending_mails(&mut tx, now).await?;
    webhook_outbox::give_up_pending_messages(&mut tx, now).await?;
    tx.commit().await?;
    Ok(adoption)
}

/// `None` when the login may not ask for it.
async fn read_identity(db: &mut PgConnection) -> Result<Option<DatabaseIdentity>, sqlx::Error> {
    let may_ask = sqlx::query_scalar!(
        r#"SELECT has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE') AS "may_ask!""#
    )
    .fetch_one(&mut *db)
    .await?;
    if !may_ask {
        return Ok(None);
    }
    let row = sqlx::query!(
        r#"SELECT system_identifier::text AS "cluster!",
                  (SELECT oid::bigint FROM pg_database WHERE datname = current_database()) AS "oid!"
           FROM pg_control_system()"#
    )
    .fetch_one(db)
    .await?;
    Ok(Some(DatabaseIdentity { cluster: row.cluster, oid: row.oid }))
}

async fn record_identity(
    db: &mut PgConnection,
    identity: &DatabaseIdentity,
    set_aside: Option<Sha256Hash>,
    now: Moment,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO served_database (cluster, database_oid, set_aside_checkpoint, since) VALUES ($1, $2, $3, $4)
         ON CONFLICT (only_row) DO UPDATE SET cluster = EXCLUDED.cluster, database_oid = EXCLUDED.database_oid,
             set_aside_checkpoint = EXCLUDED.set_aside_checkpoint, since = EXCLUDED.since",
        identity.cluster,
        identity.oid,
        set_aside.map(|hash| hash.to_bytes().to_vec()),
        now as Moment,
    )
    .execute(db)
    .await
    .map(drop)
}

/// The newest daily checkpoint in a folder.
struct CheckpointFile {
    file: PathBuf,
    /// Of the file's bytes.
    hash: Sha256Hash,
    head: TreeHead,
}

/// The newest of this installation's daily checkpoints, by the name, which contains the day. Its signature is not
/// verified: whoever can write to the folder can also stop the server in other ways.
fn read_newest_checkpoint(folder: &Path, installation: InstallationId) -> anyhow::Result<Option<CheckpointFile>> {
    let named = || format!("SIGNOFF_CHECKPOINT_DIR: {} can't be read", folder.display());
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        // Where there can be no folder, there is no checkpoint; the start reports that it can't be written to.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(error).with_context(named),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.with_context(named)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("signoff-") && name.ends_with(".checkpoint") {
            files.push(path);
        }
    }
    files.sort();
    let origin = LogOrigin { installation, log: LogId::Installation };
    for file in files.into_iter().rev() {
        let bytes = fs::read(&file).with_context(|| format!("{} can't be read", file.display()))?;
        let text = String::from_utf8_lossy(&bytes);
        match text.parse::<SignedCheckpoint>() {
            Ok(note) if note.unverified_checkpoint().origin == origin => {
                let head = note.unverified_checkpoint().head;
                return Ok(Some(CheckpointFile { hash: Sha256Hash::compute(&bytes), file, head }));
            }
            // Of another installation, or damaged: it says nothing about this database.
            _ => tracing::warn!(file = %file.display(), "is no checkpoint of this installation"),
        }
    }
    Ok(None)
}

/// In what the audit log contradicts a checkpoint of it.
async fn find_contradiction(db: &mut PgConnection, head: TreeHead) -> Result<Option<String>, sqlx::Error> {
    let size = sqlx::query_scalar!("SELECT size FROM installation_log").fetch_one(&mut *db).await?;
    let covered = head.size.cast_signed();
    if covered > size {
        return Ok(Some(format!("it covers {covered} events of the audit log, which has {size}")));
    }
    let edge = append::read_edge(db, LogId::Installation.uuid(), covered).await?;
    Ok((edge.root() != head.root).then(|| format!("the first {covered} events of the audit log are others")))
}
