//! Queries of the outbox.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    domain::{text::Email, time::Moment},
    texts::Language,
};

/// The language that the person with this address has chosen.
pub(super) async fn find_language(conn: &mut PgConnection, email: &Email) -> Result<Option<Language>, sqlx::Error> {
    let tag =
        sqlx::query_scalar!("SELECT language FROM users WHERE email = $1", email.as_str()).fetch_optional(conn).await?;
    Ok(tag.flatten().as_deref().and_then(Language::from_tag))
}

pub(super) async fn insert(
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

pub struct QueuedMail {
    pub id: Uuid,
    pub letter: Vec<u8>,
    pub tries: i32,
    /// When the mail becomes useless.
    pub expires_at: Moment,
}

/// Takes the mail that has been due for longest and that no other server is sending. Its row stays locked until the
/// transaction ends.
pub async fn take_due_mail(conn: &mut PgConnection, now: Moment) -> Result<Option<QueuedMail>, sqlx::Error> {
    sqlx::query_as!(
        QueuedMail,
        r#"SELECT id, letter, tries, expires_at AS "expires_at: Moment" FROM outbox
           WHERE next_try_at <= $1 ORDER BY next_try_at, id LIMIT 1 FOR UPDATE SKIP LOCKED"#,
        now as Moment,
    )
    .fetch_optional(conn)
    .await
}

/// Removes a mail that was sent or is given up.
pub async fn delete_mail(conn: &mut PgConnection, id: Uuid) -> Result<(), sqlx::Error> {
    let gone = sqlx::query!("DELETE FROM outbox WHERE id = $1", id).execute(conn).await?;
    if gone.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

pub async fn postpone_mail(conn: &mut PgConnection, id: Uuid, at: Moment) -> Result<(), sqlx::Error> {
    let put_off = sqlx::query!("UPDATE outbox SET tries = tries + 1, next_try_at = $2 WHERE id = $1", id, at as Moment)
        .execute(conn)
        .await?;
    if put_off.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}
