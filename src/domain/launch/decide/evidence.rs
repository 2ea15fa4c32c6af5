//! Evidence: attaching, withdrawing, and asking for more.

use super::{Decision, Draft, Made, conflict, invalid};
use crate::domain::{
    ids::{EvidenceId, EvidenceRequestId, ItemId},
    launch::{
        access::{Act, Work},
        command::{NewEvidence, Refusal},
        event::{Change, EvidenceContent},
        texts::{Field, NewText},
    },
    time::Day,
};

/// The sentence for evidence that a form has attached before, and that was withdrawn since.
pub const WITHDRAWN_SINCE: &str =
    "You sent this form before, and what it attached was withdrawn since. Send it again to attach it anew.";

/// The evidence that has an id already.
fn made(draft: &Draft<'_>, id: EvidenceId) -> Option<Made> {
    let known = draft.state.evidence.get(&id)?;
    Some(Made { item: known.item, by: known.by, gone: known.withdrawn.map(|_| WITHDRAWN_SINCE) })
}

/// Attaches evidence. Without a day on which the fact was observed, that is today in the launch's zone.
pub(super) fn attach(
    draft: &mut Draft<'_>,
    item: ItemId,
    evidence: EvidenceId,
    content: NewEvidence,
    (observed_on, valid_until): (Option<Day>, Option<Day>),
) -> Decision {
    draft.may(&Act::Attach(item))?;
    if draft.made_already(made(draft, evidence), item)? {
        return Ok(());
    }
    let observed_on = observed_on.unwrap_or_else(|| today(draft));
    check_days(draft, observed_on, valid_until)?;
    draft.stage(draft.work_on(item, Work::Prepare))?;
    // A link's or note's place is the item, not the evidence: attached again after a withdrawal, it is the same
    // to the digest, as the same file is.
    let content = match content {
        NewEvidence::File { name, sha256, size, media_type } => {
            let name = draft.text(Field::FileName, item.uuid(), name);
            EvidenceContent::File { name, sha256, size, media_type }
        }
        NewEvidence::Link(url) => EvidenceContent::Link { url: draft.text(Field::Link, item.uuid(), url) },
        NewEvidence::Note(body) => EvidenceContent::Note { body: draft.text(Field::EvidenceNote, item.uuid(), body) },
    };
    draft.push(Change::EvidenceAttached { item, evidence, content, observed_on, valid_until, source: None })
}

/// Attaches what another item of the launch has. Its texts are the very same, by their commitments: forgotten in one
/// place, they are forgotten in both. Withdrawing one of the two leaves the other.
pub(super) fn use_again(
    draft: &mut Draft<'_>,
    item: ItemId,
    evidence: EvidenceId,
    source: EvidenceId,
    (observed_on, valid_until): (Option<Day>, Option<Day>),
) -> Decision {
    draft.may(&Act::Attach(item))?;
    if draft.made_already(made(draft, evidence), item)? {
        return Ok(());
    }
    let state = draft.state;
    let other = state.evidence.get(&source).ok_or(Refusal::NotFound)?;
    let observed_on = observed_on.unwrap_or(other.observed_on);
    let valid_until = valid_until.or(other.valid_until);
    check_days(draft, observed_on, valid_until)?;
    draft.stage(draft.work_on(item, Work::Prepare))?;
    if other.withdrawn.is_some() {
        return Err(conflict("That evidence was withdrawn, so it can't be used again."));
    }
    if other.redacted.is_some() {
        return Err(conflict("That file was redacted, so it can't be used again."));
    }
    // What is used again is the content, so it is the same whichever of its uses was chosen.
    let origin = other.origin();
    if state.uses_of(origin).any(|known| known.item == item) {
        return Err(conflict("That evidence is on this item already."));
    }
    let content = other.content.clone();
    draft.push(Change::EvidenceAttached { item, evidence, content, observed_on, valid_until, source: Some(origin) })
}

fn today(draft: &Draft<'_>) -> Day {
    Day::of(draft.context.now, draft.state.zone())
}

/// Evidence is of something that was seen, and holds from then on.
fn check_days(draft: &Draft<'_>, observed_on: Day, valid_until: Option<Day>) -> Decision {
    if observed_on > today(draft) {
        return Err(invalid("observed_on", "This day is still to come; evidence is of something that was seen."));
    }
    if valid_until.is_some_and(|until| until < observed_on) {
        return Err(invalid("valid_until", "This is before the day it was observed."));
    }
    Ok(())
}

pub(super) fn withdraw(draft: &mut Draft<'_>, id: EvidenceId, reason: NewText) -> Decision {
    draft.may(&Act::WithdrawEvidence(id))?;
    let evidence = draft.state.evidence.get(&id).ok_or(Refusal::NotFound)?;
    draft.stage(draft.work_on(evidence.item, Work::Object))?;
    if evidence.withdrawn.is_some() {
        return Err(conflict("This evidence was withdrawn already."));
    }
    let reason = draft.text(Field::EvidenceWithdrawal, id.uuid(), reason);
    draft.push(Change::EvidenceWithdrawn { item: evidence.item, evidence: id, reason })
}

pub(super) fn request(draft: &mut Draft<'_>, item: ItemId, id: EvidenceRequestId, text: NewText) -> Decision {
    draft.may(&Act::RequestEvidence(item))?;
    let made = draft.state.requests.get(&id).map(|known| Made { item: known.item, by: known.by, gone: None });
    if draft.made_already(made, item)? {
        return Ok(());
    }
    draft.stage(draft.work_on(item, Work::Accompany))?;
    let text = draft.text(Field::EvidenceRequest, id.uuid(), text);
    draft.push(Change::EvidenceRequested { item, evidence_request: id, text })
}

pub(super) fn answer(draft: &mut Draft<'_>, id: EvidenceRequestId, text: NewText) -> Decision {
    draft.may(&Act::AnswerRequest(id))?;
    let request = draft.state.requests.get(&id).ok_or(Refusal::NotFound)?;
    draft.stage(draft.work_on(request.item, Work::Accompany))?;
    if request.answer.is_some() {
        return Err(conflict("This request was answered already."));
    }
    let text = draft.text(Field::EvidenceRequest, id.uuid(), text);
    draft.push(Change::EvidenceRequestAnswered { item: request.item, evidence_request: id, text })
}
