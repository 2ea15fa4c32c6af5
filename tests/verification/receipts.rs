//! Receipts: who gets one, what it contains, and that it can be verified without the server.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use ed25519_dalek::{Signature, VerifyingKey};
use reqwest::Method;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use signoff::domain::{
    key::PublicKey,
    receipt::{Receipt, ReceiptError},
};

use crate::helpers::{Launch, client::Client, private_key};

/// A launch on which security has signed, and the address of the receipt.
async fn signed_launch() -> (Launch, String) {
    let launch = Launch::payments().make().await;
    launch.resolve_all().await;
    launch.sign(&launch.security, "security", "go", &[("comment", "looked at it")]).await.expect_status(303);
    let id = launch.state().await.signatures[0].record.id;
    (launch, format!("/signatures/{id}"))
}

async fn witnesses(launch: &Launch) -> Vec<String> {
    let names = sqlx::query_scalar("SELECT name FROM checkpoint_witnesses ORDER BY at");
    names.fetch_all(&launch.app.owner).await.unwrap()
}

#[tokio::test]
async fn receipt_page_shows_what_was_signed_and_its_proof() {
    let (launch, path) = signed_launch().await;
    let page = launch.auditor.get(&path).await.expect_status(200);
    let state = launch.state().await;
    let record = &state.signatures[0].record;
    let body = page.texts("main").swap_remove(0);
    for part in [
        "Sven Security",
        "sven.security@example.org",
        "Security",
        "GO (approval)",
        &record.statement,
        "looked at it",
        &record.digest.to_string(),
        &format!("event {}", state.seq),
        &launch.app.key.public_key().to_string(),
        "Checkpointed.",
        "nobody outside this server yet",
        "does not show",
    ] {
        assert!(body.contains(part), "{part}: {body}");
    }
    // On the go/no-go page and in the history, too.
    let sheet = launch.member.get(&launch.path("go-no-go")).await.expect_status(200);
    let line = sheet.texts("p.checkpoint").swap_remove(0);
    assert!(line.contains("Checkpointed.") && line.contains(&format!("Events 1 to {}", state.seq)), "{line}");
    assert_eq!(sheet.attribute("a[href^='/signatures/']", "href").as_deref(), Some(path.as_str()));
    let history = launch.member.get(&launch.path("history")).await.expect_status(200);
    assert_eq!(history.attribute(".log > .checkpoint", "data-checkpoint"), Some(state.seq.to_string()));
    assert!(history.texts(".log > .checkpoint")[0].contains("not witnessed"));
    assert_eq!(witnesses(&launch).await, [""; 0], "to look at it takes nothing away");
}

#[tokio::test]
async fn receipt_download_records_a_witness() {
    let (launch, path) = signed_launch().await;
    let file = format!("{path}/receipt.json");
    let head = Client::send(launch.security.request(Method::HEAD, &file)).await;
    assert_eq!((head.status.as_u16(), witnesses(&launch).await.len()), (200, 0), "a head is nothing to hold");
    for _ in 0..2 {
        let answer = launch.security.get(&file).await.expect_status(200);
        assert!(answer.header("content-disposition").starts_with("attachment; filename=\"signoff-receipt-"));
        assert_eq!(answer.header("content-type"), "application/json");
    }
    assert_eq!(witnesses(&launch).await, ["Sven Security"], "the first time counts");
    launch.auditor.get(&file).await.expect_status(200);
    let page = launch.member.get(&path).await.expect_status(200);
    let line = page.texts("p.checkpoint").swap_remove(0);
    assert!(line.contains("Witnessed.") && line.contains("Sven Security and Ada Auditor"), "{line}");
    let history = launch.member.get(&launch.path("history")).await.expect_status(200);
    assert!(history.texts(".log > .checkpoint")[0].contains("witnessed by Sven Security and Ada Auditor"));
}

#[tokio::test]
async fn receipt_is_visible_only_with_access_to_the_launch() {
    let (launch, path) = signed_launch().await;
    let restrict = signoff::domain::launch::command::Command::ChangeRestriction { restricted: true };
    launch.run_command(&launch.owner, restrict).await;
    for path in [path.clone(), format!("{path}/receipt.json")] {
        launch.member.get(&path).await.expect_status(404);
        launch.app.client().get(&path).await.expect_status(303);
        launch.operations.get(&path).await.expect_status(200);
        launch.auditor.get(&path).await.expect_status(200);
    }
    assert!(!witnesses(&launch).await.contains(&"Mia Member".to_owned()));
}

#[tokio::test]
async fn receipt_of_a_withdrawn_signature_remains() {
    let (launch, path) = signed_launch().await;
    let before = launch.security.get(&format!("{path}/receipt.json")).await.expect_status(200).body;
    let withdrawal = [("comment", "looked again"), ("password", crate::helpers::people::PASSWORD)];
    launch.security.post(&format!("{path}/withdrawal"), &withdrawal).await.expect_status(303);
    let page = launch.security.get(&path).await.expect_status(200);
    assert!(page.texts(".banner")[0].contains("It was withdrawn"));
    let after = launch.security.get(&format!("{path}/receipt.json")).await.expect_status(200).body;
    assert_eq!(before, after, "it is the same for ever");
}

fn sha256(parts: &[&[u8]]) -> Vec<u8> {
    let mut sha = Sha256::new();
    parts.iter().for_each(|part| sha.update(part));
    sha.finalize().to_vec()
}

/// The root from a leaf and its siblings, by the definition of the tree: a tree of `size` leaves divides at the largest
/// power of two below it.
fn root(index: usize, size: usize, leaf: &[u8], siblings: &mut Vec<Vec<u8>>) -> Vec<u8> {
    if size == 1 {
        return leaf.to_vec();
    }
    let split = size.next_power_of_two() / 2;
    let sibling = siblings.pop().unwrap();
    if index < split {
        sha256(&[&[1], &root(index, split, leaf, siblings), &sibling])
    } else {
        sha256(&[&[1], &sibling, &root(index - split, size - split, leaf, siblings)])
    }
}

/// Verifies a receipt as docs/signatures.md describes it, with none of the application's code.
fn verifies(receipt: &Value, vkey: &str) -> bool {
    let text = |name: &str| receipt[name].as_str().unwrap();
    let [name, hash, encoded] = vkey.splitn(3, '+').collect::<Vec<_>>().try_into().unwrap();
    let key: [u8; 33] = BASE64_STANDARD.decode(encoded).unwrap().try_into().unwrap();
    assert_eq!(hash, hex::encode(&sha256(&[name.as_bytes(), b"\n", &key])[..4]));
    let (signed, signature) = text("checkpoint").split_once("\n\n").unwrap();
    let signature = signature.strip_prefix(&format!("— {name} ")).unwrap().trim_end();
    let signature = BASE64_STANDARD.decode(signature).unwrap();
    let lines: Vec<&str> = signed.lines().collect();
    let event: Value = serde_json::from_str(text("event")).unwrap();
    assert_eq!(lines[0], format!("{name}/{}", event["launch"].as_str().unwrap()));
    let (seq, size) = (event["seq"].as_u64().unwrap(), lines[1].parse::<usize>().unwrap());
    let leaf = sha256(&[&[0], text("event").as_bytes()]);
    let siblings = receipt["inclusion"].as_array().unwrap().iter();
    let mut siblings: Vec<_> = siblings.map(|hash| hex::decode(hash.as_str().unwrap()).unwrap()).collect();
    let root = root(usize::try_from(seq).unwrap() - 1, size, &leaf, &mut siblings);
    let key = VerifyingKey::from_bytes(key[1..].try_into().unwrap()).unwrap();
    let signed = format!("{signed}\n");
    hex::encode(&signature[..4]) == hash
        && siblings.is_empty()
        && BASE64_STANDARD.encode(root) == lines[2]
        && key.verify_strict(signed.as_bytes(), &Signature::from_slice(&signature[4..]).unwrap()).is_ok()
}

#[tokio::test]
async fn receipt_verifies_from_the_documented_format_alone() {
    let (launch, path) = signed_launch().await;
    // More signatures, so that there are receipts with proofs of all lengths.
    launch.sign(&launch.operations, "operations", "no_go", &[("comment", "wait")]).await.expect_status(303);
    launch.sign(&launch.operations, "operations", "go", &[]).await.expect_status(303);
    let vkey = launch.app.key.public_key().to_string();
    for signature in &launch.state().await.signatures {
        let file = format!("/signatures/{}/receipt.json", signature.record.id);
        let receipt: Value = serde_json::from_str(&launch.auditor.get(&file).await.expect_status(200).body).unwrap();
        assert_eq!(receipt["format"], "signoff/receipt/v1");
        assert_eq!(receipt["key"], vkey);
        assert!(verifies(&receipt, &vkey), "{receipt}");
        let event: Value = serde_json::from_str(receipt["event"].as_str().unwrap()).unwrap();
        assert_eq!(event["data"]["signer"]["name"], signature.record.signer.name.as_str());
    }
    assert!(path.starts_with("/signatures/"));
}

#[tokio::test]
async fn receipt_that_was_altered_does_not_verify() {
    let (launch, path) = signed_launch().await;
    let body = launch.security.get(&format!("{path}/receipt.json")).await.expect_status(200).body;
    let key7 = launch.app.key.public_key();
    let check = |body: &str, key: &PublicKey| serde_json::from_str::<Receipt>(body).unwrap().verify(key);
    let shown = check(&body, &key7).unwrap();
    assert_eq!(shown.signature().unwrap().signer.name.as_str(), "Sven Security");
    let receipt: Value = serde_json::from_str(&body).unwrap();
    let with = |name: &str, value: Value| {
        let mut other = receipt.clone();
        other[name] = value;
        other.to_string()
    };
    let event = receipt["event"].as_str().unwrap();
    let checkpoint = receipt["checkpoint"].as_str().unwrap();
    let proof = receipt["inclusion"].as_array().unwrap();
    let (size, other_size) = (format!("\n{}\n", shown.checkpoint.head.size), "\n999\n");
    assert!(matches!(check(&with("format", "signoff/receipt/v2".into()), &key7), Err(ReceiptError::Format)));
    assert!(matches!(check(&with("checkpoint", "".into()), &key7), Err(ReceiptError::Checkpoint(_))));
    let longer = with("checkpoint", checkpoint.replace(&size, other_size).into());
    assert!(matches!(check(&longer, &key7), Err(ReceiptError::CheckpointSignature(_))));
    assert!(
        matches!(check(&body, &private_key(8).public_key()), Err(ReceiptError::CheckpointSignature(_))),
        "a key from elsewhere decides"
    );
    let objection = event.replace("\"verdict\":\"go\"", "\"verdict\":\"no_go\"");
    assert_ne!(objection, event);
    assert!(matches!(check(&with("event", objection.into()), &key7), Err(ReceiptError::NotIncluded)));
    let spaced = event.replacen(':', ": ", 1);
    assert!(matches!(check(&with("event", spaced.into()), &key7), Err(ReceiptError::NotIncluded)), "bytes are hashed");
    assert!(matches!(check(&with("event", "{}".into()), &key7), Err(ReceiptError::Event)));
    let shorter = proof[1..].to_vec();
    assert!(matches!(check(&with("inclusion", shorter.into()), &key7), Err(ReceiptError::NotIncluded)));
}
