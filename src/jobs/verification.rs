//! The nightly verification: the audit log, and a share of the launches with their evidence files, so that a week covers
//! all.
//!
//! It reads everything of the database at one moment, so that what people do meanwhile is no problem. A
//! problem counts when a second verification finds it too. Then it is an error in the log, a metric, a mail to every admin
//! and a paragraph on the page Operations, until a verification finds it gone (see docs/runbook.md).

use std::collections::BTreeMap;

use anyhow::{Context as _, anyhow};
use sqlx::PgPool;

use super::store;
use crate::{
    admin::OPERATIONS_PATH,
    db,
    domain::{checkpoint::LogId, ids::LaunchId, plural::count_with_noun, verification_share::choose_share},
    mail::{self, MailTopic},
    record::{
        operations_status::{OperationName, write_status},
        verified_logs,
        verify::{InstallationVerifier, VerificationProblem},
    },
    state::AppState,
};

/// Verifies the share of this night, and reports what it found.
pub(super) async fn run(state: &AppState) -> anyhow::Result<()> {
    let mut verified = verify_share(state, None).await?;
    let failed: Vec<LogId> =
        verified.problems.iter().filter(|(_, problems)| !problems.is_empty()).map(|(log, _)| *log).collect();
    if !failed.is_empty() {
        verified.problems.extend(verify_share(state, Some(&failed)).await?.problems);
        for log in failed {
            let problems = verified.problems.get(&log).map_or(&[][..], Vec::as_slice);
            verified_logs::record_verification(&state.db, log, problems, state.clock.now()).await?;
        }
    }
    report(state, &verified).await
}

/// What was verified: the problems of each log.
#[derive(Debug, Default)]
struct VerifiedShare {
    problems: BTreeMap<LogId, Vec<String>>,
    /// The number of launches there are.
    launches: usize,
    /// The number of events that were read.
    events: i64,
}

/// Verifies the audit log, and those launches of which it is the turn, or these. Logs without problems are recorded one
/// by one, so that an interrupted verification goes on where it was.
async fn verify_share(state: &AppState, only: Option<&[LogId]>) -> anyhow::Result<VerifiedShare> {
    let snapshot = db::create_snapshot_pool(&state.db);
    let result = verify_share_in(state, &snapshot, only).await;
    snapshot.close().await;
    result
}

async fn verify_share_in(state: &AppState, snapshot: &PgPool, only: Option<&[LogId]>) -> anyhow::Result<VerifiedShare> {
    let key = state.record.public_key().context("the key is needed to verify with")?;
    let mut share = VerifiedShare::default();
    let mut verifier = InstallationVerifier::begin(snapshot, &state.blobs, &key, &[]).await?;
    add_problems(&mut share, LogId::Installation, &verifier.report().problems);
    record_if_good(state, &share, LogId::Installation).await?;
    let all = verifier.list_launches().await?;
    share.launches = all.len();
    let turn: Vec<LaunchId> = match only {
        Some(only) => all.into_iter().filter(|id| only.contains(&LogId::Launch(*id))).collect(),
        None => {
            let last = verified_logs::load_last_verifications(&state.db).await?;
            let launches = all.into_iter().map(|id| (id, last.get(&id).copied())).collect();
            choose_share(&launches, state.clock.now())
        }
    };
    for id in turn {
        let before = verifier.report().problems.len();
        verifier.verify_launch(id).await?;
        add_problems(&mut share, LogId::Launch(id), &verifier.report().problems[before..]);
        record_if_good(state, &share, LogId::Launch(id)).await?;
    }
    share.events = verifier.report().events;
    Ok(share)
}

fn add_problems(share: &mut VerifiedShare, log: LogId, problems: &[VerificationProblem]) {
    let sentences = problems.iter().map(|problem| format!("{}: {}", problem.subject, problem.description)).collect();
    share.problems.insert(log, sentences);
}

async fn record_if_good(state: &AppState, share: &VerifiedShare, log: LogId) -> Result<(), sqlx::Error> {
    if share.problems.get(&log).is_some_and(Vec::is_empty) {
        verified_logs::record_verification(&state.db, log, &[], state.clock.now()).await?;
    }
    Ok(())
}

/// Records how the verification went. While there are problems, every admin gets a mail each night.
///
/// In a drill only the log says so. Mails about a copy would wait in its queue until it is adopted, and its state is
/// not that of the installation.
async fn report(state: &AppState, share: &VerifiedShare) -> anyhow::Result<()> {
    let now = state.clock.now();
    for problem in share.problems.values().flatten() {
        tracing::error!(problem, "the verification has found a problem (see docs/runbook.md)");
    }
    let verified = describe_share(share);
    if state.config.drill {
        tracing::info!("{verified}");
        return Ok(());
    }
    let mut transaction = state.db.begin().await?;
    let problems = verified_logs::load_progress(&mut *transaction).await?.problems;
    if problems == 0 {
        tracing::info!("{verified}");
    } else {
        mail_admins(state, &mut transaction, problems).await?;
    }
    let detail = if problems == 0 { verified } else { format!("{}. {verified}", count_with_noun(problems, "problem")) };
    write_status(&mut *transaction, OperationName::Verification, problems == 0, &detail, now).await?;
    Ok(transaction.commit().await?)
}

/// For example `Verified: the audit log and 14 of 80 launches, 3204 events`
fn describe_share(share: &VerifiedShare) -> String {
    let launches = share.problems.keys().filter(|log| **log != LogId::Installation).count();
    let events = count_with_noun(share.events, "event");
    format!("Verified: the audit log and {launches} of {} launches, {events}", share.launches)
}

async fn mail_admins(state: &AppState, transaction: &mut sqlx::PgConnection, problems: i64) -> anyhow::Result<()> {
    let page = state.config.public_url.with_path(OPERATIONS_PATH);
    for (name, email) in store::load_admins(transaction).await? {
        let topic = MailTopic::VerificationFailed { problems, page: &page };
        mail::enqueue(transaction, state, (&name, &email), topic, None)
            .await
            .map_err(|error| anyhow!("a mail to an admin could not be written: {error:?}"))?;
    }
    Ok(())
}
