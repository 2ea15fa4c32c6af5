//! Waivers: permission to launch without an item, asked for by one person and approved by another.

pub(super) mod view;

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    form_input::{ItemPageForm, ItemPageInput},
    submission::{ItemSection, ItemSubmission},
};
use crate::{
    access::launch_access::{ItemAccess, LaunchChildAccess},
    domain::{
        ids::{ItemId, WaiverId},
        launch::{
            access::{Act, ActKind},
            command::Command,
        },
        text::Prose,
    },
    state::AppState,
    texts,
    web::{
        Error,
        chrome::PageContext,
        form::UnreadForm,
        idempotency::{SentIdempotencyKey, idempotent_id_on_item, new_text},
        route::{Right, Route},
        time::parse_day,
    },
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::post("/items/{id}/waivers", Right::Launch(ActKind::AskWaiver), request_waiver),
        Route::post("/waivers/{id}/approval", Right::Launch(ActKind::DecideWaiver), decide_waiver),
        Route::post("/waivers/{id}/revocation", Right::Launch(ActKind::RevokeWaiver), revoke_waiver),
    ]
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WaiverRequestForm {
    reason: String,
    control: String,
    expires_on: String,
    once: SentIdempotencyKey,
    next: String,
}

async fn request_waiver(
    State(state): State<AppState>,
    item: ItemAccess,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    item.access.check_permission(&Act::AskWaiver(item.id))?;
    let form: WaiverRequestForm = sent.read_form().await?;
    let entered = [("reason", &*form.reason), ("control", &*form.control), ("expires_on", &*form.expires_on)];
    let mut input = ItemPageInput::at(ItemPageForm::AskWaiver, entered);
    let reason = input.errors.check("reason", Prose::new(&form.reason));
    let control = input.errors.check("control", Prose::new(&form.control));
    let expires_on = parse_day(&form.expires_on).and_then(|day| day.ok_or_else(texts::choose_last_day_of_waiver));
    let expires_on = input.errors.check("expires_on", expires_on);
    let key = input.errors.check("once", form.once.parse());
    let command = match (reason, control, expires_on, key) {
        (Some(reason), Some(control), Some(expires_on), Some(key)) => {
            let day = expires_on.to_string();
            let content = [reason.as_str(), control.as_str(), &day].map(str::as_bytes);
            Some(Command::AskWaiver {
                item: item.id,
                waiver: idempotent_id_on_item(item.access.user.id, item.id, key, &content),
                reason: new_text(reason),
                control: new_text(control),
                expires_on,
            })
        }
        _ => None,
    };
    let submission = ItemSubmission { state, access: item.access, page, item: item.id, input };
    submission.submit(command, ItemSection::Waivers.success(&form.next, texts::waiver_was_requested())).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WaiverDecisionForm {
    verdict: String,
    reason: String,
    next: String,
}

async fn decide_waiver(
    State(state): State<AppState>,
    waiver: LaunchChildAccess<WaiverId>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    waiver.access.check_permission(&Act::DecideWaiver(waiver.id))?;
    let form: WaiverDecisionForm = sent.read_form().await?;
    let mut input = ItemPageInput::at(ItemPageForm::DecideWaiver(waiver.id), [("reason", &*form.reason)]);
    let reason = input.errors.check("reason", Prose::optional(&form.reason));
    let verdict = match form.verdict.as_str() {
        "approve" => Some(true),
        "refuse" => Some(false),
        _ => {
            input.problem = Some(texts::approve_or_refuse_waiver().into_owned());
            None
        }
    };
    let command = verdict.zip(reason).map(|(approve, reason)| Command::DecideWaiver {
        waiver: waiver.id,
        approve,
        reason: reason.map(new_text),
    });
    let message = if verdict == Some(true) { texts::waiver_was_approved() } else { texts::waiver_was_refused() };
    let item = find_item_id(&waiver)?;
    let submission = ItemSubmission { state, access: waiver.access, page, item, input };
    submission.submit(command, ItemSection::Waivers.success(&form.next, message)).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WaiverRevocationForm {
    reason: String,
    next: String,
}

async fn revoke_waiver(
    State(state): State<AppState>,
    waiver: LaunchChildAccess<WaiverId>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    waiver.access.check_permission(&Act::RevokeWaiver(waiver.id))?;
    let form: WaiverRevocationForm = sent.read_form().await?;
    let mut input = ItemPageInput::at(ItemPageForm::RevokeWaiver(waiver.id), [("reason", &*form.reason)]);
    let reason = input.errors.check("reason", Prose::new(&form.reason));
    let command = reason.map(|reason| Command::RevokeWaiver { waiver: waiver.id, reason: new_text(reason) });
    let item = find_item_id(&waiver)?;
    let submission = ItemSubmission { state, access: waiver.access, page, item, input };
    submission.submit(command, ItemSection::Waivers.success(&form.next, texts::waiver_was_revoked())).await
}

fn find_item_id(waiver: &LaunchChildAccess<WaiverId>) -> Result<ItemId, Error> {
    waiver.access.launch.waivers.get(&waiver.id).map(|waiver| waiver.item).ok_or(Error::NotFound)
}
