//! Queries of the queue.

use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use super::{DEAD_RETENTION_SECONDS, FailedJob, JobCounts, JobEnd, LEASE, LeasedJob};
use crate::{
    ambient,
    domain::{job_rules::JobKind, time::Moment},
};

/// The most characters of an error that are stored.
const MAX_ERROR_CHARS: usize = 1_000;

/// Adds a mail, encrypted under this id, in the transaction of the change that it reports. `until` is when it becomes
/// useless; without it, it is tried for two days.
pub async fn add_mail(
    conn: &mut PgConnection,
    id: Uuid,
    encrypted_mail: &[u8],
    now: Moment,
    until: Option<Moment>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO jobs (id, kind, payload, due_at, run_at, expires_at) VALUES ($1, 'mail', $2, $3, $3, $4)",
        id,
        encrypted_mail,
        now as Moment,
        until as Option<Moment>,
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Makes sure that there is a job of each regular kind. Those that the start of a server makes due are due now.
pub async fn make_regular_jobs(db: impl PgExecutor<'_>, now: Moment) -> Result<(), sqlx::Error> {
    let regular: Vec<(JobKind, Moment)> =
        JobKind::ALL.into_iter().filter_map(|kind| Some((kind, kind.next_time(now)?))).collect();
    let ids: Vec<Uuid> = regular.iter().map(|_| ambient::new_id()).collect();
    let kinds: Vec<String> = regular.iter().map(|(kind, _)| kind.name().to_owned()).collect();
    let due: Vec<bool> = regular.iter().map(|(kind, _)| kind.is_due_at_start()).collect();
    let times: Vec<Moment> =
        regular.iter().map(|(kind, next)| if kind.is_due_at_start() { now } else { *next }).collect();
    sqlx::query!(
        "INSERT INTO jobs (id, kind, due_at, run_at)
         SELECT id, kind, at, at FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS made (id, kind, at)
         ON CONFLICT (kind) WHERE kind <> 'mail' DO UPDATE SET run_at = $4
         WHERE jobs.kind = ANY (SELECT kind FROM unnest($2::text[], $5::bool[]) AS begun (kind, is_due) WHERE is_due)",
        &ids,
        &kinds,
        &times as _,
        now as Moment,
        &due,
    )
    .execute(db)
    .await
    .map(drop)
}

/// Leases the job of this kind that is due for longest and that no other server has.
pub async fn take_due_job(
    db: impl PgExecutor<'_>,
    kind: JobKind,
    now: Moment,
) -> Result<Option<LeasedJob>, sqlx::Error> {
    let lease: Uuid = ambient::new_opaque_id();
    sqlx::query_as!(
        LeasedJob,
        r#"UPDATE jobs
           SET lease = $2, lease_until = statement_timestamp() + make_interval(secs => $3), attempts = attempts + 1
           WHERE id = (
               SELECT id FROM jobs
               WHERE kind = $1 AND dead_at IS NULL AND run_at <= $4
                 AND (lease_until IS NULL OR lease_until <= statement_timestamp())
               ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
           RETURNING id, kind AS "kind: JobKind", payload, attempts, expires_at AS "expires_at: Moment",
                     lease AS "lease!""#,
        kind.name(),
        lease,
        LEASE.as_secs_f64(),
        now as Moment,
    )
    .fetch_optional(db)
    .await
}

/// Extends a lease; false if this server does not have it any more.
pub async fn extend_lease(db: impl PgExecutor<'_>, job: &LeasedJob) -> Result<bool, sqlx::Error> {
    let extended = sqlx::query!(
        "UPDATE jobs SET lease_until = statement_timestamp() + make_interval(secs => $3) WHERE id = $1 AND lease = $2",
        job.id,
        job.lease,
        LEASE.as_secs_f64(),
    )
    .execute(db)
    .await?;
    Ok(extended.rows_affected() == 1)
}

/// Gives a job back unchanged, when the server stops.
pub async fn release(db: impl PgExecutor<'_>, job: &LeasedJob) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE jobs SET lease = NULL, lease_until = NULL, attempts = attempts - 1 WHERE id = $1 AND lease = $2",
        job.id,
        job.lease,
    )
    .execute(db)
    .await
    .map(drop)
}

/// Ends a job; false if this server does not have it any more, and then nothing is changed.
pub async fn finish(db: impl PgExecutor<'_>, job: &LeasedJob, end: &JobEnd) -> Result<bool, sqlx::Error> {
    let shorten = |error: &str| error.chars().take(MAX_ERROR_CHARS).collect::<String>();
    let changed = match end {
        JobEnd::Done(None) => {
            sqlx::query!("DELETE FROM jobs WHERE id = $1 AND lease = $2", job.id, job.lease).execute(db).await?
        }
        JobEnd::Done(Some(next)) => {
            sqlx::query!(
                "UPDATE jobs
                 SET due_at = $3, run_at = $3, attempts = 0, error = NULL, lease = NULL, lease_until = NULL
                 WHERE id = $1 AND lease = $2",
                job.id,
                job.lease,
                *next as Moment,
            )
            .execute(db)
            .await?
        }
        JobEnd::Postponed(at, error) => sqlx::query!(
            "UPDATE jobs SET run_at = $3, error = $4, lease = NULL, lease_until = NULL WHERE id = $1 AND lease = $2",
            job.id,
            job.lease,
            *at as Moment,
            shorten(error),
        )
        .execute(db)
        .await?,
        JobEnd::Dead(at, error) => sqlx::query!(
            "UPDATE jobs SET dead_at = $3, error = $4, lease = NULL, lease_until = NULL WHERE id = $1 AND lease = $2",
            job.id,
            job.lease,
            *at as Moment,
            shorten(error),
        )
        .execute(db)
        .await?,
    };
    Ok(changed.rows_affected() == 1)
}

/// The counts of each kind of which there is a job. A kind that only a newer server knows is left out.
pub async fn count_jobs(db: impl PgExecutor<'_>, now: Moment) -> Result<Vec<JobCounts>, sqlx::Error> {
    let kinds: Vec<String> = JobKind::ALL.iter().map(|kind| kind.name().to_owned()).collect();
    sqlx::query_as!(
        JobCounts,
        r#"SELECT kind AS "kind: JobKind",
                  count(*) FILTER (WHERE dead_at IS NULL AND due_at <= $1) AS "waiting!",
                  count(dead_at) AS "dead!",
                  min(due_at) FILTER (WHERE dead_at IS NULL AND due_at <= $1) AS "oldest_due: Moment"
           FROM jobs WHERE kind = ANY($2) GROUP BY kind ORDER BY kind"#,
        now as Moment,
        &kinds,
    )
    .fetch_all(db)
    .await
}

/// The jobs that were given up, the newest first.
pub async fn load_dead_jobs(db: impl PgExecutor<'_>, limit: i64) -> Result<Vec<FailedJob>, sqlx::Error> {
    sqlx::query_as!(
        FailedJob,
        r#"SELECT id, kind AS "kind: JobKind", payload, due_at AS "due_at: Moment", attempts,
                  coalesce(error, '') AS "error!", expires_at AS "expires_at: Moment", dead_at AS "at!: Moment"
           FROM jobs WHERE dead_at IS NOT NULL ORDER BY dead_at DESC, id LIMIT $1"#,
        limit,
    )
    .fetch_all(db)
    .await
}

/// The jobs that failed and are tried again, the next one first.
pub async fn load_failing_jobs(db: impl PgExecutor<'_>, limit: i64) -> Result<Vec<FailedJob>, sqlx::Error> {
    sqlx::query_as!(
        FailedJob,
        r#"SELECT id, kind AS "kind: JobKind", payload, due_at AS "due_at: Moment", attempts,
                  error AS "error!", expires_at AS "expires_at: Moment", run_at AS "at: Moment"
           FROM jobs WHERE dead_at IS NULL AND error IS NOT NULL ORDER BY run_at, id LIMIT $1"#,
        limit,
    )
    .fetch_all(db)
    .await
}

/// Makes a job due that was given up, unless it is of no use any more; false if there is none.
pub async fn retry_dead_job(db: impl PgExecutor<'_>, id: Uuid, now: Moment) -> Result<bool, sqlx::Error> {
    let retried = sqlx::query!(
        "UPDATE jobs SET dead_at = NULL, attempts = 0, run_at = $2
         WHERE id = $1 AND dead_at IS NOT NULL AND (expires_at IS NULL OR expires_at > $2)",
        id,
        now as Moment,
    )
    .execute(db)
    .await?;
    Ok(retried.rows_affected() == 1)
}

/// Removes a job that was given up; false if there is none.
pub async fn discard_dead_job(db: impl PgExecutor<'_>, id: Uuid) -> Result<bool, sqlx::Error> {
    let gone = sqlx::query!("DELETE FROM jobs WHERE id = $1 AND dead_at IS NOT NULL", id).execute(db).await?;
    Ok(gone.rows_affected() == 1)
}

/// Removes the jobs that were given up long ago.
pub async fn delete_old_dead_jobs(db: impl PgExecutor<'_>, now: Moment) -> Result<u64, sqlx::Error> {
    let before = now.plus_seconds(-DEAD_RETENTION_SECONDS);
    let gone = sqlx::query!("DELETE FROM jobs WHERE dead_at < $1", before as Moment).execute(db).await?;
    Ok(gone.rows_affected())
}

/// Makes a regular job due now, instead of at its time.
pub async fn make_due(db: impl PgExecutor<'_>, kind: JobKind, now: Moment) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE jobs SET run_at = least(run_at, $2) WHERE kind = $1", kind.name(), now as Moment)
        .execute(db)
        .await
        .map(drop)
}
