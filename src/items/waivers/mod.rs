//! Waivers: permission to go without an item, asked for by one person and given by another.

pub(super) mod view;

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    submission::Submission,
    typed::{At, Typed},
};
use crate::{
    access::launch_access::{ItemAccess, PartAccess},
    domain::{
        ids::{ItemId, WaiverId},
        launch::{access::Act, command::Command},
        text::Prose,
    },
    launch_page::texts::{day, made_once, new_text},
    state::AppState,
    web::{
        Error,
        form::Sent,
        page::Page,
        route::{Right, Route},
    },
};

/// The routes of waivers.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::post("/items/{id}/waivers", Right::Launch("ask_waiver"), ask),
        Route::post("/waivers/{id}/approval", Right::Launch("decide_waiver"), decide),
        Route::post("/waivers/{id}/revocation", Right::Launch("revoke_waiver"), revoke),
    ]
}

/// A waiver asked for, as it was sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AskForm {
    reason: String,
    control: String,
    expires_on: String,
    once: String,
    next: String,
}

/// `POST /items/{id}/waivers`.
async fn ask(State(state): State<AppState>, item: ItemAccess, page: Page, sent: Sent) -> Result<Response, Error> {
    item.access.may(&Act::AskWaiver(item.id))?;
    let form: AskForm = sent.form().await?;
    let entered = [("reason", &*form.reason), ("control", &*form.control), ("expires_on", &*form.expires_on)];
    let mut typed = Typed::at(At::AskWaiver, entered);
    let reason = typed.errors.take("reason", Prose::new(&form.reason));
    let control = typed.errors.take("control", Prose::new(&form.control));
    let expires_on = day(&form.expires_on).and_then(|day| day.ok_or("Say until when it is to hold."));
    let expires_on = typed.errors.take("expires_on", expires_on);
    let command = match (reason, control, expires_on) {
        (Some(reason), Some(control), Some(expires_on)) => {
            let day = expires_on.to_string();
            let content = [reason.as_str(), control.as_str(), &day].map(str::as_bytes);
            Some(Command::AskWaiver {
                item: item.id,
                waiver: made_once(item.access.user.id, item.id, &form.once, &content),
                reason: new_text(reason),
                control: new_text(control),
                expires_on,
            })
        }
        _ => None,
    };
    let submission = Submission { state, access: item.access, page, item: item.id, typed };
    submission.run(command, ("#waivers", &form.next), "The waiver is asked for.").await
}

/// A waiver approved or refused, as it was sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DecisionForm {
    verdict: String,
    reason: String,
    next: String,
}

/// `POST /waivers/{id}/approval`.
async fn decide(
    State(state): State<AppState>,
    waiver: PartAccess<WaiverId>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    waiver.access.may(&Act::DecideWaiver(waiver.id))?;
    let form: DecisionForm = sent.form().await?;
    let mut typed = Typed::at(At::Decision(waiver.id), [("reason", &*form.reason)]);
    let reason = typed.errors.take("reason", Prose::optional(&form.reason));
    let verdict = match form.verdict.as_str() {
        "approve" => Some(true),
        "refuse" => Some(false),
        _ => {
            typed.problem = Some("Either approve or refuse.".to_owned());
            None
        }
    };
    let command = verdict.zip(reason).map(|(approve, reason)| Command::DecideWaiver {
        waiver: waiver.id,
        approve,
        reason: reason.map(new_text),
    });
    let told = if verdict == Some(true) { "The waiver is approved." } else { "The waiver is refused." };
    let item = item_of(&waiver)?;
    let submission = Submission { state, access: waiver.access, page, item, typed };
    submission.run(command, ("#waivers", &form.next), told).await
}

/// A waiver revoked, as it was sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RevocationForm {
    reason: String,
    next: String,
}

/// `POST /waivers/{id}/revocation`.
async fn revoke(
    State(state): State<AppState>,
    waiver: PartAccess<WaiverId>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    waiver.access.may(&Act::RevokeWaiver(waiver.id))?;
    let form: RevocationForm = sent.form().await?;
    let mut typed = Typed::at(At::Revocation(waiver.id), [("reason", &*form.reason)]);
    let reason = typed.errors.take("reason", Prose::new(&form.reason));
    let command = reason.map(|reason| Command::RevokeWaiver { waiver: waiver.id, reason: new_text(reason) });
    let item = item_of(&waiver)?;
    let submission = Submission { state, access: waiver.access, page, item, typed };
    submission.run(command, ("#waivers", &form.next), "The waiver is revoked.").await
}

fn item_of(waiver: &PartAccess<WaiverId>) -> Result<ItemId, Error> {
    waiver.access.launch.waivers.get(&waiver.id).map(|waiver| waiver.item).ok_or(Error::NotFound)
}
