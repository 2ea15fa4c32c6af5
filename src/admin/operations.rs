//! How the installation runs: the last backup, checkpoint and verification, jobs that failed, sizes and versions.
//!
//! Nothing here is part of the record: a job that is tried again was decided on when it was queued.

use std::borrow::Cow;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use uuid::Uuid;

use super::OPERATIONS_PATH;
use crate::{
    access::Admin,
    db,
    domain::{checkpoint::LogId, ids::LaunchId, job_rules::JobKind, key_chain::Succession, time::Moment},
    mail::Mail,
    queue::{self, FailedJob, JobCounts},
    record::{
        keys::{KeyEntry, load_key_history},
        operations_status::{OperationName, OperationStatus, load_statuses},
        store_sizes::{StoreSizes, load_sizes},
        verified_logs::{self, LogProblems},
    },
    state::AppState,
    texts,
    web::{
        Error,
        byte_size::format_bytes,
        chrome::{Chrome, Nav, PageContext},
        form::Path,
        response::{self, SeeOther},
    },
};

/// How many failed jobs of each sort, and logs with problems, the page shows.
const MAX_SHOWN: i64 = 50;

/// The operations in the order of the page.
const OPERATIONS: [OperationName; 4] =
    [OperationName::Backup, OperationName::Verification, OperationName::Checkpoint, OperationName::Restore];

struct OperationView {
    slug: &'static str,
    name: Cow<'static, str>,
    /// The last run, if there was one.
    last: Option<OperationStatus>,
}

struct FailedJobView {
    id: Uuid,
    kind: Cow<'static, str>,
    /// To whom a mail goes, and its subject.
    mail: Option<(String, String)>,
    attempts: i32,
    /// What the last attempt failed with; in English, because it comes from libraries and other servers.
    error: String,
    at: Moment,
    /// Whether it would still be of use.
    can_retry: bool,
}

#[derive(Template)]
#[template(path = "admin/operations.html")]
struct OperationsPage {
    chrome: Chrome,
    problems: Vec<LogProblems>,
    operations: Vec<OperationView>,
    jobs: Vec<(Cow<'static, str>, JobCounts)>,
    dead: Vec<FailedJobView>,
    failing: Vec<FailedJobView>,
    sends_mail: bool,
    sizes: StoreSizes,
    schema: i64,
    /// In the order of the page: the newest first.
    keys: Vec<KeyEntry>,
}

impl OperationsPage {
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    /// The launch of a log; `None` for the audit log.
    const fn launch_of(log: &LogId) -> Option<LaunchId> {
        match log {
            LogId::Installation => None,
            LogId::Launch(launch) => Some(*launch),
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the template hands it over")]
    fn format_size(bytes: &i64) -> String {
        format_bytes(bytes.unsigned_abs())
    }
}

pub(super) async fn show(State(state): State<AppState>, page: PageContext, _: Admin) -> Result<Response, Error> {
    let now = state.clock.now();
    let mut conn = state.db.acquire().await?;
    let problems = verified_logs::load_problems(&mut *conn, MAX_SHOWN).await?;
    let mut statuses = load_statuses(&mut *conn).await?;
    let counts = queue::count_jobs(&mut *conn, now).await?;
    let dead = queue::load_dead_jobs(&mut *conn, MAX_SHOWN).await?;
    let failing = queue::load_failing_jobs(&mut *conn, MAX_SHOWN).await?;
    let sizes = load_sizes(&mut *conn).await?;
    let schema = db::schema_version(&mut conn).await?;
    let keys = load_key_history(&mut *conn).await?;
    drop(conn);
    let view = |jobs: Vec<FailedJob>| jobs.into_iter().map(|job| view_failed_job(&state, job, now)).collect();
    let count_of = |kind| counts.iter().find(|counts| counts.kind == kind).copied();
    response::render(&OperationsPage {
        chrome: page.chrome(&state, texts::operations(), Nav::Admin),
        problems,
        operations: OPERATIONS
            .into_iter()
            .map(|name| OperationView {
                slug: name.into(),
                name: operation_label(name),
                last: statuses.iter().position(|status| status.name == name).map(|at| statuses.swap_remove(at)),
            })
            .collect(),
        jobs: JobKind::ALL
            .into_iter()
            .map(|kind| {
                let none = JobCounts { kind, waiting: 0, dead: 0, oldest_due: None };
                (job_label(kind), count_of(kind).unwrap_or(none))
            })
            .collect(),
        dead: view(dead),
        failing: view(failing),
        sends_mail: state.config.mail.is_some(),
        sizes,
        schema,
        keys,
    })
}

fn view_failed_job(state: &AppState, job: FailedJob, now: Moment) -> FailedJobView {
    let open = |encrypted_mail: &Vec<u8>| {
        let mail = Mail::decrypt(state.config.secret_key.as_ref()?, job.id, encrypted_mail)?;
        Some((mail.to.as_str().to_owned(), mail.subject))
    };
    FailedJobView {
        id: job.id,
        kind: job_label(job.kind),
        mail: job.payload.as_ref().and_then(open),
        attempts: job.attempts,
        error: job.error,
        at: job.at,
        can_retry: job.expires_at.is_none_or(|until| until > now),
    }
}

fn operation_label(name: OperationName) -> Cow<'static, str> {
    match name {
        OperationName::Backup => texts::operation_backup(),
        OperationName::Verification => texts::operation_verification(),
        OperationName::Checkpoint => texts::operation_checkpoint(),
        OperationName::Restore => texts::operation_restore(),
    }
}

fn job_label(kind: JobKind) -> Cow<'static, str> {
    match kind {
        JobKind::Mail => texts::job_mail(),
        JobKind::Checkpoint => texts::operation_checkpoint(),
        JobKind::Sweep => texts::job_sweep(),
        JobKind::Verification => texts::operation_verification(),
        JobKind::Summaries => texts::job_summaries(),
        JobKind::Notifications => texts::job_notifications(),
        JobKind::NotificationMails => texts::job_notification_mails(),
        JobKind::Webhooks => texts::job_webhooks(),
    }
}

pub(super) async fn retry_job(
    State(state): State<AppState>,
    Admin(by): Admin,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let message = if queue::retry_dead_job(&state.db, id, state.clock.now()).await? {
        tracing::info!(%id, by = %by.id, "a job that was given up is tried again");
        texts::job_is_tried_again()
    } else {
        return Err(Error::NotFoundBecause(texts::job_is_not_there_any_more()));
    };
    Ok(SeeOther::to(OPERATIONS_PATH).with_success(message).into_response())
}

pub(super) async fn discard_job(
    State(state): State<AppState>,
    Admin(by): Admin,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    if !queue::discard_dead_job(&state.db, id).await? {
        return Err(Error::NotFoundBecause(texts::job_is_not_there_any_more()));
    }
    tracing::info!(%id, by = %by.id, "a job that was given up was discarded");
    Ok(SeeOther::to(OPERATIONS_PATH).with_success(texts::job_is_discarded()).into_response())
}

/// `POST /admin/operations/verification`: makes the next share of the verification due.
pub(super) async fn verify_now(State(state): State<AppState>, Admin(by): Admin) -> Result<Response, Error> {
    queue::make_due(&state.db, JobKind::Verification, state.clock.now()).await?;
    tracing::info!(by = %by.id, "the verification was begun before its time");
    Ok(SeeOther::to(OPERATIONS_PATH).with_success(texts::verification_begins()).into_response())
}
