//! How many bytes of evidence each person has attached.

use sqlx::{PgConnection, PgPool};

use crate::{
    config::UsageLimits,
    domain::{ids::UserId, time::Moment},
};

/// The limit that would be exceeded, in bytes. Days are in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EvidenceLimitExceeded {
    Daily(u64),
    Total(u64),
}

/// Reserves bytes for a person, unless that would exceed a limit. Rows are locked, so that simultaneous forms cannot
/// each take what is left; the transaction does nothing else.
///
/// # Errors
/// The inner error is an exceeded limit; nothing is reserved then.
pub(super) async fn reserve_bytes(
    db: &PgPool,
    user: UserId,
    bytes: u64,
    ceilings: UsageLimits,
    now: Moment,
) -> Result<Result<(), EvidenceLimitExceeded>, sqlx::Error> {
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
    if sum(false) + bytes > ceilings.evidence_bytes_per_day {
        return Ok(Err(EvidenceLimitExceeded::Daily(ceilings.evidence_bytes_per_day)));
    }
    if sum(true) + bytes > ceilings.evidence_bytes {
        return Ok(Err(EvidenceLimitExceeded::Total(ceilings.evidence_bytes)));
    }
    add_bytes(&mut transaction, user, i64::try_from(bytes).unwrap_or(i64::MAX), now).await?;
    transaction.commit().await?;
    Ok(Ok(()))
}

/// Releases bytes that were reserved at this time and then not attached.
pub(super) async fn release_bytes(
    db: &PgPool,
    user: UserId,
    bytes: u64,
    counted_at: Moment,
) -> Result<(), sqlx::Error> {
    add_bytes(&mut *db.acquire().await?, user, -i64::try_from(bytes).unwrap_or(i64::MAX), counted_at).await
}

async fn add_bytes(db: &mut PgConnection, user: UserId, bytes: i64, at: Moment) -> Result<(), sqlx::Error> {
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
