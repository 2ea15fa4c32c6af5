//! GET: a launch's history to take away, as a table for spreadsheets and as one event a line for programs.
//!
//! It is made while it is sent, a few hundred events at a time, so that memory does not depend on how long the history is.
//! What it consists of was settled before the first byte left: the events up to the one that the export's checkpoint ends
//! with. A history that can't be read to its end breaks off as an error, so that nobody takes a part for the whole.

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
        installation::HistoryForm,
        launch::{
            event::{Event, Seq},
            state::LaunchState,
            texts::Commitment,
        },
        merkle::leaf_hash,
    },
    launch_page::{
        unaltered::refuse_altered,
        words_of_events::{Bodies, ValueChange, bodies_named, event_in_words_with},
    },
    record::{Fault, verify::Files},
    state::AppState,
    web::{Error, page::Page, sheet::Sheet, taking_away},
};

/// How many events are read at a time.
const BATCH: i64 = 500;

/// The headings of the table.
const HEADINGS: [&str; 12] =
    ["event", "at (UTC)", "who", "who (id)", "kind", "what", "item", "item (id)", "old", "new", "reason", "leaf hash"];

/// `GET /launches/{id}/history.csv`.
pub(super) async fn table(
    State(state): State<AppState>,
    method: Method,
    access: LaunchAccess,
    page: Page,
) -> Result<Response, Error> {
    take_away(&state, &method, &access, &page, HistoryForm::Csv).await
}

/// `GET /launches/{id}/history.jsonl`.
pub(super) async fn lines(
    State(state): State<AppState>,
    method: Method,
    access: LaunchAccess,
    page: Page,
) -> Result<Response, Error> {
    take_away(&state, &method, &access, &page, HistoryForm::JsonLines).await
}

async fn take_away(
    state: &AppState,
    method: &Method,
    access: &LaunchAccess,
    page: &Page,
    form: HistoryForm,
) -> Result<Response, Error> {
    let body = if *method == Method::HEAD { Body::empty() } else { body(state, access, page, form).await? };
    taking_away::file(form, &format!("history-{}", access.launch.id), body)
}

/// Verifies what is to be read, notes the export, then begins to read.
async fn body(state: &AppState, access: &LaunchAccess, page: &Page, form: HistoryForm) -> Result<Body, Error> {
    let id = access.launch.id;
    refuse_altered(state, id, Files::Skipped).await?;
    let (doing, by, request, now) = (state.clone(), access.user.named(), page.request_id, access.now);
    // In a task of its own: a client that leaves drops its handler.
    let noting = async move { doing.record.export(&doing.db, &by, id, form, request, now).await };
    let noted = state.tasks.spawn(noting.in_current_span()).await;
    let exported = noted.map_err(|error| Error::Fault(error.into()))??.ok_or(Error::NotFound)?;
    // As long as what is exported, or longer: whatever the events name is in it.
    let launch = state.record.load(&state.db, id).await?.ok_or(Error::NotFound)?;
    let reading = Reading { db: state.db.clone(), launch, form, next: 0, last: exported.size };
    Ok(Body::from_stream(pieces(reading)))
}

/// A history that is being read.
struct Reading {
    db: PgPool,
    launch: Arc<LaunchState>,
    form: HistoryForm,
    /// The next event; 0 while nothing was sent yet.
    next: Seq,
    last: Seq,
}

/// The pieces of the file, each of a batch of events.
fn pieces(reading: Reading) -> impl Stream<Item = Result<Bytes, anyhow::Error>> + Send {
    stream::try_unfold(reading, |mut reading| async move {
        if reading.next > reading.last {
            return Ok(None);
        }
        let piece = reading.piece().await.inspect_err(|error| {
            tracing::error!(launch = %reading.launch.id, error = format!("{error:#}"), "an export broke off");
        })?;
        Ok(Some((piece, reading)))
    })
}

impl Reading {
    async fn piece(&mut self) -> anyhow::Result<Bytes> {
        let begins = self.next == 0;
        self.next = self.next.max(1);
        let stored = store::batch(&self.db, self.launch.id, self.next, self.last, BATCH).await?;
        let unreadable = |why: String| Fault::Unreadable(self.launch.id, why);
        let mut events = Vec::with_capacity(stored.len());
        for bytes in stored {
            let event = Event::read(&bytes).map_err(|error| unreadable(error.to_string()))?;
            if event.seq != self.next {
                return Err(unreadable(format!("event {} stands where {} should", event.seq, self.next)).into());
            }
            self.next += 1;
            events.push((event, bytes));
        }
        if events.is_empty() {
            return Err(unreadable(format!("event {} is missing", self.next)).into());
        }
        let named: Vec<_> = events.iter().flat_map(|(event, _)| bodies_named(event)).collect();
        let bodies = match named.as_slice() {
            [] => Bodies::new(),
            named => store::bodies(&self.db, self.launch.id, named).await?,
        };
        match self.form {
            HistoryForm::Csv => rows(&self.launch, &events, &bodies, begins),
            HistoryForm::JsonLines | HistoryForm::Bundle => json_lines(&self.launch, &events, &bodies),
        }
    }
}

fn rows(launch: &LaunchState, events: &[(Event, Vec<u8>)], bodies: &Bodies, begins: bool) -> anyhow::Result<Bytes> {
    let mut sheet = if begins { Sheet::new(&HEADINGS)? } else { Sheet::continued() };
    for (event, bytes) in events {
        let words = event_in_words_with(launch, event, bodies);
        let item = event.change.item();
        let title = item.and_then(|id| launch.item(id)).map(|item| launch.definition(item).title.to_string());
        sheet.row(&[
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
            leaf_hash(bytes).to_string(),
        ])?;
    }
    Ok(sheet.bytes()?.into())
}

/// What stands beside an event's own bytes in its line.
#[derive(Serialize)]
struct Beside<'a> {
    /// The hash of its leaf.
    leaf: String,
    /// What was done, after the actor's name.
    sentence: String,
    /// The item's title.
    item: Option<&'a str>,
    changes: Vec<ChangeLine<'a>>,
    reason: Option<&'a str>,
    /// What its commitments stand for; nothing for what was redacted.
    texts: Map<String, Value>,
}

/// An old and a new value.
#[derive(Serialize)]
struct ChangeLine<'a> {
    what: &'a str,
    old: Option<&'a str>,
    new: Option<&'a str>,
}

impl<'a> ChangeLine<'a> {
    fn new(change: &'a ValueChange) -> Self {
        Self { what: &change.what, old: change.old.as_deref(), new: change.new.as_deref() }
    }
}

fn json_lines(launch: &LaunchState, events: &[(Event, Vec<u8>)], bodies: &Bodies) -> anyhow::Result<Bytes> {
    let mut lines = Vec::new();
    for (event, bytes) in events {
        let words = event_in_words_with(launch, event, bodies);
        let item = event.change.item().and_then(|id| launch.item(id));
        let mut texts = Map::new();
        name_texts(launch, bodies, &serde_json::from_slice(bytes)?, &mut texts);
        let beside = Beside {
            leaf: leaf_hash(bytes).to_string(),
            sentence: words.sentence(),
            item: item.map(|item| launch.definition(item).title.as_str()),
            changes: words.changes.iter().map(ChangeLine::new).collect(),
            reason: words.reason.as_deref(),
            texts,
        };
        taking_away::json_line(&mut lines, "event", bytes, &beside)?;
    }
    Ok(lines.into())
}

/// Fields of events whose value is a hash, but stands for no text; and those that say where a signature came from, which no
/// page shows either.
const NO_TEXTS: [&str; 5] = ["digest", "sha256", "checklist_hash", "address", "user_agent"];

/// Names the texts that an event commits to.
fn name_texts(launch: &LaunchState, bodies: &Bodies, value: &Value, found: &mut Map<String, Value>) {
    match value {
        Value::Object(fields) => {
            for (_, value) in fields.iter().filter(|(name, _)| !NO_TEXTS.contains(&name.as_str())) {
                name_texts(launch, bodies, value, found);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| name_texts(launch, bodies, value, found)),
        Value::String(text) if text.len() == 64 => {
            let Ok(commitment) = serde_json::from_value::<Commitment>(value.clone()) else { return };
            let known = launch.texts.get(&commitment).or_else(|| bodies.get(&commitment).map(String::as_str));
            found.insert(text.clone(), known.map_or(Value::Null, Value::from));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
