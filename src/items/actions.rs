//! POST: an item's state, agreement that it does not apply, who sees to it.

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    submission::Submission,
    typed::{At, Typed},
};
use crate::{
    access::launch_access::ItemAccess,
    domain::{
        ids::UserId,
        launch::{access::Act, command::Command, event::ItemState},
        text::Prose,
    },
    launch_page::texts::{day, new_text},
    state::AppState,
    web::{
        Error,
        form::{NOT_A_NUMBER, Query, Sent, Sometimes},
        page::Page,
    },
};

/// What the box of a row of the checklist says in its address, since all of them send one form.
#[derive(Debug, Default, Deserialize)]
pub(super) struct OfRow {
    version: Option<String>,
}

/// The state, as it was sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct StateForm {
    state: String,
    reason: String,
    version: String,
    next: String,
}

/// `POST /items/{id}/state`, or `?version=` for a box in a row, which leads back to the row.
pub(super) async fn mark(
    State(state): State<AppState>,
    item: ItemAccess,
    page: Page,
    Query(of_row): Query<OfRow>,
    sent: Sent,
) -> Result<Response, Error> {
    item.access.may(&Act::Mark(item.id))?;
    let mut form: StateForm = sent.form().await?;
    if let Some(version) = of_row.version {
        form.version = version;
        form.next = format!("{}#item-{}", form.next, item.id);
    }
    let mut typed = Typed::at(At::State, [("reason", &form.reason)]);
    let wanted = ItemState::ALL.into_iter().find(|wanted| wanted.slug() == form.state);
    let version = form.version.parse::<i64>().ok().filter(|version| *version >= 1);
    let reason = typed.errors.take("reason", Prose::optional(&form.reason));
    // Nobody types these two, so there is no field to say it at.
    match (wanted, version) {
        (Some(_), Some(_)) => {}
        (None, _) => typed.problem = Some("An item is open, done, not applicable or blocked; choose one.".to_owned()),
        (_, None) => {
            typed.problem = Some("The form did not say which version of the item it is about. Try again.".to_owned());
        }
    }
    let command = match (wanted, version, reason) {
        (Some(state), Some(version), Some(reason)) => {
            Some(Command::Mark { item: item.id, state, reason: reason.map(new_text), version })
        }
        _ => None,
    };
    let told = match wanted {
        Some(ItemState::Done) => "Marked done.",
        Some(ItemState::NotApplicable) => "Marked not applicable.",
        Some(ItemState::Blocked) => "Marked blocked.",
        Some(ItemState::Open) | None => "Set back to open.",
    };
    let submission = Submission { state, access: item.access, page, item: item.id, typed };
    submission.run(command, ("", &form.next), told).await
}

/// What a hidden field says that the page showed: a version or the number of an event, from 1. A form without the field
/// is judged on what is there now; nothing, with a sentence on top, for what is no such number.
fn shown_number(sent: &Sometimes, typed: &mut Typed) -> Option<Option<i64>> {
    let number = sent.number();
    if number.is_none() {
        typed.problem = Some(NOT_A_NUMBER.to_owned());
    }
    number
}

/// Agreement, as it was sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AgreementForm {
    verdict: String,
    version: Sometimes,
    reason: String,
    next: String,
}

/// `POST /items/{id}/agreement`.
pub(super) async fn agree(
    State(state): State<AppState>,
    item: ItemAccess,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    item.access.may(&Act::Agree(item.id))?;
    let form: AgreementForm = sent.form().await?;
    let mut typed = Typed::at(At::Agreement, [("reason", &form.reason)]);
    let reason = typed.errors.take("reason", Prose::optional(&form.reason));
    let verdict = match form.verdict.as_str() {
        "agree" => Some(true),
        "refuse" => Some(false),
        _ => {
            typed.problem = Some("Either agree or refuse.".to_owned());
            None
        }
    };
    let version = shown_number(&form.version, &mut typed);
    let command = verdict.zip(reason).zip(version).map(|((agree, reason), version)| Command::Agree {
        item: item.id,
        agree,
        reason: reason.map(new_text),
        version,
    });
    let told = if verdict == Some(true) { "You agreed." } else { "You refused." };
    let submission = Submission { state, access: item.access, page, item: item.id, typed };
    submission.run(command, ("#agreement", &form.next), told).await
}

/// Who is to see to it, as it was sent: what is missing stays as it is, what is empty is taken away.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AssignmentForm {
    assignee: Sometimes,
    due: Sometimes,
    seq: Sometimes,
    next: String,
}

/// `POST /items/{id}/assignment`.
pub(super) async fn assign(
    State(state): State<AppState>,
    item: ItemAccess,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    item.access.may(&Act::Assign(item.id))?;
    let form: AssignmentForm = sent.form().await?;
    let (assignee, due) = (form.assignee.sent(), form.due.sent());
    let entered = [("assignee", assignee.unwrap_or_default()), ("due", due.unwrap_or_default())];
    let mut typed = Typed::at(At::Assignment, entered);
    let assignee = assignee.map(str::trim).map(|text| match text {
        "" => Ok(None),
        id => id.parse::<UserId>().map(Some).map_err(|_| "Choose an active member."),
    });
    let assignee = assignee.map(|parsed| typed.errors.take("assignee", parsed));
    let due = due.map(|text| typed.errors.take("due", day(text)));
    let item_id = item.id;
    let command = match (assignee, due) {
        (Some(assignee), Some(due)) => {
            assignee.zip(due).map(|(assignee, due)| Command::Assign { item: item_id, assignee, due })
        }
        (Some(assignee), None) => assignee.map(|assignee| Command::AssignTo { item: item_id, assignee }),
        (None, Some(due)) => due.map(|due| Command::SetDue { item: item_id, due }),
        (None, None) => {
            typed.problem = Some("The form said neither who sees to it nor by when.".to_owned());
            None
        }
    };
    let seq = shown_number(&form.seq, &mut typed);
    let command = command.zip(seq).map(|(command, seq)| command.unless_changed_since(seq));
    let submission = Submission { state, access: item.access, page, item: item.id, typed };
    submission.run(command, ("#assignment", &form.next), "Saved.").await
}
