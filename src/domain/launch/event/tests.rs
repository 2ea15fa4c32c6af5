//! A kind once written can be read for ever: a stored event of each stands in `tests/fixtures/events`, byte for byte.
//!
//! The files are never edited. A kind that gains a field keeps the file it has, which proves that what was written
//! without the field is still read (and, since it is written back as it was, that the field is left out where it is
//! not there), and gets another beside it, `<kind>.<what is new>.json`.

use std::{collections::BTreeMap, fs, path::PathBuf};

use strum::VariantNames;

use super::*;
use crate::domain::{
    launch::{
        command::{Command, NewEvidence, NewSignature},
        event::{
            ItemState::{Done, NotApplicable, Open},
            Vote::{Go, NoGo},
        },
        fixture::*,
        redaction::redact,
        texts::NewText,
    },
    readiness::{AdvisoryLack, ConditionKind, SignatureLack, WaiverTrouble},
};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/events")
}

/// The stored events by their files' names.
fn stored() -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap())).collect()
}

#[test]
fn every_stored_event_is_read_and_written_back_byte_for_byte() {
    for (name, bytes) in stored() {
        let event = Event::read(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(String::from_utf8(event.bytes()), String::from_utf8(bytes), "{name}");
        let kind = name.split('.').next();
        assert_eq!(kind, Some(event.change.kind()), "{name} is named for its kind");
    }
}

#[test]
fn every_kind_has_a_stored_event() {
    let stored = stored();
    for kind in Change::VARIANTS {
        let name = format!("{kind}.json");
        assert!(stored.contains_key(&name), "{name} is missing; as written now it would be:\n{}", written_now(kind));
    }
}

/// The last event of a kind in a long story.
fn written_now(kind: &str) -> String {
    let events = story().events;
    let event = events.iter().rev().find(|event| event.change.kind() == kind);
    event.map_or_else(|| "not in the story".to_owned(), |event| String::from_utf8(event.bytes()).unwrap())
}

#[test]
fn the_story_tells_every_kind_and_each_event_is_read_back_as_it_was() {
    let story = story();
    for kind in Change::VARIANTS {
        assert!(story.events.iter().any(|event| event.change.kind() == *kind), "{kind}");
    }
    for event in &story.events {
        assert_eq!(Event::read(&event.bytes()).as_ref().ok(), Some(event));
        let json: serde_json::Value = serde_json::from_slice(&event.bytes()).unwrap();
        assert_eq!(json["kind"], event.change.kind());
        assert_eq!(json["v"], 1);
        let item = json["data"]["item"].as_str().map(|item| item.parse().unwrap());
        assert_eq!(event.change.item(), item, "{}", event.change.kind());
    }
    assert_eq!(story.replay(story.events.len()), story.state);
}

/// Every hash in an event that is not known to be something else is a commitment, and told as one.
#[test]
fn every_commitment_is_told() {
    fn hashes(name: &str, value: &serde_json::Value, found: &mut Vec<String>) {
        use serde_json::Value;
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| hashes(name, value, found)),
            Value::Array(parts) => parts.iter().for_each(|part| hashes(name, part, found)),
            Value::String(text) => {
                let other = ["sha256", "digest", "checklist_hash", "commitment"].contains(&name);
                if !other && text.parse::<Sha256Hash>().is_ok() {
                    found.push(text.clone());
                }
            }
            _ => {}
        }
    }
    let stored: Vec<Event> = stored().values().map(|bytes| Event::read(bytes).unwrap()).collect();
    for event in story().events.iter().chain(&stored) {
        let mut found = Vec::new();
        hashes("", &serde_json::to_value(event).unwrap(), &mut found);
        let mut told: Vec<String> = event.change.commitments().iter().map(ToString::to_string).collect();
        found.sort();
        told.sort();
        assert_eq!(told, found, "{}", event.change.kind());
    }
}

/// Who writes a verifier from the page knows every kind; so does the one that was written from it.
#[test]
fn every_kind_is_in_the_documentation_of_the_format() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/audit-format.md")).unwrap();
    let verifier = fs::read_to_string(root.join("tests/verifier/verify.py")).unwrap();
    for kind in Change::VARIANTS {
        assert!(page.contains(&format!("`{kind}`")), "{kind} is not in docs/audit-format.md");
        assert!(verifier.contains(&format!("\"{kind}\"")), "{kind} is not in tests/verifier/verify.py");
    }
}

#[test]
fn every_reason_and_condition_is_read_back_as_it_was() {
    let (item, waiver, signature) = (ItemId(uuid(1)), WaiverId(uuid(2)), SignatureId(uuid(3)));
    let mut reasons = vec![
        Reason::Items { item, state: ItemState::Open, waiver: None },
        Reason::Evidence { item, lapsed_on: None },
        Reason::Evidence { item, lapsed_on: Some(day("2026-11-05")) },
        Reason::Justification { item, refused: true },
        Reason::Signatures { role: role(LEGAL), lack: SignatureLack::NotSigned, signature: None },
        Reason::Objection { role: role(LEGAL), signature },
        Reason::Window { since: moment("2026-12-08T14:00:00Z") },
    ];
    use WaiverTrouble::{Asked, Expired, Refused, Revoked};
    reasons.extend([Asked, Refused, Revoked, Expired].map(|trouble| Reason::Items {
        item,
        state: ItemState::Blocked,
        waiver: Some((waiver, trouble)),
    }));
    use SignatureLack::{NotHolder, Objects, Stale, Withdrawn};
    reasons.extend([NotHolder, Objects, Stale, Withdrawn].map(|lack| Reason::Signatures {
        role: role(LEGAL),
        lack,
        signature: Some(signature),
    }));
    let kinds = [
        ConditionKind::Waiver { waiver, expires_on: day("2026-12-31") },
        ConditionKind::Advisory { lack: AdvisoryLack::Open },
        ConditionKind::Advisory { lack: AdvisoryLack::Blocked },
        ConditionKind::Advisory { lack: AdvisoryLack::NoEvidence },
    ];
    let conditions = kinds.map(|kind| Condition { id: ConditionId("x".to_owned()), item, owner: Some(ANA), kind });
    for verdict in [Verdict::Go, Verdict::ConditionalGo, Verdict::NoGo] {
        let found = Finding { verdict, reasons: reasons.clone(), conditions: conditions.to_vec() };
        assert_eq!(canonical::read::<Finding>(&canonical::bytes(&found)).unwrap(), found);
    }
}

fn uuid(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(n)
}

/// A launch to which everything happens that can.
fn story() -> World {
    let mut w = World::of(checklist::small(), false);
    let item = w.item("critical-tech");
    people(&mut w);
    w.does(ANA, w.mark("critical-tech", NotApplicable));
    w.does(TECH, w.agree("critical-tech", false));
    w.does(TECH, w.agree("critical-tech", true));
    w.does(ANA, Command::Assign { item, assignee: Some(BEN), due: Some(day("2026-11-20")) });
    w.does(ANA, w.comment("critical-tech"));
    let comment = w.state.item(item).unwrap().comments[0];
    w.does(ANA, Command::EditComment { comment, body: w.text("a second thought") });
    let mut hidden = w.clone();
    w.does(ANA, Command::DeleteComment { comment });
    let request = w.id();
    w.does(AUDITOR, Command::RequestEvidence { item, request, text: w.text("show me") });
    w.does(ANA, Command::AnswerRequest { request, text: w.text("there") });
    evidence_and_waivers(&mut w);
    w.does(OWNER, Command::AskSignatures);
    w.does(TECH, w.sign(TECH_LEAD, NoGo));
    w.does(TECH2, w.lift(TECH_LEAD, w.newest_signature()));
    w.does(TECH2, w.withdraw_signature(w.newest_signature()));
    w.does(SEC, w.sign(SECURITY, Go));
    let seen: Option<NewText> = Some(w.text("well done"));
    let new = NewSignature { comment: seen, meaning: Meaning::Responsibility, ..w.signature(TECH_LEAD, Go) };
    w.does(TECH, Command::Sign(Box::new(new)));
    w.does(OWNER, Command::Hold { reason: w.text("the weather") });
    w.does(OWNER, Command::Resume { reason: Some(w.text("it cleared")) });
    w.does(OWNER, w.declare_go());
    let mut cancelled = w.clone();
    w.does(OWNER, Command::Reopen { reason: w.text("one more thing") });
    w.does(OWNER, w.declare_go());
    w.does(OWNER, Command::Launch { at: None, past: None });
    w.does(ANA, w.mark("after-critical-any", Done));
    w.does(OWNER, w.close());
    // A launch can't be both closed and cancelled: the last event is of one that took another way at its end.
    cancelled.does(OWNER, Command::Cancel { reason: cancelled.text("no budget") });
    let mut last = cancelled.events.pop().unwrap();
    last.seq = w.state.seq + 1;
    w.state.apply(&last).unwrap();
    w.events.push(last);
    w.texts.extend(cancelled.texts.pop());
    redacted(&mut w);
    // Kinds that came later are told at the end, so that the files of the earlier ones stay as they are.
    hidden.does(OWNER, Command::HideComment { comment });
    hidden.does(OWNER, Command::ShowComment { comment });
    for mut event in hidden.events.split_off(hidden.events.len() - 2) {
        event.seq = w.state.seq + 1;
        w.state.apply(&event).unwrap();
        w.events.push(event);
    }
    w.texts.iter().for_each(|text| w.state.texts.insert(text.clone()));
    w
}

/// Nobody in the launch does this: a file of it is destroyed.
fn redacted(w: &mut World) {
    let file = w.state.evidence.values().find_map(|evidence| match evidence.content {
        EvidenceContent::File { sha256, .. } => Some(Redaction::File { sha256 }),
        _ => None,
    });
    let actor = w.events[0].actor.clone();
    let (event, text) =
        redact(&w.state, file.unwrap(), w.text("the wrong report"), actor, RequestId(uuid(7)), w.now).unwrap();
    w.state.apply(&event).unwrap();
    w.events.push(event);
    w.texts.push(text);
}

fn people(w: &mut World) {
    w.does(OWNER, w.retarget(local("2026-12-02T09:30", "Europe/Lisbon")));
    w.does(OWNER, Command::ChangePolicy { policy: Policy { slip_days: 14, separation_of_duties: true } });
    w.does(OWNER, Command::ChangeRestriction { restricted: true });
    w.does(OWNER, Command::AddParticipant { user: ANA });
    w.does(OWNER, Command::AddParticipant { user: BEN });
    w.does(OWNER, Command::RemoveParticipant { user: BEN });
    w.does(OWNER, Command::AddHolder { role: role(SECURITY), user: BEN });
    w.does(OWNER, Command::RemoveHolder { role: role(SECURITY), user: BEN });
    w.does(ADMIN, Command::Transfer { to: ANA, reason: Some(w.text("on leave")) });
    w.does(ANA, Command::Transfer { to: OWNER, reason: None });
    w.does(OWNER, Command::AddParticipant { user: BEN });
    w.does(ANA, Command::WriteNotes { notes: Some(w.text("mind the gap")), base: None });
}

fn evidence_and_waivers(w: &mut World) {
    let link = NewEvidence::Link(w.text("https://example.org/report"));
    w.does(ANA, w.attach_this("required-any-proof", link, Some("2026-10-30"), Some("2026-12-24")));
    w.does(ANA, w.attach("required-any-proof"));
    w.does(ANA, w.withdraw_evidence("required-any-proof"));
    let file = w.file("report.txt", "all well");
    w.does(ANA, w.attach_this("required-any-proof", file, None, None));
    w.does(ANA, w.use_again("required-any-proof", "advisory-sec-proof"));
    w.does(ANA, w.mark("required-any-proof", Done));
    w.does(ANA, w.mark("required-any-proof", Open));
    w.does(ANA, w.ask_waiver("required-any-proof", "2026-12-30"));
    w.does(TECH, w.decide_waiver("required-any-proof", false));
    w.waive("required-any-proof", "2026-12-30", TECH);
    w.does(OWNER, w.revoke_waiver("required-any-proof"));
    w.waive("required-any-proof", "2026-12-31", SEC);
}
