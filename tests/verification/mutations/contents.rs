//! Bundles with altered entry content, in valid archives.

use serde_json::{Map, Value, json};

use super::*;
use crate::verification::key_rotation::change_key;

/// The entries to alter, repeated by how often each is chosen; an evidence file counts once.
const ENTRIES: [&str; 14] = [
    "bundle.json",
    "bundle.json",
    "key.txt",
    "keys.jsonl",
    "keys.jsonl",
    "checkpoints.jsonl",
    "checkpoints.jsonl",
    "checklist.json",
    "events.jsonl",
    "events.jsonl",
    "texts.jsonl",
    "texts.jsonl",
    "signatures.json",
    "signatures.json",
];

/// Another spelling of a word: most are refused, and none may be accepted by one verifier alone.
fn respell(word: &str, dice: &mut Dice) -> String {
    match dice.below(10) {
        0 => word.to_uppercase(),
        1 => word.replace('-', ""),
        2 => format!("{{{word}}}"),
        3 => word.replacen('Z', "+00:00", 1),
        4 => word.replacen("000000Z", "000Z", 1),
        5 => word.replacen('T', " ", 1),
        6 => format!("{word} "),
        7 => word.chars().rev().collect(),
        8 => format!("{word}\n"),
        _ => String::new(),
    }
}

fn odd_value(dice: &mut Dice) -> Value {
    dice.of(&[
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(9_007_199_254_740_992_u64),
        json!(""),
        json!("x"),
        json!([]),
        json!({}),
        json!([[]]),
        json!({ "redacted": true }),
    ])
}

/// Alters a value somewhere within.
fn alter(value: &mut Value, dice: &mut Dice) {
    let deeper = dice.below(4) > 0;
    match value {
        Value::Object(members) if !members.is_empty() => {
            let name = dice.of(&members.keys().cloned().collect::<Vec<_>>());
            match dice.below(8) {
                0 => drop(members.remove(&name)),
                1 => drop(members.insert(dice.of(&["x", "version", "é", "", "Event"]).to_owned(), odd_value(dice))),
                2 => {
                    let moved = members.remove(&name).unwrap();
                    members.insert(respell(&name, dice), moved);
                }
                _ if deeper => alter(members.get_mut(&name).unwrap(), dice),
                _ => drop(members.insert(name, odd_value(dice))),
            }
        }
        Value::Array(values) if !values.is_empty() => {
            let at = dice.below(values.len());
            match dice.below(6) {
                0 => drop(values.remove(at)),
                1 => values.push(values[at].clone()),
                2 => values.swap(0, at),
                _ => alter(&mut values[at], dice),
            }
        }
        Value::String(word) if dice.below(3) > 0 => *word = respell(word, dice),
        Value::Number(number) if dice.below(2) == 0 => {
            *value = json!(number.as_i64().unwrap_or(7) + dice.of(&[1, -1, 100, 1 << 53]));
        }
        other => *other = odd_value(dice),
    }
}

/// Writes the members of an object in an order and with whitespace that have no meaning; sometimes with one of them
/// twice, or as a list.
fn write_json(value: &Value, dice: &mut Dice) -> String {
    let Some(members) = value.as_object().filter(|members| !members.is_empty()) else { return value.to_string() };
    let mut parts: Vec<String> = members.iter().map(|(name, value)| format!("{}:{value}", json!(name))).collect();
    match dice.below(8) {
        0 => parts.reverse(),
        1 => parts.push(dice.of(&parts)),
        2 => parts.insert(0, format!("{}:null", json!(dice.of(&members.keys().cloned().collect::<Vec<_>>())))),
        3 => return Value::Array(members.values().cloned().collect()).to_string(),
        4 => return format!(" {{ {} }}\t", parts.join(" , ")),
        5 => return serde_json::to_string(value).unwrap().replacen('a', "\\u0061", 1),
        _ => {}
    }
    format!("{{{}}}", parts.join(","))
}

/// Alters the text of one JSON value.
fn alter_json(text: &str, dice: &mut Dice) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
    match dice.below(12) {
        0 => format!("{text}{text}"),
        1 => text[..text.floor_char_boundary(dice.below(text.len() + 1))].to_owned(),
        2 => format!("\u{feff}{text}"),
        3 => "[".repeat(dice.of(&[100, 200, 5_000])),
        4 => text.replacen(':', ": ", 1),
        5 => text.replacen("\":", "\":1.0,\"", 1),
        6 => text.replacen('"', "\"\\ud800", 1),
        7..9 => write_json(&value, dice),
        _ => {
            alter(&mut value, dice);
            write_json(&value, dice)
        }
    }
}

/// Alters a line of an entry, or the order or number of its lines.
fn alter_lines(entries: &mut Entries, name: &str, dice: &mut Dice) {
    let mut all = lines(entries, name);
    if all.is_empty() {
        return;
    }
    let (at, to) = (dice.below(all.len()), dice.below(all.len()));
    match dice.below(10) {
        0 => drop(all.remove(at)),
        1 => all.swap(at, to),
        2 => all.insert(to, all[at].clone()),
        3 => all.insert(at, dice.of(&["", "{}", "null", " ", "\r"]).to_owned()),
        4 => all[at].push('\r'),
        _ => all[at] = alter_json(&all[at], dice),
    }
    set_lines(entries, name, &all);
    if dice.below(12) == 0 {
        let _newline = entry(entries, name).pop();
    }
}

fn alter_bytes(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(bytes.len() + 1);
    match (dice.below(4), bytes.get_mut(at)) {
        (0, Some(byte)) => *byte ^= 1 << dice.below(8),
        (1, Some(byte)) => *byte = byte.to_ascii_uppercase(),
        (2, Some(_)) => drop(bytes.remove(at)),
        _ => bytes.insert(at, dice.of(b"\n\r \0aA0+/=\xff")),
    }
}

/// Alters something; returns a description with the result.
fn altered(good: &Entries, dice: &mut Dice) -> (String, Entries) {
    let mut entries = good.clone();
    let evidence = entries.iter().position(|(name, _)| name.starts_with("evidence/")).unwrap();
    let name = match dice.below(13) {
        0 => entries[evidence].0.clone(),
        // A bundle of an installation with one key has no `keys.jsonl`.
        _ => match dice.of(&ENTRIES) {
            "keys.jsonl" if entries.iter().all(|(name, _)| name != "keys.jsonl") => "key.txt".to_owned(),
            name => name.to_owned(),
        },
    };
    let how = match dice.below(12) {
        0 => {
            let (one, other) = (dice.below(entries.len()), dice.below(entries.len()));
            entries.swap(one, other);
            "entries exchanged"
        }
        1 => {
            entries.retain(|(known, _)| *known != name);
            "entry left out"
        }
        2..4 => {
            alter_bytes(entry(&mut entries, &name), dice);
            "bytes"
        }
        _ if name.ends_with(".jsonl") => {
            alter_lines(&mut entries, &name, dice);
            "lines"
        }
        _ if name.ends_with(".json") => {
            let text = String::from_utf8(entry(&mut entries, &name).clone()).unwrap();
            *entry(&mut entries, &name) = alter_json(&text, dice).into_bytes();
            "JSON"
        }
        _ => {
            alter_bytes(entry(&mut entries, &name), dice);
            "bytes"
        }
    };
    (format!("{name}: {how}"), entries)
}

/// Makes the lines of events canonical and signs them again, as the holder of the key can.
fn resign(entries: &mut Entries, launch: &Launch, key: &PrivateKey) -> Option<()> {
    let events = String::from_utf8(entry(entries, "events.jsonl").clone()).ok()?;
    let events: Vec<String> = events
        .lines()
        .map(|line| {
            let value = serde_json::from_str::<Map<String, Value>>(line);
            value.map_or_else(|_| line.to_owned(), |value| Value::Object(value).to_string())
        })
        .collect();
    let known = events.iter().all(|line| serde_json::from_str::<Value>(line).is_ok_and(|it| it["kind"].is_string()));
    if !known || events.is_empty() {
        return None;
    }
    set_lines(entries, "events.jsonl", &events);
    set_lines(entries, "checkpoints.jsonl", &all_notes(key, launch.id, &events));
    set_count(entries, events.len());
    Some(())
}

#[tokio::test]
async fn verifiers_agree_on_mutated_contents() {
    let mut launch = launch_with_every_kind_of_content().await;
    let of_one_key = entries(&bundle(&launch, &launch.auditor).await);
    let first = std::sync::Arc::clone(&launch.app.key);
    change_key(&mut launch, 21, false).await;
    launch.mark(&launch.member, "status", ItemState::Open).await;
    change_key(&mut launch, 22, false).await;
    let of_three = entries(&bundle(&launch, &launch.auditor).await);
    let newest = std::sync::Arc::clone(&launch.app.key);
    let bundles = [(&of_one_key, &first, &first), (&of_three, &newest, &newest), (&of_three, &first, &newest)];
    let (mut dice, mut second, mut tally) = (dice(), SecondVerifier::start(), Tally::default());
    for (good, given, _) in bundles {
        assert_eq!(second.agrees(&zip(good), Some(&given.public_key())), Ok(0));
    }
    let (mut disagree, mut tried) = (Vec::new(), 0);
    while tried < number_from_environment("SIGNOFF_MUTATIONS", 1_000) {
        let (good, given, signer) = dice.of(&bundles);
        let (done, mut entries) = altered(good, &mut dice);
        let names: std::collections::BTreeSet<&String> = entries.iter().map(|(name, _)| name).collect();
        // A verifier that is not strict was not written against what only the holder of the key can do.
        let anew = second.strict && done.starts_with("events.jsonl") && names.len() == good.len() && dice.below(2) == 0;
        if entries == *good || (anew && resign(&mut entries, &launch, signer).is_none()) {
            continue;
        }
        tried += 1;
        match second.agrees(&zip(&entries), Some(&given.public_key())) {
            Ok(status) => tally.count(status),
            Err(how) => disagree.push(format!("{done}{}: {how}", if anew { ", signed anew" } else { "" })),
        }
    }
    println!("by status: {:?}; not the same: {}; held to every status: {}", tally.0, disagree.len(), second.strict);
    assert!(disagree.is_empty(), "{:#?}", &disagree[..disagree.len().min(20)]);
}
