//! Settings and people: the launch's details, policy, notes, holders and participants.

use std::collections::BTreeSet;

use super::{CommandResult, DecisionDraft, conflict_refusal, invalid_field};
use crate::{
    domain::{
        ids::UserId,
        launch::{
            access::{Act, ActGroup},
            command::Refusal,
            event::{Change, LaunchDetails, PersonRef, Policy},
            state::MAX_TAGS,
            texts::{NewText, TextField, TextLocation},
        },
        role::RoleSlug,
        text::{PersonName, Tag},
        time::LocalTime,
    },
    texts,
};

pub(super) fn change_details(
    draft: &mut DecisionDraft<'_>,
    name: NewText,
    summary: Option<NewText>,
    target: LocalTime,
) -> CommandResult {
    draft.check_access(&Act::ChangeSettings)?;
    draft.check_stage(ActGroup::Prepare)?;
    let old = draft.state.details.clone();
    let subject_id = draft.state.id.uuid();
    let new = LaunchDetails {
        name: draft.commit_text(TextField::Name, subject_id, name),
        summary: draft.commit_optional_text(TextField::Summary, subject_id, summary),
        target,
    };
    if new == old { Ok(()) } else { draft.push_event(Change::DetailsChanged { old, new }) }
}

pub(super) fn change_policy(draft: &mut DecisionDraft<'_>, new: Policy) -> CommandResult {
    draft.check_access(&Act::ChangeSettings)?;
    check_policy(&new)?;
    draft.check_stage(ActGroup::Prepare)?;
    let old = draft.state.policy;
    if new == old { Ok(()) } else { draft.push_event(Change::PolicyChanged { old, new }) }
}

pub(super) fn check_policy(policy: &Policy) -> CommandResult {
    if policy.slip_days > Policy::MAX_SLIP_DAYS {
        Err(invalid_field("slip_days", texts::write_days_from_0_to_365()))
    } else {
        Ok(())
    }
}

pub(super) fn change_restriction(draft: &mut DecisionDraft<'_>, new: bool) -> CommandResult {
    draft.check_access(&Act::ManageParticipants)?;
    draft.check_stage(ActGroup::Collaborate)?;
    let old = draft.state.restricted;
    if new == old { Ok(()) } else { draft.push_event(Change::RestrictionChanged { old, new }) }
}

pub(super) fn set_tags(draft: &mut DecisionDraft<'_>, new: Vec<Tag>) -> CommandResult {
    draft.check_access(&Act::ChangeSettings)?;
    check_tags(&new)?;
    draft.check_stage(ActGroup::Collaborate)?;
    let old = draft.state.tags.clone();
    if new == old { Ok(()) } else { draft.push_event(Change::TagsChanged { old, new }) }
}

/// At most [`MAX_TAGS`], and none twice, whatever the case of its letters.
fn check_tags(tags: &[Tag]) -> CommandResult {
    if tags.len() > MAX_TAGS {
        return Err(invalid_field("tags", texts::too_many_tags(MAX_TAGS)));
    }
    let mut seen = BTreeSet::new();
    match tags.iter().find(|tag| !seen.insert(tag.folded())) {
        Some(twice) => Err(invalid_field("tags", texts::tag_is_there_twice(twice))),
        None => Ok(()),
    }
}

pub(super) fn write_notes(draft: &mut DecisionDraft<'_>, notes: Option<NewText>) -> CommandResult {
    draft.check_access(&Act::WriteNotes)?;
    draft.check_stage(ActGroup::Collaborate)?;
    let old = draft.state.notes;
    if draft.is_same_text(old.as_ref(), notes.as_ref()) {
        return Ok(());
    }
    let new = draft.commit_optional_text(TextField::Notes, draft.state.id.uuid(), notes);
    draft.push_event(Change::NotesChanged { old, new })
}

pub(super) fn transfer_ownership(draft: &mut DecisionDraft<'_>, to: UserId, reason: Option<NewText>) -> CommandResult {
    draft.check_access(&Act::Transfer)?;
    let state = draft.state;
    let new = draft.require_member(to, "owner")?.to_person_ref();
    if reason.is_none() && state.owner != draft.context.actor {
        return Err(invalid_field("reason", texts::say_why_ownership_is_transferred()));
    }
    draft.check_stage(ActGroup::Collaborate)?;
    if new.id == state.owner {
        // A reason that was given before came with the transfer that made them the owner.
        let place = TextLocation { field: TextField::Reason, subject_id: state.id.uuid() };
        let is_new = |reason: &NewText| state.texts.find_commitment(place, &reason.value).is_none();
        return if reason.as_ref().is_some_and(is_new) {
            Err(conflict_refusal(texts::owns_launch_already()))
        } else {
            Ok(())
        };
    }
    let old = find_named_person(draft, state.owner)?;
    let reason = draft.commit_optional_text(TextField::Reason, state.id.uuid(), reason);
    draft.push_event(Change::OwnerChanged { old, new, reason })
}

pub(super) fn add_holder(draft: &mut DecisionDraft<'_>, role: RoleSlug, user: UserId) -> CommandResult {
    draft.check_access(&Act::ManageHolders)?;
    require_known_role(draft, &role)?;
    let person = draft.require_member(user, "user")?.to_person_ref();
    draft.check_stage(ActGroup::Prepare)?;
    if draft.state.holds_role(user, &role) { Ok(()) } else { draft.push_event(Change::HolderAdded { role, person }) }
}

pub(super) fn remove_holder(draft: &mut DecisionDraft<'_>, role: RoleSlug, user: UserId) -> CommandResult {
    draft.check_access(&Act::ManageHolders)?;
    require_known_role(draft, &role)?;
    draft.check_stage(ActGroup::Prepare)?;
    if !draft.state.holds_role(user, &role) {
        return Ok(());
    }
    let person = find_named_person(draft, user)?;
    draft.push_event(Change::HolderRemoved { role, person })
}

pub(super) fn add_participant(draft: &mut DecisionDraft<'_>, user: UserId) -> CommandResult {
    draft.check_access(&Act::ManageParticipants)?;
    let person = draft.require_member(user, "user")?.to_person_ref();
    draft.check_stage(ActGroup::Collaborate)?;
    let named = draft.state.participants.contains(&user);
    if named { Ok(()) } else { draft.push_event(Change::ParticipantAdded { person }) }
}

pub(super) fn remove_participant(draft: &mut DecisionDraft<'_>, user: UserId) -> CommandResult {
    draft.check_access(&Act::ManageParticipants)?;
    draft.check_stage(ActGroup::Collaborate)?;
    if !draft.state.participants.contains(&user) {
        return Ok(());
    }
    let person = find_named_person(draft, user)?;
    draft.push_event(Change::ParticipantRemoved { person })
}

fn require_known_role(draft: &DecisionDraft<'_>, role: &RoleSlug) -> CommandResult {
    let checklist = &draft.state.version.checklist;
    let is_known = checklist.requires(role) || checklist.items().any(|(_, _, item)| item.role.as_ref() == Some(role));
    if is_known { Ok(()) } else { Err(invalid_field("role", texts::checklist_has_no_such_role())) }
}

/// A person whom the history names, with the name recorded there.
fn find_named_person(draft: &DecisionDraft<'_>, id: UserId) -> Result<PersonRef, Refusal> {
    let name: Option<&PersonName> = draft.state.people.get(&id);
    name.map(|name| PersonRef { id, name: name.clone() })
        .ok_or_else(|| conflict_refusal(texts::person_is_not_on_launch()))
}
