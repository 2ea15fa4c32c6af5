//! The rules: which events a command gives, or why it is refused.
//!
//! If several things are wrong, the first in this order is reported: not found; no right (or a waiting period after a
//! renewal of credentials); an invalid field; the missing proof of identity; a conflict with the launch's state. So only a
//! conflict that names what was changed ([`Conflict::says_what_changed`]) tells its reader of the changes since the page
//! was made; whoever shows a form again after any other refusal leaves its base as it was sent.

mod evidence;
mod items;
mod lifecycle;
mod settings;
mod signing;
mod waivers;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub use evidence::why_evidence_is_gone;
use uuid::Uuid;

use super::{
    access::{self, AccessRefusal, Act, ActGroup, stage_allows},
    command::{Command, CommandContext, Conflict, DecidedChanges, NewLaunch, Person, Refusal},
    event::{Change, Event, LaunchDetails, Seq},
    last_changes::changed_things,
    state::{LaunchState, StageName},
    texts::{Commitment, NewText, Text, TextField, TextLocation},
};
use crate::{
    domain::{
        checklist::Phase,
        ids::{ItemId, UserId},
        role::InstallationRole,
    },
    texts,
};

type CommandResult = Result<(), Refusal>;

/// Turns a command into the events that carry it out, or refuses it. Nothing is stored, and `state` does not change.
pub fn decide(state: &LaunchState, command: Command, context: &CommandContext) -> Result<DecidedChanges, Refusal> {
    dispatch_command(DecisionDraft::new(state, context)?, command)
}

/// Decides a command again whose event is known ([`super::replay`]). Each text in the command is the hexadecimal
/// commitment of the real text, so neither values nor salts are needed, and no texts are created.
pub(super) fn decide_replayed(
    state: &LaunchState,
    command: Command,
    context: &CommandContext,
) -> Result<DecidedChanges, Refusal> {
    dispatch_command(DecisionDraft { is_replay: true, ..DecisionDraft::new(state, context)? }, command)
}

fn dispatch_command(mut draft: DecisionDraft<'_>, command: Command) -> Result<DecidedChanges, Refusal> {
    add_events(&mut draft, command)?;
    Ok(draft.changes)
}

fn add_events(draft: &mut DecisionDraft<'_>, command: Command) -> CommandResult {
    match command {
        Command::ChangeDetails { name, summary, target } => settings::change_details(draft, name, summary, target),
        Command::ChangePolicy { policy } => settings::change_policy(draft, policy),
        Command::ChangeRestriction { restricted } => settings::change_restriction(draft, restricted),
        Command::SetTags { tags } => settings::set_tags(draft, tags),
        Command::WriteNotes { notes } => settings::write_notes(draft, notes),
        Command::TransferOwnership { to, reason } => settings::transfer_ownership(draft, to, reason),
        Command::AddHolder { role, user } => settings::add_holder(draft, role, user),
        Command::RemoveHolder { role, user } => settings::remove_holder(draft, role, user),
        Command::AddParticipant { user } => settings::add_participant(draft, user),
        Command::RemoveParticipant { user } => settings::remove_participant(draft, user),
        Command::Mark { item, state, reason, version } => items::mark_item(draft, item, state, reason, version),
        Command::Agree { item, agree, reason, version } => items::answer_agreement(draft, item, agree, reason, version),
        Command::Assign { item, assignee, due } => items::assign_item(draft, item, assignee, due),
        Command::SetAssignee { item, assignee } => items::set_assignee(draft, item, assignee),
        Command::SetDue { item, due } => items::set_due_day(draft, item, due),
        Command::UndoItemChange { event } => items::undo_item_change(draft, &event),
        Command::AddComment { item, comment, body } => items::add_comment(draft, item, comment, body),
        Command::EditComment { comment, body } => items::edit_comment(draft, comment, body),
        Command::DeleteComment { comment } => items::delete_comment(draft, comment),
        Command::HideComment { comment } => items::set_comment_hidden(draft, comment, true),
        Command::ShowComment { comment } => items::set_comment_hidden(draft, comment, false),
        Command::AttachEvidence { item, evidence, content, observed_on, valid_until } => {
            evidence::attach_evidence(draft, item, evidence, content, (observed_on, valid_until))
        }
        Command::ReuseEvidence { item, evidence, source, observed_on, valid_until } => {
            evidence::reuse_evidence(draft, item, evidence, source, (observed_on, valid_until))
        }
        Command::WithdrawEvidence { evidence, reason } => evidence::withdraw_evidence(draft, evidence, reason),
        Command::RequestEvidence { item, request, text } => evidence::request_evidence(draft, item, request, text),
        Command::AnswerRequest { request, text } => evidence::answer_request(draft, request, text),
        Command::AskWaiver { item, waiver, reason, control, expires_on } => {
            waivers::ask_waiver(draft, item, waiver, (reason, control), expires_on)
        }
        Command::DecideWaiver { waiver, approve, reason } => waivers::decide_waiver(draft, waiver, approve, reason),
        Command::RevokeWaiver { waiver, reason } => waivers::revoke_waiver(draft, waiver, reason),
        Command::Sign(new) => signing::sign_role(draft, *new),
        Command::WithdrawSignature { signature, comment } => signing::withdraw_signature(draft, signature, comment),
        Command::AskSignatures => signing::ask_signatures(draft),
        Command::DeclareGo { acknowledged, saw } => lifecycle::declare_go(draft, acknowledged, saw),
        Command::Hold { reason } => lifecycle::hold_launch(draft, reason),
        Command::Resume { reason } => lifecycle::resume_launch(draft, reason),
        Command::Reopen { reason } => lifecycle::reopen_launch(draft, reason),
        Command::Launch { at, past } => lifecycle::record_launch(draft, at, past.as_deref()),
        Command::Close { settlements } => lifecycle::close_launch(draft, settlements),
        Command::Cancel { reason } => lifecycle::cancel_launch(draft, reason),
        Command::UnlessChangedSince { seq, command } => unless_changed_since(draft, seq, *command),
    }
}

/// Decides a command, and refuses it where it would replace what was changed after event `seq`. What asks for what is
/// there already replaces nothing, so that a form sent twice is no conflict.
fn unless_changed_since(draft: &mut DecisionDraft<'_>, seq: Seq, command: Command) -> CommandResult {
    add_events(draft, command)?;
    let state = draft.state;
    if seq < 1 || seq > state.seq {
        return Err(conflict_refusal(texts::form_names_no_event()));
    }
    let things = draft.changes.events.iter().flat_map(|event| changed_things(state, &event.change));
    let changed: Vec<_> = things.filter_map(|thing| Some((state.changed_since(&thing, seq)?, thing))).collect();
    if changed.is_empty() {
        return Ok(());
    }
    Err(Refusal::Conflict(Conflict::ChangedSince(changed.into_iter().map(|(by, thing)| (thing, by)).collect())))
}

/// Decides that a launch is made. Its maker owns it.
///
/// # Errors
/// [`Refusal`] when the maker may not make launches, or the rules are not ones that may be set.
pub fn decide_creation(new: NewLaunch, context: &CommandContext) -> Result<DecidedChanges, Refusal> {
    let maker = context.people.get(&context.actor).ok_or(Refusal::NotFound)?;
    if !maker.actor.has_role(InstallationRole::Member) {
        return Err(Refusal::Forbidden(texts::only_members_make_launches()));
    }
    settings::check_policy(&new.policy)?;
    let launch = new.id;
    let mut texts = Vec::new();
    let mut commit = |field, new| {
        let text = Text::commit(TextLocation { field, subject_id: launch.uuid() }, new);
        let commitment = text.commitment;
        texts.push(text);
        commitment
    };
    let details = LaunchDetails {
        name: commit(TextField::Name, new.name),
        summary: new.summary.map(|summary| commit(TextField::Summary, summary)),
        target: new.target,
    };
    let change = Change::LaunchCreated {
        checklist: new.version.id,
        checklist_hash: new.version.hash,
        details,
        policy: new.policy,
        owner: maker.to_person_ref(),
        restricted: new.restricted,
    };
    let event =
        Event { v: 1, launch, seq: 1, actor: maker.to_person_ref(), at: context.now, request: context.request, change };
    Ok(DecidedChanges { events: vec![event], texts })
}

/// Decides that the form of a launch was sent again. `created` is the launch after its first event, and `now` as it is.
///
/// # Errors
/// [`Refusal`] when somebody else made the launch, or when it is no longer as the form made it.
pub fn decide_repeated_creation(created: &LaunchState, now: &LaunchState, actor: UserId) -> CommandResult {
    if created.owner != actor {
        return Err(Refusal::NotFound);
    }
    if now.owner != actor {
        return Err(conflict_refusal(texts::launch_was_transferred_since()));
    }
    if now.stage.name() == StageName::Cancelled {
        return Err(conflict_refusal(texts::launch_was_cancelled_since()));
    }
    if (&now.details, now.restricted) != (&created.details, created.restricted) {
        return Err(conflict_refusal(texts::launch_was_changed_since()));
    }
    Ok(())
}

/// Something on an item that a form with the same id created before.
struct ItemContribution {
    item: ItemId,
    by: UserId,
    /// If it is no longer there as the form created it: the message that explains why.
    removal_message: Option<Cow<'static, str>>,
}

/// A decision in progress: the state and what was decided so far.
struct DecisionDraft<'a> {
    state: &'a LaunchState,
    context: &'a CommandContext,
    actor: &'a Person,
    changes: DecidedChanges,
    /// Whether this is a replay, in which each text is its commitment.
    is_replay: bool,
}

impl<'a> DecisionDraft<'a> {
    fn new(state: &'a LaunchState, context: &'a CommandContext) -> Result<Self, Refusal> {
        let actor = context.people.get(&context.actor).ok_or(Refusal::NotFound)?;
        Ok(Self { state, context, actor, changes: DecidedChanges::default(), is_replay: false })
    }

    /// Checks the actor's right, and for acts that others rely on, that there is no waiting period after a renewal of
    /// their credentials.
    fn check_access(&self, act: &Act) -> CommandResult {
        access::check_access(self.state, &self.actor.actor, act).map_err(|denied| match denied {
            AccessRefusal::NotFound => Refusal::NotFound,
            AccessRefusal::Forbidden(why) => Refusal::Forbidden(why),
        })?;
        if !act.is_binding() {
            return Ok(());
        }
        let proof = self.context.proof.as_ref().map(|proof| proof.method);
        match self.actor.credential_renewals.waiting_period(self.context.now, proof) {
            Some(waiting) => Err(Refusal::Conflict(Conflict::Waiting(Box::new(waiting)))),
            None => Ok(()),
        }
    }

    fn check_stage(&self, work: ActGroup) -> CommandResult {
        if stage_allows(&self.state.stage, work) {
            return Ok(());
        }
        Err(Refusal::Conflict(Conflict::Stage(match (work, self.state.stage.name()) {
            (ActGroup::FollowUp, StageName::Preparing | StageName::Held | StageName::Go) => {
                texts::item_belongs_after_launch()
            }
            (_, StageName::Go) => texts::locked_while_go_is_declared(),
            (_, StageName::Launched) => texts::locked_since_launch_has_happened(),
            (_, StageName::Closed) => texts::launch_is_closed(),
            (_, StageName::Cancelled) => texts::launch_is_cancelled(),
            (_, StageName::Preparing | StageName::Held) => texts::stage_does_not_allow_this(),
        })))
    }

    /// The group of acts on this item: `before` for a before-item, otherwise that of after-items.
    fn act_group_on(&self, item: ItemId, before: ActGroup) -> ActGroup {
        let phase = self.state.item(item).map(|item| self.state.definition(item).phase);
        match phase {
            Some(Phase::After(_)) => ActGroup::FollowUp,
            Some(Phase::Before) | None => before,
        }
    }

    /// Requires a recent proof of identity with credentials that are still valid.
    fn require_proof(&self) -> Result<&'a super::command::Proof, Refusal> {
        let proof = self.context.proof.as_ref().ok_or(Refusal::Unproven)?;
        let holds = proof.user == self.context.actor && proof.credential_version == self.actor.credential_version;
        if holds { Ok(proof) } else { Err(Refusal::Unproven) }
    }

    /// Requires that a person named in the command is an active member.
    fn require_member(&self, id: UserId, field: &'static str) -> Result<&'a Person, Refusal> {
        let person = self.context.people.get(&id).filter(|person| person.actor.has_role(InstallationRole::Member));
        person.ok_or_else(|| Refusal::Invalid(field, texts::choose_an_active_member()))
    }

    /// Whether the thing that a command creates already exists, because the form was sent twice. If the actor created
    /// it, the answer is the same as the first time and nothing happens. For anybody else the answer is "not found". If
    /// it is no longer there as it was sent, the answer is a conflict.
    fn is_already_made(&self, contribution: Option<ItemContribution>, item: ItemId) -> Result<bool, Refusal> {
        match contribution {
            None => Ok(false),
            Some(made) if made.item != item || made.by != self.context.actor => Err(Refusal::NotFound),
            Some(ItemContribution { removal_message: Some(gone), .. }) => Err(conflict_refusal(gone)),
            Some(ItemContribution { removal_message: None, .. }) => Ok(true),
        }
    }

    /// Whether a commitment is that of a text, with the salt that the text has.
    fn is_commitment_of(&self, existing: Commitment, location: TextLocation, new: &NewText) -> bool {
        let sent = self.replayed_commitment(new);
        sent.unwrap_or_else(|| Text::commit(location, new.clone()).commitment) == existing
    }

    /// Commits to a text. The same text at the same location gets the same commitment.
    fn commit_text(&mut self, field: TextField, subject_id: Uuid, new: NewText) -> Commitment {
        if let Some(commitment) = self.replayed_commitment(&new) {
            return commitment;
        }
        let place = TextLocation { field, subject_id };
        if let Some(commitment) = self.state.texts.find_commitment(place, &new.value) {
            return commitment;
        }
        let text = Text::commit(place, new);
        let commitment = text.commitment;
        self.changes.texts.push(text);
        commitment
    }

    /// The commitment that replaces a text, if this is a replay.
    fn replayed_commitment(&self, new: &NewText) -> Option<Commitment> {
        if self.is_replay { new.value.parse().ok().map(Commitment) } else { None }
    }

    fn is_same_text(&self, old: Option<&Commitment>, new: Option<&NewText>) -> bool {
        match (old, new) {
            (None, None) => true,
            (Some(old), Some(new)) if self.is_replay => self.replayed_commitment(new) == Some(*old),
            (Some(old), Some(new)) => self.state.texts.get(old) == Some(new.value.as_str()),
            (None, Some(_)) | (Some(_), None) => false,
        }
    }

    fn commit_optional_text(&mut self, field: TextField, thing: Uuid, new: Option<NewText>) -> Option<Commitment> {
        new.map(|new| self.commit_text(field, thing, new))
    }

    fn push_event(&mut self, change: Change) -> CommandResult {
        let added = i64::try_from(self.changes.events.len()).unwrap_or(i64::MAX);
        self.changes.events.push(Event {
            v: 1,
            launch: self.state.id,
            seq: self.state.seq + 1 + added,
            actor: self.actor.to_person_ref(),
            at: self.context.now,
            request: self.context.request,
            change,
        });
        Ok(())
    }
}

fn conflict_refusal(why: Cow<'static, str>) -> Refusal {
    Refusal::Conflict(Conflict::Other(why))
}

fn invalid_field(field: &'static str, message: Cow<'static, str>) -> Refusal {
    Refusal::Invalid(field, message)
}
