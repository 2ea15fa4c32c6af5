//! Keys that follow one another: what either verifier says of a rotation and of a lost key, and that none is forged.

use std::{fs, os::unix::fs::PermissionsExt as _, sync::Arc};

use secrecy::zeroize::Zeroizing;
use signoff::{
    db,
    domain::{
        key::PublicKey,
        key_chain::{KeyStatement, SignedKeyStatement},
    },
    record::{
        keys::{KeyBefore, KeyRegistrationError, add_key, register_key},
        verify::{InstallationReport, verify_installation},
    },
};

use super::{
    database::{assert_finding, launch_with_checkpoint, sentences},
    *,
};
use crate::helpers::program::Program;

/// A key of the same installation, a different one for each number.
fn sibling(key: &PrivateKey, number: u8) -> PrivateKey {
    PrivateKey::new(key.public_key().installation(), &Zeroizing::new([number; 32]))
}

/// Changes the installation's key, and starts the server again with the new one.
pub(super) async fn change_key(launch: &mut Launch, number: u8, is_lost: bool) -> SignedKeyStatement {
    let old = Arc::clone(&launch.app.key);
    let (public, new) = (old.public_key(), sibling(&old, number));
    let before = if is_lost { KeyBefore::Lost(&public) } else { KeyBefore::Held(&old) };
    let state = &launch.app.state;
    let statement = add_key(&state.db, before, &new, ambient::new_id(), state.clock.now()).await.unwrap();
    launch.app.key = Arc::new(new);
    launch.app.restart(async |_| ()).await;
    statement
}

async fn verify_all(launch: &Launch, key: &PublicKey) -> InstallationReport {
    verify_installation(&launch.app.owner, &launch.app.state.blobs, key, &[]).await.unwrap()
}

/// The newest checkpoint in a bundle, in a file.
fn held_file(bundle: &[u8]) -> tempfile::NamedTempFile {
    let last = lines(&mut entries(bundle), "checkpoints.jsonl").pop().unwrap();
    let line: serde_json::Value = serde_json::from_str(&last).unwrap();
    write_temp_file(line["note"].as_str().unwrap())
}

#[tokio::test]
async fn rotated_key_is_followed_by_both_verifiers_and_by_the_database_verification() {
    let (mut launch, _) = launch_with_checkpoint().await;
    let before = bundle(&launch, &launch.auditor).await;
    let first = launch.app.key.public_key().to_string();
    change_key(&mut launch, 21, false).await;
    let second = launch.app.key.public_key().to_string();
    let unchanged = bundle(&launch, &launch.auditor).await;
    launch.mark(&launch.member, "status", ItemState::Open).await;
    launch.sign(&launch.security, "security", "no_go", &[("comment", "not yet")]).await.expect_status(303);
    let after = bundle(&launch, &launch.auditor).await;
    let (held, stranger) = (held_file(&before), sibling(&launch.app.key, 99).public_key().to_string());
    let held = held.path().to_str().unwrap();

    // A bundle from before has one key, and a reader of the new one has to ask for it.
    run_verifier(&before, &["--key", &first]).assert_status(0, "Good");
    run_verifier(&before, &["--key", &second]).assert_status(1, "not the one that was given");
    for bundle in [&unchanged, &after] {
        let names: Vec<String> = entries(bundle).into_iter().map(|(name, _)| name).take(4).collect();
        assert_eq!(names, ["bundle.json", "key.txt", "keys.jsonl", "checkpoints.jsonl"]);
        for key in [&first, &second] {
            let output = run_verifier(bundle, &["--key", key]);
            output.assert_status(0, "Good");
            assert!(output.output.contains("Rotated   key 2 follows key 1, which signed it"), "{}", output.output);
            run_verifier(bundle, &["--key", key, "--checkpoint", held]).assert_status(0, "that you hold");
        }
        run_verifier(bundle, &[]).assert_status(0, "Consistent");
        run_verifier(bundle, &["--key", &stranger]).assert_status(1, "not the one that was given");
    }
    for key in [first, second] {
        let found = verify_all(&launch, &key.parse().unwrap()).await;
        assert_eq!((sentences(&found), found.notes), (Vec::new(), Vec::<String>::new()), "{key}");
    }
    assert_finding(
        &verify_all(&launch, &stranger.parse().unwrap()).await,
        "The table keys: the given key is none of them",
    );
    let kinds = launch.app.installation_log().await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "key_rotated").count(), 1);
}

#[tokio::test]
async fn replaced_key_is_a_break_that_only_a_checkpoint_from_before_bridges() {
    let (mut launch, _) = launch_with_checkpoint().await;
    let before = bundle(&launch, &launch.auditor).await;
    let lost = launch.app.key.public_key();
    change_key(&mut launch, 21, true).await;
    let new = launch.app.key.public_key();
    let after = bundle(&launch, &launch.auditor).await;
    let held = held_file(&before);
    let held = held.path().to_str().unwrap();
    let (lost_text, new_text) = (lost.to_string(), new.to_string());
    let alone = run_verifier(&after, &["--key", &new_text]);
    alone.assert_status(
        0,
        "Key 2 replaced a lost key without its signature: only a checkpoint from before that was stored elsewhere",
    );
    assert!(
        alone.output.contains("REPLACED  key 2 replaced key 1, which was lost and signed nothing"),
        "{}",
        alone.output
    );
    run_verifier(&after, &["--key", &new_text, "--checkpoint", held])
        .assert_status(0, "from before that, and bridges it");
    run_verifier(&after, &["--checkpoint", held]).assert_status(0, "from before that, and bridges it");
    run_verifier(&after, &[]).assert_status(0, "Key 2 replaced a lost key");
    run_verifier(&after, &["--key", &lost_text]).assert_status(1, "It was lost, and key 2 replaced it");
    run_verifier(&after, &["--key", &lost_text, "--checkpoint", held]).assert_status(1, "It was lost");

    let found = verify_all(&launch, &new).await;
    assert_eq!(sentences(&found), Vec::<String>::new());
    assert!(found.notes.concat().contains("key 2 replaced a lost key, which signed nothing"), "{:?}", found.notes);
    assert_finding(&verify_all(&launch, &lost).await, "the given key is key 1, which was lost");
    // A rotation after it does not heal it.
    change_key(&mut launch, 22, false).await;
    let later = bundle(&launch, &launch.auditor).await;
    for key in [&new_text, &launch.app.key.public_key().to_string()] {
        run_verifier(&later, &["--key", key]).assert_status(0, "Key 2 replaced a lost key");
    }
    run_verifier(&later, &["--key", &lost_text]).assert_status(1, "It was lost");
}

/// Everything that somebody could put into a bundle who has the retired key, or another one, but not the newest.
#[tokio::test]
async fn forged_succession_of_keys_in_a_bundle_is_refused_by_both_verifiers() {
    let (mut launch, _) = launch_with_checkpoint().await;
    let old = Arc::clone(&launch.app.key);
    change_key(&mut launch, 21, false).await;
    let middle = Arc::clone(&launch.app.key);
    launch.mark(&launch.member, "status", ItemState::Open).await;
    change_key(&mut launch, 22, false).await;
    let good = bundle(&launch, &launch.auditor).await;
    let keys = [&old, &middle, &launch.app.key].map(|key| key.public_key().to_string());
    for key in &keys {
        run_verifier(&good, &["--key", key]).assert_status(0, "Good");
    }
    let statements: Vec<SignedKeyStatement> = lines(&mut entries(&good), "keys.jsonl")
        .iter()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["statement"].as_str().unwrap().parse().unwrap()
        })
        .collect();
    let (one, two) = (&statements[0], &statements[1]);
    let log = |statement: &SignedKeyStatement| statement.unverified_statement().log;
    let other = crate::helpers::private_key(8);
    let forger = sibling(&old, 66);
    let hidden = KeyStatement::sign_replacement(3, middle.public_key(), &launch.app.key, log(two)).to_string();
    let texts = |list: &[&SignedKeyStatement]| list.iter().map(ToString::to_string).collect::<Vec<String>>();
    for (case, list) in [
        ("the last cut out", texts(&[one])),
        ("the first cut out", texts(&[two])),
        ("in the other order", texts(&[two, one])),
        ("the first twice", texts(&[one, one, two])),
        ("none", vec![]),
        (
            "signed by another key",
            vec![one.to_string(), KeyStatement::sign_rotation(3, &forger, &launch.app.key, log(two)).to_string()],
        ),
        (
            "of another installation",
            vec![
                KeyStatement::sign_rotation(2, &other, &crate::helpers::private_key(9), log(one)).to_string(),
                two.to_string(),
            ],
        ),
        ("a replacement called a rotation", vec![one.to_string(), hidden.replace("\nreplaced\n", "\nrotated\n")]),
        (
            "a rotation called a replacement",
            vec![one.to_string(), two.to_string().replace("\nrotated\n", "\nreplaced\n")],
        ),
        (
            "another state of the log",
            vec![one.to_string().replace(&format!("\n{}\n", log(one).size), "\n1\n"), two.to_string()],
        ),
        ("a line more", vec![one.to_string(), format!("{two}\n")]),
        (
            "leading to the forger's key",
            [
                texts(&[one, two]),
                vec![
                    KeyStatement::sign_rotation(
                        4,
                        &launch.app.key,
                        &forger,
                        TreeHead { size: log(two).size + 9, ..log(two) },
                    )
                    .to_string(),
                ],
            ]
            .concat(),
        ),
    ] {
        let mut forged = entries(&good);
        let list: Vec<String> = list.iter().map(|text| serde_json::json!({ "statement": text }).to_string()).collect();
        set_lines(&mut forged, "keys.jsonl", &list);
        for key in &keys {
            let output = run_verifier(&zip(&forged), &["--key", key]);
            assert_eq!(output.status, 1, "{case}: {}", output.output);
        }
    }
    let mut without = entries(&good);
    without.retain(|(name, _)| name != "keys.jsonl");
    run_verifier(&zip(&without), &["--key", &keys[0]]).assert_status(1, "not the one that was given");
    run_verifier(&zip(&without), &["--key", &keys[2]]).assert_status(1, "not signed with this key");
    for line in [r#"{"statement":"x"}"#, r#"{"statement":"x","more":1}"#, "{}", "[]"] {
        let mut forged = entries(&good);
        set_lines(&mut forged, "keys.jsonl", &[line.to_owned()]);
        run_verifier(&zip(&forged), &[]).assert_status(1, "");
    }
    // A history that the holder of a retired key has rewritten: its last checkpoint has to be of the newest key, and none of
    // an earlier key comes after one of a later key.
    let events = lines(&mut entries(&good), "events.jsonl");
    let of = |key: &PrivateKey| all_notes(key, launch.id, &events);
    let mixed = {
        let mut notes = of(&middle);
        notes.pop();
        let last = notes.len() - 1;
        notes[last] = of(&old)[last].clone();
        notes.push(of(&launch.app.key).pop().unwrap());
        notes
    };
    for (notes, words) in [
        (of(&old), "not signed with the newest key"),
        (of(&middle), "not signed with the newest key"),
        (of(&forger), "not signed with this key"),
        (mixed, "which was no longer in use"),
    ] {
        let mut forged = entries(&good);
        set_lines(&mut forged, "checkpoints.jsonl", &notes);
        for key in &keys {
            run_verifier(&zip(&forged), &["--key", key]).assert_status(1, words);
        }
    }
}

#[tokio::test]
async fn altered_succession_of_keys_in_the_database_is_found() {
    const OFF: [&str; 2] =
        ["ALTER TABLE keys DISABLE TRIGGER ALL", "ALTER TABLE installation_events DISABLE TRIGGER ALL"];
    for (statements, words) in [
        (
            &["UPDATE keys SET statement = replace(statement, 'rotated', 'replaced') WHERE number = 2"][..],
            "the statement about key 2 does not hold good",
        ),
        (
            &["UPDATE keys SET statement = statement || '\n' WHERE number = 2"],
            "the statement about key 2 does not hold good",
        ),
        (
            &[
                "UPDATE checkpoints SET public_key = (SELECT public_key FROM keys WHERE number = 1) WHERE public_key = (SELECT public_key FROM keys WHERE number = 2)",
                "DELETE FROM keys WHERE number = 2",
            ],
            "The table keys: ",
        ),
        (
            &["UPDATE keys SET registered_at = registered_at - interval '1 second' WHERE number = 2"],
            "the column registered_at holds",
        ),
        (
            &[
                "UPDATE installation_events SET bytes = convert_to(replace(convert_from(bytes, 'UTF8'), 'key_rotated', 'key_replaced'), 'UTF8'), kind = 'key_replaced' WHERE kind = 'key_rotated'",
            ],
            "belongs to another entry",
        ),
    ] {
        let (mut launch, _) = launch_with_checkpoint().await;
        change_key(&mut launch, 21, false).await;
        bundle(&launch, &launch.auditor).await;
        tamper(&launch, &OFF).await;
        tamper(&launch, statements).await;
        assert_finding(&verify_all(&launch, &launch.app.key.public_key()).await, words);
    }
    // The holder of the retired key signs what came after a checkpoint of the newer one.
    let (mut launch, _) = launch_with_checkpoint().await;
    let old = Arc::clone(&launch.app.key);
    change_key(&mut launch, 21, false).await;
    launch.mark(&launch.member, "status", ItemState::Open).await;
    bundle(&launch, &launch.auditor).await;
    let exported = launch.state().await.seq;
    launch.sign(&launch.security, "security", "no_go", &[("comment", "not yet")]).await.expect_status(303);
    tamper(&launch, &OFF).await;
    super::database::resign_checkpoints_after(&launch, &old, exported).await;
    assert_finding(
        &verify_all(&launch, &launch.app.key.public_key()).await,
        "is signed with key 1, which was not in use then",
    );
}

#[tokio::test]
async fn checkpoint_made_by_a_clock_behind_the_key_change_is_no_contradiction() {
    let (mut launch, _) = launch_with_checkpoint().await;
    change_key(&mut launch, 21, false).await;
    // Another server signs with the new key, and its clock is ten minutes behind that of the change.
    launch.app.state.clock.advance(-600);
    launch.sign(&launch.security, "security", "no_go", &[("comment", "not yet")]).await.expect_status(303);
    let found = verify_all(&launch, &launch.app.key.public_key()).await;
    assert!(found.problems.is_empty(), "{:#?}", sentences(&found));
}

#[tokio::test]
async fn server_that_still_has_the_earlier_key_signs_nothing_and_does_not_start_again() {
    let launch = launch_with_every_kind_of_content().await;
    super::database::record_what_was_inserted(&launch).await;
    let (state, old) = (&launch.app.state, &launch.app.key);
    add_key(&state.db, KeyBefore::Held(old), &sibling(old, 21), ambient::new_id(), state.clock.now()).await.unwrap();
    let before = launch.state().await.seq;
    let answer = launch.sign(&launch.security, "security", "no_go", &[("comment", "not yet")]).await;
    assert!(answer.status.is_server_error(), "{}", answer.status);
    assert_eq!(launch.state().await.seq, before, "nothing was signed");
    let refused = register_key(&state.db, &old.public_key(), ambient::new_id(), state.clock.now()).await.unwrap_err();
    assert!(matches!(refused, KeyRegistrationError::EarlierKey { number: 2, .. }), "{refused}");
    assert!(refused.to_string().contains("is not used any more: key 2 of this installation follows it"), "{refused}");
    let again = add_key(&state.db, KeyBefore::Held(old), &sibling(old, 22), ambient::new_id(), state.clock.now()).await;
    assert!(again.unwrap_err().to_string().contains("is not used any more"), "a key is followed once");
}

#[tokio::test]
async fn key_commands_change_the_key_and_refuse_every_wrong_situation() {
    let mut program = Program::with_demo().await;
    let path = |name: &str| program.folder.path().join(name).to_str().unwrap().to_owned();
    let (old_file, new_file, third_file) = (path("signoff.key"), path("new.key"), path("third.key"));
    let show = |program: &Program, file: &str| {
        String::from_utf8(program.run(&["keys", "show", file]).stdout).unwrap().trim().to_owned()
    };
    let refused = |program: &Program, arguments: &[&str], words: &str, file: &str| {
        let output = program.run(arguments);
        let text = output_text(&output);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {text}");
        assert!(text.contains(words), "{arguments:?}: {words:?} in {text}");
        assert!(file.is_empty() || !fs::exists(file).unwrap(), "{arguments:?} left a file");
    };
    let first = show(&program, &old_file);
    // A server has connections of this name.
    let options = db::connect_options(&program.database.app_url().into()).unwrap();
    let server = sqlx::PgPool::connect_with(options).await.unwrap();
    refused(&program, &["keys", "rotate", &new_file], "Stop all servers first", &new_file);
    refused(&program, &["keys", "replace-lost", &new_file, "--lost", &first], "The key is not lost", &new_file);
    server.close().await;
    refused(&program, &["keys", "rotate", &old_file], "never overwritten", "");
    refused(&program, &["keys", "rotate", &path("none/new.key")], "can't be written", "");
    let output = program.run(&["keys", "rotate", &new_file]);
    let text = output_text(&output);
    assert!(output.status.success(), "{text}");
    let second = show(&program, &new_file);
    assert!(text.contains("Key 2 follows key 1") && text.contains(&second) && text.contains("\nrotated\n"), "{text}");
    assert_eq!(fs::metadata(&new_file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!text.contains("PRIVATE"));

    // With the old file, nothing goes on.
    refused(&program, &["serve"], "is not used any more: key 2 of this installation follows it", "");
    refused(&program, &["keys", "rotate", &third_file], "is not used any more", &third_file);
    let verified = program.run(&["verify", "--database"]);
    assert_eq!(verified.status.code(), Some(1));
    assert!(output_text(&verified).contains("which is key 1 and not used any more"), "{}", output_text(&verified));
    program.set("SIGNOFF_KEY_FILE", &new_file);
    for key in [&first, &second] {
        let verified = program.run(&["verify", "--database", "--key", key]);
        assert!(verified.status.success(), "{}", output_text(&verified));
    }

    // The new one is lost.
    fs::remove_file(&new_file).unwrap();
    refused(&program, &["keys", "replace-lost", &third_file, "--lost", &first], "is not used any more", &third_file);
    let stranger = sibling(&crate::helpers::private_key(1), 5).public_key().to_string();
    refused(
        &program,
        &["keys", "replace-lost", &third_file, "--lost", &stranger],
        "belongs to another key",
        &third_file,
    );
    let output = program.run(&["keys", "replace-lost", &third_file, "--lost", &second]);
    let text = output_text(&output);
    assert!(
        output.status.success() && text.contains("Key 3 replaced key 2") && text.contains("\nreplaced\n"),
        "{text}"
    );
    program.set("SIGNOFF_KEY_FILE", &third_file);
    let verified = program.run(&["verify", "--database"]);
    let text = output_text(&verified);
    assert!(verified.status.success() && text.contains("REPLACED  key 3 replaced key 2"), "{text}");
}
