//! Verification of bundles, by both verifiers, and of the database: each way of tampering is found.

mod bundles;
mod checkpoints;
mod contradicted_history;
mod database;
mod demo;
mod forged;
mod impossible_histories;
mod installation_key;
mod key_rotation;
mod memory;
mod mutations;
mod nightly;
mod notation;
mod page;
mod receipts;
mod redaction;
mod statements;
mod tampering;
mod zip_parts;

use std::{
    io::{Cursor, Read as _, Write as _},
    process::{Command as Process, Output},
};

use reqwest::multipart::{Form, Part};
use signoff::{
    ambient,
    domain::{
        checkpoint::{Checkpoint, LogId, LogOrigin},
        ids::{CommentId, LaunchId},
        key::PrivateKey,
        launch::{
            command::Command,
            event::{EvidenceContent, ItemState},
        },
        merkle::{RightEdge, hash_leaf, proof::TreeHead},
    },
    web::idempotency::new_text,
};
use sqlx::{AssertSqlSafe, Executor as _};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::helpers::{Launch, client::Client};

/// The content of the file that is attached to every launch here.
const REPORT: &[u8] = b"restored in 12 minutes";

/// A launch with something of everything that a bundle contains.
async fn launch_with_every_kind_of_content() -> Launch {
    let launch = Launch::payments().make().await;
    let path = format!("/items/{}/evidence", launch.item("backups"));
    let part = Part::bytes(REPORT.to_vec()).file_name("restore.log");
    launch.member.upload(&path, Form::new().part("files", part)).await.expect_status(303);
    let other = Part::bytes(b"ticket 4711".to_vec()).file_name("ticket.txt");
    let form = Form::new().part("files", other).text("url", "https://example.org/run/1").text("note", "looked twice");
    launch.member.upload(&path, form).await.expect_status(303);
    let (item, comment): (_, CommentId) = (launch.item("backups"), ambient::new_id());
    launch
        .run_command(
            &launch.member,
            Command::AddComment { item, comment, body: new_text("Mr X says \"no\"\n\u{1f980}") },
        )
        .await;
    launch.sign(&launch.security, "security", "no_go", &[("comment", "wait for Mr X")]).await.expect_status(303);
    let signature = launch.state().await.signatures[0].record.id;
    let withdraw = Command::WithdrawSignature { signature, comment: new_text("he came") };
    launch.run_command(&launch.security, withdraw).await;
    launch.mark(&launch.member, "runbook", ItemState::Blocked).await;
    launch.resolve_all().await;
    launch.sign_all().await;
    launch
}

async fn report_hash(launch: &Launch) -> signoff::domain::canonical::Sha256Hash {
    let expected = signoff::domain::canonical::Sha256Hash::compute(REPORT);
    let state = launch.state().await;
    let there = state
        .evidence
        .values()
        .any(|evidence| matches!(evidence.content, EvidenceContent::File { sha256, .. } if sha256 == expected));
    assert!(there);
    expected
}

/// Exports the bundle.
pub(crate) async fn bundle(launch: &Launch, by: &Client) -> Vec<u8> {
    let response = by.request(reqwest::Method::GET, &launch.path("bundle.zip")).send().await.unwrap();
    assert_eq!(response.status(), 200);
    response.bytes().await.unwrap().to_vec()
}

/// An archive's entries, in order.
pub(crate) type Entries = Vec<(String, Vec<u8>)>;

pub(crate) fn entries(bundle: &[u8]) -> Entries {
    let mut zip = zip::ZipArchive::new(Cursor::new(bundle)).unwrap();
    (0..zip.len())
        .map(|at| {
            let mut file = zip.by_index(at).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

/// An archive of these entries, as the application would make it.
pub(crate) fn zip(entries: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new_stream(Vec::new());
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in entries {
        zip.start_file(name.as_str(), options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub(crate) fn entry<'a>(entries: &'a mut Entries, name: &str) -> &'a mut Vec<u8> {
    &mut entries.iter_mut().find(|(known, _)| known == name).unwrap_or_else(|| panic!("{name}")).1
}

fn lines(entries: &mut Entries, name: &str) -> Vec<String> {
    String::from_utf8(entry(entries, name).clone()).unwrap().lines().map(str::to_owned).collect()
}

/// Replaces the lines of an entry.
fn set_lines(entries: &mut Entries, name: &str, lines: &[String]) {
    *entry(entries, name) = lines.iter().flat_map(|line| format!("{line}\n").into_bytes()).collect();
}

/// The checkpoint of a history, signed with a key.
fn note(key: &PrivateKey, launch: LaunchId, events: &[String]) -> String {
    let mut edge = RightEdge::default();
    for line in events {
        edge.append(hash_leaf(line.as_bytes()));
    }
    let origin = LogOrigin { installation: key.public_key().installation(), log: LogId::Launch(launch) };
    Checkpoint { origin, head: TreeHead { size: edge.size(), root: edge.root() } }.sign(key).to_string()
}

/// The lines of `checkpoints.jsonl` that a history needs, signed with a key: one that ends with each event that must
/// have its own, and one over the whole.
fn all_notes(key: &PrivateKey, launch: LaunchId, events: &[String]) -> Vec<String> {
    let of_kind = |line: &String| {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        CHECKPOINTED.contains(&event["kind"].as_str().unwrap())
    };
    let sizes = (1..=events.len()).filter(|size| *size == events.len() || of_kind(&events[size - 1]));
    sizes.map(|size| line(&note(key, launch, &events[..size]))).collect()
}

/// The kinds of events that each have a checkpoint.
const CHECKPOINTED: [&str; 9] =
    ["signed", "signature_withdrawn", "go_declared", "held", "resumed", "reopened", "launched", "closed", "cancelled"];

/// A checkpoint as a line of `checkpoints.jsonl`.
fn line(note: &str) -> String {
    let at = "2026-11-23T00:00:00.000000Z";
    serde_json::json!({ "at": at, "cause": "daily", "note": note, "witnesses": [] }).to_string()
}

/// Sets the bundle's stated number of events.
fn set_count(entries: &mut Entries, events: usize) {
    let mut manifest: serde_json::Value = serde_json::from_slice(entry(entries, "bundle.json")).unwrap();
    manifest["events"] = events.into();
    *entry(entries, "bundle.json") = serde_json::to_vec(&manifest).unwrap();
}

/// The result of both verifiers.
#[derive(Debug)]
pub(crate) struct VerifierOutput {
    status: i32,
    /// The output of the program's own verifier.
    output: String,
    last: String,
}

impl VerifierOutput {
    #[track_caller]
    pub(crate) fn assert_status(&self, status: i32, words: &str) {
        assert_eq!(self.status, status, "{}", self.output);
        assert!(self.last.contains(words), "{words:?} in {:?}", self.last);
    }
}

/// Verifies a bundle with both verifiers, which must agree.
#[track_caller]
pub(crate) fn run_verifier(bundle: &[u8], arguments: &[&str]) -> VerifierOutput {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bundle.zip");
    std::fs::write(&path, bundle).unwrap();
    let path = path.to_str().unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verifier/verify.py");
    // Without any setting that names a server or a database.
    let ours = Process::new(env!("CARGO_BIN_EXE_signoff"))
        .args(["verify", path])
        .args(arguments)
        .env_clear()
        .output()
        .unwrap();
    let theirs = Process::new("python3").args([script, path]).args(arguments).output().unwrap();
    let (output, other_output) = (output_text(&ours), output_text(&theirs));
    let status = ours.status.code().unwrap();
    assert_eq!(Some(status), theirs.status.code(), "ours: {output}\ntheirs: {other_output}");
    VerifierOutput { status, last: output.lines().last().unwrap_or_default().to_owned(), output }
}

fn output_text(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

fn write_temp_file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

/// Changes the database as only its owner can, with triggers off.
async fn tamper(launch: &Launch, statements: &[&str]) {
    for table in
        ["events", "tree_nodes", "checkpoints", "checkpoint_witnesses", "installation_events", "signatures", "texts"]
    {
        let off = format!("ALTER TABLE {table} DISABLE TRIGGER ALL");
        launch.app.owner.execute(AssertSqlSafe(off)).await.unwrap();
    }
    for statement in statements {
        launch.app.owner.execute(AssertSqlSafe((*statement).to_owned())).await.unwrap();
    }
}
