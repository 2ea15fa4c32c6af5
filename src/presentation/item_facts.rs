//! What a row shows of an item: rendered by the server with the page, and by the page itself after a live change.

use std::borrow::Cow;

use serde::Serialize;

use super::formatting;
use crate::{
    domain::{
        checklist::ChecklistItem,
        launch::{
            event::ItemState,
            state::{Item, LaunchState, StageName},
        },
        time::{Day, Moment},
    },
    texts,
    web::person_tag::initials,
};

/// The facts of an item that its row shows. They are the same for every reader.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemFacts {
    pub state: ShownState,
    pub stored: ItemState,
    /// Increases with every change of state, reason or agreement.
    pub version: i64,
    /// Reason of the state; empty if there is none.
    pub reason: String,
    /// Number of pieces of evidence that are not withdrawn.
    pub evidence: usize,
    /// Whether it requires evidence and has no valid piece.
    pub lacks_evidence: bool,
    /// The assignee's name and initials.
    pub assignee: Option<(String, String)>,
    /// The due day as text; empty if there is none or the item is resolved.
    pub due: String,
    /// Whether the due time is over.
    pub late: bool,
    /// Last day of the waiver that is in effect, as text.
    pub waived_until: String,
    /// Who marked it last, and when.
    pub marked: Option<(String, Moment)>,
}

impl ItemFacts {
    #[must_use]
    pub fn from_item(state: &LaunchState, item: &Item, now: Moment) -> Self {
        let definition = state.definition(item);
        let resolved = state.is_resolved(item, now);
        let named = |name: &str| (name.to_owned(), initials(name));
        Self {
            state: ShownState::new(state, item, now),
            stored: item.status.state,
            version: item.version,
            reason: item.status.reason.map_or_else(String::new, |reason| state.text(&reason).to_owned()),
            evidence: state.evidence_of(item).filter(|evidence| evidence.withdrawn.is_none()).count(),
            lacks_evidence: lacks_evidence(state, item, definition, now),
            assignee: item.assignment.assignee.as_ref().map(|person| named(person.name.as_str())),
            due: due_day(state, item).filter(|_| !resolved).map_or_else(String::new, formatting::format_day),
            late: !resolved && is_late(state, item, definition, now),
            waived_until: state
                .waiver_in_force(item, now)
                .map_or_else(String::new, |waiver| formatting::format_day(waiver.expires_on)),
            marked: item.last_marked.map(|(by, at)| (state.person_name(by).to_owned(), at)),
        }
    }
}

/// The state of an item as it is drawn: the stored one, unless a waiver is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(into = "&'static str")]
pub enum ShownState {
    Stored(ItemState),
    Waived,
}

impl ShownState {
    #[must_use]
    pub fn new(state: &LaunchState, item: &Item, now: Moment) -> Self {
        if state.waiver_in_force(item, now).is_some() { Self::Waived } else { Self::Stored(item.status.state) }
    }

    /// The name in the HTML and in messages to scripts.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Stored(state) => state.slug(),
            Self::Waived => "waived",
        }
    }

    #[must_use]
    pub fn label(self) -> Cow<'static, str> {
        match self {
            Self::Stored(state) => state.label(),
            Self::Waived => texts::state_word_waived(),
        }
    }
}

impl From<ShownState> for &'static str {
    fn from(state: ShownState) -> Self {
        state.slug()
    }
}

/// The class of an item's box: its state; `done lacking` if it is done and its evidence is missing; `later` if it opens
/// with the launch.
#[must_use]
pub fn box_class(state: &LaunchState, item: &Item, definition: &ChecklistItem, now: Moment) -> &'static str {
    match ShownState::new(state, item, now) {
        ShownState::Stored(ItemState::Done) if lacks_evidence(state, item, definition, now) => "done lacking",
        ShownState::Stored(ItemState::Open) if opens_at_launch(state, definition) => "later",
        shown => shown.slug(),
    }
}

/// Whether nobody can mark an item before the launch has happened, and the launch is still ahead.
#[must_use]
pub fn opens_at_launch(state: &LaunchState, definition: &ChecklistItem) -> bool {
    let is_ahead = matches!(state.stage.name(), StageName::Preparing | StageName::Go | StageName::Held);
    is_ahead && !definition.phase.is_before()
}

/// Whether an item that requires evidence has no valid piece.
#[must_use]
pub fn lacks_evidence(state: &LaunchState, item: &Item, definition: &ChecklistItem, now: Moment) -> bool {
    definition.evidence_required
        && !matches!(item.status.state, ItemState::NotApplicable)
        && !state.has_valid_evidence(item, now)
}

/// The day an item is due: its own, or the end of its window after the launch.
#[must_use]
pub fn due_day(state: &LaunchState, item: &Item) -> Option<Day> {
    let window = || state.due_at(state.definition(item)).map(|due| Day::from_moment(due, state.zone()));
    item.assignment.due.or_else(window)
}

/// Whether the item's due day, or its window after the launch, is over.
#[must_use]
pub fn is_late(state: &LaunchState, item: &Item, definition: &ChecklistItem, now: Moment) -> bool {
    let day = item.assignment.due.is_some_and(|due| due.end(state.zone()) <= now);
    day || state.due_at(definition).is_some_and(|due| due <= now)
}
