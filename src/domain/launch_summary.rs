//! The summary of a launch: what lists show, filter and sort by and that only its state tells.
//!
//! It is computed from a state and a moment like readiness, and holds until the next event of the launch or until
//! [`LaunchSummary::holds_until`], whichever is first. So it can be stored for lists. Nothing is decided from it.

use serde::{Deserialize, Serialize};

use super::{
    checklist::RequiredRole,
    launch::state::{LaunchState, Stage},
    readiness::{Readiness, SignatureStatus, Verdict, compute_readiness, signature_status},
    role::RoleSlug,
    time::Moment,
};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LaunchSummary {
    /// Current readiness; once launched, the readiness at the launch; `None` if cancelled.
    pub verdict: Option<Verdict>,
    /// Resolved items and all: of those before the launch; once launched, of all.
    pub resolved: usize,
    pub total: usize,
    /// The roles that have to sign, in the checklist's order.
    pub signatures: Vec<RoleSignature>,
    /// The moment from which it may be different without an event; `None` if it never is.
    pub holds_until: Option<Moment>,
}

/// What the signatures of a required role amount to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleSignature {
    pub role: RoleSlug,
    pub title: String,
    /// The status of the most significant signature that has not ended; `None` if there is none.
    pub status: Option<SignatureStatus>,
}

#[must_use]
pub fn summarize_launch(state: &LaunchState, now: Moment) -> LaunchSummary {
    let readiness = compute_readiness(state, now);
    let launched = state.stage.launched();
    let (mut resolved, mut total) = (0, 0);
    for (item, definition) in state.items_with_definitions() {
        if launched.is_some() || definition.phase.is_before() {
            total += 1;
            resolved += usize::from(state.is_resolved(item, now));
        }
    }
    let verdict = match &state.stage {
        Stage::Cancelled { .. } => None,
        _ => Some(launched.map_or(readiness.verdict, |launched| launched.readiness.verdict)),
    };
    let required = state.version.checklist.required_roles.iter();
    let signatures = required.map(|required| summarize_role(state, &readiness, required)).collect();
    LaunchSummary { verdict, resolved, total, signatures, holds_until: readiness.valid_until }
}

fn summarize_role(state: &LaunchState, readiness: &Readiness, required: &RequiredRole) -> RoleSignature {
    let digest = readiness.digests.get(&required.role);
    let signed = state.newest_signatures().filter(|signature| signature.record.role == required.role);
    let statuses: Vec<_> =
        signed.filter_map(|signature| digest.map(|digest| signature_status(state, signature, digest))).collect();
    let ranked =
        [SignatureStatus::Objects, SignatureStatus::Counts, SignatureStatus::Stale, SignatureStatus::NotHolder];
    RoleSignature {
        role: required.role.clone(),
        title: required.title.to_string(),
        status: ranked.into_iter().find(|status| statuses.contains(status)),
    }
}
