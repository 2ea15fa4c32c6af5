//! GET: the bundle of a launch, made while it is sent.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::anyhow;
use axum::{body::Body, extract::State, response::Response};
use bytes::{BufMut as _, Bytes, BytesMut};
use futures_util::stream;
use http::Method;
use tracing::Instrument as _;

use super::{report, store};
use crate::{
    access::launch_access::LaunchAccess,
    blobs::Blobs,
    domain::{
        bundle::{ChecklistNamed, CheckpointLine, Entry, Manifest, TextLine, WitnessLine, signatures},
        canonical::{self, Sha256Hash},
        checkpoint::LogId,
        ids::EvidenceId,
        installation::HistoryForm,
        launch::{
            event::{EvidenceContent, Seq},
            state::LaunchState,
            texts::Commitment,
        },
        time::Moment,
    },
    launch_page::unaltered::refuse_altered,
    record::{checkpoints, exports::Exported, verify::Files},
    state::AppState,
    web::{
        Error,
        archive::{Archive, Unfinished},
        page::{Page, Verbatim},
        taking_away,
    },
};

/// `GET /launches/{id}/bundle.zip`. What goes into it is verified before the first byte, and what was altered is refused. That
/// it was taken is noted before the first byte too; its head alone takes nothing.
pub(super) async fn download(
    State(state): State<AppState>,
    method: Method,
    access: LaunchAccess,
    page: Page,
) -> Result<Response, Error> {
    let id = access.launch.id;
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        refuse_altered(&state, id, Files::Read).await?;
        let exported = note(&state, &access, &page).await?;
        let launch = state.record.as_of(&state.db, id, exported.size).await?.ok_or(Error::NotFound)?;
        let (archive, body) = Archive::new(launch.zone().clone());
        let packing = Packing { state: state.clone(), launch, now: access.now, exported };
        tokio::spawn(packing.run(archive).in_current_span());
        body
    };
    let mut response = taking_away::file(HistoryForm::Bundle, &format!("signoff-bundle-{id}"), body)?;
    response.extensions_mut().insert(Verbatim);
    Ok(response)
}

/// Notes that it was taken, in a task of its own: axum drops a handler whose client leaves.
async fn note(state: &AppState, access: &LaunchAccess, page: &Page) -> Result<Exported, Error> {
    let (state, by, now, request) = (state.clone(), access.user.named(), access.now, page.request_id);
    let launch = access.launch.id;
    let noting = async move { state.record.export(&state.db, &by, launch, HistoryForm::Bundle, request, now).await };
    let done = tokio::spawn(noting.in_current_span()).await;
    done.map_err(|error| Error::Fault(error.into()))??.ok_or(Error::NotFound)
}

/// A bundle on its way.
struct Packing {
    state: AppState,
    /// As it stood after the last event that is exported.
    launch: Arc<LaunchState>,
    now: Moment,
    exported: Exported,
}

/// What of the launch's files is there: where each is kept, and its size.
fn files(launch: &LaunchState) -> BTreeMap<Sha256Hash, (EvidenceId, u64)> {
    let there = launch.evidence.values().filter(|evidence| evidence.redacted.is_none());
    let of_file = there.filter_map(|evidence| match evidence.content {
        EvidenceContent::File { sha256, size, .. } => Some((sha256, (evidence.origin(), size))),
        EvidenceContent::Link { .. } | EvidenceContent::Note { .. } => None,
    });
    of_file.collect()
}

impl Packing {
    async fn run(self, archive: Archive) {
        match self.pack(archive).await {
            Ok(()) => {}
            Err(Unfinished::Left) => tracing::info!("a bundle was not taken to its end"),
            Err(Unfinished::Fault(error)) => {
                tracing::error!(error = format!("{error:#}"), "a bundle could not be made");
            }
        }
    }

    /// In the order that lets it be verified in one pass.
    async fn pack(self, mut archive: Archive) -> Result<(), Unfinished> {
        let (launch, db) = (&*self.launch, &self.state.db);
        let checkpoint = &self.exported.checkpoint;
        let version = &launch.version;
        let named = ChecklistNamed { id: version.of, version: version.id, number: version.number };
        let manifest = Manifest::new(checkpoint.key.installation(), launch.id, self.exported.size, named);
        self.whole(&mut archive, Entry::Manifest, &pretty(&manifest)?).await?;
        self.whole(&mut archive, Entry::Key, format!("{}\n", checkpoint.key).as_bytes()).await?;
        self.whole(&mut archive, Entry::Checkpoints, &self.checkpoints().await?).await?;
        let checklist = store::checklist(db, version.id).await.map_err(fault)?;
        self.whole(&mut archive, Entry::Checklist, &checklist).await?;
        self.events(&mut archive).await?;
        self.texts(&mut archive).await?;
        let text = |of: &Commitment| launch.texts.get(of).map(str::to_owned);
        let signed: Vec<_> = signatures(launch, text).collect();
        self.whole(&mut archive, Entry::Signatures, &pretty(&signed)?).await?;
        for (sha256, (origin, size)) in files(launch) {
            self.file(&mut archive, sha256, origin, size).await?;
        }
        self.report(&mut archive).await?;
        // What is destroyed meanwhile may be missing here, with the event that says so: this bundle would not verify.
        if store::redacted_since(db, launch.id, self.exported.size).await.map_err(fault)? {
            return Err(Unfinished::Fault(anyhow!("something was redacted while a bundle was made")));
        }
        archive.finish().await
    }

    async fn whole(&self, archive: &mut Archive, entry: Entry, bytes: &[u8]) -> Result<(), Unfinished> {
        archive.whole(&entry.name(), self.now, bytes).await
    }

    async fn checkpoints(&self) -> Result<Vec<u8>, Unfinished> {
        let log = LogId::Launch(self.launch.id);
        let kept = checkpoints::up_to(&self.state.db, log, self.exported.size).await.map_err(fault)?;
        let mut lines = Vec::new();
        for kept in kept {
            let witnesses = kept.witnesses.into_iter().map(|it| WitnessLine { name: it.name, at: it.at }).collect();
            let line = CheckpointLine { note: kept.text, cause: kept.cause, at: kept.at, witnesses };
            lines.extend_from_slice(&canonical::bytes(&line));
            lines.push(b'\n');
        }
        Ok(lines)
    }

    async fn events(&self, archive: &mut Archive) -> Result<(), Unfinished> {
        let pages = stream::try_unfold(0, |after| async move {
            let page = self.page(after).await?;
            let next = after + page.len() as Seq;
            let mut lines = BytesMut::new();
            for event in page {
                lines.extend_from_slice(&event);
                lines.put_u8(b'\n');
            }
            Ok::<_, sqlx::Error>((!lines.is_empty()).then(|| (lines.freeze(), next)))
        });
        archive.file(&Entry::Events.name(), self.now, 0, pages).await
    }

    async fn page(&self, after: Seq) -> Result<Vec<Vec<u8>>, sqlx::Error> {
        store::events(&self.state.db, self.launch.id, after, self.exported.size).await
    }

    async fn texts(&self, archive: &mut Archive) -> Result<(), Unfinished> {
        let begin = (0, Vec::new());
        let pages = stream::try_unfold(begin, |(seq, commitment): (Seq, Vec<u8>)| async move {
            let launch = self.launch.id;
            let page = store::texts(&self.state.db, launch, (seq, &commitment), self.exported.size).await?;
            let Some(last) = page.last().map(|last| (last.seq, last.commitment.clone())) else { return Ok(None) };
            let mut lines = BytesMut::new();
            for text in page {
                let commitment = text.commitment.try_into().map_err(|_| anyhow!("a commitment of {launch} is none"))?;
                let salt = text.salt.try_into().map_err(|_| anyhow!("a salt of {launch} is none"))?;
                let line = TextLine { commitment: Commitment(commitment), salt, value: text.value };
                lines.extend_from_slice(&canonical::bytes(&line));
                lines.put_u8(b'\n');
            }
            Ok::<_, anyhow::Error>(Some((lines.freeze(), last)))
        });
        archive.file(&Entry::Texts.name(), self.now, 0, pages).await
    }

    /// A file, which was found to be as it was attached before the bundle was begun. One that was altered or lost since then
    /// ends the bundle before it is whole.
    async fn file(
        &self,
        archive: &mut Archive,
        sha256: Sha256Hash,
        origin: EvidenceId,
        size: u64,
    ) -> Result<(), Unfinished> {
        let blobs: &Blobs = &self.state.blobs;
        let opened = blobs.open_checking(origin, sha256).await.map_err(|error| Unfinished::Fault(error.into()))?;
        let lost = || Unfinished::Fault(anyhow!("the file of evidence {origin} was lost while a bundle was made"));
        archive.file(&Entry::Evidence(sha256).name(), self.now, size, opened.ok_or_else(lost)?).await
    }

    async fn report(&self, archive: &mut Archive) -> Result<(), Unfinished> {
        let launch = &*self.launch;
        let pages = stream::try_unfold(Some(0), |after: Option<Seq>| async move {
            let Some(after) = after else { return Ok(None) };
            let page = self.page(after).await?;
            let mut html = if after == 0 { report::head(launch, &self.exported, self.now)? } else { String::new() };
            if page.is_empty() {
                html.push_str(report::FOOT);
                return Ok(Some((Bytes::from(html), None)));
            }
            let next = after + page.len() as Seq;
            html.push_str(&report::events(&self.state.db, launch, &page).await?);
            Ok::<_, anyhow::Error>(Some((Bytes::from(html), Some(next))))
        });
        archive.file(&Entry::Report.name(), self.now, 0, pages).await
    }
}

fn pretty(value: &impl serde::Serialize) -> Result<Vec<u8>, Unfinished> {
    serde_json::to_vec_pretty(value).map_err(|error| Unfinished::Fault(error.into()))
}

fn fault(error: sqlx::Error) -> Unfinished {
    Unfinished::Fault(error.into())
}
