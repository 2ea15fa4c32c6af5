//! What the reader may do on an item now, and who may answer for exceptions.

use crate::{
    access::launch_access::LaunchAccess,
    domain::launch::{
        access::{Act, ActGroup, stage_allows},
        state::{Item, LaunchState},
    },
};

/// Whether the reader may do something on an item and the launch's stage allows it now. `before` is the group of acts
/// to which it belongs on an item that is due before the decision.
pub(super) fn is_available(access: &LaunchAccess, item: &Item, act: &Act, before: ActGroup) -> bool {
    let work = if access.launch.definition(item).phase.is_before() { before } else { ActGroup::FollowUp };
    stage_allows(&access.launch.stage, work) && access.is_allowed(act)
}

/// Describes who may agree that an item is not applicable, or approve its waiver.
pub(super) fn describe_approvers(state: &LaunchState, item: &Item) -> String {
    let role = state.definition(item).role.as_ref().filter(|role| state.holders_of(role).next().is_some());
    role.map_or_else(
        || "a holder of any signing role".to_owned(),
        |role| format!("a holder of {}", state.role_title(role)),
    )
}
