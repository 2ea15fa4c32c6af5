//! GET: the verification of a launch's history, in place.

use askama::Template;
use axum::{extract::State, response::Response};
use serde::Deserialize;

use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        bundle::HeldCheckpoint,
        checkpoint::{LogId, LogOrigin},
        launch::{
            event::{Redaction, Seq},
            state::LaunchState,
        },
        merkle::proof::TreeHead,
        plural::{count_with_noun, first_events},
        time::Moment,
    },
    presentation::{
        formatting::describe_witnesses,
        head::{LaunchHead, Tab},
    },
    record::{
        checkpoints::StoredCheckpoint,
        verify::{self, EvidenceFileCheck, LogReport, load_root_at},
    },
    state::AppState,
    texts,
    web::{
        Error,
        form::Query,
        page::{Chrome, Nav, PageContext, render},
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
    cause: &'static str,
    at: Moment,
    witnesses: String,
    witnessed_at: Option<Moment>,
}

struct VerificationRedactionRow {
    seq: Seq,
    what: String,
    at: Moment,
    by: String,
    reason: String,
}

/// Whether the history contains the given checkpoint.
struct ContainedCheckpointView {
    is_contained: bool,
    message: String,
}

/// `GET /launches/{id}/verification`. It changes nothing: a pasted checkpoint is part of the address.
pub(super) async fn show_verification(
    State(state): State<AppState>,
    access: LaunchAccess,
    Query(asked): Query<VerificationQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    let launch = &*access.launch;
    let id = LogId::Launch(launch.id);
    let key = state.record.public_key().ok_or_else(|| Error::fault("this server has no key"))?;
    let checked = verify::verify_launch(&state.db, (&state.blobs, EvidenceFileCheck::Hash), &key, launch.id).await?;
    let pasted = asked.checkpoint.trim().to_owned();
    let asked = match pasted.as_str() {
        "" => None,
        text => {
            let origin = LogOrigin { installation: key.installation(), log: id };
            let held = text.parse::<HeldCheckpoint>().map_err(|why| format!("This can't be looked for: {why}."));
            let said = held.and_then(|held| held.verify(&key, origin).map_err(|why| why.to_string()));
            Some(match said {
                Ok(said) => check_contained(&state, &checked, id, said).await?,
                Err(words) => ContainedCheckpointView { is_contained: false, message: words },
            })
        }
    };
    let last = checked.checkpoints.last().map_or(0, |kept| kept.size);
    let witnessed = checked.checkpoints.iter().rev().find(|kept| !kept.witnesses.is_empty());
    render(&VerificationPage {
        chrome: page.chrome(&state, format!("Verification · {}", launch.name()), Nav::Launches),
        head: LaunchHead::new(&access, Tab::History),
        size: checked.size,
        root: checked.root.to_string(),
        uncovered: (last < checked.size).then_some((last + 1, checked.size)),
        witnessed: witnessed.map_or(0, |kept| kept.size),
        checkpoints: checkpoint_rows(&checked.checkpoints),
        faults: checked.problems.join("; "),
        redactions: redaction_rows(launch),
        key: key.to_string(),
        answer: asked,
        pasted,
    })
}

async fn check_contained(
    state: &AppState,
    checked: &LogReport,
    log: LogId,
    said: TreeHead,
) -> Result<ContainedCheckpointView, Error> {
    let (size, events) = (said.size, checked.size.unsigned_abs());
    if size > events {
        let words = format!(
            "This history does not contain it: it covers {}, and the history has {events}. Events were removed from the \
             end.",
            count_with_noun(size, "event")
        );
        return Ok(ContainedCheckpointView { is_contained: false, message: words });
    }
    let contained = checked.problems.is_empty() && load_root_at(&state.db, log, size.cast_signed()).await? == said.root;
    let words = if contained {
        let after =
            if size < events { format!(" Events {} to {events} came after it.", size + 1) } else { String::new() };
        let (are, were) = if size == 1 { ("is", "it was") } else { ("are", "they were") };
        format!(
            "This history contains it: {} {are}, letter for letter, what {were} when it was signed.{after}",
            first_events(size)
        )
    } else {
        let one = if size == 1 { "" } else { "one of the " };
        let events = first_events(size);
        format!("This history does not contain it: {one}{events} was changed, removed, inserted or moved.")
    };
    Ok(ContainedCheckpointView { is_contained: contained, message: words })
}

/// Newest first, as in the history.
fn checkpoint_rows(kept: &[StoredCheckpoint]) -> Vec<VerificationCheckpointRow> {
    let before = std::iter::once(0).chain(kept.iter().map(|kept| kept.size));
    let lines = kept.iter().zip(before).map(|(kept, before)| VerificationCheckpointRow {
        from: before + 1,
        to: kept.size,
        cause: kept.cause.label(),
        at: kept.at,
        witnesses: describe_witnesses(&kept.witnesses),
        witnessed_at: kept.witnesses.first().map(|witness| witness.at),
    });
    let mut lines: Vec<_> = lines.collect();
    lines.reverse();
    lines
}

fn redaction_rows(launch: &LaunchState) -> Vec<VerificationRedactionRow> {
    let line = |redacted: &crate::domain::launch::state::RedactionRecord| VerificationRedactionRow {
        seq: redacted.seq,
        what: match redacted.redaction {
            Redaction::Text { field, .. } => field.description().to_owned(),
            Redaction::File { sha256 } => format!("the file {}", sha256.short()),
        },
        at: redacted.attribution.at,
        by: launch.person_name(redacted.attribution.by).to_owned(),
        reason: launch.text(&redacted.attribution.reason).to_owned(),
    };
    launch.redactions.iter().map(line).collect()
}
