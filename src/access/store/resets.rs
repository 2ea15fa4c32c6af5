//! The rows of password reset links.

use sqlx::PgConnection;

use crate::domain::{
    canonical::Sha256Hash,
    ids::{RenewalId, UserId},
    time::Moment,
};

/// Inserts a password reset link. A link made by somebody else supersedes earlier links made by others; a mailed link
/// supersedes none, since anybody can ask for one.
pub(in crate::access) async fn insert_reset(conn: &mut PgConnection, new: NewReset) -> Result<(), sqlx::Error> {
    lock_account(conn, new.user).await?;
    if new.renewal.is_some() {
        sqlx::query!(
            "UPDATE password_resets SET superseded_at = $2
             WHERE user_id = $1 AND renewal_id IS NOT NULL AND used_at IS NULL AND superseded_at IS NULL",
            new.user.uuid(),
            new.at as Moment,
        )
        .execute(&mut *conn)
        .await?;
    }
    sqlx::query!(
        "INSERT INTO password_resets (id, user_id, token_hash, made_by, made_at, expires_at, renewal_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        new.id,
        new.user.uuid(),
        new.token.to_bytes(),
        new.by.map(UserId::uuid),
        new.at as Moment,
        new.expires_at as Moment,
        new.renewal.map(RenewalId::uuid),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A password reset link to insert.
pub(in crate::access) struct NewReset {
    pub(in crate::access) id: uuid::Uuid,
    pub(in crate::access) user: UserId,
    pub(in crate::access) token: Sha256Hash,
    pub(in crate::access) by: Option<UserId>,
    pub(in crate::access) at: Moment,
    pub(in crate::access) expires_at: Moment,
    /// The renewal that using the link will be; `None` for a link that is mailed to the person.
    pub(in crate::access) renewal: Option<RenewalId>,
}

/// Locks an account's row, so that concurrent changes of its reset links are made one after the other.
async fn lock_account(conn: &mut PgConnection, user: UserId) -> Result<(), sqlx::Error> {
    sqlx::query!("SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE", user.uuid()).fetch_one(conn).await.map(drop)
}

/// Invalidates all open password reset links of an account, and its request for another address.
pub async fn supersede_resets(conn: &mut PgConnection, user: UserId, at: Moment) -> Result<(), sqlx::Error> {
    lock_account(conn, user).await?;
    sqlx::query!(
        "UPDATE password_resets SET superseded_at = $2
         WHERE user_id = $1 AND used_at IS NULL AND superseded_at IS NULL",
        user.uuid(),
        at as Moment,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "UPDATE address_changes SET superseded_at = $2
         WHERE user_id = $1 AND used_at IS NULL AND superseded_at IS NULL",
        user.uuid(),
        at as Moment,
    )
    .execute(conn)
    .await?;
    Ok(())
}
