//! POST: withdrawing evidence, requesting evidence, and answering a request.

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::super::{
    form_input::{ItemPageForm, ItemPageInput},
    submission::{ItemSection, ItemSubmission},
};
use crate::{
    access::launch_access::{ItemAccess, LaunchChildAccess},
    domain::{
        ids::{EvidenceId, EvidenceRequestId},
        launch::{access::Act, command::Command},
        text::Prose,
    },
    state::AppState,
    texts,
    web::{
        Error,
        chrome::PageContext,
        form::UnreadForm,
        idempotency::{SentIdempotencyKey, idempotent_id_on_item, new_text},
        time::exact,
    },
};

/// Form of all three actions: a withdrawal has a `reason`, a request and its answer have a `text`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct EvidenceTextForm {
    reason: String,
    text: String,
    once: SentIdempotencyKey,
    next: String,
}

pub(super) async fn withdraw_evidence(
    State(state): State<AppState>,
    evidence: LaunchChildAccess<EvidenceId>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    evidence.access.check_permission(&Act::WithdrawEvidence(evidence.id))?;
    let form: EvidenceTextForm = sent.read_form().await?;
    let item = evidence.access.launch.evidence.get(&evidence.id).ok_or(Error::NotFound)?.item;
    let mut input = ItemPageInput::at(ItemPageForm::WithdrawEvidence(evidence.id), [("reason", &*form.reason)]);
    let reason = input.errors.check("reason", Prose::new(&form.reason));
    let command = reason.map(|reason| Command::WithdrawEvidence { evidence: evidence.id, reason: new_text(reason) });
    let submission = ItemSubmission { state, access: evidence.access, page, item, input };
    submission.submit(command, ItemSection::Evidence.success(&form.next, texts::evidence_is_withdrawn())).await
}

pub(super) async fn request_evidence(
    State(state): State<AppState>,
    item: ItemAccess,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    item.access.check_permission(&Act::RequestEvidence(item.id))?;
    let form: EvidenceTextForm = sent.read_form().await?;
    let mut input = ItemPageInput::at(ItemPageForm::RequestEvidence, [("text", &*form.text)]);
    let text = input.errors.check("text", Prose::new(&form.text));
    let key = input.errors.check("once", form.once.parse());
    let submission = ItemSubmission { state, access: item.access, page, item: item.id, input };
    let Some((text, key)) = text.zip(key) else { return submission.render_invalid().await };
    let user = &submission.access.user;
    let request = idempotent_id_on_item(user.id, item.id, key, &[text.as_str().as_bytes()]);
    let command = Command::RequestEvidence { item: item.id, request, text: new_text(text.clone()) };
    match submission.execute(vec![command]).await {
        Ok(done) => {
            let earlier = done.state.find_open_request(item.id, text.as_str()).filter(|open| open.id != request);
            let message =
                earlier.filter(|_| done.events.is_empty()).map_or_else(texts::evidence_is_asked_for, |open| {
                    let (by, at) = (done.state.person_label(open.by), exact(open.at, &user.zone()));
                    texts::evidence_was_asked_for_already(by, at)
                });
            Ok(submission.redirect(ItemSection::Requests.success(&form.next, message)))
        }
        Err(not_done) => submission.render_failure(not_done).await,
    }
}

pub(super) async fn answer_request(
    State(state): State<AppState>,
    request: LaunchChildAccess<EvidenceRequestId>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    request.access.check_permission(&Act::AnswerRequest(request.id))?;
    let form: EvidenceTextForm = sent.read_form().await?;
    let item = request.access.launch.evidence_requests.get(&request.id).ok_or(Error::NotFound)?.item;
    let mut input = ItemPageInput::at(ItemPageForm::AnswerRequest(request.id), [("text", &*form.text)]);
    let text = input.errors.check("text", Prose::new(&form.text));
    let command = text.map(|text| Command::AnswerRequest { request: request.id, text: new_text(text) });
    let submission = ItemSubmission { state, access: request.access, page, item, input };
    submission.submit(command, ItemSection::Requests.success(&form.next, texts::request_is_answered())).await
}
