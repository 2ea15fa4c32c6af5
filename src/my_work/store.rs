//! How far the setup of a new installation is.

use sqlx::PgExecutor;

#[derive(Debug, Clone, Copy)]
pub(super) struct SetupProgress {
    /// The number of accounts that are not deactivated.
    pub people: i64,
    /// Checklists that are not archived.
    pub checklists: i64,
}

pub(super) async fn load_setup_progress(db: impl PgExecutor<'_>) -> Result<SetupProgress, sqlx::Error> {
    sqlx::query_as!(
        SetupProgress,
        r#"
        SELECT (SELECT count(*) FROM users WHERE active) AS "people!",
               (SELECT count(*) FROM checklists WHERE archived_at IS NULL) AS "checklists!"
        "#
    )
    .fetch_one(db)
    .await
}
