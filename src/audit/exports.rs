//! GET: the installation's log to take away, made while it is sent, a batch of entries at a time.

use axum::{body::Body, extract::State, response::Response};
use bytes::Bytes;
use futures_util::{Stream, stream};
use http::Method;
use serde::Serialize;
use sqlx::PgPool;
use tracing::Instrument as _;

use super::store;
use crate::{
    access::{CurrentUser, auditing::Auditing},
    domain::{canonical, installation::HistoryForm, merkle::leaf_hash},
    launch_page::words_of_events::{Names, entry_in_words},
    record::installation::Entry,
    state::AppState,
    web::{Error, page::Page, sheet::Sheet, taking_away},
};

/// How many entries are read at a time.
const BATCH: i64 = 500;

/// The headings of the table.
const HEADINGS: [&str; 11] =
    ["entry", "at (UTC)", "who", "who (id)", "kind", "what", "old", "new", "launch (id)", "after event", "leaf hash"];

/// `GET /audit/installation.csv`.
pub(super) async fn table(
    State(state): State<AppState>,
    method: Method,
    Auditing(user): Auditing,
    page: Page,
) -> Result<Response, Error> {
    take_away(&state, &method, &user, &page, HistoryForm::Csv).await
}

/// `GET /audit/installation.jsonl`.
pub(super) async fn lines(
    State(state): State<AppState>,
    method: Method,
    Auditing(user): Auditing,
    page: Page,
) -> Result<Response, Error> {
    take_away(&state, &method, &user, &page, HistoryForm::JsonLines).await
}

async fn take_away(
    state: &AppState,
    method: &Method,
    user: &CurrentUser,
    page: &Page,
    form: HistoryForm,
) -> Result<Response, Error> {
    let body = if *method == Method::HEAD { Body::empty() } else { body(state, user, page, form).await? };
    taking_away::file(form, "installation", body)
}

/// Notes the export, then begins to read.
async fn body(state: &AppState, user: &CurrentUser, page: &Page, form: HistoryForm) -> Result<Body, Error> {
    let (doing, by, request, now) = (state.clone(), user.named(), page.request_id, state.clock.now());
    // In a task of its own: a client that leaves drops its handler.
    let noting = async move { doing.record.export_log(&doing.db, &by, form, request, now).await };
    let noted = state.tasks.spawn(noting.in_current_span()).await;
    let last = noted.map_err(|error| Error::Fault(error.into()))??;
    let names = store::names(&state.db).await?;
    let reading = Reading { db: state.db.clone(), names, form, next: 0, last };
    Ok(Body::from_stream(pieces(reading)))
}

/// A log that is being read.
struct Reading {
    db: PgPool,
    names: Names,
    form: HistoryForm,
    /// The next entry; 0 while nothing was sent yet.
    next: i64,
    last: i64,
}

/// The pieces of the file, each of a batch of entries.
fn pieces(reading: Reading) -> impl Stream<Item = Result<Bytes, anyhow::Error>> + Send {
    stream::try_unfold(reading, |mut reading| async move {
        if reading.next > reading.last {
            return Ok(None);
        }
        let piece = reading.piece().await.inspect_err(|error| {
            tracing::error!(error = format!("{error:#}"), "an export of the installation's log broke off");
        })?;
        Ok(Some((piece, reading)))
    })
}

impl Reading {
    async fn piece(&mut self) -> anyhow::Result<Bytes> {
        let begins = self.next == 0;
        self.next = self.next.max(1);
        let mut entries = Vec::new();
        for bytes in store::batch(&self.db, self.next, self.last, BATCH).await? {
            let entry: Entry = canonical::read(&bytes)?;
            anyhow::ensure!(entry.index == self.next, "entry {} stands where {} should", entry.index, self.next);
            self.next += 1;
            entries.push((entry, bytes));
        }
        anyhow::ensure!(!entries.is_empty(), "entry {} is missing", self.next);
        match self.form {
            HistoryForm::Csv => rows(&self.names, &entries, begins),
            HistoryForm::JsonLines | HistoryForm::Bundle => json_lines(&self.names, &entries),
        }
    }
}

fn rows(names: &Names, entries: &[(Entry, Vec<u8>)], begins: bool) -> anyhow::Result<Bytes> {
    let mut sheet = if begins { Sheet::new(&HEADINGS)? } else { Sheet::continued() };
    for (entry, bytes) in entries {
        let words = entry_in_words(None, names, entry);
        let actor = entry.actor.as_ref();
        let (launch, seq) = entry.launch.unzip();
        sheet.row(&[
            entry.index.to_string(),
            entry.at.to_string(),
            actor.map_or_else(String::new, |actor| actor.name.to_string()),
            actor.map_or_else(String::new, |actor| actor.id.to_string()),
            entry.event.kind().to_owned(),
            words.sentence(),
            words.values(|change| change.old.as_deref()),
            words.values(|change| change.new.as_deref()),
            launch.map_or_else(String::new, |launch| launch.to_string()),
            seq.map_or_else(String::new, |seq| seq.to_string()),
            leaf_hash(bytes).to_string(),
        ])?;
    }
    Ok(sheet.bytes()?.into())
}

/// What stands beside an entry's own bytes in its line.
#[derive(Serialize)]
struct Beside {
    /// The hash of its leaf.
    leaf: String,
    /// What was done, after the actor's name.
    sentence: String,
}

fn json_lines(names: &Names, entries: &[(Entry, Vec<u8>)]) -> anyhow::Result<Bytes> {
    let mut lines = Vec::new();
    for (entry, bytes) in entries {
        let words = entry_in_words(None, names, entry);
        let beside = Beside { leaf: leaf_hash(bytes).to_string(), sentence: words.sentence() };
        taking_away::json_line(&mut lines, "entry", bytes, &beside)?;
    }
    Ok(lines.into())
}
