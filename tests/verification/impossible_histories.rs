//! Bundles of an impossible history, made by somebody with their own key: every hash and signature is right, and the
//! program's verifier still refuses them.

use serde_json::Value;
use signoff::domain::{
    canonical::{self, Sha256Hash},
    checkpoint::CheckpointCause,
    launch::event::Event,
};

use super::*;

/// Edits the events of a bundle, and signs it again with another key of the same installation, with every required
/// checkpoint.
fn resigned(launch: &Launch, good: &Entries, edit: impl FnOnce(&mut Vec<String>)) -> Vec<u8> {
    let mut entries = good.clone();
    let mut all = lines(&mut entries, "events.jsonl");
    edit(&mut all);
    let forger =
        PrivateKey::new(launch.app.key.public_key().installation(), &secrecy::zeroize::Zeroizing::new([99; 32]));
    let needed = |at: usize| {
        let event = Event::from_bytes(all[at].as_bytes());
        at + 1 == all.len() || event.is_ok_and(|event| CheckpointCause::from_change(&event.change).is_some())
    };
    let notes: Vec<String> =
        (0..all.len()).filter(|at| needed(*at)).map(|at| line(&note(&forger, launch.id, &all[..=at]))).collect();
    set_lines(&mut entries, "events.jsonl", &all);
    set_lines(&mut entries, "checkpoints.jsonl", &notes);
    set_lines(&mut entries, "key.txt", &[forger.public_key().to_string()]);
    set_count(&mut entries, all.len());
    zip(&entries)
}

/// The result of both verifiers, which must agree; the error is the program's own message.
fn verify_bundle(bundle: &[u8]) -> Result<(), String> {
    let found = run_verifier(bundle, &[]);
    if found.status == 0 { Ok(()) } else { Err(found.output) }
}

/// Renumbers the events.
fn renumber(all: &mut [String]) {
    for (at, line) in all.iter_mut().enumerate() {
        let mut event: Value = serde_json::from_str(line).unwrap();
        event["seq"] = (at + 1).into();
        *line = String::from_utf8(canonical::to_bytes(&event)).unwrap();
    }
}

/// The last event of a kind.
fn last(all: &[String], kind: &str) -> Value {
    let kind = format!("\"kind\":\"{kind}\"");
    serde_json::from_str(all.iter().rev().find(|line| line.contains(&kind)).unwrap()).unwrap()
}

/// Appends an event with the time of the previous one and the data of another kind.
fn add(all: &mut Vec<String>, kind: &str, data: Value) {
    let mut event: Value = serde_json::from_str(all.last().unwrap()).unwrap();
    event["actor"] = last(all, "launch_created")["actor"].clone();
    (event["kind"], event["data"]) = (kind.into(), data);
    all.push(String::from_utf8(canonical::to_bytes(&event)).unwrap());
    renumber(all);
}

/// Edits the last event of a kind as JSON, and writes it canonically.
fn json(all: &mut [String], kind: &str, edit: impl FnOnce(&mut Value)) {
    let kind = format!("\"kind\":\"{kind}\"");
    let line = all.iter_mut().rev().find(|line| line.contains(&kind)).unwrap_or_else(|| panic!("{kind}"));
    let mut event: Value = serde_json::from_str(line).unwrap();
    edit(&mut event);
    *line = String::from_utf8(canonical::to_bytes(&event)).unwrap();
}

type Row = (&'static str, fn(&mut Vec<String>), &'static str);

const ROWS: [Row; 13] = [
    (
        "a digest of zeros",
        |all| json(all, "signed", |event| event["data"]["digest"] = "0".repeat(64).into()),
        "its digest is not that of the scope",
    ),
    (
        "a page that was not there yet",
        |all| json(all, "signed", |event| event["data"]["saw"] = event["seq"].clone()),
        "This is not an event of this launch",
    ),
    (
        "a signer who did not act",
        |all| json(all, "signed", |event| event["data"]["signer"]["name"] = "Mallory".into()),
        "its member `data.signer.name` has another value",
    ),
    (
        "a withdrawal by another",
        |all| {
            json(all, "signature_withdrawn", |event| {
                event["actor"]["id"] = "00000000-0000-4000-8000-000000000000".into();
            })
        },
        "Only the person who gave a signature can withdraw it",
    ),
    (
        "a state that it was not",
        |all| json(all, "item_marked", |event| event["data"]["old"]["state"] = "blocked".into()),
        "its member `data.old.state` has another value",
    ),
    (
        "another form of a time",
        |all| {
            json(all, "signed", |event| {
                let at = event["at"].as_str().unwrap().replace('Z', "+00:00");
                event["at"] = at.into();
            })
        },
        "its member `at` is not written as it has to be",
    ),
    (
        "a member more",
        |all| json(all, "signed", |event| event["data"]["more"] = 1.into()),
        "it has a member `data.more`, which none of its kind has",
    ),
    (
        "another version of the form",
        |all| json(all, "signed", |event| event["v"] = 2.into()),
        "its member `v` has a value that it can't have",
    ),
    (
        "a holder twice",
        |all| {
            let at = all.iter().position(|line| line.contains("\"holder_added\"")).unwrap();
            let again = all[at].clone();
            all.insert(at, again);
            renumber(all);
        },
        "nothing would have changed",
    ),
    (
        "a file of two sizes",
        |all| {
            let sizes = ["restore", "ticket"].map(|_| last(all, "evidence_attached"));
            let file = all.iter().find(|line| line.contains("\"kind\":\"file\"")).unwrap();
            let file: Value = serde_json::from_str(file).unwrap();
            let mut data = file["data"].clone();
            data["evidence"] = "00000000-0000-4000-8000-00000000abcd".into();
            data["content"]["size"] = (sizes[0]["seq"].as_i64().unwrap() + 1_000).into();
            add(all, "evidence_attached", data);
        },
        "bytes, and an earlier event says that it has",
    ),
    (
        "a holder removed by a name that was not given last",
        |all| {
            let mut data = last(all, "holder_added")["data"].clone();
            data["person"]["name"] = "Nobody".into();
            add(all, "holder_removed", data);
        },
        "its member `data.person.name` has another value",
    ),
    (
        "a text redacted as of the second field that names it",
        |all| {
            json(all, "signed", |event| event["data"]["comment"] = event["data"]["address"].clone());
            let text = last(all, "signed")["data"]["address"].clone();
            let what = serde_json::json!({ "kind": "text", "commitment": text, "field": "address" });
            add(all, "redacted", serde_json::json!({ "what": what, "reason": "07".repeat(32) }));
        },
        "it redacts a text as the network address of a signature, and it was entered as the comment of a signature",
    ),
    (
        "a renewal that the signer confirmed",
        |all| {
            json(all, "signed", |event| {
                let signer = event["data"]["signer"].clone();
                let at = event["at"].clone();
                event["data"]["renewed"] =
                    serde_json::json!([{ "how": "reset_link", "by": null, "at": at, "confirmed_by": signer }]);
            });
        },
        "its member `data.renewed.confirmed_by` has a value that it can't have",
    ),
];

/// Edits the checklist of a bundle, puts its hash into event 1, and signs the history again.
fn resigned_with_checklist(launch: &Launch, good: &Entries, edit: fn(&str) -> String) -> Vec<u8> {
    let mut entries = good.clone();
    let checklist = entry(&mut entries, "checklist.json");
    *checklist = edit(std::str::from_utf8(checklist).unwrap()).into_bytes();
    let hash = Sha256Hash::compute(checklist).to_string();
    resigned(launch, &entries, |all| {
        json(all, "launch_created", |event| event["data"]["checklist_hash"] = hash.into());
    })
}

#[tokio::test]
async fn bundle_whose_checklist_fits_its_hash_and_not_its_form_is_refused() {
    // Nothing is signed, so that no digest is of the checklist as it was.
    let launch = Launch::ledger().make().await;
    let good = entries(&bundle(&launch, &launch.auditor).await);
    assert_eq!(verify_bundle(&resigned_with_checklist(&launch, &good, str::to_owned)), Ok(()));
    type Change = fn(&str) -> String;
    let cases: [(&str, Change, &str); 6] = [
        ("a line end", |text| format!("{text}\n"), "it is not canonical JSON"),
        ("a blank", |text| text.replacen(':', ": ", 1), "it is not canonical JSON"),
        ("an escape", |text| text.replacen("\"name\":\"S", "\"name\":\"\\u0053", 1), "it is not canonical JSON"),
        ("a member more", |text| text.replacen('{', "{\"about\":1,", 1), "it has a member `about`"),
        (
            "a member twice",
            |text| text.replacen("\"name\":\"Small\"", "\"name\":\"Small\",\"name\":\"Small\"", 1),
            "the member `name` is there twice",
        ),
        ("no part", |_| r#"{"introduction":null,"name":"A","parts":[],"required_roles":[]}"#.to_owned(), "no items"),
    ];
    for (what, edit, words) in cases {
        let found = verify_bundle(&resigned_with_checklist(&launch, &good, edit));
        assert!(found.as_ref().is_err_and(|why| why.contains(words)), "{what}: {found:?}");
    }
}

#[tokio::test]
async fn bundle_that_states_another_checklist_version_than_event_one_is_refused() {
    let launch = Launch::ledger().make().await;
    let good = entries(&bundle(&launch, &launch.auditor).await);
    let state_as = |member: &str, value: Value| {
        let mut entries = good.clone();
        let mut manifest: Value = serde_json::from_slice(entry(&mut entries, "bundle.json")).unwrap();
        manifest["checklist"][member] = value;
        *entry(&mut entries, "bundle.json") = serde_json::to_vec(&manifest).unwrap();
        verify_bundle(&zip(&entries))
    };
    let other = "00000000-0000-4000-8000-00000000abcd";
    let found = state_as("version", other.into());
    assert!(found.as_ref().is_err_and(|why| why.contains("checklist")), "{found:?}");
    // These two are in no event: they are only the word of the installation.
    assert_eq!(state_as("id", other.into()), Ok(()));
    assert_eq!(state_as("number", 7.into()), Ok(()));
}

#[tokio::test]
async fn bundle_with_an_impossible_history_is_refused_despite_valid_hashes() {
    let launch = launch_with_every_kind_of_content().await;
    let good = entries(&bundle(&launch, &launch.auditor).await);
    assert_eq!(verify_bundle(&resigned(&launch, &good, |_| ())), Ok(()));
    for (what, forge, words) in ROWS {
        let found = verify_bundle(&resigned(&launch, &good, forge));
        assert!(found.as_ref().is_err_and(|why| why.contains(words)), "{what}: {found:?}");
    }
}
