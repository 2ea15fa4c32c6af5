//! Which items of a launch the checklist page shows: a choice that lives in the address.

use crate::{
    domain::{
        checklist::{ChecklistItem, Importance},
        ids::UserId,
        launch::{
            event::ItemState,
            state::{Item, LaunchState},
        },
        time::Moment,
    },
    launch_page::item_facts::{is_late, lacks_evidence},
};

/// Which items are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Filter {
    All,
    Mine,
    MyRoles,
    Open,
    Blocked,
    Critical,
    WithoutEvidence,
    Overdue,
    Waived,
}

impl Filter {
    pub(super) fn slug(self) -> &'static str {
        self.into()
    }

    const fn word(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Mine => "Mine",
            Self::MyRoles => "My roles",
            Self::Open => "Open",
            Self::Blocked => "Blocked",
            Self::Critical => "Critical",
            Self::WithoutEvidence => "Without evidence",
            Self::Overdue => "Overdue",
            Self::Waived => "Waived",
        }
    }

    pub(super) fn lets_through(
        self,
        state: &LaunchState,
        user: UserId,
        item: &Item,
        definition: &ChecklistItem,
        now: Moment,
    ) -> bool {
        match self {
            Self::All => true,
            Self::Mine => item.assignment.assignee.as_ref().is_some_and(|person| person.id == user),
            Self::MyRoles => definition.role.as_ref().is_some_and(|role| state.holds(user, role)),
            Self::Open => item.standing.state == ItemState::Open && state.waived_by(item, now).is_none(),
            Self::Blocked => item.standing.state == ItemState::Blocked,
            Self::Critical => definition.importance == Importance::Critical,
            Self::WithoutEvidence => lacks_evidence(state, item, definition, now),
            Self::Overdue => !state.is_resolved(item, now) && is_late(state, item, definition, now),
            Self::Waived => state.waived_by(item, now).is_some(),
        }
    }
}

/// A filter with how many items it lets through.
pub(super) struct FilterLink {
    pub filter: Filter,
    pub word: &'static str,
    pub count: usize,
}

/// The filters that let something through, and [`Filter::All`].
pub(super) fn filters(state: &LaunchState, user: UserId, now: Moment) -> Vec<FilterLink> {
    use strum::IntoEnumIterator as _;
    let count = |filter: Filter| {
        state.defined().filter(|(item, definition)| filter.lets_through(state, user, item, definition, now)).count()
    };
    Filter::iter()
        .map(|filter| FilterLink { filter, word: filter.word(), count: count(filter) })
        .filter(|link| link.filter == Filter::All || link.count > 0)
        .collect()
}
