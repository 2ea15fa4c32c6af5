//! POST: withdrawing evidence, asking for more, answering that.

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::super::{
    submission::Submission,
    typed::{At, Typed},
};
use crate::{
    access::launch_access::{ItemAccess, PartAccess},
    domain::{
        ids::{EvidenceId, EvidenceRequestId},
        launch::{access::Act, command::Command},
        text::Prose,
    },
    launch_page::texts::{made_once, new_text},
    state::AppState,
    web::{Error, form::Sent, page::Page},
};

/// A reason or a text, as it was sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TextForm {
    reason: String,
    text: String,
    once: String,
    next: String,
}

/// `POST /evidence/{id}/withdrawal`.
pub(super) async fn withdraw(
    State(state): State<AppState>,
    evidence: PartAccess<EvidenceId>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    evidence.access.may(&Act::WithdrawEvidence(evidence.id))?;
    let form: TextForm = sent.form().await?;
    let item = evidence.access.launch.evidence.get(&evidence.id).ok_or(Error::NotFound)?.item;
    let mut typed = Typed::at(At::Withdrawal(evidence.id), [("reason", &*form.reason)]);
    let reason = typed.errors.take("reason", Prose::new(&form.reason));
    let command = reason.map(|reason| Command::WithdrawEvidence { evidence: evidence.id, reason: new_text(reason) });
    let submission = Submission { state, access: evidence.access, page, item, typed };
    submission.run(command, ("#evidence", &form.next), "The evidence is withdrawn; it stays in the history.").await
}

/// `POST /items/{id}/evidence-requests`.
pub(super) async fn request(
    State(state): State<AppState>,
    item: ItemAccess,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    item.access.may(&Act::RequestEvidence(item.id))?;
    let form: TextForm = sent.form().await?;
    let mut typed = Typed::at(At::Request, [("text", &*form.text)]);
    let text = typed.errors.take("text", Prose::new(&form.text));
    let command = text.map(|text| Command::RequestEvidence {
        item: item.id,
        request: made_once(item.access.user.id, item.id, &form.once, &[text.as_str().as_bytes()]),
        text: new_text(text),
    });
    let submission = Submission { state, access: item.access, page, item: item.id, typed };
    submission.run(command, ("#requests", &form.next), "Asked.").await
}

/// `POST /evidence-requests/{id}/answer`.
pub(super) async fn answer(
    State(state): State<AppState>,
    request: PartAccess<EvidenceRequestId>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    request.access.may(&Act::AnswerRequest(request.id))?;
    let form: TextForm = sent.form().await?;
    let item = request.access.launch.requests.get(&request.id).ok_or(Error::NotFound)?.item;
    let mut typed = Typed::at(At::Answer(request.id), [("text", &*form.text)]);
    let text = typed.errors.take("text", Prose::new(&form.text));
    let command = text.map(|text| Command::AnswerRequest { request: request.id, text: new_text(text) });
    let submission = Submission { state, access: request.access, page, item, typed };
    submission.run(command, ("#requests", &form.next), "Answered.").await
}
