//! GET: the verification of a launch's history, in place.

use std::borrow::Cow;

use askama::Template;
use axum::{extract::State, response::Response};
use serde::Deserialize;

use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        bundle::{HeldCheckpoint, HeldCheckpointError},
        checkpoint::{LogId, LogOrigin},
        launch::{
            event::{Redaction, Seq},
            state::LaunchState,
        },
        merkle::proof::TreeHead,
        time::Moment,
    },
    presentation::{
        formatting::describe_witnesses,
        head::{LaunchHead, Tab},
    },
    record::{
        checkpoints::StoredCheckpoint,
        verify::{self, EvidenceFileCheck, KeyPeriods, LogReport, load_root_at},
    },
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        form::Query,
        response::render,
    },
};

/// The query string: a checkpoint to look for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct VerificationQuery {
    checkpoint: String,
}

#[derive(Template)]
#[template(path = "bundle/verification.html")]
struct VerificationPage {
    chrome: Chrome,
    head: LaunchHead,
    size: Seq,
    root: String,
    /// What is wrong; empty if nothing is.
    faults: String,
    checkpoints: Vec<VerificationCheckpointRow>,
    /// The first and last event that no checkpoint covers; `None` if all are covered.
    uncovered: Option<(Seq, Seq)>,
    witnessed: Seq,
    redactions: Vec<VerificationRedactionRow>,
    key: String,
    answer: Option<ContainedCheckpointView>,
    pasted: String,
}

/// A checkpoint, and the events that no earlier one covers.
struct VerificationCheckpointRow {
    from: Seq,
    to: Seq,
    cause: Cow<'static, str>,
    at: Moment,
    witnesses: String,
    witnessed_at: Option<Moment>,
}

struct VerificationRedactionRow {
    seq: Seq,
    subject: String,
    at: Moment,
    by: String,
    reason: String,
}

/// Whether the history contains the given checkpoint.
struct ContainedCheckpointView {
    is_contained: bool,
    message: Cow<'static, str>,
    /// Which events came after it; empty if it is not contained or none did.
    later: Cow<'static, str>,
}

impl ContainedCheckpointView {
    fn not_contained(message: Cow<'static, str>) -> Self {
        Self { is_contained: false, message, later: Cow::Borrowed("") }
    }
}

/// `GET /launches/{id}/verification`. It changes nothing: a pasted checkpoint is part of the address.
pub(super) async fn show_verification(
    State(state): State<AppState>,
    access: LaunchAccess,
    Query(answer): Query<VerificationQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    let launch = &*access.launch;
    let id = LogId::Launch(launch.id);
    let key = state.record.public_key().ok_or_else(|| Error::fault("this server has no key"))?;
    let checked = verify::verify_launch(&state.db, (&state.blobs, EvidenceFileCheck::Hash), &key, launch.id).await?;
    let pasted = answer.checkpoint.trim().to_owned();
    let answer = match pasted.as_str() {
        "" => None,
        text => {
            let origin = LogOrigin { installation: key.installation(), log: id };
            let held = text.parse::<HeldCheckpoint>().map_err(describe_unreadable_checkpoint);
            let keys = KeyPeriods::load(&state.db, &key).await?;
            let head = held.and_then(|held| held.verify(keys.chain(), origin).map_err(|why| why.to_string().into()));
            Some(match head {
                Ok((_, head)) => check_contained(&state, &checked, id, head).await?,
                Err(why) => ContainedCheckpointView::not_contained(why),
            })
        }
    };
    let last = checked.checkpoints.last().map_or(0, |checkpoint| checkpoint.size);
    let witnessed = checked.checkpoints.iter().rev().find(|checkpoint| !checkpoint.witnesses.is_empty());
    render(&VerificationPage {
        chrome: page.chrome(&state, texts::verification_title(launch.name()), Nav::Launches),
        head: LaunchHead::new(&access, Tab::History),
        size: checked.size,
        root: checked.root.to_string(),
        uncovered: (last < checked.size).then_some((last + 1, checked.size)),
        witnessed: witnessed.map_or(0, |checkpoint| checkpoint.size),
        checkpoints: checkpoint_rows(&checked.checkpoints),
        faults: checked.problems.join("; "),
        redactions: redaction_rows(launch),
        key: key.to_string(),
        answer,
        pasted,
    })
}

fn describe_unreadable_checkpoint(why: HeldCheckpointError) -> Cow<'static, str> {
    match why {
        HeldCheckpointError::Empty => texts::checkpoint_covers_no_event(),
        HeldCheckpointError::Text
        | HeldCheckpointError::Checkpoint(_)
        | HeldCheckpointError::Receipt
        | HeldCheckpointError::CheckpointOfReceipt(_) => texts::not_a_checkpoint(),
    }
}

async fn check_contained(
    state: &AppState,
    checked: &LogReport,
    log: LogId,
    head: TreeHead,
) -> Result<ContainedCheckpointView, Error> {
    let (size, events) = (head.size, checked.size.unsigned_abs());
    if size > events {
        return Ok(ContainedCheckpointView::not_contained(texts::checkpoint_covers_more_events(size, events)));
    }
    let contained = checked.problems.is_empty() && load_root_at(&state.db, log, size.cast_signed()).await? == head.root;
    if !contained {
        return Ok(ContainedCheckpointView::not_contained(texts::history_does_not_contain_checkpoint(size)));
    }
    Ok(ContainedCheckpointView {
        is_contained: true,
        message: texts::history_contains_checkpoint(size),
        later: match events - size {
            0 => Cow::Borrowed(""),
            count => texts::events_came_after(count, size + 1, events),
        },
    })
}

/// Newest first, as in the history.
fn checkpoint_rows(checkpoints: &[StoredCheckpoint]) -> Vec<VerificationCheckpointRow> {
    let before = std::iter::once(0).chain(checkpoints.iter().map(|checkpoint| checkpoint.size));
    let lines = checkpoints.iter().zip(before).map(|(checkpoint, before)| VerificationCheckpointRow {
        from: before + 1,
        to: checkpoint.size,
        cause: checkpoint.cause.label(),
        at: checkpoint.at,
        witnesses: describe_witnesses(&checkpoint.witnesses),
        witnessed_at: checkpoint.witnesses.first().map(|witness| witness.at),
    });
    let mut lines: Vec<_> = lines.collect();
    lines.reverse();
    lines
}

fn redaction_rows(launch: &LaunchState) -> Vec<VerificationRedactionRow> {
    let line = |redacted: &crate::domain::launch::state::RedactionRecord| VerificationRedactionRow {
        seq: redacted.seq,
        subject: match redacted.redaction {
            Redaction::Text { field, .. } => field.description().into_owned(),
            Redaction::File { sha256 } => texts::redacted_file(sha256.short()).into_owned(),
        },
        at: redacted.attribution.at,
        by: launch.person_name(redacted.attribution.by).to_owned(),
        reason: launch.text(&redacted.attribution.reason).to_owned(),
    };
    launch.redactions.iter().map(line).collect()
}
