//! How a change that did not happen is answered.

use super::{way_in, words};
use crate::{
    domain::launch::{
        command::{Conflict, Refusal},
        event::ItemState,
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

fn stand(things: &str, number: usize) -> String {
    if number == 1 { format!("{things} stands") } else { format!("{things} stand") }
}
