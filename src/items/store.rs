//! Queries for what the item page shows but a launch's state does not have: comment bodies, and the item's events.

use std::collections::HashMap;

use sqlx::PgExecutor;

use crate::domain::{
    ids::{CommentId, ItemId, LaunchId},
    launch::event::Event,
};

/// Bodies of an item's comments, without deleted or redacted ones.
pub(super) async fn load_comment_bodies(
    db: impl PgExecutor<'_>,
    item: ItemId,
) -> Result<HashMap<CommentId, String>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"
        SELECT c.id AS "id: CommentId", t.value
        FROM comments c JOIN texts t ON t.commitment = c.body
        WHERE c.item_id = $1 AND c.deleted_at IS NULL
        "#,
        item as _,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.value)).collect())
}

/// The newest events of an item, newest first.
///
/// # Errors
/// Also when stored bytes are not a valid event.
pub(super) async fn load_item_events(
    db: impl PgExecutor<'_>,
    launch: LaunchId,
    item: ItemId,
    most: i64,
) -> Result<Vec<Event>, sqlx::Error> {
    let rows = sqlx::query_scalar!(
        "SELECT bytes FROM events WHERE launch_id = $1 AND item_id = $2 ORDER BY seq DESC LIMIT $3",
        launch as _,
        item as _,
        most,
    )
    .fetch_all(db)
    .await?;
    rows.iter().map(|bytes| Event::from_bytes(bytes).map_err(|error| sqlx::Error::Decode(error.into()))).collect()
}
