//! Items: marking, agreement, assignment, comments.

use std::borrow::Cow;

use super::{CommandResult, DecisionDraft, ItemContribution, conflict_refusal, invalid_field};
use crate::{
    domain::{
        checklist::Importance,
        ids::{CommentId, ItemId, UserId},
        launch::{
            access::{Act, ActGroup},
            command::{Conflict, Refusal},
            event::{Assignment, Change, Event, ItemState, StateWithReason},
            state::{Agreement, Comment, Item},
            texts::{NewText, TextField, TextLocation},
        },
        time::Day,
    },
    texts,
};

impl<'a> DecisionDraft<'a> {
    fn require_item(&self, id: ItemId) -> Result<&'a Item, Refusal> {
        self.state.item(id).ok_or(Refusal::NotFound)
    }

    fn require_comment(&self, id: CommentId) -> Result<&'a Comment, Refusal> {
        self.state.comments.get(&id).ok_or(Refusal::NotFound)
    }
}

pub(super) fn mark_item(
    draft: &mut DecisionDraft<'_>,
    id: ItemId,
    state: ItemState,
    reason: Option<NewText>,
    version: i64,
) -> CommandResult {
    draft.check_access(&Act::Mark(id))?;
    let item = draft.require_item(id)?;
    if state.needs_reason() && reason.is_none() {
        let message = match state {
            ItemState::NotApplicable => texts::say_why_not_applicable(),
            _ => texts::say_what_blocks(),
        };
        return Err(invalid_field("reason", message));
    }
    draft.check_stage(draft.act_group_on(id, ActGroup::Prepare))?;
    let as_asked = item.status.state == state && draft.is_same_text(item.status.reason.as_ref(), reason.as_ref());
    if item.version != version {
        // If the same person repeats the same request (a second click, a lost answer), there is no conflict.
        let own = item.last_marked.is_some_and(|(by, _)| by == draft.context.actor);
        return if as_asked && own { Ok(()) } else { Err(Refusal::Conflict(Conflict::StaleItem(id))) };
    }
    if as_asked {
        return Ok(());
    }
    let reason = draft.commit_optional_text(TextField::ItemReason, id.uuid(), reason);
    draft.push_event(Change::ItemMarked { item: id, old: item.status, new: StateWithReason { state, reason } })
}

/// Agrees or refuses. Agreement is to the state and the reason that were read: where the item's version is another than
/// that of the page, nothing happens, unless the same person gave the same answer before.
pub(super) fn answer_agreement(
    draft: &mut DecisionDraft<'_>,
    id: ItemId,
    agree: bool,
    reason: Option<NewText>,
    version: Option<i64>,
) -> CommandResult {
    draft.check_access(&Act::Agree(id))?;
    let item = draft.require_item(id)?;
    if !agree && reason.is_none() {
        return Err(invalid_field("reason", texts::say_why_you_do_not_agree()));
    }
    draft.check_stage(draft.act_group_on(id, ActGroup::Prepare))?;
    if version.is_some_and(|version| version != item.version) {
        let actor = draft.context.actor;
        let as_asked = match &item.agreement {
            Agreement::Given { by, reason: old, .. } => {
                agree && *by == actor && draft.is_same_text(old.as_ref(), reason.as_ref())
            }
            Agreement::Refused { by, reason: old, .. } => {
                !agree && *by == actor && draft.is_same_text(Some(old), reason.as_ref())
            }
            Agreement::None => false,
        };
        return if as_asked { Ok(()) } else { Err(Refusal::Conflict(Conflict::StaleItem(id))) };
    }
    let critical = draft.state.definition(item).importance == Importance::Critical;
    if !critical || item.status.state != ItemState::NotApplicable {
        return Err(conflict_refusal(texts::needs_no_agreement()));
    }
    match (agree, reason, &item.agreement) {
        // A remark is recorded, or the form is refused: no answer pretends that another remark was recorded.
        (true, reason, Agreement::Given { reason: old, .. })
            if reason.is_none() || draft.is_same_text(old.as_ref(), reason.as_ref()) =>
        {
            Ok(())
        }
        (true, _, Agreement::Given { by, .. }) if *by != draft.context.actor => {
            Err(conflict_refusal(texts::agreed_already_remark_not_recorded()))
        }
        (true, reason, _) => {
            let reason = draft.commit_optional_text(TextField::AgreementReason, id.uuid(), reason);
            draft.push_event(Change::AgreementGiven { item: id, reason })
        }
        (false, Some(reason), agreement) => {
            let new = draft.commit_text(TextField::AgreementReason, id.uuid(), reason);
            match agreement {
                Agreement::Refused { by, reason, .. } if *reason == new && *by == draft.context.actor => Ok(()),
                _ => draft.push_event(Change::AgreementRefused { item: id, reason: new }),
            }
        }
        (false, None, _) => Err(invalid_field("reason", texts::say_why_you_do_not_agree())),
    }
}

pub(super) fn assign_item(
    draft: &mut DecisionDraft<'_>,
    id: ItemId,
    assignee: Option<UserId>,
    due: Option<Day>,
) -> CommandResult {
    draft.check_access(&Act::Assign(id))?;
    let item = draft.require_item(id)?;
    let old = &item.assignment;
    let unchanged = old.assignee.as_ref().filter(|person| Some(person.id) == assignee).cloned();
    let assignee = match (unchanged, assignee) {
        (Some(unchanged), _) => Some(unchanged),
        (None, Some(other)) => Some(draft.require_member(other, "assignee")?.to_person_ref()),
        (None, None) => None,
    };
    draft.check_stage(draft.act_group_on(id, ActGroup::Collaborate))?;
    let new = Assignment { assignee, due };
    if new == *old { Ok(()) } else { draft.push_event(Change::ItemAssigned { item: id, old: old.clone(), new }) }
}

pub(super) fn set_assignee(draft: &mut DecisionDraft<'_>, id: ItemId, assignee: Option<UserId>) -> CommandResult {
    draft.check_access(&Act::Assign(id))?;
    let due = draft.require_item(id)?.assignment.due;
    assign_item(draft, id, assignee, due)
}

pub(super) fn set_due_day(draft: &mut DecisionDraft<'_>, id: ItemId, due: Option<Day>) -> CommandResult {
    draft.check_access(&Act::Assign(id))?;
    let assignee = draft.require_item(id)?.assignment.assignee.as_ref().map(|person| person.id);
    assign_item(draft, id, assignee, due)
}

/// Reverses the change that the actor's own event made. If it was already reversed, nothing changes. If anybody has
/// changed the same since, it is a conflict. An agreement that the mark ended is not restored; the same person can
/// agree again.
pub(super) fn undo_item_change(draft: &mut DecisionDraft<'_>, event: &Event) -> CommandResult {
    let own = event.launch == draft.state.id && event.actor.id == draft.context.actor;
    let allowed = |own| if own { Ok(()) } else { Err(Refusal::Forbidden(texts::only_maker_undoes_change())) };
    match &event.change {
        Change::ItemMarked { item: id, old, new } => {
            draft.check_access(&Act::Mark(*id))?;
            allowed(own)?;
            draft.check_stage(draft.act_group_on(*id, ActGroup::Prepare))?;
            let item = draft.require_item(*id)?;
            if item.status == *old {
                return Ok(());
            }
            if item.status != *new || item.last_marked != Some((event.actor.id, event.at)) {
                return Err(Refusal::Conflict(Conflict::StaleItem(*id)));
            }
            draft.push_event(Change::ItemMarked { item: *id, old: *new, new: *old })
        }
        Change::ItemAssigned { item: id, old, new } => {
            draft.check_access(&Act::Assign(*id))?;
            allowed(own)?;
            draft.check_stage(draft.act_group_on(*id, ActGroup::Collaborate))?;
            let item = draft.require_item(*id)?;
            if item.assignment == *old {
                return Ok(());
            }
            if item.assignment != *new {
                return Err(Refusal::Conflict(Conflict::StaleItem(*id)));
            }
            draft.push_event(Change::ItemAssigned { item: *id, old: new.clone(), new: old.clone() })
        }
        _ => Err(conflict_refusal(texts::only_marking_and_assignment_are_undone())),
    }
}

pub(super) fn add_comment(
    draft: &mut DecisionDraft<'_>,
    item: ItemId,
    comment: CommentId,
    body: NewText,
) -> CommandResult {
    draft.check_access(&Act::Comment(item))?;
    let made = draft.state.comments.get(&comment).map(|existing| ItemContribution {
        item: existing.item,
        by: existing.by,
        removal_message: why_comment_is_gone(draft, existing, &body),
    });
    if draft.is_already_made(made, item)? {
        return Ok(());
    }
    draft.check_stage(draft.act_group_on(item, ActGroup::Collaborate))?;
    let body = draft.commit_text(TextField::Comment, comment.uuid(), body);
    draft.push_event(Change::CommentAdded { item, comment, body })
}

/// Why a comment is no longer there with the body that was sent; `None` while it is.
fn why_comment_is_gone(draft: &DecisionDraft<'_>, comment: &Comment, body: &NewText) -> Option<Cow<'static, str>> {
    let place = TextLocation { field: TextField::Comment, subject_id: comment.id.uuid() };
    if comment.deleted_at.is_some() {
        Some(texts::comment_was_deleted_since())
    } else if draft.state.current.is_destroyed(&comment.body) {
        Some(texts::comment_was_redacted_since())
    } else if comment.hidden.is_some() {
        Some(texts::comment_was_hidden_since())
    } else if !draft.is_commitment_of(comment.body, place, body) {
        Some(texts::comment_was_edited_since())
    } else {
        None
    }
}

pub(super) fn edit_comment(draft: &mut DecisionDraft<'_>, id: CommentId, body: NewText) -> CommandResult {
    draft.check_access(&Act::EditComment(id))?;
    let (item, old) = draft.require_comment(id).map(|comment| (comment.item, comment.body))?;
    draft.check_stage(draft.act_group_on(item, ActGroup::Collaborate))?;
    let new = draft.commit_text(TextField::Comment, id.uuid(), body);
    if new == old { Ok(()) } else { draft.push_event(Change::CommentEdited { item, comment: id, old, new }) }
}

pub(super) fn delete_comment(draft: &mut DecisionDraft<'_>, id: CommentId) -> CommandResult {
    draft.check_access(&Act::EditComment(id))?;
    let item = draft.require_comment(id)?.item;
    draft.check_stage(draft.act_group_on(item, ActGroup::Collaborate))?;
    draft.push_event(Change::CommentDeleted { item, comment: id })
}

/// Hides a comment or shows it again. It is not an error if the comment already is in this state.
pub(super) fn set_comment_hidden(draft: &mut DecisionDraft<'_>, id: CommentId, hide: bool) -> CommandResult {
    draft.check_access(&Act::HideComment(id))?;
    let comment = draft.require_comment(id)?;
    let item = comment.item;
    draft.check_stage(draft.act_group_on(item, ActGroup::Collaborate))?;
    match (comment.hidden.is_some(), hide) {
        (false, true) => draft.push_event(Change::CommentHidden { item, comment: id }),
        (true, false) => draft.push_event(Change::CommentShown { item, comment: id }),
        (true, true) | (false, false) => Ok(()),
    }
}
