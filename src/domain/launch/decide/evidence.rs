//! Evidence: attaching, withdrawing, and asking for more.

use std::borrow::Cow;

use super::{CommandResult, DecisionDraft, ItemContribution, conflict_refusal, invalid_field};
use crate::{
    domain::{
        ids::{EvidenceId, EvidenceRequestId, ItemId},
        launch::{
            access::{Act, ActGroup},
            command::{NewEvidence, Refusal},
            event::{Change, EvidenceContent},
            state::{Evidence, LaunchState},
            texts::{NewText, TextField},
        },
        time::Day,
    },
    texts,
};

fn find_existing_evidence(draft: &DecisionDraft<'_>, id: EvidenceId) -> Option<ItemContribution> {
    let existing = draft.state.evidence.get(&id)?;
    Some(ItemContribution {
        item: existing.item,
        by: existing.by,
        removal_message: why_evidence_is_gone(draft.state, existing),
    })
}

/// Why evidence is no longer there as its form attached it; `None` while it is.
#[must_use]
pub fn why_evidence_is_gone(state: &LaunchState, evidence: &Evidence) -> Option<Cow<'static, str>> {
    let (EvidenceContent::File { name: text, .. }
    | EvidenceContent::Link { url: text }
    | EvidenceContent::Note { body: text }) = &evidence.content;
    if evidence.withdrawn.is_some() {
        Some(texts::evidence_was_withdrawn_since())
    } else if evidence.redacted.is_some() || state.current.is_destroyed(text) {
        Some(texts::evidence_was_redacted_since())
    } else {
        None
    }
}

/// Attaches evidence. The default of the observation day is today in the launch's zone.
pub(super) fn attach_evidence(
    draft: &mut DecisionDraft<'_>,
    item: ItemId,
    evidence: EvidenceId,
    content: NewEvidence,
    (observed_on, valid_until): (Option<Day>, Option<Day>),
) -> CommandResult {
    draft.check_access(&Act::Attach(item))?;
    if draft.is_already_made(find_existing_evidence(draft, evidence), item)? {
        return Ok(());
    }
    let observed_on = observed_on.unwrap_or_else(|| today(draft));
    check_evidence_days(draft, observed_on, valid_until)?;
    draft.check_stage(draft.act_group_on(item, ActGroup::Prepare))?;
    // A link or note is located at the item, not at the evidence. So if it is attached again after a withdrawal, the
    // digest is the same, as it is for a file.
    let content = match content {
        NewEvidence::File { name, sha256, size, media_type } => {
            let name = draft.commit_text(TextField::FileName, item.uuid(), name);
            EvidenceContent::File { name, sha256, size, media_type }
        }
        NewEvidence::Link(url) => EvidenceContent::Link { url: draft.commit_text(TextField::Link, item.uuid(), url) },
        NewEvidence::Note(body) => {
            EvidenceContent::Note { body: draft.commit_text(TextField::EvidenceNote, item.uuid(), body) }
        }
    };
    draft.push_event(Change::EvidenceAttached { item, evidence, content, observed_on, valid_until, source: None })
}

/// Attaches evidence of another item of the launch. Both share the commitments of their texts, so a redaction affects
/// both. A withdrawal affects only one of them.
pub(super) fn reuse_evidence(
    draft: &mut DecisionDraft<'_>,
    item: ItemId,
    evidence: EvidenceId,
    source: EvidenceId,
    (observed_on, valid_until): (Option<Day>, Option<Day>),
) -> CommandResult {
    draft.check_access(&Act::Attach(item))?;
    if draft.is_already_made(find_existing_evidence(draft, evidence), item)? {
        return Ok(());
    }
    let state = draft.state;
    let other = state.evidence.get(&source).ok_or(Refusal::NotFound)?;
    let observed_on = observed_on.unwrap_or(other.observed_on);
    let valid_until = valid_until.or(other.valid_until);
    check_evidence_days(draft, observed_on, valid_until)?;
    draft.check_stage(draft.act_group_on(item, ActGroup::Prepare))?;
    if other.withdrawn.is_some() {
        return Err(conflict_refusal(texts::withdrawn_evidence_is_not_reused()));
    }
    if other.redacted.is_some() {
        return Err(conflict_refusal(texts::redacted_file_is_not_reused()));
    }
    // What is reused is the content, so the source is the original, whichever of its uses was chosen.
    let origin = other.origin_id();
    if state.uses_of(origin).any(|other| other.item == item) {
        return Err(conflict_refusal(texts::evidence_is_on_item_already()));
    }
    let content = other.content.clone();
    draft.push_event(Change::EvidenceAttached {
        item,
        evidence,
        content,
        observed_on,
        valid_until,
        source: Some(origin),
    })
}

fn today(draft: &DecisionDraft<'_>) -> Day {
    Day::from_moment(draft.context.now, draft.state.zone())
}

/// Evidence describes an observation in the past, and is valid from then on.
fn check_evidence_days(draft: &DecisionDraft<'_>, observed_on: Day, valid_until: Option<Day>) -> CommandResult {
    if observed_on > today(draft) {
        return Err(invalid_field("observed_on", texts::observation_is_still_to_come()));
    }
    if valid_until.is_some_and(|until| until < observed_on) {
        return Err(invalid_field("valid_until", texts::valid_until_is_before_observation()));
    }
    Ok(())
}

pub(super) fn withdraw_evidence(draft: &mut DecisionDraft<'_>, id: EvidenceId, reason: NewText) -> CommandResult {
    draft.check_access(&Act::WithdrawEvidence(id))?;
    let evidence = draft.state.evidence.get(&id).ok_or(Refusal::NotFound)?;
    draft.check_stage(draft.act_group_on(evidence.item, ActGroup::WithdrawSupport))?;
    if evidence.withdrawn.is_some() {
        return Err(conflict_refusal(texts::evidence_is_withdrawn_already()));
    }
    let reason = draft.commit_text(TextField::EvidenceWithdrawal, id.uuid(), reason);
    draft.push_event(Change::EvidenceWithdrawn { item: evidence.item, evidence: id, reason })
}

pub(super) fn request_evidence(
    draft: &mut DecisionDraft<'_>,
    item: ItemId,
    id: EvidenceRequestId,
    text: NewText,
) -> CommandResult {
    draft.check_access(&Act::RequestEvidence(item))?;
    let made = draft.state.evidence_requests.get(&id).map(|existing| ItemContribution {
        item: existing.item,
        by: existing.by,
        removal_message: if existing.answer.is_some() {
            Some(texts::request_was_answered_since())
        } else if draft.state.current.is_destroyed(&existing.text) {
            Some(texts::request_was_redacted_since())
        } else {
            None
        },
    });
    if draft.is_already_made(made, item)? {
        return Ok(());
    }
    draft.check_stage(draft.act_group_on(item, ActGroup::Collaborate))?;
    // Histories from before this rule repeat requests.
    if !draft.is_replay && draft.state.find_open_request(item, &text.value).is_some() {
        return Ok(());
    }
    let text = draft.commit_text(TextField::EvidenceRequest, id.uuid(), text);
    draft.push_event(Change::EvidenceRequested { item, evidence_request: id, text })
}

pub(super) fn answer_request(draft: &mut DecisionDraft<'_>, id: EvidenceRequestId, text: NewText) -> CommandResult {
    draft.check_access(&Act::AnswerRequest(id))?;
    let request = draft.state.evidence_requests.get(&id).ok_or(Refusal::NotFound)?;
    draft.check_stage(draft.act_group_on(request.item, ActGroup::Collaborate))?;
    if request.answer.is_some() {
        return Err(conflict_refusal(texts::request_is_answered_already()));
    }
    let text = draft.commit_text(TextField::EvidenceRequest, id.uuid(), text);
    draft.push_event(Change::EvidenceRequestAnswered { item: request.item, evidence_request: id, text })
}
