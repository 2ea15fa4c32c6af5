//! Each way of tampering with a bundle, found by both verifiers.

use signoff::domain::{bundle::TrustAnchors, canonical::Sha256Hash};

use super::{
    zip_parts::{self, Parts, set},
    *,
};
use crate::helpers::private_key;

/// An exported bundle's entries.
async fn export_bundle() -> (Launch, Entries) {
    let launch = launch_with_every_kind_of_content().await;
    let bytes = bundle(&launch, &launch.auditor).await;
    (launch, entries(&bytes))
}

/// Verifies a bundle after an edit.
#[track_caller]
fn verify_edited(good: &Entries, edit: impl FnOnce(&mut Entries)) -> VerifierOutput {
    let mut entries = good.clone();
    edit(&mut entries);
    run_verifier(&zip(&entries), &[])
}

/// Verifies a bundle after an edit of the lines of its events.
#[track_caller]
fn verify_edited_events(good: &Entries, edit: impl FnOnce(&mut Vec<String>)) -> VerifierOutput {
    verify_edited(good, |entries| {
        let mut all = lines(entries, "events.jsonl");
        edit(&mut all);
        set_lines(entries, "events.jsonl", &all);
    })
}

#[tokio::test]
async fn bundle_with_tampered_events_is_refused() {
    let (_launch, good) = export_bundle().await;
    run_verifier(&zip(&good), &[]).assert_status(0, "Consistent");
    let number =
        |line: &str, from: usize, to: usize| line.replace(&format!("\"seq\":{from},"), &format!("\"seq\":{to},"));

    // A changed value.
    verify_edited_events(&good, |all| all[1] = all[1].replace("Olga Owner", "Olga Other"))
        .assert_status(1, "do not hash to what the checkpoint");
    // A changed field of a signature.
    verify_edited_events(&good, |all| {
        let at = all.iter().position(|line| line.contains("\"verdict\":\"no_go\"")).unwrap();
        all[at] = all[at].replace("\"verdict\":\"no_go\"", "\"verdict\":\"go\"");
    })
    .assert_status(1, "do not hash to what the checkpoint");
    // Deleted in the middle.
    verify_edited_events(&good, |all| drop(all.remove(4))).assert_status(1, "Event 6 stands where event 5 should");
    // Reordered.
    verify_edited_events(&good, |all| all.swap(3, 4)).assert_status(1, "Event 5 stands where event 4 should");
    // Reordered, with the numbers made to fit.
    verify_edited_events(&good, |all| {
        (all[1], all[2]) = (number(&all[2], 3, 2), number(&all[1], 2, 3));
    })
    .assert_status(1, "");
    // Inserted.
    verify_edited_events(&good, |all| all.insert(4, all[4].clone()))
        .assert_status(1, "Event 5 stands where event 6 should");
    // Deleted, with the following events and the bundle's number of events renumbered.
    verify_edited(&good, |entries| {
        let mut all = lines(entries, "events.jsonl");
        all.remove(4);
        let renumbered: Vec<String> = all.iter().enumerate().map(|(at, line)| number(line, at + 2, at + 1)).collect();
        for at in 4..all.len() {
            all[at].clone_from(&renumbered[at]);
        }
        set_lines(entries, "events.jsonl", &all);
    })
    .assert_status(1, "");
    // Written as other JSON of the same meaning.
    verify_edited_events(&good, |all| all[2] = all[2].replacen("{\"actor\":", "{ \"actor\":", 1))
        .assert_status(1, "Event 3 is not canonical JSON");
    // Truncated.
    verify_edited_events(&good, |all| drop(all.pop())).assert_status(1, "and the bundle says that there are");
}

#[tokio::test]
async fn bundle_with_tampered_texts_or_files_is_refused() {
    let (launch, good) = export_bundle().await;
    // A text.
    verify_edited(&good, |entries| {
        let text = lines(entries, "texts.jsonl").join("\n") + "\n";
        *entry(entries, "texts.jsonl") = text.replace("wait for Mr X", "wait for Mr Y").into_bytes();
    })
    .assert_status(1, "is not what was written: it was changed");
    verify_edited(&good, |entries| {
        let mut all = lines(entries, "texts.jsonl");
        all.remove(0);
        set_lines(entries, "texts.jsonl", &all);
    })
    .assert_status(1, "is missing, and no event says that it was redacted");
    verify_edited(&good, |entries| {
        let mut all = lines(entries, "texts.jsonl");
        all.push(all[0].clone());
        set_lines(entries, "texts.jsonl", &all);
    })
    .assert_status(1, "is there twice");
    // A signature, in the readable list.
    verify_edited(&good, |entries| {
        let text = String::from_utf8(entry(entries, "signatures.json").clone()).unwrap();
        *entry(entries, "signatures.json") = text.replacen("Sven Security", "Sia Insecurity", 1).into_bytes();
    })
    .assert_status(1, "The signatures in signatures.json are not those in the events.");
    // The checklist.
    verify_edited(&good, |entries| {
        let text = String::from_utf8(entry(entries, "checklist.json").clone()).unwrap();
        *entry(entries, "checklist.json") = text.replace("Runbook written", "Runbook burnt ").into_bytes();
    })
    .assert_status(1, "The checklist is not the one that the launch was made from");
    // A file: swapped for one of the same size, of another, and gone.
    let name = format!("evidence/{}", report_hash(&launch).await);
    let swapped: Vec<u8> = REPORT.iter().rev().copied().collect();
    verify_edited(&good, |entries| *entry(entries, &name) = swapped)
        .assert_status(1, "is not the one that was attached");
    verify_edited(&good, |entries| *entry(entries, &name) = b"short".to_vec()).assert_status(1, "has 5 bytes, not 22");
    verify_edited(&good, |entries| entries.retain(|(known, _)| *known != name))
        .assert_status(1, "is missing, and no event says");
    let stray = (format!("evidence/{}", Sha256Hash::compute(b"stray")), b"stray".to_vec());
    verify_edited(&good, |entries| {
        let at = entries.iter().position(|(known, _)| known.starts_with("evidence/") && *known > stray.0);
        let end = entries.len() - 1;
        entries.insert(at.unwrap_or(end), stray);
    })
    .assert_status(1, "that no event names");
}

#[tokio::test]
async fn bundle_with_tampered_checkpoints_or_keys_is_refused() {
    let (launch, good) = export_bundle().await;
    let all = lines(&mut good.clone(), "events.jsonl");
    // Forged: right in everything, with the right key's name, but signed with another.
    let id = launch.app.key.public_key().installation();
    let forger = PrivateKey::new(id, &secrecy::zeroize::Zeroizing::new([99; 32]));
    let forged = note(&forger, launch.id, &all);
    verify_edited(&good, |entries| set_lines(entries, "checkpoints.jsonl", &[line(&forged)]))
        .assert_status(1, "can't be believed");
    let honest = note(&launch.app.key, launch.id, &all);
    let mut bent = honest.clone();
    let at = bent.trim_end().len() - 6;
    bent.replace_range(at..=at, if &bent[at..=at] == "A" { "B" } else { "A" });
    verify_edited(&good, |entries| set_lines(entries, "checkpoints.jsonl", &[line(&bent)]))
        .assert_status(1, "the signature on the checkpoint is false");
    // Of another launch, by the right key.
    let other = note(&launch.app.key, ambient::new_id(), &all);
    verify_edited(&good, |entries| set_lines(entries, "checkpoints.jsonl", &[line(&other)]))
        .assert_status(1, "is of another log");
    // Without a checkpoint at the end.
    verify_edited(&good, |entries| {
        let mut notes = lines(entries, "checkpoints.jsonl");
        notes.pop();
        set_lines(entries, "checkpoints.jsonl", &notes);
    })
    .assert_status(1, "No checkpoint covers the whole history");
    verify_edited(&good, |entries| set_lines(entries, "checkpoints.jsonl", &["{\"note\":\"hello\"}".to_owned()]))
        .assert_status(1, "");

    // Everything replaced, the key too, and consistent: only a key or a checkpoint from elsewhere reveals it.
    let mut entries = good.clone();
    let mut all = lines(&mut entries, "events.jsonl");
    all[1] = all[1].replace("Olga Owner", "Olga Other");
    set_lines(&mut entries, "events.jsonl", &all);
    set_lines(&mut entries, "checkpoints.jsonl", &all_notes(&forger, launch.id, &all));
    set_lines(&mut entries, "key.txt", &[forger.public_key().to_string()]);
    let replaced = zip(&entries);
    run_verifier(&replaced, &[]).assert_status(0, "Consistent; key not confirmed.");
    let own = launch.app.key.public_key().to_string();
    run_verifier(&replaced, &["--key", &own]).assert_status(1, "not the one that was given");
    let file = write_temp_file(&honest);
    run_verifier(&replaced, &["--checkpoint", file.path().to_str().unwrap()])
        .assert_status(1, "The checkpoint that you hold can't be believed");
    // The key's own history, rewritten by the holder of the key.
    set_lines(&mut entries, "key.txt", std::slice::from_ref(&own));
    set_lines(&mut entries, "checkpoints.jsonl", &all_notes(&launch.app.key, launch.id, &all));
    let rewritten = zip(&entries);
    run_verifier(&rewritten, &["--key", &own]).assert_status(0, "Good");
    run_verifier(&rewritten, &["--checkpoint", file.path().to_str().unwrap()])
        .assert_status(1, "This history is not the one of the checkpoint");
    // With the key of another installation.
    set_lines(&mut entries, "key.txt", &[private_key(9).public_key().to_string()]);
    run_verifier(&zip(&entries), &[]).assert_status(1, "is of another installation");
}

#[tokio::test]
async fn bundle_without_a_required_checkpoint_is_refused() {
    let (launch, good) = export_bundle().await;
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
        verify_edited(&good, |entries| {
            let mut notes = lines(entries, "checkpoints.jsonl");
            let before = notes.len();
            notes.retain(|text| !of_size(text, *size));
            assert_eq!(notes.len(), before - 1, "there is one of {size} events");
            set_lines(entries, "checkpoints.jsonl", &notes);
        })
        .assert_status(1, &format!("No checkpoint ends with event {size} ("));
    }
    verify_edited(&good, |entries| {
        set_lines(entries, "checkpoints.jsonl", &[line(&note(&launch.app.key, launch.id, &all))]);
    })
    .assert_status(1, &format!("No checkpoint ends with event {} (signed)", required[0]));
}

#[tokio::test]
async fn held_checkpoint_reveals_a_truncated_bundle() {
    let (launch, mut entries) = export_bundle().await;
    let all = lines(&mut entries, "events.jsonl");
    let file = write_temp_file(&note(&launch.app.key, launch.id, &all));
    // The last event is a signature; the truncated bundle looks as if it had never been given.
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
    let own = launch.app.key.public_key().to_string();
    run_verifier(&bytes, &["--key", &own]).assert_status(0, "Good");
    run_verifier(&bytes, &["--checkpoint", file.path().to_str().unwrap()])
        .assert_status(1, "events were removed from its end");
}

#[tokio::test]
async fn bundle_with_a_tampered_archive_is_refused() {
    let (_launch, good) = export_bundle().await;
    let parts = Parts::of(&zip(&good));
    let last = parts.members.len() - 1;
    run_verifier(&parts.bytes(), &[]).assert_status(0, "Consistent");
    let with = |at: usize, name: &str| parts.edited(|parts| parts.insert(at, name, b"x"));
    run_verifier(&with(last, "events.jsonl"), &[])
        .assert_status(1, "There are two entries of the name \"events.jsonl\"");
    for name in ["../events.jsonl", "/etc/passwd", "evidence/../../x", "..\\x"] {
        run_verifier(&with(last, name), &[]).assert_status(1, "would be unpacked outside of its folder");
    }
    run_verifier(&with(last, "notes.txt"), &[]).assert_status(1, "which no bundle has");
    let link =
        parts.edited(|parts| set(&mut parts.member("report.html").central, 38, (0o120_777_u32 << 16).to_le_bytes()));
    run_verifier(&link, &[]).assert_status(1, "is a link");
    // Bytes that belong to no entry.
    for (stray, words) in [
        (parts.edited(|parts| parts.before = b"hello".to_vec()), "something before its first entry"),
        (parts.edited(|parts| parts.members[3].gap = vec![0; 16]), "does not list the entry"),
        (parts.edited(|parts| parts.members[last].gap = b"hello".to_vec()), "does not list the entry"),
        (parts.edited(|parts| parts.after = b"hello".to_vec()), "something after its end"),
        (parts.edited(|parts| parts.after = b"\n".to_vec()), "something after its end"),
    ] {
        run_verifier(&stray, &[]).assert_status(1, words);
    }
    assert_archive_refused(&parts.edited(|parts| parts.behind_directory = b"hello".to_vec()), "its end contradicts");
    // In another order.
    verify_edited(&good, |entries| entries.swap(4, 5)).assert_status(1, "");
    verify_edited(&good, |entries| drop(entries.remove(6))).assert_status(1, "");
    // A changed byte in the compressed bytes.
    let broken = parts.edited(|parts| parts.member("events.jsonl").packed[20] ^= 1);
    run_verifier(&broken, &[]).assert_status(1, "");
}

/// Somebody who may attach evidence can add a file to a bundle that is itself a deflated stream of another one; and
/// somebody who has a bundle can give an entry another name for some readers. Neither needs a key.
#[tokio::test]
async fn bundle_entry_read_differently_by_two_readers_is_refused() {
    let (_launch, good) = export_bundle().await;
    let parts = Parts::of(&zip(&good));
    let refused = |words: &str, edit: &dyn Fn(&mut Parts)| assert_archive_refused(&parts.edited(edit), words);
    // A name for Info-ZIP alone, which `unzip` uses: in the header, in the directory, in both.
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
    // Stored for readers of the directory, deflated for readers of the header; and the other way round.
    let inner = zip_parts::deflate(b"NO findings", 9);
    refused("stands after the entry \"report.html\" contradicts its bytes", &|parts| {
        let report = parts.member("report.html");
        report.pack(&inner);
        report.packed.clone_from(&inner);
        set(&mut report.central, 10, [0, 0]);
    });
    refused("differs from signoff's in the method of compression", &|parts| {
        set(&mut parts.member("report.html").local, 8, [0, 0]);
    });
    // Encrypted for readers of the header.
    refused("its flags", &|parts| set(&mut parts.member("report.html").local, 6, [9, 0]));
    // Other sizes and another checksum, in each of the places.
    for by in [1_u32, 50] {
        for (at, words) in [(16, "the checksum"), (20, "the packed size"), (24, "the size")] {
            for number in [u32::wrapping_add, u32::wrapping_sub] {
                refused(words, &|parts| {
                    let central = &mut parts.member("report.html").central;
                    let wrong = number(zip_parts::u32_at(central, at), by);
                    set(central, at, wrong.to_le_bytes());
                });
                refused(words, &|parts| {
                    let descriptor = &mut parts.member("report.html").descriptor;
                    let wrong = number(zip_parts::u32_at(descriptor, at - 12), by);
                    set(descriptor, at - 12, wrong.to_le_bytes());
                });
            }
        }
    }
    // Unneeded fields: comments, attributes, disks, versions, another descriptor, or none.
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
fn assert_archive_refused(bytes: &[u8], words: &str) {
    let found = signoff::bundle::verify_bundle(Cursor::new(bytes), TrustAnchors::default()).unwrap_err();
    let signoff::bundle::BundleReadError::Defect(finding) = found else { panic!("{found:?}") };
    assert_eq!(finding.exit_code(), 1, "{finding}");
    assert!(finding.to_string().contains(words), "{words:?} in {finding}");
}

#[tokio::test]
async fn zip_bomb_is_refused_before_unpacking() {
    let (launch, good) = export_bundle().await;
    for (name, megabytes, words) in [
        ("bundle.json", 1, "unpacks to more than"),
        ("checklist.json", 17, "unpacks to more than"),
        ("signatures.json", 65, "unpacks to more than"),
        ("events.jsonl", 5, "is longer than any can be"),
        ("texts.jsonl", 5, "is longer than any can be"),
    ] {
        let spaces = vec![b' '; megabytes * 1024 * 1024];
        verify_edited(&good, |entries| entry(entries, name).extend(&spaces)).assert_status(1, words);
    }
    let name = format!("evidence/{}", report_hash(&launch).await);
    verify_edited(&good, |entries| entry(entries, &name).extend(&[0; 1024 * 1024]))
        .assert_status(1, "unpacks to more than 22 bytes");
}
