//! `report.html`: the launch as it was, its signatures, and its history in words. A single file without scripts or
//! external resources. It is made piece by piece, like everything in a bundle.

use std::borrow::Cow;

use askama::Template;
use sqlx::PgPool;

use crate::{
    domain::{
        launch::{decision_name::DecisionName, event::Event, state::LaunchState},
        readiness::compute_readiness,
        time::{Moment, Zone},
    },
    presentation::{
        event_descriptions::{EventDescription, describe_event_with_bodies, named_comment_bodies},
        formatting, renewals,
    },
    record::{history_export::ExportedHistory, texts::load_texts},
    web::time::{exact, format_machine},
};

/// The end of the list of events and of the report.
pub(super) const FOOT: &str = "</ol>\n</section>\n</main>\n</body>\n</html>\n";

/// Everything before the history.
#[derive(Template)]
#[template(path = "bundle/report_head.html")]
struct BundleReportHead {
    name: String,
    summary: String,
    checklist: String,
    owner: String,
    target: String,
    stage: Cow<'static, str>,
    decision: Cow<'static, str>,
    verdict: Cow<'static, str>,
    /// Whether the verdict is that of the launch's moment, and not of the time at which the report was made.
    of_launch: bool,
    reasons: Vec<String>,
    conditions: Vec<String>,
    signatures: Vec<BundleSignatureRow>,
    redactions: usize,
    size: i64,
    root: String,
    key: String,
    made: String,
}

struct BundleSignatureRow {
    name: String,
    email: String,
    vote: Cow<'static, str>,
    role: String,
    meaning: &'static str,
    statement: String,
    comment: String,
    /// A note that somebody else had renewed the signer's sign-in; usually empty.
    renewed: String,
    at: String,
    seq: i64,
    ended: String,
}

#[derive(Template)]
#[template(path = "bundle/report_events.html")]
struct BundleReportEvents {
    lines: Vec<BundleEventRow>,
}

struct BundleEventRow {
    seq: i64,
    name: String,
    machine: String,
    exact: String,
    description: EventDescription,
}

pub(super) fn render_head(launch: &LaunchState, exported: &ExportedHistory, now: Moment) -> askama::Result<String> {
    let readiness = compute_readiness(launch, now);
    let launched = launch.stage.launched();
    let (verdict, reasons, conditions) = match launched {
        Some(launched) => (launched.readiness.verdict, &launched.readiness.reasons, &launched.readiness.conditions),
        None => (readiness.verdict, &readiness.reasons, &readiness.conditions),
    };
    let utc = |at: Moment| exact(at, &Zone::UTC);
    BundleReportHead {
        name: launch.name().to_owned(),
        summary: launch.details.summary.map_or_else(String::new, |summary| launch.text(&summary).to_owned()),
        checklist: format!("{} v{}", launch.version.checklist.name, launch.version.number),
        owner: launch.person_name(launch.owner).to_owned(),
        target: exact(launch.details.target.to_moment(), launch.zone()),
        stage: launch.stage.name().label(),
        decision: DecisionName::from(launch.stage.name()).label(),
        verdict: verdict.label(),
        of_launch: launched.is_some(),
        reasons: reasons.iter().map(|reason| formatting::describe_reason(launch, reason).text).collect(),
        conditions: conditions.iter().map(|condition| formatting::describe_condition(launch, condition).text).collect(),
        signatures: launch.signatures.iter().map(|signature| BundleSignatureRow::new(launch, signature)).collect(),
        redactions: launch.redactions.len(),
        size: exported.size,
        root: exported.checkpoint.root.to_string(),
        key: exported.checkpoint.key.to_string(),
        made: utc(now),
    }
    .render()
}

impl BundleSignatureRow {
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
            vote: formatting::vote_label(record.verdict),
            role: record.role_title.to_string(),
            meaning: record.meaning.slug(),
            statement: record.statement.clone(),
            comment: record.comment.map_or_else(String::new, |comment| launch.text(&comment).to_owned()),
            renewed: renewals::describe_renewals(&record.renewed),
            at: exact(signature.at, &Zone::UTC),
            seq: signature.seq,
            ended,
        }
    }
}

/// Describes some events in words.
///
/// # Errors
/// When the database or the template fails, or an event can't be read.
pub(super) async fn render_events(db: &PgPool, launch: &LaunchState, stored: &[Vec<u8>]) -> anyhow::Result<String> {
    let events = stored.iter().map(|bytes| Event::from_bytes(bytes)).collect::<Result<Vec<_>, _>>()?;
    let bodies = load_texts(db, events.iter().flat_map(named_comment_bodies)).await?;
    let lines = events.iter().map(|event| BundleEventRow {
        seq: event.seq,
        name: event.actor.name.to_string(),
        machine: format_machine(event.at),
        exact: exact(event.at, &Zone::UTC),
        description: describe_event_with_bodies(launch, event, &bodies),
    });
    Ok(BundleReportEvents { lines: lines.collect() }.render()?)
}
