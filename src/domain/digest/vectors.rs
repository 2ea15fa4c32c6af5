//! `docs/audit-format-vectors.json`: values for whoever writes a verifier from the page, held against the program.

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
        texts::{Salt, commitment},
    },
    merkle::{Edge, leaf_hash},
};

/// A history in which everything that a scope has comes and changes.
fn history() -> World {
    let mut w = World::of(checklist::small(), false);
    w.does(ANA, w.mark("critical-tech", NotApplicable));
    w.does(TECH, w.agree("critical-tech", true));
    w.does(ANA, w.mark("required-any-proof", Blocked));
    w.does(ANA, w.ask_waiver("required-any-proof", "2026-12-30"));
    w.does(SEC, w.decide_waiver("required-any-proof", true));
    w.does(ANA, w.attach_this("required-any-proof", w.file("report.txt", "all well"), Some("2026-10-30"), None));
    w.does(ANA, w.attach_until("required-any-proof", Some("2026-12-24")));
    let link = NewEvidence::Link(w.text("https://example.org/run/1"));
    w.does(ANA, w.attach_this("required-any-proof", link, None, None));
    w.does(ANA, w.use_again("required-any-proof", "advisory-sec-proof"));
    w.does(SEC, w.sign(SECURITY, Go));
    w.does(ANA, w.comment("critical-tech"));
    w.does(ANA, w.withdraw_evidence("required-any-proof"));
    w.does(OWNER, w.retarget(local("2026-12-02T09:30", "Europe/Lisbon")));
    w.does(OWNER, Command::ChangePolicy { policy: Policy { slip_days: 14, separation_of_duties: true } });
    w.does(OWNER, Command::ChangePolicy { policy: Policy { slip_days: 14, separation_of_duties: false } });
    w.does(TECH, w.agree("critical-tech", false));
    w.does(OWNER, w.revoke_waiver("required-any-proof"));
    w
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

fn vectors() -> Value {
    let commitments = [("a", 7_u8), ("", 0), ("na\u{ef}ve \u{1f980}\nline", 255)].map(|(value, byte)| {
        let salt = Salt([byte; 32]);
        json!({"salt": hex::encode(salt.0), "value": value, "commitment": commitment(&salt, value)})
    });
    let items = ["critical-tech", "a", "after-critical-any"].map(|key| {
        let parsed: ItemKey = key.parse().unwrap();
        json!({"launch": LAUNCH, "key": key, "id": ItemId::of(LAUNCH, &parsed)})
    });
    let trees: Vec<Value> = (1..=9)
        .map(|size| {
            let leaves: Vec<String> = (1..=size).map(|n| format!("event {n}")).collect();
            let mut edge = Edge::default();
            leaves.iter().for_each(|leaf| drop(edge.append(leaf_hash(leaf.as_bytes()))));
            json!({"events": leaves, "root": edge.root()})
        })
        .collect();
    let world = history();
    let roles = [TECH_LEAD, SECURITY, LEGAL];
    let states: Vec<_> = (1..=world.events.len()).map(|count| world.replay(count)).collect();
    let digests = states.iter().flat_map(|state| {
        roles.map(|slug| json!({"after": state.seq, "role": slug, "digest": digest(state, &role(slug))}))
    });
    let wanted = [1, states.len() - 5, states.len()].map(|count| &states[count - 1]);
    let scopes = wanted.map(|state| {
        let scope = scope(state, &role(SECURITY));
        json!({"after": state.seq, "role": SECURITY, "canonical": text(canonical::bytes(&scope)), "digest": scope.digest()})
    });
    json!({
        "about": "Test vectors of docs/audit-format.md. A tree is over the UTF-8 of its events. Scopes and digests are of \
                  the history, after the event whose seq is `after`; the history is whole, with a line of events.jsonl \
                  for each event, and its checklist is the content of checklist.json.",
        "commitments": commitments,
        "items": items,
        "trees": trees,
        "history": {
            "checklist": text(world.state.version.checklist.canonical()),
            "events": world.events.iter().map(|event| text(event.bytes())).collect::<Vec<_>>(),
        },
        "scopes": scopes,
        "digests": digests.collect::<Vec<_>>(),
    })
}

#[test]
fn published_vectors_are_what_the_program_computes() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/audit-format-vectors.json");
    let computed = vectors();
    if std::env::var_os("SIGNOFF_WRITE_VECTORS").is_some() {
        fs::write(&file, format!("{computed:#}\n")).unwrap();
    }
    let published: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    assert_eq!(published, computed);
    assert_eq!(published["digests"].as_array().unwrap().len() % 3, 0);
}

/// What the vectors are worth: of each role there are several digests, and one that a change leaves as it is.
#[test]
fn published_vectors_tell_scopes_apart() {
    let world = history();
    for slug in [TECH_LEAD, SECURITY] {
        let of = |count| digest(&world.replay(count), &role(slug));
        let mut all: Vec<_> = (1..=world.events.len()).map(of).collect();
        let events = all.len();
        all.dedup();
        assert!(all.len() > 8 && all.len() < events, "{slug}: {} of {events}", all.len());
    }
}
