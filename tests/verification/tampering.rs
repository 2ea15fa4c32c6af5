//! Each way of tampering with a bundle, found by both verifiers.

use signoff::domain::canonical::Sha256Hash;

use super::*;
use crate::helpers::key;

/// A bundle, taken apart.
async fn taken() -> (Launch, Entries) {
    let launch = eventful().await;
    let bytes = bundle(&launch, &launch.auditor).await;
    (launch, entries(&bytes))
}

/// Has a bundle verified after an edit.
#[track_caller]
fn edited(good: &Entries, edit: impl FnOnce(&mut Entries)) -> Found {
    let mut entries = good.clone();
    edit(&mut entries);
    verified(&zip(&entries), &[])
}

/// Edits the events as lines.
#[track_caller]
fn events(good: &Entries, edit: impl FnOnce(&mut Vec<String>)) -> Found {
    edited(good, |entries| {
        let mut all = lines(entries, "events.jsonl");
        edit(&mut all);
        set_lines(entries, "events.jsonl", &all);
    })
}

#[tokio::test]
async fn what_is_done_to_events() {
    let (_launch, good) = taken().await;
    verified(&zip(&good), &[]).is(0, "Consistent");
    let number =
        |line: &str, from: usize, to: usize| line.replace(&format!("\"seq\":{from},"), &format!("\"seq\":{to},"));

    // A changed value.
    events(&good, |all| all[1] = all[1].replace("Olga Owner", "Olga Other"))
        .is(1, "do not hash to what the checkpoint");
    // A changed field of a signature.
    events(&good, |all| {
        let at = all.iter().position(|line| line.contains("\"verdict\":\"no_go\"")).unwrap();
        all[at] = all[at].replace("\"verdict\":\"no_go\"", "\"verdict\":\"go\"");
    })
    .is(1, "do not hash to what the checkpoint");
    // Deleted in the middle.
    events(&good, |all| drop(all.remove(4))).is(1, "Event 6 stands where event 5 should");
    // Reordered.
    events(&good, |all| all.swap(3, 4)).is(1, "Event 5 stands where event 4 should");
    // Reordered, with the numbers made to fit.
    events(&good, |all| {
        (all[1], all[2]) = (number(&all[2], 3, 2), number(&all[1], 2, 3));
    })
    .is(1, "");
    // Inserted.
    events(&good, |all| all.insert(4, all[4].clone())).is(1, "Event 5 stands where event 6 should");
    // Deleted, and all that follows numbered anew, with the number of events in the bundle.
    edited(&good, |entries| {
        let mut all = lines(entries, "events.jsonl");
        all.remove(4);
        let renumbered: Vec<String> = all.iter().enumerate().map(|(at, line)| number(line, at + 2, at + 1)).collect();
        for at in 4..all.len() {
            all[at].clone_from(&renumbered[at]);
        }
        set_lines(entries, "events.jsonl", &all);
    })
    .is(1, "do not hash to what the checkpoint");
    // Written as other JSON of the same meaning.
    events(&good, |all| all[2] = all[2].replacen("{\"actor\":", "{ \"actor\":", 1))
        .is(1, "Event 3 is not canonical JSON");
    // A tail cut off.
    events(&good, |all| drop(all.pop())).is(1, "and the bundle says that there are");
}

#[tokio::test]
async fn what_is_done_to_what_hangs_on_the_events() {
    let (launch, good) = taken().await;
    // A text.
    edited(&good, |entries| {
        let text = lines(entries, "texts.jsonl").join("\n") + "\n";
        *entry(entries, "texts.jsonl") = text.replace("wait for Mr X", "wait for Mr Y").into_bytes();
    })
    .is(1, "is not what was written: it was changed");
    edited(&good, |entries| {
        let mut all = lines(entries, "texts.jsonl");
        all.remove(0);
        set_lines(entries, "texts.jsonl", &all);
    })
    .is(1, "is missing, and no event says that it was redacted");
    edited(&good, |entries| {
        let mut all = lines(entries, "texts.jsonl");
        all.push(all[0].clone());
        set_lines(entries, "texts.jsonl", &all);
    })
    .is(1, "is there twice");
    // A signature, where it is for reading.
    edited(&good, |entries| {
        let text = String::from_utf8(entry(entries, "signatures.json").clone()).unwrap();
        *entry(entries, "signatures.json") = text.replacen("Sia Security", "Sia Insecurity", 1).into_bytes();
    })
    .is(1, "The signatures in signatures.json are not those in the events.");
    // The checklist.
    edited(&good, |entries| {
        let text = String::from_utf8(entry(entries, "checklist.json").clone()).unwrap();
        *entry(entries, "checklist.json") = text.replace("Runbook written", "Runbook burnt ").into_bytes();
    })
    .is(1, "The checklist is not the one that the launch was made from");
    // A file: swapped for one of the same size, of another, and gone.
    let name = format!("evidence/{}", report_hash(&launch).await);
    let swapped: Vec<u8> = REPORT.iter().rev().copied().collect();
    edited(&good, |entries| *entry(entries, &name) = swapped).is(1, "is not the one that was attached");
    edited(&good, |entries| *entry(entries, &name) = b"short".to_vec()).is(1, "has 5 bytes, not 22");
    edited(&good, |entries| entries.retain(|(known, _)| *known != name)).is(1, "is missing, and no event says");
    let stray = (format!("evidence/{}", Sha256Hash::of(b"stray")), b"stray".to_vec());
    edited(&good, |entries| {
        let at = entries.iter().position(|(known, _)| known.starts_with("evidence/") && *known > stray.0);
        let end = entries.len() - 1;
        entries.insert(at.unwrap_or(end), stray);
    })
    .is(1, "that no event names");
}

#[tokio::test]
async fn what_is_done_to_checkpoints_and_keys() {
    let (launch, good) = taken().await;
    let all = lines(&mut good.clone(), "events.jsonl");
    // Forged: right about everything, with the right key's name, and signed with another.
    let id = launch.app.key.public().installation();
    let forger = PrivateKey::new(id, &secrecy::zeroize::Zeroizing::new([99; 32]));
    let forged = note(&forger, launch.id, &all);
    edited(&good, |entries| set_lines(entries, "checkpoints.jsonl", &[line(&forged)])).is(1, "can't be believed");
    let honest = note(&launch.app.key, launch.id, &all);
    let mut bent = honest.clone();
    let at = bent.trim_end().len() - 6;
    bent.replace_range(at..=at, if &bent[at..=at] == "A" { "B" } else { "A" });
    edited(&good, |entries| set_lines(entries, "checkpoints.jsonl", &[line(&bent)]))
        .is(1, "the signature on the checkpoint is false");
    // Of another launch, by the right key.
    let other = note(&launch.app.key, ambient::new_id(), &all);
    edited(&good, |entries| set_lines(entries, "checkpoints.jsonl", &[line(&other)])).is(1, "is of another log");
    // None for the end.
    edited(&good, |entries| {
        let mut notes = lines(entries, "checkpoints.jsonl");
        notes.pop();
        set_lines(entries, "checkpoints.jsonl", &notes);
    })
    .is(1, "No checkpoint covers the whole history");
    edited(&good, |entries| set_lines(entries, "checkpoints.jsonl", &["{\"note\":\"hello\"}".to_owned()])).is(1, "");

    // Everything replaced, the key too, and consistent: it takes a key or a checkpoint from elsewhere to tell.
    let mut entries = good.clone();
    let mut all = lines(&mut entries, "events.jsonl");
    all[1] = all[1].replace("Olga Owner", "Olga Other");
    set_lines(&mut entries, "events.jsonl", &all);
    set_lines(&mut entries, "checkpoints.jsonl", &all_notes(&forger, launch.id, &all));
    set_lines(&mut entries, "key.txt", &[forger.public().to_string()]);
    let replaced = zip(&entries);
    verified(&replaced, &[]).is(0, "Consistent; key not confirmed.");
    let own = launch.app.key.public().to_string();
    verified(&replaced, &["--key", &own]).is(1, "not the one that was given");
    let file = kept(&honest);
    verified(&replaced, &["--checkpoint", file.path().to_str().unwrap()])
        .is(1, "The checkpoint that you hold can't be believed");
    // The key's own history, rewritten by who has the key.
    set_lines(&mut entries, "key.txt", std::slice::from_ref(&own));
    set_lines(&mut entries, "checkpoints.jsonl", &all_notes(&launch.app.key, launch.id, &all));
    let rewritten = zip(&entries);
    verified(&rewritten, &["--key", &own]).is(0, "Good");
    verified(&rewritten, &["--checkpoint", file.path().to_str().unwrap()])
        .is(1, "This history is not the one of the checkpoint");
    // With the key of another installation.
    set_lines(&mut entries, "key.txt", &[key(9).public().to_string()]);
    verified(&zip(&entries), &[]).is(1, "is of another installation");
}

#[tokio::test]
async fn bundle_without_the_checkpoint_of_an_event_that_must_have_one_is_refused() {
    let (launch, good) = taken().await;
    let all = lines(&mut good.clone(), "events.jsonl");
    let required: Vec<usize> = all
        .iter()
        .enumerate()
        .filter(|(_, event)| CHECKPOINTED.iter().any(|kind| event.contains(&format!("\"kind\":\"{kind}\""))))
        .map(|(at, _)| at + 1)
        .collect();
    assert!(required.len() >= 4 && required[0] < all.len());
    let of_size = |text: &String, size: usize| {
        let line: serde_json::Value = serde_json::from_str(text).unwrap();
        line["note"].as_str().unwrap().lines().nth(1) == Some(size.to_string().as_str())
    };
    // Without any one of them; and without all but the last.
    for size in required.iter().filter(|size| **size < all.len()) {
        edited(&good, |entries| {
            let mut notes = lines(entries, "checkpoints.jsonl");
            let before = notes.len();
            notes.retain(|text| !of_size(text, *size));
            assert_eq!(notes.len(), before - 1, "there is one of {size} events");
            set_lines(entries, "checkpoints.jsonl", &notes);
        })
        .is(1, &format!("No checkpoint ends with event {size} ("));
    }
    edited(&good, |entries| {
        set_lines(entries, "checkpoints.jsonl", &[line(&note(&launch.app.key, launch.id, &all))]);
    })
    .is(1, &format!("No checkpoint ends with event {} (signed)", required[0]));
}

#[tokio::test]
async fn a_tail_that_was_cut_off_is_missed_by_who_holds_a_checkpoint() {
    let (launch, mut entries) = taken().await;
    let all = lines(&mut entries, "events.jsonl");
    let file = kept(&note(&launch.app.key, launch.id, &all));
    // The last event is a signature: one signs go, and it is as if they never had.
    let signed = |line: &&String| line.contains("\"kind\":\"signed\"");
    assert!(all.last().as_ref().is_some_and(signed));
    let short = &all[..all.len() - 1];
    let texts: Vec<String> = lines(&mut entries, "texts.jsonl");
    let named = |text: &String| {
        let commitment = serde_json::from_str::<serde_json::Value>(text).unwrap()["commitment"].to_string();
        short.iter().any(|line| line.contains(&commitment))
    };
    let texts: Vec<String> = texts.into_iter().filter(named).collect();
    set_lines(&mut entries, "texts.jsonl", &texts);
    set_lines(&mut entries, "events.jsonl", short);
    set_lines(&mut entries, "checkpoints.jsonl", &all_notes(&launch.app.key, launch.id, short));
    set_count(&mut entries, short.len());
    let mut signed: serde_json::Value = serde_json::from_slice(entry(&mut entries, "signatures.json")).unwrap();
    signed.as_array_mut().unwrap().pop();
    *entry(&mut entries, "signatures.json") = serde_json::to_vec(&signed).unwrap();
    let bytes = zip(&entries);
    let own = launch.app.key.public().to_string();
    verified(&bytes, &["--key", &own]).is(0, "Good");
    verified(&bytes, &["--checkpoint", file.path().to_str().unwrap()]).is(1, "events were removed from its end");
}

/// An archive made by hand, entry by entry, which a library would refuse to make.
fn by_hand(entries: &[(&str, &[u8], u32)]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, content, attributes) in entries {
        let at = u32::try_from(bytes.len()).unwrap();
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let (length, size) = (u16::try_from(name.len()).unwrap(), u32::try_from(content.len()).unwrap());
        let mut common = Vec::new();
        for number in [20_u16, 0x800, 0, 0, 0] {
            common.extend(number.to_le_bytes());
        }
        for number in [crc.sum(), size, size] {
            common.extend(number.to_le_bytes());
        }
        common.extend(length.to_le_bytes());
        common.extend(0_u16.to_le_bytes());
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&common);
        bytes.extend(name.as_bytes());
        bytes.extend(*content);
        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(&common);
        directory.extend([0; 6]);
        directory.extend(attributes.to_le_bytes());
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (at, size) = (u32::try_from(bytes.len()).unwrap(), u32::try_from(directory.len()).unwrap());
    let count = u16::try_from(entries.len()).unwrap();
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    bytes.extend([size.to_le_bytes(), at.to_le_bytes()].concat());
    bytes.extend([0, 0]);
    bytes
}

#[tokio::test]
async fn what_is_done_to_the_archive() {
    let (_launch, good) = taken().await;
    let all: Vec<(&str, &[u8], u32)> =
        good.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice(), 0o100_644 << 16)).collect();
    let with = |more: (&'static str, &'static [u8], u32)| {
        let mut all = all.clone();
        all.push(more);
        by_hand(&all)
    };
    verified(&by_hand(&all), &[]).is(0, "Consistent");
    verified(&with(("events.jsonl", b"", 0)), &[]).is(1, "There are two entries of the name \"events.jsonl\"");
    for name in ["../events.jsonl", "/etc/passwd", "evidence/../../x", "..\\x"] {
        verified(&with((name, b"x", 0)), &[]).is(1, "would be unpacked outside of its folder");
    }
    verified(&with(("notes.txt", b"x", 0)), &[]).is(1, "which no bundle has");
    verified(&with(("link", b"/etc/passwd", 0o120_777 << 16)), &[]).is(1, "is a link");
    // Bytes that no entry accounts for.
    let mut stray = by_hand(&all);
    stray.splice(0..0, *b"hello");
    verified(&stray, &[]).is(1, "");
    let mut stray = by_hand(&all);
    stray.extend(b"hello");
    assert_eq!(verified(&stray, &[]).status, 2);
    // In another order.
    edited(&good, |entries| entries.swap(4, 5)).is(1, "");
    edited(&good, |entries| drop(entries.remove(6))).is(1, "");
    // A byte that was changed in the packed bytes.
    let mut bytes = by_hand(&all);
    let at = bytes.windows(10).position(|bytes| bytes == b"\"v\":1}\n{\"a").unwrap();
    bytes[at + 4] = b'2';
    verified(&bytes, &[]).is(1, "");
}

#[tokio::test]
async fn a_bomb_is_put_down_before_it_bursts() {
    let (launch, good) = taken().await;
    for (name, megabytes, words) in [
        ("bundle.json", 1, "unpacks to more than"),
        ("checklist.json", 65, "unpacks to more than"),
        ("events.jsonl", 5, "is longer than any can be"),
        ("texts.jsonl", 5, "is longer than any can be"),
    ] {
        let spaces = vec![b' '; megabytes * 1024 * 1024];
        edited(&good, |entries| entry(entries, name).extend(&spaces)).is(1, words);
    }
    let name = format!("evidence/{}", report_hash(&launch).await);
    edited(&good, |entries| entry(entries, &name).extend(&[0; 1024 * 1024])).is(1, "unpacks to more than 22 bytes");
}
