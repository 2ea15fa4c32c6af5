//! GET: all evidence of a launch as one ZIP archive, written while it is sent.
//!
//! Withdrawn evidence is included, in a folder of its own: it stays readable on the pages, and a reviewer of the launch
//! also wants to see what no longer supports it. A file that is used on several items is included once, and the index
//! names it with each. The index comes last, because it says of each file whether its bytes are those that were
//! attached, which is known only after they were read.

use std::{collections::HashMap, sync::Arc};

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, Method, header};

use super::{file, status::EvidenceStatus};
use crate::{
    access::launch_access::LaunchAccess,
    blobs::{Blobs, FileDefect},
    domain::{
        canonical::Sha256Hash,
        ids::EvidenceId,
        installation::InstallationEvent,
        launch::{
            event::EvidenceContent,
            state::{Evidence, Item, LaunchState},
        },
        time::Moment,
    },
    presentation::formatting,
    record,
    state::AppState,
    web::{
        Error,
        archive::{Archive, ArchiveError, ArchiveNames},
        chrome::PageContext,
        csv_table::CsvTable,
        response::Uncompressed,
    },
};

/// Folder of withdrawn files. No item's key has a `_`, so no item's folder has this name.
const WITHDRAWN_FOLDER: &str = "_withdrawn";

/// `GET /launches/{id}/evidence.zip`. The audit log has an event for the export before the first byte is sent.
pub(super) async fn download_archive(
    State(state): State<AppState>,
    method: Method,
    access: LaunchAccess,
    page: PageContext,
) -> Result<Response, Error> {
    let launch = Arc::clone(&access.launch);
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        let packed = list_files(&launch);
        record_export(&state, &access, &page, &packed).await?;
        let (archive, body) = Archive::new(launch.zone().clone());
        let packing = EvidenceArchiveWriter {
            blobs: state.blobs.clone(),
            launch: Arc::clone(&launch),
            now: access.now,
            files: packed,
        };
        state.finish_later(packing.write_and_log(archive));
        body
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/zip")),
        (
            header::CONTENT_DISPOSITION,
            file::to_header_value(&file::content_disposition(&format!("{} evidence.zip", launch.name())))?,
        ),
        (header::CACHE_CONTROL, file::CACHE_PRIVATE),
    ];
    let mut response = (headers, body).into_response();
    response.extensions_mut().insert(Uncompressed);
    Ok(response)
}

async fn record_export(
    state: &AppState,
    access: &LaunchAccess,
    page: &PageContext,
    packed: &[ArchivedFile],
) -> Result<(), Error> {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let event =
        InstallationEvent::EvidenceExported { pieces: count(access.launch.evidence.len()), files: count(packed.len()) };
    let (db, by, now, request) = (state.db.clone(), access.user.to_person_ref(), access.now, page.request_id);
    let about = (access.launch.id, access.launch.seq);
    let recording = async move {
        let mut transaction = record::installation_log::AuditedTransaction::begin(&db).await?;
        record::installation_log::append_event(&mut transaction, Some(&by), &event, Some(about), request, now).await?;
        transaction.commit().await
    };
    Ok(state.finish(recording).await??)
}

struct ArchivedFile {
    origin: EvidenceId,
    name: String,
    at: Moment,
    size: u64,
    sha256: Sha256Hash,
}

/// Every piece of evidence with its item, in the checklist's order.
fn evidence_by_item(launch: &LaunchState) -> impl Iterator<Item = (&Item, &Evidence)> {
    launch.items.iter().flat_map(|item| launch.evidence_of(item).map(move |evidence| (item, evidence)))
}

/// Lists every file once, under the first item that has it; files that are withdrawn from all items are in the folder
/// [`WITHDRAWN_FOLDER`].
fn list_files(launch: &LaunchState) -> Vec<ArchivedFile> {
    let mut names = ArchiveNames::new();
    let mut packed: HashMap<EvidenceId, usize> = HashMap::new();
    let mut files: Vec<ArchivedFile> = Vec::new();
    for withdrawn in [false, true] {
        for (item, evidence) in
            evidence_by_item(launch).filter(|(_, evidence)| evidence.withdrawn.is_some() == withdrawn)
        {
            let EvidenceContent::File { name, sha256, size, .. } = &evidence.content else { continue };
            if evidence.redacted.is_some() {
                continue;
            }
            packed.entry(evidence.origin_id()).or_insert_with(|| {
                let key = launch.definition(item).key.as_str();
                let folder = if withdrawn { format!("{WITHDRAWN_FOLDER}/{key}") } else { key.to_owned() };
                let (origin, at, size, sha256) = (evidence.origin_id(), evidence.at, *size, *sha256);
                files.push(ArchivedFile { origin, name: names.assign(&folder, launch.text(name)), at, size, sha256 });
                files.len()
            });
        }
    }
    files
}

#[derive(Debug, Clone, Copy)]
enum ArchivedFileState {
    Intact,
    Altered,
    Missing,
}

impl ArchivedFileState {
    const fn label(self) -> &'static str {
        match self {
            Self::Intact => "as attached",
            Self::Altered => "left out: not as attached, the SHA-256 differs",
            Self::Missing => "missing from the evidence store",
        }
    }
}

struct EvidenceArchiveWriter {
    blobs: Blobs,
    launch: Arc<LaunchState>,
    now: Moment,
    files: Vec<ArchivedFile>,
}

impl EvidenceArchiveWriter {
    async fn write_and_log(self, archive: Archive) {
        match self.write(archive).await {
            Ok(()) => {}
            Err(ArchiveError::ClientLeft) => tracing::info!("an archive of evidence was not taken to its end"),
            Err(ArchiveError::Failed(error)) => {
                tracing::error!(error = format!("{error:#}"), "an archive of evidence could not be made");
            }
        }
    }

    async fn write(&self, mut archive: Archive) -> Result<(), ArchiveError> {
        let mut files = HashMap::new();
        for file in &self.files {
            files.insert(file.origin, (file.name.as_str(), self.write_file(&mut archive, file).await?));
        }
        archive.add_bytes("evidence.csv", self.now, &self.build_index(&files).map_err(ArchiveError::Failed)?).await?;
        archive.finish().await
    }

    async fn write_file(&self, archive: &mut Archive, file: &ArchivedFile) -> Result<ArchivedFileState, ArchiveError> {
        let opened = self.blobs.open_attached(file.origin, file.sha256).await;
        let bytes = match opened.map_err(|error| ArchiveError::Failed(error.into()))? {
            Ok(bytes) => bytes,
            Err(FileDefect::Missing) => return Ok(ArchivedFileState::Missing),
            Err(FileDefect::Altered) => return Ok(ArchivedFileState::Altered),
        };
        archive.add_stream(&file.name, file.at, file.size, bytes).await?;
        Ok(ArchivedFileState::Intact)
    }

    /// One row for each piece of evidence, including links and notes.
    fn build_index(&self, files: &HashMap<EvidenceId, (&str, ArchivedFileState)>) -> anyhow::Result<Vec<u8>> {
        let launch = &*self.launch;
        let mut sheet = CsvTable::new(&[
            "item",
            "place",
            "kind",
            "name or text",
            "file in this archive",
            "its bytes",
            "size",
            "sha256",
            "type",
            "attached by",
            "attached at",
            "observed on",
            "valid until",
            "standing",
            "withdrawn by",
            "withdrawn at",
            "why withdrawn",
            "used again from",
        ])?;
        for (item, evidence) in evidence_by_item(launch) {
            let (text, size, sha256, media_type) = match &evidence.content {
                EvidenceContent::File { name, sha256, size, media_type } => {
                    (name, size.to_string(), sha256.to_string(), media_type.as_str())
                }
                EvidenceContent::Link { url: text } | EvidenceContent::Note { body: text } => {
                    (text, String::new(), String::new(), "")
                }
            };
            let lost = if evidence.redacted.is_some() { "redacted" } else { "" };
            let (file, bytes) =
                files.get(&evidence.origin_id()).map_or(("", lost), |(name, state)| (*name, state.label()));
            let withdrawn = evidence.withdrawn.as_ref();
            let source = evidence.source_id.and_then(|id| launch.evidence.get(&id)).and_then(|of| launch.item(of.item));
            sheet.add_row(&[
                launch.definition(item).title.to_string(),
                formatting::describe_place(launch, item),
                evidence.content.kind().to_owned(),
                launch.text(text).to_owned(),
                file.to_owned(),
                bytes.to_owned(),
                size,
                sha256,
                media_type.to_owned(),
                launch.person_name(evidence.by).to_owned(),
                evidence.at.to_string(),
                evidence.observed_on.to_string(),
                evidence.valid_until.map_or_else(String::new, |day| day.to_string()),
                EvidenceStatus::from_evidence(evidence, launch, self.now).slug().to_owned(),
                withdrawn.map_or_else(String::new, |ended| launch.person_name(ended.by).to_owned()),
                withdrawn.map_or_else(String::new, |ended| ended.at.to_string()),
                withdrawn.map_or_else(String::new, |ended| launch.text(&ended.reason).to_owned()),
                source.map_or_else(String::new, |item| launch.definition(item).title.to_string()),
            ])?;
        }
        sheet.into_bytes()
    }
}
