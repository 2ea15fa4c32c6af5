//! Taking the installation's log away, as [`super::exports`] does a launch's history.

use sqlx::PgPool;

use super::{
    Fault, Record, append,
    checkpoints::{self, Delivery},
    installation,
};
use crate::domain::{
    checkpoint::{Cause, LogId},
    ids::RequestId,
    installation::{HistoryForm, InstallationEvent},
    launch::event::PersonRef,
    time::Moment,
};

impl Record {
    /// Notes that somebody takes the installation's log away: an entry of it, which is the last that they get; the
    /// checkpoint that ends with it; and that they have that. In one transaction. Answers how many entries are exported.
    ///
    /// Whoever calls this for a request does so in a task of its own, since a client that leaves drops its handler.
    ///
    /// # Errors
    /// [`Fault`] when the database fails, or there is no key; then nothing was noted, and nothing may be handed out.
    pub async fn export_log(
        &self,
        db: &PgPool,
        by: &PersonRef,
        form: HistoryForm,
        request: RequestId,
        now: Moment,
    ) -> Result<i64, Fault> {
        let log = LogId::Installation;
        let mut tx = db.begin().await?;
        let event = InstallationEvent::LogExported { form };
        let size = installation::append(&mut tx, Some(by), &event, None, request, now).await?;
        let edge = append::read_edge(&mut tx, log.uuid(), size).await?;
        checkpoints::make(&mut tx, self.key()?, log, &edge, Cause::Export, now).await?;
        checkpoints::witness(&mut *tx, log, size, by, Delivery::Export, now).await?;
        tx.commit().await?;
        Ok(size)
    }
}
