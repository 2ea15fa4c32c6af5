//! How many bytes of evidence each person has attached.

use sqlx::{PgConnection, PgPool};

use crate::{
    config::Ceilings,
    domain::{ids::UserId, time::Moment},
};

/// What of a person's ceilings would be exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exceeded {
    /// Of the bytes in a day.
    Day(u64),
    /// Of the bytes in all.
    InAll(u64),
}

/// Counts these bytes for a person, unless one of the ceilings would be exceeded. Rows are locked, so that several forms
/// at once do not each take what is left; nothing else is done in that transaction.
///
/// # Errors
/// The outer when the database fails; the inner when a ceiling would be exceeded. Then nothing is counted.
pub(super) async fn count_bytes(
    db: &PgPool,
    user: UserId,
    bytes: u64,
    ceilings: Ceilings,
    now: Moment,
) -> Result<Result<(), Exceeded>, sqlx::Error> {
    let mut transaction = db.begin().await?;
    sqlx::query!(
        "INSERT INTO evidence_bytes VALUES ($1, ($2::timestamptz AT TIME ZONE 'UTC')::date, 0) ON CONFLICT DO NOTHING",
        user as _,
        now as _,
    )
    .execute(&mut *transaction)
    .await?;
    let counted = sqlx::query!(
        r#"
        SELECT bytes, day = ($2::timestamptz AT TIME ZONE 'UTC')::date AS "today!"
        FROM evidence_bytes WHERE user_id = $1 ORDER BY day FOR UPDATE
        "#,
        user as _,
        now as _,
    )
    .fetch_all(&mut *transaction)
    .await?;
    let sum = |all: bool| -> u64 {
        let rows = counted.iter().filter(|row| all || row.today);
        rows.map(|row| u64::try_from(row.bytes).unwrap_or_default()).sum()
    };
    if sum(false) + bytes > ceilings.evidence_bytes_a_day {
        return Ok(Err(Exceeded::Day(ceilings.evidence_bytes_a_day)));
    }
    if sum(true) + bytes > ceilings.evidence_bytes {
        return Ok(Err(Exceeded::InAll(ceilings.evidence_bytes)));
    }
    add(&mut transaction, user, i64::try_from(bytes).unwrap_or(i64::MAX), now).await?;
    transaction.commit().await?;
    Ok(Ok(()))
}

/// Counts these bytes no longer: they were counted at this time, and were not attached.
///
/// # Errors
/// When the database fails.
pub(super) async fn discount_bytes(
    db: &PgPool,
    user: UserId,
    bytes: u64,
    counted_at: Moment,
) -> Result<(), sqlx::Error> {
    add(&mut *db.acquire().await?, user, -i64::try_from(bytes).unwrap_or(i64::MAX), counted_at).await
}

async fn add(db: &mut PgConnection, user: UserId, bytes: i64, at: Moment) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE evidence_bytes SET bytes = greatest(bytes + $3, 0)
         WHERE user_id = $1 AND day = ($2::timestamptz AT TIME ZONE 'UTC')::date",
        user as _,
        at as _,
        bytes,
    )
    .execute(db)
    .await
    .map(drop)
}
