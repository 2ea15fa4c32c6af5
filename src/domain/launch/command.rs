//! What one may ask of a launch, with everything from outside that deciding it takes.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    access::Actor,
    event::{Event, Meaning, PersonRef, Policy, ProofMethod, Seq, Vote},
    last_changes::ChangedThing,
    state::{ChecklistVersion, LaunchState},
    texts::{NewText, Text},
    way_in::{WaitingPeriod, WayIn},
};
use crate::domain::{
    canonical::Sha256Hash,
    ids::{CommentId, EvidenceId, EvidenceRequestId, ItemId, LaunchId, RequestId, SignatureId, UserId, WaiverId},
    readiness::{Condition, ConditionId, Reason},
    role::RoleSlug,
    text::{Email, PersonName},
    time::{Day, LocalTime, Moment, Zone},
};

/// A person as their row says now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their name.
    pub name: PersonName,
    /// Their address.
    pub email: Email,
    /// Their rights.
    pub actor: Actor,
    /// Rises with every change of what they sign in with.
    pub credential_version: i32,
    /// Their time zone, where they have set one.
    pub zone: Option<Zone>,
    /// Whether others renewed their way in.
    pub way_in: WayIn,
}

impl Person {
    /// How an event names them.
    #[must_use]
    pub fn named(&self) -> PersonRef {
        PersonRef { id: self.actor.id, name: self.name.clone() }
    }
}

/// That a person has just proved who they are, checked before the transaction began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Who.
    pub user: UserId,
    /// How.
    pub method: ProofMethod,
    /// When.
    pub at: Moment,
    /// What their credentials' version was; refused if it has changed since.
    pub credential_version: i32,
}

/// What deciding takes besides state and command.
#[derive(Debug, Clone)]
pub struct Context {
    /// The later of the clock and the last event.
    pub now: Moment,
    /// The request this belongs to.
    pub request: RequestId,
    /// Who asks.
    pub actor: UserId,
    /// The people concerned, as their rows say under the lock.
    pub people: BTreeMap<UserId, Person>,
    /// That the actor has proved who they are, where it is asked for.
    pub proof: Option<Proof>,
}

/// A new launch.
#[derive(Debug, Clone)]
pub struct NewLaunch {
    /// Its id.
    pub id: LaunchId,
    /// Its name.
    pub name: NewText,
    /// What it is about.
    pub summary: Option<NewText>,
    /// When it is meant to happen.
    pub target: LocalTime,
    /// Its rules.
    pub policy: Policy,
    /// Whether only those concerned may see it.
    pub restricted: bool,
    /// The version it is made from.
    pub version: Arc<ChecklistVersion>,
}

/// Evidence as it arrives.
#[derive(Debug, Clone)]
pub enum NewEvidence {
    /// A file, already kept under the evidence's id.
    File {
        /// Its name.
        name: NewText,
        /// The SHA-256 of its bytes.
        sha256: Sha256Hash,
        /// Its size in bytes.
        size: u64,
        /// Its media type, told from its bytes.
        media_type: String,
    },
    /// A link.
    Link(NewText),
    /// A note.
    Note(NewText),
}

/// A signature as it is asked for.
#[derive(Debug, Clone)]
pub struct NewSignature {
    /// Its id.
    pub id: SignatureId,
    /// In which role.
    pub role: RoleSlug,
    /// Go or no-go.
    pub verdict: Vote,
    /// What it means.
    pub meaning: Meaning,
    /// The version of the statement shown.
    pub statement_version: u32,
    /// The statement shown.
    pub statement: String,
    /// What the signer wrote; mandatory for a no-go, and for lifting an objection.
    pub comment: Option<NewText>,
    /// The digest on the page.
    pub digest: Sha256Hash,
    /// The newest event on the page; when it was not said, the newest there is.
    pub saw: Option<Seq>,
    /// The objection of another holder to lift.
    pub lifts: Option<SignatureId>,
    /// The network address.
    pub address: NewText,
    /// The browser.
    pub user_agent: NewText,
}

/// Something to do on a launch that is there.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the fields are what the variant's sentence names")]
pub enum Command {
    /// Change name, summary and target.
    ChangeDetails { name: NewText, summary: Option<NewText>, target: LocalTime },
    /// Change the launch's rules.
    ChangePolicy { policy: Policy },
    /// Change who may see it.
    ChangeRestriction { restricted: bool },
    /// Rewrite the notes; `base` is the newest event on the page.
    WriteNotes { notes: Option<NewText>, base: Option<Seq> },
    /// Give the launch to another owner.
    Transfer { to: UserId, reason: Option<NewText> },
    /// Make someone holder of a role.
    AddHolder { role: RoleSlug, user: UserId },
    /// Take someone off a role.
    RemoveHolder { role: RoleSlug, user: UserId },
    /// Name a participant.
    AddParticipant { user: UserId },
    /// Name them no longer.
    RemoveParticipant { user: UserId },
    /// Set an item's state; `version` is the one on the page.
    Mark { item: ItemId, state: super::event::ItemState, reason: Option<NewText>, version: i64 },
    /// Agree to a critical "not applicable", or refuse; `version` is the item's on the page, where it was sent.
    Agree { item: ItemId, agree: bool, reason: Option<NewText>, version: Option<i64> },
    /// Assign an item, set its due date.
    Assign { item: ItemId, assignee: Option<UserId>, due: Option<Day> },
    /// Assign an item, whatever its due date.
    AssignTo { item: ItemId, assignee: Option<UserId> },
    /// Set an item's due date, whoever it is assigned to.
    SetDue { item: ItemId, due: Option<Day> },
    /// Undo one's own marking or assignment of an item, which this event of the launch's log records; nobody may have
    /// changed the same since.
    Undo { event: Box<Event> },
    /// Attach evidence.
    Attach {
        item: ItemId,
        evidence: EvidenceId,
        content: NewEvidence,
        observed_on: Option<Day>,
        valid_until: Option<Day>,
    },
    /// Use evidence of the launch again on another item; without days of its own, it has those of the other.
    UseAgain {
        item: ItemId,
        evidence: EvidenceId,
        source: EvidenceId,
        observed_on: Option<Day>,
        valid_until: Option<Day>,
    },
    /// Withdraw evidence.
    WithdrawEvidence { evidence: EvidenceId, reason: NewText },
    /// Ask for more evidence.
    RequestEvidence { item: ItemId, request: EvidenceRequestId, text: NewText },
    /// Answer such a request.
    AnswerRequest { request: EvidenceRequestId, text: NewText },
    /// Comment on an item.
    Comment { item: ItemId, comment: CommentId, body: NewText },
    /// Rewrite a comment.
    EditComment { comment: CommentId, body: NewText },
    /// Delete a comment.
    DeleteComment { comment: CommentId },
    /// Hide a comment.
    HideComment { comment: CommentId },
    /// Show a hidden comment again.
    ShowComment { comment: CommentId },
    /// Ask for a waiver.
    AskWaiver { item: ItemId, waiver: WaiverId, reason: NewText, control: NewText, expires_on: Day },
    /// Approve or refuse a waiver.
    DecideWaiver { waiver: WaiverId, approve: bool, reason: Option<NewText> },
    /// Revoke a waiver.
    RevokeWaiver { waiver: WaiverId, reason: NewText },
    /// Sign.
    Sign(Box<NewSignature>),
    /// Withdraw a signature.
    WithdrawSignature { signature: SignatureId, comment: NewText },
    /// Ask the holders of roles that have not signed.
    AskSignatures,
    /// Declare GO.
    DeclareGo { acknowledged: Vec<ConditionId>, saw: Option<Seq> },
    /// Hold.
    Hold { reason: NewText },
    /// Take preparation up again.
    Resume { reason: Option<NewText> },
    /// Take the decision back.
    Reopen { reason: NewText },
    /// Record the launch; `past` is the launch after the last event not later than the moment meant
    /// ([`LaunchMoment::meant`]), wanted where one was given.
    Launch { at: Option<LaunchMoment>, past: Option<Arc<LaunchState>> },
    /// Close, saying how each condition was settled.
    Close { settlements: BTreeMap<ConditionId, NewText> },
    /// Call it off.
    Cancel { reason: NewText },
    /// Do this unless something that it replaces was changed after event `seq`, the newest that the person saw of it.
    UnlessChangedSince { seq: Seq, command: Box<Command> },
}

/// The moment of launch as it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaunchMoment {
    /// The moment.
    pub at: Moment,
    /// Whether it was given to the minute only.
    pub to_the_minute: bool,
}

impl LaunchMoment {
    /// The moment that is meant, given when GO was declared: a time to the minute counts as the decision's within
    /// the decision's minute. The launch as it stood is looked up by this, not by what was typed, or it would be
    /// one from before the decision.
    #[must_use]
    pub fn meant(self, decided_at: Moment) -> Moment {
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
    pub fn people(&self) -> Option<UserId> {
        match self {
            Self::Transfer { to, .. } => Some(*to),
            Self::AddHolder { user, .. } | Self::AddParticipant { user } => Some(*user),
            Self::Assign { assignee, .. } | Self::AssignTo { assignee, .. } => *assignee,
            Self::UnlessChangedSince { command, .. } => command.people(),
            _ => None,
        }
    }
}

/// What was decided: the events, and the texts they commit to that are new.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decided {
    /// In order.
    pub events: Vec<Event>,
    /// New texts.
    pub texts: Vec<Text>,
}

/// Why a command was refused. Nothing happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// It is not there, or not theirs to know of.
    NotFound,
    /// They are not entitled.
    Forbidden(&'static str),
    /// A field is wrong: its name, and the sentence shown there.
    Invalid(&'static str, String),
    /// Who they are was not proved, or no longer holds.
    Unproven,
    /// State, version or verdict do not allow it.
    Conflict(Conflict),
}

/// Why it can't be done as things stand.
#[derive(Debug, Clone, PartialEq)]
pub enum Conflict {
    /// The launch's stage does not allow it.
    Stage(&'static str),
    /// The item was changed since the page was made.
    StaleItem(ItemId),
    /// The notes were changed since the page was made.
    StaleNotes,
    /// These were changed since the page was made, each by whom.
    ChangedSince(Vec<(ChangedThing, UserId)>),
    /// The scope of the role changed since the page was made.
    StaleScope(RoleSlug),
    /// Readiness finds reasons against it.
    NotReady(Vec<Reason>),
    /// The conditions acknowledged are not exactly those there are.
    Conditions(Vec<Condition>),
    /// The way in of who asks was renewed by another, too short a while ago for what others rely on.
    Waiting(Box<WaitingPeriod>),
    /// Something else: the sentence says what.
    Other(&'static str),
}
