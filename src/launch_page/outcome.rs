//! How a change that did not happen is answered.

use super::{way_in, words};
use crate::{
    domain::launch::{
        command::{Conflict, Refusal},
        event::ItemState,
        last_changes::ChangedThing,
        state::{Agreement, LaunchState},
    },
    record::{Fault, NotDone},
    web::{Error, form::FieldErrors},
};

/// A refusal that the person can act on where they are: the form comes back with what they typed.
#[derive(Debug, Clone)]
pub enum Refused {
    /// Fields are wrong (422).
    Fields(FieldErrors),
    /// Things stand differently (409): the sentence says how, and the conflict what.
    Conflict(String, Conflict),
}

/// What is said where the database contradicts what this server has read of a launch.
const CONTRADICTED: &str = "The database no longer holds the history of a launch that this server has read, so that launch is \
                            neither shown nor changed. Ask whoever runs this installation to run “signoff verify --database”. \
                            After a backup was restored on purpose, the server has to be restarted.";

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Database(error) => error.into(),
            // Logged already, once.
            Fault::Contradicted(..) => Self::Unavailable(CONTRADICTED),
            fault @ (Fault::Misfit(..) | Fault::Unreadable(..) | Fault::NoKey) => {
                Self::Fault(anyhow::Error::new(fault))
            }
        }
    }
}

/// Sorts a change that did not happen: what the person can act on comes back as [`Refused`], the rest is an error
/// page. `state` is the launch that the page was made from, for the words.
///
/// # Errors
/// Not found, forbidden, or a fault.
pub fn refused(state: &LaunchState, not_done: NotDone) -> Result<Refused, Error> {
    let refusal = match not_done {
        NotDone::Fault(fault) => return Err(fault.into()),
        NotDone::Refused(refusals) => refusals.into_first(),
    };
    match refusal {
        Refusal::NotFound => Err(Error::NotFound),
        Refusal::Forbidden(why) => Err(Error::Forbidden(why.into())),
        Refusal::Invalid(field, message) => Ok(Refused::Fields(FieldErrors::one(field, message))),
        Refusal::Unproven => Ok(Refused::Fields(FieldErrors::one("password", crate::access::proof::WRONG))),
        Refusal::Conflict(conflict) => Ok(Refused::Conflict(sentence(state, &conflict), conflict)),
    }
}

/// As [`refused`], for a change that is asked for with a mere button: there is no form to bring back.
///
/// # Errors
/// Always: the error that the page shows.
pub fn plainly<T>(state: &LaunchState, not_done: NotDone) -> Result<T, Error> {
    Err(match refused(state, not_done)? {
        Refused::Conflict(sentence, _) => Error::Conflict(sentence.into()),
        Refused::Fields(errors) => {
            let sentences: Vec<_> = errors.iter().map(|(_, sentence)| sentence.to_owned()).collect();
            Error::Unprocessable(sentences.join(" ").into())
        }
    })
}

/// A conflict in words. For an item, `state` should be the launch as it is *now*, so that it says who did what.
#[must_use]
pub fn sentence(state: &LaunchState, conflict: &Conflict) -> String {
    match conflict {
        Conflict::Stage(why) | Conflict::Other(why) => (*why).to_owned(),
        Conflict::StaleItem(id) => {
            let Some(item) = state.item(*id) else { return "This item was changed meanwhile.".to_owned() };
            let marked = item.marked.map(|(by, _)| by);
            // Marking ends an agreement, so one that is there came after.
            let (who, what) = match item.agreement {
                Agreement::Given { by, .. } => (Some(by), "agreed that it does not apply"),
                Agreement::Refused { by, .. } => (Some(by), "refused to agree that it does not apply"),
                Agreement::None => match item.standing.state {
                    ItemState::Open => (marked, "set it back to open"),
                    ItemState::Done => (marked, "marked it done"),
                    ItemState::NotApplicable => (marked, "marked it not applicable"),
                    ItemState::Blocked => (marked, "marked it blocked"),
                },
            };
            let who = who.map_or("someone", |by| state.person(by));
            format!("Meanwhile {who} {what}. What you entered is kept below; look again, then decide.")
        }
        Conflict::StaleNotes => "Someone rewrote the notes meanwhile. Yours are kept below, beside theirs.".to_owned(),
        Conflict::ChangedSince(changed) => {
            let each =
                changed.iter().map(|(thing, by)| format!("{} {}", state.person(*by), change_in_words(state, thing)));
            let each = each.collect::<Vec<_>>().join("; ");
            format!("Meanwhile {each}. What you entered is kept below; look again, then decide.")
        }
        Conflict::StaleScope(role) => format!(
            "Something in the scope of {} changed since you opened this page, so nothing was signed. \
             Look at what changed below, then sign again.",
            state.role_title(role)
        ),
        Conflict::NotReady(reasons) => {
            format!("{} in the way.", stand(&words::count(reasons.len(), "thing"), reasons.len()))
        }
        Conflict::Conditions(conditions) => {
            let now = match conditions.len() {
                0 => "There are none now.".to_owned(),
                1 => "There is 1 now; acknowledge it.".to_owned(),
                many => format!("There are {many} now; acknowledge each."),
            };
            format!("The conditions are not those you acknowledged. {now}")
        }
        Conflict::Waiting(waiting) => way_in::waiting(waiting, state.zone()),
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
            format!("{} the launch", if state.restricted { "restricted" } else { "opened to everyone" })
        }
        ChangedThing::Owner => format!("gave the launch to {}", state.person(state.owner)),
        ChangedThing::Assignee(id) => match assignment(*id).and_then(|now| now.assignee.as_ref()) {
            Some(person) => format!("assigned it to {}", person.name),
            None => "assigned it to nobody".to_owned(),
        },
        ChangedThing::DueDay(id) => match assignment(*id).and_then(|now| now.due) {
            Some(due) => format!("changed the day it is due to {}", words::day(due)),
            None => "removed the day it is due".to_owned(),
        },
        ChangedThing::Notes => "rewrote the notes".to_owned(),
        ChangedThing::Stage => "moved the launch to another stage".to_owned(),
        ChangedThing::Holder(role, user) => {
            format!("changed whether {} holds {}", state.person(*user), state.role_title(role))
        }
        ChangedThing::Participant(user) => format!("changed whether {} takes part", state.person(*user)),
        ChangedThing::SignatureRequest(role) => format!("asked {} to sign", state.role_title(role)),
    }
}

fn stand(things: &str, number: usize) -> String {
    if number == 1 { format!("{things} stands") } else { format!("{things} stand") }
}
