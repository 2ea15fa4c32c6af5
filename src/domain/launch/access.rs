//! The one rule of rights: who may do what on a launch, whatever its stage.
//!
//! Extractors ask it before a form is read, and `decide` asks it again under the lock. Whether the *stage* allows
//! an act is another question, [`stage_allows`], with another answer: not "you may not" but "not now".

use super::{
    event::ItemState,
    state::{LaunchState, Stage},
};
use crate::domain::{
    ids::{CommentId, EvidenceId, EvidenceRequestId, ItemId, SignatureId, UserId, WaiverId},
    role::{InstallationRole, InstallationRoles, RoleSlug},
};

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Whose account.
    pub id: UserId,
    /// What they are in the installation.
    pub roles: InstallationRoles,
    /// Whether the account is active.
    pub active: bool,
}

impl Actor {
    /// Whether they have an installation role, and their account is active.
    #[must_use]
    pub fn is(&self, role: InstallationRole) -> bool {
        self.active && self.roles.has(role)
    }
}

/// Something that one may ask to do on a launch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Read it.
    See,
    /// Set an item's state.
    Mark(ItemId),
    /// Agree to a critical "not applicable".
    Agree(ItemId),
    /// Attach evidence to an item.
    Attach(ItemId),
    /// Withdraw evidence.
    WithdrawEvidence(EvidenceId),
    /// Ask for more evidence on an item.
    RequestEvidence(ItemId),
    /// Answer such a request.
    AnswerRequest(EvidenceRequestId),
    /// Comment on an item.
    Comment(ItemId),
    /// Rewrite or delete a comment.
    EditComment(CommentId),
    /// Hide a comment of anybody, or show it again.
    HideComment(CommentId),
    /// Assign an item, or set its due date.
    Assign(ItemId),
    /// Ask for a waiver.
    AskWaiver(ItemId),
    /// Approve or refuse a waiver.
    DecideWaiver(WaiverId),
    /// Revoke a waiver.
    RevokeWaiver(WaiverId),
    /// Sign in a role.
    Sign(RoleSlug),
    /// Withdraw a signature.
    WithdrawSignature(SignatureId),
    /// Ask holders to sign.
    AskSignatures,
    /// Declare GO, hold, resume, reopen.
    Decide,
    /// Record the launch, close, cancel.
    Live,
    /// Change name, summary, target, rules, and who may see it.
    ChangeSettings,
    /// Make and unmake holders.
    ManageHolders,
    /// Name participants.
    ManageParticipants,
    /// Give the launch to another owner.
    Transfer,
    /// Rewrite the notes.
    WriteNotes,
    /// Work on many items at once: what every participant may. Each item's own act is asked for besides.
    TakePart,
}

impl Act {
    /// Whether others rely on it: a signature, an approval, a decision, or who may make one.
    #[must_use]
    pub const fn binds(&self) -> bool {
        match self {
            Self::Agree(_)
            | Self::DecideWaiver(_)
            | Self::RevokeWaiver(_)
            | Self::Sign(_)
            | Self::WithdrawSignature(_)
            | Self::Decide
            | Self::Live
            | Self::ChangeSettings
            | Self::ManageHolders
            | Self::ManageParticipants
            | Self::Transfer => true,
            Self::See
            | Self::Mark(_)
            | Self::Attach(_)
            | Self::WithdrawEvidence(_)
            | Self::RequestEvidence(_)
            | Self::AnswerRequest(_)
            | Self::Comment(_)
            | Self::EditComment(_)
            | Self::HideComment(_)
            | Self::Assign(_)
            | Self::AskWaiver(_)
            | Self::AskSignatures
            | Self::WriteNotes
            | Self::TakePart => false,
        }
    }
}

/// Why one may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// It is not there, or not theirs to know of.
    NotFound,
    /// They are not entitled; the sentence says what would entitle them.
    Forbidden(&'static str),
}

/// Whether a person may see a launch.
#[must_use]
pub fn may_see(state: &LaunchState, actor: &Actor) -> bool {
    let reads_all = actor.is(InstallationRole::Admin) || actor.is(InstallationRole::Auditor);
    actor.active && (!state.restricted || reads_all || is_concerned(state, actor.id))
}

/// Whether a person is owner, holder or named participant.
fn is_concerned(state: &LaunchState, id: UserId) -> bool {
    state.owner == id || state.participants.contains(&id) || state.holders.values().any(|holders| holders.contains(&id))
}

/// Whether a person may do something on a launch.
///
/// # Errors
/// [`Denied`] says why not; what is hidden and what is not there are one answer.
pub fn may(state: &LaunchState, actor: &Actor, act: &Act) -> Result<(), Denied> {
    if !may_see(state, actor) || !is_there(state, act) {
        return Err(Denied::NotFound);
    }
    let owner = state.owner == actor.id;
    let allow = |yes: bool, why: &'static str| if yes { Ok(()) } else { Err(Denied::Forbidden(why)) };
    match act {
        Act::See => return Ok(()),
        Act::RequestEvidence(_) if actor.is(InstallationRole::Auditor) => return Ok(()),
        Act::Transfer if actor.is(InstallationRole::Admin) => return Ok(()),
        _ => {}
    }
    if actor.roles.has(InstallationRole::Auditor) {
        return Err(Denied::Forbidden("Auditors read; they change nothing, but may ask for more evidence."));
    }
    if !actor.is(InstallationRole::Member) {
        return Err(Denied::Forbidden("Only members take part in launches; your account only reads them."));
    }
    // An admin sees a restricted launch without being part of it.
    allow(
        !state.restricted || is_concerned(state, actor.id),
        "Only people named on this restricted launch take part in it.",
    )?;
    match act {
        Act::See
        | Act::Mark(_)
        | Act::Attach(_)
        | Act::RequestEvidence(_)
        | Act::AnswerRequest(_)
        | Act::Comment(_)
        | Act::Assign(_)
        | Act::AskWaiver(_)
        | Act::WriteNotes
        | Act::TakePart => Ok(()),
        Act::Agree(item) => {
            let Some(item) = state.item(*item) else { return Err(Denied::NotFound) };
            // Of an item that applies there is nothing to agree to, whoever marked it: that is no matter of rights.
            let not_applicable = item.standing.state == ItemState::NotApplicable;
            let marked_it = not_applicable && item.marked.is_some_and(|(by, _)| by == actor.id);
            allow(!marked_it, "Whoever marked an item not applicable can't agree to it as well.")?;
            allow(state.may_except(actor.id, item), "Only a holder of the item's role agrees that it does not apply.")
        }
        Act::DecideWaiver(waiver) => {
            let Some((waiver, item)) = waiver_and_item(state, *waiver) else { return Err(Denied::NotFound) };
            allow(waiver.by != actor.id, "Whoever asked for a waiver can't approve or refuse it as well.")?;
            allow(state.may_except(actor.id, item), "Only a holder of the item's role approves its waivers.")
        }
        Act::RevokeWaiver(waiver) => {
            let Some((_, item)) = waiver_and_item(state, *waiver) else { return Err(Denied::NotFound) };
            let entitled = owner || state.may_except(actor.id, item);
            allow(entitled, "Only a holder of the item's role, or the launch's owner, revokes a waiver.")
        }
        Act::WithdrawEvidence(evidence) => {
            let uploaded = state.evidence.get(evidence).is_some_and(|evidence| evidence.by == actor.id);
            allow(owner || uploaded, "Only who attached evidence, or the launch's owner, withdraws it.")
        }
        Act::EditComment(comment) => {
            let wrote = state.comments.get(comment).is_some_and(|comment| comment.by == actor.id);
            allow(wrote, "Only its author changes a comment.")
        }
        Act::HideComment(_) => allow(owner, "Only the launch's owner hides a comment, or shows it again."),
        Act::Sign(role) => allow(state.holds(actor.id, role), "Only a holder of this role signs for it."),
        Act::WithdrawSignature(id) => {
            let signed = state.signature(*id).is_some_and(|signature| signature.record.signer.id == actor.id);
            allow(signed, "Only its signer withdraws a signature.")
        }
        Act::AskSignatures
        | Act::Decide
        | Act::Live
        | Act::ChangeSettings
        | Act::ManageHolders
        | Act::ManageParticipants
        | Act::Transfer => allow(owner, "Only the launch's owner does this."),
    }
}

fn waiver_and_item(state: &LaunchState, id: WaiverId) -> Option<(&super::state::Waiver, &super::state::Item)> {
    let waiver = state.waivers.get(&id)?;
    Some((waiver, state.item(waiver.item)?))
}

/// Whether the thing an act is on belongs to the launch.
fn is_there(state: &LaunchState, act: &Act) -> bool {
    match act {
        Act::Mark(item)
        | Act::Agree(item)
        | Act::Attach(item)
        | Act::RequestEvidence(item)
        | Act::Comment(item)
        | Act::Assign(item)
        | Act::AskWaiver(item) => state.item(*item).is_some(),
        Act::WithdrawEvidence(evidence) => state.evidence.contains_key(evidence),
        Act::AnswerRequest(request) => state.requests.contains_key(request),
        Act::EditComment(comment) | Act::HideComment(comment) => {
            state.comments.get(comment).is_some_and(|comment| comment.deleted_at.is_none())
        }
        Act::DecideWaiver(waiver) | Act::RevokeWaiver(waiver) => state.waivers.contains_key(waiver),
        Act::WithdrawSignature(signature) => state.signature(*signature).is_some(),
        Act::See
        | Act::Sign(_)
        | Act::AskSignatures
        | Act::Decide
        | Act::Live
        | Act::ChangeSettings
        | Act::ManageHolders
        | Act::ManageParticipants
        | Act::Transfer
        | Act::WriteNotes
        | Act::TakePart => true,
    }
}

/// The groups of acts that the stages of a launch tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Before-items: mark, agree, attach, ask for and approve a waiver; sign `go`; name, target, policy, holders.
    Prepare,
    /// Before-items: withdraw evidence, revoke a waiver; withdraw a signature; sign `no_go`.
    Object,
    /// Before-items: comment, assign, ask for evidence. Notes, people, ownership.
    Accompany,
    /// After-items: all that the others have for before-items.
    Follow,
}

/// Whether a stage allows a group of acts: the table of `docs/launches.md`.
#[must_use]
pub const fn stage_allows(stage: &Stage, work: Work) -> bool {
    match (stage, work) {
        (Stage::Preparing | Stage::Held { .. }, Work::Prepare | Work::Object | Work::Accompany) => true,
        (Stage::Go(_), Work::Object | Work::Accompany) => true,
        (Stage::Launched(_), Work::Accompany | Work::Follow) => true,
        (Stage::Preparing | Stage::Held { .. } | Stage::Go(_), Work::Follow) => false,
        (Stage::Go(_), Work::Prepare) => false,
        (Stage::Launched(_), Work::Prepare | Work::Object) => false,
        (Stage::Closed { .. } | Stage::Cancelled { .. }, _) => false,
    }
}
