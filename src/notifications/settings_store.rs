//! Queries of a person's settings.

use std::collections::BTreeMap;

use sqlx::{PgConnection, PgExecutor, PgPool};
use strum::IntoEnumIterator as _;

use crate::{
    domain::{
        ids::UserId,
        notification::{MailDelivery, NotificationReason, ReasonGroup, schedule::MailSchedule},
        time::Moment,
    },
    record::notifications::to_schedule,
};

/// How a person hears of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NotificationChoices {
    pub deliveries: BTreeMap<ReasonGroup, MailDelivery>,
    pub schedule: MailSchedule,
}

/// How a person hears of what: by their own choice, else by an admin's, else as usual.
pub(super) async fn load_choices(db: &PgPool, user: UserId) -> Result<NotificationChoices, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT reason_group AS "group!", mail_delivery AS "delivery!: MailDelivery" FROM (
               SELECT reason_group, mail_delivery, 2 AS place FROM notification_settings WHERE user_id = $1
               UNION ALL SELECT reason_group, mail_delivery, 1 FROM notification_defaults) chosen
           ORDER BY place"#,
        user as UserId,
    )
    .fetch_all(db)
    .await?;
    let usual = ReasonGroup::iter().map(|group| (group, group.default_delivery()));
    let chosen = rows.into_iter().filter_map(|row| Some((row.group.parse().ok()?, row.delivery)));
    let schedule = sqlx::query!(
        "SELECT daily_hour, quiet_from, quiet_until FROM notification_schedules WHERE user_id = $1",
        user as UserId
    )
    .fetch_optional(db)
    .await?;
    let schedule = schedule.map_or_else(
        || to_schedule(None, None, None),
        |row| to_schedule(Some(row.daily_hour), row.quiet_from, row.quiet_until),
    );
    Ok(NotificationChoices { deliveries: usual.chain(chosen).collect(), schedule })
}

pub(super) async fn save_choices(
    db: &mut PgConnection,
    user: UserId,
    choices: &NotificationChoices,
) -> Result<(), sqlx::Error> {
    let groups: Vec<String> = choices.deliveries.keys().map(|group| group.name().to_owned()).collect();
    let deliveries: Vec<String> = choices.deliveries.values().map(|delivery| delivery.name().to_owned()).collect();
    sqlx::query!(
        "INSERT INTO notification_settings (user_id, reason_group, mail_delivery)
         SELECT $1, chosen.* FROM unnest($2::text[], $3::text[]) AS chosen
         ON CONFLICT (user_id, reason_group) DO UPDATE SET mail_delivery = EXCLUDED.mail_delivery",
        user as UserId,
        &groups,
        &deliveries,
    )
    .execute(&mut *db)
    .await?;
    let quiet = choices.schedule.quiet;
    sqlx::query!(
        "INSERT INTO notification_schedules (user_id, daily_hour, quiet_from, quiet_until) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id) DO UPDATE SET daily_hour = EXCLUDED.daily_hour, quiet_from = EXCLUDED.quiet_from,
             quiet_until = EXCLUDED.quiet_until",
        user as UserId,
        i16::from(choices.schedule.daily_hour),
        quiet.map(|quiet| i16::from(quiet.from)),
        quiet.map(|quiet| i16::from(quiet.until)),
    )
    .execute(db)
    .await
    .map(drop)
}

/// The reasons and times of a person's notifications since a moment.
pub(super) async fn load_reasons_since(
    db: impl PgExecutor<'_>,
    user: UserId,
    since: Moment,
) -> Result<Vec<(NotificationReason, Moment)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT reason, at AS "at: Moment" FROM notifications WHERE user_id = $1 AND at >= $2 ORDER BY at LIMIT 10000"#,
        user as UserId,
        since as Moment,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.reason.parse().ok()?, row.at))).collect())
}
