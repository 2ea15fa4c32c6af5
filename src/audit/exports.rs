//! GET: exports of the installation's log, made while they are sent, a batch of entries at a time.

use axum::{body::Body, extract::State, response::Response};
use bytes::Bytes;
use futures_util::{Stream, stream};
use http::Method;
use serde::Serialize;
use sqlx::PgPool;
use tracing::Instrument as _;

use super::store;
use crate::{
    access::{CurrentUser, audit_reader::AuditReader},
    domain::{canonical, installation::ExportFormat, merkle::hash_leaf},
    presentation::event_descriptions::{LogNames, describe_entry},
    record::installation_log::InstallationEntry,
    state::AppState,
    web::{Error, csv_table::CsvTable, export_file, page::PageContext},
};

/// Entries read at a time.
const BATCH_SIZE: i64 = 500;

const CSV_HEADINGS: [&str; 11] =
    ["entry", "at (UTC)", "who", "who (id)", "kind", "what", "old", "new", "launch (id)", "after event", "leaf hash"];

/// `GET /audit/installation.csv`.
pub(super) async fn download_csv(
    State(state): State<AppState>,
    method: Method,
    AuditReader(user): AuditReader,
    page: PageContext,
) -> Result<Response, Error> {
    export_log(&state, &method, &user, &page, ExportFormat::Csv).await
}

/// `GET /audit/installation.jsonl`.
pub(super) async fn download_json_lines(
    State(state): State<AppState>,
    method: Method,
    AuditReader(user): AuditReader,
    page: PageContext,
) -> Result<Response, Error> {
    export_log(&state, &method, &user, &page, ExportFormat::JsonLines).await
}

async fn export_log(
    state: &AppState,
    method: &Method,
    user: &CurrentUser,
    page: &PageContext,
    form: ExportFormat,
) -> Result<Response, Error> {
    let body = if *method == Method::HEAD { Body::empty() } else { record_and_stream(state, user, page, form).await? };
    export_file::to_file_response(form, "installation", body)
}

/// Records the export, then starts to read.
async fn record_and_stream(
    state: &AppState,
    user: &CurrentUser,
    page: &PageContext,
    form: ExportFormat,
) -> Result<Body, Error> {
    let (doing, by, request, now) = (state.clone(), user.to_person_ref(), page.request_id, state.clock.now());
    // In a task of its own: axum drops the handler when the client leaves.
    let noting = async move { doing.record.export_installation_log(&doing.db, &by, form, request, now).await };
    let noted = state.tasks.spawn(noting.in_current_span()).await;
    let last = noted.map_err(|error| Error::Fault(error.into()))??;
    let names = store::load_names(&state.db).await?;
    let reading = LogExportReader { db: state.db.clone(), names, format: form, next_index: 0, last_index: last };
    Ok(Body::from_stream(chunks(reading)))
}

struct LogExportReader {
    db: PgPool,
    names: LogNames,
    format: ExportFormat,
    /// The next entry; 0 before anything was sent.
    next_index: i64,
    last_index: i64,
}

/// The chunks of the file, one per batch of entries.
fn chunks(reading: LogExportReader) -> impl Stream<Item = Result<Bytes, anyhow::Error>> + Send {
    stream::try_unfold(reading, |mut reading| async move {
        if reading.next_index > reading.last_index {
            return Ok(None);
        }
        let piece = reading.read_chunk().await.inspect_err(|error| {
            tracing::error!(error = format!("{error:#}"), "an export of the installation's log broke off");
        })?;
        Ok(Some((piece, reading)))
    })
}

impl LogExportReader {
    async fn read_chunk(&mut self) -> anyhow::Result<Bytes> {
        let begins = self.next_index == 0;
        self.next_index = self.next_index.max(1);
        let mut entries = Vec::new();
        for bytes in store::load_batch(&self.db, self.next_index, self.last_index, BATCH_SIZE).await? {
            let entry: InstallationEntry = canonical::from_bytes(&bytes)?;
            anyhow::ensure!(
                entry.index == self.next_index,
                "entry {} stands where {} should",
                entry.index,
                self.next_index
            );
            self.next_index += 1;
            entries.push((entry, bytes));
        }
        anyhow::ensure!(!entries.is_empty(), "entry {} is missing", self.next_index);
        match self.format {
            ExportFormat::Csv => to_csv_chunk(&self.names, &entries, begins),
            ExportFormat::JsonLines | ExportFormat::Bundle => to_json_lines_chunk(&self.names, &entries),
        }
    }
}

fn to_csv_chunk(names: &LogNames, entries: &[(InstallationEntry, Vec<u8>)], begins: bool) -> anyhow::Result<Bytes> {
    let mut sheet = if begins { CsvTable::new(&CSV_HEADINGS)? } else { CsvTable::without_headings() };
    for (entry, bytes) in entries {
        let words = describe_entry(None, names, entry);
        let actor = entry.actor.as_ref();
        let (launch, seq) = entry.launch.unzip();
        sheet.add_row(&[
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
            hash_leaf(bytes).to_string(),
        ])?;
    }
    Ok(sheet.into_bytes()?.into())
}

/// The fields that follow an entry's own bytes in its line.
#[derive(Serialize)]
struct EntryAnnotations {
    /// The hash of the entry's leaf.
    leaf: String,
    /// What was done, without the actor's name in front.
    sentence: String,
}

fn to_json_lines_chunk(names: &LogNames, entries: &[(InstallationEntry, Vec<u8>)]) -> anyhow::Result<Bytes> {
    let mut lines = Vec::new();
    for (entry, bytes) in entries {
        let words = describe_entry(None, names, entry);
        let beside = EntryAnnotations { leaf: hash_leaf(bytes).to_string(), sentence: words.sentence() };
        export_file::append_json_line(&mut lines, "entry", bytes, &beside)?;
    }
    Ok(lines.into())
}
