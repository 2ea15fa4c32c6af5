//! Every kind of event, with every member of it spoilt in every way that a member can be: each is refused.

use std::{collections::BTreeMap, fs, path::PathBuf};

use serde_json::{Value, json};
use strum::VariantNames;

use super::*;
use crate::domain::canonical;

fn load_stored_events() -> BTreeMap<String, Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/events");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap())).collect()
}

/// What a member or element is spoilt into, with what was done; the text of an event for each.
fn spoil_event(whole: &Value) -> Vec<(String, String)> {
    let mut all = Vec::new();
    spoil_member(whole, whole, &mut Vec::new(), &mut all);
    let text = String::from_utf8(canonical::to_bytes(whole)).unwrap();
    all.push(("a space more".to_owned(), text.replacen(':', ": ", 1)));
    all.push(("a line's end".to_owned(), format!("{text}\n")));
    all.push(("another value after it".to_owned(), format!("{text}{{}}")));
    all.push(("cut off".to_owned(), text[..text.len() - 1].to_owned()));
    all
}

fn spoil_member(whole: &Value, part: &Value, path: &mut Vec<String>, all: &mut Vec<(String, String)>) {
    let pointer: String = path.iter().map(|step| format!("/{step}")).collect();
    let mut with = |case: &str, value: Value| {
        let mut other = whole.clone();
        *other.pointer_mut(&pointer).unwrap() = value;
        all.push((format!("{pointer}: {case}"), String::from_utf8(canonical::to_bytes(&other)).unwrap()));
    };
    match part {
        Value::Object(members) => {
            with("another type", json!([]));
            for name in ["also", "zzz", "\u{e9}"] {
                let mut more = members.clone();
                more.insert(name.to_owned(), json!(1));
                with("a member more", Value::Object(more));
            }
            let optional = ["source", "renewed", "confirmed_by"];
            for name in members.keys().filter(|name| !optional.contains(&name.as_str())) {
                let mut fewer = members.clone();
                fewer.remove(name);
                with(&format!("without {name}"), Value::Object(fewer));
            }
            // The first member twice, with the same value.
            let once = String::from_utf8(canonical::to_bytes(part)).unwrap();
            let (name, value) = members.iter().next().unwrap();
            let first = format!("{}:{}", json!(name), String::from_utf8(canonical::to_bytes(value)).unwrap());
            let twice = once.replacen(&first, &format!("{first},{first}"), 1);
            let text = String::from_utf8(canonical::to_bytes(whole)).unwrap();
            all.push((format!("{pointer}: {name} twice"), text.replacen(&once, &twice, 1)));
        }
        Value::Array(elements) => {
            with("another type", json!({}));
            let mut more = elements.clone();
            more.push(json!(7));
            with("an element of another type", Value::Array(more));
        }
        Value::String(text) => {
            with("a number", json!(7));
            with("a list", json!([text]));
            spoil_text(text, &mut with);
        }
        Value::Number(number) => {
            let number = number.as_i64().unwrap();
            with("a fraction", json!(number as f64 + 0.5));
            with("2^53", json!(9_007_199_254_740_992_u64));
            with("more than 2^53", json!(18_446_744_073_709_551_615_u64));
            with("less than -2^53", json!(-9_007_199_254_740_993_i64));
            with("a text", json!(number.to_string()));
            let text = String::from_utf8(canonical::to_bytes(whole)).unwrap();
            let name = path.last().unwrap();
            let spelt =
                |as_what: String| text.replace(&format!("\"{name}\":{number}"), &format!("\"{name}\":{as_what}"));
            all.push((format!("{pointer}: with a point"), spelt(format!("{number}.0"))));
            all.push((format!("{pointer}: with an exponent"), spelt(format!("{number}e0"))));
        }
        Value::Bool(_) => {
            with("a number", json!(1));
            with("a text", json!("true"));
            with("nothing", Value::Null);
        }
        Value::Null => with("a number", json!(7)),
    }
    match part {
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            path.push(name.clone());
            spoil_member(whole, value, path, all);
            path.pop();
        }),
        Value::Array(elements) => elements.iter().enumerate().for_each(|(at, value)| {
            path.push(at.to_string());
            spoil_member(whole, value, path, all);
            path.pop();
        }),
        _ => {}
    }
}

fn spoil_text(text: &str, with: &mut impl FnMut(&str, Value)) {
    if let Ok(id) = text.parse::<uuid::Uuid>() {
        for form in [id.simple().to_string(), id.braced().to_string(), id.urn().to_string()] {
            with("an id in another form", json!(form));
        }
        // The ids of fixtures have few letters; one that has some is upper case in vain everywhere.
        with("an id in upper case", json!("ABCDEF00-0000-4000-8000-00000000000A"));
        with("no id", json!("7"));
    } else if text.len() == 64 && text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        with("a hash in upper case", json!("AB".repeat(32)));
        with("a hash too short", json!(text[2..]));
        with("a hash too long", json!(format!("{text}00")));
    } else if text.ends_with('Z') && text.parse::<Moment>().is_ok() {
        let (start, day) = (&text[..26], &text[..10]);
        for form in [
            format!("{start}+00:00"),
            format!("{start}z"),
            format!("{}Z", &text[..23]),
            format!("{}Z", &text[..19]),
            format!("{start}000Z"),
            text.replace('T', "t"),
            text.replace('T', " "),
            format!("{day}T10:41:60.000000Z"),
            format!("{day}T24:00:00.000000Z"),
            format!("{day}T10:61:00.000000Z"),
            format!("2026-02-30{}", &text[10..]),
            format!("9999{}", &text[4..]),
            format!("0001{}", &text[4..]),
            format!("1969{}", &text[4..]),
            format!("-002026{}", &text[4..]),
            format!("+002026{}", &text[4..]),
            day.to_owned(),
        ] {
            with("a moment in another form", json!(form));
        }
    } else if text.len() == 10 && text.parse::<Day>().is_ok() {
        for form in ["20261124", "2026-02-30", "2026-11-24T00:00:00", "0001-01-01", "-002026-11-24", "24.11.2026"] {
            with("a day in another form", json!(form));
        }
    } else if text.len() == 19 && text.contains('T') {
        for form in ["2026-12-01 09:00:00", "2026-12-01T09:00", "2026-12-01T09:00:60", "0001-12-01T09:00:00"] {
            with("a local time in another form", json!(form));
        }
        with("a local time with a zone", json!(format!("{text}Z")));
    }
    with("with a control character", json!(format!("{text}\u{7}")));
    with("with white space around it", json!(format!(" {text} ")));
}

/// Texts that are free have no form to break but what is spoilt above.
#[test]
fn exact_event_with_any_spoilt_member_is_refused() {
    let stored = load_stored_events();
    let mut tried: BTreeMap<String, usize> = BTreeMap::new();
    for (name, bytes) in &stored {
        let event = Event::from_exact_bytes(bytes).unwrap_or_else(|why| panic!("{name}: {why}"));
        let whole: Value = serde_json::from_slice(bytes).unwrap();
        for (case, text) in spoil_event(&whole) {
            assert_ne!(text.as_bytes(), bytes, "{name}{case}: nothing was spoilt");
            let result = Event::from_exact_bytes(text.as_bytes());
            assert!(result.is_err(), "{name}{case}: {text}");
            *tried.entry(event.change.kind().to_owned()).or_default() += 1;
        }
    }
    assert_eq!(tried.len(), Change::VARIANTS.len());
    assert!(tried.values().all(|count| *count > 100), "{tried:?}");
}

#[test]
fn renewal_confirmed_by_who_made_it_or_by_the_signer_is_refused() {
    let whole: Value = serde_json::from_slice(&load_stored_events()["signed.renewed.json"]).unwrap();
    let found = |by: &Value, confirmed_by: &Value| {
        let mut event = whole.clone();
        event["data"]["renewed"][0]["by"] = by.clone();
        event["data"]["renewed"][0]["confirmed_by"] = confirmed_by.clone();
        Event::from_exact_bytes(&canonical::to_bytes(&event)).err()
    };
    let (admin, other, signer) =
        (&whole["data"]["renewed"][0]["by"], &whole["data"]["renewed"][0]["confirmed_by"], &whole["data"]["signer"]);
    let refused = Some(ExactJsonError::Value("data.renewed.confirmed_by".to_owned()));
    assert_eq!(found(admin, other), None);
    assert_eq!(found(&Value::Null, other), None, "made at the command line");
    assert_eq!(found(signer, other), None, "an admin renewed their own way in");
    assert_eq!(found(admin, admin), refused);
    assert_eq!(found(admin, signer), refused);
    // By another name it is the same person.
    let mut renamed = admin.clone();
    renamed["name"] = json!("Ada Renamed");
    assert_eq!(found(admin, &renamed), refused);
}

#[test]
fn exact_event_error_names_the_wrong_member() {
    let bytes = &load_stored_events()["signed.json"];
    let spoil = |from: &str, to: &str| {
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.contains(from), "{from}");
        Event::from_exact_bytes(text.replacen(from, to, 1).as_bytes()).unwrap_err().to_string()
    };
    for (from, to, words) in [
        ("\"v\":1", "\"v\":2", "its member `v` has a value that it can't have"),
        ("\"lifts\":null,", "", "its member `data.lifts` is not written as it has to be"),
        ("\"lifts\":null,", "\"lifts\":null,\"luck\":1,", "it has a member `data.luck`, which none of its kind has"),
        (".000000Z\",\"data\"", "Z\",\"data\"", "its member `at` is not written as it has to be"),
        ("\"go\"", "\"maybe\"", "`maybe` is none of the values that stand there (byte "),
        ("tess.lead@example.org", "tess.lead", "its member `data.email` has a value"),
        ("\"statement_version\":1", "\"statement_version\":0", "its member `data.statement_version` has a value"),
    ] {
        assert!(spoil(from, to).contains(words), "{to}: {}", spoil(from, to));
    }
}
