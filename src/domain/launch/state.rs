//! A launch as it stands: one pure value, made by its events alone.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use super::{
    current::{Current, CurrentOfItem},
    event::{
        Assignment, Details, EvidenceContent, Finding, Policy, Redaction, Seq, Settlement, SignatureRecord, Standing,
    },
    last_changes::LastChanges,
    texts::{Commitment, Texts},
    turn::Turn,
};
use crate::domain::{
    canonical::Sha256Hash,
    checklist::{Checklist, ChecklistItem, Part, Phase, Section},
    ids::{
        ChecklistId, ChecklistVersionId, CommentId, EvidenceId, EvidenceRequestId, ItemId, LaunchId, SignatureId,
        UserId, WaiverId,
    },
    role::RoleSlug,
    text::{PersonName, Title},
    time::{Day, Moment, Zone},
};

/// One immutable, published version of a checklist.
#[derive(Debug, PartialEq, Eq)]
pub struct ChecklistVersion {
    /// Its id.
    pub id: ChecklistVersionId,
    /// The checklist it is a version of.
    pub of: ChecklistId,
    /// Its number there, from 1.
    pub number: i32,
    /// The hash of its content.
    pub hash: Sha256Hash,
    /// Its content.
    pub checklist: Checklist,
}

/// Where in its life a launch is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Being prepared.
    Preparing,
    /// GO was declared.
    Go(Decision),
    /// Held, with the reason.
    Held {
        /// Who held it.
        by: UserId,
        /// When.
        at: Moment,
        /// Why.
        reason: Commitment,
    },
    /// It happened.
    Launched(Launched),
    /// It is over.
    Closed {
        /// The launch that it was.
        launched: Launched,
        /// Who closed it.
        by: UserId,
        /// When.
        at: Moment,
        /// How each condition was settled.
        settlements: Vec<Settlement>,
    },
    /// It was called off.
    Cancelled {
        /// Who called it off.
        by: UserId,
        /// When.
        at: Moment,
        /// Why.
        reason: Commitment,
    },
}

/// The owner's recorded GO.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The event that declared it.
    pub seq: Seq,
    /// Who declared it.
    pub by: UserId,
    /// When.
    pub at: Moment,
    /// What readiness found then.
    pub found: Finding,
}

/// The launch as it happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launched {
    /// The decision it rested on.
    pub decision: Decision,
    /// The event that recorded it.
    pub seq: Seq,
    /// Who recorded it.
    pub by: UserId,
    /// The moment of launch.
    pub at: Moment,
    /// What readiness found at that moment.
    pub found: Finding,
}

/// The name of a stage, for the database, forms and lists.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::IntoStaticStr, strum::EnumString, sqlx::Type,
)]
#[strum(serialize_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum StageName {
    /// Being prepared.
    Preparing,
    /// GO was declared.
    Go,
    /// Held.
    Held,
    /// Launched.
    Launched,
    /// Closed.
    Closed,
    /// Cancelled.
    Cancelled,
}

impl StageName {
    /// The name in the database and in addresses.
    #[must_use]
    pub fn slug(self) -> &'static str {
        self.into()
    }

    /// The word that people read.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Preparing => "in preparation",
            Self::Go => "GO declared",
            Self::Held => "on hold",
            Self::Launched => "launched",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Stage {
    /// Its name.
    #[must_use]
    pub const fn name(&self) -> StageName {
        match self {
            Self::Preparing => StageName::Preparing,
            Self::Go(_) => StageName::Go,
            Self::Held { .. } => StageName::Held,
            Self::Launched(_) => StageName::Launched,
            Self::Closed { .. } => StageName::Closed,
            Self::Cancelled { .. } => StageName::Cancelled,
        }
    }

    /// The launch as it happened, once it has.
    #[must_use]
    pub const fn launched(&self) -> Option<&Launched> {
        match self {
            Self::Launched(launched) | Self::Closed { launched, .. } => Some(launched),
            Self::Preparing | Self::Go(_) | Self::Held { .. } | Self::Cancelled { .. } => None,
        }
    }

    /// The decision in force.
    #[must_use]
    pub const fn decision(&self) -> Option<&Decision> {
        match self {
            Self::Go(decision) => Some(decision),
            Self::Launched(launched) | Self::Closed { launched, .. } => Some(&launched.decision),
            Self::Preparing | Self::Held { .. } | Self::Cancelled { .. } => None,
        }
    }
}

/// Whether others agree that a critical item does not apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// Nobody has said.
    None,
    /// Someone agreed.
    Given {
        /// Who.
        by: UserId,
        /// When.
        at: Moment,
        /// With what remark.
        reason: Option<Commitment>,
    },
    /// Someone refused.
    Refused {
        /// Who.
        by: UserId,
        /// When.
        at: Moment,
        /// Why.
        reason: Commitment,
    },
}

/// An item of a launch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// Where the checklist defines it: part, section, item.
    pub at: (usize, usize, usize),
    /// Its state and reason.
    pub standing: Standing,
    /// Who marked it last, and when; nothing while it was never marked.
    pub marked: Option<(UserId, Moment)>,
    /// Agreement to a critical "not applicable".
    pub agreement: Agreement,
    /// Rises with state, reason and agreement, from 1.
    pub version: i64,
    /// Who sees to it, by when.
    pub assignment: Assignment,
    /// Its evidence, withdrawn too, in the order attached.
    pub evidence: Vec<EvidenceId>,
    /// Its waivers, in the order asked for.
    pub waivers: Vec<WaiverId>,
    /// Its comments, in order; the deleted too.
    pub comments: Vec<CommentId>,
    /// What auditors asked to see, in order.
    pub requests: Vec<EvidenceRequestId>,
    /// What of evidence and waivers still holds.
    pub current: CurrentOfItem,
}

/// Who, when and why: of a withdrawal, a revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Moment,
    /// Why.
    pub reason: Commitment,
}

/// A file, link or note on an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Its id.
    pub id: EvidenceId,
    /// The item.
    pub item: ItemId,
    /// What it consists of.
    pub content: EvidenceContent,
    /// What was attached first, where this is evidence of another item used again.
    pub source: Option<EvidenceId>,
    /// Who attached it.
    pub by: UserId,
    /// When.
    pub at: Moment,
    /// The event that attached it.
    pub seq: Seq,
    /// When the fact held.
    pub observed_on: Day,
    /// The last day it holds.
    pub valid_until: Option<Day>,
    /// Whether it was withdrawn.
    pub withdrawn: Option<Ended>,
    /// When the bytes of the file were destroyed, once they were.
    pub redacted: Option<Moment>,
}

impl Evidence {
    /// What it was attached as first: itself, unless it is used again. A file's bytes are kept under this id alone, so
    /// that they are there once however often they are used, the row that keeps them from being swept never goes,
    /// and to destroy them is to destroy them everywhere.
    #[must_use]
    pub fn origin(&self) -> EvidenceId {
        self.source.unwrap_or(self.id)
    }

    /// Whether it stands: not withdrawn and not past its validity, which holds through the end of its last day.
    #[must_use]
    pub fn stands(&self, zone: &Zone, now: Moment) -> bool {
        self.withdrawn.is_none() && !self.lapsed(zone, now)
    }

    /// Whether it is past its validity.
    #[must_use]
    pub fn lapsed(&self, zone: &Zone, now: Moment) -> bool {
        self.valid_until.is_some_and(|day| day.end(zone) <= now)
    }
}

/// What became of a waiver that was asked for. That it has expired is derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaiverStatus {
    /// Not yet answered.
    Asked,
    /// Approved.
    Approved {
        /// Who.
        by: UserId,
        /// When.
        at: Moment,
        /// With what remark.
        reason: Option<Commitment>,
    },
    /// Refused.
    Refused(Ended),
    /// Approved, then revoked.
    Revoked(Ended),
}

/// Permission to go without an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// Its id.
    pub id: WaiverId,
    /// The item.
    pub item: ItemId,
    /// Who asked.
    pub by: UserId,
    /// When.
    pub at: Moment,
    /// The event that asked for it.
    pub seq: Seq,
    /// Why.
    pub reason: Commitment,
    /// What is done instead.
    pub control: Commitment,
    /// The last day it holds.
    pub expires_on: Day,
    /// What became of it.
    pub status: WaiverStatus,
}

impl Waiver {
    /// Whether it is approved and unrevoked, expired or not.
    #[must_use]
    pub const fn is_approved(&self) -> bool {
        matches!(self.status, WaiverStatus::Approved { .. })
    }

    /// Whether its last day is over.
    #[must_use]
    pub fn expired(&self, zone: &Zone, now: Moment) -> bool {
        self.expires_on.end(zone) <= now
    }

    /// Whether it permits going without the item now.
    #[must_use]
    pub fn holds(&self, zone: &Zone, now: Moment) -> bool {
        self.is_approved() && !self.expired(zone, now)
    }
}

/// A comment; its body is read where it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// The item.
    pub item: ItemId,
    /// Who wrote it.
    pub by: UserId,
    /// When.
    pub at: Moment,
    /// Its body as it is now.
    pub body: Commitment,
    /// When it was last rewritten.
    pub edited_at: Option<Moment>,
    /// When it was deleted.
    pub deleted_at: Option<Moment>,
    /// Who hid it, and when, while it is hidden.
    pub hidden: Option<(UserId, Moment)>,
}

/// A request for more evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceRequest {
    /// Its id.
    pub id: EvidenceRequestId,
    /// The item.
    pub item: ItemId,
    /// Who asked.
    pub by: UserId,
    /// When.
    pub at: Moment,
    /// For what.
    pub text: Commitment,
    /// The answer.
    pub answer: Option<Ended>,
}

/// A signature with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// What was signed.
    pub record: SignatureRecord,
    /// When.
    pub at: Moment,
    /// The event that records it.
    pub seq: Seq,
    /// Whether its signer withdrew it.
    pub withdrawn: Option<Ended>,
    /// Whether its signer signed again in the role.
    pub superseded: bool,
    /// The signature of another holder that lifted this objection.
    pub lifted_by: Option<SignatureId>,
}

impl Signature {
    /// Whether it is its signer's word still: neither withdrawn nor replaced by a later one of theirs.
    #[must_use]
    pub const fn stands(&self) -> bool {
        self.withdrawn.is_none() && !self.superseded
    }
}

/// Something that was destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Redacted {
    /// What.
    pub what: Redaction,
    /// By whom, when and why.
    pub ended: Ended,
    /// The event that tells of it.
    pub seq: Seq,
}

/// Everything about a launch.
#[derive(Debug, Clone, PartialEq)]
pub struct LaunchState {
    /// Its id.
    pub id: LaunchId,
    /// The number of its newest event.
    pub seq: Seq,
    /// When that was.
    pub last_at: Moment,
    /// When it was made.
    pub created_at: Moment,
    /// Name, summary, target.
    pub details: Details,
    /// Its rules.
    pub policy: Policy,
    /// Its notes.
    pub notes: Option<Commitment>,
    /// The event that wrote them last; 0 while there is none.
    pub notes_seq: Seq,
    /// Whether only those concerned may see it.
    pub restricted: bool,
    /// Who owns it.
    pub owner: UserId,
    /// People named as participants.
    pub participants: BTreeSet<UserId>,
    /// The holders of each role.
    pub holders: BTreeMap<RoleSlug, BTreeSet<UserId>>,
    /// Where in its life it is.
    pub stage: Stage,
    /// The version of the checklist it was made from.
    pub version: Arc<ChecklistVersion>,
    /// Its items, as ordered in the checklist.
    pub items: Vec<Item>,
    /// Where each item stands in `items`.
    pub index: Arc<HashMap<ItemId, usize>>,
    /// All evidence, withdrawn too.
    pub evidence: BTreeMap<EvidenceId, Evidence>,
    /// All waivers.
    pub waivers: BTreeMap<WaiverId, Waiver>,
    /// All comments, without their bodies.
    pub comments: BTreeMap<CommentId, Comment>,
    /// All requests for evidence.
    pub requests: BTreeMap<EvidenceRequestId, EvidenceRequest>,
    /// All signatures, in order.
    pub signatures: Vec<Signature>,
    /// The roles whose signatures the owner has asked for, with the moment.
    pub asked: BTreeMap<RoleSlug, Moment>,
    /// What was destroyed, in order.
    pub redactions: Vec<Redacted>,
    /// What changed how many items are resolved, in order; first, the zone that its days were reckoned in.
    pub turns: Vec<Turn>,
    /// Who changed last what has no record of its own.
    pub last_changes: LastChanges,
    /// The names of everyone the history names, as last written there.
    pub people: BTreeMap<UserId, PersonName>,
    /// The texts that are known.
    pub texts: Texts,
    /// What of signatures, evidence and texts still holds.
    pub current: Current,
}

impl LaunchState {
    /// The zone in which the launch's days are reckoned.
    #[must_use]
    pub const fn zone(&self) -> &Zone {
        &self.details.target.zone
    }

    /// Its name, or what stands in the place of one that was redacted.
    #[must_use]
    pub fn name(&self) -> &str {
        self.text(&self.details.name)
    }

    /// The value of a text, or what stands in its place once it was redacted.
    #[must_use]
    pub fn text(&self, commitment: &Commitment) -> &str {
        self.texts.get(commitment).unwrap_or("[redacted]")
    }

    /// The name of a person whom the history names.
    #[must_use]
    pub fn person(&self, id: UserId) -> &str {
        self.people.get(&id).map_or("someone", PersonName::as_str)
    }

    /// An item by its id.
    #[must_use]
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.index.get(&id).and_then(|at| self.items.get(*at))
    }

    /// How the checklist defines an item.
    ///
    /// # Panics
    /// Never for an item of this launch: items are made from the definition they point into.
    #[must_use]
    pub fn definition(&self, item: &Item) -> &ChecklistItem {
        let (part, section, at) = item.at;
        &self.version.checklist.parts[part].sections[section].items[at]
    }

    /// The part and section an item stands in.
    #[must_use]
    pub fn place(&self, item: &Item) -> (&Part, &Section) {
        let (part, section, _) = item.at;
        let part = &self.version.checklist.parts[part];
        (part, &part.sections[section])
    }

    /// The items of the phase before the decision, with their definitions, in order.
    pub fn before(&self) -> impl Iterator<Item = (&Item, &ChecklistItem)> {
        self.defined().filter(|(_, definition)| definition.phase.is_before())
    }

    /// The items of the phase after the launch, with their definitions, in order.
    pub fn after(&self) -> impl Iterator<Item = (&Item, &ChecklistItem)> {
        self.defined().filter(|(_, definition)| !definition.phase.is_before())
    }

    /// All items with their definitions, in order.
    pub fn defined(&self) -> impl Iterator<Item = (&Item, &ChecklistItem)> {
        self.items.iter().map(|item| (item, self.definition(item)))
    }

    /// An item's evidence, withdrawn too, in the order attached.
    pub fn evidence_of(&self, item: &Item) -> impl Iterator<Item = &Evidence> {
        item.evidence.iter().filter_map(|id| self.evidence.get(id))
    }

    /// Whether an item has evidence that stands.
    #[must_use]
    pub fn has_standing_evidence(&self, item: &Item, now: Moment) -> bool {
        self.unwithdrawn_evidence_of(item).any(|evidence| evidence.stands(self.zone(), now))
    }

    /// An item's waivers, in the order asked for.
    pub fn waivers_of(&self, item: &Item) -> impl DoubleEndedIterator<Item = &Waiver> {
        item.waivers.iter().filter_map(|id| self.waivers.get(id))
    }

    /// The approved, unrevoked waiver of an item, expired or not. There is at most one: no second is asked for
    /// while one is asked for or holds, and an expired one makes room for the next.
    #[must_use]
    pub fn approved_waiver(&self, item: &Item) -> Option<&Waiver> {
        self.approved_waivers_of(item).next_back()
    }

    /// The waiver that lets one go without an item now: the item is open or blocked, and the waiver is approved,
    /// unrevoked and unexpired.
    #[must_use]
    pub fn waived_by(&self, item: &Item, now: Moment) -> Option<&Waiver> {
        use super::event::ItemState::{Blocked, Done, NotApplicable, Open};
        match item.standing.state {
            Open | Blocked => self.approved_waiver(item).filter(|waiver| waiver.holds(self.zone(), now)),
            Done | NotApplicable => None,
        }
    }

    /// Whether an item is resolved: done, not applicable, or waived.
    #[must_use]
    pub fn is_resolved(&self, item: &Item, now: Moment) -> bool {
        use super::event::ItemState::{Blocked, Done, NotApplicable, Open};
        match item.standing.state {
            Done | NotApplicable => true,
            Open | Blocked => self.waived_by(item, now).is_some(),
        }
    }

    /// When an after-item is due: nothing before the launch, or for a before-item.
    #[must_use]
    pub fn due_at(&self, definition: &ChecklistItem) -> Option<Moment> {
        match (definition.phase, self.stage.launched()) {
            (Phase::After(window), Some(launched)) => Some(launched.at.plus_seconds(window.hours() * 3600)),
            (Phase::After(_), None) | (Phase::Before, _) => None,
        }
    }

    /// Whether a person holds a role.
    #[must_use]
    pub fn holds(&self, user: UserId, role: &RoleSlug) -> bool {
        self.holders.get(role).is_some_and(|holders| holders.contains(&user))
    }

    /// The holders of a role.
    pub fn holders_of(&self, role: &RoleSlug) -> impl Iterator<Item = UserId> + '_ {
        self.holders.get(role).into_iter().flatten().copied()
    }

    /// A role's name as this checklist writes it; the slug of one that it does not require.
    #[must_use]
    pub fn role_title<'a>(&'a self, role: &'a RoleSlug) -> &'a str {
        let required = self.version.checklist.required_roles.iter().find(|required| required.role == *role);
        required.map_or(role.as_str(), |required| required.title.as_str())
    }

    /// The roles that a person may be made holder of: those that must sign, and those that own an item.
    #[must_use]
    pub fn roles(&self) -> Vec<(RoleSlug, Title)> {
        let checklist = &self.version.checklist;
        let mut roles: Vec<_> = checklist.required_roles.iter().map(|r| (r.role.clone(), r.title.clone())).collect();
        for role in checklist.items().filter_map(|(_, _, item)| item.role.as_ref()) {
            if !roles.iter().any(|(known, _)| known == role)
                && let Ok(title) = Title::new(role.as_str())
            {
                roles.push((role.clone(), title));
            }
        }
        roles
    }

    /// Whether a person may agree to exceptions of an item: a holder of its role; of any required role, if it has
    /// none, or one that nobody holds.
    #[must_use]
    pub fn may_except(&self, user: UserId, item: &Item) -> bool {
        match self.definition(item).role.as_ref().filter(|role| self.holders_of(role).next().is_some()) {
            Some(role) => self.holds(user, role),
            None => self.version.checklist.required_roles.iter().any(|required| self.holds(user, &required.role)),
        }
    }

    /// The bytes this value takes, roughly: what a cache is bounded by.
    #[must_use]
    pub fn weight(&self) -> usize {
        let things = self.items.len() + self.evidence.len() + self.waivers.len() + self.comments.len();
        2_000
            + things * 300
            + self.turns.len() * 64
            + self.last_changes.len() * 128
            + self.signatures.len() * 1_500
            + self.texts.weight()
    }
}
