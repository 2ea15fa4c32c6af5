//! The daily checkpoints: of every launch that changed, and of the audit log, which covers them all.
//!
//! The newest checkpoint of each launch is recorded in the audit log, so that one short text, stored elsewhere once a
//! day, fixes the history of every launch up to then.

use sqlx::PgPool;

use super::{
    Record, RecordError, append,
    checkpoints::{self, StoredCheckpoint},
    execute::lock_launch,
    installation_log,
};
use crate::domain::{
    checkpoint::{CheckpointCause, LogId},
    ids::{LaunchId, RequestId},
    installation::{InstallationEvent, InstallationEventKind},
    time::Moment,
};

/// The launches that changed since their last checkpoint in the audit log.
pub async fn find_uncovered_launches(db: &PgPool) -> Result<Vec<LaunchId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT l.id AS "id: LaunchId" FROM launches l
           WHERE NOT EXISTS (
               SELECT FROM installation_events e
               WHERE e.launch_id = l.id AND e.launch_seq = l.seq AND e.kind = $1)
           ORDER BY l.id"#,
        InstallationEventKind::LaunchCheckpointed.into_str(),
    )
    .fetch_all(db)
    .await
}

impl Record {
    /// Makes a checkpoint of a launch's whole history, unless there is one, and records it in the audit log. Returns
    /// whether there was anything to do.
    ///
    /// # Errors
    /// [`RecordError`] when the database fails or there is no key.
    pub async fn checkpoint_launch(
        &self,
        db: &PgPool,
        launch: LaunchId,
        request: RequestId,
        now: Moment,
    ) -> Result<bool, RecordError> {
        let log = LogId::Launch(launch);
        let mut tx = installation_log::AuditedTransaction::begin(db).await?;
        let Some(size) = lock_launch(&mut tx, launch).await? else { return Ok(false) };
        if is_checkpoint_logged(&mut tx, launch, size).await? {
            return Ok(false);
        }
        // A history that contradicts the state in this server's memory must not be signed.
        if self.states.contains_key(&launch) {
            self.load(&mut *tx, launch).await?;
        }
        let edge = append::read_edge(&mut tx, log.uuid(), size).await?;
        checkpoints::create_checkpoint(&mut tx, self.key()?, log, &edge, CheckpointCause::Daily, now).await?;
        let event = InstallationEvent::LaunchCheckpointed { size, root: edge.root() };
        installation_log::append_event(&mut tx, None, &event, Some((launch, size)), request, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Makes the daily checkpoint of the audit log, unless there is one of its size; `None` while the log is empty.
    ///
    /// # Errors
    /// [`RecordError`] when the database fails or there is no key.
    pub async fn checkpoint_installation_log(
        &self,
        db: &PgPool,
        now: Moment,
    ) -> Result<Option<StoredCheckpoint>, RecordError> {
        let log = LogId::Installation;
        let mut tx = db.begin().await?;
        let size = sqlx::query_scalar!("SELECT size FROM installation_log FOR UPDATE").fetch_one(&mut *tx).await?;
        if size == 0 {
            return Ok(None);
        }
        let edge = append::read_edge(&mut tx, log.uuid(), size).await?;
        checkpoints::create_checkpoint(&mut tx, self.key()?, log, &edge, CheckpointCause::Daily, now).await?;
        let checkpoint = checkpoints::load_newest(&mut *tx, log).await?;
        tx.commit().await?;
        Ok(checkpoint)
    }
}

/// Whether the audit log contains a checkpoint of a launch at this size.
async fn is_checkpoint_logged(db: &mut sqlx::PgConnection, launch: LaunchId, size: i64) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM installation_events WHERE launch_id = $1 AND launch_seq = $2 AND kind = $3) AS "is_logged!""#,
        launch as _,
        size,
        InstallationEventKind::LaunchCheckpointed.into_str(),
    )
    .fetch_one(db)
    .await
}
