//! Takes jobs of one kind from the queue and runs them.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt as _;
use sqlx::PgPool;
use tokio::time::{Instant, sleep, timeout};

use super::{
    daily_checkpoint, notification_mails, notifications, send_mail, summaries, sweep, verification, webhook_messages,
};
use crate::{
    ambient,
    domain::{
        job_rules::{JobKind, retry_delay_seconds},
        sweep_rules::SteadyClock,
        time::Moment,
    },
    metrics::METRICS,
    queue::{self, JobEnd, LEASE, LeasedJob},
    state::AppState,
};

/// How often a lease is extended, and how long that may take.
const EXTENSION_INTERVAL: Duration = LEASE.checked_div(5).expect("5 is not 0");
const EXTENSION_TIMEOUT: Duration = LEASE.checked_div(10).expect("10 is not 0");

/// Starts a worker for each kind of job. They end when the process is asked to stop.
///
/// # Errors
/// When the database fails.
pub async fn start(state: &AppState) -> Result<(), sqlx::Error> {
    queue::make_regular_jobs(&state.db, state.clock.now()).await?;
    // A drill looks at a copy: it removes, signs and sends nothing.
    let kinds = JobKind::ALL.into_iter().filter(|kind| !state.config.drill || *kind == JobKind::Verification);
    for kind in kinds {
        state.tasks.spawn(Worker::new(state.clone(), kind).run());
    }
    Ok(())
}

/// Runs the jobs of a kind that are due now; returns how many were done.
///
/// # Errors
/// When the queue fails.
pub async fn run_due(state: &AppState, kind: JobKind) -> Result<usize, sqlx::Error> {
    Worker::new(state.clone(), kind).run_due().await
}

/// Sends the mails that are due; returns how many were sent.
///
/// # Errors
/// When the queue fails.
pub async fn send_due_mails(state: &AppState) -> Result<usize, sqlx::Error> {
    run_due(state, JobKind::Mail).await
}

/// Runs the jobs of one kind, one at a time.
struct Worker {
    state: AppState,
    kind: JobKind,
    started: Instant,
    clock: SteadyClock,
}

impl Worker {
    fn new(state: AppState, kind: JobKind) -> Self {
        let clock = SteadyClock::new(state.clock.now());
        Self { state, kind, started: ambient::monotonic_now(), clock }
    }

    async fn run(mut self) {
        let (stop, watch) = (self.state.stop.clone(), self.state.database_watch.clone());
        let mut every = tokio::time::interval(poll_interval(self.kind));
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = every.tick() => {}
            }
            // A database that stopped answering was logged. Another server, or the next run, does the rest.
            let Ok(result) = watch.while_answering(self.run_due()).await else { continue };
            // The stores are closed when the process ends. The next start does the rest.
            if let Err(error) = result
                && !stop.is_cancelled()
            {
                tracing::error!(kind = self.kind.name(), %error, "the queue of jobs can't be used");
            }
        }
    }

    /// Runs the jobs that are due; returns how many were done.
    ///
    /// # Errors
    /// When the queue fails. A job that fails is postponed or given up, which is no error here.
    async fn run_due(&mut self) -> Result<usize, sqlx::Error> {
        let may_remove =
            self.clock.update_and_check(self.state.clock.now(), ambient::monotonic_now().duration_since(self.started));
        // Without a mail server the mails wait for one.
        if self.kind == JobKind::Mail && self.state.config.mail.is_none() {
            return Ok(0);
        }
        let mut done = 0;
        while !self.state.stop.is_cancelled()
            && let Some(job) = queue::take_due_job(&self.state.db, self.kind, self.state.clock.now()).await?
        {
            done += usize::from(self.run_job(&job, may_remove).await?);
        }
        Ok(done)
    }

    /// Runs a job and ends it; returns whether it was done.
    async fn run_job(&self, job: &LeasedJob, may_remove: bool) -> Result<bool, sqlx::Error> {
        let begun = ambient::monotonic_now();
        // A panic ends the job, and not the worker.
        let work = AssertUnwindSafe(self.perform(job, may_remove)).catch_unwind();
        let result = tokio::select! {
            result = work => result.unwrap_or_else(|_| Err(anyhow::anyhow!("a fault of the program"))),
            () = extend_until_lost(&self.state.db, job) => {
                return Ok(self.report_lost(job));
            }
            () = self.must_let_go() => {
                queue::release(&self.state.db, job).await?;
                return Ok(false);
            }
        };
        METRICS.job_duration.with_label_values(&[self.kind.name()]).observe(begun.elapsed().as_secs_f64());
        let end = decide_end(job, result, self.state.clock.now());
        if !queue::finish(&self.state.db, job, &end).await? {
            return Ok(self.report_lost(job));
        }
        report_end(job, &end);
        Ok(matches!(end, JobEnd::Done(_)))
    }

    async fn perform(&self, job: &LeasedJob, may_remove: bool) -> anyhow::Result<()> {
        match self.kind {
            JobKind::Mail => send_mail::send_mail(&self.state, job).await,
            JobKind::Checkpoint => daily_checkpoint::run(&self.state).await,
            JobKind::Sweep => sweep::run(&self.state, may_remove).await,
            JobKind::Verification => verification::run(&self.state).await,
            JobKind::Summaries => summaries::run(&self.state).await,
            JobKind::Notifications => notifications::run(&self.state).await,
            JobKind::NotificationMails => notification_mails::run(&self.state).await,
            JobKind::Webhooks => webhook_messages::run(&self.state).await,
        }
    }

    /// Waits until the process stops, where the work can be begun again by another server. A mail that is being sent is
    /// finished: it may have arrived already.
    async fn must_let_go(&self) {
        if self.kind == JobKind::Mail {
            std::future::pending().await
        } else {
            self.state.stop.cancelled().await;
        }
    }

    fn report_lost(&self, job: &LeasedJob) -> bool {
        tracing::warn!(kind = self.kind.name(), id = %job.id, "a job was left to another server: its lease had ended");
        METRICS.jobs.with_label_values(&[self.kind.name(), "lost"]).inc();
        false
    }
}

/// A mail is waited for by somebody, and a message to a chat too.
const fn poll_interval(kind: JobKind) -> Duration {
    match kind {
        JobKind::Mail | JobKind::NotificationMails | JobKind::Webhooks => Duration::from_secs(5),
        JobKind::Checkpoint | JobKind::Sweep | JobKind::Verification | JobKind::Summaries | JobKind::Notifications => {
            Duration::from_secs(30)
        }
    }
}

/// Extends the lease of a job again and again. Returns when another server may have the job.
async fn extend_until_lost(db: &PgPool, job: &LeasedJob) {
    let mut extended_at = ambient::monotonic_now();
    loop {
        sleep(EXTENSION_INTERVAL).await;
        match timeout(EXTENSION_TIMEOUT, queue::extend_lease(db, job)).await {
            Ok(Ok(true)) => extended_at = ambient::monotonic_now(),
            Ok(Ok(false)) => return,
            // PostgreSQL does not answer. The work is given up before the lease ends there.
            Ok(Err(_)) | Err(_) if extended_at.elapsed() > LEASE / 2 => return,
            Ok(Err(_)) | Err(_) => {}
        }
    }
}

fn decide_end(job: &LeasedJob, result: anyhow::Result<()>, now: Moment) -> JobEnd {
    match result {
        Ok(()) => JobEnd::Done(job.kind.next_time(now)),
        Err(error) => {
            let reason = format!("{error:#}");
            let next = now.plus_seconds(retry_delay_seconds(job.attempts));
            let is_useless = job.expires_at.is_some_and(|until| until <= now);
            if is_useless || job.kind.is_given_up(job.attempts) {
                JobEnd::Dead(now, reason)
            } else {
                JobEnd::Postponed(next, reason)
            }
        }
    }
}

fn report_end(job: &LeasedJob, end: &JobEnd) {
    let (kind, id, attempts) = (job.kind.name(), job.id, job.attempts);
    let outcome = match end {
        JobEnd::Done(_) => "done",
        JobEnd::Postponed(_, error) => {
            if job.kind == JobKind::Mail {
                tracing::warn!(%id, attempts, error, "a mail could not be sent; it is tried again");
            } else {
                tracing::error!(kind, attempts, error, "a job failed; it is tried again");
            }
            "failed"
        }
        JobEnd::Dead(_, error) => {
            tracing::error!(kind, %id, attempts, error, "a job was given up (see the page Operations)");
            "dead"
        }
    };
    METRICS.jobs.with_label_values(&[kind, outcome]).inc();
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn job(kind: JobKind, attempts: i32, expires_at: Option<Moment>) -> LeasedJob {
        LeasedJob { id: Uuid::nil(), kind, payload: None, attempts, expires_at, lease: Uuid::nil() }
    }

    #[test]
    fn failed_job_is_postponed_until_it_is_useless_or_was_tried_too_often() {
        let now = Moment::new("2026-11-23T00:00:00Z".parse().unwrap());
        let fail = |job: LeasedJob| decide_end(&job, Err(anyhow::anyhow!("busy")), now);
        let reason = "busy".to_owned();
        assert_eq!(fail(job(JobKind::Mail, 1, None)), JobEnd::Postponed(now.plus_seconds(30), reason.clone()));
        assert_eq!(fail(job(JobKind::Mail, 54, None)), JobEnd::Dead(now, reason.clone()));
        assert_eq!(fail(job(JobKind::Mail, 1, Some(now))), JobEnd::Dead(now, reason.clone()));
        assert_eq!(fail(job(JobKind::Sweep, 90, None)), JobEnd::Postponed(now.plus_seconds(3_600), reason));
        assert_eq!(decide_end(&job(JobKind::Mail, 1, None), Ok(()), now), JobEnd::Done(None));
        let next = JobEnd::Done(Some(now.plus_seconds(6 * 3_600)));
        assert_eq!(decide_end(&job(JobKind::Sweep, 3, None), Ok(()), now), next);
    }
}
