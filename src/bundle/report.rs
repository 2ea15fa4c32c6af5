//! `report.html`: the launch as it stood, its signatures and its history in words. One file that needs nothing: no
//! script, nothing that is loaded. It is made piece by piece, as everything in a bundle.

use askama::Template;
use sqlx::PgPool;

use super::store;
use crate::{
    domain::{
        launch::{event::Event, state::LaunchState},
        readiness::readiness,
        time::{Moment, Zone},
    },
    launch_page::{
        way_in, words,
        words_of_events::{EventInWords, bodies_named, event_in_words_with},
    },
    record::exports::Exported,
    web::time::{exact, machine},
};

/// What ends the list of events, and the report.
pub(super) const FOOT: &str = "</ol>\n</section>\n</main>\n</body>\n</html>\n";

/// Everything before the history.
#[derive(Template)]
#[template(path = "bundle/report_head.html")]
struct HeadPart {
    name: String,
    summary: String,
    checklist: String,
    owner: String,
    target: String,
    stage: &'static str,
    verdict: &'static str,
    /// Whether the verdict is of the moment at which the report was made, or of that of the launch.
    of_launch: bool,
    reasons: Vec<String>,
    conditions: Vec<String>,
    signatures: Vec<SignatureLine>,
    redactions: usize,
    size: i64,
    root: String,
    key: String,
    made: String,
}

/// A signature.
struct SignatureLine {
    name: String,
    email: String,
    said: &'static str,
    role: String,
    meaning: &'static str,
    statement: String,
    comment: String,
    /// That others had renewed the signer's way in; empty for most.
    renewed: String,
    at: String,
    seq: i64,
    ended: String,
}

/// Some events.
#[derive(Template)]
#[template(path = "bundle/report_events.html")]
struct EventsPart {
    lines: Vec<Line>,
}

/// An event.
struct Line {
    seq: i64,
    name: String,
    machine: String,
    exact: String,
    words: EventInWords,
}

/// The beginning of the report.
///
/// # Errors
/// When the template fails.
pub(super) fn head(launch: &LaunchState, exported: &Exported, now: Moment) -> askama::Result<String> {
    let found = readiness(launch, now);
    let launched = launch.stage.launched();
    let (verdict, reasons, conditions) = match launched {
        Some(launched) => (launched.found.verdict, &launched.found.reasons, &launched.found.conditions),
        None => (found.verdict, &found.reasons, &found.conditions),
    };
    let utc = |at: Moment| exact(at, &Zone::UTC);
    HeadPart {
        name: launch.name().to_owned(),
        summary: launch.details.summary.map_or_else(String::new, |summary| launch.text(&summary).to_owned()),
        checklist: format!("{} v{}", launch.version.checklist.name, launch.version.number),
        owner: launch.person(launch.owner).to_owned(),
        target: exact(launch.details.target.moment(), launch.zone()),
        stage: launch.stage.name().word(),
        verdict: verdict.word(),
        of_launch: launched.is_some(),
        reasons: reasons.iter().map(|reason| words::reason(launch, reason).text).collect(),
        conditions: conditions.iter().map(|condition| words::condition(launch, condition).text).collect(),
        signatures: launch.signatures.iter().map(|signature| SignatureLine::new(launch, signature)).collect(),
        redactions: launch.redactions.len(),
        size: exported.size,
        root: exported.checkpoint.root.to_string(),
        key: exported.checkpoint.key.to_string(),
        made: utc(now),
    }
    .render()
}

impl SignatureLine {
    fn new(launch: &LaunchState, signature: &crate::domain::launch::state::Signature) -> Self {
        let record = &signature.record;
        let ended = match (signature.withdrawn, signature.lifted_by, signature.superseded) {
            (Some(ended), ..) => format!("Withdrawn {}.", exact(ended.at, &Zone::UTC)),
            (None, Some(_), _) => "Lifted by another holder of the role.".to_owned(),
            (None, None, true) => "Its signer has signed again since.".to_owned(),
            (None, None, false) => String::new(),
        };
        Self {
            name: record.signer.name.to_string(),
            email: record.email.to_string(),
            said: words::vote(record.verdict),
            role: record.role_title.to_string(),
            meaning: record.meaning.slug(),
            statement: record.statement.clone(),
            comment: record.comment.map_or_else(String::new, |comment| launch.text(&comment).to_owned()),
            renewed: way_in::marks(&record.renewed),
            at: exact(signature.at, &Zone::UTC),
            seq: signature.seq,
            ended,
        }
    }
}

/// Some events in words.
///
/// # Errors
/// When the database or the template fails, or an event can't be read.
pub(super) async fn events(db: &PgPool, launch: &LaunchState, stored: &[Vec<u8>]) -> anyhow::Result<String> {
    let events = stored.iter().map(|bytes| Event::read(bytes)).collect::<Result<Vec<_>, _>>()?;
    let named: Vec<_> = events.iter().flat_map(bodies_named).collect();
    let bodies = store::bodies(db, launch.id, &named).await?;
    let lines = events.iter().map(|event| Line {
        seq: event.seq,
        name: event.actor.name.to_string(),
        machine: machine(event.at),
        exact: exact(event.at, &Zone::UTC),
        words: event_in_words_with(launch, event, &bodies),
    });
    Ok(EventsPart { lines: lines.collect() }.render()?)
}
