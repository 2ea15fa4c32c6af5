//! The day's checkpoints: of every launch that changed, and of the installation's log, which covers them all.
//!
//! A launch's newest checkpoint is told in the installation's log, so that one short text, shipped elsewhere once a
//! day, holds down everything that any launch's history said by then.

use sqlx::PgPool;

use super::{
    Fault, Record, append,
    checkpoints::{self, Kept},
    execute::lock,
    installation,
};
use crate::domain::{
    checkpoint::{Cause, LogId},
    ids::{LaunchId, RequestId},
    installation::InstallationEvent,
    time::Moment,
};

/// The launches that changed since the installation's log last told of a checkpoint of theirs.
///
/// # Errors
/// When the database fails.
pub async fn uncovered(db: &PgPool) -> Result<Vec<LaunchId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT l.id AS "id: LaunchId" FROM launches l
           WHERE NOT EXISTS (
               SELECT FROM installation_events e
               WHERE e.launch_id = l.id AND e.launch_seq = l.seq AND e.kind = $1)
           ORDER BY l.id"#,
        InstallationEvent::LAUNCH_CHECKPOINTED,
    )
    .fetch_all(db)
    .await
}

impl Record {
    /// Sees to it that the newest checkpoint of a launch covers all of its history and is told in the installation's
    /// log. Answers whether there was anything to do.
    ///
    /// # Errors
    /// [`Fault`] when the database fails, or there is no key.
    pub async fn cover(&self, db: &PgPool, launch: LaunchId, request: RequestId, now: Moment) -> Result<bool, Fault> {
        let log = LogId::Launch(launch);
        let mut tx = db.begin().await?;
        let Some(size) = lock(&mut tx, launch).await? else { return Ok(false) };
        if told(&mut tx, launch, size).await? {
            return Ok(false);
        }
        // What contradicts the history that this server knows is not signed.
        if self.states.contains_key(&launch) {
            self.load(&mut *tx, launch).await?;
        }
        let edge = append::read_edge(&mut tx, log.uuid(), size).await?;
        checkpoints::make(&mut tx, self.key()?, log, &edge, Cause::Daily, now).await?;
        let event = InstallationEvent::LaunchCheckpointed { size, root: edge.root() };
        installation::append(&mut tx, None, &event, Some((launch, size)), request, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Makes the day's checkpoint of the installation's log, unless there is one of its size; nothing while the log is
    /// empty.
    ///
    /// # Errors
    /// [`Fault`] when the database fails, or there is no key.
    pub async fn cover_installation(&self, db: &PgPool, now: Moment) -> Result<Option<Kept>, Fault> {
        let log = LogId::Installation;
        let mut tx = db.begin().await?;
        let size = sqlx::query_scalar!("SELECT size FROM installation_log FOR UPDATE").fetch_one(&mut *tx).await?;
        if size == 0 {
            return Ok(None);
        }
        let edge = append::read_edge(&mut tx, log.uuid(), size).await?;
        checkpoints::make(&mut tx, self.key()?, log, &edge, Cause::Daily, now).await?;
        let kept = checkpoints::newest(&mut *tx, log).await?;
        tx.commit().await?;
        Ok(kept)
    }
}

/// Whether the installation's log tells of a launch's history at this size.
async fn told(db: &mut sqlx::PgConnection, launch: LaunchId, size: i64) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM installation_events WHERE launch_id = $1 AND launch_seq = $2 AND kind = $3) AS "told!""#,
        launch as _,
        size,
        InstallationEvent::LAUNCH_CHECKPOINTED,
    )
    .fetch_one(db)
    .await
}
