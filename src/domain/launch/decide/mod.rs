//! The rules: what a command makes of a launch, or why it is refused.
//!
//! Refusals come in one order, whatever is wrong at once: not there, not entitled (or not yet, after a renewed way in), a
//! field, the proof of who one is, and last a conflict with the state of things.

mod evidence;
mod items;
mod life;
mod people;
mod signing;
mod waivers;

#[cfg(test)]
mod tests;

pub use evidence::WITHDRAWN_SINCE;
use uuid::Uuid;

use super::{
    access::{self, Act, Denied, Work, stage_allows},
    command::{Command, Conflict, Context, Decided, NewLaunch, Person, Refusal},
    event::{Change, Details, Event, Seq},
    last_changes::changed_things,
    state::LaunchState,
    texts::{Commitment, Field, NewText, Place, Text},
};
use crate::domain::{
    checklist::Phase,
    ids::{ItemId, UserId},
    role::InstallationRole,
};

type Decision = Result<(), Refusal>;

/// Decides a command on a launch.
///
/// # Errors
/// [`Refusal`] says why nothing happens.
pub fn decide(state: &LaunchState, command: Command, context: &Context) -> Result<Decided, Refusal> {
    decide_in(Draft::new(state, context)?, command)
}

/// Decides a command once more whose event is known ([`super::replay`]). Each text in it stands for its commitment, in
/// hexadecimal, so that neither values nor salts are needed, and none is made.
///
/// # Errors
/// [`Refusal`], as of [`decide`].
pub(super) fn decide_again(state: &LaunchState, command: Command, context: &Context) -> Result<Decided, Refusal> {
    decide_in(Draft { again: true, ..Draft::new(state, context)? }, command)
}

fn decide_in(mut draft: Draft<'_>, command: Command) -> Result<Decided, Refusal> {
    add_events(&mut draft, command)?;
    Ok(draft.decided)
}

/// Adds the events of a command to the draft.
fn add_events(draft: &mut Draft<'_>, command: Command) -> Decision {
    match command {
        Command::ChangeDetails { name, summary, target } => people::change_details(draft, name, summary, target),
        Command::ChangePolicy { policy } => people::change_policy(draft, policy),
        Command::ChangeRestriction { restricted } => people::change_restriction(draft, restricted),
        Command::WriteNotes { notes, base } => people::write_notes(draft, notes, base),
        Command::Transfer { to, reason } => people::transfer(draft, to, reason),
        Command::AddHolder { role, user } => people::add_holder(draft, role, user),
        Command::RemoveHolder { role, user } => people::remove_holder(draft, role, user),
        Command::AddParticipant { user } => people::add_participant(draft, user),
        Command::RemoveParticipant { user } => people::remove_participant(draft, user),
        Command::Mark { item, state, reason, version } => items::mark(draft, item, state, reason, version),
        Command::Agree { item, agree, reason, version } => items::agree(draft, item, agree, reason, version),
        Command::Assign { item, assignee, due } => items::assign(draft, item, assignee, due),
        Command::AssignTo { item, assignee } => items::assign_to(draft, item, assignee),
        Command::SetDue { item, due } => items::set_due(draft, item, due),
        Command::Undo { event } => items::undo(draft, &event),
        Command::Comment { item, comment, body } => items::comment(draft, item, comment, body),
        Command::EditComment { comment, body } => items::edit_comment(draft, comment, body),
        Command::DeleteComment { comment } => items::delete_comment(draft, comment),
        Command::HideComment { comment } => items::hide_comment(draft, comment, true),
        Command::ShowComment { comment } => items::hide_comment(draft, comment, false),
        Command::Attach { item, evidence, content, observed_on, valid_until } => {
            evidence::attach(draft, item, evidence, content, (observed_on, valid_until))
        }
        Command::UseAgain { item, evidence, source, observed_on, valid_until } => {
            evidence::use_again(draft, item, evidence, source, (observed_on, valid_until))
        }
        Command::WithdrawEvidence { evidence, reason } => evidence::withdraw(draft, evidence, reason),
        Command::RequestEvidence { item, request, text } => evidence::request(draft, item, request, text),
        Command::AnswerRequest { request, text } => evidence::answer(draft, request, text),
        Command::AskWaiver { item, waiver, reason, control, expires_on } => {
            waivers::ask(draft, item, waiver, (reason, control), expires_on)
        }
        Command::DecideWaiver { waiver, approve, reason } => waivers::decide(draft, waiver, approve, reason),
        Command::RevokeWaiver { waiver, reason } => waivers::revoke(draft, waiver, reason),
        Command::Sign(new) => signing::sign(draft, *new),
        Command::WithdrawSignature { signature, comment } => signing::withdraw(draft, signature, comment),
        Command::AskSignatures => signing::ask(draft),
        Command::DeclareGo { acknowledged, saw } => life::declare_go(draft, acknowledged, saw),
        Command::Hold { reason } => life::hold(draft, reason),
        Command::Resume { reason } => life::resume(draft, reason),
        Command::Reopen { reason } => life::reopen(draft, reason),
        Command::Launch { at, past } => life::launch(draft, at, past.as_deref()),
        Command::Close { settlements } => life::close(draft, settlements),
        Command::Cancel { reason } => life::cancel(draft, reason),
        Command::UnlessChangedSince { seq, command } => unless_changed_since(draft, seq, *command),
    }
}

/// Decides a command, and refuses it where it would replace what was changed after event `seq`. What asks for what is
/// there already replaces nothing, so that a form sent twice is no conflict.
fn unless_changed_since(draft: &mut Draft<'_>, seq: Seq, command: Command) -> Decision {
    add_events(draft, command)?;
    let state = draft.state;
    if seq < 1 || seq > state.seq {
        return Err(conflict(NO_SUCH_EVENT));
    }
    let things = draft.decided.events.iter().flat_map(|event| changed_things(state, &event.change));
    let changed: Vec<_> = things.filter_map(|thing| Some((state.changed_since(&thing, seq)?, thing))).collect();
    if changed.is_empty() {
        return Ok(());
    }
    Err(Refusal::Conflict(Conflict::ChangedSince(changed.into_iter().map(|(by, thing)| (thing, by)).collect())))
}

/// What is said of a form that names an event which this launch does not have.
const NO_SUCH_EVENT: &str =
    "The form did not say which event of this launch it was made from. Look again, then decide.";

/// Decides that a launch is made. Its maker owns it.
///
/// # Errors
/// [`Refusal`] when the maker may not make launches, or the rules are not ones that may be set.
pub fn create(new: NewLaunch, context: &Context) -> Result<Decided, Refusal> {
    let maker = context.people.get(&context.actor).ok_or(Refusal::NotFound)?;
    if !maker.actor.is(InstallationRole::Member) {
        return Err(Refusal::Forbidden("Only members make launches."));
    }
    people::check(&new.policy)?;
    let launch = new.id;
    let mut texts = Vec::new();
    let mut commit = |field, new| {
        let text = Text::commit(Place { field, thing: launch.uuid() }, new);
        let commitment = text.commitment;
        texts.push(text);
        commitment
    };
    let details = Details {
        name: commit(Field::Name, new.name),
        summary: new.summary.map(|summary| commit(Field::Summary, summary)),
        target: new.target,
    };
    let change = Change::LaunchCreated {
        checklist: new.version.id,
        checklist_hash: new.version.hash,
        details,
        policy: new.policy,
        owner: maker.named(),
        restricted: new.restricted,
    };
    let event = Event { v: 1, launch, seq: 1, actor: maker.named(), at: context.now, request: context.request, change };
    Ok(Decided { events: vec![event], texts })
}

/// Something that a form has made on an item.
struct Made {
    item: ItemId,
    by: UserId,
    /// What became of it, where it is no longer there.
    gone: Option<&'static str>,
}

/// A decision in the making: the state it is about, and what was decided so far.
struct Draft<'a> {
    state: &'a LaunchState,
    context: &'a Context,
    actor: &'a Person,
    decided: Decided,
    /// Whether this was decided before, and each text stands for its commitment.
    again: bool,
}

impl<'a> Draft<'a> {
    fn new(state: &'a LaunchState, context: &'a Context) -> Result<Self, Refusal> {
        let actor = context.people.get(&context.actor).ok_or(Refusal::NotFound)?;
        Ok(Self { state, context, actor, decided: Decided::default(), again: false })
    }

    /// Asks whether the actor may, and whether they may now, where another renewed their way in.
    fn may(&self, act: &Act) -> Decision {
        access::may(self.state, &self.actor.actor, act).map_err(|denied| match denied {
            Denied::NotFound => Refusal::NotFound,
            Denied::Forbidden(why) => Refusal::Forbidden(why),
        })?;
        if !act.binds() {
            return Ok(());
        }
        let proof = self.context.proof.as_ref().map(|proof| proof.method);
        match self.actor.way_in.waiting(self.context.now, proof) {
            Some(waiting) => Err(Refusal::Conflict(Conflict::Waiting(Box::new(waiting)))),
            None => Ok(()),
        }
    }

    /// Asks whether the stage allows it.
    fn stage(&self, work: Work) -> Decision {
        if stage_allows(&self.state.stage, work) {
            return Ok(());
        }
        use super::state::StageName;
        Err(Refusal::Conflict(Conflict::Stage(match (work, self.state.stage.name()) {
            (Work::Follow, StageName::Preparing | StageName::Held | StageName::Go) => {
                "This item belongs after the launch; it unlocks when the launch is recorded."
            }
            (_, StageName::Go) => "GO is declared, so this is frozen. The owner can reopen the launch.",
            (_, StageName::Launched) => "The launch has happened, so what came before it is settled.",
            (_, StageName::Closed) => "This launch is closed; it is read-only.",
            (_, StageName::Cancelled) => "This launch is cancelled; it is read-only.",
            (_, StageName::Preparing | StageName::Held) => "The launch's stage does not allow this.",
        })))
    }

    /// The group of acts that something on an item belongs to: `before`, or after the launch.
    fn work_on(&self, item: ItemId, before: Work) -> Work {
        let phase = self.state.item(item).map(|item| self.state.definition(item).phase);
        match phase {
            Some(Phase::After(_)) => Work::Follow,
            Some(Phase::Before) | None => before,
        }
    }

    /// Asks that the actor has just proved who they are, with credentials that still hold.
    fn proven(&self) -> Result<&'a super::command::Proof, Refusal> {
        let proof = self.context.proof.as_ref().ok_or(Refusal::Unproven)?;
        let holds = proof.user == self.context.actor && proof.credential_version == self.actor.credential_version;
        if holds { Ok(proof) } else { Err(Refusal::Unproven) }
    }

    /// A person whom the command names: an active member.
    fn member(&self, id: UserId, field: &'static str) -> Result<&'a Person, Refusal> {
        let person = self.context.people.get(&id).filter(|person| person.actor.is(InstallationRole::Member));
        person.ok_or_else(|| Refusal::Invalid(field, "Choose an active member.".to_owned()))
    }

    /// Whether what a command is to make is there already: the form that brought it came twice. Its maker is answered
    /// as the first time, with nothing more happening; for anybody else there is nothing here. What was taken back
    /// since is not reported as made: `gone` says what became of it.
    fn made_already(&self, found: Option<Made>, item: ItemId) -> Result<bool, Refusal> {
        match found {
            None => Ok(false),
            Some(made) if made.item != item || made.by != self.context.actor => Err(Refusal::NotFound),
            Some(Made { gone: Some(gone), .. }) => Err(conflict(gone)),
            Some(Made { gone: None, .. }) => Ok(true),
        }
    }

    /// Commits to a text: the same text in the same place keeps the commitment it has.
    fn text(&mut self, field: Field, thing: Uuid, new: NewText) -> Commitment {
        if let Some(known) = self.stands_for(&new) {
            return known;
        }
        let place = Place { field, thing };
        if let Some(known) = self.state.texts.find(place, &new.value) {
            return known;
        }
        let text = Text::commit(place, new);
        let commitment = text.commitment;
        self.decided.texts.push(text);
        commitment
    }

    /// The commitment that a text stands for, where this was decided before.
    fn stands_for(&self, new: &NewText) -> Option<Commitment> {
        if self.again { new.value.parse().ok().map(Commitment) } else { None }
    }

    /// Whether a text is the one behind a commitment.
    fn is_same(&self, old: Option<&Commitment>, new: Option<&NewText>) -> bool {
        match (old, new) {
            (None, None) => true,
            (Some(old), Some(new)) if self.again => self.stands_for(new) == Some(*old),
            (Some(old), Some(new)) => self.state.texts.get(old) == Some(new.value.as_str()),
            (None, Some(_)) | (Some(_), None) => false,
        }
    }

    /// As [`Self::text`], of a text that may be missing.
    fn optional(&mut self, field: Field, thing: Uuid, new: Option<NewText>) -> Option<Commitment> {
        new.map(|new| self.text(field, thing, new))
    }

    /// Adds what happened.
    fn push(&mut self, change: Change) -> Decision {
        let added = i64::try_from(self.decided.events.len()).unwrap_or(i64::MAX);
        self.decided.events.push(Event {
            v: 1,
            launch: self.state.id,
            seq: self.state.seq + 1 + added,
            actor: self.actor.named(),
            at: self.context.now,
            request: self.context.request,
            change,
        });
        Ok(())
    }
}

fn conflict(why: &'static str) -> Refusal {
    Refusal::Conflict(Conflict::Other(why))
}

fn invalid(field: &'static str, message: &str) -> Refusal {
    Refusal::Invalid(field, message.to_owned())
}
