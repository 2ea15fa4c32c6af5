//! What each fuzz target does with bytes from anywhere: it must not fault, and what it takes must keep its promises.
//!
//! Shared by the targets in `fuzz_targets`, which look for new inputs, and by `tests/fuzz.rs`, which tries the kept ones.

// Each target uses one of these.
#![allow(dead_code, reason = "every fuzz target is a program of its own with one of these bodies")]

use axum::{
    body::Body,
    extract::{FromRequest as _, Request},
};
use serde_json::Value;
use signoff::{
    access::next::Next,
    bundle,
    checklists::upload::Upload,
    domain::{
        bundle::{Entry, Feed, Given, Verifier},
        canonical,
        checkpoint::{Origin, SignedCheckpoint},
        ids::ItemId,
        key::PublicKey,
        launch::event::{Event, Seq},
        markdown_checklist,
        receipt::Receipt,
        text::{Email, FileName, Markdown, PersonName, Title, WebLink},
        time::{Day, LocalTime, Zone},
    },
    web::form::{Form, Sent},
};

/// A key whose other half nobody has.
const KEY: &str = "signoff/d9cfba34-d4e9-46b8-9dd5-ac4265484ed9+39e44bb1+Af8NK6hXx6Uo1pZNcT4+uJberOJia4hoEfx7SuZREqri";

/// Runs what waits for nothing but the bytes at hand.
fn now<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

/// A checklist out of Markdown: what is read, and can be published, is written as Markdown that reads as the same.
pub(crate) fn markdown_import(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let name = Title::new("Untitled").unwrap();
    let reading = markdown_checklist::read(&text, &name);
    // A line ends with any of three (CommonMark, section 2.1).
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let (read, there) = (reading.lines.len(), lines.lines().count());
    // A last line of nothing but characters that no text may hold is none.
    assert!(read == there || read + 1 == there, "{read} of {there}");
    let said = markdown_checklist::summary(&reading);
    assert_eq!(said["titles"].as_array().unwrap().len(), reading.checklist.items().count());
    if reading.checklist.check().is_ok() {
        let written = markdown_checklist::write(&reading.checklist);
        let again = markdown_checklist::read(&written, &name).checklist;
        assert_eq!(again, reading.checklist, "{written}");
    }
}

/// Canonical JSON, and events in it: writing what was read changes nothing any more.
pub(crate) fn canonical_json(data: &[u8]) {
    if let Ok(value) = canonical::read::<Value>(data) {
        let bytes = canonical::bytes(&value);
        let again: Value = canonical::read(&bytes).unwrap();
        assert_eq!(canonical::bytes(&again), bytes);
    }
    if let Ok(event) = Event::read(data) {
        let bytes = canonical::bytes(&event);
        assert_eq!(Event::read(&bytes).unwrap(), event);
    }
    if let Ok(receipt) = serde_json::from_slice::<Receipt>(data) {
        let key: PublicKey = KEY.parse().unwrap();
        assert!(receipt.verify(&key).is_err(), "nobody here has the private key");
    }
}

/// A form's fields, as a browser or anybody else sends them, and what fields are read as.
pub(crate) fn form(data: &[u8]) {
    let request = Request::post("/")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(data.to_vec()))
        .unwrap();
    let Ok(Form(fields)) = now(Form::<Vec<(String, String)>>::from_request(request, &())) else { return };
    for text in fields.iter().flat_map(|(name, value)| [name, value]) {
        let next = Next::new(text);
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
        if let Ok(prose) = Markdown::entered(text) {
            assert_eq!(Markdown::entered(prose.as_str()).unwrap(), prose);
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
            let _moment = at.moment();
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
    now(async {
        let parts = async || {
            let Ok(sent) = Sent::from_request(request(), &()).await;
            sent.multipart(1 << 20).await
        };
        if let Ok(parts) = parts().await
            && let Ok(mut upload) = Upload::read(parts).await
        {
            drop(upload.brought());
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

/// Checkpoints, their origins, and keys, as somebody kept them: what is read is written as it was.
pub(crate) fn checkpoint(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    if let Ok(signed) = text.parse::<SignedCheckpoint>() {
        assert_eq!(signed.to_string().parse::<SignedCheckpoint>().unwrap().to_string(), signed.to_string());
    }
    for line in text.lines() {
        if let Ok(key) = line.parse::<PublicKey>() {
            assert_eq!(key.to_string(), line);
        }
        if let Ok(origin) = line.parse::<Origin>() {
            assert_eq!(origin.to_string(), line);
        }
    }
}

/// A bundle, as an archive; and its entries without one, apart by a byte that is in none of them, so that what is found
/// goes further than the archive's own form. Whatever it is, verifying it ends, and with a verdict.
pub(crate) fn bundle(data: &[u8]) {
    if let Ok(found) = bundle::verify(std::io::Cursor::new(data), Given::default()) {
        assert!(found.manifest.events >= 1 && found.checkpoints >= 1);
    }
    let _verdict = entries(&mut Verifier::new(Given::default()), data);
}

fn entries(verifier: &mut Verifier, data: &[u8]) -> Result<(), signoff::domain::bundle::Finding> {
    for (entry, content) in Entry::ALWAYS.into_iter().zip(data.split(|byte| *byte == 0)) {
        match verifier.begin(&entry.name())? {
            Feed::Whole(_) => verifier.whole(content)?,
            Feed::Read(_) => verifier.read(content)?,
            Feed::Lines(_) => content
                .strip_suffix(b"\n")
                .unwrap_or(content)
                .split(|byte| *byte == b'\n')
                .try_for_each(|line| verifier.line(line))?,
            Feed::Hash(_) | Feed::Nothing(_) => {}
        }
        verifier.end()?;
    }
    Ok(())
}
