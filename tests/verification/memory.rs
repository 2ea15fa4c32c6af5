//! The memory use of verification, for bundles of any size.

use serde_json::{Value, json};
use signoff::domain::{
    canonical::{self, Sha256Hash},
    launch::texts::{Salt, compute_commitment},
};

use super::*;

/// The number of extra events in the large bundle.
const EVENTS: usize = 10_000;
/// The size of its files, in bytes.
const FILES: usize = 64 * 1024 * 1024;
/// How much more the large one may take: hashes and ids of 10,000 events and their texts.
const MORE_KILOBYTES: u64 = 16 * 1024;

/// How much more a hostile bundle may take: an event is read as a whole, and so is a checklist.
const HOSTILE_KILOBYTES: u64 = 160 * 1024;

/// The peak memory of verifying a bundle, in kilobytes; the verification must end with this status.
#[track_caller]
fn peak(bundle: &[u8], expected: &str) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bundle.zip");
    std::fs::write(&path, bundle).unwrap();
    let measure = "import resource, subprocess, sys
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";
    let output = Process::new("python3")
        .args(["-c", measure, env!("CARGO_BIN_EXE_signoff"), "verify", path.to_str().unwrap()])
        .output()
        .unwrap();
    let text = output_text(&output);
    let (status, peak) = text.trim().split_once(' ').unwrap_or_else(|| panic!("{text}"));
    assert_eq!(status, expected);
    peak.parse().unwrap()
}

/// Adds comments, each with its own text, and a large file.
fn enlarge(launch: &Launch, entries: &mut Entries) {
    let mut all = lines(entries, "events.jsonl");
    let mut texts = lines(entries, "texts.jsonl");
    let last: Value = serde_json::from_str(all.last().unwrap()).unwrap();
    let mut push = |data: Value, kind: &str| {
        let mut event = last.clone();
        (event["seq"], event["kind"], event["data"]) = ((all.len() + 1).into(), kind.into(), data);
        all.push(String::from_utf8(canonical::to_bytes(&event)).unwrap());
    };
    let mut text = |value: &str| {
        let commitment = compute_commitment(&Salt([3; 32]), value).0;
        texts.push(json!({ "commitment": commitment, "salt": "03".repeat(32), "value": value }).to_string());
        commitment
    };
    let item = launch.item("backups");
    for number in 0..EVENTS {
        let id = uuid::Uuid::from_u128(number as u128);
        let body = text(&format!("{number} {}", "x".repeat(1_000)));
        push(json!({ "item": item, "comment": id, "body": body }), "comment_added");
    }
    let bytes = vec![7; FILES];
    let sha256 = Sha256Hash::compute(&bytes);
    let name = text("large.bin");
    let content = json!({ "kind": "file", "name": name, "sha256": sha256, "size": FILES, "media_type": "application/octet-stream" });
    let id = uuid::Uuid::from_u128(1 << 64);
    let data =
        json!({ "item": item, "evidence": id, "content": content, "observed_on": "2026-11-23", "valid_until": null });
    push(data, "evidence_attached");
    set_count(entries, all.len());
    set_lines(entries, "checkpoints.jsonl", &all_notes(&launch.app.key, launch.id, &all));
    set_lines(entries, "events.jsonl", &all);
    set_lines(entries, "texts.jsonl", &texts);
    let file = (format!("evidence/{sha256}"), bytes);
    let at = entries.iter().position(|(name, _)| name.starts_with("evidence/") && *name > file.0);
    let at = at.unwrap_or(entries.len() - 1);
    entries.insert(at, file);
}

#[tokio::test]
async fn verifier_memory_does_not_grow_with_the_bundle() {
    let launch = launch_with_every_kind_of_content().await;
    let mut entries = entries(&bundle(&launch, &launch.auditor).await);
    let small = peak(&zip(&entries), "0");
    enlarge(&launch, &mut entries);
    let unpacked: usize = entries.iter().map(|(_, bytes)| bytes.len()).sum();
    let large = peak(&zip(&entries), "0");
    println!("small: {small} kB; large ({} MB unpacked): {large} kB", unpacked / 1_000_000);
    assert!(unpacked > 75_000_000);
    assert!(large < small + MORE_KILOBYTES, "small: {small} kB, large: {large} kB");
}

/// This many megabytes of a repeated text, between two others.
fn many(before: &str, same: &str, megabytes: usize, after: &str) -> Vec<u8> {
    let times = megabytes * 1024 * 1024 / same.len();
    [before, &same.repeat(times), after].concat().into_bytes()
}

#[tokio::test]
async fn hostile_bundle_takes_little_verifier_memory() {
    let launch = launch_with_every_kind_of_content().await;
    let good = entries(&bundle(&launch, &launch.auditor).await);
    let small = peak(&zip(&good), "0");
    let witness = "{\"name\":\"\",\"at\":\"2026-11-23T00:00:00.000000Z\"},";
    let first = lines(&mut good.clone(), "checkpoints.jsonl").remove(0);
    let (of_witnesses, end) = first.rsplit_once(']').unwrap();
    let of_witnesses = format!("{of_witnesses},").replace("[,", "[");
    let cases: [(&str, &str, Vec<u8>); 14] = [
        ("objects in place of signatures", "signatures.json", many("[", "{},", 60, "{}]")),
        ("lists in place of signatures", "signatures.json", many("[", "[],", 20, "[]]")),
        ("blanks before the signatures", "signatures.json", many("", " ", 20, "[]")),
        ("a long string", "signatures.json", many("[\"", "x", 20, "\"]")),
        ("a long name of a member", "signatures.json", many("[{\"", "x", 20, "\":1}]")),
        ("a long number", "signatures.json", many("[", "1", 20, "]")),
        ("deep lists", "signatures.json", many("", "[", 20, "")),
        ("an event of lists", "events.jsonl", many("{\"x\":[", "[],", 1, "[]]}\n")),
        ("an event of numbers", "events.jsonl", many("{\"x\":[", "0,", 1, "0]}\n")),
        ("deep lists in an event", "events.jsonl", many("", "[", 1, "\n")),
        (
            "witnesses",
            "checkpoints.jsonl",
            many(&of_witnesses, witness, 3, &format!("{}]{end}\n", witness.trim_end_matches(','))),
        ),
        (
            "sections of a checklist",
            "checklist.json",
            many(
                "{\"name\":\"x\",\"introduction\":null,\"required_roles\":[],\"parts\":[{\"title\":null,\"sections\":[",
                "{\"title\":null,\"items\":[]},",
                15,
                "{\"title\":null,\"items\":[]}]}]}",
            ),
        ),
        (
            "texts that no event names",
            "texts.jsonl",
            many("", "{\"commitment\":\"00\",\"salt\":\"00\",\"value\":\"\"}\n", 20, ""),
        ),
        ("a long description", "bundle.json", many("", " ", 20, "{}")),
    ];
    let mut most = 0;
    for (what, name, content) in cases {
        let mut entries = good.clone();
        *entry(&mut entries, name) = content;
        let bundle = zip(&entries);
        let peak = peak(&bundle, "1");
        println!("{what}: {} kB take {} kB more than a good bundle", bundle.len() / 1024, peak.saturating_sub(small));
        most = most.max(peak.saturating_sub(small));
    }
    let mut entries = good.clone();
    let at = entries.len() - 1;
    for number in 0..5_000_u64 {
        let hash = format!("{number:064x}");
        entries.insert(at, (format!("evidence/{hash}"), Vec::new()));
    }
    most = most.max(peak(&zip(&entries), "1").saturating_sub(small));
    assert!(most < HOSTILE_KILOBYTES, "{most} kB more than a good bundle");
}
