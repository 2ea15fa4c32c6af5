//! Destroying a text, or the record of a file's bytes: under a database login that may do it and little else.
//!
//! Value and salt go in the transaction that appends the event which says so. A file's bytes are no row; whoever calls
//! this destroys them once the event is there, so that what is missing is always told.

use sqlx::{PgConnection, PgExecutor, PgPool};

use super::{Fault, Record, append, execute::lock, feed};
use crate::domain::{
    canonical::Sha256Hash,
    ids::{EvidenceId, LaunchId, RequestId},
    launch::{
        event::{Event, EvidenceContent, PersonRef, Redaction, Seq},
        redaction::{self, NotRedacted},
        state::LaunchState,
        texts::{Commitment, Field, NewText},
    },
    text::{Email, PersonName},
    time::Moment,
};

/// Why nothing was destroyed.
#[derive(Debug, thiserror::Error)]
pub enum NotDestroyed {
    /// There is no such launch.
    #[error("there is no such launch")]
    NoLaunch,
    /// There is nothing to destroy.
    #[error(transparent)]
    Refused(#[from] NotRedacted),
    /// Something failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<sqlx::Error> for NotDestroyed {
    fn from(error: sqlx::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// A text that an event names, while it is still there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its commitment.
    pub commitment: Commitment,
    /// In which field it was entered.
    pub field: Field,
    /// Its value.
    pub value: String,
}

impl Record {
    /// Destroys a text with its salt, or says of a file that its bytes are destroyed, and appends the event. `db` is a
    /// login that may.
    ///
    /// # Errors
    /// [`NotDestroyed`]; then nothing happened.
    pub async fn redact(
        &self,
        db: &PgPool,
        by: &PersonRef,
        launch: LaunchId,
        what: Redaction,
        reason: NewText,
        (request, now): (RequestId, Moment),
    ) -> Result<Event, NotDestroyed> {
        let mut tx = db.begin().await?;
        lock(&mut tx, launch).await?.ok_or(NotDestroyed::NoLaunch)?;
        let state = self.load(&mut *tx, launch).await?.ok_or(NotDestroyed::NoLaunch)?;
        let (event, text) = redaction::redact(&state, what, reason, by.clone(), request, now)?;
        if let Redaction::Text { commitment, .. } = what {
            destroy(&mut tx, launch, commitment).await?;
        }
        append::append(&mut tx, launch, std::slice::from_ref(&event), &[text]).await?;
        sqlx::query!(
            "UPDATE launches SET seq = $2, changed_at = $3 WHERE id = $1",
            launch as _,
            event.seq,
            event.at as Moment
        )
        .execute(&mut *tx)
        .await?;
        feed::forget(&mut tx, launch).await?;
        tx.commit().await?;
        self.forget(launch);
        Ok(event)
    }
}

async fn destroy(db: &mut PgConnection, launch: LaunchId, commitment: Commitment) -> Result<(), NotDestroyed> {
    let gone = sqlx::query!(
        "DELETE FROM texts WHERE launch_id = $1 AND commitment = $2",
        launch as _,
        commitment.0.bytes().as_slice()
    )
    .execute(db)
    .await?;
    if gone.rows_affected() == 1 { Ok(()) } else { Err(NotRedacted::Unknown.into()) }
}

/// The texts that an event names, those that are still there; none, when there is no such event.
///
/// # Errors
/// [`Fault`] when the database fails or the event can't be read.
pub async fn named_by(db: &PgPool, launch: LaunchId, seq: Seq) -> Result<Vec<Named>, Fault> {
    let bytes = sqlx::query_scalar!("SELECT bytes FROM events WHERE launch_id = $1 AND seq = $2", launch as _, seq);
    let Some(bytes) = bytes.fetch_optional(db).await? else { return Ok(Vec::new()) };
    let event = Event::read(&bytes).map_err(|error| Fault::Unreadable(launch, error.to_string()))?;
    let named = event.change.commitments().iter().map(|text| text.0.bytes().to_vec()).collect::<Vec<_>>();
    let rows = sqlx::query!(
        r#"SELECT commitment, field AS "field: Field", value FROM texts WHERE launch_id = $1 AND commitment = ANY($2)"#,
        launch as _,
        &named,
    );
    let text = |commitment: Vec<u8>, field, value| {
        Some(Named { commitment: Commitment(commitment.try_into().ok()?), field, value })
    };
    let rows = rows.fetch_all(db).await?;
    Ok(rows.into_iter().filter_map(|row| text(row.commitment, row.field, row.value)).collect())
}

/// Under which ids the bytes of a file are kept.
#[must_use]
pub fn kept_under(state: &LaunchState, wanted: Sha256Hash) -> Vec<EvidenceId> {
    let of_file = state.evidence.values().filter(|evidence| {
        evidence.source.is_none()
            && matches!(evidence.content, EvidenceContent::File { sha256, .. } if sha256 == wanted)
    });
    of_file.map(|evidence| evidence.id).collect()
}

/// The other launches that a file of these bytes was attached to.
///
/// # Errors
/// When the database fails.
pub async fn elsewhere(
    db: impl PgExecutor<'_>,
    launch: LaunchId,
    sha256: Sha256Hash,
) -> Result<Vec<LaunchId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT DISTINCT launch_id AS "launch: LaunchId" FROM evidence WHERE sha256 = $1 AND launch_id <> $2 ORDER BY 1"#,
        sha256.bytes().as_slice(),
        launch as _,
    )
    .fetch_all(db)
    .await
}

/// Who has this address, if their account is open.
///
/// # Errors
/// When the database fails, or the name can't be read.
pub async fn person(db: impl PgExecutor<'_>, email: &Email) -> Result<Option<PersonRef>, sqlx::Error> {
    let row = sqlx::query!("SELECT id, name FROM users WHERE email = $1 AND active", email.as_str());
    let Some(row) = row.fetch_optional(db).await? else { return Ok(None) };
    let name = PersonName::stored(&row.name).map_err(|error| sqlx::Error::Decode(error.into()))?;
    Ok(Some(PersonRef { id: row.id.into(), name }))
}
