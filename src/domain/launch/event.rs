//! What can have happened to a launch.
//!
//! An event is stored as canonical JSON and hashed; once a kind has been written it can be read for ever, so
//! variants and fields are only ever added (a fixture of each kind stands in `tests/fixtures/events`).

use serde::{Deserialize, Serialize};

use super::{
    texts::{Commitment, Field},
    way_in::RenewedWayIn,
};
use crate::domain::{
    canonical::{self, Sha256Hash},
    ids::{
        ChecklistVersionId, CommentId, EvidenceId, EvidenceRequestId, ItemId, LaunchId, RequestId, SignatureId, UserId,
        WaiverId,
    },
    readiness::{Condition, ConditionId, Reason, Verdict},
    role::RoleSlug,
    text::{Email, PersonName, Title},
    time::{Day, LocalTime, Moment, Zone},
};

/// The number of an event in its launch's history, from 1.
pub type Seq = i64;

/// A person as an event names them: the id, and the name as text, which a later renaming does not reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRef {
    /// Whose account.
    pub id: UserId,
    /// Their name at the time.
    pub name: PersonName,
}

/// One change of a launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The version of this form: 1.
    pub v: u32,
    /// The launch.
    pub launch: LaunchId,
    /// Its number there, dense from 1.
    pub seq: Seq,
    /// Who did it.
    pub actor: PersonRef,
    /// When; never before the event before it.
    pub at: Moment,
    /// The request that made it.
    pub request: RequestId,
    /// What happened.
    #[serde(flatten)]
    pub change: Change,
}

impl Event {
    /// The bytes that are stored and hashed.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        canonical::bytes(self)
    }

    /// Reads an event from its stored bytes.
    ///
    /// # Errors
    /// When they are not an event.
    pub fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        canonical::read(bytes)
    }
}

/// The state of an item that is stored; *waived* is derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ItemState {
    /// Not yet done.
    Open,
    /// Done.
    Done,
    /// Does not apply here, with a justification.
    NotApplicable,
    /// Can't be done for a reason.
    Blocked,
}

impl ItemState {
    /// Every state, in the order pages show them.
    pub const ALL: [Self; 4] = [Self::Open, Self::Done, Self::NotApplicable, Self::Blocked];

    /// The name in forms and marks.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::NotApplicable => "not_applicable",
            Self::Blocked => "blocked",
        }
    }

    /// The word that people read.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::NotApplicable => "not applicable",
            Self::Blocked => "blocked",
        }
    }

    /// Whether it resolves an item by itself, without a waiver.
    #[must_use]
    pub const fn resolves(self) -> bool {
        match self {
            Self::Done | Self::NotApplicable => true,
            Self::Open | Self::Blocked => false,
        }
    }

    /// Whether a reason has to be given for it.
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        match self {
            Self::NotApplicable | Self::Blocked => true,
            Self::Open | Self::Done => false,
        }
    }
}

/// An item's state with its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The state.
    pub state: ItemState,
    /// Why, where one was given.
    pub reason: Option<Commitment>,
}

impl Standing {
    /// How every item begins.
    pub const OPEN: Self = Self { state: ItemState::Open, reason: None };
}

/// Who is to see to an item, and by when.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Assignment {
    /// Who.
    pub assignee: Option<PersonRef>,
    /// By the end of which day.
    pub due: Option<Day>,
}

/// Name, summary and target of a launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// Its name.
    pub name: Commitment,
    /// What it is about.
    pub summary: Option<Commitment>,
    /// When it is meant to happen.
    pub target: LocalTime,
}

/// The rules of a launch that its owner sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// How many days the target may have passed before readiness asks to move it: 0 to 365.
    pub slip_days: u16,
    /// Whether one person may sign in one role only.
    pub separation_of_duties: bool,
}

impl Policy {
    /// The longest slip that may be allowed, in days.
    pub const MAX_SLIP_DAYS: u16 = 365;
}

impl Default for Policy {
    fn default() -> Self {
        Self { slip_days: 7, separation_of_duties: true }
    }
}

/// What evidence consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EvidenceContent {
    /// A file, kept under the id of the evidence it was attached as first.
    File {
        /// Its name.
        name: Commitment,
        /// The SHA-256 of its bytes.
        sha256: Sha256Hash,
        /// Its size in bytes.
        size: u64,
        /// Its media type (RFC 6838), told from its bytes.
        media_type: String,
    },
    /// A web address.
    Link {
        /// The address.
        url: Commitment,
    },
    /// A note.
    Note {
        /// Its text.
        body: Commitment,
    },
}

impl EvidenceContent {
    /// `file`, `link` or `note`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::File { .. } => "file",
            Self::Link { .. } => "link",
            Self::Note { .. } => "note",
        }
    }
}

/// Go or no-go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Vote {
    /// Go.
    Go,
    /// No-go: an objection.
    NoGo,
}

impl Vote {
    /// The name in forms and marks.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Go => "go",
            Self::NoGo => "no_go",
        }
    }
}

/// What a signature means (21 CFR 11.50).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Meaning {
    /// I approve.
    Approval,
    /// I have reviewed.
    Review,
    /// I am responsible.
    Responsibility,
}

impl Meaning {
    /// Every meaning, the usual one first.
    pub const ALL: [Self; 3] = [Self::Approval, Self::Review, Self::Responsibility];

    /// The name in forms.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Approval => "approval",
            Self::Review => "review",
            Self::Responsibility => "responsibility",
        }
    }
}

/// How a person proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofMethod {
    /// With their password.
    Password,
    /// With their password and a code of the app that is their second factor (TOTP, RFC 6238).
    PasswordAndTotp,
    /// With their password and one of the recovery codes that stand in for it, each once.
    PasswordAndRecoveryCode,
}

impl ProofMethod {
    /// In words, after "proved with".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::PasswordAndTotp => "password and code",
            Self::PasswordAndRecoveryCode => "password and recovery code",
        }
    }
}

/// Everything a signature records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureRecord {
    /// Its id.
    pub id: SignatureId,
    /// Who signed.
    pub signer: PersonRef,
    /// Their e-mail address at the time.
    pub email: Email,
    /// In which role.
    pub role: RoleSlug,
    /// The role's name at the time.
    pub role_title: Title,
    /// Go or no-go.
    pub verdict: Vote,
    /// What the signature means.
    pub meaning: Meaning,
    /// The version of the statement shown.
    pub statement_version: u32,
    /// The statement shown, whole.
    pub statement: String,
    /// What the signer wrote.
    pub comment: Option<Commitment>,
    /// The signer's time zone.
    pub zone: Zone,
    /// How they proved who they are.
    pub proof: ProofMethod,
    /// When they did.
    pub proved_at: Moment,
    /// The network address.
    pub address: Commitment,
    /// The browser.
    pub user_agent: Commitment,
    /// The newest event on the page they signed.
    pub saw: Seq,
    /// The digest of the role's scope, which they saw.
    pub digest: Sha256Hash,
    /// The objection of another holder that this one lifts.
    pub lifts: Option<SignatureId>,
    /// What of the signer's way in others had renewed within the 30 days before, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renewed: Vec<RenewedWayIn>,
}

/// How a condition was settled, told when the launch is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// Which condition.
    pub condition: ConditionId,
    /// How.
    pub note: Commitment,
}

/// What readiness found at a moment that mattered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The verdict.
    pub verdict: Verdict,
    /// What stood in the way.
    pub reasons: Vec<Reason>,
    /// What it rested on.
    pub conditions: Vec<Condition>,
}

/// What was destroyed, so that nobody can read it any more. What is hashed stays as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Redaction {
    /// A text, with its salt.
    Text {
        /// What stood for it, and stands.
        commitment: Commitment,
        /// In which field it was entered.
        field: Field,
    },
    /// The bytes of a file, wherever in the launch it was attached.
    File {
        /// Their SHA-256.
        sha256: Sha256Hash,
    },
}

/// What happened, with old and new values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::VariantNames)]
#[serde(tag = "kind", content = "data", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are what the variant's sentence names")]
pub enum Change {
    /// A launch was made from a checklist version; the first event of every launch.
    LaunchCreated {
        checklist: ChecklistVersionId,
        checklist_hash: Sha256Hash,
        details: Details,
        policy: Policy,
        owner: PersonRef,
        restricted: bool,
    },
    /// Name, summary or target changed.
    DetailsChanged { old: Details, new: Details },
    /// The launch's rules changed.
    PolicyChanged { old: Policy, new: Policy },
    /// Who may see the launch changed.
    RestrictionChanged { old: bool, new: bool },
    /// The notes were rewritten.
    NotesChanged { old: Option<Commitment>, new: Option<Commitment> },
    /// The launch was given to another owner.
    OwnerChanged { old: PersonRef, new: PersonRef, reason: Option<Commitment> },
    /// Someone was made holder of a role.
    HolderAdded { role: RoleSlug, person: PersonRef },
    /// Someone was taken off a role.
    HolderRemoved { role: RoleSlug, person: PersonRef },
    /// Someone was named as participant.
    ParticipantAdded { person: PersonRef },
    /// Someone is no longer named as participant.
    ParticipantRemoved { person: PersonRef },
    /// An item's state or reason changed.
    ItemMarked { item: ItemId, old: Standing, new: Standing },
    /// A critical "not applicable" was agreed to.
    AgreementGiven { item: ItemId, reason: Option<Commitment> },
    /// Agreement to a critical "not applicable" was refused, or taken back.
    AgreementRefused { item: ItemId, reason: Commitment },
    /// An item was given to someone, or its due date changed.
    ItemAssigned { item: ItemId, old: Assignment, new: Assignment },
    /// Evidence was attached to an item.
    EvidenceAttached {
        item: ItemId,
        evidence: EvidenceId,
        content: EvidenceContent,
        observed_on: Day,
        valid_until: Option<Day>,
        /// Where evidence of another item is used again, what was attached first: a file's bytes are kept under its id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<EvidenceId>,
    },
    /// Evidence was withdrawn.
    EvidenceWithdrawn { item: ItemId, evidence: EvidenceId, reason: Commitment },
    /// More evidence was asked for.
    EvidenceRequested { item: ItemId, evidence_request: EvidenceRequestId, text: Commitment },
    /// A request for evidence was answered.
    EvidenceRequestAnswered { item: ItemId, evidence_request: EvidenceRequestId, text: Commitment },
    /// A comment was written.
    CommentAdded { item: ItemId, comment: CommentId, body: Commitment },
    /// A comment was rewritten by its author.
    CommentEdited { item: ItemId, comment: CommentId, old: Commitment, new: Commitment },
    /// A comment was deleted by its author.
    CommentDeleted { item: ItemId, comment: CommentId },
    /// The owner hid a comment: its text is no longer on the item's page.
    CommentHidden { item: ItemId, comment: CommentId },
    /// The owner showed a hidden comment again.
    CommentShown { item: ItemId, comment: CommentId },
    /// A waiver was asked for.
    WaiverAsked { item: ItemId, waiver: WaiverId, reason: Commitment, control: Commitment, expires_on: Day },
    /// A waiver was approved.
    WaiverApproved { item: ItemId, waiver: WaiverId, reason: Option<Commitment> },
    /// A waiver was refused.
    WaiverRefused { item: ItemId, waiver: WaiverId, reason: Commitment },
    /// An approved waiver was revoked.
    WaiverRevoked { item: ItemId, waiver: WaiverId, reason: Commitment },
    /// Someone signed.
    Signed(Box<SignatureRecord>),
    /// A signer withdrew their signature.
    SignatureWithdrawn { signature: SignatureId, role: RoleSlug, comment: Commitment, proved_at: Moment },
    /// The owner asked the holders of these roles to sign.
    SignaturesAsked { roles: Vec<RoleSlug> },
    /// The owner declared GO.
    GoDeclared { found: Finding, acknowledged: Vec<ConditionId>, saw: Option<Seq>, proved_at: Moment },
    /// The owner held the launch.
    Held { reason: Commitment },
    /// The owner took preparation up again.
    Resumed { reason: Option<Commitment> },
    /// The owner took the decision back.
    Reopened { reason: Commitment },
    /// The launch happened.
    Launched { launched_at: Moment, found: Finding },
    /// The launch was closed.
    Closed { settlements: Vec<Settlement> },
    /// The launch was called off.
    Cancelled { reason: Commitment },
    /// A text or the bytes of a file were destroyed.
    Redacted { what: Redaction, reason: Commitment },
}

impl Change {
    /// The item it concerns, where it concerns one.
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

    /// Every text that it names, by its commitment; some of them twice, where old and new are the same.
    #[must_use]
    pub fn commitments(&self) -> Vec<Commitment> {
        let details = |details: &Details| [Some(details.name), details.summary];
        match self {
            Self::LaunchCreated { details: new, .. } => details(new).into_iter().flatten().collect(),
            Self::DetailsChanged { old, new } => details(old).into_iter().chain(details(new)).flatten().collect(),
            Self::NotesChanged { old, new } => old.iter().chain(new).copied().collect(),
            Self::OwnerChanged { reason, .. }
            | Self::AgreementGiven { reason, .. }
            | Self::WaiverApproved { reason, .. }
            | Self::Resumed { reason } => reason.iter().copied().collect(),
            Self::ItemMarked { old, new, .. } => old.reason.iter().chain(&new.reason).copied().collect(),
            Self::EvidenceAttached { content, .. } => vec![match content {
                EvidenceContent::File { name: text, .. }
                | EvidenceContent::Link { url: text }
                | EvidenceContent::Note { body: text } => *text,
            }],
            Self::AgreementRefused { reason: text, .. }
            | Self::EvidenceWithdrawn { reason: text, .. }
            | Self::EvidenceRequested { text, .. }
            | Self::EvidenceRequestAnswered { text, .. }
            | Self::CommentAdded { body: text, .. }
            | Self::WaiverRefused { reason: text, .. }
            | Self::WaiverRevoked { reason: text, .. }
            | Self::SignatureWithdrawn { comment: text, .. }
            | Self::Held { reason: text }
            | Self::Reopened { reason: text }
            | Self::Cancelled { reason: text }
            | Self::Redacted { reason: text, .. } => vec![*text],
            Self::CommentEdited { old, new, .. } => vec![*old, *new],
            Self::WaiverAsked { reason, control, .. } => vec![*reason, *control],
            Self::Signed(record) => record.comment.into_iter().chain([record.address, record.user_agent]).collect(),
            Self::Closed { settlements } => settlements.iter().map(|settled| settled.note).collect(),
            Self::PolicyChanged { .. }
            | Self::RestrictionChanged { .. }
            | Self::HolderAdded { .. }
            | Self::HolderRemoved { .. }
            | Self::ParticipantAdded { .. }
            | Self::ParticipantRemoved { .. }
            | Self::ItemAssigned { .. }
            | Self::CommentDeleted { .. }
            | Self::CommentHidden { .. }
            | Self::CommentShown { .. }
            | Self::SignaturesAsked { .. }
            | Self::GoDeclared { .. }
            | Self::Launched { .. } => Vec::new(),
        }
    }

    /// The kind, as it stands in the stored event.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests;
