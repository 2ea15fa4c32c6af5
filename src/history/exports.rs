//! GET: exports of a launch's history.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use http::Method;
use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::PgPool;

use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        checkpoint::LogId,
        installation::ExportFormat,
        launch::{event::Event, state::LaunchState, texts::Commitment},
        merkle::hash_leaf,
    },
    log::exports::{LogExport, respond_with_export},
    presentation::event_descriptions::{ValueChange, describe_event_with_bodies, named_comment_bodies},
    record::{events, texts::LoadedTexts, verify::EvidenceFileCheck},
    state::AppState,
    web::{Error, chrome::PageContext, export_integrity::ensure_unaltered},
};

pub(super) async fn download_csv(
    State(state): State<AppState>,
    method: Method,
    access: LaunchAccess,
    page: PageContext,
) -> Result<Response, Error> {
    export_history(&state, &method, &access, &page, ExportFormat::Csv).await
}

pub(super) async fn download_json_lines(
    State(state): State<AppState>,
    method: Method,
    access: LaunchAccess,
    page: PageContext,
) -> Result<Response, Error> {
    export_history(&state, &method, &access, &page, ExportFormat::JsonLines).await
}

/// Verifies the history and records the export, then starts to read.
async fn export_history(
    state: &AppState,
    method: &Method,
    access: &LaunchAccess,
    page: &PageContext,
    format: ExportFormat,
) -> Result<Response, Error> {
    let id = access.launch.id;
    let begin = async {
        ensure_unaltered(state, id, EvidenceFileCheck::Skip).await?;
        let (task_state, by, request, now) = (state.clone(), access.user.to_person_ref(), page.request_id, access.now);
        let record_export =
            async move { task_state.record.export_history(&task_state.db, &by, id, format, request, now).await };
        let exported = state.finish(record_export).await??.ok_or(Error::NotFound)?;
        // This state is at least as new as the export, so it knows everything that the events name.
        let launch = state.record.load(&state.db, id).await?.ok_or(Error::NotFound)?;
        Ok((HistoryExport { launch }, exported.size))
    };
    respond_with_export(&state.db, method, format, &format!("history-{id}"), begin).await
}

struct HistoryExport {
    launch: Arc<LaunchState>,
}

/// The fields that follow an event's own bytes in its line.
#[derive(Serialize)]
struct EventAnnotations<'a> {
    /// The hash of the event's leaf.
    leaf: String,
    /// What was done, without the actor's name in front.
    sentence: String,
    item: Option<&'a str>,
    changes: Vec<ChangeAnnotation>,
    reason: Option<String>,
    /// The event's texts, keyed by commitment; `null` for a redacted one.
    texts: Map<String, Value>,
}

#[derive(Serialize)]
struct ChangeAnnotation {
    what: String,
    old: Option<String>,
    new: Option<String>,
}

impl From<ValueChange> for ChangeAnnotation {
    fn from(ValueChange { label, old, new, .. }: ValueChange) -> Self {
        Self { what: label.into_owned(), old, new }
    }
}

impl LogExport for HistoryExport {
    type Entry = Event;

    const ENTRY_NAME: &'static str = "event";

    const CSV_HEADINGS: &'static [&'static str] = &[
        "event",
        "at (UTC)",
        "who",
        "who (id)",
        "kind",
        "what",
        "item",
        "item (id)",
        "old",
        "new",
        "reason",
        "leaf hash",
    ];

    fn id(&self) -> LogId {
        LogId::Launch(self.launch.id)
    }

    async fn load_batch(&self, db: &PgPool, range: (i64, i64), limit: i64) -> Result<Vec<Vec<u8>>, sqlx::Error> {
        events::load_events(db, self.launch.id, range, limit).await
    }

    fn parse(&self, bytes: &[u8]) -> anyhow::Result<(i64, Event)> {
        let event = events::parse_event(self.launch.id, bytes)?;
        Ok((event.seq, event))
    }

    fn named_texts(&self, event: &Event) -> Vec<Commitment> {
        named_comment_bodies(event).collect()
    }

    fn to_csv_row(&self, event: &Event, bytes: &[u8], bodies: &LoadedTexts) -> Vec<String> {
        let launch = &*self.launch;
        let words = describe_event_with_bodies(launch, event, bodies);
        let item = event.change.item();
        let title = item.and_then(|id| launch.item(id)).map(|item| launch.definition(item).title.to_string());
        vec![
            event.seq.to_string(),
            event.at.to_string(),
            event.actor.name.to_string(),
            event.actor.id.to_string(),
            event.change.kind().to_owned(),
            words.sentence(),
            title.unwrap_or_default(),
            item.map_or_else(String::new, |item| item.to_string()),
            words.values(|change| change.old.as_deref()),
            words.values(|change| change.new.as_deref()),
            words.reason.unwrap_or_default(),
            hash_leaf(bytes).to_string(),
        ]
    }

    fn to_annotations(&self, event: &Event, bytes: &[u8], bodies: &LoadedTexts) -> serde_json::Result<impl Serialize> {
        let launch = &*self.launch;
        let words = describe_event_with_bodies(launch, event, bodies);
        let item = event.change.item().and_then(|id| launch.item(id));
        let mut texts = Map::new();
        collect_texts(launch, bodies, &serde_json::from_slice(bytes)?, &mut texts);
        Ok(EventAnnotations {
            leaf: hash_leaf(bytes).to_string(),
            sentence: words.sentence(),
            item: item.map(|item| launch.definition(item).title.as_str()),
            changes: words.changes.into_iter().map(ChangeAnnotation::from).collect(),
            reason: words.reason,
            texts,
        })
    }
}

/// Fields of events that are hashes but not of a text, and those with the origin of a signature, which no page shows
/// either.
const NON_TEXT_FIELDS: [&str; 5] = ["digest", "sha256", "checklist_hash", "address", "user_agent"];

/// Collects the texts that an event commits to, keyed by commitment.
fn collect_texts(launch: &LaunchState, bodies: &LoadedTexts, value: &Value, texts: &mut Map<String, Value>) {
    match value {
        Value::Object(fields) => {
            for (_, value) in fields.iter().filter(|(name, _)| !NON_TEXT_FIELDS.contains(&name.as_str())) {
                collect_texts(launch, bodies, value, texts);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect_texts(launch, bodies, value, texts)),
        Value::String(text) if text.len() == 64 => {
            let Ok(commitment) = serde_json::from_value::<Commitment>(value.clone()) else { return };
            let stored = launch.texts.get(&commitment).or_else(|| bodies.get(&commitment).map(String::as_str));
            texts.insert(text.clone(), stored.map_or(Value::Null, Value::from));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
