//! How a change that was not made is answered.

use super::{formatting, renewals};
use crate::{
    domain::launch::{
        changed_thing::ChangedThing,
        command::{Conflict, Refusal},
        event::ItemState,
        state::{Agreement, LaunchState},
    },
    record::{ExecuteError, RecordError},
    texts,
    web::{Error, form::FieldErrors},
};

/// A refusal that the person can correct on the page: the form comes back with its input.
#[derive(Debug, Clone)]
pub enum FormRefusal {
    /// Invalid fields (422).
    Fields(FieldErrors),
    /// The launch's current state does not allow the change (409): as a sentence, and as data.
    Conflict(String, Conflict),
}

/// Message if the database contradicts what this server has read of a launch.
const CONTRADICTION_TEXT: &str = "The database no longer holds the history of a launch that this server has read, so that launch is \
                            neither shown nor changed. Ask whoever runs this installation to run “signoff verify --database”. \
                            After a backup was restored on purpose, the server has to be restarted.";

impl From<RecordError> for Error {
    fn from(fault: RecordError) -> Self {
        match fault {
            RecordError::Database(error) => error.into(),
            // Already logged, once.
            RecordError::Contradiction(..) => Self::Unavailable(CONTRADICTION_TEXT.into()),
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
        Refusal::Forbidden(why) => Err(Error::Forbidden(why.into())),
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
    match conflict {
        Conflict::Stage(why) | Conflict::Other(why) => (*why).to_owned(),
        Conflict::StaleItem(id) => {
            let Some(item) = state.item(*id) else { return "This item was changed meanwhile.".to_owned() };
            let marked = item.last_marked.map(|(by, _)| by);
            // Marking ends an agreement, so an existing agreement is newer.
            let (who, what) = match item.agreement {
                Agreement::Given { by, .. } => (Some(by), "agreed that it does not apply"),
                Agreement::Refused { by, .. } => (Some(by), "refused to agree that it does not apply"),
                Agreement::None => match item.status.state {
                    ItemState::Open => (marked, "set it back to open"),
                    ItemState::Done => (marked, "marked it done"),
                    ItemState::NotApplicable => (marked, "marked it not applicable"),
                    ItemState::Blocked => (marked, "marked it blocked"),
                },
            };
            let who = who.map_or("someone", |by| state.person_name(by));
            format!("Meanwhile {who} {what}. What you entered is kept below; look again, then decide.")
        }
        Conflict::StaleNotes => "Someone rewrote the notes meanwhile. Yours are kept below, beside theirs.".to_owned(),
        Conflict::ChangedSince(changed) => {
            let each = changed
                .iter()
                .map(|(thing, by)| format!("{} {}", state.person_name(*by), change_in_words(state, thing)));
            let each = each.collect::<Vec<_>>().join("; ");
            format!("Meanwhile {each}. What you entered is kept below; look again, then decide.")
        }
        Conflict::StaleScope(role) => format!(
            "Something in the scope of {} changed since you opened this page, so nothing was signed. \
             Look at what changed below, then sign again.",
            state.role_title(role)
        ),
        Conflict::NotReady(reasons) => {
            format!(
                "{} in the way.",
                with_verb_stand(&formatting::count_with_noun(reasons.len(), "thing"), reasons.len())
            )
        }
        Conflict::Conditions(conditions) => {
            let now = match conditions.len() {
                0 => "There are none now.".to_owned(),
                1 => "There is 1 now; acknowledge it.".to_owned(),
                many => format!("There are {many} now; acknowledge each."),
            };
            format!("The conditions are not those you acknowledged. {now}")
        }
        Conflict::Waiting(waiting) => renewals::explain_waiting_period(waiting, state.zone()),
    }
}

/// What became of a thing that one form replaces, after the name of whoever changed it.
fn change_in_words(state: &LaunchState, thing: &ChangedThing) -> String {
    let assignment = |id| state.item(id).map(|item| &item.assignment);
    match thing {
        ChangedThing::Name => format!("changed the name to “{}”", state.name()),
        ChangedThing::Summary => match &state.details.summary {
            Some(summary) => format!("changed the summary to “{}”", state.text(summary)),
            None => "removed the summary".to_owned(),
        },
        ChangedThing::Target => {
            let target = &state.details.target;
            format!("changed the target to {} {}", target.local.strftime("%Y-%m-%d %H:%M"), target.zone)
        }
        ChangedThing::SlipDays => {
            format!("changed the days the target may pass to {}", state.policy.slip_days)
        }
        ChangedThing::SeparationOfDuties => {
            let now = if state.policy.separation_of_duties {
                "may sign in one role only"
            } else {
                "may sign in several roles"
            };
            format!("changed the rules: one person {now}")
        }
        ChangedThing::Restriction => {
            if state.restricted { "restricted the launch" } else { "opened the launch to everyone" }.to_owned()
        }
        ChangedThing::Owner => format!("gave the launch to {}", state.person_name(state.owner)),
        ChangedThing::Assignee(id) => match assignment(*id).and_then(|now| now.assignee.as_ref()) {
            Some(person) => format!("assigned it to {}", person.name),
            None => "assigned it to nobody".to_owned(),
        },
        ChangedThing::DueDay(id) => match assignment(*id).and_then(|now| now.due) {
            Some(due) => format!("changed the day it is due to {}", formatting::format_day(due)),
            None => "removed the day it is due".to_owned(),
        },
        ChangedThing::Notes => "rewrote the notes".to_owned(),
        ChangedThing::Stage => "moved the launch to another stage".to_owned(),
        ChangedThing::Holder(role, user) => {
            format!("changed whether {} holds {}", state.person_name(*user), state.role_title(role))
        }
        ChangedThing::Participant(user) => format!("changed whether {} takes part", state.person_name(*user)),
        ChangedThing::SignatureRequest(role) => format!("asked {} to sign", state.role_title(role)),
    }
}

fn with_verb_stand(things: &str, number: usize) -> String {
    if number == 1 { format!("{things} stands") } else { format!("{things} stand") }
}
