//! What there is in an installation in which there is nothing to do yet.

use sqlx::PgExecutor;

/// How far the installation is from its first launch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beginnings {
    /// How many people may sign in.
    pub people: i64,
    /// How many checklists a launch can be made from.
    pub checklists: i64,
}

/// How far the installation is from its first launch.
pub(super) async fn beginnings(db: impl PgExecutor<'_>) -> Result<Beginnings, sqlx::Error> {
    sqlx::query_as!(
        Beginnings,
        r#"
        SELECT (SELECT count(*) FROM users WHERE active) AS "people!",
               (SELECT count(*) FROM checklists WHERE archived_at IS NULL) AS "checklists!"
        "#
    )
    .fetch_one(db)
    .await
}
