//! Queries of notifications that are due to be mailed.

use sqlx::{PgConnection, PgExecutor, types::Json};
use uuid::Uuid;

use crate::domain::{
    ids::{ItemId, LaunchId, UserId},
    notification::{NotificationFacts, NotificationReason, ReasonGroup, StoredNotification},
    time::Moment,
};

/// The people for whom a mail is due, after this one in the order of their ids.
pub(super) async fn find_people(
    db: impl PgExecutor<'_>,
    after: Option<UserId>,
    now: Moment,
    limit: i64,
) -> Result<Vec<UserId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT DISTINCT user_id AS "id: UserId" FROM notifications
           WHERE mail_due_at <= $1 AND mailed_at IS NULL AND read_at IS NULL AND ($2::uuid IS NULL OR user_id > $2)
           ORDER BY 1 LIMIT $3"#,
        now as Moment,
        after as Option<UserId>,
        limit,
    )
    .fetch_all(db)
    .await
}

/// Locks what is due for a person and no other server is mailing: first what they are asked to do. The ids are those of
/// notifications with a reason that a newer version of the program wrote.
pub(super) async fn lock_due(
    conn: &mut PgConnection,
    user: UserId,
    now: Moment,
    limit: i64,
) -> Result<(Vec<StoredNotification>, Vec<Uuid>), sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id, launch_id AS "launch: LaunchId", reason, must_act, actor_id AS "actor: UserId",
                  item_id AS "item: ItemId", role, things, facts AS "facts: Json<NotificationFacts>", at AS "at: Moment"
           FROM notifications
           WHERE user_id = $1 AND mail_due_at <= $2 AND mailed_at IS NULL AND read_at IS NULL
           ORDER BY must_act DESC, at, id LIMIT $3 FOR UPDATE SKIP LOCKED"#,
        user as _,
        now as Moment,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let (mut due, mut unknown) = (Vec::new(), Vec::new());
    for row in rows {
        let Ok(reason) = row.reason.parse() else {
            unknown.push(row.id);
            continue;
        };
        due.push(StoredNotification {
            id: row.id,
            launch: row.launch,
            reason,
            must_act: row.must_act,
            actor: row.actor,
            item: row.item,
            role: row.role.and_then(|role| role.parse().ok()),
            things: row.things,
            facts: row.facts.0,
            at: row.at,
            read_at: None,
        });
    }
    Ok((due, unknown))
}

/// Marks notifications as mailed.
pub(super) async fn set_mailed(conn: &mut PgConnection, ids: &[Uuid], now: Moment) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE notifications SET mailed_at = $2 WHERE id = ANY($1)", ids, now as Moment)
        .execute(conn)
        .await
        .map(drop)
}

/// Says that no mail is due about these any more.
pub(super) async fn drop_due(conn: &mut PgConnection, ids: &[Uuid]) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE notifications SET mail_due_at = NULL WHERE id = ANY($1)", ids).execute(conn).await.map(drop)
}

/// Postpones what is due for a person whose mail can't be composed.
pub(super) async fn postpone(
    db: impl PgExecutor<'_>,
    user: UserId,
    now: Moment,
    until: Moment,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE notifications SET mail_due_at = $3
         WHERE user_id = $1 AND mail_due_at <= $2 AND mailed_at IS NULL AND read_at IS NULL",
        user as _,
        now as Moment,
        until as Moment,
    )
    .execute(db)
    .await
    .map(drop)
}

/// Ends mails about these groups of reasons for a person, and those that are due.
pub(super) async fn set_never(
    conn: &mut PgConnection,
    user: UserId,
    groups: &[ReasonGroup],
    reasons: &[NotificationReason],
) -> Result<(), sqlx::Error> {
    let groups: Vec<String> = groups.iter().map(|group| group.name().to_owned()).collect();
    let reasons: Vec<String> = reasons.iter().map(|reason| reason.name().to_owned()).collect();
    sqlx::query!(
        "INSERT INTO notification_settings (user_id, reason_group, mail_delivery)
         SELECT $1, ended, 'never' FROM unnest($2::text[]) AS ended WHERE EXISTS (SELECT FROM users WHERE id = $1)
         ON CONFLICT (user_id, reason_group) DO UPDATE SET mail_delivery = 'never'",
        user as _,
        &groups,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "UPDATE notifications SET mail_due_at = NULL
         WHERE user_id = $1 AND mailed_at IS NULL AND mail_due_at IS NOT NULL AND reason = ANY ($2)",
        user as _,
        &reasons,
    )
    .execute(conn)
    .await
    .map(drop)
}
