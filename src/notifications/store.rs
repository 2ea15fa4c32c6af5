//! The slice's queries.

use sqlx::{PgExecutor, types::Json};
use uuid::Uuid;

use crate::domain::{
    ids::{ItemId, LaunchId, UserId},
    notification::{NotificationFacts, NotificationReason, StoredNotification},
    time::Moment,
};

/// A place between two notifications of a person: after the one with this moment and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct InboxPlace {
    pub at: Moment,
    pub id: Uuid,
}

struct InboxEntry {
    id: Uuid,
    launch: LaunchId,
    reason: String,
    must_act: bool,
    actor: Option<UserId>,
    item: Option<ItemId>,
    role: Option<String>,
    things: i32,
    facts: Json<NotificationFacts>,
    at: Moment,
    read_at: Option<Moment>,
}

impl InboxEntry {
    /// `None` for a reason that a newer version of the program wrote.
    fn read(self) -> Option<StoredNotification> {
        let reason: NotificationReason = self.reason.parse().ok()?;
        Some(StoredNotification {
            id: self.id,
            launch: self.launch,
            reason,
            must_act: self.must_act,
            actor: self.actor,
            item: self.item,
            role: self.role.and_then(|role| role.parse().ok()),
            things: self.things,
            facts: self.facts.0,
            at: self.at,
            read_at: self.read_at,
        })
    }
}

/// A person's notifications after a place, the newest first.
pub(super) async fn load_notifications(
    db: impl PgExecutor<'_>,
    user: UserId,
    only_unread: bool,
    after: Option<InboxPlace>,
    limit: i64,
) -> Result<Vec<StoredNotification>, sqlx::Error> {
    let rows = sqlx::query_as!(
        InboxEntry,
        r#"SELECT id, launch_id AS "launch: LaunchId", reason, must_act, actor_id AS "actor: UserId",
                  item_id AS "item: ItemId", role, things, facts AS "facts: Json<NotificationFacts>", at AS "at: Moment",
                  read_at AS "read_at: Moment"
           FROM notifications
           WHERE user_id = $1 AND (NOT $2 OR read_at IS NULL)
             AND ($3::timestamptz IS NULL OR (at, id) < ($3, $4::uuid))
           ORDER BY at DESC, id DESC LIMIT $5"#,
        user as UserId,
        only_unread,
        after.map(|place| place.at) as Option<Moment>,
        after.map(|place| place.id),
        limit,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().filter_map(InboxEntry::read).collect())
}

/// One notification of a person.
pub(super) async fn find_notification(
    db: impl PgExecutor<'_>,
    user: UserId,
    id: Uuid,
) -> Result<Option<StoredNotification>, sqlx::Error> {
    let row = sqlx::query_as!(
        InboxEntry,
        r#"SELECT id, launch_id AS "launch: LaunchId", reason, must_act, actor_id AS "actor: UserId",
                  item_id AS "item: ItemId", role, things, facts AS "facts: Json<NotificationFacts>", at AS "at: Moment",
                  read_at AS "read_at: Moment"
           FROM notifications WHERE user_id = $1 AND id = $2"#,
        user as UserId,
        id,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.and_then(InboxEntry::read))
}

/// Marks a person's unread notifications as read that came until a moment, of one launch or of all; returns how many.
pub(super) async fn mark_all_read(
    db: impl PgExecutor<'_>,
    user: UserId,
    launch: Option<LaunchId>,
    until: Moment,
    now: Moment,
) -> Result<u64, sqlx::Error> {
    let marked = sqlx::query!(
        "UPDATE notifications SET read_at = $4
         WHERE user_id = $1 AND read_at IS NULL AND at <= $3 AND ($2::uuid IS NULL OR launch_id = $2)",
        user as UserId,
        launch as Option<LaunchId>,
        until as Moment,
        now as Moment,
    )
    .execute(db)
    .await?;
    Ok(marked.rows_affected())
}

/// Marks what a person marked as read at this moment as unread again, all of it or one. What has grown since stays read: its newer
/// part is unread already.
pub(super) async fn mark_unread(
    db: impl PgExecutor<'_>,
    user: UserId,
    id: Option<Uuid>,
    read_at: Moment,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE notifications n SET read_at = NULL
         WHERE user_id = $1 AND read_at = $2 AND ($3::uuid IS NULL OR id = $3) AND NOT EXISTS (
             SELECT FROM notifications other
             WHERE other.user_id = $1 AND other.merge_key = n.merge_key AND other.id <> n.id
               AND other.read_at IS NULL AND other.mailed_at IS NULL)",
        user as UserId,
        read_at as Moment,
        id,
    )
    .execute(db)
    .await
    .map(drop)
}

/// Marks a notification as read; false if there is none of this person.
pub(super) async fn mark_read(
    db: impl PgExecutor<'_>,
    user: UserId,
    id: Uuid,
    now: Moment,
) -> Result<bool, sqlx::Error> {
    let marked = sqlx::query!(
        "UPDATE notifications SET read_at = coalesce(read_at, $3) WHERE user_id = $1 AND id = $2",
        user as UserId,
        id,
        now as Moment,
    )
    .execute(db)
    .await?;
    Ok(marked.rows_affected() == 1)
}
