//! Events as they are stored, and the bodies of comments that they name.

use sqlx::PgExecutor;

use super::filter::Filter;
use crate::{
    domain::{
        ids::LaunchId,
        launch::{event::Seq, texts::Commitment},
    },
    launch_page::words_of_events::Bodies,
};

/// The bytes of a launch's events that a filter lets through, newest first, from before an event.
///
/// # Errors
/// When the database fails.
pub(super) async fn events(
    db: impl PgExecutor<'_>,
    launch: LaunchId,
    filter: &Filter,
    most: i64,
) -> Result<Vec<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT bytes FROM events
         WHERE launch_id = $1
           AND ($2::bigint IS NULL OR seq < $2)
           AND ($3::text[] IS NULL OR kind = ANY($3))
           AND ($4::uuid IS NULL OR actor_id = $4)
           AND ($5::uuid[] IS NULL OR item_id = ANY($5))
         ORDER BY seq DESC LIMIT $6",
        launch as _,
        filter.before,
        filter.kinds.as_deref() as _,
        filter.actor as _,
        filter.items.as_deref() as _,
        most,
    )
    .fetch_all(db)
    .await
}

/// The bytes of one event; nothing when there is none of this number.
///
/// # Errors
/// When the database fails.
pub(super) async fn event(db: impl PgExecutor<'_>, launch: LaunchId, seq: Seq) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!("SELECT bytes FROM events WHERE launch_id = $1 AND seq = $2", launch as _, seq)
        .fetch_optional(db)
        .await
}

/// The bodies of comments behind these commitments, those that are still there.
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
        "SELECT commitment, value FROM texts WHERE launch_id = $1 AND field = 'comment' AND commitment = ANY($2)",
        launch as _,
        &wanted,
    )
    .fetch_all(db)
    .await?;
    let pair = |commitment: Vec<u8>, value| Some((Commitment(commitment.try_into().ok()?), value));
    Ok(rows.into_iter().filter_map(|row| pair(row.commitment, row.value)).collect())
}
