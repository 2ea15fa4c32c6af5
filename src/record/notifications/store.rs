//! Queries of the notifications.

use std::collections::HashMap;

use sqlx::{PgConnection, PgExecutor, types::Json};
use uuid::Uuid;

use super::{NotificationRow, Recipient};
use crate::domain::{
    ids::{ItemId, LaunchId, UserId},
    launch::access::Actor,
    notification::{
        MailDelivery, NotificationReason, ReasonGroup, Watch, WatchPlace,
        schedule::{MailSchedule, QuietHours},
    },
    role::InstallationRoles,
    time::{Moment, Zone},
};

/// The most people who are found in the texts of one change.
const MAX_NAMED_PEOPLE: i64 = 1_000;

/// What people chose to watch or to mute in a launch.
pub(super) async fn load_watches(db: impl PgExecutor<'_>, launch: LaunchId) -> Result<Vec<Watch>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT user_id AS "user: UserId", part, item_id AS "item: ItemId", muted FROM watches WHERE launch_id = $1"#,
        launch as LaunchId,
    )
    .fetch_all(db)
    .await?;
    let place = |part: Option<i16>, item: Option<ItemId>| match (part, item) {
        (_, Some(item)) => WatchPlace::Item(item),
        (Some(part), None) => WatchPlace::Part(usize::try_from(part).unwrap_or(0)),
        (None, None) => WatchPlace::Launch,
    };
    Ok(rows
        .into_iter()
        .map(|row| Watch { user: row.user, place: place(row.part, row.item), muted: row.muted })
        .collect())
}

/// The active people whose name follows an `@` in one of these texts. Each text is put into small letters once, not once for
/// each of the people.
pub(super) async fn find_named_people(
    db: impl PgExecutor<'_>,
    texts: &[String],
) -> Result<Vec<(UserId, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH entered AS MATERIALIZED (SELECT lower(value) AS value FROM unnest($1::text[]) AS sent (value))
           SELECT id AS "id: UserId", name FROM users
           WHERE active AND EXISTS (SELECT FROM entered WHERE position('@' || lower(users.name) IN entered.value) > 0)
           ORDER BY id LIMIT $2"#,
        texts,
        MAX_NAMED_PEOPLE,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// The recipients with how they hear of each group of reasons. Somebody whose row can't be read gets nothing.
pub(super) async fn load_recipients(
    db: &mut PgConnection,
    users: &[UserId],
) -> Result<HashMap<UserId, Recipient>, sqlx::Error> {
    let chosen = sqlx::query!(
        r#"SELECT user_id AS "user: UserId", reason_group AS "group!", mail_delivery AS "delivery!: MailDelivery"
           FROM notification_settings WHERE user_id = ANY($1)
           UNION ALL SELECT NULL, reason_group, mail_delivery FROM notification_defaults"#,
        users as &[UserId],
    )
    .fetch_all(&mut *db)
    .await?;
    let mut deliveries: HashMap<Option<UserId>, HashMap<ReasonGroup, MailDelivery>> = HashMap::new();
    for row in chosen {
        if let Ok(group) = row.group.parse() {
            deliveries.entry(row.user).or_default().insert(group, row.delivery);
        }
    }
    let defaults = deliveries.remove(&None).unwrap_or_default();
    let rows = sqlx::query!(
        r#"SELECT u.id AS "id!: UserId", u.roles AS "roles!", u.active AS "active!", u.zone,
                  s.daily_hour AS "daily_hour?", s.quiet_from, s.quiet_until
           FROM users u LEFT JOIN notification_schedules s ON s.user_id = u.id WHERE u.id = ANY($1)"#,
        users as &[UserId],
    )
    .fetch_all(db)
    .await?;
    let mut recipients = HashMap::with_capacity(rows.len());
    for row in rows {
        let Ok(roles) = InstallationRoles::from_slugs(&row.roles) else { continue };
        let own = deliveries.remove(&Some(row.id)).unwrap_or_default();
        recipients.insert(
            row.id,
            Recipient {
                actor: Actor { id: row.id, roles, active: row.active },
                zone: row.zone.and_then(|zone| zone.parse().ok()).unwrap_or(Zone::UTC),
                schedule: to_schedule(row.daily_hour, row.quiet_from, row.quiet_until),
                deliveries: defaults.clone().into_iter().chain(own).collect(),
            },
        );
    }
    Ok(recipients)
}

/// The schedule of a row; the usual one without a row.
#[must_use]
pub fn to_schedule(daily_hour: Option<i16>, from: Option<i16>, until: Option<i16>) -> MailSchedule {
    let hour = |column: i16| u8::try_from(column).unwrap_or(0);
    let usual = MailSchedule::default();
    let quiet = from.zip(until).map(|(from, until)| QuietHours { from: hour(from), until: hour(until) });
    daily_hour.map_or(usual, |daily| MailSchedule { daily_hour: hour(daily), quiet })
}

/// Writes notifications, except those of an occasion of which there is one.
pub(super) async fn insert_rows(db: &mut PgConnection, rows: Json<Vec<NotificationRow>>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO notifications SELECT * FROM jsonb_populate_recordset(NULL::notifications, $1) ON CONFLICT DO NOTHING",
        rows as _,
    )
    .execute(db)
    .await
    .map(drop)
}

/// Writes notifications, or adds each to the one with the same key that is neither read nor mailed.
pub(super) async fn merge_rows(db: &mut PgConnection, rows: Json<Vec<NotificationRow>>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO notifications AS n SELECT * FROM jsonb_populate_recordset(NULL::notifications, $1)
         ON CONFLICT (user_id, merge_key) WHERE merge_key IS NOT NULL AND read_at IS NULL AND mailed_at IS NULL
         DO UPDATE SET
            things = n.things + EXCLUDED.things,
            actor_id = EXCLUDED.actor_id, seq = EXCLUDED.seq, at = EXCLUDED.at,
            item_id = CASE WHEN n.item_id = EXCLUDED.item_id THEN n.item_id END,
            facts = jsonb_build_object('items', (
                SELECT coalesce(jsonb_agg(item ORDER BY place), '[]') FROM jsonb_array_elements(
                    coalesce(EXCLUDED.facts -> 'items', '[]') || coalesce(n.facts -> 'items', '[]'))
                    WITH ORDINALITY AS named (item, place)
                WHERE place <= 20)),
            mail_due_at = least(n.mail_due_at, EXCLUDED.mail_due_at)",
        rows as _,
    )
    .execute(db)
    .await
    .map(drop)
}

/// The notifications of a person of which a mail waits: id, reason and time.
pub(super) async fn load_pending_mails(
    db: impl PgExecutor<'_>,
    user: UserId,
) -> Result<Vec<(Uuid, NotificationReason, Moment)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id, reason, at AS "at: Moment" FROM notifications
           WHERE user_id = $1 AND read_at IS NULL AND mailed_at IS NULL AND mail_due_at IS NOT NULL ORDER BY id"#,
        user as UserId,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.id, row.reason.parse().ok()?, row.at))).collect())
}

pub(super) async fn set_mail_times(
    db: impl PgExecutor<'_>,
    ids: &[Uuid],
    times: &[Option<Moment>],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE notifications n SET mail_due_at = planned.at
         FROM unnest($1::uuid[], $2::timestamptz[]) AS planned (id, at) WHERE n.id = planned.id AND n.mailed_at IS NULL",
        ids,
        times as &[Option<Moment>],
    )
    .execute(db)
    .await
    .map(drop)
}

/// No mail is sent any more about what was written so far, and nothing is written of what time brought until now: the database
/// is a copy whose original may have sent all that.
///
/// # Errors
/// When the database fails.
pub async fn stop_pending_mails(db: &mut PgConnection, now: Moment) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE notifications SET mail_due_at = NULL WHERE mail_due_at IS NOT NULL AND mailed_at IS NULL")
        .execute(&mut *db)
        .await?;
    set_checked_until(db, now).await
}

/// Until when it was looked at what time brings; `None` before the first look.
pub(super) async fn load_checked_until(db: impl PgExecutor<'_>) -> Result<Option<Moment>, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT checked_until AS "checked_until: Moment" FROM notification_clock"#)
        .fetch_optional(db)
        .await
}

pub(super) async fn set_checked_until(db: impl PgExecutor<'_>, now: Moment) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO notification_clock (checked_until) VALUES ($1)
         ON CONFLICT (singleton) DO UPDATE SET checked_until = greatest(notification_clock.checked_until, $1)",
        now as Moment,
    )
    .execute(db)
    .await
    .map(drop)
}

/// The launches that are not over, in which time may have brought something between two moments: more than those in which it
/// has, since days are those of each launch's zone.
pub(super) async fn find_launches_with_dates(
    db: impl PgExecutor<'_>,
    since: Moment,
    now: Moment,
) -> Result<Vec<LaunchId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"
        WITH days AS (
            SELECT ($1::timestamptz - interval '2 days')::date AS first, ($2::timestamptz + interval '2 days')::date AS last
        )
        SELECT l.id AS "id!: LaunchId" FROM launches l, days
        WHERE l.stage IN ('preparing', 'go', 'held', 'launched') AND (
            (l.stage = 'launched' AND l.launched_at > $1::timestamptz - interval '31 days')
            OR l.target_at - interval '7 days' BETWEEN $1 AND $2
            OR l.target_at - interval '1 day' BETWEEN $1 AND $2
            OR l.target_at + make_interval(days => l.slip_days - 1) BETWEEN $1 AND $2
            OR EXISTS (SELECT FROM items i WHERE i.launch_id = l.id AND i.due_on BETWEEN days.first AND days.last)
            OR EXISTS (SELECT FROM waivers w WHERE w.launch_id = l.id
                AND w.expires_on BETWEEN days.first AND days.last + 7)
            OR EXISTS (SELECT FROM evidence e WHERE e.launch_id = l.id
                AND e.valid_until BETWEEN days.first AND days.last + 7))
        ORDER BY l.id
        "#,
        since as Moment,
        now as Moment,
    )
    .fetch_all(db)
    .await
}

pub(super) async fn delete_notifications_before(db: impl PgExecutor<'_>, before: Moment) -> Result<u64, sqlx::Error> {
    let gone = sqlx::query!("DELETE FROM notifications WHERE at < $1", before as Moment).execute(db).await?;
    Ok(gone.rows_affected())
}
