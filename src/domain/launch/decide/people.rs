//! Settings and people: what a launch is called, how it is signed, who takes part.

use super::{Decision, Draft, conflict, invalid};
use crate::domain::{
    ids::UserId,
    launch::{
        access::{Act, Work},
        command::{Conflict, Refusal},
        event::{Change, Details, PersonRef, Policy, Seq},
        texts::{Field, NewText, Place},
    },
    role::RoleSlug,
    text::PersonName,
    time::LocalTime,
};

pub(super) fn change_details(
    draft: &mut Draft<'_>,
    name: NewText,
    summary: Option<NewText>,
    target: LocalTime,
) -> Decision {
    draft.may(&Act::ChangeSettings)?;
    draft.stage(Work::Prepare)?;
    let old = draft.state.details.clone();
    let thing = draft.state.id.uuid();
    let new = Details {
        name: draft.text(Field::Name, thing, name),
        summary: draft.optional(Field::Summary, thing, summary),
        target,
    };
    if new == old { Ok(()) } else { draft.push(Change::DetailsChanged { old, new }) }
}

pub(super) fn change_policy(draft: &mut Draft<'_>, new: Policy) -> Decision {
    draft.may(&Act::ChangeSettings)?;
    check(&new)?;
    draft.stage(Work::Prepare)?;
    let old = draft.state.policy;
    if new == old { Ok(()) } else { draft.push(Change::PolicyChanged { old, new }) }
}

/// Whether these are rules that may be set.
pub(super) fn check(policy: &Policy) -> Decision {
    if policy.slip_days > Policy::MAX_SLIP_DAYS { Err(invalid("slip_days", "At most 365 days.")) } else { Ok(()) }
}

pub(super) fn change_restriction(draft: &mut Draft<'_>, new: bool) -> Decision {
    draft.may(&Act::ManageParticipants)?;
    draft.stage(Work::Accompany)?;
    let old = draft.state.restricted;
    if new == old { Ok(()) } else { draft.push(Change::RestrictionChanged { old, new }) }
}

/// Rewrites the notes. They are one text, so one that was rewritten since the page was made is not overwritten.
pub(super) fn write_notes(draft: &mut Draft<'_>, notes: Option<NewText>, base: Option<Seq>) -> Decision {
    draft.may(&Act::WriteNotes)?;
    draft.stage(Work::Accompany)?;
    let old = draft.state.notes;
    if draft.is_same(old.as_ref(), notes.as_ref()) {
        return Ok(());
    }
    if base.is_some_and(|base| draft.state.notes_seq > base) {
        return Err(Refusal::Conflict(Conflict::StaleNotes));
    }
    let new = draft.optional(Field::Notes, draft.state.id.uuid(), notes);
    draft.push(Change::NotesChanged { old, new })
}

pub(super) fn transfer(draft: &mut Draft<'_>, to: UserId, reason: Option<NewText>) -> Decision {
    draft.may(&Act::Transfer)?;
    let state = draft.state;
    let new = draft.member(to, "owner")?.named();
    if reason.is_none() && state.owner != draft.context.actor {
        return Err(invalid("reason", "Say why the launch is given to another owner."));
    }
    draft.stage(Work::Accompany)?;
    if new.id == state.owner {
        // A reason that was given before came with the transfer that made them the owner.
        let place = Place { field: Field::Reason, thing: state.id.uuid() };
        let is_new = |reason: &NewText| state.texts.find(place, &reason.value).is_none();
        return if reason.as_ref().is_some_and(is_new) {
            Err(conflict("This person owns the launch already, so your reason was not recorded."))
        } else {
            Ok(())
        };
    }
    let old = named(draft, state.owner)?;
    let reason = draft.optional(Field::Reason, state.id.uuid(), reason);
    draft.push(Change::OwnerChanged { old, new, reason })
}

pub(super) fn add_holder(draft: &mut Draft<'_>, role: RoleSlug, user: UserId) -> Decision {
    draft.may(&Act::ManageHolders)?;
    known_role(draft, &role)?;
    let person = draft.member(user, "user")?.named();
    draft.stage(Work::Prepare)?;
    if draft.state.holds(user, &role) { Ok(()) } else { draft.push(Change::HolderAdded { role, person }) }
}

pub(super) fn remove_holder(draft: &mut Draft<'_>, role: RoleSlug, user: UserId) -> Decision {
    draft.may(&Act::ManageHolders)?;
    known_role(draft, &role)?;
    draft.stage(Work::Prepare)?;
    if !draft.state.holds(user, &role) {
        return Ok(());
    }
    let person = named(draft, user)?;
    draft.push(Change::HolderRemoved { role, person })
}

pub(super) fn add_participant(draft: &mut Draft<'_>, user: UserId) -> Decision {
    draft.may(&Act::ManageParticipants)?;
    let person = draft.member(user, "user")?.named();
    draft.stage(Work::Accompany)?;
    let named = draft.state.participants.contains(&user);
    if named { Ok(()) } else { draft.push(Change::ParticipantAdded { person }) }
}

pub(super) fn remove_participant(draft: &mut Draft<'_>, user: UserId) -> Decision {
    draft.may(&Act::ManageParticipants)?;
    draft.stage(Work::Accompany)?;
    if !draft.state.participants.contains(&user) {
        return Ok(());
    }
    let person = named(draft, user)?;
    draft.push(Change::ParticipantRemoved { person })
}

fn known_role(draft: &Draft<'_>, role: &RoleSlug) -> Decision {
    let checklist = &draft.state.version.checklist;
    let known = checklist.requires(role) || checklist.items().any(|(_, _, item)| item.role.as_ref() == Some(role));
    if known { Ok(()) } else { Err(invalid("role", "This launch's checklist has no such role.")) }
}

/// A person of the history, as it names them.
fn named(draft: &Draft<'_>, id: UserId) -> Result<PersonRef, Refusal> {
    let name: Option<&PersonName> = draft.state.people.get(&id);
    name.map(|name| PersonRef { id, name: name.clone() }).ok_or_else(|| conflict("This person is not on the launch."))
}
