//! What a row says of an item: drawn by the server with the page, and by the page itself when it hears of a change.

use serde::Serialize;

use super::words;
use crate::{
    domain::{
        checklist::ChecklistItem,
        launch::{
            event::ItemState,
            state::{Item, LaunchState},
        },
        time::{Day, Moment},
    },
    web::page::initials,
};

/// The facts of an item that its row shows. Whoever looks, they are the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemFacts {
    /// The state as it is drawn: the stored one, or `waived`.
    pub state: &'static str,
    /// The state that is stored.
    pub stored: ItemState,
    /// Rises with state, reason and agreement.
    pub version: i64,
    /// Why it has its state; empty where nobody said.
    pub reason: String,
    /// How many pieces of evidence it has, without the withdrawn.
    pub evidence: usize,
    /// Whether it requires evidence and has none standing.
    pub lacks_evidence: bool,
    /// Who sees to it: name and initials.
    pub assignee: Option<(String, String)>,
    /// The day it is due, in words; empty when it is not, or is resolved.
    pub due: String,
    /// Whether that is over.
    pub late: bool,
    /// The last day of the waiver it rests on, in words.
    pub waived_until: String,
    /// Who marked it last, and when.
    pub marked: Option<(String, Moment)>,
}

impl ItemFacts {
    /// The facts at a moment.
    #[must_use]
    pub fn of(state: &LaunchState, item: &Item, now: Moment) -> Self {
        let definition = state.definition(item);
        let resolved = state.is_resolved(item, now);
        let named = |name: &str| (name.to_owned(), initials(name));
        Self {
            state: shown_state(state, item, now),
            stored: item.standing.state,
            version: item.version,
            reason: item.standing.reason.map_or_else(String::new, |reason| state.text(&reason).to_owned()),
            evidence: state.evidence_of(item).filter(|evidence| evidence.withdrawn.is_none()).count(),
            lacks_evidence: lacks_evidence(state, item, definition, now),
            assignee: item.assignment.assignee.as_ref().map(|person| named(person.name.as_str())),
            due: due_day(state, item).filter(|_| !resolved).map_or_else(String::new, words::day),
            late: !resolved && is_late(state, item, definition, now),
            waived_until: state.waived_by(item, now).map_or_else(String::new, |waiver| words::day(waiver.expires_on)),
            marked: item.marked.map(|(by, at)| (state.person(by).to_owned(), at)),
        }
    }
}

/// The state as it is drawn: the stored one, or `waived`.
#[must_use]
pub fn shown_state(state: &LaunchState, item: &Item, now: Moment) -> &'static str {
    if state.waived_by(item, now).is_some() { "waived" } else { item.standing.state.slug() }
}

/// Whether an item that requires evidence has none standing.
#[must_use]
pub fn lacks_evidence(state: &LaunchState, item: &Item, definition: &ChecklistItem, now: Moment) -> bool {
    definition.evidence_required
        && !matches!(item.standing.state, ItemState::NotApplicable)
        && !state.has_standing_evidence(item, now)
}

/// The day an item is due: its own, or that on which its window after the launch is over.
#[must_use]
pub fn due_day(state: &LaunchState, item: &Item) -> Option<Day> {
    let window = || state.due_at(state.definition(item)).map(|due| Day::of(due, state.zone()));
    item.assignment.due.or_else(window)
}

/// Whether an item's due day, or the window it is due in, is over.
#[must_use]
pub fn is_late(state: &LaunchState, item: &Item, definition: &ChecklistItem, now: Moment) -> bool {
    let day = item.assignment.due.is_some_and(|due| due.end(state.zone()) <= now);
    day || state.due_at(definition).is_some_and(|due| due <= now)
}
