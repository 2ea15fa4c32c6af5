//! What the reader may do on an item now, and who may answer for an exception.

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

/// The role of which a holder may agree that an item is not applicable, or approve its waiver; `None` if a holder of any
/// signing role may.
pub(super) fn approving_role(state: &LaunchState, item: &Item) -> Option<String> {
    let role = state.definition(item).role.as_ref().filter(|role| state.holders_of(role).next().is_some());
    role.map(|role| state.role_title(role).into_owned())
}
