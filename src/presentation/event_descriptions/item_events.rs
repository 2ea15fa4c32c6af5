//! Describes events of items, evidence, waivers and signatures.

use super::{DescriptionLink, EventDescription, text};
use crate::{
    domain::{
        ids::{EvidenceId, SignatureId, WaiverId},
        launch::{
            event::{
                Assignment, EvidenceContent, ItemState, PersonRef, SignatureMeaning, SignatureRecord, StateWithReason,
            },
            state::LaunchState,
        },
        text::isolate_direction as isolate,
    },
    presentation::{formatting, renewals},
    web::byte_size::format_bytes,
};

pub(super) fn describe_marking(state: &LaunchState, old: &StateWithReason, new: &StateWithReason) -> EventDescription {
    let state_word = |state: ItemState| Some(state.label().to_owned());
    if old.state == new.state {
        return EventDescription::verb(format!("gave another reason for “{}”", new.state.label())).optional_text(
            "",
            text(state, old.reason.as_ref()),
            text(state, new.reason.as_ref()),
        );
    }
    EventDescription::verb("marked")
        .with_value_change("", state_word(old.state), state_word(new.state))
        .optional_text("Reason before", text(state, old.reason.as_ref()), None)
        .with_reason(state, new.reason.as_ref())
}

pub(super) fn describe_assignment(old: &Assignment, new: &Assignment) -> (EventDescription, &'static str) {
    let name = |person: &Option<PersonRef>| person.as_ref().map(|person| person.name.to_string());
    let id = |person: &Option<PersonRef>| person.as_ref().map(|person| person.id);
    let (old_due, new_due) = (old.due.map(formatting::format_day), new.due.map(formatting::format_day));
    match &new.assignee {
        _ if id(&old.assignee) == id(&new.assignee) => {
            (EventDescription::verb("set the due day").with_value_change("", old_due, new_due), "of")
        }
        Some(person) => {
            let words = EventDescription {
                tail: format!("to {}", isolate(&person.name)),
                ..EventDescription::verb("assigned")
            };
            let words = words.optional_text("Assignee before", name(&old.assignee), None);
            (words.with_value_change("Due", old_due, new_due), "")
        }
        None => {
            let words = EventDescription::verb("unassigned").optional_text("", name(&old.assignee), None);
            (words.with_value_change("Due", old_due, new_due), "")
        }
    }
}

/// The name of a piece of evidence, with the address of its file.
pub(super) fn evidence_link(state: &LaunchState, id: EvidenceId, content: &EvidenceContent) -> DescriptionLink {
    match content {
        EvidenceContent::File { name, .. } => {
            let redacted = state.evidence.get(&id).is_some_and(|evidence| evidence.redacted.is_some());
            let href = if redacted { String::new() } else { format!("/evidence/{id}/file") };
            DescriptionLink { text: state.text(name).to_owned(), href }
        }
        EvidenceContent::Link { url } => DescriptionLink { text: state.text(url).to_owned(), href: String::new() },
        EvidenceContent::Note { .. } => DescriptionLink { text: "a note".to_owned(), href: String::new() },
    }
}

pub(super) fn describe_attachment(state: &LaunchState, id: EvidenceId, content: &EvidenceContent) -> EventDescription {
    let words =
        EventDescription { thing: Some(evidence_link(state, id, content)), ..EventDescription::verb("attached") };
    match content {
        EvidenceContent::File { sha256, size, .. } => {
            EventDescription { detail: format_bytes(*size), sha256: Some(*sha256), ..words }
        }
        EvidenceContent::Link { .. } => words,
        EvidenceContent::Note { body } => words.with_reason(state, Some(body)),
    }
}

pub(super) fn describe_waiver_decision(state: &LaunchState, verb: &str, id: WaiverId) -> EventDescription {
    EventDescription::verb(match state.waivers.get(&id) {
        Some(waiver) => format!(
            "{verb} the waiver that {} asked for, until {},",
            isolate(state.person_name(waiver.by)),
            formatting::format_day(waiver.expires_on)
        ),
        None => format!("{verb} a waiver"),
    })
}

pub(super) fn describe_signature(state: &LaunchState, record: &SignatureRecord) -> EventDescription {
    let meaning = match record.meaning {
        SignatureMeaning::Approval => "approval",
        SignatureMeaning::Review => "review",
        SignatureMeaning::Responsibility => "responsibility",
    };
    let signer = |id: SignatureId| state.signature(id).map(|signature| signature.record.signer.name.to_string());
    EventDescription {
        vote: Some(record.verdict),
        tail: format!("as {}", isolate(&record.role_title)),
        ..EventDescription::verb("signed")
    }
    .with_value_change("Meaning", None, Some(meaning.to_owned()))
    .with_value_change(
        "Lifts the objection of",
        None,
        record.lifts.map(|id| signer(id).unwrap_or_else(|| "someone".to_owned())),
    )
    .with_value_change(
        "Note",
        None,
        Some(renewals::describe_renewals(&record.renewed)).filter(|marks| !marks.is_empty()),
    )
    .with_reason(state, record.comment.as_ref())
}
