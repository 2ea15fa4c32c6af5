//! The current state of a launch: one pure value, made by its events alone.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use super::{
    changed_thing::LastChanges,
    current::{Current, CurrentOfItem},
    event::{Assignment, LaunchDetails, Policy, Redaction, Seq, StateWithReason},
    resolution_change::ResolutionChange,
    texts::{Commitment, Texts},
};
use crate::{
    domain::{
        checklist::{ChecklistItem, ChecklistPart, ChecklistSection, Phase},
        ids::{CommentId, EvidenceId, EvidenceRequestId, ItemId, LaunchId, UserId, WaiverId},
        role::RoleSlug,
        text::{PersonName, Tag, Title},
        time::{Moment, Zone},
    },
    texts::PersonLabel,
};

pub use super::{
    checklist_version::ChecklistVersion,
    records::{Attribution, Comment, Evidence, EvidenceRequest, Signature, Waiver, WaiverStatus},
    stage::{Decision, LaunchRecord, RevokedGo, Stage, StageName},
};

/// Whether somebody else agrees that a critical item does not apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// Nobody has agreed or refused since the item was marked.
    None,
    Given {
        by: UserId,
        at: Moment,
        reason: Option<Commitment>,
    },
    Refused {
        by: UserId,
        at: Moment,
        reason: Commitment,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub id: ItemId,
    /// The position in the checklist's definition: part, section, item.
    pub position: (usize, usize, usize),
    /// The stored state with its reason.
    pub status: StateWithReason,
    /// Who marked the item last, and when. `None` if nobody has marked it.
    pub last_marked: Option<(UserId, Moment)>,
    /// The event that marked it last; 0 if none did.
    pub marked_seq: Seq,
    /// The event that last changed it or something that belongs to it, such as its evidence; 0 if none did.
    pub changed_seq: Seq,
    /// The agreement to a critical "not applicable".
    pub agreement: Agreement,
    /// Rises with each change of state, reason or agreement, from 1.
    pub version: i64,
    pub assignment: Assignment,
    /// All evidence, including withdrawn, in the order of attaching.
    pub evidence: Vec<EvidenceId>,
    /// In the order of asking.
    pub waivers: Vec<WaiverId>,
    /// In order, including deleted comments.
    pub comments: Vec<CommentId>,
    /// What auditors asked to see, in order.
    pub evidence_requests: Vec<EvidenceRequestId>,
    /// What of evidence and waivers still holds.
    pub current: CurrentOfItem,
}

/// A redaction of a text or a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RedactionRecord {
    pub redaction: Redaction,
    pub attribution: Attribution,
    /// The event of the redaction.
    pub seq: Seq,
}

/// Maximum number of tags of a launch.
pub const MAX_TAGS: usize = 10;

#[derive(Debug, Clone, PartialEq)]
pub struct LaunchState {
    pub id: LaunchId,
    /// The number of the newest event.
    pub seq: Seq,
    /// The time of the newest event.
    pub last_at: Moment,
    pub created_at: Moment,
    pub details: LaunchDetails,
    pub policy: Policy,
    pub notes: Option<Commitment>,
    /// Whether only the people named on the launch may see it.
    pub restricted: bool,
    /// At most [`MAX_TAGS`], in the order in which they were typed.
    pub tags: Vec<Tag>,
    pub owner: UserId,
    pub participants: BTreeSet<UserId>,
    pub holders: BTreeMap<RoleSlug, BTreeSet<UserId>>,
    pub stage: Stage,
    /// The newest GO, if it was taken back and there is no other since.
    pub revoked_go: Option<RevokedGo>,
    pub version: Arc<ChecklistVersion>,
    /// In the checklist's order.
    pub items: Vec<Item>,
    /// The position of each item in `items`.
    pub item_positions: Arc<HashMap<ItemId, usize>>,
    /// All evidence, including withdrawn.
    pub evidence: BTreeMap<EvidenceId, Evidence>,
    pub waivers: BTreeMap<WaiverId, Waiver>,
    /// All comments, without their bodies.
    pub comments: BTreeMap<CommentId, Comment>,
    pub evidence_requests: BTreeMap<EvidenceRequestId, EvidenceRequest>,
    /// All signatures, in order.
    pub signatures: Vec<Signature>,
    /// The roles whose holders the owner has asked to sign, with the time.
    pub signature_requests: BTreeMap<RoleSlug, Moment>,
    pub redactions: Vec<RedactionRecord>,
    /// The changes of the number of resolved items, in order. The first entry is the zone in which the launch began.
    pub resolution_changes: Vec<ResolutionChange>,
    /// The last change of each part of the state that does not record its own author.
    pub last_changes: LastChanges,
    /// The names of all people in the history, as last written there.
    pub people: BTreeMap<UserId, PersonName>,
    /// The texts that are in memory.
    pub texts: Texts,
    /// What of signatures, evidence and texts still holds.
    pub current: Current,
}

impl LaunchState {
    /// The zone that defines the launch's days.
    #[must_use]
    pub const fn zone(&self) -> &Zone {
        &self.details.target.zone
    }

    /// The launch's name, or a placeholder if it was redacted.
    #[must_use]
    pub fn name(&self) -> &str {
        self.text(&self.details.name)
    }

    /// The value of a text, or a placeholder if it was redacted.
    #[must_use]
    pub fn text(&self, commitment: &Commitment) -> &str {
        self.texts.get(commitment).unwrap_or("[redacted]")
    }

    /// A person in a text.
    #[must_use]
    pub fn person_label(&self, id: UserId) -> PersonLabel<'_> {
        PersonLabel::new(self.person_name(id))
    }

    /// A member in a text, such as a signer, a holder or an assignee.
    #[must_use]
    pub fn member_label(&self, id: UserId) -> PersonLabel<'_> {
        PersonLabel::of_member(self.person_name(id))
    }

    /// The name of a person in the history; in a text it is a [`Self::person_label`].
    #[must_use]
    pub fn person_name(&self, id: UserId) -> &str {
        self.people.get(&id).map_or("someone", PersonName::as_str)
    }

    #[must_use]
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.item_positions.get(&id).and_then(|at| self.items.get(*at))
    }

    /// The definition of an item in the checklist.
    ///
    /// # Panics
    /// Never for an item of this launch: each item is created from the definition to which it points.
    #[must_use]
    pub fn definition(&self, item: &Item) -> &ChecklistItem {
        let (part, section, at) = item.position;
        &self.version.checklist.parts[part].sections[section].items[at]
    }

    #[must_use]
    pub fn part_and_section(&self, item: &Item) -> (&ChecklistPart, &ChecklistSection) {
        let (part, section, _) = item.position;
        let part = &self.version.checklist.parts[part];
        (part, &part.sections[section])
    }

    /// The items of the phase before the decision, with their definitions, in order.
    pub fn before_items(&self) -> impl Iterator<Item = (&Item, &ChecklistItem)> {
        self.items_with_definitions().filter(|(_, definition)| definition.phase.is_before())
    }

    /// The items of the phase after the launch, with their definitions, in order.
    pub fn after_items(&self) -> impl Iterator<Item = (&Item, &ChecklistItem)> {
        self.items_with_definitions().filter(|(_, definition)| !definition.phase.is_before())
    }

    /// All items with their definitions, in order.
    pub fn items_with_definitions(&self) -> impl Iterator<Item = (&Item, &ChecklistItem)> {
        self.items.iter().map(|item| (item, self.definition(item)))
    }

    /// An item's evidence, including withdrawn, in the order of attaching.
    pub fn evidence_of(&self, item: &Item) -> impl Iterator<Item = &Evidence> {
        item.evidence.iter().filter_map(|id| self.evidence.get(id))
    }

    #[must_use]
    pub fn has_valid_evidence(&self, item: &Item, now: Moment) -> bool {
        self.unwithdrawn_evidence_of(item).any(|evidence| evidence.is_valid(self.zone(), now))
    }

    /// An item's waivers, in the order of asking.
    pub fn waivers_of(&self, item: &Item) -> impl DoubleEndedIterator<Item = &Waiver> {
        item.waivers.iter().filter_map(|id| self.waivers.get(id))
    }

    /// The item's approved waiver that was not revoked; it may have expired. There is at most one: another can't be
    /// asked for while one is waiting for an answer or in force. After an expired one, another can.
    #[must_use]
    pub fn approved_waiver(&self, item: &Item) -> Option<&Waiver> {
        self.approved_waivers_of(item).next_back()
    }

    /// The waiver that permits launching without the item now: the item is open or blocked, and the waiver is approved,
    /// not revoked and not expired.
    #[must_use]
    pub fn waiver_in_force(&self, item: &Item, now: Moment) -> Option<&Waiver> {
        use super::event::ItemState::{Blocked, Done, NotApplicable, Open};
        match item.status.state {
            Open | Blocked => self.approved_waiver(item).filter(|waiver| waiver.is_in_force(self.zone(), now)),
            Done | NotApplicable => None,
        }
    }

    /// Whether an item is resolved: done, not applicable, or waived.
    #[must_use]
    pub fn is_resolved(&self, item: &Item, now: Moment) -> bool {
        use super::event::ItemState::{Blocked, Done, NotApplicable, Open};
        match item.status.state {
            Done | NotApplicable => true,
            Open | Blocked => self.waiver_in_force(item, now).is_some(),
        }
    }

    /// The time at which an after-item is due. `None` before the launch, and for a before-item.
    #[must_use]
    pub fn due_at(&self, definition: &ChecklistItem) -> Option<Moment> {
        match (definition.phase, self.stage.launched()) {
            (Phase::After(window), Some(launched)) => Some(launched.at.plus_seconds(window.hours() * 3600)),
            (Phase::After(_), None) | (Phase::Before, _) => None,
        }
    }

    #[must_use]
    pub fn holds_role(&self, user: UserId, role: &RoleSlug) -> bool {
        self.holders.get(role).is_some_and(|holders| holders.contains(&user))
    }

    pub fn holders_of(&self, role: &RoleSlug) -> impl Iterator<Item = UserId> + '_ {
        self.holders.get(role).into_iter().flatten().copied()
    }

    /// The role's name in this checklist, or a name made from its slug if the checklist does not require the role.
    #[must_use]
    pub fn role_title(&self, role: &RoleSlug) -> Cow<'_, str> {
        let required = self.version.checklist.required_roles.iter().find(|required| required.role == *role);
        required.map_or_else(|| role.to_name().into(), |required| required.title.as_str().into())
    }

    /// The roles that can have holders: those that must sign, and those that own an item.
    #[must_use]
    pub fn assignable_roles(&self) -> Vec<(RoleSlug, Title)> {
        self.version.assignable_roles()
    }

    /// Whether a person may agree to exceptions of an item. These are the holders of its role. If it has no role, or a
    /// role without holders, these are the holders of any required role.
    #[must_use]
    pub fn may_approve_exceptions(&self, user: UserId, item: &Item) -> bool {
        match self.definition(item).role.as_ref().filter(|role| self.holders_of(role).next().is_some()) {
            Some(role) => self.holds_role(user, role),
            None => self.version.checklist.required_roles.iter().any(|required| self.holds_role(user, &required.role)),
        }
    }

    /// The bytes this value takes, roughly: what a cache is bounded by.
    #[must_use]
    pub fn weight(&self) -> usize {
        let things = self.items.len() + self.evidence.len() + self.waivers.len() + self.comments.len();
        2_000
            + things * 300
            + self.resolution_changes.len() * 64
            + self.last_changes.len() * 128
            + self.signatures.len() * 1_500
            + self.texts.weight()
    }
}
