//! The export of the audit log, like the export of a launch's history in [`super::history_export`].

use sqlx::PgPool;

use super::{
    Record, RecordError, append,
    checkpoints::{self, Delivery},
    installation_log,
};
use crate::domain::{
    checkpoint::{CheckpointCause, LogId},
    ids::RequestId,
    installation::{ExportFormat, InstallationEvent},
    launch::event::PersonRef,
    time::Moment,
};

impl Record {
    /// Records the export of the audit log in one transaction: an entry, which is the last one that is exported; the
    /// checkpoint that ends with it; and the person as its witness. Returns how many entries are exported.
    ///
    /// A request handler must call this in a task of its own, since the handler is dropped when the client disconnects.
    ///
    /// # Errors
    /// [`RecordError`] when the database fails or there is no key; then nothing was recorded, and nothing may be sent.
    pub async fn export_installation_log(
        &self,
        db: &PgPool,
        by: &PersonRef,
        form: ExportFormat,
        request: RequestId,
        now: Moment,
    ) -> Result<i64, RecordError> {
        let log = LogId::Installation;
        let mut tx = installation_log::AuditedTransaction::begin(db).await?;
        let event = InstallationEvent::LogExported { form };
        let size = installation_log::append_event(&mut tx, Some(by), &event, None, request, now).await?;
        let edge = append::read_edge(&mut tx, log.uuid(), size).await?;
        checkpoints::create_checkpoint(&mut tx, self.key()?, log, &edge, CheckpointCause::Export, now).await?;
        checkpoints::add_witness(&mut *tx, log, size, by, Delivery::Export, now).await?;
        tx.commit().await?;
        Ok(size)
    }
}
