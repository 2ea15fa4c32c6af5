//! Which items of a launch the checklist page shows. The filter is part of the address.

use std::borrow::Cow;

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
    presentation::item_facts::{is_late, lacks_evidence},
    texts,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "snake_case")]
pub(super) enum ChecklistItemFilter {
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

impl ChecklistItemFilter {
    pub(super) fn slug(self) -> &'static str {
        self.into()
    }

    fn label(self) -> Cow<'static, str> {
        match self {
            Self::All => texts::show_items_all(),
            Self::Mine => texts::show_items_mine(),
            Self::MyRoles => texts::show_items_of_my_roles(),
            Self::Open => texts::show_items_open(),
            Self::Blocked => texts::show_items_blocked(),
            Self::Critical => texts::show_items_critical(),
            Self::WithoutEvidence => texts::show_items_without_evidence(),
            Self::Overdue => texts::show_items_overdue(),
            Self::Waived => texts::show_items_waived(),
        }
    }

    pub(super) fn matches(
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
            Self::MyRoles => definition.role.as_ref().is_some_and(|role| state.holds_role(user, role)),
            Self::Open => item.status.state == ItemState::Open && state.waiver_in_force(item, now).is_none(),
            Self::Blocked => item.status.state == ItemState::Blocked,
            Self::Critical => definition.importance == Importance::Critical,
            Self::WithoutEvidence => lacks_evidence(state, item, definition, now),
            Self::Overdue => !state.is_resolved(item, now) && is_late(state, item, definition, now),
            Self::Waived => state.waiver_in_force(item, now).is_some(),
        }
    }
}

/// A filter with the number of items that match it.
pub(super) struct ChecklistFilterLink {
    pub filter: ChecklistItemFilter,
    pub word: Cow<'static, str>,
    pub count: usize,
}

/// The filters that match an item, and those that the page has anyhow: [`ChecklistItemFilter::All`] and the chosen one.
pub(super) fn filter_links(
    state: &LaunchState,
    user: UserId,
    now: Moment,
    chosen: ChecklistItemFilter,
) -> Vec<ChecklistFilterLink> {
    use strum::IntoEnumIterator as _;
    let count = |filter: ChecklistItemFilter| {
        state
            .items_with_definitions()
            .filter(|(item, definition)| filter.matches(state, user, item, definition, now))
            .count()
    };
    ChecklistItemFilter::iter()
        .map(|filter| ChecklistFilterLink { filter, word: filter.label(), count: count(filter) })
        .filter(|link| link.count > 0 || [ChecklistItemFilter::All, chosen].contains(&link.filter))
        .collect()
}
