//! The export of a history: its size is logged and signed before its first byte is sent.
//!
//! An export contains the history as it was when it was requested, events 1 to its size, whatever is added while it is
//! sent. The person then has a checkpoint of exactly that size, so they are recorded as a witness of it, and the audit
//! log records who exported what.

use sqlx::PgPool;

use super::{
    Record, RecordError, append,
    checkpoints::{self, Delivery, StoredCheckpoint},
    execute::lock_launch,
    installation_log,
};
use crate::domain::{
    checkpoint::{CheckpointCause, LogId},
    ids::{LaunchId, RequestId},
    installation::{ExportFormat, InstallationEvent},
    launch::event::PersonRef,
    time::Moment,
};

/// A history that is about to be exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedHistory {
    /// The number of the last event that is exported.
    pub size: i64,
    /// The checkpoint that covers exactly these events.
    pub checkpoint: StoredCheckpoint,
}

impl Record {
    /// Records the export of a launch's history in one transaction: its checkpoint, unless there is one of that size,
    /// the person as its witness, and an event in the audit log. `None` when there is no such launch.
    ///
    /// A request handler must call this in a task of its own, since the handler is dropped when the client disconnects.
    ///
    /// # Errors
    /// [`RecordError`] when the database fails or there is no key; then nothing was recorded, and nothing may be sent.
    pub async fn export_history(
        &self,
        db: &PgPool,
        by: &PersonRef,
        launch: LaunchId,
        form: ExportFormat,
        request: RequestId,
        now: Moment,
    ) -> Result<Option<ExportedHistory>, RecordError> {
        let log = LogId::Launch(launch);
        let mut tx = installation_log::AuditedTransaction::begin(db).await?;
        let Some(size) = lock_launch(&mut tx, launch).await? else { return Ok(None) };
        let edge = append::read_edge(&mut tx, log.uuid(), size).await?;
        checkpoints::create_checkpoint(&mut tx, self.key()?, log, &edge, CheckpointCause::Export, now).await?;
        checkpoints::add_witness(&mut *tx, log, size, by, Delivery::Export, now).await?;
        let stored = checkpoints::load_ending_at(&mut *tx, log, &[size]).await?.remove(&size);
        let checkpoint =
            stored.ok_or_else(|| sqlx::Error::Protocol(format!("no checkpoint of log {log} at {size}")))?;
        let event = InstallationEvent::HistoryExported { form, events: size };
        installation_log::append_event(&mut tx, Some(by), &event, Some((launch, size)), request, now).await?;
        tx.commit().await?;
        Ok(Some(ExportedHistory { size, checkpoint }))
    }
}
