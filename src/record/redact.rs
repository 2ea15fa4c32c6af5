//! Redaction: destroys a text, or records that a file's bytes are destroyed, with a database login that may do this and
//! little else.
//!
//! Value and salt are deleted in the transaction that appends the redaction event. A file's bytes are not in the
//! database; the caller destroys them once the event is committed, so that an event explains everything that is
//! missing.

use sqlx::{PgConnection, PgExecutor, PgPool};

use super::{
    Record, RecordError, append,
    events::{load_event, parse_event},
    execute::lock_launch,
    feed,
};
use crate::domain::{
    canonical::Sha256Hash,
    ids::{EvidenceId, LaunchId, RequestId},
    launch::{
        event::{Event, EvidenceContent, PersonRef, Redaction, Seq},
        redaction::{self, RedactionError},
        state::LaunchState,
        texts::{Commitment, NewText, TextField},
    },
    text::{Email, PersonName},
    time::Moment,
};

/// Why nothing was destroyed.
#[derive(Debug, thiserror::Error)]
pub enum RecordRedactionError {
    #[error("there is no such launch")]
    NoLaunch,
    /// There is nothing to destroy.
    #[error(transparent)]
    Refused(#[from] RedactionError),
    #[error(transparent)]
    Failed(#[from] RecordError),
}

impl From<sqlx::Error> for RecordRedactionError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// A text to which an event commits, if it was not destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedactableText {
    pub commitment: Commitment,
    /// The field in which it was entered.
    pub field: TextField,
    pub value: String,
}

impl Record {
    /// Destroys a text with its salt, or records that a file's bytes are destroyed, and appends the event. `db` is a
    /// login that may do this.
    ///
    /// # Errors
    /// [`RecordRedactionError`]; then nothing was changed.
    pub async fn redact(
        &self,
        db: &PgPool,
        by: &PersonRef,
        launch: LaunchId,
        what: Redaction,
        reason: NewText,
        (request, now): (RequestId, Moment),
    ) -> Result<Event, RecordRedactionError> {
        let mut tx = db.begin().await?;
        lock_launch(&mut tx, launch).await?.ok_or(RecordRedactionError::NoLaunch)?;
        let state = self.load(&mut *tx, launch).await?.ok_or(RecordRedactionError::NoLaunch)?;
        let (event, text) = redaction::decide_redaction(&state, what, reason, by.clone(), request, now)?;
        if let Redaction::Text { commitment, .. } = what {
            delete_text(&mut tx, launch, commitment).await?;
        }
        append::append_events(&mut tx, launch, std::slice::from_ref(&event), &[text]).await?;
        sqlx::query!(
            "UPDATE launches SET seq = $2, changed_at = $3 WHERE id = $1",
            launch as _,
            event.seq,
            event.at as Moment
        )
        .execute(&mut *tx)
        .await?;
        feed::notify_redaction(&mut tx, launch).await?;
        tx.commit().await?;
        self.evict_state(launch);
        Ok(event)
    }
}

async fn delete_text(
    db: &mut PgConnection,
    launch: LaunchId,
    commitment: Commitment,
) -> Result<(), RecordRedactionError> {
    let gone = sqlx::query!(
        "DELETE FROM texts WHERE launch_id = $1 AND commitment = $2",
        launch as _,
        commitment.0.to_bytes().as_slice()
    )
    .execute(db)
    .await?;
    if gone.rows_affected() == 1 { Ok(()) } else { Err(RedactionError::Unknown.into()) }
}

/// The texts to which an event commits, except destroyed ones; empty when there is no such event.
///
/// # Errors
/// [`RecordError`] when the database fails or the event can't be read.
pub async fn load_texts_of_event(db: &PgPool, launch: LaunchId, seq: Seq) -> Result<Vec<RedactableText>, RecordError> {
    let Some(bytes) = load_event(db, launch, seq).await? else { return Ok(Vec::new()) };
    let event = parse_event(launch, &bytes)?;
    let named = event.change.commitments().iter().map(|text| text.0.to_bytes().to_vec()).collect::<Vec<_>>();
    let rows = sqlx::query!(
        r#"SELECT commitment, field AS "field: TextField", value FROM texts WHERE launch_id = $1 AND commitment = ANY($2)"#,
        launch as _,
        &named,
    );
    let text = |commitment: Vec<u8>, field, value| {
        Some(RedactableText { commitment: Commitment(commitment.try_into().ok()?), field, value })
    };
    let rows = rows.fetch_all(db).await?;
    Ok(rows.into_iter().filter_map(|row| text(row.commitment, row.field, row.value)).collect())
}

/// The ids under which the bytes of a file are stored.
#[must_use]
pub fn evidence_with_file(state: &LaunchState, hash: Sha256Hash) -> Vec<EvidenceId> {
    let of_file = state.evidence.values().filter(|evidence| {
        evidence.source_id.is_none()
            && matches!(evidence.content, EvidenceContent::File { sha256, .. } if sha256 == hash)
    });
    of_file.map(|evidence| evidence.id).collect()
}

/// The other launches to which a file with this hash was attached.
pub async fn find_other_launches_with_file(
    db: impl PgExecutor<'_>,
    launch: LaunchId,
    sha256: Sha256Hash,
) -> Result<Vec<LaunchId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT DISTINCT launch_id AS "launch: LaunchId" FROM evidence WHERE sha256 = $1 AND launch_id <> $2 ORDER BY 1"#,
        sha256.to_bytes().as_slice(),
        launch as _,
    )
    .fetch_all(db)
    .await
}

/// The person with this address, if their account is active.
pub async fn find_active_person(db: impl PgExecutor<'_>, email: &Email) -> Result<Option<PersonRef>, sqlx::Error> {
    let row = sqlx::query!("SELECT id, name FROM users WHERE email = $1 AND active", email.as_str());
    let Some(row) = row.fetch_optional(db).await? else { return Ok(None) };
    let name = PersonName::stored(&row.name).map_err(|error| sqlx::Error::Decode(error.into()))?;
    Ok(Some(PersonRef { id: row.id.into(), name }))
}
