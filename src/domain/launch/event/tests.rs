//! Tests that stored events of every kind stay readable: `tests/fixtures/events` has one of each kind, byte for byte.
//!
//! The files are never edited. If a kind gains a field, its file stays and a second one is added, `<kind>.<what is
//! new>.json`. The old file then proves that events without the field can still be read, and that an absent field is
//! not written.

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
        redaction::decide_redaction,
        texts::NewText,
    },
    readiness::{AdvisoryProblem, Condition, ConditionKind, Reason, SignatureProblem, Verdict, WaiverProblem},
};

fn fixtures_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/events")
}

/// The stored events by file name.
fn load_stored_events() -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(fixtures_folder()).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap())).collect()
}

#[test]
fn stored_event_is_read_and_written_back_byte_for_byte() {
    for (name, bytes) in load_stored_events() {
        let event = Event::from_bytes(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(String::from_utf8(event.to_bytes()), String::from_utf8(bytes), "{name}");
        let kind = name.split('.').next();
        assert_eq!(kind, Some(event.change.kind()), "{name} is named for its kind");
    }
}

#[test]
fn event_kind_without_a_stored_fixture_is_reported() {
    let stored = load_stored_events();
    for kind in Change::VARIANTS {
        let name = format!("{kind}.json");
        assert!(
            stored.contains_key(&name),
            "{name} is missing; as written now it would be:\n{}",
            event_as_written_now(kind)
        );
    }
}

/// The last event of this kind in a long history.
fn event_as_written_now(kind: &str) -> String {
    let events = launch_with_every_event().events;
    let event = events.iter().rev().find(|event| event.change.kind() == kind);
    event.map_or_else(|| "not in the story".to_owned(), |event| String::from_utf8(event.to_bytes()).unwrap())
}

#[test]
fn event_of_each_kind_is_read_back_unchanged() {
    let story = launch_with_every_event();
    for kind in Change::VARIANTS {
        assert!(story.events.iter().any(|event| event.change.kind() == *kind), "{kind}");
    }
    for event in &story.events {
        assert_eq!(Event::from_bytes(&event.to_bytes()).as_ref().ok(), Some(event));
        let json: serde_json::Value = serde_json::from_slice(&event.to_bytes()).unwrap();
        assert_eq!(json["kind"], event.change.kind());
        assert_eq!(json["v"], 1);
        let item = json["data"]["item"].as_str().map(|item| item.parse().unwrap());
        assert_eq!(event.change.item(), item, "{}", event.change.kind());
    }
    assert_eq!(story.replay(story.events.len()), story.state);
}

/// Every hash in an event that is not known to be something else must be listed as a commitment.
#[test]
fn event_commitments_include_every_hash_of_a_text() {
    fn hashes(name: &str, value: &serde_json::Value, collected: &mut Vec<String>) {
        use serde_json::Value;
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| hashes(name, value, collected)),
            Value::Array(parts) => parts.iter().for_each(|part| hashes(name, part, collected)),
            Value::String(text) => {
                let other = ["sha256", "digest", "checklist_hash", "commitment"].contains(&name);
                if !other && text.parse::<Sha256Hash>().is_ok() {
                    collected.push(text.clone());
                }
            }
            _ => {}
        }
    }
    let stored: Vec<Event> = load_stored_events().values().map(|bytes| Event::from_bytes(bytes).unwrap()).collect();
    for event in launch_with_every_event().events.iter().chain(&stored) {
        let mut expected = Vec::new();
        hashes("", &serde_json::to_value(event).unwrap(), &mut expected);
        let mut commitments: Vec<String> = event.change.commitments().iter().map(ToString::to_string).collect();
        expected.sort();
        commitments.sort();
        assert_eq!(commitments, expected, "{}", event.change.kind());
    }
}

/// The documentation for people who write a verifier lists every kind, and so does the verifier that was written from
/// it.
#[test]
fn event_kind_is_in_the_format_documentation_and_python_verifier() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/audit-format.md")).unwrap();
    let verifier = fs::read_to_string(root.join("tests/verifier/verify.py")).unwrap();
    for kind in Change::VARIANTS {
        assert!(page.contains(&format!("`{kind}`")), "{kind} is not in docs/audit-format.md");
        assert!(verifier.contains(&format!("\"{kind}\"")), "{kind} is not in tests/verifier/verify.py");
    }
}

#[test]
fn readiness_snapshot_with_each_reason_and_condition_is_read_back_unchanged() {
    let (item, waiver, signature) = (ItemId(test_uuid(1)), WaiverId(test_uuid(2)), SignatureId(test_uuid(3)));
    let mut reasons = vec![
        Reason::Items { item, state: ItemState::Open, waiver: None },
        Reason::Evidence { item, lapsed_on: None },
        Reason::Evidence { item, lapsed_on: Some(day("2026-11-05")) },
        Reason::Justification { item, refused: true },
        Reason::Signatures { role: role(LEGAL), lack: SignatureProblem::NotSigned, signature: None },
        Reason::Objection { role: role(LEGAL), signature },
        Reason::Window { since: moment("2026-12-08T14:00:00Z") },
    ];
    use WaiverProblem::{Asked, Expired, Refused, Revoked};
    reasons.extend([Asked, Refused, Revoked, Expired].map(|trouble| Reason::Items {
        item,
        state: ItemState::Blocked,
        waiver: Some((waiver, trouble)),
    }));
    use SignatureProblem::{NotHolder, Objects, Stale, Withdrawn};
    reasons.extend([NotHolder, Objects, Stale, Withdrawn].map(|lack| Reason::Signatures {
        role: role(LEGAL),
        lack,
        signature: Some(signature),
    }));
    let kinds = [
        ConditionKind::Waiver { waiver, expires_on: day("2026-12-31") },
        ConditionKind::Advisory { lack: AdvisoryProblem::Open },
        ConditionKind::Advisory { lack: AdvisoryProblem::Blocked },
        ConditionKind::Advisory { lack: AdvisoryProblem::NoEvidence },
    ];
    let conditions = kinds.map(|kind| Condition { id: ConditionId("x".to_owned()), item, owner: Some(ANA), kind });
    for verdict in [Verdict::Go, Verdict::ConditionalGo, Verdict::NoGo] {
        let snapshot = ReadinessSnapshot { verdict, reasons: reasons.clone(), conditions: conditions.to_vec() };
        assert_eq!(canonical::from_bytes::<ReadinessSnapshot>(&canonical::to_bytes(&snapshot)).unwrap(), snapshot);
    }
}

fn test_uuid(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(n)
}

/// A launch with one event of every kind.
fn launch_with_every_event() -> World {
    let mut w = World::from_version(checklist::small_version(), false);
    let item = w.item("critical-tech");
    change_settings_and_people(&mut w);
    w.run_ok(ANA, w.mark("critical-tech", NotApplicable));
    w.run_ok(TECH, w.agree("critical-tech", false));
    w.run_ok(TECH, w.agree("critical-tech", true));
    w.run_ok(ANA, Command::Assign { item, assignee: Some(BEN), due: Some(day("2026-11-20")) });
    w.run_ok(ANA, w.comment("critical-tech"));
    let comment = w.state.item(item).unwrap().comments[0];
    w.run_ok(ANA, Command::EditComment { comment, body: w.text("a second thought") });
    let mut hidden = w.clone();
    w.run_ok(ANA, Command::DeleteComment { comment });
    let request = w.id();
    w.run_ok(AUDITOR, Command::RequestEvidence { item, request, text: w.text("show me") });
    w.run_ok(ANA, Command::AnswerRequest { request, text: w.text("there") });
    change_evidence_and_waivers(&mut w);
    w.run_ok(OWNER, Command::AskSignatures);
    w.run_ok(TECH, w.sign(TECH_LEAD, NoGo));
    w.run_ok(TECH2, w.lift_objection(TECH_LEAD, w.newest_signature()));
    w.run_ok(TECH2, w.withdraw_signature(w.newest_signature()));
    w.run_ok(SEC, w.sign(SECURITY, Go));
    let seen: Option<NewText> = Some(w.text("well done"));
    let new = NewSignature { comment: seen, meaning: SignatureMeaning::Responsibility, ..w.signature(TECH_LEAD, Go) };
    w.run_ok(TECH, Command::Sign(Box::new(new)));
    w.run_ok(OWNER, Command::Hold { reason: w.text("the weather") });
    w.run_ok(OWNER, Command::Resume { reason: Some(w.text("it cleared")) });
    w.run_ok(OWNER, w.declare_go());
    let mut cancelled = w.clone();
    w.run_ok(OWNER, Command::Reopen { reason: w.text("one more thing") });
    w.run_ok(OWNER, w.declare_go());
    w.run_ok(OWNER, Command::Launch { at: None, past: None });
    w.run_ok(ANA, w.mark("after-critical-any", Done));
    w.run_ok(OWNER, w.close());
    // A launch can't be both closed and cancelled, so the last event comes from a launch with another ending.
    cancelled.run_ok(OWNER, Command::Cancel { reason: cancelled.text("no budget") });
    let mut last = cancelled.events.pop().unwrap();
    last.seq = w.state.seq + 1;
    w.state.apply(&last).unwrap();
    w.events.push(last);
    w.texts.extend(cancelled.texts.pop());
    redact_a_file(&mut w);
    // Events of newer kinds are appended at the end, so that the files of older kinds do not change.
    hidden.run_ok(OWNER, Command::HideComment { comment });
    hidden.run_ok(OWNER, Command::ShowComment { comment });
    for mut event in hidden.events.split_off(hidden.events.len() - 2) {
        event.seq = w.state.seq + 1;
        w.state.apply(&event).unwrap();
        w.events.push(event);
    }
    w.texts.iter().for_each(|text| w.state.texts.insert(text.clone()));
    w
}

/// Redacts a file, which is not a command of the launch.
fn redact_a_file(w: &mut World) {
    let file = w.state.evidence.values().find_map(|evidence| match evidence.content {
        EvidenceContent::File { sha256, .. } => Some(Redaction::File { sha256 }),
        _ => None,
    });
    let actor = w.events[0].actor.clone();
    let (event, text) =
        decide_redaction(&w.state, file.unwrap(), w.text("the wrong report"), actor, RequestId(test_uuid(7)), w.now)
            .unwrap();
    w.state.apply(&event).unwrap();
    w.events.push(event);
    w.texts.push(text);
}

fn change_settings_and_people(w: &mut World) {
    w.run_ok(OWNER, w.change_target(local_time("2026-12-02T09:30", "Europe/Lisbon")));
    w.run_ok(OWNER, Command::ChangePolicy { policy: Policy { slip_days: 14, separation_of_duties: true } });
    w.run_ok(OWNER, Command::ChangeRestriction { restricted: true });
    w.run_ok(OWNER, Command::SetTags { tags: tags(&["Payments", "Team Blue"]) });
    w.run_ok(OWNER, Command::AddParticipant { user: ANA });
    w.run_ok(OWNER, Command::AddParticipant { user: BEN });
    w.run_ok(OWNER, Command::RemoveParticipant { user: BEN });
    w.run_ok(OWNER, Command::AddHolder { role: role(SECURITY), user: BEN });
    w.run_ok(OWNER, Command::RemoveHolder { role: role(SECURITY), user: BEN });
    w.run_ok(ADMIN, Command::TransferOwnership { to: ANA, reason: Some(w.text("on leave")) });
    w.run_ok(ANA, Command::TransferOwnership { to: OWNER, reason: None });
    w.run_ok(OWNER, Command::AddParticipant { user: BEN });
    w.run_ok(ANA, Command::WriteNotes { notes: Some(w.text("mind the gap")) });
}

fn change_evidence_and_waivers(w: &mut World) {
    let link = NewEvidence::Link(w.text("https://example.org/report"));
    w.run_ok(ANA, w.attach_content("required-any-proof", link, Some("2026-10-30"), Some("2026-12-24")));
    w.run_ok(ANA, w.attach("required-any-proof"));
    w.run_ok(ANA, w.withdraw_evidence("required-any-proof"));
    let file = w.file_content("report.txt", "all well");
    w.run_ok(ANA, w.attach_content("required-any-proof", file, None, None));
    w.run_ok(ANA, w.reuse_evidence("required-any-proof", "advisory-sec-proof"));
    w.run_ok(ANA, w.mark("required-any-proof", Done));
    w.run_ok(ANA, w.mark("required-any-proof", Open));
    w.run_ok(ANA, w.ask_waiver("required-any-proof", "2026-12-30"));
    w.run_ok(TECH, w.decide_waiver("required-any-proof", false));
    w.waive("required-any-proof", "2026-12-30", TECH);
    w.run_ok(OWNER, w.revoke_waiver("required-any-proof"));
    w.waive("required-any-proof", "2026-12-31", SEC);
}
