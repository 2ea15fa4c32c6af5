//! When the nightly verification last verified each log, and what it found.

use std::collections::BTreeMap;

use sqlx::PgExecutor;

use crate::domain::{checkpoint::LogId, ids::LaunchId, time::Moment, verification_share::LastVerification};

/// What a verification found to be wrong with a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogProblems {
    pub log: LogId,
    pub verified_at: Moment,
    /// One sentence each, in English.
    pub problems: Vec<String>,
}

/// How far the verification is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerificationProgress {
    /// The problems that were found and are still there.
    pub problems: i64,
    /// When the launch was verified that was not verified for longest: of a launch that never was, when it was made, or when
    /// the verifications began. `None` before the first verification, and without launches.
    pub oldest: Option<Moment>,
}

pub async fn record_verification(
    db: impl PgExecutor<'_>,
    log: LogId,
    problems: &[String],
    now: Moment,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO verified_logs (log, verified_at, problems) VALUES ($1, $2, $3)
         ON CONFLICT (log) DO UPDATE SET verified_at = EXCLUDED.verified_at, problems = EXCLUDED.problems",
        log.uuid(),
        now as Moment,
        problems,
    )
    .execute(db)
    .await
    .map(drop)
}

/// The last verification of each launch that was verified.
pub async fn load_last_verifications(
    db: impl PgExecutor<'_>,
) -> Result<BTreeMap<LaunchId, LastVerification>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT log AS "launch: LaunchId", verified_at AS "at: Moment", problems <> '{}' AS "failed!"
           FROM verified_logs WHERE log <> '00000000-0000-0000-0000-000000000000'"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.launch, LastVerification { at: row.at, failed: row.failed })).collect())
}

/// The logs in which there are problems, the audit log first.
pub async fn load_problems(db: impl PgExecutor<'_>, limit: i64) -> Result<Vec<LogProblems>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT log AS "log: LaunchId", verified_at AS "verified_at: Moment", problems
           FROM verified_logs WHERE problems <> '{}' ORDER BY log LIMIT $1"#,
        limit,
    )
    .fetch_all(db)
    .await?;
    let log_of = |id: LaunchId| if id.uuid().is_nil() { LogId::Installation } else { LogId::Launch(id) };
    Ok(rows
        .into_iter()
        .map(|row| LogProblems { log: log_of(row.log), verified_at: row.verified_at, problems: row.problems })
        .collect())
}

pub async fn load_progress(db: impl PgExecutor<'_>) -> Result<VerificationProgress, sqlx::Error> {
    sqlx::query_as!(
        VerificationProgress,
        r#"SELECT (SELECT coalesce(sum(cardinality(problems)), 0) FROM verified_logs) AS "problems!",
                  (SELECT min(coalesce(v.verified_at, greatest(l.created_at, begun.at)))
                   FROM launches l LEFT JOIN verified_logs v ON v.log = l.id,
                        (SELECT min(verified_at) AS at FROM verified_logs) begun
                   WHERE begun.at IS NOT NULL) AS "oldest: Moment""#
    )
    .fetch_one(db)
    .await
}
