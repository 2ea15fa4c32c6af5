//! The rule of rights: who may do what on a launch, regardless of its stage.
//!
//! Extractors check it before a form is read, and `decide` checks it again under the lock. Whether the *stage* allows
//! an act is a separate question, [`stage_allows`], with a different answer: not "you may not" but "not now".

use std::borrow::Cow;

use strum::{EnumDiscriminants, EnumIter};

use super::{
    event::ItemState,
    state::{LaunchState, Stage},
};
use crate::{
    domain::{
        ids::{CommentId, EvidenceId, EvidenceRequestId, ItemId, SignatureId, UserId, WaiverId},
        role::{InstallationRole, InstallationRoles, RoleSlug},
    },
    texts,
};

/// The person whose rights are checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub id: UserId,
    pub roles: InstallationRoles,
    pub active: bool,
}

impl Actor {
    /// Whether the person has the installation role and an active account.
    #[must_use]
    pub fn has_role(&self, role: InstallationRole) -> bool {
        self.active && self.roles.contains(role)
    }
}

/// Something that a person may want to do on a launch. [`ActKind`] is the same without the thing that it is done to: a
/// route requires an `ActKind`, since the address names the thing.
#[derive(Debug, Clone, PartialEq, Eq, EnumDiscriminants)]
#[strum_discriminants(name(ActKind), derive(EnumIter))]
pub enum Act {
    View,
    Mark(ItemId),
    /// Agree to a critical "not applicable", or refuse to agree.
    Agree(ItemId),
    Attach(ItemId),
    WithdrawEvidence(EvidenceId),
    RequestEvidence(ItemId),
    AnswerRequest(EvidenceRequestId),
    Comment(ItemId),
    EditComment(CommentId),
    /// Hide anybody's comment, or show it again.
    HideComment(CommentId),
    Assign(ItemId),
    AskWaiver(ItemId),
    DecideWaiver(WaiverId),
    RevokeWaiver(WaiverId),
    Sign(RoleSlug),
    WithdrawSignature(SignatureId),
    AskSignatures,
    /// Declare GO, hold, resume, reopen.
    Decide,
    /// Record the launch, close, cancel.
    ManageLifecycle,
    /// Change name, summary, target, policy, and the restriction.
    ChangeSettings,
    /// Add and remove holders of roles.
    ManageHolders,
    ManageParticipants,
    Transfer,
    WriteNotes,
    /// Change many items at once, which every participant may. The right for each item is checked as well.
    Participate,
}

impl Act {
    /// Whether others rely on the act: a signature, an approval, a decision, or a change of who may make one.
    #[must_use]
    pub const fn is_binding(&self) -> bool {
        match self {
            Self::Agree(_)
            | Self::DecideWaiver(_)
            | Self::RevokeWaiver(_)
            | Self::Sign(_)
            | Self::WithdrawSignature(_)
            | Self::Decide
            | Self::ManageLifecycle
            | Self::ChangeSettings
            | Self::ManageHolders
            | Self::ManageParticipants
            | Self::Transfer => true,
            Self::View
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
            | Self::Participate => false,
        }
    }
}

/// Why an act is not allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessRefusal {
    /// The thing does not exist, or the person may not see it.
    NotFound,
    /// The person lacks the right; the sentence says who has it.
    Forbidden(Cow<'static, str>),
}

#[must_use]
pub fn may_view(state: &LaunchState, actor: &Actor) -> bool {
    let reads_all = actor.has_role(InstallationRole::Admin) || actor.has_role(InstallationRole::Auditor);
    actor.active && (!state.restricted || reads_all || is_involved(state, actor.id))
}

/// Whether a person is owner, holder or named participant.
fn is_involved(state: &LaunchState, id: UserId) -> bool {
    state.owner == id || state.participants.contains(&id) || state.holders.values().any(|holders| holders.contains(&id))
}

/// Checks whether a person may do something on a launch.
///
/// # Errors
/// [`AccessRefusal`]. Hidden things and missing things give the same answer.
pub fn check_access(state: &LaunchState, actor: &Actor, act: &Act) -> Result<(), AccessRefusal> {
    if !may_view(state, actor) || !target_exists(state, act) {
        return Err(AccessRefusal::NotFound);
    }
    let owner = state.owner == actor.id;
    let allow = |yes: bool, why: Cow<'static, str>| if yes { Ok(()) } else { Err(AccessRefusal::Forbidden(why)) };
    match act {
        Act::View => return Ok(()),
        Act::RequestEvidence(_) if actor.has_role(InstallationRole::Auditor) => return Ok(()),
        Act::Transfer if actor.has_role(InstallationRole::Admin) => return Ok(()),
        _ => {}
    }
    if actor.roles.contains(InstallationRole::Auditor) {
        return Err(AccessRefusal::Forbidden(texts::auditors_only_read()));
    }
    if !actor.has_role(InstallationRole::Member) {
        return Err(AccessRefusal::Forbidden(texts::only_members_take_part()));
    }
    // An admin can see a restricted launch without being named on it.
    allow(!state.restricted || is_involved(state, actor.id), texts::only_named_people_take_part())?;
    match act {
        Act::View
        | Act::Mark(_)
        | Act::Attach(_)
        | Act::RequestEvidence(_)
        | Act::AnswerRequest(_)
        | Act::Comment(_)
        | Act::Assign(_)
        | Act::AskWaiver(_)
        | Act::WriteNotes
        | Act::Participate => Ok(()),
        Act::Agree(item) => {
            let Some(item) = state.item(*item) else { return Err(AccessRefusal::NotFound) };
            // If the item is not marked "not applicable", there is nothing to agree to. That is not a question of
            // rights, so who marked it does not matter here.
            let not_applicable = item.status.state == ItemState::NotApplicable;
            let marked_it = not_applicable && item.last_marked.is_some_and(|(by, _)| by == actor.id);
            allow(!marked_it, texts::marker_cannot_agree())?;
            allow(state.may_approve_exceptions(actor.id, item), texts::only_holder_agrees())
        }
        Act::DecideWaiver(waiver) => {
            let Some((waiver, item)) = find_waiver_and_item(state, *waiver) else {
                return Err(AccessRefusal::NotFound);
            };
            allow(waiver.by != actor.id, texts::asker_cannot_decide_waiver())?;
            allow(state.may_approve_exceptions(actor.id, item), texts::only_holder_decides_waiver())
        }
        Act::RevokeWaiver(waiver) => {
            let Some((_, item)) = find_waiver_and_item(state, *waiver) else { return Err(AccessRefusal::NotFound) };
            let entitled = owner || state.may_approve_exceptions(actor.id, item);
            allow(entitled, texts::only_holder_or_owner_revokes_waiver())
        }
        Act::WithdrawEvidence(evidence) => {
            let uploaded = state.evidence.get(evidence).is_some_and(|evidence| evidence.by == actor.id);
            allow(owner || uploaded, texts::only_uploader_or_owner_withdraws_evidence())
        }
        Act::EditComment(comment) => {
            let wrote = state.comments.get(comment).is_some_and(|comment| comment.by == actor.id);
            allow(wrote, texts::only_author_changes_comment())
        }
        Act::HideComment(_) => allow(owner, texts::only_owner_hides_comment()),
        Act::Sign(role) => allow(state.holds_role(actor.id, role), texts::only_holder_signs()),
        Act::WithdrawSignature(id) => {
            let signed = state.signature(*id).is_some_and(|signature| signature.record.signer.id == actor.id);
            allow(signed, texts::only_signer_withdraws_signature())
        }
        Act::AskSignatures
        | Act::Decide
        | Act::ManageLifecycle
        | Act::ChangeSettings
        | Act::ManageHolders
        | Act::ManageParticipants
        | Act::Transfer => allow(owner, texts::only_owner_of_launch_may()),
    }
}

fn find_waiver_and_item(state: &LaunchState, id: WaiverId) -> Option<(&super::state::Waiver, &super::state::Item)> {
    let waiver = state.waivers.get(&id)?;
    Some((waiver, state.item(waiver.item)?))
}

/// Whether the thing that an act is about belongs to the launch.
fn target_exists(state: &LaunchState, act: &Act) -> bool {
    match act {
        Act::Mark(item)
        | Act::Agree(item)
        | Act::Attach(item)
        | Act::RequestEvidence(item)
        | Act::Comment(item)
        | Act::Assign(item)
        | Act::AskWaiver(item) => state.item(*item).is_some(),
        Act::WithdrawEvidence(evidence) => state.evidence.contains_key(evidence),
        Act::AnswerRequest(request) => state.evidence_requests.contains_key(request),
        Act::EditComment(comment) | Act::HideComment(comment) => {
            state.comments.get(comment).is_some_and(|comment| comment.deleted_at.is_none())
        }
        Act::DecideWaiver(waiver) | Act::RevokeWaiver(waiver) => state.waivers.contains_key(waiver),
        Act::WithdrawSignature(signature) => state.signature(*signature).is_some(),
        Act::View
        | Act::Sign(_)
        | Act::AskSignatures
        | Act::Decide
        | Act::ManageLifecycle
        | Act::ChangeSettings
        | Act::ManageHolders
        | Act::ManageParticipants
        | Act::Transfer
        | Act::WriteNotes
        | Act::Participate => true,
    }
}

/// Groups of acts that are allowed in the same stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActGroup {
    /// Before-items: mark, agree, attach, ask for and approve a waiver. Sign `go`. Name, target, policy, holders.
    Prepare,
    /// Before-items: withdraw evidence, revoke a waiver. Withdraw a signature, sign `no_go`.
    WithdrawSupport,
    /// Before-items: comment, assign, ask for evidence. Notes, people, ownership.
    Collaborate,
    /// After-items: everything that the other groups contain for before-items.
    FollowUp,
}

/// Whether a stage allows a group of acts: the table of `docs/launches.md`.
#[must_use]
pub const fn stage_allows(stage: &Stage, work: ActGroup) -> bool {
    match (stage, work) {
        (
            Stage::Preparing | Stage::Held { .. },
            ActGroup::Prepare | ActGroup::WithdrawSupport | ActGroup::Collaborate,
        ) => true,
        (Stage::Go(_), ActGroup::WithdrawSupport | ActGroup::Collaborate) => true,
        (Stage::Launched(_), ActGroup::Collaborate | ActGroup::FollowUp) => true,
        (Stage::Preparing | Stage::Held { .. } | Stage::Go(_), ActGroup::FollowUp) => false,
        (Stage::Go(_), ActGroup::Prepare) => false,
        (Stage::Launched(_), ActGroup::Prepare | ActGroup::WithdrawSupport) => false,
        (Stage::Closed { .. } | Stage::Cancelled { .. }, _) => false,
    }
}
