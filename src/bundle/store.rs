//! What is packed, page by page: a transaction that lasted for as long as somebody's download takes would hold a
//! connection for it, and keep the database from cleaning up.

use sqlx::PgExecutor;

use crate::{
    domain::{
        ids::{ChecklistVersionId, LaunchId},
        launch::{event::Seq, texts::Commitment},
    },
    launch_page::words_of_events::{Bodies, bodies_in},
};

/// How many events are read at once.
const EVENTS: i64 = 500;
/// How many texts are read at once.
const TEXTS: i64 = 200;

/// The content of a checklist version, as it is hashed.
///
/// # Errors
/// When the database fails.
pub(super) async fn checklist(db: impl PgExecutor<'_>, version: ChecklistVersionId) -> Result<Vec<u8>, sqlx::Error> {
    sqlx::query_scalar!("SELECT content FROM checklist_versions WHERE id = $1", version as _).fetch_one(db).await
}

/// The bytes of the events after a number, up to another: a page of them.
///
/// # Errors
/// When the database fails.
pub(super) async fn events(
    db: impl PgExecutor<'_>,
    launch: LaunchId,
    after: Seq,
    last: Seq,
) -> Result<Vec<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT bytes FROM events WHERE launch_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4",
        launch as _,
        after,
        last,
        EVENTS,
    )
    .fetch_all(db)
    .await
}

/// A text with its salt.
pub(super) struct Stored {
    pub seq: Seq,
    pub commitment: Vec<u8>,
    pub salt: Vec<u8>,
    pub value: String,
}

/// The texts after a place, that events up to a number brought: a page of them.
///
/// # Errors
/// When the database fails.
pub(super) async fn texts(
    db: impl PgExecutor<'_>,
    launch: LaunchId,
    (after, commitment): (Seq, &[u8]),
    last: Seq,
) -> Result<Vec<Stored>, sqlx::Error> {
    sqlx::query_as!(
        Stored,
        "SELECT seq, commitment, salt, value FROM texts
         WHERE launch_id = $1 AND (seq, commitment) > ($2, $3) AND seq <= $4
         ORDER BY seq, commitment LIMIT $5",
        launch as _,
        after,
        commitment,
        last,
        TEXTS,
    )
    .fetch_all(db)
    .await
}

/// The values behind these commitments, those that are still there.
///
/// # Errors
/// When the database fails.
pub(super) async fn bodies(
    db: impl PgExecutor<'_>,
    launch: LaunchId,
    commitments: &[Commitment],
) -> Result<Bodies, sqlx::Error> {
    let wanted: Vec<Vec<u8>> = commitments.iter().map(|commitment| commitment.0.bytes().to_vec()).collect();
    let rows = sqlx::query!(
        "SELECT commitment, value FROM texts WHERE launch_id = $1 AND commitment = ANY($2)",
        launch as _,
        &wanted,
    );
    Ok(bodies_in(rows.fetch_all(db).await?.into_iter().map(|row| (row.commitment, row.value))))
}

/// Whether something was redacted after an event.
///
/// # Errors
/// When the database fails.
pub(super) async fn redacted_since(db: impl PgExecutor<'_>, launch: LaunchId, seq: Seq) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM events WHERE launch_id = $1 AND kind = 'redacted' AND seq > $2) AS "so!""#,
        launch as _,
        seq,
    )
    .fetch_one(db)
    .await
}
