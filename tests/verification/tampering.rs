//! Each way of tampering with a bundle, found by both verifiers.

use signoff::domain::{bundle::Given, canonical::Sha256Hash};

use super::{
    archive::{self, Parts, set},
    *,
};
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
    .is(1, "");
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

#[tokio::test]
async fn what_is_done_to_the_archive() {
    let (_launch, good) = taken().await;
    let parts = Parts::of(&zip(&good));
    let last = parts.members.len() - 1;
    verified(&parts.bytes(), &[]).is(0, "Consistent");
    let with = |at: usize, name: &str| parts.edited(|parts| parts.insert(at, name, b"x"));
    verified(&with(last, "events.jsonl"), &[]).is(1, "There are two entries of the name \"events.jsonl\"");
    for name in ["../events.jsonl", "/etc/passwd", "evidence/../../x", "..\\x"] {
        verified(&with(last, name), &[]).is(1, "would be unpacked outside of its folder");
    }
    verified(&with(last, "notes.txt"), &[]).is(1, "which no bundle has");
    let link =
        parts.edited(|parts| set(&mut parts.member("report.html").central, 38, (0o120_777_u32 << 16).to_le_bytes()));
    verified(&link, &[]).is(1, "is a link");
    // Bytes that no entry accounts for.
    for (stray, words) in [
        (parts.edited(|parts| parts.before = b"hello".to_vec()), "something before its first entry"),
        (parts.edited(|parts| parts.members[3].gap = vec![0; 16]), "does not list the entry"),
        (parts.edited(|parts| parts.members[last].gap = b"hello".to_vec()), "does not list the entry"),
        (parts.edited(|parts| parts.after = b"hello".to_vec()), "something after its end"),
        (parts.edited(|parts| parts.after = b"\n".to_vec()), "something after its end"),
    ] {
        verified(&stray, &[]).is(1, words);
    }
    is_archive_refused(&parts.edited(|parts| parts.behind_directory = b"hello".to_vec()), "its end contradicts");
    // In another order.
    edited(&good, |entries| entries.swap(4, 5)).is(1, "");
    edited(&good, |entries| drop(entries.remove(6))).is(1, "");
    // A byte that was changed in the packed bytes.
    let broken = parts.edited(|parts| parts.member("events.jsonl").packed[20] ^= 1);
    verified(&broken, &[]).is(1, "");
}

/// Whoever may attach evidence can have a file in a bundle that is itself a deflated stream of another one; and whoever
/// holds a bundle can give an entry another name for some readers. Neither takes a key.
#[tokio::test]
async fn entry_that_two_readers_would_read_differently_is_refused() {
    let (_launch, good) = taken().await;
    let parts = Parts::of(&zip(&good));
    let refused = |words: &str, edit: &dyn Fn(&mut Parts)| is_archive_refused(&parts.edited(edit), words);
    // A name for Info-ZIP alone, which `unzip` believes: of a header, of the directory, of both.
    let unicode_path = |name: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(name);
        let path = b"signatures.json";
        let field = [&0x7075_u16.to_le_bytes()[..], &20_u16.to_le_bytes(), &[1], &crc.sum().to_le_bytes(), path];
        field.concat()
    };
    refused("\"report.html\", in the length of an extra field", &|parts| {
        let report = parts.member("report.html");
        report.central_extra = unicode_path(b"report.html");
    });
    refused("\"report.html\" differs from signoff's in the length of an extra field", &|parts| {
        let report = parts.member("report.html");
        report.extra = unicode_path(b"report.html");
    });
    // Stored for who believes the directory, deflated for who believes the header; and the other way round.
    let inner = archive::deflate(b"NO findings", 9);
    refused("stands after the entry \"report.html\" contradicts its bytes", &|parts| {
        let report = parts.member("report.html");
        report.pack(&inner);
        report.packed.clone_from(&inner);
        set(&mut report.central, 10, [0, 0]);
    });
    refused("differs from signoff's in the method of compression", &|parts| {
        set(&mut parts.member("report.html").local, 8, [0, 0]);
    });
    // Encrypted for who believes the header.
    refused("its flags", &|parts| set(&mut parts.member("report.html").local, 6, [9, 0]));
    // Other sizes and another checksum, in each of the places.
    for by in [1_u32, 50] {
        for (at, words) in [(16, "the checksum"), (20, "the packed size"), (24, "the size")] {
            for number in [u32::wrapping_add, u32::wrapping_sub] {
                refused(words, &|parts| {
                    let central = &mut parts.member("report.html").central;
                    let wrong = number(archive::u32_at(central, at), by);
                    set(central, at, wrong.to_le_bytes());
                });
                refused(words, &|parts| {
                    let descriptor = &mut parts.member("report.html").descriptor;
                    let wrong = number(archive::u32_at(descriptor, at - 12), by);
                    set(descriptor, at - 12, wrong.to_le_bytes());
                });
            }
        }
    }
    // What is not needed: comments, attributes, disks, versions, another descriptor, or none.
    refused("the length of a comment", &|parts| parts.member("report.html").comment = vec![b'x'; 60_000]);
    refused("the attributes", &|parts| {
        set(&mut parts.member("report.html").central, 38, (0o40_755_u32 << 16).to_le_bytes())
    });
    refused("the number of a disk", &|parts| set(&mut parts.member("report.html").central, 34, [1, 0]));
    refused("the system and version", &|parts| set(&mut parts.member("report.html").central, 4, [20, 0]));
    refused("stands after the entry \"key.txt\"", &|parts| drop(parts.member("key.txt").descriptor.drain(..4)));
    refused("stands after the entry \"key.txt\"", &|parts| parts.member("key.txt").descriptor.clear());
}

#[track_caller]
fn is_archive_refused(bytes: &[u8], words: &str) {
    let found = signoff::bundle::verify(Cursor::new(bytes), Given::default()).unwrap_err();
    let signoff::bundle::Trouble::Found(finding) = found else { panic!("{found:?}") };
    assert_eq!(finding.status(), 1, "{finding}");
    assert!(finding.to_string().contains(words), "{words:?} in {finding}");
}

#[tokio::test]
async fn a_bomb_is_put_down_before_it_bursts() {
    let (launch, good) = taken().await;
    for (name, megabytes, words) in [
        ("bundle.json", 1, "unpacks to more than"),
        ("checklist.json", 17, "unpacks to more than"),
        ("signatures.json", 65, "unpacks to more than"),
        ("events.jsonl", 5, "is longer than any can be"),
        ("texts.jsonl", 5, "is longer than any can be"),
    ] {
        let spaces = vec![b' '; megabytes * 1024 * 1024];
        edited(&good, |entries| entry(entries, name).extend(&spaces)).is(1, words);
    }
    let name = format!("evidence/{}", report_hash(&launch).await);
    edited(&good, |entries| entry(entries, &name).extend(&[0; 1024 * 1024])).is(1, "unpacks to more than 22 bytes");
}
