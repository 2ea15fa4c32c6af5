//! The rows of the outbox.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::time::Moment;

/// Puts a letter in.
pub(super) async fn put(
    conn: &mut PgConnection,
    id: Uuid,
    letter: &[u8],
    now: Moment,
    until: Moment,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO outbox (id, letter, written_at, next_try_at, expires_at) VALUES ($1, $2, $3, $3, $4)",
        id,
        letter,
        now as Moment,
        until as Moment,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A letter that is due.
pub struct Waiting {
    /// Its row.
    pub id: Uuid,
    /// The letter, encrypted.
    pub letter: Vec<u8>,
    /// How often it was tried.
    pub tries: i32,
    /// When it is of no use any more.
    pub expires_at: Moment,
}

/// Takes the letter that has been due for longest and that no other server has in hand; it stays this transaction's.
///
/// # Errors
/// When the database fails.
pub async fn next(conn: &mut PgConnection, now: Moment) -> Result<Option<Waiting>, sqlx::Error> {
    sqlx::query_as!(
        Waiting,
        r#"SELECT id, letter, tries, expires_at AS "expires_at: Moment" FROM outbox
           WHERE next_try_at <= $1 ORDER BY next_try_at, id LIMIT 1 FOR UPDATE SKIP LOCKED"#,
        now as Moment,
    )
    .fetch_optional(conn)
    .await
}

/// A letter was sent, or is not tried any more.
///
/// # Errors
/// When the database fails.
pub async fn take_out(conn: &mut PgConnection, id: Uuid) -> Result<(), sqlx::Error> {
    let gone = sqlx::query!("DELETE FROM outbox WHERE id = $1", id).execute(conn).await?;
    if gone.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

/// A letter could not be sent and is tried again later.
///
/// # Errors
/// When the database fails.
pub async fn later(conn: &mut PgConnection, id: Uuid, at: Moment) -> Result<(), sqlx::Error> {
    let put_off = sqlx::query!("UPDATE outbox SET tries = tries + 1, next_try_at = $2 WHERE id = $1", id, at as Moment)
        .execute(conn)
        .await?;
    if put_off.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}
