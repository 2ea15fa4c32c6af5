//! What an item's page shows that a launch's state does not keep: the bodies of comments, and the item's events.

use std::collections::HashMap;

use sqlx::PgExecutor;

use crate::domain::{
    ids::{CommentId, ItemId, LaunchId},
    launch::event::Event,
};

/// The bodies of an item's comments, without those deleted or redacted.
///
/// # Errors
/// When the database fails.
pub(super) async fn bodies(db: impl PgExecutor<'_>, item: ItemId) -> Result<HashMap<CommentId, String>, sqlx::Error> {
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

/// The newest events that concern an item, newest first.
///
/// # Errors
/// When the database fails, or what is stored is no event.
pub(super) async fn events(
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
    rows.iter().map(|bytes| Event::read(bytes).map_err(|error| sqlx::Error::Decode(error.into()))).collect()
}
