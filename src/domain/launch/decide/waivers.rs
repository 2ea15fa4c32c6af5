//! Waivers: asked for by one person, approved by another.

use super::{Decision, Draft, Made, conflict, invalid};
use crate::domain::{
    ids::{ItemId, WaiverId},
    launch::{
        access::{Act, Work},
        command::Refusal,
        event::{Change, ItemState},
        state::WaiverStatus,
        texts::{Field, NewText},
    },
    time::Day,
};

pub(super) fn ask(
    draft: &mut Draft<'_>,
    id: ItemId,
    waiver: WaiverId,
    (reason, control): (NewText, NewText),
    expires_on: Day,
) -> Decision {
    draft.may(&Act::AskWaiver(id))?;
    let state = draft.state;
    let made = state.waivers.get(&waiver).map(|known| Made {
        item: known.item,
        by: known.by,
        gone: match known.status {
            WaiverStatus::Asked | WaiverStatus::Approved { .. } => None,
            WaiverStatus::Refused(_) => {
                Some("You sent this form before, and the waiver was refused since. Send it again to ask anew.")
            }
            WaiverStatus::Revoked(_) => {
                Some("You sent this form before, and the waiver was revoked since. Send it again to ask anew.")
            }
        },
    });
    if draft.made_already(made, id)? {
        return Ok(());
    }
    if expires_on.end(state.zone()) <= draft.context.now {
        return Err(invalid("expires_on", "This day is over already."));
    }
    draft.stage(draft.work_on(id, Work::Prepare))?;
    let item = state.item(id).ok_or(Refusal::NotFound)?;
    match item.standing.state {
        ItemState::Open | ItemState::Blocked => {}
        ItemState::Done | ItemState::NotApplicable => {
            return Err(conflict("This item is resolved; only an open or blocked one can be waived."));
        }
    }
    if state.has_waiver_pending_or_in_force(item, draft.context.now) {
        return Err(conflict("A waiver of this item is asked for or in force already."));
    }
    let reason = draft.text(Field::WaiverReason, waiver.uuid(), reason);
    let control = draft.text(Field::WaiverControl, waiver.uuid(), control);
    draft.push(Change::WaiverAsked { item: id, waiver, reason, control, expires_on })
}

pub(super) fn decide(draft: &mut Draft<'_>, id: WaiverId, approve: bool, reason: Option<NewText>) -> Decision {
    draft.may(&Act::DecideWaiver(id))?;
    let waiver = draft.state.waivers.get(&id).ok_or(Refusal::NotFound)?;
    if !approve && reason.is_none() {
        return Err(invalid("reason", "Say why you refuse."));
    }
    let item = waiver.item;
    draft.stage(draft.work_on(item, Work::Prepare))?;
    match waiver.status {
        WaiverStatus::Asked => {}
        WaiverStatus::Approved { .. } | WaiverStatus::Refused(_) | WaiverStatus::Revoked(_) => {
            return Err(conflict("This waiver was answered already."));
        }
    }
    if approve && waiver.expired(draft.state.zone(), draft.context.now) {
        return Err(conflict("This waiver's last day is over; a new one has to be asked for."));
    }
    match (approve, draft.optional(Field::WaiverDecision, id.uuid(), reason)) {
        (true, reason) => draft.push(Change::WaiverApproved { item, waiver: id, reason }),
        (false, Some(reason)) => draft.push(Change::WaiverRefused { item, waiver: id, reason }),
        (false, None) => Err(invalid("reason", "Say why you refuse.")),
    }
}

pub(super) fn revoke(draft: &mut Draft<'_>, id: WaiverId, reason: NewText) -> Decision {
    draft.may(&Act::RevokeWaiver(id))?;
    let waiver = draft.state.waivers.get(&id).ok_or(Refusal::NotFound)?;
    draft.stage(draft.work_on(waiver.item, Work::Object))?;
    if !waiver.is_approved() {
        return Err(conflict("Only an approved waiver can be revoked."));
    }
    let reason = draft.text(Field::WaiverDecision, id.uuid(), reason);
    draft.push(Change::WaiverRevoked { item: waiver.item, waiver: id, reason })
}
