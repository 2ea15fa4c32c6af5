//! Readiness: whether a launch is ready, computed from its state and the time, never stored.
//!
//! | rule | a launch is not ready when |
//! |---|---|
//! | items | a critical or required item is not resolved |
//! | evidence | a critical or required item that is done requires evidence and has no valid evidence |
//! | justification | a critical item is not applicable without agreement |
//! | signatures | a required role has no current `go` |
//! | objection | there is an open objection (`no_go`) in any role |
//! | window | the target passed more than the allowed slip ago and was not changed |
//!
//! Only before-items count. Waivers that items depend on, and unresolved advisory items, are conditions: with
//! conditions, a launch that would be GO becomes CONDITIONAL GO.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    canonical::Sha256Hash,
    checklist::{ChecklistItem, Importance},
    digest,
    launch::{
        event::{ItemState, Vote},
        state::{Agreement, Item, LaunchState, Signature, WaiverStatus},
    },
    role::RoleSlug,
    time::Moment,
};

pub use super::launch::stored_readiness::{
    AdvisoryProblem, Condition, ConditionId, ConditionKind, ReadinessRule, Reason, SignatureProblem, Verdict,
    WaiverProblem,
};

/// Whether a launch is ready, with all reasons and conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    pub verdict: Verdict,
    /// All reasons: items first, in the checklist's order, then signatures and objections, and last the window.
    pub reasons: Vec<Reason>,
    /// All conditions, in the checklist's order.
    pub conditions: Vec<Condition>,
    /// The next moment at which readiness may change without an event.
    pub valid_until: Option<Moment>,
    /// The current digest of each required role's scope.
    pub digests: BTreeMap<RoleSlug, Sha256Hash>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureStatus {
    /// A `go` that counts: its scope is as it was when it was signed, and its signer still holds the role.
    Counts,
    /// A `no_go` that was neither withdrawn, nor replaced, nor lifted.
    Objects,
    /// A `go` whose scope has changed since.
    Stale,
    /// A `go` whose signer no longer holds the role.
    NotHolder,
    /// A `no_go` that another holder lifted.
    Lifted,
    /// Replaced by a later signature of the same signer.
    Superseded,
    Withdrawn,
}

/// The status of a signature, given the current digest of its role's scope.
#[must_use]
pub fn signature_status(state: &LaunchState, signature: &Signature, digest_now: &Sha256Hash) -> SignatureStatus {
    let record = &signature.record;
    if signature.withdrawn.is_some() {
        return SignatureStatus::Withdrawn;
    }
    if signature.superseded {
        return SignatureStatus::Superseded;
    }
    match record.verdict {
        Vote::NoGo if signature.lifted_by.is_some() => SignatureStatus::Lifted,
        Vote::NoGo => SignatureStatus::Objects,
        Vote::Go if !state.holds_role(record.signer.id, &record.role) => SignatureStatus::NotHolder,
        Vote::Go if record.digest != *digest_now => SignatureStatus::Stale,
        Vote::Go => SignatureStatus::Counts,
    }
}

#[must_use]
pub fn compute_readiness(state: &LaunchState, now: Moment) -> Readiness {
    let mut reasons = Vec::new();
    let mut conditions = Vec::new();
    for (item, definition) in state.before_items() {
        reasons.extend(find_item_reason(state, item, definition, now));
        conditions.extend(find_item_condition(state, item, definition, now));
    }
    let digests: BTreeMap<_, _> = state
        .version
        .checklist
        .required_roles
        .iter()
        .map(|required| (required.role.clone(), digest::digest(state, &required.role)))
        .collect();
    reasons.extend(find_signature_reasons(state, &digests));
    let slip_used_up = state.details.target.to_moment().plus_seconds(i64::from(state.policy.slip_days) * 86_400);
    if slip_used_up < now {
        reasons.push(Reason::Window { since: slip_used_up });
    }
    let verdict = match (reasons.is_empty(), conditions.is_empty()) {
        (false, _) => Verdict::NoGo,
        (true, false) => Verdict::ConditionalGo,
        (true, true) => Verdict::Go,
    };
    Readiness { verdict, reasons, conditions, valid_until: next_readiness_change(state, slip_used_up, now), digests }
}

/// Checks one item against the rules for items, evidence and justification. Each rule looks at different item states,
/// so there is at most one reason. It is used for before-items, and for after-items when a launch is closed.
#[must_use]
pub fn find_item_reason(state: &LaunchState, item: &Item, definition: &ChecklistItem, now: Moment) -> Option<Reason> {
    if !definition.importance.blocks() {
        return None;
    }
    match item.status.state {
        ItemState::Open | ItemState::Blocked if state.is_resolved(item, now) => None,
        ItemState::Open | ItemState::Blocked => {
            let waiver = state.waivers_of(item).next_back().map(|waiver| {
                let trouble = match waiver.status {
                    WaiverStatus::Asked => WaiverProblem::Asked,
                    WaiverStatus::Refused(_) => WaiverProblem::Refused,
                    WaiverStatus::Revoked(_) => WaiverProblem::Revoked,
                    WaiverStatus::Approved { .. } => WaiverProblem::Expired,
                };
                (waiver.id, trouble)
            });
            Some(Reason::Items { item: item.id, state: item.status.state, waiver })
        }
        ItemState::Done if definition.evidence_required && !state.has_valid_evidence(item, now) => {
            let lapsed = state.unwithdrawn_evidence_of(item);
            Some(Reason::Evidence {
                item: item.id,
                lapsed_on: lapsed.filter_map(|evidence| evidence.valid_until).max(),
            })
        }
        ItemState::NotApplicable if definition.importance == Importance::Critical => match item.agreement {
            Agreement::Given { .. } => None,
            Agreement::None => Some(Reason::Justification { item: item.id, refused: false }),
            Agreement::Refused { .. } => Some(Reason::Justification { item: item.id, refused: true }),
        },
        ItemState::Done | ItemState::NotApplicable => None,
    }
}

fn find_item_condition(state: &LaunchState, item: &Item, definition: &ChecklistItem, now: Moment) -> Option<Condition> {
    let assignee = item.assignment.assignee.as_ref().map(|person| person.id);
    if let Some(waiver) = state.waiver_in_force(item, now) {
        return Some(Condition {
            id: ConditionId(format!("waiver:{}", waiver.id)),
            item: item.id,
            owner: assignee.or(Some(waiver.by)),
            kind: ConditionKind::Waiver { waiver: waiver.id, expires_on: waiver.expires_on },
        });
    }
    if definition.importance != Importance::Advisory {
        return None;
    }
    let lack = match item.status.state {
        ItemState::Open => AdvisoryProblem::Open,
        ItemState::Blocked => AdvisoryProblem::Blocked,
        ItemState::Done if definition.evidence_required && !state.has_valid_evidence(item, now) => {
            AdvisoryProblem::NoEvidence
        }
        ItemState::Done | ItemState::NotApplicable => return None,
    };
    let id = ConditionId(format!("advisory:{}:{}", item.id, lack.slug()));
    Some(Condition { id, item: item.id, owner: assignee, kind: ConditionKind::Advisory { lack } })
}

fn find_signature_reasons(state: &LaunchState, digests: &BTreeMap<RoleSlug, Sha256Hash>) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for required in &state.version.checklist.required_roles {
        let Some(now) = digests.get(&required.role) else { continue };
        if has_go_that_counts(state, &required.role, now) {
            continue;
        }
        let signed: Vec<_> = state
            .signatures
            .iter()
            .filter(|signature| signature.record.role == required.role)
            .map(|signature| (signature, signature_status(state, signature, now)))
            .collect();
        // The newest one that is still somebody's word says best why the role lacks a go.
        let telling = signed.iter().rev().find_map(|(signature, status)| {
            let lack = match status {
                SignatureStatus::Stale => SignatureProblem::Stale,
                SignatureStatus::NotHolder => SignatureProblem::NotHolder,
                SignatureStatus::Objects => SignatureProblem::Objects,
                SignatureStatus::Withdrawn => SignatureProblem::Withdrawn,
                SignatureStatus::Counts | SignatureStatus::Lifted | SignatureStatus::Superseded => return None,
            };
            Some((lack, signature.record.id))
        });
        let (lack, signature) = telling.map_or((SignatureProblem::NotSigned, None), |(lack, id)| (lack, Some(id)));
        reasons.push(Reason::Signatures { role: required.role.clone(), lack, signature });
    }
    let objections = state
        .newest_signatures()
        .filter(|signature| is_open_objection(signature))
        .map(|signature| Reason::Objection { role: signature.record.role.clone(), signature: signature.record.id });
    reasons.extend(objections);
    reasons
}

/// Whether a role has a `go` that counts, given the digest of its scope now.
#[must_use]
pub fn has_go_that_counts(state: &LaunchState, role: &RoleSlug, digest_now: &Sha256Hash) -> bool {
    let mut newest = state.holders_of(role).filter_map(|holder| state.newest_signature(holder, role));
    newest.any(|signature| signature_status(state, signature, digest_now) == SignatureStatus::Counts)
}

/// Whether a signature is an objection that stands. It never goes stale, and taking the objector off the role
/// does not lift it.
#[must_use]
pub fn is_open_objection(signature: &Signature) -> bool {
    signature.is_in_effect() && signature.record.verdict == Vote::NoGo && signature.lifted_by.is_none()
}

/// The next moment at which evidence lapses, a waiver expires or the slip is used up.
fn next_readiness_change(state: &LaunchState, slip_used_up: Moment, now: Moment) -> Option<Moment> {
    let zone = state.zone();
    let evidence = state.items.iter().flat_map(|item| state.unwithdrawn_evidence_of(item));
    let lapses = evidence.filter_map(|evidence| evidence.valid_until).map(|day| day.end(zone));
    let waivers = state.items.iter().flat_map(|item| state.approved_waivers_of(item));
    let expiries = waivers.map(|waiver| waiver.expires_on.end(zone));
    // The slip is used up only after its last moment.
    let window = std::iter::once(slip_used_up.next_microsecond());
    lapses.chain(expiries).chain(window).filter(|at| *at > now).min()
}

#[cfg(test)]
mod tests;
