//! A signer's receipt: the page, and the file to keep.

use std::borrow::Cow;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, Method, header};

use super::{checkpoint::CheckpointView, signatures::describe_vote};
use crate::{
    access::launch_access::LaunchChildAccess,
    domain::{
        checkpoint::LogId,
        ids::SignatureId,
        launch::{
            event::Seq,
            state::{LaunchState, Signature},
        },
        merkle::hash_leaf,
        receipt::Receipt,
        time::{Moment, Zone},
    },
    presentation::{
        head::{LaunchHead, Tab},
        renewals,
    },
    record::checkpoints::{self, Delivery, EventProof, StoredCheckpoint},
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        response::render,
        time::{format_machine, format_to_the_second},
    },
};

#[derive(Template)]
#[template(path = "signoffs/receipt.html")]
struct ReceiptPage {
    chrome: Chrome,
    head: LaunchHead,
    id: SignatureId,
    signed: ReceiptSignatureView,
    /// The bytes of its event, as they are hashed.
    event: String,
    leaf: String,
    /// `None` until a checkpoint covers the event.
    proof: Option<ReceiptProofView>,
}

struct ReceiptSignatureView {
    name: String,
    email: String,
    role: String,
    vote: Cow<'static, str>,
    statement: String,
    comment: String,
    machine: String,
    utc: String,
    /// The same in the signer's zone.
    local: String,
    proved: String,
    /// That others had renewed the signer's credentials; usually empty.
    renewed: String,
    digest: String,
    seq: Seq,
    saw: Seq,
    /// How it ended; empty if it has not.
    ended: Cow<'static, str>,
}

/// The proof that the signature is in the history.
struct ReceiptProofView {
    checkpoint: CheckpointView,
    cause: Cow<'static, str>,
    text: String,
    key: String,
    inclusion: Vec<String>,
    witnesses: Vec<(String, Moment)>,
}

impl ReceiptSignatureView {
    fn new(launch: &LaunchState, signature: &Signature) -> Self {
        let record = &signature.record;
        let ended = match (signature.withdrawn, signature.lifted_by, signature.superseded) {
            (Some(withdrawn), ..) => {
                texts::receipt_of_withdrawn_signature(format_to_the_second(withdrawn.at, &Zone::UTC))
            }
            (None, Some(_), _) => texts::receipt_of_lifted_objection(),
            (None, None, true) => texts::receipt_of_replaced_signature(),
            (None, None, false) => Cow::Borrowed(""),
        };
        Self {
            name: record.signer.name.to_string(),
            email: record.email.to_string(),
            role: record.role_title.to_string(),
            vote: describe_vote(record.verdict, record.meaning),
            statement: record.statement.clone(),
            comment: record.comment.map_or_else(String::new, |comment| launch.text(&comment).to_owned()),
            machine: format_machine(signature.at),
            utc: format_to_the_second(signature.at, &Zone::UTC),
            local: format_to_the_second(signature.at, &record.zone),
            proved: format_to_the_second(record.proved_at, &Zone::UTC),
            renewed: renewals::describe_renewals(&record.renewed),
            digest: record.digest.to_string(),
            seq: signature.seq,
            saw: record.saw,
            ended,
        }
    }
}

impl ReceiptProofView {
    fn new(checkpoint: StoredCheckpoint, receipt: &Receipt, launch: &LaunchState) -> Self {
        Self {
            checkpoint: CheckpointView::new(&checkpoint, launch.seq),
            cause: checkpoint.cause.label(),
            key: checkpoint.key.to_string(),
            text: checkpoint.text,
            inclusion: receipt.inclusion().iter().map(ToString::to_string).collect(),
            witnesses: checkpoint.witnesses.into_iter().map(|witness| (witness.name, witness.at)).collect(),
        }
    }
}

/// `GET /signatures/{id}`: a signature with everything that proves it.
pub(super) async fn show(
    State(state): State<AppState>,
    part: LaunchChildAccess<SignatureId>,
    page: PageContext,
) -> Result<Response, Error> {
    let launch = &*part.access.launch;
    let (signature, proven) = load_signature_proof(&state, &part).await?;
    render(&ReceiptPage {
        chrome: page.chrome(&state, texts::receipt_title(launch.name()), Nav::Launches),
        head: LaunchHead::new(&part.access, Tab::GoNoGo),
        id: part.id,
        signed: ReceiptSignatureView::new(launch, signature),
        leaf: hash_leaf(proven.event.as_bytes()).to_string(),
        event: proven.event,
        proof: proven
            .checkpoint_and_receipt
            .map(|(checkpoint, receipt)| ReceiptProofView::new(checkpoint, &receipt, launch)),
    })
}

/// `GET /signatures/{id}/receipt.json`: the receipt as a file. The download is recorded: the reader becomes a witness
/// of its checkpoint. A HEAD request records nothing.
pub(super) async fn download_receipt(
    State(state): State<AppState>,
    method: Method,
    part: LaunchChildAccess<SignatureId>,
) -> Result<Response, Error> {
    let (_, proven) = load_signature_proof(&state, &part).await?;
    let (checkpoint, receipt) = proven.checkpoint_and_receipt.ok_or(Error::NotFound)?;
    if method == Method::GET {
        let (log, who) = (LogId::Launch(part.access.launch.id), part.access.user.to_person_ref());
        checkpoints::add_witness(&state.db, log, checkpoint.size, &who, Delivery::Receipt, part.access.now).await?;
    }
    let text = serde_json::to_string_pretty(&receipt).map_err(|error| Error::Fault(error.into()))?;
    let disposition = format!("attachment; filename=\"signoff-receipt-{}.json\"", part.id);
    let disposition = HeaderValue::from_str(&disposition).map_err(|error| Error::Fault(error.into()))?;
    let kind = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)], format!("{text}\n"))
        .into_response())
}

async fn load_signature_proof<'a>(
    state: &AppState,
    part: &'a LaunchChildAccess<SignatureId>,
) -> Result<(&'a Signature, EventProof), Error> {
    let launch = &part.access.launch;
    let signature = launch.signature(part.id).ok_or(Error::NotFound)?;
    let proven = checkpoints::load_event_proof(&state.db, launch.id, signature.seq).await?.ok_or(Error::NotFound)?;
    Ok((signature, proven))
}
