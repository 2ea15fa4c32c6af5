//! Readiness: what stands in the way of a launch, computed from its state and the time, never stored.
//!
//! | rule | blocks when |
//! |---|---|
//! | items | a critical or required item is not resolved |
//! | evidence | a critical or required item that is done requires evidence and has none standing |
//! | justification | a critical item is not applicable without agreement |
//! | signatures | a required role has no current `go` that counts |
//! | objection | a `no_go` stands in any role |
//! | window | the target passed more than the allowed slip ago without being moved |
//!
//! It judges the items before the decision. Waivers that items rest on, and advisory items left undone, are
//! conditions: they make a conditional GO of what would be GO.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::{
    canonical::Sha256Hash,
    checklist::{ChecklistItem, Importance},
    digest,
    ids::{ItemId, SignatureId, UserId, WaiverId},
    launch::{
        event::{ItemState, Vote},
        state::{Agreement, Item, LaunchState, Signature, WaiverStatus},
    },
    role::RoleSlug,
    time::{Day, Moment},
};

/// What readiness comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing stands in the way.
    Go,
    /// Nothing stands in the way but conditions to be acknowledged.
    ConditionalGo,
    /// Something stands in the way.
    NoGo,
}

impl Verdict {
    /// The name in marks and JSON.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Go => "go",
            Self::ConditionalGo => "conditional_go",
            Self::NoGo => "no_go",
        }
    }

    /// The words that people read.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Go => "GO",
            Self::ConditionalGo => "CONDITIONAL GO",
            Self::NoGo => "NO-GO",
        }
    }
}

/// Why a waiver that was asked for does not help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaiverTrouble {
    /// Not yet answered.
    Asked,
    /// Refused.
    Refused,
    /// Revoked.
    Revoked,
    /// Past its last day.
    Expired,
}

/// Why a role has no `go` that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureLack {
    /// Nobody has signed.
    NotSigned,
    /// Who signed has withdrawn.
    Withdrawn,
    /// Something in its scope changed since.
    Stale,
    /// Who signed no longer holds the role.
    NotHolder,
    /// Who holds the role objects.
    Objects,
}

/// One thing that stands in the way: the rule, and what trips it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Reason {
    /// A critical or required item is not resolved.
    Items {
        /// The item.
        item: ItemId,
        /// Open or blocked.
        state: ItemState,
        /// Its newest waiver, when that does not help.
        waiver: Option<(WaiverId, WaiverTrouble)>,
    },
    /// A critical or required item is done without the evidence it requires.
    Evidence {
        /// The item.
        item: ItemId,
        /// The last day of evidence that has lapsed.
        lapsed_on: Option<Day>,
    },
    /// A critical item is not applicable without agreement.
    Justification {
        /// The item.
        item: ItemId,
        /// Whether agreement was refused.
        refused: bool,
    },
    /// A required role has no `go` that counts.
    Signatures {
        /// The role.
        role: RoleSlug,
        /// Why.
        lack: SignatureLack,
        /// The signature that does not count.
        signature: Option<SignatureId>,
    },
    /// A `no_go` stands.
    Objection {
        /// The role it was given in.
        role: RoleSlug,
        /// The signature.
        signature: SignatureId,
    },
    /// The target passed too long ago.
    Window {
        /// The moment at which the allowed slip was used up.
        since: Moment,
    },
}

impl Reason {
    /// The rule's name, as marks and JSON carry it.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::Items { .. } => "items",
            Self::Evidence { .. } => "evidence",
            Self::Justification { .. } => "justification",
            Self::Signatures { .. } => "signatures",
            Self::Objection { .. } => "objection",
            Self::Window { .. } => "window",
        }
    }

    /// The item it is about.
    #[must_use]
    pub const fn item(&self) -> Option<ItemId> {
        match self {
            Self::Items { item, .. } | Self::Evidence { item, .. } | Self::Justification { item, .. } => Some(*item),
            Self::Signatures { .. } | Self::Objection { .. } | Self::Window { .. } => None,
        }
    }

    /// The role it is about.
    #[must_use]
    pub const fn role(&self) -> Option<&RoleSlug> {
        match self {
            Self::Signatures { role, .. } | Self::Objection { role, .. } => Some(role),
            Self::Items { .. } | Self::Evidence { .. } | Self::Justification { .. } | Self::Window { .. } => None,
        }
    }
}

/// The name of a condition, by which it is acknowledged: `waiver:<id>` or
/// `advisory:<item>:<open|blocked|no_evidence>`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConditionId(pub String);

impl fmt::Display for ConditionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is undone about an advisory item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdvisoryLack {
    /// It is open.
    Open,
    /// It is blocked.
    Blocked,
    /// It is done without the evidence it requires.
    NoEvidence,
}

impl AdvisoryLack {
    const fn slug(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Blocked => "blocked",
            Self::NoEvidence => "no_evidence",
        }
    }
}

/// What kind of condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ConditionKind {
    /// The item rests on a waiver.
    Waiver {
        /// Which.
        waiver: WaiverId,
        /// Its last day.
        expires_on: Day,
    },
    /// An advisory item is left undone.
    Advisory {
        /// How.
        lack: AdvisoryLack,
    },
}

/// Something that a conditional GO rests on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Condition {
    /// Its name.
    pub id: ConditionId,
    /// The item.
    pub item: ItemId,
    /// Who sees to it: the item's assignee, else who asked for the waiver; else the item's role does.
    pub owner: Option<UserId>,
    /// What kind.
    #[serde(flatten)]
    pub kind: ConditionKind,
}

/// Whether a launch is ready, with everything that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// What it comes to.
    pub verdict: Verdict,
    /// Everything that stands in the way: items first, in the checklist's order, then signatures.
    pub reasons: Vec<Reason>,
    /// Everything a conditional GO rests on, in the checklist's order.
    pub conditions: Vec<Condition>,
    /// When this may next change with no one touching the launch.
    pub holds_until: Option<Moment>,
    /// The digest of each required role's scope now.
    pub digests: BTreeMap<RoleSlug, Sha256Hash>,
}

/// How a signature stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureStatus {
    /// A `go` that counts.
    Counts,
    /// A `no_go` that stands.
    Objects,
    /// A `go` whose scope has changed since.
    Stale,
    /// A `go` whose signer no longer holds the role.
    NotHolder,
    /// A `no_go` that another holder lifted.
    Lifted,
    /// Replaced by its signer's later one.
    Superseded,
    /// Withdrawn.
    Withdrawn,
}

/// How a signature stands, given the digest of its role's scope now.
#[must_use]
pub fn status(state: &LaunchState, signature: &Signature, digest_now: &Sha256Hash) -> SignatureStatus {
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
        Vote::Go if !state.holds(record.signer.id, &record.role) => SignatureStatus::NotHolder,
        Vote::Go if record.digest != *digest_now => SignatureStatus::Stale,
        Vote::Go => SignatureStatus::Counts,
    }
}

/// Judges a launch at a moment.
#[must_use]
pub fn readiness(state: &LaunchState, now: Moment) -> Readiness {
    let mut reasons = Vec::new();
    let mut conditions = Vec::new();
    for (item, definition) in state.before() {
        reasons.extend(judge_item(state, item, definition, now));
        conditions.extend(condition(state, item, definition, now));
    }
    let digests: BTreeMap<_, _> = state
        .version
        .checklist
        .required_roles
        .iter()
        .map(|required| (required.role.clone(), digest::digest(state, &required.role)))
        .collect();
    reasons.extend(judge_signatures(state, &digests));
    let slip_used_up = state.details.target.moment().plus_seconds(i64::from(state.policy.slip_days) * 86_400);
    if slip_used_up < now {
        reasons.push(Reason::Window { since: slip_used_up });
    }
    let verdict = match (reasons.is_empty(), conditions.is_empty()) {
        (false, _) => Verdict::NoGo,
        (true, false) => Verdict::ConditionalGo,
        (true, true) => Verdict::Go,
    };
    Readiness { verdict, reasons, conditions, holds_until: next_change(state, slip_used_up, now), digests }
}

/// What stands in the way on one item by the rules for items, evidence and justification: at most one reason,
/// since they look at different states. Used for the items before the decision and, at closing, for those after.
#[must_use]
pub fn judge_item(state: &LaunchState, item: &Item, definition: &ChecklistItem, now: Moment) -> Option<Reason> {
    if !definition.importance.blocks() {
        return None;
    }
    match item.standing.state {
        ItemState::Open | ItemState::Blocked if state.is_resolved(item, now) => None,
        ItemState::Open | ItemState::Blocked => {
            let waiver = state.waivers_of(item).next_back().map(|waiver| {
                let trouble = match waiver.status {
                    WaiverStatus::Asked => WaiverTrouble::Asked,
                    WaiverStatus::Refused(_) => WaiverTrouble::Refused,
                    WaiverStatus::Revoked(_) => WaiverTrouble::Revoked,
                    WaiverStatus::Approved { .. } => WaiverTrouble::Expired,
                };
                (waiver.id, trouble)
            });
            Some(Reason::Items { item: item.id, state: item.standing.state, waiver })
        }
        ItemState::Done if definition.evidence_required && !state.has_standing_evidence(item, now) => {
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

fn condition(state: &LaunchState, item: &Item, definition: &ChecklistItem, now: Moment) -> Option<Condition> {
    let assignee = item.assignment.assignee.as_ref().map(|person| person.id);
    if let Some(waiver) = state.waived_by(item, now) {
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
    let lack = match item.standing.state {
        ItemState::Open => AdvisoryLack::Open,
        ItemState::Blocked => AdvisoryLack::Blocked,
        ItemState::Done if definition.evidence_required && !state.has_standing_evidence(item, now) => {
            AdvisoryLack::NoEvidence
        }
        ItemState::Done | ItemState::NotApplicable => return None,
    };
    let id = ConditionId(format!("advisory:{}:{}", item.id, lack.slug()));
    Some(Condition { id, item: item.id, owner: assignee, kind: ConditionKind::Advisory { lack } })
}

fn judge_signatures(state: &LaunchState, digests: &BTreeMap<RoleSlug, Sha256Hash>) -> Vec<Reason> {
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
            .map(|signature| (signature, status(state, signature, now)))
            .collect();
        // The newest one that is still somebody's word says best why the role lacks a go.
        let telling = signed.iter().rev().find_map(|(signature, status)| {
            let lack = match status {
                SignatureStatus::Stale => SignatureLack::Stale,
                SignatureStatus::NotHolder => SignatureLack::NotHolder,
                SignatureStatus::Objects => SignatureLack::Objects,
                SignatureStatus::Withdrawn => SignatureLack::Withdrawn,
                SignatureStatus::Counts | SignatureStatus::Lifted | SignatureStatus::Superseded => return None,
            };
            Some((lack, signature.record.id))
        });
        let (lack, signature) = telling.map_or((SignatureLack::NotSigned, None), |(lack, id)| (lack, Some(id)));
        reasons.push(Reason::Signatures { role: required.role.clone(), lack, signature });
    }
    let objections = state
        .newest_signatures()
        .filter(|signature| objects(signature))
        .map(|signature| Reason::Objection { role: signature.record.role.clone(), signature: signature.record.id });
    reasons.extend(objections);
    reasons
}

/// Whether a role has a `go` that counts, given the digest of its scope now.
#[must_use]
pub fn has_go_that_counts(state: &LaunchState, role: &RoleSlug, digest_now: &Sha256Hash) -> bool {
    let mut newest = state.holders_of(role).filter_map(|holder| state.newest_signature(holder, role));
    newest.any(|signature| status(state, signature, digest_now) == SignatureStatus::Counts)
}

/// Whether a signature is an objection that stands. It never goes stale, and taking the objector off the role
/// does not lift it.
#[must_use]
pub fn objects(signature: &Signature) -> bool {
    signature.stands() && signature.record.verdict == Vote::NoGo && signature.lifted_by.is_none()
}

/// The next moment at which evidence lapses, a waiver expires or the slip is used up.
fn next_change(state: &LaunchState, slip_used_up: Moment, now: Moment) -> Option<Moment> {
    let zone = state.zone();
    let evidence = state.items.iter().flat_map(|item| state.unwithdrawn_evidence_of(item));
    let lapses = evidence.filter_map(|evidence| evidence.valid_until).map(|day| day.end(zone));
    let waivers = state.items.iter().flat_map(|item| state.approved_waivers_of(item));
    let expiries = waivers.map(|waiver| waiver.expires_on.end(zone));
    // The slip is used up only once its last moment is over.
    let window = std::iter::once(slip_used_up.next());
    lapses.chain(expiries).chain(window).filter(|at| *at > now).min()
}

#[cfg(test)]
mod tests;
