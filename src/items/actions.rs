//! POST: an item's state, agreement that it is not applicable, and its assignment.

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    form_input::{ItemPageForm, ItemPageInput},
    submission::{ItemSection, ItemSubmission},
};
use crate::{
    access::launch_access::ItemAccess,
    domain::{
        checklist::Phase,
        ids::UserId,
        launch::{access::Act, command::Command, event::ItemState, state::Item},
        text::Prose,
        time::Day,
    },
    state::AppState,
    texts,
    web::{
        Error,
        chrome::PageContext,
        form::{OptionalText, Query, UnreadForm},
        form_base::FormBase,
        idempotency::new_text,
        time::parse_day,
    },
};

/// Query of the checkbox in a checklist row. All rows share one form, so the version is in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MarkQuery {
    version: FormBase,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ItemStateForm {
    state: String,
    reason: String,
    version: FormBase,
    next: String,
}

/// `POST /items/{id}/state`. With `?version=`, a checkbox in a checklist row sent it, and it redirects to that row.
pub(super) async fn mark_item(
    State(state): State<AppState>,
    item: ItemAccess,
    page: PageContext,
    Query(of_row): Query<MarkQuery>,
    sent: UnreadForm,
) -> Result<Response, Error> {
    item.access.check_permission(&Act::Mark(item.id))?;
    let mut form: ItemStateForm = sent.read_form().await?;
    if of_row.version.get().is_some() {
        form.version = of_row.version;
        form.next = format!("{}#item-{}", form.next, item.id);
    }
    let mut input = ItemPageInput::at(ItemPageForm::State, [("reason", &form.reason), ("state", &form.state)]);
    let new_state = ItemState::ALL.into_iter().find(|new_state| new_state.slug() == form.state);
    let version = form.version.number().flatten();
    input.base = form.version;
    let reason = input.errors.check("reason", Prose::optional(&form.reason));
    // Nobody types these two values, so there is no field for their errors.
    match (new_state, version) {
        (Some(_), Some(_)) => {}
        (None, _) => input.problem = Some(texts::choose_a_state_of_item().into_owned()),
        (_, None) => {
            input.base.forget();
            input.problem = Some(texts::form_has_no_version_of_item().into_owned());
        }
    }
    let command = match (new_state, version, reason) {
        (Some(state), Some(version), Some(reason)) => {
            Some(Command::Mark { item: item.id, state, reason: reason.map(new_text), version })
        }
        _ => None,
    };
    let message = match new_state {
        Some(ItemState::Done) => texts::item_was_marked_done(),
        Some(ItemState::NotApplicable) => texts::item_was_marked_not_applicable(),
        Some(ItemState::Blocked) => texts::item_was_marked_blocked(),
        Some(ItemState::Open) | None => texts::item_was_set_back_to_open(),
    };
    let submission = ItemSubmission { state, access: item.access, page, item: item.id, input };
    submission.submit(command, ItemSection::Top.success(&form.next, message)).await
}

/// What a hidden field says that the page showed: a version or the number of an event, from 1. A form without the field
/// is judged on what is there now; nothing, with a sentence on top, for what is no such number.
fn read_base(sent: FormBase, input: &mut ItemPageInput) -> Option<Option<i64>> {
    let number = sent.number();
    input.base = sent;
    if number.is_none() {
        input.base.forget();
        input.problem = Some(texts::form_has_no_base().into_owned());
    }
    number
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AgreementForm {
    verdict: String,
    version: FormBase,
    reason: String,
    next: String,
}

pub(super) async fn answer_agreement(
    State(state): State<AppState>,
    item: ItemAccess,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    item.access.check_permission(&Act::Agree(item.id))?;
    let form: AgreementForm = sent.read_form().await?;
    let mut input = ItemPageInput::at(ItemPageForm::Agreement, [("reason", &form.reason)]);
    let reason = input.errors.check("reason", Prose::optional(&form.reason));
    let verdict = match form.verdict.as_str() {
        "agree" => Some(true),
        "refuse" => Some(false),
        _ => {
            input.problem = Some(texts::agree_or_refuse().into_owned());
            None
        }
    };
    let version = read_base(form.version, &mut input);
    let command = verdict.zip(reason).zip(version).map(|((agree, reason), version)| Command::Agree {
        item: item.id,
        agree,
        reason: reason.map(new_text),
        version,
    });
    let message = if verdict == Some(true) { texts::you_agreed() } else { texts::you_refused_agreement() };
    let submission = ItemSubmission { state, access: item.access, page, item: item.id, input };
    submission.submit(command, ItemSection::Agreement.success(&form.next, message)).await
}

/// Assignment form: an absent field leaves the stored value, an empty field clears it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AssignmentForm {
    assignee: OptionalText,
    due: OptionalText,
    /// Sent by a form that can ask whether an unusual day is meant.
    asks_about_dates: String,
    date_is_meant: String,
    seq: FormBase,
    next: String,
}

pub(super) async fn assign_item(
    State(state): State<AppState>,
    item: ItemAccess,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    item.access.check_permission(&Act::Assign(item.id))?;
    let form: AssignmentForm = sent.read_form().await?;
    let (assignee, due) = (form.assignee.get(), form.due.get());
    let entered = [("assignee", assignee.unwrap_or_default()), ("due", due.unwrap_or_default())];
    let mut input = ItemPageInput::at(ItemPageForm::Assignment, entered);
    let assignee = assignee.map(str::trim).map(|text| match text {
        "" => Ok(None),
        id => id.parse::<UserId>().map(Some).map_err(|_| texts::choose_an_active_member()),
    });
    let assignee = assignee.map(|parsed| input.errors.check("assignee", parsed));
    let due = due.map(|text| input.errors.check("due", parse_day(text)));
    let item_id = item.id;
    let late = due.flatten().flatten().filter(|due| is_new_day_after_target(&item, *due));
    if late.is_some() && !form.asks_about_dates.is_empty() && form.date_is_meant.is_empty() {
        input.errors.add("date_is_meant", texts::due_day_is_after_the_target());
    }
    let command = match (assignee, due) {
        (Some(assignee), Some(due)) => {
            assignee.zip(due).map(|(assignee, due)| Command::Assign { item: item_id, assignee, due })
        }
        (Some(assignee), None) => assignee.map(|assignee| Command::SetAssignee { item: item_id, assignee }),
        (None, Some(due)) => due.map(|due| Command::SetDue { item: item_id, due }),
        (None, None) => {
            input.problem = Some(texts::choose_assignee_or_due_day().into_owned());
            None
        }
    };
    let seq = read_base(form.seq, &mut input);
    let command = command.zip(seq).map(|(command, seq)| command.unless_changed_since(seq));
    let command = command.filter(|_| input.errors.is_empty());
    let saved = if late.is_some() { texts::assignment_is_saved_due_late() } else { texts::assignment_is_saved() };
    let submission = ItemSubmission { state, access: item.access, page, item: item.id, input };
    submission.submit(command, ItemSection::Assignment.success(&form.next, saved)).await
}

/// Whether this day is after the target of the launch, and not the day on which the item is due already. Items after the
/// launch are due then.
fn is_new_day_after_target(access: &ItemAccess, due: Day) -> bool {
    let launch = &access.access.launch;
    let is_new = |item: &Item| item.assignment.due != Some(due) && launch.definition(item).phase == Phase::Before;
    due.0 > launch.details.target.local.date() && launch.item(access.id).is_some_and(is_new)
}
