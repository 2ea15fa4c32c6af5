//! Rows of a table against the rows that it should hold.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// A row, by its columns.
pub(super) type Columns = Map<String, Value>;

/// How a table differs from what it should hold: a sentence for its first difference, with how many rows differ. `key` names
/// the columns that tell a row from the others, and `source` what says how the rows should be ("the history").
pub(super) fn difference(key: &[&str], actual: Vec<Columns>, expected: Vec<Columns>, source: &str) -> Option<String> {
    let by_key = |rows: Vec<Columns>| -> BTreeMap<String, Columns> {
        rows.into_iter().map(|row| (name(key, &row), row)).collect()
    };
    let (mut actual, expected) = (by_key(actual), by_key(expected));
    let mut found = Vec::new();
    for (name, expected) in expected {
        match actual.remove(&name) {
            None => found.push(format!("the row {name} is missing, which {source} tells of")),
            Some(row) => found.extend(column(&name, &row, &expected, source)),
        }
    }
    found.extend(actual.keys().map(|name| format!("there is a row {name}, and {source} tells of none")));
    let first = found.first()?.clone();
    Some(match found.len() - 1 {
        0 => first,
        1 => format!("{first} (and one more row is wrong)"),
        more => format!("{first} (and {more} more rows are wrong)"),
    })
}

/// The first column in which a row differs.
fn column(name: &str, actual: &Columns, expected: &Columns, source: &str) -> Option<String> {
    let (column, value) = expected.iter().find(|(column, value)| actual.get(*column) != Some(value))?;
    let held = actual.get(column).map_or_else(|| "nothing".to_owned(), shown);
    Some(format!("in the row {name}, the column {column} holds {held}, and by {source} it is {}", shown(value)))
}

/// A value as JSON, with what a terminal might act on escaped, and cut where it is long.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) => format!("{text:?}"),
        other => other.to_string(),
    };
    if text.chars().count() <= 100 { text } else { text.chars().take(99).chain(['…']).collect() }
}

fn name(key: &[&str], row: &Columns) -> String {
    let part = |column: &&str| match row.get(*column) {
        Some(Value::String(text)) => text.escape_debug().to_string(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    key.iter().map(part).collect::<Vec<_>>().join(" / ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: Value) -> Vec<Columns> {
        serde_json::from_value(rows).unwrap()
    }

    #[test]
    fn difference_names_the_row_and_the_column() {
        let expected = || rows(serde_json::json!([{ "id": "a", "state": "open" }, { "id": "b", "state": "done" }]));
        for (actual, words) in [
            (expected(), None),
            (
                rows(serde_json::json!([{ "id": "a", "state": "done" }, { "id": "b", "state": "done" }])),
                Some("in the row a, the column state holds \"done\", and by the history it is \"open\""),
            ),
            (
                rows(serde_json::json!([{ "id": "b", "state": "done" }])),
                Some("the row a is missing, which the history tells of"),
            ),
            (
                rows(
                    serde_json::json!([{ "id": "a", "state": "\u{202e}" }, { "id": "b", "state": null }, { "id": "c" }]),
                ),
                Some(
                    "in the row a, the column state holds \"\\u{202e}\", and by the history it is \"open\" (and 2 more rows \
                     are wrong)",
                ),
            ),
        ] {
            assert_eq!(difference(&["id"], actual, expected(), "the history").as_deref(), words);
        }
        let extra =
            difference(&["role", "user"], rows(serde_json::json!([{ "role": "x", "user": 7 }])), Vec::new(), "the log");
        assert_eq!(extra.as_deref(), Some("there is a row x / 7, and the log tells of none"));
    }
}
