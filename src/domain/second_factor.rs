//! Who must have a second factor.

use super::{
    ids::UserId,
    installation::SecondFactorPolicy,
    launch::state::{LaunchState, StageName},
    role::{InstallationRole, InstallationRoles},
};

/// Whether a person must have a second factor: admins, and everybody who owns or holds a role on one of these launches that
/// is not over. With every request the same is asked of the SQL function `owes_second_factor`, which reads the
/// projections; a test compares the two.
pub fn requires_second_factor<'a>(
    policy: SecondFactorPolicy,
    person: UserId,
    roles: &InstallationRoles,
    launches: impl IntoIterator<Item = &'a LaunchState>,
) -> bool {
    match policy {
        SecondFactorPolicy::Optional => false,
        SecondFactorPolicy::LeadsAndAdmins => {
            roles.contains(InstallationRole::Admin)
                || launches.into_iter().any(|launch| !is_over(launch) && leads(launch, person))
        }
    }
}

fn is_over(launch: &LaunchState) -> bool {
    matches!(launch.stage.name(), StageName::Closed | StageName::Cancelled)
}

/// Whether the person owns the launch or holds one of its roles.
fn leads(launch: &LaunchState, person: UserId) -> bool {
    launch.owner == person || launch.holders.values().any(|holders| holders.contains(&person))
}
