//! Good bundles: their content, and that they verify.

use signoff::domain::{
    bundle::MANIFEST_FORMAT,
    checkpoint::LogId,
    installation::ExportFormat,
    launch::{command::Command, event::PersonRef},
    text::PersonName,
};

use super::*;

#[tokio::test]
async fn bundle_verifies_without_the_server() {
    let launch = launch_with_every_kind_of_content().await;
    let bytes = bundle(&launch, &launch.auditor).await;
    let names: Vec<String> = entries(&bytes).into_iter().map(|(name, _)| name).collect();
    let evidence: Vec<&String> = names.iter().filter(|name| name.starts_with("evidence/")).collect();
    assert_eq!(evidence.len(), 2);
    assert!(evidence.is_sorted());
    assert_eq!(names[..2], ["bundle.json", "key.txt"]);
    assert_eq!(names.last().unwrap(), "report.html");

    let found = run_verifier(&bytes, &[]);
    found.assert_status(0, "Consistent; key not confirmed.");
    let events = launch.state().await.seq;
    assert!(found.output.contains(&format!("{events} events")), "{}", found.output);
    assert!(found.output.contains("Launch    Payments"), "{}", found.output);
    let key = launch.app.key.public_key().to_string();
    run_verifier(&bytes, &["--key", &key])
        .assert_status(0, "Good: nothing was altered since the key that you gave signed it.");
    let reach = format!("This reaches up to event {events}, as checkpointed; what came after it is not excluded.");
    run_verifier(&bytes, &["--key", &key]).assert_status(0, &reach);
    let other = crate::helpers::private_key(8).public_key().to_string();
    run_verifier(&bytes, &["--key", &other]).assert_status(1, "The key in the bundle is");

    // What the export records.
    let log = launch.app.installation_log().await;
    assert_eq!(log.iter().filter(|kind| *kind == "history_exported").count(), 1);
    let newest = signoff::record::checkpoints::load_newest(&launch.app.state.db, LogId::Launch(launch.id)).await;
    assert_eq!(newest.unwrap().unwrap().witnesses[0].name, "Ada Auditor");
}

/// The same person may agree again with another remark, and sign again with another comment or meaning.
#[tokio::test]
async fn bundle_with_a_replaced_agreement_and_signature_verifies() {
    let launch = Launch::payments().make().await;
    launch.mark(&launch.member, "backups", ItemState::NotApplicable).await;
    let path = format!("/items/{}/agreement", launch.item("backups"));
    for remark in ["", "No such server."] {
        launch.security.post(&path, &[("verdict", "agree"), ("reason", remark)]).await.expect_status(303);
    }
    for fields in [&[][..], &[("comment", "Mind the queue.")], &[("comment", "Mind the queue."), ("meaning", "review")]]
    {
        launch.sign(&launch.security, "security", "go", fields).await.expect_status(303);
    }
    let bytes = bundle(&launch, &launch.auditor).await;
    let mut entries = entries(&bytes);
    let events = lines(&mut entries, "events.jsonl");
    let count = |kind: &str| events.iter().filter(|line| line.contains(&format!("\"kind\":\"{kind}\""))).count();
    assert_eq!((count("agreement_given"), count("signed")), (2, 3));
    run_verifier(&bytes, &[]).assert_status(0, "Consistent; key not confirmed.");
}

#[tokio::test]
async fn bundle_head_request_exports_nothing_and_hidden_launch_is_missing() {
    let launch = launch_with_every_kind_of_content().await;
    let path = launch.path("bundle.zip");
    let head = launch.member.request(reqwest::Method::HEAD, &path).send().await.unwrap();
    assert_eq!(head.status(), 200);
    assert!(!launch.app.installation_log().await.contains(&"history_exported".to_owned()));
    launch.run_command(&launch.owner, Command::ChangeRestriction { restricted: true }).await;
    for page in ["bundle.zip", "verification"] {
        launch.member.get(&launch.path(page)).await.expect_status(404);
        launch.auditor.request(reqwest::Method::HEAD, &launch.path(page)).send().await.unwrap();
    }
}

#[tokio::test]
async fn verification_finds_a_held_checkpoint_or_receipt_in_the_bundle() {
    let launch = launch_with_every_kind_of_content().await;
    let signature = launch.state().await.signatures[0].record.id;
    let receipt = launch.security.get(&format!("/signatures/{signature}/receipt.json")).await.expect_status(200).body;
    launch.mark(&launch.member, "status", ItemState::Open).await;
    let bytes = bundle(&launch, &launch.auditor).await;
    let note = serde_json::from_str::<serde_json::Value>(&receipt).unwrap()["checkpoint"].as_str().unwrap().to_owned();
    for text in [receipt.clone(), note.clone(), note.trim_end().to_owned()] {
        let file = write_temp_file(&text);
        run_verifier(&bytes, &["--checkpoint", file.path().to_str().unwrap()])
            .assert_status(0, "Good: this history contains");
    }
    let file = write_temp_file("hello");
    let path = file.path().to_str().unwrap();
    run_verifier(&bytes, &["--checkpoint", path])
        .assert_status(1, "What you hold is no checkpoint: it does not have the form");
    let missing = Process::new(env!("CARGO_BIN_EXE_signoff")).args(["verify", "x.zip", "--checkpoint", path]).output();
    assert_eq!(missing.unwrap().status.code(), Some(2));

    // Of another launch, by the same key.
    let other = ambient::new_id();
    launch.make_another(other, false).await;
    let by = PersonRef { id: launch.auditor.person.id, name: PersonName::new("Ada Auditor").unwrap() };
    let (state, now) = (&launch.app.state, launch.app.state.clock.now());
    let theirs = state.record.export_history(&state.db, &by, other, ExportFormat::Csv, ambient::new_id(), now);
    let file = write_temp_file(&theirs.await.unwrap().unwrap().checkpoint.text);
    let path = file.path().to_str().unwrap().to_owned();
    run_verifier(&bytes, &["--checkpoint", &path]).assert_status(1, "The checkpoint that you hold is of another log");
}

#[tokio::test]
async fn bundle_report_loads_nothing_and_runs_no_script() {
    let launch = launch_with_every_kind_of_content().await;
    let mut entries = entries(&bundle(&launch, &launch.auditor).await);
    let report = String::from_utf8(entry(&mut entries, "report.html").clone()).unwrap();
    for part in ["Payments", "Sven Security", "wait for Mr X", "Mr X says", "the one entry of it that is not verified"]
    {
        assert!(report.contains(part), "{part}");
    }
    for never in ["<script", "src=", "href=", "url("] {
        assert!(!report.contains(never), "{never}");
    }
    let manifest: serde_json::Value = serde_json::from_slice(entry(&mut entries, "bundle.json")).unwrap();
    assert_eq!(manifest["format"], MANIFEST_FORMAT);
}

#[tokio::test]
async fn file_that_is_no_bundle_is_reported_as_such() {
    let launch = launch_with_every_kind_of_content().await;
    let bytes = bundle(&launch, &launch.auditor).await;
    run_verifier(b"hello", &[]).assert_status(2, "This is not a bundle");
    run_verifier(b"", &[]).assert_status(2, "This is not a bundle");
    run_verifier(&bytes[..bytes.len() - 1], &[]).assert_status(2, "This is not a bundle");
    run_verifier(&zip(&[("readme.txt".to_owned(), b"hello".to_vec())]), &[]).assert_status(2, "This is not a bundle");
    let mut other = entries(&bytes);
    let manifest = String::from_utf8(entry(&mut other, "bundle.json").clone()).unwrap();
    *entry(&mut other, "bundle.json") = manifest.replace("bundle/v1", "bundle/v9").into_bytes();
    run_verifier(&zip(&other), &[]).assert_status(2, "This is not a bundle");
}

/// Some three hundred forgeries, each made for one sentence of the documentation: both verifiers call every one bad, with the
/// documented status and in words without a parser's or the program's own terms.
#[tokio::test]
async fn forged_bundles_and_receipts_are_refused_by_both_verifiers() {
    let launch = launch_with_every_kind_of_content().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bundle(&launch, &launch.auditor).await).unwrap();
    let script = |name: &str| format!("{}/tests/{name}", env!("CARGO_MANIFEST_DIR"));
    let output = Process::new("python3")
        .arg(script("verification/forgeries.py"))
        .arg(file.path())
        .args(["07".repeat(32), env!("CARGO_BIN_EXE_signoff").to_owned(), script("verifier/verify.py")])
        .output()
        .unwrap();
    let text = output_text(&output);
    assert!(output.status.success(), "{text}");
    let tried: usize = text.trim_end().strip_suffix(" tried").unwrap().parse().unwrap();
    assert!(tried > 250, "{tried}");
}
