//! Waivers: one person asks for a waiver, another approves it.

use super::{CommandResult, DecisionDraft, ItemContribution, conflict_refusal, invalid_field};
use crate::{
    domain::{
        ids::{ItemId, WaiverId},
        launch::{
            access::{Act, ActGroup},
            command::Refusal,
            event::{Change, ItemState},
            state::WaiverStatus,
            texts::{NewText, TextField},
        },
        time::Day,
    },
    texts,
};

pub(super) fn ask_waiver(
    draft: &mut DecisionDraft<'_>,
    id: ItemId,
    waiver: WaiverId,
    (reason, control): (NewText, NewText),
    expires_on: Day,
) -> CommandResult {
    draft.check_access(&Act::AskWaiver(id))?;
    let state = draft.state;
    let made = state.waivers.get(&waiver).map(|existing| ItemContribution {
        item: existing.item,
        by: existing.by,
        removal_message: match existing.status {
            WaiverStatus::Asked | WaiverStatus::Approved { .. }
                if existing.is_expired(state.zone(), draft.context.now) =>
            {
                Some(texts::waiver_is_over_since())
            }
            WaiverStatus::Asked | WaiverStatus::Approved { .. } => [existing.reason, existing.control]
                .iter()
                .any(|text| state.current.is_destroyed(text))
                .then(texts::waiver_was_redacted_since),
            WaiverStatus::Refused(_) => Some(texts::waiver_was_refused_since()),
            WaiverStatus::Revoked(_) => Some(texts::waiver_was_revoked_since()),
        },
    });
    if draft.is_already_made(made, id)? {
        return Ok(());
    }
    if expires_on.end(state.zone()) <= draft.context.now {
        return Err(invalid_field("expires_on", texts::day_is_over_already()));
    }
    draft.check_stage(draft.act_group_on(id, ActGroup::Prepare))?;
    let item = state.item(id).ok_or(Refusal::NotFound)?;
    match item.status.state {
        ItemState::Open | ItemState::Blocked => {}
        ItemState::Done | ItemState::NotApplicable => {
            return Err(conflict_refusal(texts::resolved_item_is_not_waived()));
        }
    }
    if state.has_waiver_pending_or_in_force(item, draft.context.now) {
        return Err(conflict_refusal(texts::item_has_a_waiver_already()));
    }
    let reason = draft.commit_text(TextField::WaiverReason, waiver.uuid(), reason);
    let control = draft.commit_text(TextField::WaiverControl, waiver.uuid(), control);
    draft.push_event(Change::WaiverAsked { item: id, waiver, reason, control, expires_on })
}

pub(super) fn decide_waiver(
    draft: &mut DecisionDraft<'_>,
    id: WaiverId,
    approve: bool,
    reason: Option<NewText>,
) -> CommandResult {
    draft.check_access(&Act::DecideWaiver(id))?;
    let waiver = draft.state.waivers.get(&id).ok_or(Refusal::NotFound)?;
    if !approve && reason.is_none() {
        return Err(invalid_field("reason", texts::say_why_you_refuse()));
    }
    let item = waiver.item;
    draft.check_stage(draft.act_group_on(item, ActGroup::Prepare))?;
    match waiver.status {
        WaiverStatus::Asked => {}
        WaiverStatus::Approved { .. } | WaiverStatus::Refused(_) | WaiverStatus::Revoked(_) => {
            return Err(conflict_refusal(texts::waiver_is_answered_already()));
        }
    }
    if approve && waiver.is_expired(draft.state.zone(), draft.context.now) {
        return Err(conflict_refusal(texts::last_day_of_waiver_is_over()));
    }
    match (approve, draft.commit_optional_text(TextField::WaiverDecision, id.uuid(), reason)) {
        (true, reason) => draft.push_event(Change::WaiverApproved { item, waiver: id, reason }),
        (false, Some(reason)) => draft.push_event(Change::WaiverRefused { item, waiver: id, reason }),
        (false, None) => Err(invalid_field("reason", texts::say_why_you_refuse())),
    }
}

pub(super) fn revoke_waiver(draft: &mut DecisionDraft<'_>, id: WaiverId, reason: NewText) -> CommandResult {
    draft.check_access(&Act::RevokeWaiver(id))?;
    let waiver = draft.state.waivers.get(&id).ok_or(Refusal::NotFound)?;
    draft.check_stage(draft.act_group_on(waiver.item, ActGroup::WithdrawSupport))?;
    if !waiver.is_approved() {
        return Err(conflict_refusal(texts::only_approved_waiver_is_revoked()));
    }
    let reason = draft.commit_text(TextField::WaiverDecision, id.uuid(), reason);
    draft.push_event(Change::WaiverRevoked { item: waiver.item, waiver: id, reason })
}
