//! Exports of a log, as CSV for spreadsheets and as JSON Lines for programs.
//!
//! A file is made while it is sent, a few hundred entries at a time, so that memory use does not depend on the length of
//! the log. Its content is fixed before the first byte is sent: the entries up to the one that the export's checkpoint
//! covers. If the log can't be read to its end, the download breaks off with an error, so that nobody takes a part for
//! the whole.

use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures_util::{Stream, stream};
use http::Method;
use serde::Serialize;
use sqlx::PgPool;

use crate::{
    domain::{checkpoint::LogId, installation::ExportFormat, launch::texts::Commitment},
    record::texts::{LoadedTexts, load_texts},
    web::{Error, csv_table::CsvTable, export_file},
};

/// Entries read at a time.
const BATCH_SIZE: i64 = 500;

/// A log that can be exported, with what is needed to describe its entries.
pub trait LogExport: Send + Sync + 'static {
    type Entry: Send + Sync;

    /// What an entry is called, in JSON Lines and in errors.
    const ENTRY_NAME: &'static str;

    /// The headings of [`Self::to_csv_row`].
    const CSV_HEADINGS: &'static [&'static str];

    fn id(&self) -> LogId;

    /// The bytes of at most `limit` entries from one number to another, oldest first.
    fn load_batch(
        &self,
        db: &PgPool,
        range: (i64, i64),
        limit: i64,
    ) -> impl Future<Output = Result<Vec<Vec<u8>>, sqlx::Error>> + Send;

    /// An entry with its number.
    ///
    /// # Errors
    /// When the bytes are not an entry.
    fn parse(&self, bytes: &[u8]) -> anyhow::Result<(i64, Self::Entry)>;

    /// The texts that have to be loaded to describe an entry.
    fn named_texts(&self, _: &Self::Entry) -> Vec<Commitment> {
        Vec::new()
    }

    fn to_csv_row(&self, entry: &Self::Entry, bytes: &[u8], texts: &LoadedTexts) -> Vec<String>;

    /// The fields that follow an entry's own bytes in its line of JSON.
    ///
    /// # Errors
    /// When the bytes are not JSON.
    fn to_annotations(
        &self,
        entry: &Self::Entry,
        bytes: &[u8],
        texts: &LoadedTexts,
    ) -> serde_json::Result<impl Serialize>;
}

/// The response to a request for an export. `begin` verifies the log and records the export; it returns the log and the
/// number of the last entry that is exported. A HEAD request exports nothing. `stem` is the file's name without extension.
///
/// # Errors
/// Those of `begin`.
pub async fn respond_with_export<L: LogExport>(
    db: &PgPool,
    method: &Method,
    format: ExportFormat,
    stem: &str,
    begin: impl Future<Output = Result<(L, i64), Error>>,
) -> Result<Response, Error> {
    let body = if *method == Method::HEAD {
        Body::empty()
    } else {
        let (log, last) = begin.await?;
        Body::from_stream(chunks(LogExportReader { db: db.clone(), log, format, next: 0, last }))
    };
    export_file::to_file_response(format, stem, body)
}

struct LogExportReader<L> {
    db: PgPool,
    log: L,
    format: ExportFormat,
    /// The number of the next entry; 0 before anything was sent.
    next: i64,
    last: i64,
}

/// The chunks of the file, one per batch of entries.
fn chunks<L: LogExport>(reader: LogExportReader<L>) -> impl Stream<Item = Result<Bytes, anyhow::Error>> + Send {
    stream::try_unfold(reader, |mut reader| async move {
        if reader.next > reader.last {
            return Ok(None);
        }
        let chunk = reader.read_chunk().await.inspect_err(|error| {
            tracing::error!(log = %reader.log.id(), error = format!("{error:#}"), "an export broke off");
        })?;
        Ok(Some((chunk, reader)))
    })
}

impl<L: LogExport> LogExportReader<L> {
    async fn read_chunk(&mut self) -> anyhow::Result<Bytes> {
        let is_first = self.next == 0;
        self.next = self.next.max(1);
        let mut entries = Vec::new();
        for bytes in self.log.load_batch(&self.db, (self.next, self.last), BATCH_SIZE).await? {
            let (number, entry) = self.log.parse(&bytes)?;
            anyhow::ensure!(number == self.next, "{} {number} stands where {} should", L::ENTRY_NAME, self.next);
            self.next += 1;
            entries.push((entry, bytes));
        }
        anyhow::ensure!(!entries.is_empty(), "{} {} is missing", L::ENTRY_NAME, self.next);
        let texts = load_texts(&self.db, entries.iter().flat_map(|(entry, _)| self.log.named_texts(entry))).await?;
        match self.format {
            ExportFormat::Csv => self.to_csv_chunk(&entries, &texts, is_first),
            ExportFormat::JsonLines | ExportFormat::Bundle => self.to_json_lines_chunk(&entries, &texts),
        }
    }

    fn to_csv_chunk(
        &self,
        entries: &[(L::Entry, Vec<u8>)],
        texts: &LoadedTexts,
        is_first: bool,
    ) -> anyhow::Result<Bytes> {
        let mut table = if is_first { CsvTable::new(L::CSV_HEADINGS)? } else { CsvTable::without_headings() };
        for (entry, bytes) in entries {
            table.add_row(&self.log.to_csv_row(entry, bytes, texts))?;
        }
        Ok(table.into_bytes()?.into())
    }

    fn to_json_lines_chunk(&self, entries: &[(L::Entry, Vec<u8>)], texts: &LoadedTexts) -> anyhow::Result<Bytes> {
        let mut lines = Vec::new();
        for (entry, bytes) in entries {
            let annotations = self.log.to_annotations(entry, bytes, texts)?;
            export_file::append_json_line(&mut lines, L::ENTRY_NAME, bytes, &annotations)?;
        }
        Ok(lines.into())
    }
}
