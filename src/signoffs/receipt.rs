//! A signer's receipt: the page, and the file to keep.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, Method, header};

use super::{checkpoint::CheckpointView, signatures::meaning_word, view::to_the_second};
use crate::{
    access::launch_access::PartAccess,
    domain::{
        checkpoint::LogId,
        ids::SignatureId,
        launch::{
            event::{Seq, Vote},
            state::{LaunchState, Signature},
        },
        merkle::leaf_hash,
        receipt::Receipt,
        time::{Moment, Zone},
    },
    launch_page::{
        head::{Head, Tab},
        way_in,
    },
    record::checkpoints::{self, Delivery, Kept, Proven},
    state::AppState,
    web::{
        Error,
        page::{Chrome, Nav, Page, html},
        time::machine,
    },
};

/// The page.
#[derive(Template)]
#[template(path = "signoffs/receipt.html")]
struct ReceiptPage {
    chrome: Chrome,
    head: Head,
    id: SignatureId,
    signed: SignedView,
    /// The bytes of its event, as they are hashed.
    event: String,
    leaf: String,
    /// Under which checkpoint it is; none before there is one.
    proof: Option<ProofView>,
}

/// The signature, as its record has it.
struct SignedView {
    name: String,
    email: String,
    role: String,
    said: &'static str,
    meaning: &'static str,
    statement: String,
    comment: String,
    machine: String,
    utc: String,
    /// The same in the zone of who signed.
    local: String,
    proved: String,
    /// That others had renewed the signer's way in; empty for most.
    renewed: String,
    digest: String,
    seq: Seq,
    saw: Seq,
    /// What became of it, where it is nobody's word any more.
    ended: String,
}

/// What shows that it is in the history.
struct ProofView {
    checkpoint: CheckpointView,
    cause: &'static str,
    text: String,
    key: String,
    inclusion: Vec<String>,
    witnesses: Vec<(String, Moment)>,
}

impl SignedView {
    fn new(launch: &LaunchState, signature: &Signature) -> Self {
        let record = &signature.record;
        let ended = match (signature.withdrawn, signature.lifted_by, signature.superseded) {
            (Some(withdrawn), ..) => format!("It was withdrawn {}.", to_the_second(withdrawn.at, &Zone::UTC)),
            (None, Some(_), _) => "The objection was lifted by another holder of the role.".to_owned(),
            (None, None, true) => "Its signer has signed again in the role since.".to_owned(),
            (None, None, false) => String::new(),
        };
        Self {
            name: record.signer.name.to_string(),
            email: record.email.to_string(),
            role: record.role_title.to_string(),
            said: match record.verdict {
                Vote::Go => "go",
                Vote::NoGo => "no-go",
            },
            meaning: meaning_word(record.meaning),
            statement: record.statement.clone(),
            comment: record.comment.map_or_else(String::new, |comment| launch.text(&comment).to_owned()),
            machine: machine(signature.at),
            utc: to_the_second(signature.at, &Zone::UTC),
            local: to_the_second(signature.at, &record.zone),
            proved: to_the_second(record.proved_at, &Zone::UTC),
            renewed: way_in::marks(&record.renewed),
            digest: record.digest.to_string(),
            seq: signature.seq,
            saw: record.saw,
            ended,
        }
    }
}

impl ProofView {
    fn new(kept: Kept, receipt: &Receipt, launch: &LaunchState) -> Self {
        Self {
            checkpoint: CheckpointView::new(&kept, launch.seq),
            cause: kept.cause.words(),
            key: kept.key.to_string(),
            text: kept.text,
            inclusion: receipt.inclusion().iter().map(ToString::to_string).collect(),
            witnesses: kept.witnesses.into_iter().map(|witness| (witness.name, witness.at)).collect(),
        }
    }
}

/// `GET /signatures/{id}`.
pub(super) async fn show(
    State(state): State<AppState>,
    part: PartAccess<SignatureId>,
    page: Page,
) -> Result<Response, Error> {
    let launch = &*part.access.launch;
    let (signature, proven) = proven(&state, &part).await?;
    html(&ReceiptPage {
        chrome: page.chrome(&state, format!("Receipt · {}", launch.name()), Nav::Launches),
        head: Head::new(&part.access, Tab::GoNoGo),
        id: part.id,
        signed: SignedView::new(launch, signature),
        leaf: leaf_hash(proven.event.as_bytes()).to_string(),
        event: proven.event,
        proof: proven.under.map(|(kept, receipt)| ProofView::new(kept, &receipt, launch)),
    })
}

/// `GET /signatures/{id}/receipt.json`: the receipt as a file. Whoever takes it is noted as one who has its checkpoint
/// outside of here; asking for its head alone takes nothing away.
pub(super) async fn download(
    State(state): State<AppState>,
    method: Method,
    part: PartAccess<SignatureId>,
) -> Result<Response, Error> {
    let (_, proven) = proven(&state, &part).await?;
    let (kept, receipt) = proven.under.ok_or(Error::NotFound)?;
    if method == Method::GET {
        let (log, who) = (LogId::Launch(part.access.launch.id), part.access.user.named());
        checkpoints::witness(&state.db, log, kept.size, &who, Delivery::Receipt, part.access.now).await?;
    }
    let text = serde_json::to_string_pretty(&receipt).map_err(|error| Error::Fault(error.into()))?;
    let disposition = format!("attachment; filename=\"signoff-receipt-{}.json\"", part.id);
    let disposition = HeaderValue::from_str(&disposition).map_err(|error| Error::Fault(error.into()))?;
    let kind = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)], format!("{text}\n"))
        .into_response())
}

/// The signature, with its event and what proves it.
async fn proven<'a>(state: &AppState, part: &'a PartAccess<SignatureId>) -> Result<(&'a Signature, Proven), Error> {
    let launch = &part.access.launch;
    let signature = launch.signature(part.id).ok_or(Error::NotFound)?;
    let proven = checkpoints::proven(&state.db, launch.id, signature.seq).await?.ok_or(Error::NotFound)?;
    Ok((signature, proven))
}
