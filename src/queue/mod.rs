//! The queue of background jobs: adding, leasing and ending them. [`crate::jobs`] does the work.
//!
//! A job is a row. A server leases the one that is due for longest, works on it, and ends it: the row is removed, or gets
//! its next time. While it works it extends the lease; the lease of a server that died ends, and another server takes the
//! job. Whoever ends a job has to hold its lease still, so that no two servers end one.

mod store;

use std::time::Duration;

use uuid::Uuid;

use crate::domain::{job_rules::JobKind, time::Moment};

pub use self::store::{
    add_mail, count_jobs, delete_old_dead_jobs, discard_dead_job, extend_lease, finish, load_dead_jobs,
    load_failing_jobs, make_due, make_regular_jobs, release, retry_dead_job, take_due_job,
};

/// How long a server has a job without extending its lease.
pub const LEASE: Duration = Duration::from_secs(60);

/// How long a job that was given up stays, in seconds.
pub const DEAD_RETENTION_SECONDS: i64 = 30 * 86_400;

/// A job that this server has leased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeasedJob {
    pub id: Uuid,
    pub kind: JobKind,
    /// The encrypted mail of [`JobKind::Mail`].
    pub payload: Option<Vec<u8>>,
    /// How often it was begun, this time included.
    pub attempts: i32,
    /// When it is of no use any more.
    pub expires_at: Option<Moment>,
    pub lease: Uuid,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobEnd {
    /// It was done: a mail is removed, a regular job is due again at this time.
    Done(Option<Moment>),
    /// It failed for this reason, and is tried again at this time.
    Postponed(Moment, String),
    /// It failed for this reason, and is given up.
    Dead(Moment, String),
}

/// How many jobs of a kind there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobCounts {
    pub kind: JobKind,
    /// Those that are due and not done.
    pub waiting: i64,
    /// Those that were given up.
    pub dead: i64,
    /// Since when the oldest waiting one is due.
    pub oldest_due: Option<Moment>,
}

/// A job that failed, for the admins' page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedJob {
    pub id: Uuid,
    pub kind: JobKind,
    pub payload: Option<Vec<u8>>,
    pub due_at: Moment,
    pub attempts: i32,
    pub error: String,
    pub expires_at: Option<Moment>,
    /// When it is tried again; when it was given up, if it was.
    pub at: Moment,
}
