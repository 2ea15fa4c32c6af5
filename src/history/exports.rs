//! GET: exports of a launch's history, as CSV for spreadsheets and as JSON Lines for programs.
//!
//! A file is made while it is sent, a few hundred events at a time, so that memory use does not depend on the length of
//! the history. Its content is fixed before the first byte is sent: the events up to the one that the export's
//! checkpoint covers. If the history can't be read to its end, the download breaks off with an error, so that nobody
//! takes a part for the whole.

use std::sync::Arc;

use axum::{body::Body, extract::State, response::Response};
use bytes::Bytes;
use futures_util::{Stream, stream};
use http::Method;
use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::PgPool;
use tracing::Instrument as _;

use super::store;
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        installation::ExportFormat,
        launch::{
            event::{Event, Seq},
            state::LaunchState,
            texts::Commitment,
        },
        merkle::hash_leaf,
    },
    presentation::event_descriptions::{CommentBodies, ValueChange, describe_event_with_bodies, named_comment_bodies},
    record::{RecordError, verify::EvidenceFileCheck},
    state::AppState,
    web::{Error, csv_table::CsvTable, export_file, export_integrity::ensure_unaltered, page::PageContext},
};

/// Events read at a time.
const BATCH_SIZE: i64 = 500;

const CSV_HEADINGS: [&str; 12] =
    ["event", "at (UTC)", "who", "who (id)", "kind", "what", "item", "item (id)", "old", "new", "reason", "leaf hash"];

/// `GET /launches/{id}/history.csv`.
pub(super) async fn download_csv(
    State(state): State<AppState>,
    method: Method,
    access: LaunchAccess,
    page: PageContext,
) -> Result<Response, Error> {
    export_history(&state, &method, &access, &page, ExportFormat::Csv).await
}

/// `GET /launches/{id}/history.jsonl`.
pub(super) async fn download_json_lines(
    State(state): State<AppState>,
    method: Method,
    access: LaunchAccess,
    page: PageContext,
) -> Result<Response, Error> {
    export_history(&state, &method, &access, &page, ExportFormat::JsonLines).await
}

async fn export_history(
    state: &AppState,
    method: &Method,
    access: &LaunchAccess,
    page: &PageContext,
    form: ExportFormat,
) -> Result<Response, Error> {
    let body =
        if *method == Method::HEAD { Body::empty() } else { record_and_stream(state, access, page, form).await? };
    export_file::to_file_response(form, &format!("history-{}", access.launch.id), body)
}

/// Verifies the history, records the export, then starts to read.
async fn record_and_stream(
    state: &AppState,
    access: &LaunchAccess,
    page: &PageContext,
    form: ExportFormat,
) -> Result<Body, Error> {
    let id = access.launch.id;
    ensure_unaltered(state, id, EvidenceFileCheck::Skip).await?;
    let (doing, by, request, now) = (state.clone(), access.user.to_person_ref(), page.request_id, access.now);
    // In a task of its own: axum drops the handler when the client leaves.
    let noting = async move { doing.record.export_history(&doing.db, &by, id, form, request, now).await };
    let noted = state.tasks.spawn(noting.in_current_span()).await;
    let exported = noted.map_err(|error| Error::Fault(error.into()))??.ok_or(Error::NotFound)?;
    // This state is at least as new as the export, so it knows everything that the events name.
    let launch = state.record.load(&state.db, id).await?.ok_or(Error::NotFound)?;
    let reading =
        HistoryExportReader { db: state.db.clone(), launch, format: form, next_seq: 0, last_seq: exported.size };
    Ok(Body::from_stream(chunks(reading)))
}

struct HistoryExportReader {
    db: PgPool,
    launch: Arc<LaunchState>,
    format: ExportFormat,
    /// The next event; 0 before anything was sent.
    next_seq: Seq,
    last_seq: Seq,
}

/// The chunks of the file, one per batch of events.
fn chunks(reading: HistoryExportReader) -> impl Stream<Item = Result<Bytes, anyhow::Error>> + Send {
    stream::try_unfold(reading, |mut reading| async move {
        if reading.next_seq > reading.last_seq {
            return Ok(None);
        }
        let piece = reading.read_chunk().await.inspect_err(|error| {
            tracing::error!(launch = %reading.launch.id, error = format!("{error:#}"), "an export broke off");
        })?;
        Ok(Some((piece, reading)))
    })
}

impl HistoryExportReader {
    async fn read_chunk(&mut self) -> anyhow::Result<Bytes> {
        let begins = self.next_seq == 0;
        self.next_seq = self.next_seq.max(1);
        let stored = store::load_batch(&self.db, self.launch.id, self.next_seq, self.last_seq, BATCH_SIZE).await?;
        let unreadable = |why: String| RecordError::Unreadable(self.launch.id, why);
        let mut events = Vec::with_capacity(stored.len());
        for bytes in stored {
            let event = Event::from_bytes(&bytes).map_err(|error| unreadable(error.to_string()))?;
            if event.seq != self.next_seq {
                return Err(unreadable(format!("event {} stands where {} should", event.seq, self.next_seq)).into());
            }
            self.next_seq += 1;
            events.push((event, bytes));
        }
        if events.is_empty() {
            return Err(unreadable(format!("event {} is missing", self.next_seq)).into());
        }
        let named: Vec<_> = events.iter().flat_map(|(event, _)| named_comment_bodies(event)).collect();
        let bodies = match named.as_slice() {
            [] => CommentBodies::new(),
            named => store::load_comment_bodies(&self.db, self.launch.id, named).await?,
        };
        match self.format {
            ExportFormat::Csv => to_csv_chunk(&self.launch, &events, &bodies, begins),
            ExportFormat::JsonLines | ExportFormat::Bundle => to_json_lines_chunk(&self.launch, &events, &bodies),
        }
    }
}

fn to_csv_chunk(
    launch: &LaunchState,
    events: &[(Event, Vec<u8>)],
    bodies: &CommentBodies,
    begins: bool,
) -> anyhow::Result<Bytes> {
    let mut sheet = if begins { CsvTable::new(&CSV_HEADINGS)? } else { CsvTable::without_headings() };
    for (event, bytes) in events {
        let words = describe_event_with_bodies(launch, event, bodies);
        let item = event.change.item();
        let title = item.and_then(|id| launch.item(id)).map(|item| launch.definition(item).title.to_string());
        sheet.add_row(&[
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
        ])?;
    }
    Ok(sheet.into_bytes()?.into())
}

/// The fields that follow an event's own bytes in its line.
#[derive(Serialize)]
struct EventAnnotations<'a> {
    /// The hash of the event's leaf.
    leaf: String,
    /// What was done, without the actor's name in front.
    sentence: String,
    item: Option<&'a str>,
    changes: Vec<ChangeAnnotation<'a>>,
    reason: Option<&'a str>,
    /// The event's texts, keyed by commitment; `null` for a redacted one.
    texts: Map<String, Value>,
}

#[derive(Serialize)]
struct ChangeAnnotation<'a> {
    what: &'a str,
    old: Option<&'a str>,
    new: Option<&'a str>,
}

impl<'a> ChangeAnnotation<'a> {
    fn new(change: &'a ValueChange) -> Self {
        Self { what: &change.what, old: change.old.as_deref(), new: change.new.as_deref() }
    }
}

fn to_json_lines_chunk(
    launch: &LaunchState,
    events: &[(Event, Vec<u8>)],
    bodies: &CommentBodies,
) -> anyhow::Result<Bytes> {
    let mut lines = Vec::new();
    for (event, bytes) in events {
        let words = describe_event_with_bodies(launch, event, bodies);
        let item = event.change.item().and_then(|id| launch.item(id));
        let mut texts = Map::new();
        collect_texts(launch, bodies, &serde_json::from_slice(bytes)?, &mut texts);
        let beside = EventAnnotations {
            leaf: hash_leaf(bytes).to_string(),
            sentence: words.sentence(),
            item: item.map(|item| launch.definition(item).title.as_str()),
            changes: words.changes.iter().map(ChangeAnnotation::new).collect(),
            reason: words.reason.as_deref(),
            texts,
        };
        export_file::append_json_line(&mut lines, "event", bytes, &beside)?;
    }
    Ok(lines.into())
}

/// Fields of events that are hashes but not of a text, and those with the origin of a signature, which no page shows
/// either.
const NON_TEXT_FIELDS: [&str; 5] = ["digest", "sha256", "checklist_hash", "address", "user_agent"];

/// Collects the texts that an event commits to, keyed by commitment.
fn collect_texts(launch: &LaunchState, bodies: &CommentBodies, value: &Value, found: &mut Map<String, Value>) {
    match value {
        Value::Object(fields) => {
            for (_, value) in fields.iter().filter(|(name, _)| !NON_TEXT_FIELDS.contains(&name.as_str())) {
                collect_texts(launch, bodies, value, found);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect_texts(launch, bodies, value, found)),
        Value::String(text) if text.len() == 64 => {
            let Ok(commitment) = serde_json::from_value::<Commitment>(value.clone()) else { return };
            let known = launch.texts.get(&commitment).or_else(|| bodies.get(&commitment).map(String::as_str));
            found.insert(text.clone(), known.map_or(Value::Null, Value::from));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
