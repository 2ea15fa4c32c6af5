//! What happened to items, evidence, waivers and signatures.

use super::{EventInWords, Link, text};
use crate::{
    domain::{
        ids::{EvidenceId, SignatureId, WaiverId},
        launch::{
            event::{Assignment, EvidenceContent, ItemState, Meaning, PersonRef, SignatureRecord, Standing},
            state::LaunchState,
        },
        text::isolate_direction as isolate,
    },
    launch_page::{way_in, words},
    web::page::bytes,
};

pub(super) fn marked(state: &LaunchState, old: &Standing, new: &Standing) -> EventInWords {
    let state_word = |state: ItemState| Some(state.word().to_owned());
    if old.state == new.state {
        return EventInWords::verb(format!("gave another reason for “{}”", new.state.word())).text(
            "",
            text(state, old.reason.as_ref()),
            text(state, new.reason.as_ref()),
        );
    }
    EventInWords::verb("marked")
        .value("", state_word(old.state), state_word(new.state))
        .text("Reason before", text(state, old.reason.as_ref()), None)
        .because(state, new.reason.as_ref())
}

pub(super) fn assigned(old: &Assignment, new: &Assignment) -> (EventInWords, &'static str) {
    let name = |person: &Option<PersonRef>| person.as_ref().map(|person| person.name.to_string());
    let id = |person: &Option<PersonRef>| person.as_ref().map(|person| person.id);
    let (old_due, new_due) = (old.due.map(words::day), new.due.map(words::day));
    match &new.assignee {
        _ if id(&old.assignee) == id(&new.assignee) => {
            (EventInWords::verb("set the due day").value("", old_due, new_due), "of")
        }
        Some(person) => {
            let words =
                EventInWords { tail: format!("to {}", isolate(&person.name)), ..EventInWords::verb("assigned") };
            let words = words.text("Assignee before", name(&old.assignee), None);
            (words.value("Due", old_due, new_due), "")
        }
        None => {
            let words = EventInWords::verb("unassigned").text("", name(&old.assignee), None);
            (words.value("Due", old_due, new_due), "")
        }
    }
}

/// How a piece of evidence is named, with where it can be had.
pub(super) fn thing(state: &LaunchState, id: EvidenceId, content: &EvidenceContent) -> Link {
    match content {
        EvidenceContent::File { name, .. } => {
            let redacted = state.evidence.get(&id).is_some_and(|evidence| evidence.redacted.is_some());
            let href = if redacted { String::new() } else { format!("/evidence/{id}/file") };
            Link { text: state.text(name).to_owned(), href }
        }
        EvidenceContent::Link { url } => Link { text: state.text(url).to_owned(), href: String::new() },
        EvidenceContent::Note { .. } => Link { text: "a note".to_owned(), href: String::new() },
    }
}

pub(super) fn attached(state: &LaunchState, id: EvidenceId, content: &EvidenceContent) -> EventInWords {
    let words = EventInWords { thing: Some(thing(state, id, content)), ..EventInWords::verb("attached") };
    match content {
        EvidenceContent::File { sha256, size, .. } => {
            EventInWords { detail: bytes(*size), sha256: Some(*sha256), ..words }
        }
        EvidenceContent::Link { .. } => words,
        EvidenceContent::Note { body } => words.because(state, Some(body)),
    }
}

pub(super) fn waiver_decided(state: &LaunchState, verb: &str, id: WaiverId) -> EventInWords {
    EventInWords::verb(match state.waivers.get(&id) {
        Some(waiver) => format!(
            "{verb} the waiver that {} asked for, until {},",
            isolate(state.person(waiver.by)),
            words::day(waiver.expires_on)
        ),
        None => format!("{verb} a waiver"),
    })
}

pub(super) fn signed(state: &LaunchState, record: &SignatureRecord) -> EventInWords {
    let meaning = match record.meaning {
        Meaning::Approval => "approval",
        Meaning::Review => "review",
        Meaning::Responsibility => "responsibility",
    };
    let signer = |id: SignatureId| state.signature(id).map(|signature| signature.record.signer.name.to_string());
    EventInWords {
        said: Some(record.verdict),
        tail: format!("as {}", isolate(&record.role_title)),
        ..EventInWords::verb("signed")
    }
    .value("Meaning", None, Some(meaning.to_owned()))
    .value("Lifts the objection of", None, record.lifts.map(|id| signer(id).unwrap_or_else(|| "someone".to_owned())))
    .value("Note", None, Some(way_in::marks(&record.renewed)).filter(|marks| !marks.is_empty()))
    .because(state, record.comment.as_ref())
}
