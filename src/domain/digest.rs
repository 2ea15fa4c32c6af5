//! What a signature is bound to: the scope of its role, and the digest of that scope.
//!
//! The digest is SHA-256 over the canonical JSON (RFC 8785) of the scope. It does not depend on the time: lapsing
//! evidence and expiring waivers affect only the readiness. Exactly the fields of [`Scope`] are material. Everything
//! else (comments, assignments, notes, holders, after-items) can change without making a signature stale.
//! `docs/signatures.md` has the same table in words.

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

/// Identifies this version of the scope's format.
const SCOPE_TAG: &str = "signoff/scope/v1";

/// Everything that is material to one role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scope {
    tag: &'static str,
    launch: LaunchId,
    role: RoleSlug,
    pub name: Commitment,
    /// The target as local time and zone.
    pub target: LocalTime,
    pub policy: SigningPolicy,
    /// The hash of the checklist version's content.
    pub checklist: Sha256Hash,
    /// The roles that must sign, in byte order.
    pub required_roles: Vec<RoleSlug>,
    /// The items in scope, in the checklist's order.
    pub items: Vec<ScopeItem>,
}

impl Scope {
    #[must_use]
    pub fn digest(&self) -> Sha256Hash {
        Sha256Hash::compute(&canonical::to_bytes(self))
    }
}

/// How a launch is signed. Options that do not exist yet are written as off, so that their introduction makes no
/// signature stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SigningPolicy {
    /// Whether one person may sign in one role only.
    pub separation_of_duties: bool,
    deputies: bool,
    order: bool,
    four_eyes: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScopeItem {
    pub id: ItemId,
    /// The stored state, without regard to waivers.
    pub state: ItemState,
    pub reason: Option<Commitment>,
    /// Who agreed that the item does not apply.
    pub agreement: Option<UserId>,
    /// The approved waiver, unless it was revoked.
    pub waiver: Option<ScopeWaiver>,
    /// The evidence that was not withdrawn, ordered by its canonical bytes.
    pub evidence: Vec<ScopeEvidence>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScopeWaiver {
    id: super::ids::WaiverId,
    asked_by: UserId,
    approved_by: UserId,
    reason: Commitment,
    control: Commitment,
    approval: Option<Commitment>,
    pub expires_on: Day,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScopeEvidence {
    /// `file`, `link` or `note`.
    pub kind: &'static str,
    /// The SHA-256 of a file, or the commitment of a link or note.
    pub hash: Sha256Hash,
    /// The day on which the fact was true.
    pub observed_on: Day,
    /// The last day on which the evidence is valid.
    pub valid_until: Option<Day>,
}

/// Builds the scope of a role: the before-items of this role, and those without a role that has to sign.
#[must_use]
pub fn build_scope(state: &LaunchState, role: &RoleSlug) -> Scope {
    let checklist = &state.version.checklist;
    let mut required_roles: Vec<_> = checklist.required_roles.iter().map(|required| required.role.clone()).collect();
    required_roles.sort();
    let is_required = |owner: &RoleSlug| required_roles.binary_search(owner).is_ok();
    let in_scope = |owner: Option<&RoleSlug>| owner.is_none_or(|owner| owner == role || !is_required(owner));
    let items = state.before_items().filter(|(_, definition)| in_scope(definition.role.as_ref()));
    let items = items.map(|(item, _)| build_scope_item(state, item)).collect();
    Scope {
        tag: SCOPE_TAG,
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

fn build_scope_item(state: &LaunchState, item: &super::launch::state::Item) -> ScopeItem {
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
    evidence.sort_by_cached_key(canonical::to_bytes);
    ScopeItem {
        id: item.id,
        state: item.status.state,
        reason: item.status.reason,
        agreement: match item.agreement {
            Agreement::Given { by, .. } => Some(by),
            Agreement::None | Agreement::Refused { .. } => None,
        },
        waiver,
        evidence,
    }
}

#[must_use]
pub fn digest(state: &LaunchState, role: &RoleSlug) -> Sha256Hash {
    build_scope(state, role).digest()
}

/// A difference between two scopes of one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScopeChange {
    Name { old: Commitment, new: Commitment },
    Target { old: LocalTime, new: LocalTime },
    Policy { old: SigningPolicy, new: SigningPolicy },
    Item { old: Box<ScopeItem>, new: Box<ScopeItem> },
}

/// The changes from one scope of a role to a later one, item by item. A launch's checklist never changes, so both
/// scopes have the same items in the same order.
#[must_use]
pub fn compare_scopes(old: &Scope, new: &Scope) -> Vec<ScopeChange> {
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
