//! How a change that was not made is answered.

use std::borrow::Cow;

use super::{formatting, renewals};
use crate::{
    domain::launch::{
        changed_thing::ChangedThing,
        command::{Conflict, Refusal},
        event::ItemState,
        state::{Agreement, Item, LaunchState},
    },
    record::{ExecuteError, RecordError},
    texts::{self, PersonLabel},
    web::{Error, form::FieldErrors, time::format_local_time},
};

/// A refusal that the person can correct on the page: the form comes back with its input.
#[derive(Debug, Clone)]
pub enum FormRefusal {
    /// Fields are invalid (422): a message for each.
    Fields(FieldErrors),
    /// The launch's current state does not allow the change (409): as a sentence, and as data.
    Conflict(String, Conflict),
}

impl From<RecordError> for Error {
    fn from(fault: RecordError) -> Self {
        match fault {
            RecordError::Database(error) => error.into(),
            // Already logged, once.
            RecordError::Contradiction(..) => Self::Unavailable(texts::launch_contradicts_its_history()),
            RecordError::Drill => Self::Forbidden(texts::drill_changes_nothing()),
            fault @ (RecordError::Misfit(..) | RecordError::Unreadable(..) | RecordError::NoKey) => {
                Self::Fault(anyhow::Error::new(fault))
            }
        }
    }
}

/// Sorts a change that was not made: what the person can correct comes back as [`FormRefusal`], the rest is an error
/// page. `state` is the launch that the page was made from; the sentence takes names from it.
///
/// # Errors
/// Not found, forbidden, or a failure.
pub fn to_form_refusal(state: &LaunchState, not_done: ExecuteError) -> Result<FormRefusal, Error> {
    let refusal = match not_done {
        ExecuteError::Failed(fault) => return Err(fault.into()),
        ExecuteError::Refused(refusals) => refusals.into_first(),
    };
    match refusal {
        Refusal::NotFound => Err(Error::NotFound),
        Refusal::Forbidden(why) => Err(Error::Forbidden(why)),
        Refusal::Invalid(field, message) => Ok(FormRefusal::Fields(FieldErrors::single(field, message))),
        Refusal::Unproven => Ok(FormRefusal::Fields(FieldErrors::single("password", texts::not_your_password()))),
        Refusal::Conflict(conflict) => Ok(FormRefusal::Conflict(describe_conflict(state, &conflict), conflict)),
    }
}

/// Like [`to_form_refusal`], for a change whose form is only a button: there is no form to show again.
///
/// # Errors
/// Always: the error that the page shows.
pub fn to_error_page<T>(state: &LaunchState, not_done: ExecuteError) -> Result<T, Error> {
    Err(match to_form_refusal(state, not_done)? {
        FormRefusal::Conflict(sentence, _) => Error::Conflict(sentence.into()),
        FormRefusal::Fields(errors) => {
            let sentences: Vec<_> = errors.iter().map(|(_, sentence)| sentence.to_owned()).collect();
            Error::Unprocessable(sentences.join(" ").into())
        }
    })
}

/// Describes a conflict. For an item, `state` should be the launch's *current* state, so that the sentence says who did
/// what.
#[must_use]
pub fn describe_conflict(state: &LaunchState, conflict: &Conflict) -> String {
    let sentence = match conflict {
        Conflict::Stage(why) | Conflict::Other(why) => why.clone(),
        Conflict::StaleItem(id) => match state.item(*id) {
            Some(item) => describe_changed_item(state, item),
            None => texts::item_changed_meanwhile(),
        },
        Conflict::ChangedSince(changed) => {
            let each = changed.iter().map(|(thing, by)| describe_changed_thing(state, thing, state.person_label(*by)));
            texts::changed_meanwhile_look_again(each.collect::<Vec<_>>().join("; "))
        }
        Conflict::StaleScope(role) => texts::scope_changed_nothing_signed(state.role_title(role)),
        Conflict::NotReady(reasons) => texts::reasons_stand_against_go(reasons.len()),
        Conflict::Conditions(conditions) => texts::conditions_are_others_now(conditions.len()),
        Conflict::Waiting(waiting) => renewals::explain_waiting_period(waiting, state.zone()).into(),
    };
    sentence.into_owned()
}

/// Who did what to an item.
fn describe_changed_item(state: &LaunchState, item: &Item) -> Cow<'static, str> {
    let marked = item.last_marked.map_or_else(texts::somebody, |(by, _)| state.member_label(by).to_string().into());
    // Marking ends an agreement, so an existing agreement is newer.
    let change = match (item.agreement, item.status.state) {
        (Agreement::Given { by, .. }, _) => texts::changed_to_agreed(state.member_label(by)),
        (Agreement::Refused { by, .. }, _) => texts::changed_to_agreement_refused(state.member_label(by)),
        (Agreement::None, ItemState::Open) => texts::changed_to_open(marked),
        (Agreement::None, ItemState::Done) => texts::changed_to_done(marked),
        (Agreement::None, ItemState::NotApplicable) => texts::changed_to_not_applicable(marked),
        (Agreement::None, ItemState::Blocked) => texts::changed_to_blocked(marked),
    };
    texts::changed_meanwhile_look_again(change)
}

/// What became of a thing that one form replaces, and who changed it.
fn describe_changed_thing(state: &LaunchState, thing: &ChangedThing, by: PersonLabel<'_>) -> Cow<'static, str> {
    let assignment = |id| state.item(id).map(|item| &item.assignment);
    match thing {
        ChangedThing::Name => texts::changed_name(by, state.name()),
        ChangedThing::Summary => match &state.details.summary {
            Some(summary) => texts::changed_summary(by, state.text(summary)),
            None => texts::removed_summary(by),
        },
        ChangedThing::Target => texts::changed_target(by, format_local_time(&state.details.target)),
        ChangedThing::SlipDays => texts::changed_grace_period(state.policy.slip_days, by),
        ChangedThing::SeparationOfDuties if state.policy.separation_of_duties => texts::changed_to_one_role(by),
        ChangedThing::SeparationOfDuties => texts::changed_to_several_roles(by),
        ChangedThing::Restriction if state.restricted => texts::changed_to_restricted(by),
        ChangedThing::Restriction => texts::changed_to_unrestricted(by),
        ChangedThing::Tags => match formatting::join_tags(&state.tags) {
            Some(tags) => texts::changed_tags(by, tags),
            None => texts::removed_tags(by),
        },
        ChangedThing::Owner => texts::changed_owner(by, state.person_label(state.owner)),
        ChangedThing::Assignee(id) => match assignment(*id).and_then(|now| now.assignee.as_ref()) {
            Some(person) => texts::changed_assignee(by, PersonLabel::of_member(person.name.as_str())),
            None => texts::changed_to_unassigned(by),
        },
        ChangedThing::DueDay(id) => match assignment(*id).and_then(|now| now.due) {
            Some(due) => texts::changed_due_date(by, formatting::format_day(due)),
            None => texts::removed_due_date(by),
        },
        ChangedThing::Notes => texts::changed_notes(by),
        ChangedThing::Stage => texts::changed_stage(by),
        ChangedThing::Holder(role, user) => {
            texts::changed_holder(by, state.member_label(*user), state.role_title(role))
        }
        ChangedThing::Participant(user) => texts::changed_participant(by, state.member_label(*user)),
        ChangedThing::SignatureRequest(role) => texts::changed_signature_request(by, state.role_title(role)),
    }
}
