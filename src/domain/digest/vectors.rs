//! Compares `docs/audit-format-vectors.json`, the test values for people who write a verifier from the documentation,
//! with the program.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};

use super::*;
use crate::domain::{
    checklist::ItemKey,
    launch::{
        command::{Command, NewEvidence},
        event::{
            ItemState::{Blocked, NotApplicable},
            Policy,
            Vote::Go,
        },
        fixture::*,
        texts::{Salt, compute_commitment},
    },
    merkle::{RightEdge, hash_leaf},
};

/// A history that sets and changes every part of a scope.
fn history_world() -> World {
    let mut w = World::from_version(checklist::small_version(), false);
    w.run_ok(ANA, w.mark("critical-tech", NotApplicable));
    w.run_ok(TECH, w.agree("critical-tech", true));
    w.run_ok(ANA, w.mark("required-any-proof", Blocked));
    w.run_ok(ANA, w.ask_waiver("required-any-proof", "2026-12-30"));
    w.run_ok(SEC, w.decide_waiver("required-any-proof", true));
    w.run_ok(
        ANA,
        w.attach_content("required-any-proof", w.file_content("report.txt", "all well"), Some("2026-10-30"), None),
    );
    w.run_ok(ANA, w.attach_until("required-any-proof", Some("2026-12-24")));
    let link = NewEvidence::Link(w.text("https://example.org/run/1"));
    w.run_ok(ANA, w.attach_content("required-any-proof", link, None, None));
    w.run_ok(ANA, w.reuse_evidence("required-any-proof", "advisory-sec-proof"));
    w.run_ok(SEC, w.sign(SECURITY, Go));
    w.run_ok(ANA, w.comment("critical-tech"));
    w.run_ok(ANA, w.withdraw_evidence("required-any-proof"));
    w.run_ok(OWNER, w.change_target(local_time("2026-12-02T09:30", "Europe/Lisbon")));
    w.run_ok(OWNER, Command::ChangePolicy { policy: Policy { slip_days: 14, separation_of_duties: true } });
    w.run_ok(OWNER, Command::ChangePolicy { policy: Policy { slip_days: 14, separation_of_duties: false } });
    w.run_ok(TECH, w.agree("critical-tech", false));
    w.run_ok(OWNER, w.revoke_waiver("required-any-proof"));
    w
}

fn to_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

fn build_vectors() -> Value {
    let commitments = [("a", 7_u8), ("", 0), ("na\u{ef}ve \u{1f980}\nline", 255)].map(|(value, byte)| {
        let salt = Salt([byte; 32]);
        json!({"salt": hex::encode(salt.0), "value": value, "commitment": compute_commitment(&salt, value)})
    });
    let items = ["critical-tech", "a", "after-critical-any"].map(|key| {
        let parsed: ItemKey = key.parse().unwrap();
        json!({"launch": LAUNCH, "key": key, "id": ItemId::from_key(LAUNCH, &parsed)})
    });
    let trees: Vec<Value> = (1..=9)
        .map(|size| {
            let leaves: Vec<String> = (1..=size).map(|n| format!("event {n}")).collect();
            let mut edge = RightEdge::default();
            leaves.iter().for_each(|leaf| drop(edge.append(hash_leaf(leaf.as_bytes()))));
            json!({"events": leaves, "root": edge.root()})
        })
        .collect();
    let world = history_world();
    let roles = [TECH_LEAD, SECURITY, LEGAL];
    let states: Vec<_> = (1..=world.events.len()).map(|count| world.replay(count)).collect();
    let digests = states.iter().flat_map(|state| {
        roles.map(|slug| json!({"after": state.seq, "role": slug, "digest": digest(state, &role(slug))}))
    });
    let chosen = [1, states.len() - 5, states.len()].map(|count| &states[count - 1]);
    let scopes = chosen.map(|state| {
        let scope = build_scope(state, &role(SECURITY));
        json!({"after": state.seq, "role": SECURITY, "canonical": to_text(canonical::to_bytes(&scope)), "digest": scope.digest()})
    });
    json!({
        "about": "Test vectors of docs/audit-format.md. A tree is over the UTF-8 of its events. Scopes and digests are of \
                  the history, after the event whose seq is `after`; the history is whole, with a line of events.jsonl \
                  for each event, and its checklist is the content of checklist.json.",
        "commitments": commitments,
        "items": items,
        "trees": trees,
        "history": {
            "checklist": to_text(world.state.version.checklist.canonical_bytes()),
            "events": world.events.iter().map(|event| to_text(event.to_bytes())).collect::<Vec<_>>(),
        },
        "scopes": scopes,
        "digests": digests.collect::<Vec<_>>(),
    })
}

#[test]
fn published_vectors_match_computed_values() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/audit-format-vectors.json");
    let computed = build_vectors();
    if std::env::var_os("SIGNOFF_WRITE_VECTORS").is_some() {
        fs::write(&file, format!("{computed:#}\n")).unwrap();
    }
    let published: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    assert_eq!(published, computed);
    assert_eq!(published["digests"].as_array().unwrap().len() % 3, 0);
}

/// Checks that the vectors are useful: each role has several digests, and one change leaves a digest the same.
#[test]
fn published_vectors_have_different_digests_for_each_role() {
    let world = history_world();
    for slug in [TECH_LEAD, SECURITY] {
        let of = |count| digest(&world.replay(count), &role(slug));
        let mut all: Vec<_> = (1..=world.events.len()).map(of).collect();
        let events = all.len();
        all.dedup();
        assert!(all.len() > 8 && all.len() < events, "{slug}: {} of {events}", all.len());
    }
}
