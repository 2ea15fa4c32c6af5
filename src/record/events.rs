//! Reads the stored bytes of events, of a launch or of the audit log, by their numbers or their item.

use sqlx::PgExecutor;

use super::RecordError;
use crate::domain::{
    ids::{ItemId, LaunchId},
    launch::event::{Event, Seq},
};

/// Parses the stored bytes of a launch's event.
///
/// # Errors
/// [`RecordError::Unreadable`].
pub fn parse_event(launch: LaunchId, bytes: &[u8]) -> Result<Event, RecordError> {
    Event::from_bytes(bytes).map_err(|error| RecordError::Unreadable(launch, error.to_string()))
}

fn parse_events(launch: LaunchId, rows: &[Vec<u8>]) -> Result<Vec<Event>, RecordError> {
    rows.iter().map(|bytes| parse_event(launch, bytes)).collect()
}

/// The bytes of one event.
///
/// # Errors
/// When the database fails.
pub async fn load_event(db: impl PgExecutor<'_>, launch: LaunchId, seq: Seq) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!("SELECT bytes FROM events WHERE launch_id = $1 AND seq = $2", launch as _, seq)
        .fetch_optional(db)
        .await
}

/// The bytes of at most `limit` events from `first` to `last`, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn load_events(
    db: impl PgExecutor<'_>,
    launch: LaunchId,
    (first, last): (Seq, Seq),
    limit: i64,
) -> Result<Vec<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT bytes FROM events WHERE launch_id = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq LIMIT $4",
        launch as _,
        first,
        last,
        limit,
    )
    .fetch_all(db)
    .await
}

/// The bytes of at most `limit` entries of the audit log from `first` to `last`, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn load_installation_entries(
    db: impl PgExecutor<'_>,
    (first, last): (i64, i64),
    limit: i64,
) -> Result<Vec<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT bytes FROM installation_events WHERE index >= $1 AND index <= $2 ORDER BY index LIMIT $3",
        first,
        last,
        limit,
    )
    .fetch_all(db)
    .await
}

/// The newest events of an item, newest first.
///
/// # Errors
/// [`RecordError`] when the database fails or an event can't be read.
pub async fn load_item_events(
    db: impl PgExecutor<'_>,
    launch: LaunchId,
    item: ItemId,
    limit: i64,
) -> Result<Vec<Event>, RecordError> {
    let rows = sqlx::query_scalar!(
        "SELECT bytes FROM events WHERE launch_id = $1 AND item_id = $2 ORDER BY seq DESC LIMIT $3",
        launch as _,
        item as _,
        limit,
    );
    parse_events(launch, &rows.fetch_all(db).await?)
}

/// An event and the events after it that its actor made at the same moment; those of the same request come first. Empty
/// if there is no such event.
///
/// # Errors
/// [`RecordError`] when the database fails or an event can't be read.
pub async fn load_events_at_same_moment(
    db: impl PgExecutor<'_>,
    launch: LaunchId,
    first: Seq,
    limit: i64,
) -> Result<Vec<Event>, RecordError> {
    let rows = sqlx::query_scalar!(
        "SELECT e.bytes FROM events f
         JOIN events e ON e.launch_id = f.launch_id AND e.seq >= f.seq AND e.actor_id = f.actor_id AND e.at = f.at
         WHERE f.launch_id = $1 AND f.seq = $2
         ORDER BY e.seq LIMIT $3",
        launch as _,
        first,
        limit,
    );
    parse_events(launch, &rows.fetch_all(db).await?)
}
