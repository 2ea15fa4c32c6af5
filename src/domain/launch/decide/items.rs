//! Items: marking, agreement, assignment, comments.

use super::{Decision, Draft, Made, conflict, invalid};
use crate::domain::{
    checklist::Importance,
    ids::{CommentId, ItemId, UserId},
    launch::{
        access::{Act, Work},
        command::{Conflict, Refusal},
        event::{Assignment, Change, Event, ItemState, Standing},
        state::{Agreement, Comment, Item},
        texts::{Field, NewText},
    },
    time::Day,
};

impl<'a> Draft<'a> {
    fn item(&self, id: ItemId) -> Result<&'a Item, Refusal> {
        self.state.item(id).ok_or(Refusal::NotFound)
    }

    fn comment(&self, id: CommentId) -> Result<&'a Comment, Refusal> {
        self.state.comments.get(&id).ok_or(Refusal::NotFound)
    }
}

pub(super) fn mark(
    draft: &mut Draft<'_>,
    id: ItemId,
    state: ItemState,
    reason: Option<NewText>,
    version: i64,
) -> Decision {
    draft.may(&Act::Mark(id))?;
    let item = draft.item(id)?;
    if state.needs_reason() && reason.is_none() {
        let message = match state {
            ItemState::NotApplicable => "Say why this does not apply here.",
            _ => "Say what blocks this.",
        };
        return Err(invalid("reason", message));
    }
    draft.stage(draft.work_on(id, Work::Prepare))?;
    let as_asked = item.standing.state == state && draft.is_same(item.standing.reason.as_ref(), reason.as_ref());
    if item.version != version {
        // The same person asking for the same again (a second click, a lost answer) is no conflict.
        let own = item.marked.is_some_and(|(by, _)| by == draft.context.actor);
        return if as_asked && own { Ok(()) } else { Err(Refusal::Conflict(Conflict::StaleItem(id))) };
    }
    if as_asked {
        return Ok(());
    }
    let reason = draft.optional(Field::ItemReason, id.uuid(), reason);
    draft.push(Change::ItemMarked { item: id, old: item.standing, new: Standing { state, reason } })
}

/// Agrees or refuses. Agreement is to the state and the reason that were read: where the item's version is another than
/// that of the page, nothing happens, unless the same person gave the same answer before.
pub(super) fn agree(
    draft: &mut Draft<'_>,
    id: ItemId,
    agree: bool,
    reason: Option<NewText>,
    version: Option<i64>,
) -> Decision {
    draft.may(&Act::Agree(id))?;
    let item = draft.item(id)?;
    if !agree && reason.is_none() {
        return Err(invalid("reason", "Say why you do not agree."));
    }
    draft.stage(draft.work_on(id, Work::Prepare))?;
    if version.is_some_and(|version| version != item.version) {
        let actor = draft.context.actor;
        let as_asked = match &item.agreement {
            Agreement::Given { by, reason: old, .. } => {
                agree && *by == actor && draft.is_same(old.as_ref(), reason.as_ref())
            }
            Agreement::Refused { by, reason: old, .. } => {
                !agree && *by == actor && draft.is_same(Some(old), reason.as_ref())
            }
            Agreement::None => false,
        };
        return if as_asked { Ok(()) } else { Err(Refusal::Conflict(Conflict::StaleItem(id))) };
    }
    let critical = draft.state.definition(item).importance == Importance::Critical;
    if !critical || item.standing.state != ItemState::NotApplicable {
        return Err(conflict("Only a critical item that is marked not applicable needs agreement."));
    }
    match (agree, reason, &item.agreement) {
        // What is said now is recorded, or refused: never answered as if it were there.
        (true, reason, Agreement::Given { reason: old, .. })
            if reason.is_none() || draft.is_same(old.as_ref(), reason.as_ref()) =>
        {
            Ok(())
        }
        (true, _, Agreement::Given { by, .. }) if *by != draft.context.actor => {
            Err(conflict("Somebody agreed to this already, so your remark was not recorded. Write it as a comment."))
        }
        (true, reason, _) => {
            let reason = draft.optional(Field::AgreementReason, id.uuid(), reason);
            draft.push(Change::AgreementGiven { item: id, reason })
        }
        (false, Some(reason), agreement) => {
            let new = draft.text(Field::AgreementReason, id.uuid(), reason);
            match agreement {
                Agreement::Refused { by, reason, .. } if *reason == new && *by == draft.context.actor => Ok(()),
                _ => draft.push(Change::AgreementRefused { item: id, reason: new }),
            }
        }
        (false, None, _) => Err(invalid("reason", "Say why you do not agree.")),
    }
}

pub(super) fn assign(draft: &mut Draft<'_>, id: ItemId, assignee: Option<UserId>, due: Option<Day>) -> Decision {
    draft.may(&Act::Assign(id))?;
    let item = draft.item(id)?;
    let old = &item.assignment;
    let kept = old.assignee.as_ref().filter(|person| Some(person.id) == assignee).cloned();
    let assignee = match (kept, assignee) {
        (Some(kept), _) => Some(kept),
        (None, Some(other)) => Some(draft.member(other, "assignee")?.named()),
        (None, None) => None,
    };
    draft.stage(draft.work_on(id, Work::Accompany))?;
    let new = Assignment { assignee, due };
    if new == *old { Ok(()) } else { draft.push(Change::ItemAssigned { item: id, old: old.clone(), new }) }
}

pub(super) fn assign_to(draft: &mut Draft<'_>, id: ItemId, assignee: Option<UserId>) -> Decision {
    draft.may(&Act::Assign(id))?;
    let due = draft.item(id)?.assignment.due;
    assign(draft, id, assignee, due)
}

pub(super) fn set_due(draft: &mut Draft<'_>, id: ItemId, due: Option<Day>) -> Decision {
    draft.may(&Act::Assign(id))?;
    let assignee = draft.item(id)?.assignment.assignee.as_ref().map(|person| person.id);
    assign(draft, id, assignee, due)
}

/// Puts back what the actor's own event changed. What was undone already stays so; what anybody has changed since is
/// not touched. An agreement that the marking ended does not come back: whoever agreed can do so again.
pub(super) fn undo(draft: &mut Draft<'_>, event: &Event) -> Decision {
    let own = event.launch == draft.state.id && event.actor.id == draft.context.actor;
    let allowed = |own| if own { Ok(()) } else { Err(Refusal::Forbidden("Only who made a change undoes it.")) };
    match &event.change {
        Change::ItemMarked { item: id, old, new } => {
            draft.may(&Act::Mark(*id))?;
            allowed(own)?;
            draft.stage(draft.work_on(*id, Work::Prepare))?;
            let item = draft.item(*id)?;
            if item.standing == *old {
                return Ok(());
            }
            if item.standing != *new || item.marked != Some((event.actor.id, event.at)) {
                return Err(Refusal::Conflict(Conflict::StaleItem(*id)));
            }
            draft.push(Change::ItemMarked { item: *id, old: *new, new: *old })
        }
        Change::ItemAssigned { item: id, old, new } => {
            draft.may(&Act::Assign(*id))?;
            allowed(own)?;
            draft.stage(draft.work_on(*id, Work::Accompany))?;
            let item = draft.item(*id)?;
            if item.assignment == *old {
                return Ok(());
            }
            if item.assignment != *new {
                return Err(Refusal::Conflict(Conflict::StaleItem(*id)));
            }
            draft.push(Change::ItemAssigned { item: *id, old: new.clone(), new: old.clone() })
        }
        _ => Err(conflict("Only the marking and the assignment of items are undone.")),
    }
}

pub(super) fn comment(draft: &mut Draft<'_>, item: ItemId, comment: CommentId, body: NewText) -> Decision {
    draft.may(&Act::Comment(item))?;
    let made = draft.state.comments.get(&comment).map(|known| Made {
        item: known.item,
        by: known.by,
        gone: known
            .deleted_at
            .map(|_| "You sent this comment before and deleted it since. Send it again to write it anew."),
    });
    if draft.made_already(made, item)? {
        return Ok(());
    }
    draft.stage(draft.work_on(item, Work::Accompany))?;
    let body = draft.text(Field::Comment, comment.uuid(), body);
    draft.push(Change::CommentAdded { item, comment, body })
}

pub(super) fn edit_comment(draft: &mut Draft<'_>, id: CommentId, body: NewText) -> Decision {
    draft.may(&Act::EditComment(id))?;
    let (item, old) = draft.comment(id).map(|comment| (comment.item, comment.body))?;
    draft.stage(draft.work_on(item, Work::Accompany))?;
    let new = draft.text(Field::Comment, id.uuid(), body);
    if new == old { Ok(()) } else { draft.push(Change::CommentEdited { item, comment: id, old, new }) }
}

pub(super) fn delete_comment(draft: &mut Draft<'_>, id: CommentId) -> Decision {
    draft.may(&Act::EditComment(id))?;
    let item = draft.comment(id)?.item;
    draft.stage(draft.work_on(item, Work::Accompany))?;
    draft.push(Change::CommentDeleted { item, comment: id })
}

/// Hides a comment, or shows it again; it may be so already.
pub(super) fn hide_comment(draft: &mut Draft<'_>, id: CommentId, hide: bool) -> Decision {
    draft.may(&Act::HideComment(id))?;
    let comment = draft.comment(id)?;
    let item = comment.item;
    draft.stage(draft.work_on(item, Work::Accompany))?;
    match (comment.hidden.is_some(), hide) {
        (false, true) => draft.push(Change::CommentHidden { item, comment: id }),
        (true, false) => draft.push(Change::CommentShown { item, comment: id }),
        (true, true) | (false, false) => Ok(()),
    }
}
