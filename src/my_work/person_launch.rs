//! A launch as one person sees it: what they can do there, and which of its items are theirs.

use std::sync::Arc;

use crate::{
    domain::{
        launch::{
            access::{Act, ActGroup, Actor, check_access, stage_allows},
            state::{Item, LaunchState},
        },
        readiness::Readiness,
        time::Moment,
    },
    presentation::formatting,
};

/// A launch from the person's point of view, now.
pub(super) struct PersonLaunch<'a> {
    pub state: &'a LaunchState,
    pub actor: &'a Actor,
    pub now: Moment,
    pub readiness: Arc<Readiness>,
}

impl PersonLaunch<'_> {
    /// Whether the person may do this, and the launch's stage allows that kind of work.
    pub(super) fn can_do(&self, act: &Act, kind: ActGroup) -> bool {
        stage_allows(&self.state.stage, kind) && check_access(self.state, self.actor, act).is_ok()
    }

    /// The kind of work that an item's phase makes it.
    pub(super) fn act_group(&self, item: &Item) -> ActGroup {
        if self.state.definition(item).phase.is_before() { ActGroup::Prepare } else { ActGroup::FollowUp }
    }

    /// Whether the item is the person's own: assigned to them, or unassigned and of one of their roles.
    pub(super) fn is_own(&self, item: &Item) -> bool {
        match &item.assignment.assignee {
            Some(assignee) => assignee.id == self.actor.id,
            None => {
                self.state.definition(item).role.as_ref().is_some_and(|role| self.state.holds_role(self.actor.id, role))
            }
        }
    }

    pub(super) fn format_countdown(&self) -> String {
        formatting::format_countdown(self.state.details.target.to_moment(), self.now)
    }

    /// `Payments 2.0 · asked by Bob`.
    pub(super) fn describe_task(&self, description: &str) -> String {
        format!("{} · {description}", self.state.name())
    }

    pub(super) fn item_title(&self, item: &Item) -> String {
        self.state.definition(item).shown_title()
    }
}
