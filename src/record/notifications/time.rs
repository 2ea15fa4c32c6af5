//! Writes what time alone brings, and deletes what is old.

use sqlx::PgPool;

use super::{store, write_causes};
use crate::{
    domain::{
        notification::find_time_causes,
        time::{DAY_SECONDS, Moment},
    },
    record::{Record, RecordError},
};

/// How long a notification stays, in days.
pub const RETENTION_DAYS: i64 = 90;

/// How far back it is looked, at most, after a time in which no server ran.
const MAX_LOOK_BACK_SECONDS: i64 = 3 * DAY_SECONDS;

/// Writes the notifications of everything that time brought since the last look; returns how many. Each has its occasion, so
/// two servers, or a look that was broken off and begun again, write each once.
///
/// # Errors
/// When the database fails. A launch that can't be loaded is left out, so that it keeps nobody from hearing of others.
pub async fn write_time_notifications(record: &Record, db: &PgPool, now: Moment) -> Result<usize, RecordError> {
    let Some(since) = store::load_checked_until(db).await? else {
        store::set_checked_until(db, now).await?;
        return Ok(0);
    };
    let since = since.max(now.plus_seconds(-MAX_LOOK_BACK_SECONDS));
    let mut written = 0;
    for launch in store::find_launches_with_dates(db, since, now).await? {
        let state = match record.load(db, launch).await {
            Ok(Some(state)) => state,
            Ok(None) => continue,
            Err(RecordError::Database(error)) => return Err(error.into()),
            Err(error) => {
                tracing::warn!(%launch, %error, "nobody is notified of the dates of a launch: it can't be loaded");
                continue;
            }
        };
        let causes = find_time_causes(&state, since, now);
        if !causes.is_empty() {
            let mut transaction = db.begin().await?;
            written += write_causes(&mut transaction, &state, &causes).await?;
            transaction.commit().await?;
        }
    }
    store::set_checked_until(db, now).await?;
    Ok(written)
}

/// Deletes the notifications that are older than [`RETENTION_DAYS`]; returns how many.
///
/// # Errors
/// When the database fails.
pub async fn delete_old_notifications(db: &PgPool, now: Moment) -> Result<u64, sqlx::Error> {
    store::delete_notifications_before(db, now.plus_seconds(-RETENTION_DAYS * DAY_SECONDS)).await
}
