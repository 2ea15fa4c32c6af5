//! Taking a history away: how much of it there is, told and signed before its first byte leaves.
//!
//! An export is of the history as it stood when it was asked for, events 1 up to its size, whatever is added while it is
//! sent. A checkpoint of just that size is in the hands of whoever asked from then on, so they are noted as a witness of
//! it, and the installation's log says who took what.

use sqlx::PgPool;

use super::{
    Fault, Record, append,
    checkpoints::{self, Delivery, Kept},
    execute::lock,
    installation,
};
use crate::domain::{
    checkpoint::{Cause, LogId},
    ids::{LaunchId, RequestId},
    installation::{HistoryForm, InstallationEvent},
    launch::event::PersonRef,
    time::Moment,
};

/// A history that is about to be taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// How long it is: events 1 to this one are exported, and no later one.
    pub size: i64,
    /// The checkpoint that covers exactly these events.
    pub checkpoint: Kept,
}

impl Record {
    /// Notes that somebody takes a launch's history away, in one transaction: its checkpoint, unless there is one of
    /// that size, that they have it, and an event of the installation. Nothing, when there is no such launch.
    ///
    /// Whoever calls this for a request does so in a task of its own, since a client that leaves drops its handler.
    ///
    /// # Errors
    /// [`Fault`] when the database fails, or there is no key; then nothing was noted, and nothing may be handed out.
    pub async fn export(
        &self,
        db: &PgPool,
        by: &PersonRef,
        launch: LaunchId,
        form: HistoryForm,
        request: RequestId,
        now: Moment,
    ) -> Result<Option<Exported>, Fault> {
        let log = LogId::Launch(launch);
        let mut tx = db.begin().await?;
        let Some(size) = lock(&mut tx, launch).await? else { return Ok(None) };
        let edge = append::read_edge(&mut tx, log.uuid(), size).await?;
        checkpoints::make(&mut tx, self.key()?, log, &edge, Cause::Export, now).await?;
        checkpoints::witness(&mut *tx, log, size, by, Delivery::Export, now).await?;
        let kept = checkpoints::ending_at(&mut *tx, log, &[size]).await?.remove(&size);
        let checkpoint = kept.ok_or_else(|| sqlx::Error::Protocol(format!("no checkpoint of log {log} at {size}")))?;
        let event = InstallationEvent::HistoryExported { form, events: size };
        installation::append(&mut tx, Some(by), &event, Some((launch, size)), request, now).await?;
        tx.commit().await?;
        Ok(Some(Exported { size, checkpoint }))
    }
}
