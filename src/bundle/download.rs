//! GET: the bundle of a launch, made while it is sent.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::anyhow;
use axum::{body::Body, extract::State, response::Response};
use bytes::{BufMut as _, Bytes, BytesMut};
use futures_util::stream;
use http::Method;

use super::{report, store};
use crate::{
    access::launch_access::LaunchAccess,
    blobs::Blobs,
    domain::{
        bundle::{
            BundleChecklistRef, BundleCheckpointLine, BundleEntry, BundleKeyLine, BundleTextLine, BundleWitnessLine,
            Manifest, to_signature_entries,
        },
        canonical::{self, Sha256Hash},
        checkpoint::LogId,
        ids::EvidenceId,
        installation::ExportFormat,
        key_chain::KeyChain,
        launch::{
            event::{EvidenceContent, Seq},
            state::LaunchState,
            texts::Commitment,
        },
        time::Moment,
    },
    record::{checkpoints, events, history_export::ExportedHistory, keys, verify::EvidenceFileCheck},
    state::AppState,
    web::{
        Error,
        archive::{Archive, ArchiveError},
        chrome::PageContext,
        export_file,
        export_integrity::ensure_unaltered,
        response::Uncompressed,
    },
};

/// `GET /launches/{id}/bundle.zip`. Before the first byte, the content is verified, an altered history or file is
/// refused, and the export is recorded. A HEAD request exports nothing.
pub(super) async fn download_bundle(
    State(state): State<AppState>,
    method: Method,
    access: LaunchAccess,
    page: PageContext,
) -> Result<Response, Error> {
    let id = access.launch.id;
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        ensure_unaltered(&state, id, EvidenceFileCheck::Hash).await?;
        let exported = record_export(&state, &access, &page).await?;
        let launch = state.record.load_as_of(&state.db, id, exported.size).await?.ok_or(Error::NotFound)?;
        let (archive, body) = Archive::new(launch.zone().clone());
        let packing = BundlePacker { state: state.clone(), launch, now: access.now, exported };
        state.finish_later(packing.run(archive));
        body
    };
    let mut response = export_file::to_file_response(ExportFormat::Bundle, &format!("signoff-bundle-{id}"), body)?;
    response.extensions_mut().insert(Uncompressed);
    Ok(response)
}

async fn record_export(state: &AppState, access: &LaunchAccess, page: &PageContext) -> Result<ExportedHistory, Error> {
    let (task_state, by, now, request) = (state.clone(), access.user.to_person_ref(), access.now, page.request_id);
    let launch = access.launch.id;
    let recording = async move {
        task_state.record.export_history(&task_state.db, &by, launch, ExportFormat::Bundle, request, now).await
    };
    state.finish(recording).await??.ok_or(Error::NotFound)
}

const EVENTS_PER_PAGE: i64 = 500;

struct BundlePacker {
    state: AppState,
    /// The state after the last exported event.
    launch: Arc<LaunchState>,
    now: Moment,
    exported: ExportedHistory,
}

/// The launch's files that were not redacted: the evidence that each is stored under, and its size.
fn list_files(launch: &LaunchState) -> BTreeMap<Sha256Hash, (EvidenceId, u64)> {
    let unredacted = launch.evidence.values().filter(|evidence| evidence.redacted.is_none());
    let of_file = unredacted.filter_map(|evidence| match evidence.content {
        EvidenceContent::File { sha256, size, .. } => Some((sha256, (evidence.origin_id(), size))),
        EvidenceContent::Link { .. } | EvidenceContent::Note { .. } => None,
    });
    of_file.collect()
}

impl BundlePacker {
    async fn run(self, archive: Archive) {
        match self.pack(archive).await {
            Ok(()) => {}
            Err(ArchiveError::ClientLeft) => tracing::info!("a bundle was not taken to its end"),
            Err(ArchiveError::Failed(error)) => {
                tracing::error!(error = format!("{error:#}"), "a bundle could not be made");
            }
        }
    }

    /// Writes the entries in the order that lets a bundle be verified in one pass.
    async fn pack(self, mut archive: Archive) -> Result<(), ArchiveError> {
        let (launch, db) = (&*self.launch, &self.state.db);
        let keys = keys::load_key_chain(db).await.map_err(ArchiveError::Failed)?;
        let version = &launch.version;
        let named = BundleChecklistRef { id: version.checklist_id, version: version.id, number: version.number };
        let manifest = Manifest::new(keys.newest().installation(), launch.id, self.exported.size, named);
        self.write_whole(&mut archive, BundleEntry::Manifest, &to_pretty_json(&manifest)?).await?;
        self.write_whole(&mut archive, BundleEntry::Key, format!("{}\n", keys.newest()).as_bytes()).await?;
        if !keys.statements().is_empty() {
            self.write_whole(&mut archive, BundleEntry::EarlierKeys, &build_key_lines(&keys)).await?;
        }
        self.write_whole(&mut archive, BundleEntry::Checkpoints, &self.build_checkpoint_lines().await?).await?;
        let checklist = store::load_checklist_content(db, version.id).await.map_err(to_unfinished)?;
        self.write_whole(&mut archive, BundleEntry::Checklist, &checklist).await?;
        self.write_events(&mut archive).await?;
        self.write_texts(&mut archive).await?;
        let text = |of: &Commitment| launch.texts.get(of).map(str::to_owned);
        let signed: Vec<_> = to_signature_entries(launch, text).collect();
        self.write_whole(&mut archive, BundleEntry::Signatures, &to_pretty_json(&signed)?).await?;
        for (sha256, (origin, size)) in list_files(launch) {
            self.write_file(&mut archive, sha256, origin, size).await?;
        }
        self.write_report(&mut archive).await?;
        // A text or file that was redacted meanwhile may be missing here, without the event that says so. Such a bundle
        // would not verify.
        if store::has_redaction_since(db, launch.id, self.exported.size).await.map_err(to_unfinished)? {
            return Err(ArchiveError::Failed(anyhow!("something was redacted while a bundle was made")));
        }
        archive.finish().await
    }

    async fn write_whole(&self, archive: &mut Archive, entry: BundleEntry, bytes: &[u8]) -> Result<(), ArchiveError> {
        archive.add_bytes(&entry.name(), self.now, bytes).await
    }

    async fn build_checkpoint_lines(&self) -> Result<Vec<u8>, ArchiveError> {
        let log = LogId::Launch(self.launch.id);
        let mut stored =
            checkpoints::load_up_to(&self.state.db, log, self.exported.size).await.map_err(to_unfinished)?;
        // The last one may be older than the newest key, which has to vouch for the whole.
        if let Some(last) = stored.last_mut() {
            last.text = self.state.record.cosign(last).map_err(ArchiveError::Failed)?;
        }
        let mut lines = Vec::new();
        for checkpoint in stored {
            let witnesses =
                checkpoint.witnesses.into_iter().map(|it| BundleWitnessLine { name: it.name, at: it.at }).collect();
            let line =
                BundleCheckpointLine { note: checkpoint.text, cause: checkpoint.cause, at: checkpoint.at, witnesses };
            lines.extend_from_slice(&canonical::to_bytes(&line));
            lines.push(b'\n');
        }
        Ok(lines)
    }

    async fn write_events(&self, archive: &mut Archive) -> Result<(), ArchiveError> {
        let pages = stream::try_unfold(0, |after| async move {
            let page = self.load_event_page(after).await?;
            let next = after + page.len() as Seq;
            let mut lines = BytesMut::new();
            for event in page {
                lines.extend_from_slice(&event);
                lines.put_u8(b'\n');
            }
            Ok::<_, sqlx::Error>((!lines.is_empty()).then(|| (lines.freeze(), next)))
        });
        archive.add_stream(&BundleEntry::Events.name(), self.now, 0, pages).await
    }

    async fn load_event_page(&self, after: Seq) -> Result<Vec<Vec<u8>>, sqlx::Error> {
        events::load_events(&self.state.db, self.launch.id, (after + 1, self.exported.size), EVENTS_PER_PAGE).await
    }

    async fn write_texts(&self, archive: &mut Archive) -> Result<(), ArchiveError> {
        let begin = (0, Vec::new());
        let pages = stream::try_unfold(begin, |(seq, commitment): (Seq, Vec<u8>)| async move {
            let launch = self.launch.id;
            let page = store::load_text_page(&self.state.db, launch, (seq, &commitment), self.exported.size).await?;
            let Some(last) = page.last().map(|last| (last.seq, last.commitment.clone())) else { return Ok(None) };
            let mut lines = BytesMut::new();
            for text in page {
                let commitment = text.commitment.try_into().map_err(|_| anyhow!("a commitment of {launch} is none"))?;
                let salt = text.salt.try_into().map_err(|_| anyhow!("a salt of {launch} is none"))?;
                let line = BundleTextLine { commitment: Commitment(commitment), salt, value: text.value };
                lines.extend_from_slice(&canonical::to_bytes(&line));
                lines.put_u8(b'\n');
            }
            Ok::<_, anyhow::Error>(Some((lines.freeze(), last)))
        });
        archive.add_stream(&BundleEntry::Texts.name(), self.now, 0, pages).await
    }

    /// Writes a file. It was verified before the bundle was begun; if it was altered or lost since then, the bundle
    /// breaks off.
    async fn write_file(
        &self,
        archive: &mut Archive,
        sha256: Sha256Hash,
        origin: EvidenceId,
        size: u64,
    ) -> Result<(), ArchiveError> {
        let blobs: &Blobs = &self.state.blobs;
        let opened = blobs.open_verifying(origin, sha256).await.map_err(|error| ArchiveError::Failed(error.into()))?;
        let lost = || ArchiveError::Failed(anyhow!("the file of evidence {origin} was lost while a bundle was made"));
        archive.add_stream(&BundleEntry::Evidence(sha256).name(), self.now, size, opened.ok_or_else(lost)?).await
    }

    async fn write_report(&self, archive: &mut Archive) -> Result<(), ArchiveError> {
        let launch = &*self.launch;
        let pages = stream::try_unfold(Some(0), |after: Option<Seq>| async move {
            let Some(after) = after else { return Ok(None) };
            let page = self.load_event_page(after).await?;
            let mut html =
                if after == 0 { report::render_head(launch, &self.exported, self.now)? } else { String::new() };
            if page.is_empty() {
                html.push_str(report::FOOT);
                return Ok(Some((Bytes::from(html), None)));
            }
            let next = after + page.len() as Seq;
            html.push_str(&report::render_events(&self.state.db, launch, &page).await?);
            Ok::<_, anyhow::Error>(Some((Bytes::from(html), Some(next))))
        });
        archive.add_stream(&BundleEntry::Report.name(), self.now, 0, pages).await
    }
}

fn build_key_lines(keys: &KeyChain) -> Vec<u8> {
    let mut lines = Vec::new();
    for signed in keys.statements() {
        lines.extend_from_slice(&canonical::to_bytes(&BundleKeyLine { statement: signed.to_string() }));
        lines.push(b'\n');
    }
    lines
}

fn to_pretty_json(value: &impl serde::Serialize) -> Result<Vec<u8>, ArchiveError> {
    serde_json::to_vec_pretty(value).map_err(|error| ArchiveError::Failed(error.into()))
}

fn to_unfinished(error: sqlx::Error) -> ArchiveError {
    ArchiveError::Failed(error.into())
}
