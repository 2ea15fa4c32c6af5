//! The events of a launch.
//!
//! An event is stored as canonical JSON and hashed. A kind that was once written must stay readable for ever, so
//! variants and fields are only added, never changed or removed (`tests/fixtures/events` has an example of each kind).

use serde::{Deserialize, Serialize};

use super::texts::Commitment;
use crate::domain::{
    canonical::{self, Sha256Hash},
    ids::{
        ChecklistVersionId, CommentId, EvidenceId, EvidenceRequestId, ItemId, LaunchId, RequestId, SignatureId,
        WaiverId,
    },
    role::RoleSlug,
    text::Tag,
    time::{Day, Moment},
};

use super::stored_readiness::ConditionId;
pub use super::{
    event_values::{
        Assignment, EvidenceContent, LaunchDetails, Policy, ReadinessSnapshot, Redaction, Settlement, StateWithReason,
    },
    item_state::ItemState,
    person_ref::{PersonRef, ProofMethod},
    seq::Seq,
    signature_record::{SignatureMeaning, SignatureRecord, Vote},
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The version of the event format: 1.
    pub v: u32,
    pub launch: LaunchId,
    /// The number in the launch's history, from 1 without gaps.
    pub seq: Seq,
    pub actor: PersonRef,
    /// Never earlier than the previous event.
    pub at: Moment,
    pub request: RequestId,
    #[serde(flatten)]
    pub change: Change,
}

impl Event {
    /// The bytes that are stored and hashed.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical::to_bytes(self)
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        canonical::from_bytes(bytes)
    }
}

/// What happened, with old and new values.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::VariantNames,
    strum::EnumDiscriminants,
)]
#[serde(tag = "kind", content = "data", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[strum_discriminants(
    name(EventKind),
    derive(strum::IntoStaticStr),
    strum(serialize_all = "snake_case", const_into_str),
    doc = "The kind of an event without its data. `into_str` gives its name in the stored event."
)]
pub enum Change {
    /// A launch was created from a checklist version. This is the first event of every launch.
    LaunchCreated {
        checklist: ChecklistVersionId,
        checklist_hash: Sha256Hash,
        details: LaunchDetails,
        policy: Policy,
        owner: PersonRef,
        restricted: bool,
    },
    DetailsChanged {
        old: LaunchDetails,
        new: LaunchDetails,
    },
    PolicyChanged {
        old: Policy,
        new: Policy,
    },
    RestrictionChanged {
        old: bool,
        new: bool,
    },
    /// The tags are plain members, not commitments: they are labels that launches share, as the titles of roles are.
    TagsChanged {
        old: Vec<Tag>,
        new: Vec<Tag>,
    },
    NotesChanged {
        old: Option<Commitment>,
        new: Option<Commitment>,
    },
    OwnerChanged {
        old: PersonRef,
        new: PersonRef,
        reason: Option<Commitment>,
    },
    HolderAdded {
        role: RoleSlug,
        person: PersonRef,
    },
    HolderRemoved {
        role: RoleSlug,
        person: PersonRef,
    },
    ParticipantAdded {
        person: PersonRef,
    },
    ParticipantRemoved {
        person: PersonRef,
    },
    ItemMarked {
        item: ItemId,
        old: StateWithReason,
        new: StateWithReason,
    },
    AgreementGiven {
        item: ItemId,
        reason: Option<Commitment>,
    },
    /// Agreement to a critical "not applicable" was refused, or withdrawn.
    AgreementRefused {
        item: ItemId,
        reason: Commitment,
    },
    /// An item's assignee or due date changed.
    ItemAssigned {
        item: ItemId,
        old: Assignment,
        new: Assignment,
    },
    EvidenceAttached {
        item: ItemId,
        evidence: EvidenceId,
        content: EvidenceContent,
        observed_on: Day,
        valid_until: Option<Day>,
        /// If evidence of another item is reused: the evidence that was attached first. A file's bytes are stored under
        /// its id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<EvidenceId>,
    },
    EvidenceWithdrawn {
        item: ItemId,
        evidence: EvidenceId,
        reason: Commitment,
    },
    EvidenceRequested {
        item: ItemId,
        evidence_request: EvidenceRequestId,
        text: Commitment,
    },
    EvidenceRequestAnswered {
        item: ItemId,
        evidence_request: EvidenceRequestId,
        text: Commitment,
    },
    CommentAdded {
        item: ItemId,
        comment: CommentId,
        body: Commitment,
    },
    CommentEdited {
        item: ItemId,
        comment: CommentId,
        old: Commitment,
        new: Commitment,
    },
    CommentDeleted {
        item: ItemId,
        comment: CommentId,
    },
    /// The owner hid a comment: its text is no longer shown on the item's page.
    CommentHidden {
        item: ItemId,
        comment: CommentId,
    },
    CommentShown {
        item: ItemId,
        comment: CommentId,
    },
    WaiverAsked {
        item: ItemId,
        waiver: WaiverId,
        reason: Commitment,
        control: Commitment,
        expires_on: Day,
    },
    WaiverApproved {
        item: ItemId,
        waiver: WaiverId,
        reason: Option<Commitment>,
    },
    WaiverRefused {
        item: ItemId,
        waiver: WaiverId,
        reason: Commitment,
    },
    WaiverRevoked {
        item: ItemId,
        waiver: WaiverId,
        reason: Commitment,
    },
    Signed(Box<SignatureRecord>),
    SignatureWithdrawn {
        signature: SignatureId,
        role: RoleSlug,
        comment: Commitment,
        proved_at: Moment,
    },
    /// The owner asked the holders of these roles to sign.
    SignaturesAsked {
        roles: Vec<RoleSlug>,
    },
    GoDeclared {
        found: ReadinessSnapshot,
        acknowledged: Vec<ConditionId>,
        saw: Option<Seq>,
        proved_at: Moment,
    },
    Held {
        reason: Commitment,
    },
    /// The owner continued the preparation of a held launch.
    Resumed {
        reason: Option<Commitment>,
    },
    /// The owner undid the GO decision.
    Reopened {
        reason: Commitment,
    },
    Launched {
        launched_at: Moment,
        found: ReadinessSnapshot,
    },
    Closed {
        settlements: Vec<Settlement>,
    },
    Cancelled {
        reason: Commitment,
    },
    Redacted {
        what: Redaction,
        reason: Commitment,
    },
}

impl Change {
    #[must_use]
    pub const fn item(&self) -> Option<ItemId> {
        match self {
            Self::ItemMarked { item, .. }
            | Self::AgreementGiven { item, .. }
            | Self::AgreementRefused { item, .. }
            | Self::ItemAssigned { item, .. }
            | Self::EvidenceAttached { item, .. }
            | Self::EvidenceWithdrawn { item, .. }
            | Self::EvidenceRequested { item, .. }
            | Self::EvidenceRequestAnswered { item, .. }
            | Self::CommentAdded { item, .. }
            | Self::CommentEdited { item, .. }
            | Self::CommentDeleted { item, .. }
            | Self::CommentHidden { item, .. }
            | Self::CommentShown { item, .. }
            | Self::WaiverAsked { item, .. }
            | Self::WaiverApproved { item, .. }
            | Self::WaiverRefused { item, .. }
            | Self::WaiverRevoked { item, .. } => Some(*item),
            Self::LaunchCreated { .. }
            | Self::DetailsChanged { .. }
            | Self::PolicyChanged { .. }
            | Self::RestrictionChanged { .. }
            | Self::TagsChanged { .. }
            | Self::NotesChanged { .. }
            | Self::OwnerChanged { .. }
            | Self::HolderAdded { .. }
            | Self::HolderRemoved { .. }
            | Self::ParticipantAdded { .. }
            | Self::ParticipantRemoved { .. }
            | Self::Signed(_)
            | Self::SignatureWithdrawn { .. }
            | Self::SignaturesAsked { .. }
            | Self::GoDeclared { .. }
            | Self::Held { .. }
            | Self::Resumed { .. }
            | Self::Reopened { .. }
            | Self::Launched { .. }
            | Self::Closed { .. }
            | Self::Cancelled { .. }
            | Self::Redacted { .. } => None,
        }
    }

    /// The name of the kind in the stored event.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests;
