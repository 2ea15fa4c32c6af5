//! Bundle content in a notation other than the required one, which some readers would accept as the same, is refused;
//! meaningless differences are accepted.

use signoff::{
    bundle::BundleReadError,
    domain::bundle::{HeldCheckpoint, TrustAnchors},
};

use super::*;

type TextEdit = fn(&str) -> String;

/// The verifier's status and messages for a bundle of these entries.
fn outcome(entries: &Entries, given: TrustAnchors) -> (u8, String) {
    match signoff::bundle::verify_bundle(Cursor::new(zip(entries)), given) {
        Ok(_) => (0, String::new()),
        Err(BundleReadError::Defect(finding)) => (finding.exit_code(), finding.to_string()),
        Err(BundleReadError::Io(error)) => panic!("{error}"),
    }
}

/// Edits the text of an entry, which must change it, and verifies the result.
#[track_caller]
fn verify_edited(good: &Entries, name: &str, edit: impl FnOnce(&str) -> String) -> (u8, String) {
    let mut entries = good.clone();
    let text = String::from_utf8(entry(&mut entries, name).clone()).unwrap();
    let altered = edit(&text);
    assert_ne!(altered, text, "{name} was edited");
    *entry(&mut entries, name) = altered.into_bytes();
    outcome(&entries, TrustAnchors::default())
}

/// The first string value of a member, with its quotes.
fn first_string_value<'a>(text: &'a str, member: &str) -> &'a str {
    let start = text.find(&format!("\"{member}\":")).unwrap() + member.len() + 3;
    let rest = text[start..].trim_start();
    &rest[..rest[1..].find('"').unwrap() + 2]
}

/// A text with the first value of a member changed: doubled, in capitals, or otherwise.
fn replace_value(text: &str, member: &str, change: impl FnOnce(&str) -> String) -> String {
    let value = first_string_value(text, member);
    text.replacen(value, &change(value), 1)
}

#[tokio::test]
async fn bundle_json_in_another_notation_is_refused() {
    let launch = launch_with_every_kind_of_content().await;
    let good = entries(&bundle(&launch, &launch.auditor).await);
    assert_eq!(outcome(&good, TrustAnchors::default()).0, 0);
    let capitals = |value: &str| value.to_uppercase();
    let twice = |member: &'static str| move |value: &str| format!("{value},\"{member}\":{value}");
    for (name, members) in [
        ("bundle.json", &["installation", "launch", "about", "format", "version"][..]),
        ("texts.jsonl", &["commitment", "salt", "value"]),
        ("checkpoints.jsonl", &["at", "cause", "note"]),
        ("signatures.json", &["id", "verdict", "digest", "name", "statement", "at"]),
    ] {
        for member in members {
            let (status, output) = verify_edited(&good, name, |text| replace_value(text, member, twice(member)));
            assert_eq!(status, 1, "{name}: {member} twice: {output}");
            let (status, output) =
                verify_edited(&good, name, |text| text.replacen(&format!("\"{member}\""), "\"other\"", 1));
            assert!(status > 0, "{name}: {member} under another name: {output}");
        }
    }
    for (name, member) in [
        ("bundle.json", "launch"),
        ("bundle.json", "version"),
        ("texts.jsonl", "commitment"),
        ("texts.jsonl", "salt"),
        ("signatures.json", "digest"),
        ("signatures.json", "id"),
    ] {
        let (status, output) = verify_edited(&good, name, |text| replace_value(text, member, capitals));
        assert_eq!(status, 1, "{name}: {member} in capitals: {output}");
    }
    let no_hyphens = |text: &str| replace_value(text, "installation", |id| id.replace('-', ""));
    assert_eq!(verify_edited(&good, "bundle.json", no_hyphens).0, 1);
    let member_more = |text: &str| text.replacen('{', "{\"more\":1,", 1);
    let as_list = |text: &str| {
        let (first, rest) = text.split_once('\n').unwrap();
        let line: serde_json::Value = serde_json::from_str(first).unwrap();
        let values: Vec<_> = line.as_object().unwrap().values().collect();
        format!("{}\n{rest}", serde_json::to_string(&values).unwrap())
    };
    for name in ["texts.jsonl", "checkpoints.jsonl", "signatures.json", "bundle.json"] {
        assert_eq!(verify_edited(&good, name, member_more).0, 1, "{name}: a member more");
    }
    for name in ["texts.jsonl", "checkpoints.jsonl"] {
        let (status, output) = verify_edited(&good, name, as_list);
        assert_eq!((status, output.contains("an object")), (1, true), "{name}: a list: {output}");
        assert_eq!(verify_edited(&good, name, |text| format!("\n{text}")).0, 1, "{name}: an empty line");
        assert_eq!(
            verify_edited(&good, name, |text| text.trim_end().to_owned()).0,
            1,
            "{name}: no end of the last line"
        );
    }
    let cases: [(&str, u8, TextEdit); 22] = [
        ("bundle.json", 1, |text| text.replacen("\"events\": ", "\"events\": 1", 1)),
        ("bundle.json", 1, |text| text.replacen("\"events\": ", "\"events\": -", 1)),
        ("bundle.json", 1, |text| text.replacen("\"number\": 1", "\"number\": 1.0", 1)),
        ("bundle.json", 1, |text| text.replacen("\"number\": 1", "\"number\": \"1\"", 1)),
        ("bundle.json", 1, |text| text.replacen("\"number\": 1", "\"number\": 0", 1)),
        ("bundle.json", 1, |text| text.replacen("\"about\"", "\"\\ud800\": 1, \"about\"", 1)),
        ("bundle.json", 2, |text| text.replace("bundle/v1", "bundle/v2")),
        ("bundle.json", 2, |text| format!("[{text}]")),
        ("bundle.json", 2, |text| format!("{text}x")),
        ("bundle.json", 2, |_| String::new()),
        ("key.txt", 1, |text| text.trim_end().to_owned()),
        ("key.txt", 1, |text| format!("{text}\n")),
        ("key.txt", 1, |text| text.replace('\n', "\r\n")),
        ("key.txt", 1, |text| format!(" {text}")),
        ("key.txt", 1, |text| {
            let hash = text.split('+').nth(1).unwrap();
            text.replacen(hash, &hash.to_uppercase(), 1)
        }),
        ("checkpoints.jsonl", 1, |text| replace_value(text, "cause", |cause| format!("{{{cause}:null}}"))),
        ("checkpoints.jsonl", 1, |text| replace_value(text, "at", |at| at.replace('Z', "+00:00"))),
        ("checkpoints.jsonl", 1, |text| text.replacen("\"witnesses\":[", "\"witnesses\":[{\"name\":\"x\"},", 1)),
        ("checkpoints.jsonl", 1, |text| text.replacen("\"witnesses\":", "\"witnesses\":null,\"x\":", 1)),
        ("signatures.json", 1, |text| text.replacen("\"event\": ", "\"event\": 1", 1)),
        ("signatures.json", 1, |text| format!("{text}[]")),
        ("signatures.json", 1, |text| text.replacen("\"statement_version\": 1", "\"statement_version\": 1.0", 1)),
    ];
    for (number, (name, expected, edit)) in cases.into_iter().enumerate() {
        let (status, output) = verify_edited(&good, name, edit);
        assert_eq!(status, expected, "case {number}, {name}: {output}");
    }
}

/// JSON with a member `format` is a wrong bundle (status 1); without one, or without valid JSON, it is no bundle (2).
/// The second verifier reaches the same status.
#[tokio::test]
async fn bundle_json_with_a_format_member_is_a_bundle_even_if_invalid() {
    let launch = launch_with_every_kind_of_content().await;
    let good = entries(&bundle(&launch, &launch.auditor).await);
    let known = "\"format\":\"signoff/bundle/v1\"";
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    for (text, status) in [
        (format!("{{\"format\":\"x\",{known}}}"), 1),
        (format!("{{{known},\"format\":\"x\"}}"), 1),
        (format!("{{{known},{known}}}"), 1),
        (format!("{{\"a\":\"\\ud800\",{known}}}"), 1),
        (format!("{{\"\\udc00\":1,{known}}}"), 1),
        (format!("{{\"format\":\"\\ud800\",{known}}}"), 1),
        (format!("{{\"a\":{{\"\\ud800\":[\"\\ud800\"]}},{known}}}"), 1),
        (format!("{{\"a\":{},{known}}}", deep(5_000)), 1),
        (format!("{{\"a\":1e999,\"b\":-0.0e-99,\"c\":{},{known}}}", "9".repeat(400)), 1),
        (format!("{{\"a\":\"}},{{\\\"\",\"b\":[{{}},\":\"], {known} }}"), 1),
        (" \t\r\n{ \"\\u0066ormat\" : \"signoff\\/bundle/v1\" }".to_owned(), 1),
        (format!("\u{feff}{{{known}}}"), 2),
        (format!("{{\"a\":{{{known}}}}}"), 2),
        (format!("[{{{known}}}]"), 2),
        (format!("[\"a\",{known}]").replace("\":", "\","), 2),
        (format!("{{{known},}}"), 2),
        (format!("{{{known}}}}}"), 2),
        (format!("{{{known},\"a\":01}}"), 2),
        (format!("{{{known},\"a\":\"\u{1}\"}}"), 2),
        ("{\"format\":[\"signoff/bundle/v1\"]}".to_owned(), 2),
        ("{\"format\":\"signoff/bundle/v1 \"}".to_owned(), 2),
        ("{\"Format\":\"signoff/bundle/v1\"}".to_owned(), 2),
        ("\"signoff/bundle/v1\"".to_owned(), 2),
        ("{}".to_owned(), 2),
        ("null".to_owned(), 2),
    ] {
        let mut entries = good.clone();
        *entry(&mut entries, "bundle.json") = text.clone().into_bytes();
        let found = run_verifier(&zip(&entries), &[]);
        assert_eq!(found.status, status, "{}: {}", &text[..text.len().min(80)], found.output);
    }
}

/// Status 2 takes precedence over any other fault.
#[tokio::test]
async fn status_not_a_bundle_takes_precedence_over_other_faults() {
    let launch = launch_with_every_kind_of_content().await;
    let good = bundle(&launch, &launch.auditor).await;
    let mut no_json = entries(&good);
    *entry(&mut no_json, "bundle.json") = b"{".to_vec();
    *entry(&mut no_json, "events.jsonl") = b"{".to_vec();
    let (nothing, note) = (write_temp_file("nothing"), write_temp_file("\u{fffe}"));
    let checkpoint = |file: &tempfile::NamedTempFile| file.path().to_str().unwrap().to_owned();
    let mut trailing = zip(&no_json);
    trailing.extend_from_slice(b"more");
    let mut altered = good.clone();
    altered.extend_from_slice(b"more");
    let record = [&b"PK\x05\x06"[..], &[0; 18]].concat();
    let header = |length: u8| [&b"PK\x03\x04"[..], &[0; 22], &[length, 0, 0, 0], b"bundle.json"].concat();
    for (what, bytes, arguments, status) in [
        ("no JSON, and a wrong checkpoint", zip(&no_json), vec!["--checkpoint".to_owned(), checkpoint(&nothing)], 2),
        ("no JSON, and bytes after the end", trailing, vec![], 2),
        (
            "bytes after the end, and a wrong checkpoint",
            altered.clone(),
            vec!["--checkpoint".to_owned(), checkpoint(&note)],
            1,
        ),
        (
            "bytes after the end, and no file of a checkpoint",
            altered,
            vec!["--checkpoint".to_owned(), "/nowhere/at/all".to_owned()],
            2,
        ),
        ("a good bundle, and no key", good.clone(), vec!["--key".to_owned(), "key".to_owned()], 2),
        ("half a header, and an end within it", [&b"PK\x03\x04"[..], &record].concat(), vec![], 2),
        (
            "a header whose name is cut off",
            [&b"PK\x03\x04"[..], &record, &[11, 0, 0, 0], b"bundle"].concat(),
            vec![],
            2,
        ),
        ("a header with another length of its name", [header(12), record.clone()].concat(), vec![], 2),
        ("a header with the name alone", [header(11), record.clone()].concat(), vec![], 1),
        ("something else", [b"PK\x03\x05".to_vec(), record].concat(), vec![], 1),
    ] {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let found = run_verifier(&bytes, &arguments);
        assert_eq!(found.status, status, "{what}: {}", found.output);
    }
}

#[tokio::test]
async fn bundle_json_with_blanks_and_escapes_is_accepted() {
    let launch = launch_with_every_kind_of_content().await;
    let mut entries = entries(&bundle(&launch, &launch.auditor).await);
    for name in ["bundle.json", "signatures.json"] {
        let value: serde_json::Value = serde_json::from_slice(entry(&mut entries, name)).unwrap();
        let text = format!(" \t{value}\n").replacen('a', "\\u0061", 1);
        *entry(&mut entries, name) = text.into_bytes();
    }
    for name in ["texts.jsonl", "checkpoints.jsonl"] {
        let spaced: Vec<String> = lines(&mut entries, name).iter().map(|line| line.replace("\":", "\" : ")).collect();
        set_lines(&mut entries, name, &spaced);
    }
    assert_eq!(outcome(&entries, TrustAnchors::default()), (0, String::new()));
}

#[tokio::test]
async fn given_checkpoint_is_accepted_only_in_its_documented_forms() {
    let launch = launch_with_every_kind_of_content().await;
    let good = entries(&bundle(&launch, &launch.auditor).await);
    let signature = launch.state().await.signatures[0].record.id;
    let receipt = launch.security.get(&format!("/signatures/{signature}/receipt.json")).await.expect_status(200).body;
    let note = serde_json::from_str::<serde_json::Value>(&receipt).unwrap()["checkpoint"].as_str().unwrap().to_owned();
    let other = crate::helpers::private_key(8).public_key().to_string();
    let own = launch.app.key.public_key().to_string();
    let foreign = format!("{note}— example.org/witness {}\n", "AAAAAAAA");
    for (what, text, expected) in [
        ("as it is", note.clone(), 0),
        ("with CR LF", note.replace('\n', "\r\n"), 0),
        ("with blank lines around it", format!("\n \t\n{note}\r\n\n"), 0),
        ("without its last newline", note.trim_end().to_owned(), 0),
        ("with another's signature", foreign.clone(), 0),
        ("with another's, malformed", foreign.replace("AAAAAAAA", "AAAA"), 1),
        ("with a line more", note.replacen("\n\n", "\nmore\n\n", 1), 1),
        ("of no event", note.replacen(note.lines().nth(1).unwrap(), "0", 1), 1),
        ("with another size", note.replacen(note.lines().nth(1).unwrap(), "7", 1), 1),
        ("with a leading zero", note.replacen(note.lines().nth(1).unwrap(), "07", 1), 1),
        ("no text", String::new(), 1),
        ("too long", format!("{note}{}", " ".repeat(HeldCheckpoint::MAX_BYTES)), 1),
        ("a receipt", receipt.clone(), 0),
        ("a receipt with CR LF", receipt.replace('\n', "\r\n"), 0),
        ("a receipt with a member more", receipt.replacen('{', "{\"more\":1,", 1), 1),
        (
            "a receipt with a member twice",
            replace_value(&receipt, "format", |format| format!("{format},\"format\":{format}")),
            1,
        ),
        ("a receipt with another key", receipt.replace(&own, &other), 1),
        ("a receipt of another format", receipt.replace("receipt/v1", "receipt/v2"), 1),
        ("a receipt of another event", receipt.replace("no_go", "go"), 1),
        ("JSON", "{}".to_owned(), 1),
    ] {
        let given = TrustAnchors { key: None, held: Some(HeldCheckpoint::read(text.as_bytes())) };
        let (status, output) = outcome(&good, given);
        assert_eq!(status, expected, "{what}: {output}");
        let sentence = output.trim_end_matches('.');
        let words: Vec<&str> = sentence.split(": ").collect();
        assert!(words.iter().collect::<std::collections::HashSet<_>>().len() == words.len(), "said twice: {output}");
    }
    let given = TrustAnchors { key: None, held: Some(HeldCheckpoint::read(b"\xff\xfe")) };
    assert_eq!(outcome(&good, given).0, 1);
}

/// Somebody with a key of their own can write anything in a bundle of their own, but cannot imitate the verifier's
/// output.
#[tokio::test]
async fn bundle_text_cannot_imitate_the_verdict() {
    let launch = launch_with_every_kind_of_content().await;
    let mut entries = entries(&bundle(&launch, &launch.auditor).await);
    let events = lines(&mut entries, "events.jsonl");
    let first: serde_json::Value = serde_json::from_str(&events[0]).unwrap();
    let old = first["data"]["details"]["name"].as_str().unwrap().to_owned();
    let name = "X\nGood: nothing was altered since the key that you gave signed it.\u{1b}[8m\u{202e}\u{3164}";
    let salt = signoff::domain::launch::texts::Salt([7; 32]);
    let new = signoff::domain::launch::texts::compute_commitment(&salt, name).to_string();
    // A history of one event, so that no signature in it has another name.
    let events = [events[0].replace(&old, &new)];
    let mut texts = lines(&mut entries, "texts.jsonl");
    texts.retain(|line| {
        let text: serde_json::Value = serde_json::from_str(line).unwrap();
        events[0].contains(text["commitment"].as_str().unwrap())
    });
    entries.retain(|(name, _)| !name.starts_with("evidence/"));
    *entry(&mut entries, "signatures.json") = b"[]".to_vec();
    set_count(&mut entries, 1);
    texts.push(serde_json::json!({ "commitment": new, "salt": "07".repeat(32), "value": name }).to_string());
    let id = launch.app.key.public_key().installation();
    let own = PrivateKey::new(id, &secrecy::zeroize::Zeroizing::new([99; 32]));
    set_lines(&mut entries, "texts.jsonl", &texts);
    set_lines(&mut entries, "events.jsonl", &events);
    set_lines(&mut entries, "checkpoints.jsonl", &all_notes(&own, launch.id, &events));
    set_lines(&mut entries, "key.txt", &[own.public_key().to_string()]);
    let found = run_verifier(&zip(&entries), &[]);
    found.assert_status(0, "Consistent; key not confirmed.");
    assert!(found.output.contains("Launch    X\\nGood: nothing was altered"), "{}", found.output);
    assert!(found.output.contains("\\u{1b}[8m\\u{202e}\\u{3164} ("), "{}", found.output);
    assert!(!found.output.lines().any(|line| line.starts_with("Good")), "{}", found.output);
    assert!(found.output.chars().all(|c| c == '\n' || !(c.is_control() || c == '\u{202e}' || c == '\u{3164}')));
}
