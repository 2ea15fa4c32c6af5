//! The commands on a launch, and everything from outside that a decision needs.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    access::Actor,
    credential_renewal::CredentialRenewals,
    event::{Event, PersonRef, Policy, ProofMethod, Seq, SignatureMeaning, Vote},
    state::{ChecklistVersion, LaunchState},
    texts::{NewText, Text},
};
use crate::domain::{
    canonical::Sha256Hash,
    ids::{CommentId, EvidenceId, EvidenceRequestId, ItemId, LaunchId, RequestId, SignatureId, UserId, WaiverId},
    readiness::ConditionId,
    role::RoleSlug,
    text::{Email, PersonName, Tag},
    time::{Day, LocalTime, Moment, Zone},
};

pub use super::refusal::{Conflict, Refusal};

/// A person as their database row is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub name: PersonName,
    pub email: Email,
    pub actor: Actor,
    /// Rises with every change of their credentials.
    pub credential_version: i32,
    /// `None` if the person has not chosen one.
    pub zone: Option<Zone>,
    /// Credentials that others renewed for this person.
    pub credential_renewals: CredentialRenewals,
}

impl Person {
    /// The person in the form that events use.
    #[must_use]
    pub fn to_person_ref(&self) -> PersonRef {
        PersonRef { id: self.actor.id, name: self.name.clone() }
    }
}

/// A person has just proved their identity. The proof was checked before the transaction began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    pub user: UserId,
    pub method: ProofMethod,
    pub at: Moment,
    /// The credential version at the time of the proof. The command is refused if it has changed since.
    pub credential_version: i32,
}

/// What a decision needs besides state and command.
#[derive(Debug, Clone)]
pub struct CommandContext {
    /// The later of the clock and the last event.
    pub now: Moment,
    pub request: RequestId,
    /// The person who sends the command.
    pub actor: UserId,
    /// The people that the command concerns, as read under the lock.
    pub people: BTreeMap<UserId, Person>,
    /// The actor's proof of identity, if the request contained one.
    pub proof: Option<Proof>,
}

#[derive(Debug, Clone)]
pub struct NewLaunch {
    pub id: LaunchId,
    pub name: NewText,
    /// What the launch is about.
    pub summary: Option<NewText>,
    /// When the launch is planned.
    pub target: LocalTime,
    pub policy: Policy,
    /// Whether only the people named on the launch may see it.
    pub restricted: bool,
    pub version: Arc<ChecklistVersion>,
}

/// Evidence as it arrives in a request.
#[derive(Debug, Clone)]
pub enum NewEvidence {
    /// A file that is already in the evidence store, under the evidence's id.
    File {
        name: NewText,
        sha256: Sha256Hash,
        size: u64,
        /// The media type, detected from the bytes.
        media_type: String,
    },
    Link(NewText),
    Note(NewText),
}

#[derive(Debug, Clone)]
pub struct NewSignature {
    pub id: SignatureId,
    pub role: RoleSlug,
    pub verdict: Vote,
    pub meaning: SignatureMeaning,
    /// The version of the statement that was shown.
    pub statement_version: u32,
    /// The statement that was shown.
    pub statement: String,
    /// Mandatory for a no-go, and for lifting an objection.
    pub comment: Option<NewText>,
    /// The digest of the role's scope when the page was made.
    pub digest: Sha256Hash,
    /// The newest event on the page. `None` if the request does not say; then it is the newest event of the launch.
    pub saw: Option<Seq>,
    /// The objection of another holder to lift.
    pub lifts: Option<SignatureId>,
    /// The network address of the request.
    pub address: NewText,
    /// The browser of the request.
    pub user_agent: NewText,
}

/// Something to do on an existing launch.
#[derive(Debug, Clone)]
pub enum Command {
    ChangeDetails {
        name: NewText,
        summary: Option<NewText>,
        target: LocalTime,
    },
    ChangePolicy {
        policy: Policy,
    },
    ChangeRestriction {
        restricted: bool,
    },
    /// Replace all tags; with none, remove them.
    SetTags {
        tags: Vec<Tag>,
    },
    WriteNotes {
        notes: Option<NewText>,
    },
    /// Give the launch to another owner.
    TransferOwnership {
        to: UserId,
        reason: Option<NewText>,
    },
    /// Make someone holder of a role.
    AddHolder {
        role: RoleSlug,
        user: UserId,
    },
    /// Take someone off a role.
    RemoveHolder {
        role: RoleSlug,
        user: UserId,
    },
    /// Let a person work on a restricted launch.
    AddParticipant {
        user: UserId,
    },
    /// Name them no longer.
    RemoveParticipant {
        user: UserId,
    },
    /// Set an item's state; `version` is the one on the page.
    Mark {
        item: ItemId,
        state: super::event::ItemState,
        reason: Option<NewText>,
        version: i64,
    },
    /// Agree to a critical "not applicable", or refuse; `version` is the item's on the page, where it was sent.
    Agree {
        item: ItemId,
        agree: bool,
        reason: Option<NewText>,
        version: Option<i64>,
    },
    /// Assign an item, set its due date.
    Assign {
        item: ItemId,
        assignee: Option<UserId>,
        due: Option<Day>,
    },
    /// Assign an item, whatever its due date.
    SetAssignee {
        item: ItemId,
        assignee: Option<UserId>,
    },
    /// Set an item's due date, whoever it is assigned to.
    SetDue {
        item: ItemId,
        due: Option<Day>,
    },
    /// Undo one's own marking or assignment of an item, which this event of the launch's log records; nobody may have
    /// changed the same since.
    UndoItemChange {
        event: Box<Event>,
    },
    /// Attach a file, a link or a note to an item; without `observed_on`, it was observed today.
    AttachEvidence {
        item: ItemId,
        evidence: EvidenceId,
        content: NewEvidence,
        observed_on: Option<Day>,
        valid_until: Option<Day>,
    },
    /// Attach evidence of the launch to another item as well. Without its own days, it gets those of the original.
    ReuseEvidence {
        item: ItemId,
        evidence: EvidenceId,
        source: EvidenceId,
        observed_on: Option<Day>,
        valid_until: Option<Day>,
    },
    WithdrawEvidence {
        evidence: EvidenceId,
        reason: NewText,
    },
    /// Ask for more evidence.
    RequestEvidence {
        item: ItemId,
        request: EvidenceRequestId,
        text: NewText,
    },
    AnswerRequest {
        request: EvidenceRequestId,
        text: NewText,
    },
    AddComment {
        item: ItemId,
        comment: CommentId,
        body: NewText,
    },
    EditComment {
        comment: CommentId,
        body: NewText,
    },
    DeleteComment {
        comment: CommentId,
    },
    HideComment {
        comment: CommentId,
    },
    ShowComment {
        comment: CommentId,
    },
    AskWaiver {
        item: ItemId,
        waiver: WaiverId,
        reason: NewText,
        control: NewText,
        expires_on: Day,
    },
    DecideWaiver {
        waiver: WaiverId,
        approve: bool,
        reason: Option<NewText>,
    },
    RevokeWaiver {
        waiver: WaiverId,
        reason: NewText,
    },
    Sign(Box<NewSignature>),
    WithdrawSignature {
        signature: SignatureId,
        comment: NewText,
    },
    /// Ask the holders of the required roles that have no current `go`.
    AskSignatures,
    /// Declare GO; `saw` is the newest event on the owner's page, where it was sent.
    DeclareGo {
        acknowledged: Vec<ConditionId>,
        saw: Option<Seq>,
    },
    /// Put the launch on hold, from *preparing* or from *go*.
    Hold {
        reason: NewText,
    },
    /// Take preparation up again.
    Resume {
        reason: Option<NewText>,
    },
    /// Take the decision back.
    Reopen {
        reason: NewText,
    },
    /// Record the launch; `past` is the launch after the last event not later than the moment meant
    /// ([`LaunchMoment::resolve`]), wanted where one was given.
    Launch {
        at: Option<LaunchMoment>,
        past: Option<Arc<LaunchState>>,
    },
    /// Close, saying how each condition was settled.
    Close {
        settlements: BTreeMap<ConditionId, NewText>,
    },
    /// Cancel the launch for good.
    Cancel {
        reason: NewText,
    },
    /// Do this unless something that it replaces was changed after event `seq`, the newest that the person saw of it.
    UnlessChangedSince {
        seq: Seq,
        command: Box<Command>,
    },
}

/// The moment of launch as the owner entered it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaunchMoment {
    pub at: Moment,
    /// Whether it was entered without seconds.
    pub to_the_minute: bool,
}

impl LaunchMoment {
    /// The intended moment, given the time of the GO decision. A time without seconds that lies in the same minute as
    /// the decision means the moment of the decision. The past state must be looked up by this moment: the entered time
    /// could give a state before the decision.
    #[must_use]
    pub fn resolve(self, decided_at: Moment) -> Moment {
        let same_minute = self.to_the_minute && self.at <= decided_at && decided_at < self.at.plus_seconds(60);
        if same_minute { decided_at } else { self.at }
    }
}

impl Command {
    /// The same, refused where something that it replaces was changed after event `seq`; as it is without one.
    #[must_use]
    pub fn unless_changed_since(self, seq: Option<Seq>) -> Self {
        match seq {
            Some(seq) => Self::UnlessChangedSince { seq, command: Box::new(self) },
            None => self,
        }
    }

    /// The people whose rows have to be read to decide this, besides the actor's.
    #[must_use]
    pub fn named_person(&self) -> Option<UserId> {
        match self {
            Self::TransferOwnership { to, .. } => Some(*to),
            Self::AddHolder { user, .. } | Self::AddParticipant { user } => Some(*user),
            Self::Assign { assignee, .. } | Self::SetAssignee { assignee, .. } => *assignee,
            Self::UnlessChangedSince { command, .. } => command.named_person(),
            _ => None,
        }
    }
}

/// The outcome of a command: its events, and the new texts that they commit to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DecidedChanges {
    pub events: Vec<Event>,
    pub texts: Vec<Text>,
}
