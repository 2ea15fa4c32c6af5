//! What a signature binds: the scope of its role, and its digest.
//!
//! The digest is SHA-256 over the canonical JSON (RFC 8785) of the scope. It takes no clock: evidence that lapses
//! and waivers that expire act through readiness alone. What is material is exactly what [`Scope`] holds; whatever
//! is not in it (comments, assignments, notes, holders, after-items) can change under a signature without making
//! it stale. `docs/signatures.md` has the same table in words.

use serde::Serialize;

use super::{
    canonical::{self, Sha256Hash},
    ids::{ItemId, LaunchId, UserId},
    launch::{
        event::{EvidenceContent, ItemState},
        state::{Agreement, LaunchState},
        texts::Commitment,
    },
    role::RoleSlug,
    time::{Day, LocalTime},
};

/// The tag of this form of scope.
const TAG: &str = "signoff/scope/v1";

/// Everything material to a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scope {
    tag: &'static str,
    launch: LaunchId,
    role: RoleSlug,
    /// The launch's name.
    pub name: Commitment,
    /// Its target, as local time and zone.
    pub target: LocalTime,
    /// How the launch is signed.
    pub policy: SigningPolicy,
    /// The hash of the checklist version.
    pub checklist: Sha256Hash,
    /// The roles that must sign, by their bytes.
    pub required_roles: Vec<RoleSlug>,
    /// The items in scope, as ordered in the checklist.
    pub items: Vec<ScopeItem>,
}

impl Scope {
    /// Its digest: SHA-256 over its canonical JSON.
    #[must_use]
    pub fn digest(&self) -> Sha256Hash {
        Sha256Hash::of(&canonical::bytes(self))
    }
}

/// How a launch is signed. What is not offered yet stands in it as off, so that its coming makes nothing stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SigningPolicy {
    /// Whether one person may sign in one role only.
    pub separation_of_duties: bool,
    deputies: bool,
    order: bool,
    four_eyes: bool,
}

/// An item in a scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScopeItem {
    /// Its id.
    pub id: ItemId,
    /// Its stored state.
    pub state: ItemState,
    /// Why.
    pub reason: Option<Commitment>,
    /// Who agreed that it does not apply.
    pub agreement: Option<UserId>,
    /// Its approved, unrevoked waiver.
    pub waiver: Option<ScopeWaiver>,
    /// Its unwithdrawn evidence, by its canonical bytes.
    pub evidence: Vec<ScopeEvidence>,
}

/// A waiver in a scope: all its fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScopeWaiver {
    id: super::ids::WaiverId,
    asked_by: UserId,
    approved_by: UserId,
    reason: Commitment,
    control: Commitment,
    approval: Option<Commitment>,
    /// Its last day.
    pub expires_on: Day,
}

/// Evidence in a scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScopeEvidence {
    /// `file`, `link` or `note`.
    pub kind: &'static str,
    /// A file's SHA-256, a link's or note's commitment.
    pub hash: Sha256Hash,
    /// When the fact held.
    pub observed_on: Day,
    /// The last day it holds.
    pub valid_until: Option<Day>,
}

/// The scope of a role: its own before-items, and those whose role is none or not required here.
#[must_use]
pub fn scope(state: &LaunchState, role: &RoleSlug) -> Scope {
    let checklist = &state.version.checklist;
    let mut required_roles: Vec<_> = checklist.required_roles.iter().map(|required| required.role.clone()).collect();
    required_roles.sort();
    let is_required = |owner: &RoleSlug| required_roles.binary_search(owner).is_ok();
    let in_scope = |owner: Option<&RoleSlug>| owner.is_none_or(|owner| owner == role || !is_required(owner));
    let items = state.before().filter(|(_, definition)| in_scope(definition.role.as_ref()));
    let items = items.map(|(item, _)| scope_item(state, item)).collect();
    Scope {
        tag: TAG,
        launch: state.id,
        role: role.clone(),
        name: state.details.name,
        target: state.details.target.clone(),
        policy: SigningPolicy {
            separation_of_duties: state.policy.separation_of_duties,
            deputies: false,
            order: false,
            four_eyes: false,
        },
        checklist: state.version.hash,
        items,
        required_roles,
    }
}

fn scope_item(state: &LaunchState, item: &super::launch::state::Item) -> ScopeItem {
    use super::launch::state::WaiverStatus;
    let waiver = state.approved_waiver(item).and_then(|waiver| match waiver.status {
        WaiverStatus::Approved { by, reason, .. } => Some(ScopeWaiver {
            id: waiver.id,
            asked_by: waiver.by,
            approved_by: by,
            reason: waiver.reason,
            control: waiver.control,
            approval: reason,
            expires_on: waiver.expires_on,
        }),
        WaiverStatus::Asked | WaiverStatus::Refused(_) | WaiverStatus::Revoked(_) => None,
    });
    let mut evidence: Vec<_> = state
        .unwithdrawn_evidence_of(item)
        .map(|evidence| ScopeEvidence {
            kind: evidence.content.kind(),
            hash: match &evidence.content {
                EvidenceContent::File { sha256, .. } => *sha256,
                EvidenceContent::Link { url: Commitment(hash) } | EvidenceContent::Note { body: Commitment(hash) } => {
                    *hash
                }
            },
            observed_on: evidence.observed_on,
            valid_until: evidence.valid_until,
        })
        .collect();
    evidence.sort_by_cached_key(canonical::bytes);
    ScopeItem {
        id: item.id,
        state: item.standing.state,
        reason: item.standing.reason,
        agreement: match item.agreement {
            Agreement::Given { by, .. } => Some(by),
            Agreement::None | Agreement::Refused { .. } => None,
        },
        waiver,
        evidence,
    }
}

/// The digest of a role's scope.
#[must_use]
pub fn digest(state: &LaunchState, role: &RoleSlug) -> Sha256Hash {
    scope(state, role).digest()
}

/// What differs between two scopes of one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScopeChange {
    /// The launch's name.
    Name {
        /// As it was.
        old: Commitment,
        /// As it is.
        new: Commitment,
    },
    /// The launch's target.
    Target {
        /// As it was.
        old: LocalTime,
        /// As it is.
        new: LocalTime,
    },
    /// How the launch is signed.
    Policy {
        /// As it was.
        old: SigningPolicy,
        /// As it is.
        new: SigningPolicy,
    },
    /// An item.
    Item {
        /// As it was.
        old: Box<ScopeItem>,
        /// As it is.
        new: Box<ScopeItem>,
    },
}

/// What changed from one scope of a role to a later one, item by item. A launch's checklist never changes, so
/// both have the same items in the same order.
#[must_use]
pub fn difference(old: &Scope, new: &Scope) -> Vec<ScopeChange> {
    let mut changes = Vec::new();
    if old.name != new.name {
        changes.push(ScopeChange::Name { old: old.name, new: new.name });
    }
    if old.target != new.target {
        changes.push(ScopeChange::Target { old: old.target.clone(), new: new.target.clone() });
    }
    if old.policy != new.policy {
        changes.push(ScopeChange::Policy { old: old.policy, new: new.policy });
    }
    let items = old.items.iter().zip(&new.items).filter(|(old, new)| old != new);
    changes
        .extend(items.map(|(old, new)| ScopeChange::Item { old: Box::new(old.clone()), new: Box::new(new.clone()) }));
    changes
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
