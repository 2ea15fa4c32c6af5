//! The last run of each operation (backup, verification, restore, checkpoint), which the monitoring and the admins'
//! page show.

use sqlx::PgExecutor;

use crate::domain::time::Moment;

/// An operation whose last run is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, sqlx::Type)]
#[strum(serialize_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum OperationName {
    Backup,
    Verification,
    Restore,
    /// The daily checkpoint, written to its file.
    Checkpoint,
}

/// The last run of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationStatus {
    pub name: OperationName,
    /// When that run ended, whether it succeeded or not.
    pub at: Moment,
    pub ok: bool,
    /// One line for people.
    pub detail: String,
    /// When a run last succeeded.
    pub succeeded_at: Option<Moment>,
}

/// The most characters of a detail that are stored.
const MAX_DETAIL_CHARS: usize = 2_000;

/// Records that a run of this operation ended now. `detail` is one line for people.
pub async fn write_status(
    db: impl PgExecutor<'_>,
    name: OperationName,
    ok: bool,
    detail: &str,
    now: Moment,
) -> Result<(), sqlx::Error> {
    let detail: String = detail.chars().take(MAX_DETAIL_CHARS).collect();
    sqlx::query!(
        "INSERT INTO operations_status AS s (name, at, ok, detail, succeeded_at)
         VALUES ($1, $2, $3, $4, CASE WHEN $3 THEN $2::timestamptz END)
         ON CONFLICT (name) DO UPDATE SET at = EXCLUDED.at, ok = EXCLUDED.ok, detail = EXCLUDED.detail,
             succeeded_at = coalesce(EXCLUDED.succeeded_at, s.succeeded_at)",
        <&str>::from(name),
        now as Moment,
        ok,
        detail,
    )
    .execute(db)
    .await
    .map(drop)
}

/// The last run of each operation that ever ran.
pub async fn load_statuses(db: impl PgExecutor<'_>) -> Result<Vec<OperationStatus>, sqlx::Error> {
    sqlx::query_as!(
        OperationStatus,
        r#"SELECT name AS "name: OperationName", at AS "at: Moment", ok, detail, succeeded_at AS "succeeded_at: Moment"
           FROM operations_status
           WHERE name IN ('backup', 'verification', 'restore', 'checkpoint') ORDER BY name"#
    )
    .fetch_all(db)
    .await
}
