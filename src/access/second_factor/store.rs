//! The rows of second factors and recovery codes.

use sqlx::PgConnection;

use crate::domain::{canonical::Sha256Hash, ids::UserId, time::Moment, totp::TotpStep};

/// The person's secret, encrypted; `None` if the person has no second factor.
pub(super) async fn load_secret(conn: &mut PgConnection, user: UserId) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!("SELECT secret FROM second_factors WHERE user_id = $1", user.uuid()).fetch_optional(conn).await
}

/// The newest second factor in the database, encrypted.
pub(super) async fn load_newest(conn: &mut PgConnection) -> Result<Option<(UserId, Vec<u8>)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT user_id AS "user: UserId", secret FROM second_factors ORDER BY set_up_at DESC, user_id LIMIT 1"#
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.user, row.secret)))
}

/// Uses up the code of a step, unless it or a later one was used. Of two concurrent tries, the second waits for the
/// first and finds the code used.
pub(super) async fn use_step(conn: &mut PgConnection, user: UserId, step: TotpStep) -> Result<bool, sqlx::Error> {
    let used = sqlx::query!(
        "UPDATE second_factors SET last_step = $2 WHERE user_id = $1 AND last_step < $2",
        user.uuid(),
        step,
    )
    .execute(conn)
    .await?;
    Ok(used.rows_affected() == 1)
}

/// Uses up a recovery code. Of two concurrent tries, the second waits for the first and finds the code gone.
pub(super) async fn use_recovery_code(
    conn: &mut PgConnection,
    user: UserId,
    hash: Sha256Hash,
) -> Result<bool, sqlx::Error> {
    let used =
        sqlx::query!("DELETE FROM recovery_codes WHERE user_id = $1 AND code_hash = $2", user.uuid(), hash.to_bytes(),)
            .execute(conn)
            .await?;
    Ok(used.rows_affected() == 1)
}

/// Inserts a second factor. Returns false when there is one already.
pub(super) async fn insert(
    conn: &mut PgConnection,
    user: UserId,
    secret: &[u8],
    last_step: TotpStep,
    at: Moment,
) -> Result<bool, sqlx::Error> {
    let added = sqlx::query!(
        "INSERT INTO second_factors (user_id, secret, last_step, set_up_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id) DO NOTHING",
        user.uuid(),
        secret,
        last_step,
        at as Moment,
    )
    .execute(conn)
    .await?;
    Ok(added.rows_affected() == 1)
}

/// Deletes a second factor; its recovery codes are deleted with it.
pub(super) async fn delete(conn: &mut PgConnection, user: UserId) -> Result<bool, sqlx::Error> {
    let removed = sqlx::query!("DELETE FROM second_factors WHERE user_id = $1", user.uuid()).execute(conn).await?;
    Ok(removed.rows_affected() == 1)
}

pub(super) async fn replace_recovery_codes(
    conn: &mut PgConnection,
    user: UserId,
    hashes: &[Vec<u8>],
) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM recovery_codes WHERE user_id = $1", user.uuid()).execute(&mut *conn).await?;
    sqlx::query!(
        "INSERT INTO recovery_codes (user_id, code_hash) SELECT $1, unnest($2::bytea[])",
        user.uuid(),
        hashes,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn count_recovery_codes(conn: &mut PgConnection, user: UserId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM recovery_codes WHERE user_id = $1"#, user.uuid())
        .fetch_one(conn)
        .await
}
