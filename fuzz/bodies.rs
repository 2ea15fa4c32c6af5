//! What each fuzz target does with arbitrary bytes: it must not panic, and what it accepts must keep its invariants.
//!
//! Shared by the targets in `fuzz_targets`, which look for new inputs, and by `tests/adversaries/fuzz.rs`, which runs the stored
//! corpus.

// Each target uses only one of these functions.
#![allow(dead_code, reason = "every fuzz target is a program of its own with one of these bodies")]

use axum::{
    body::Body,
    extract::{FromRequest as _, Request},
};
use serde_json::Value;
use signoff::{
    access::return_path::ReturnPath,
    bundle,
    checklists::upload::ChecklistUpload,
    domain::{
        bundle::{BundleEntry, BundleEntryInput, BundleVerifier, TrustAnchors},
        canonical,
        checkpoint::{LogOrigin, SignedCheckpoint},
        ids::ItemId,
        key::PublicKey,
        launch::event::{Event, Seq},
        markdown_checklist,
        receipt::Receipt,
        text::{Email, FileName, Markdown, PersonName, Title, WebLink},
        time::{Day, LocalTime, Zone},
    },
    web::form::{Form, UnreadForm},
};

/// A public key whose private key nobody has.
const KEY: &str = "signoff/d9cfba34-d4e9-46b8-9dd5-ac4265484ed9+39e44bb1+Af8NK6hXx6Uo1pZNcT4+uJberOJia4hoEfx7SuZREqri";

/// Runs a future that never waits for I/O.
fn run_ready<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

/// A checklist from Markdown: what parses and can be published exports as Markdown that parses to the same checklist.
pub(crate) fn markdown_import(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let name = Title::new("Untitled").unwrap();
    let reading = markdown_checklist::parse_markdown(&text, &name);
    // A line ends in one of three ways (CommonMark, section 2.1).
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let (read, there) = (reading.lines.len(), lines.lines().count());
    // A last line of nothing but characters that no text may contain is dropped.
    assert!(read == there || read + 1 == there, "{read} of {there}");
    let said = markdown_checklist::to_summary_json(&reading);
    assert_eq!(said["titles"].as_array().unwrap().len(), reading.checklist.items().count());
    if reading.checklist.check().is_ok() {
        let written = markdown_checklist::write_markdown(&reading.checklist);
        let again = markdown_checklist::parse_markdown(&written, &name).checklist;
        assert_eq!(again, reading.checklist, "{written}");
    }
}

/// Canonical JSON, and events in it: parsing and writing again changes nothing.
pub(crate) fn canonical_json(data: &[u8]) {
    if let Ok(value) = canonical::from_bytes::<Value>(data) {
        let bytes = canonical::to_bytes(&value);
        let again: Value = canonical::from_bytes(&bytes).unwrap();
        assert_eq!(canonical::to_bytes(&again), bytes);
    }
    if let Ok(event) = Event::from_bytes(data) {
        let bytes = canonical::to_bytes(&event);
        assert_eq!(Event::from_bytes(&bytes).unwrap(), event);
    }
    if let Ok(receipt) = serde_json::from_slice::<Receipt>(data) {
        let key: PublicKey = KEY.parse().unwrap();
        assert!(receipt.verify(&key).is_err(), "nobody here has the private key");
    }
}

/// A form's fields, sent by a browser or by anybody, and the types parsed from them.
pub(crate) fn form(data: &[u8]) {
    let request = Request::post("/")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(data.to_vec()))
        .unwrap();
    let Ok(Form(fields)) = run_ready(Form::<Vec<(String, String)>>::from_request(request, &())) else { return };
    for text in fields.iter().flat_map(|(name, value)| [name, value]) {
        let next = ReturnPath::new(text);
        let path = next.path();
        assert!(path.starts_with('/') && !path.starts_with("//") && !path.contains('\\'), "{path}");
        assert!(!path.contains(|c: char| c.is_control()), "{path}");
        if let Ok(title) = Title::new(text) {
            assert_eq!(Title::new(title.as_str()).unwrap(), title);
            assert!(!title.as_str().contains(['\0', '\n', '\r']));
        }
        if let Ok(prose) = Markdown::new(text) {
            assert_eq!(Markdown::new(prose.as_str()).unwrap(), prose);
            assert!(!prose.as_str().contains('\0'));
        }
        if let Ok(prose) = Markdown::from_input(text) {
            assert_eq!(Markdown::from_input(prose.as_str()).unwrap(), prose);
        }
        if let Ok(link) = WebLink::new(text) {
            assert!(link.as_str().starts_with("https://") || link.as_str().starts_with("http://"), "{text}");
        }
        if let Ok(address) = Email::new(text) {
            assert_eq!(Email::new(address.as_str()).unwrap(), address);
        }
        let _name = PersonName::new(text);
        let _id = text.parse::<ItemId>();
        let _seq = text.parse::<Seq>();
        let _day = text.parse::<Day>();
        if let Ok(at) = LocalTime::parse(text, Zone::UTC) {
            let _moment = at.to_moment();
        }
        if let Ok(zone) = text.parse::<Zone>() {
            assert_eq!(zone.name().parse::<Zone>().unwrap(), zone);
        }
    }
}

/// A form with files: the import form, and the names of files.
pub(crate) fn multipart(data: &[u8]) {
    let request = || {
        let request = Request::post("/").header("content-type", "multipart/form-data; boundary=b");
        request.body(Body::from(data.to_vec())).unwrap()
    };
    run_ready(async {
        let parts = async || {
            let Ok(sent) = UnreadForm::from_request(request(), &()).await;
            sent.read_multipart(1 << 20).await
        };
        if let Ok(parts) = parts().await
            && let Ok(mut upload) = ChecklistUpload::read(parts).await
        {
            drop(upload.take_text());
        }
        let Ok(mut parts) = parts().await else { return };
        while let Ok(Some(field)) = parts.next_field().await {
            let name = FileName::new(field.file_name().unwrap_or_default());
            assert!(!name.as_str().is_empty() && name.as_str().chars().count() <= 200);
            assert!(!name.as_str().contains(['/', '\\', '\0', '\n', '\r', '\u{202e}']), "{name:?}");
            assert_eq!(FileName::new(name.as_str()), name);
        }
    });
}

/// Checkpoints, their origins and keys as stored by somebody: what parses is written back unchanged.
pub(crate) fn checkpoint(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    if let Ok(signed) = text.parse::<SignedCheckpoint>() {
        assert_eq!(signed.to_string().parse::<SignedCheckpoint>().unwrap().to_string(), signed.to_string());
    }
    for line in text.lines() {
        if let Ok(key) = line.parse::<PublicKey>() {
            assert_eq!(key.to_string(), line);
        }
        if let Ok(origin) = line.parse::<LogOrigin>() {
            assert_eq!(origin.to_string(), line);
        }
    }
}

/// A bundle as an archive, and its entries without one, separated by a byte that occurs in none of them, so that the
/// fuzzer gets past the archive format. Verification must always end with a verdict.
pub(crate) fn bundle(data: &[u8]) {
    if let Ok(found) = bundle::verify_bundle(std::io::Cursor::new(data), TrustAnchors::default()) {
        assert!(found.manifest.events >= 1 && found.checkpoints >= 1);
    }
    let _verdict = verify_entries(&mut BundleVerifier::new(TrustAnchors::default()), data);
}

fn verify_entries(verifier: &mut BundleVerifier, data: &[u8]) -> Result<(), signoff::domain::bundle::BundleDefect> {
    for (entry, content) in BundleEntry::REQUIRED.into_iter().zip(data.split(|byte| *byte == 0)) {
        match verifier.begin_entry(&entry.name())? {
            BundleEntryInput::Whole(_) => verifier.accept_whole(content)?,
            BundleEntryInput::Stream(_) => verifier.accept_stream(content)?,
            BundleEntryInput::Lines(_) => content
                .strip_suffix(b"\n")
                .unwrap_or(content)
                .split(|byte| *byte == b'\n')
                .try_for_each(|line| verifier.accept_line(line))?,
            BundleEntryInput::Hash(_) | BundleEntryInput::Skip(_) => {}
        }
        verifier.end_entry()?;
    }
    Ok(())
}
