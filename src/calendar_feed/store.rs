//! The rows of the secret addresses, and the launches of a feed.

use sqlx::{PgConnection, PgExecutor};

use crate::domain::{
    canonical::Sha256Hash,
    ids::{LaunchId, UserId},
    time::Moment,
};

/// Whose feed is at the address with this hash.
pub(super) async fn find_reader(db: impl PgExecutor<'_>, hash: Sha256Hash) -> Result<Option<UserId>, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT user_id AS "id: UserId" FROM calendar_feeds WHERE token_hash = $1"#, hash.to_bytes())
        .fetch_optional(db)
        .await
}

/// When the person's present address was made; `None` without one.
pub(super) async fn find_address_time(db: impl PgExecutor<'_>, user: UserId) -> Result<Option<Moment>, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT made_at AS "at: Moment" FROM calendar_feeds WHERE user_id = $1"#, user as _)
        .fetch_optional(db)
        .await
}

/// Stores the hash of a new address, which replaces the person's earlier one.
pub(super) async fn replace_address(
    conn: &mut PgConnection,
    user: UserId,
    hash: Sha256Hash,
    at: Moment,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO calendar_feeds (user_id, token_hash, made_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, made_at = excluded.made_at",
        user as _,
        hash.to_bytes(),
        at as Moment,
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Removes the person's address; false if there is none.
pub(super) async fn delete_address(conn: &mut PgConnection, user: UserId) -> Result<bool, sqlx::Error> {
    let gone = sqlx::query!("DELETE FROM calendar_feeds WHERE user_id = $1", user as _).execute(conn).await?;
    Ok(gone.rows_affected() == 1)
}

/// The launches that are not over and that the person may see: of more than `limit` those whose target is nearest to now.
pub(super) async fn find_launches(
    db: impl PgExecutor<'_>,
    user: UserId,
    reads_all: bool,
    now: Moment,
    limit: i64,
) -> Result<Vec<LaunchId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id!: LaunchId" FROM visible_launches($1, $2)
           WHERE stage IN ('preparing', 'go', 'held', 'launched')
           ORDER BY abs(extract(epoch FROM target_at - $3::timestamptz)), id LIMIT $4"#,
        user as _,
        reads_all,
        now as Moment,
        limit,
    )
    .fetch_all(db)
    .await
}
