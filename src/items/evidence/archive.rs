//! GET: all evidence of a launch as one ZIP archive, made while it is sent.
//!
//! What was withdrawn is in it too, in a folder of its own: it stays readable on the pages, and who is to judge what a
//! launch rested on wants to see what it no longer did. A file that is used on several items is in it once, and the
//! index names it with each. The index comes last, since it says of each file whether its bytes are those that were
//! attached, which is known only when they have been read.

use std::{collections::HashMap, sync::Arc};

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, Method, header};
use tracing::Instrument as _;

use super::{file, view::Standing};
use crate::{
    access::launch_access::LaunchAccess,
    blobs::{Blobs, NotAsAttached},
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
    launch_page::words,
    record,
    state::AppState,
    web::{
        Error,
        archive::{Archive, Names, Unfinished},
        page::{Page, Verbatim},
        sheet::Sheet,
    },
};

/// What withdrawn files are in. No item's key has a `_`, so that no item's folder is this one.
const WITHDRAWN: &str = "_withdrawn";

/// `GET /launches/{id}/evidence.zip`. That it was taken is an event of the installation, there before the first byte.
pub(super) async fn download(
    State(state): State<AppState>,
    method: Method,
    access: LaunchAccess,
    page: Page,
) -> Result<Response, Error> {
    let launch = Arc::clone(&access.launch);
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        let packed = files(&launch);
        log(&state, &access, &page, &packed).await?;
        let (archive, body) = Archive::new(launch.zone().clone());
        let packing = Packing { blobs: state.blobs.clone(), launch: Arc::clone(&launch), now: access.now, packed };
        tokio::spawn(packing.run(archive).in_current_span());
        body
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/zip")),
        (header::CONTENT_DISPOSITION, file::value(&file::disposition(&format!("{} evidence.zip", launch.name())))?),
        (header::CACHE_CONTROL, file::PRIVATE),
    ];
    let mut response = (headers, body).into_response();
    response.extensions_mut().insert(Verbatim);
    Ok(response)
}

/// Records that the evidence was taken. In a task of its own: axum drops a handler whose client leaves.
async fn log(state: &AppState, access: &LaunchAccess, page: &Page, packed: &[Packed]) -> Result<(), Error> {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let event =
        InstallationEvent::EvidenceExported { pieces: count(access.launch.evidence.len()), files: count(packed.len()) };
    let (state, by, now, request) = (state.clone(), access.user.named(), access.now, page.request_id);
    let about = (access.launch.id, access.launch.seq);
    let logging = async move {
        let mut transaction = state.db.begin().await?;
        record::installation::append(&mut transaction, Some(&by), &event, Some(about), request, now).await?;
        transaction.commit().await
    };
    let done = tokio::spawn(logging.in_current_span()).await;
    Ok(done.map_err(|error| Error::Fault(error.into()))??)
}

/// A file of the archive.
struct Packed {
    origin: EvidenceId,
    name: String,
    at: Moment,
    size: u64,
    sha256: Sha256Hash,
}

/// Every item that has evidence, with each piece of it, in the checklist's order.
fn pieces(launch: &LaunchState) -> impl Iterator<Item = (&Item, &Evidence)> {
    launch.items.iter().flat_map(|item| launch.evidence_of(item).map(move |evidence| (item, evidence)))
}

/// Every file once, named after the first item on which it stands; withdrawn from all of them, it stands apart.
fn files(launch: &LaunchState) -> Vec<Packed> {
    let mut names = Names::new();
    let mut packed: HashMap<EvidenceId, usize> = HashMap::new();
    let mut files: Vec<Packed> = Vec::new();
    for withdrawn in [false, true] {
        for (item, evidence) in pieces(launch).filter(|(_, evidence)| evidence.withdrawn.is_some() == withdrawn) {
            let EvidenceContent::File { name, sha256, size, .. } = &evidence.content else { continue };
            if evidence.redacted.is_some() {
                continue;
            }
            packed.entry(evidence.origin()).or_insert_with(|| {
                let key = launch.definition(item).key.as_str();
                let folder = if withdrawn { format!("{WITHDRAWN}/{key}") } else { key.to_owned() };
                let (origin, at, size, sha256) = (evidence.origin(), evidence.at, *size, *sha256);
                files.push(Packed { origin, name: names.give(&folder, launch.text(name)), at, size, sha256 });
                files.len()
            });
        }
    }
    files
}

/// What was found of a file's bytes, as the index says it.
#[derive(Debug, Clone, Copy)]
enum Found {
    Intact,
    Altered,
    Missing,
}

impl Found {
    const fn word(self) -> &'static str {
        match self {
            Self::Intact => "as attached",
            Self::Altered => "left out: not as attached, the SHA-256 differs",
            Self::Missing => "missing from the evidence store",
        }
    }
}

/// An archive on its way.
struct Packing {
    blobs: Blobs,
    launch: Arc<LaunchState>,
    now: Moment,
    packed: Vec<Packed>,
}

impl Packing {
    async fn run(self, archive: Archive) {
        match self.pack(archive).await {
            Ok(()) => {}
            Err(Unfinished::Left) => tracing::info!("an archive of evidence was not taken to its end"),
            Err(Unfinished::Fault(error)) => {
                tracing::error!(error = format!("{error:#}"), "an archive of evidence could not be made");
            }
        }
    }

    async fn pack(&self, mut archive: Archive) -> Result<(), Unfinished> {
        let mut found = HashMap::new();
        for file in &self.packed {
            found.insert(file.origin, (file.name.as_str(), self.file(&mut archive, file).await?));
        }
        archive.whole("evidence.csv", self.now, &self.index(&found).map_err(Unfinished::Fault)?).await?;
        archive.finish().await
    }

    async fn file(&self, archive: &mut Archive, file: &Packed) -> Result<Found, Unfinished> {
        let opened = self.blobs.open_attached(file.origin, file.sha256).await;
        let bytes = match opened.map_err(|error| Unfinished::Fault(error.into()))? {
            Ok(bytes) => bytes,
            Err(NotAsAttached::Missing) => return Ok(Found::Missing),
            Err(NotAsAttached::Altered) => return Ok(Found::Altered),
        };
        archive.file(&file.name, file.at, file.size, bytes).await?;
        Ok(Found::Intact)
    }

    /// The index: a row for each piece of evidence, links and notes too.
    fn index(&self, found: &HashMap<EvidenceId, (&str, Found)>) -> anyhow::Result<Vec<u8>> {
        let launch = &*self.launch;
        let mut sheet = Sheet::new(&[
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
        for (item, evidence) in pieces(launch) {
            let (text, size, sha256, media_type) = match &evidence.content {
                EvidenceContent::File { name, sha256, size, media_type } => {
                    (name, size.to_string(), sha256.to_string(), media_type.as_str())
                }
                EvidenceContent::Link { url: text } | EvidenceContent::Note { body: text } => {
                    (text, String::new(), String::new(), "")
                }
            };
            let lost = if evidence.redacted.is_some() { "redacted" } else { "" };
            let (file, bytes) = found.get(&evidence.origin()).map_or(("", lost), |(name, found)| (*name, found.word()));
            let withdrawn = evidence.withdrawn.as_ref();
            let source = evidence.source.and_then(|id| launch.evidence.get(&id)).and_then(|of| launch.item(of.item));
            sheet.row(&[
                launch.definition(item).title.to_string(),
                words::place(launch, item),
                evidence.content.kind().to_owned(),
                launch.text(text).to_owned(),
                file.to_owned(),
                bytes.to_owned(),
                size,
                sha256,
                media_type.to_owned(),
                launch.person(evidence.by).to_owned(),
                evidence.at.to_string(),
                evidence.observed_on.to_string(),
                evidence.valid_until.map_or_else(String::new, |day| day.to_string()),
                Standing::of(evidence, launch, self.now).slug().to_owned(),
                withdrawn.map_or_else(String::new, |ended| launch.person(ended.by).to_owned()),
                withdrawn.map_or_else(String::new, |ended| ended.at.to_string()),
                withdrawn.map_or_else(String::new, |ended| launch.text(&ended.reason).to_owned()),
                source.map_or_else(String::new, |item| launch.definition(item).title.to_string()),
            ])?;
        }
        sheet.bytes()
    }
}
