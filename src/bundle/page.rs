//! GET: the verification of a launch's history, on the spot.

use askama::Template;
use axum::{extract::State, response::Response};
use serde::Deserialize;

use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        bundle::Held,
        checkpoint::{LogId, Origin},
        launch::{
            event::{Redaction, Seq},
            state::LaunchState,
        },
        merkle::proof::Head as TreeHead,
        time::Moment,
    },
    launch_page::{
        head::{Head, Tab},
        words::witnesses_in_words,
    },
    record::{
        checkpoints::Kept,
        verify::{self, Checked, Files, root_at},
    },
    state::AppState,
    web::{
        Error,
        form::Query,
        page::{Chrome, Nav, Page, html},
    },
};

/// What the address may bring: a checkpoint to look for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    checkpoint: String,
}

/// The page.
#[derive(Template)]
#[template(path = "bundle/verification.html")]
struct VerificationPage {
    chrome: Chrome,
    head: Head,
    size: Seq,
    root: String,
    /// What is wrong; empty, when nothing is.
    wrong: String,
    checkpoints: Vec<CheckpointLine>,
    /// The events that no checkpoint covers: the first and the last; nothing, when all are covered.
    open: Option<(Seq, Seq)>,
    witnessed: Seq,
    redactions: Vec<RedactionLine>,
    key: String,
    asked: Option<Answer>,
    pasted: String,
}

/// A checkpoint, and the events that it is the first to cover.
struct CheckpointLine {
    from: Seq,
    to: Seq,
    cause: &'static str,
    at: Moment,
    witnesses: String,
    witnessed_at: Option<Moment>,
}

/// Something that was destroyed.
struct RedactionLine {
    seq: Seq,
    what: String,
    at: Moment,
    by: String,
    why: String,
}

/// Whether the history contains what was asked about.
struct Answer {
    contained: bool,
    words: String,
}

/// `GET /launches/{id}/verification`. It changes nothing: a checkpoint that is pasted is in the address.
pub(super) async fn show(
    State(state): State<AppState>,
    access: LaunchAccess,
    Query(asked): Query<Asked>,
    page: Page,
) -> Result<Response, Error> {
    let launch = &*access.launch;
    let id = LogId::Launch(launch.id);
    let key = state.record.public_key().ok_or_else(|| Error::fault("this server has no key"))?;
    let checked = verify::launch(&state.db, (&state.blobs, Files::Read), &key, launch.id).await?;
    let pasted = asked.checkpoint.trim().to_owned();
    let asked = match pasted.as_str() {
        "" => None,
        text => {
            let origin = Origin { installation: key.installation(), log: id };
            let held = text.parse::<Held>().map_err(|why| format!("This can't be looked for: {why}."));
            let said = held.and_then(|held| held.verified(&key, origin).map_err(|why| why.to_string()));
            Some(match said {
                Ok(said) => answer(&state, &checked, id, said).await?,
                Err(words) => Answer { contained: false, words },
            })
        }
    };
    let last = checked.checkpoints.last().map_or(0, |kept| kept.size);
    let witnessed = checked.checkpoints.iter().rev().find(|kept| !kept.witnesses.is_empty());
    html(&VerificationPage {
        chrome: page.chrome(&state, format!("Verification · {}", launch.name()), Nav::Launches),
        head: Head::new(&access, Tab::History),
        size: checked.size,
        root: checked.root.to_string(),
        open: (last < checked.size).then_some((last + 1, checked.size)),
        witnessed: witnessed.map_or(0, |kept| kept.size),
        checkpoints: lines(&checked.checkpoints),
        wrong: checked.wrong.join("; "),
        redactions: redactions(launch),
        key: key.to_string(),
        asked,
        pasted,
    })
}

async fn answer(state: &AppState, checked: &Checked, log: LogId, said: TreeHead) -> Result<Answer, Error> {
    let (size, events) = (said.size, checked.size.unsigned_abs());
    if size > events {
        let words = format!(
            "This history does not contain it: it covers {size} events, and there are {events}. Events were removed \
             from the end."
        );
        return Ok(Answer { contained: false, words });
    }
    let contained = checked.wrong.is_empty() && root_at(&state.db, log, size.cast_signed()).await? == said.root;
    let words = if contained {
        let after =
            if size < events { format!(" Events {} to {events} came after it.", size + 1) } else { String::new() };
        format!(
            "This history contains it: events 1 to {size} are, letter for letter, what they were when it was signed.{after}"
        )
    } else {
        format!(
            "This history does not contain it: one of the events 1 to {size} was changed, removed, inserted or moved."
        )
    };
    Ok(Answer { contained, words })
}

/// The newest first, as in the history.
fn lines(kept: &[Kept]) -> Vec<CheckpointLine> {
    let before = std::iter::once(0).chain(kept.iter().map(|kept| kept.size));
    let lines = kept.iter().zip(before).map(|(kept, before)| CheckpointLine {
        from: before + 1,
        to: kept.size,
        cause: kept.cause.words(),
        at: kept.at,
        witnesses: witnesses_in_words(&kept.witnesses),
        witnessed_at: kept.witnesses.first().map(|witness| witness.at),
    });
    let mut lines: Vec<_> = lines.collect();
    lines.reverse();
    lines
}

fn redactions(launch: &LaunchState) -> Vec<RedactionLine> {
    let line = |redacted: &crate::domain::launch::state::Redacted| RedactionLine {
        seq: redacted.seq,
        what: match redacted.what {
            Redaction::Text { field, .. } => field.words().to_owned(),
            Redaction::File { sha256 } => format!("the file {}", sha256.short()),
        },
        at: redacted.ended.at,
        by: launch.person(redacted.ended.by).to_owned(),
        why: launch.text(&redacted.ended.reason).to_owned(),
    };
    launch.redactions.iter().map(line).collect()
}
