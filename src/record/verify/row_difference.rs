//! Compares rows of a table with the expected rows.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// A row as a JSON object.
pub(super) type Columns = Map<String, Value>;

/// The first difference between a table and its expected rows, in a sentence with the number of other differing rows.
/// `key` are the columns that identify a row, and `source` names where the expected rows come from ("the history").
pub(super) fn describe_difference(
    key: &[&str],
    actual: Vec<Columns>,
    expected: Vec<Columns>,
    source: &str,
) -> Option<String> {
    let by_key = |rows: Vec<Columns>| -> BTreeMap<String, Columns> {
        rows.into_iter().map(|row| (row_name(key, &row), row)).collect()
    };
    let (mut actual, expected) = (by_key(actual), by_key(expected));
    let mut differences = Vec::new();
    for (name, expected) in expected {
        match actual.remove(&name) {
            None => differences.push(format!("the row {name} is missing, which {source} tells of")),
            Some(row) => differences.extend(describe_column_difference(&name, &row, &expected, source)),
        }
    }
    differences.extend(actual.keys().map(|name| format!("there is a row {name}, and {source} tells of none")));
    let first = differences.first()?.clone();
    Some(match differences.len() - 1 {
        0 => first,
        1 => format!("{first} (and one more row is wrong)"),
        more => format!("{first} (and {more} more rows are wrong)"),
    })
}

/// The first column in which a row differs.
fn describe_column_difference(name: &str, actual: &Columns, expected: &Columns, source: &str) -> Option<String> {
    let (column, value) = expected.iter().find(|(column, value)| actual.get(*column) != Some(value))?;
    let held = actual.get(column).map_or_else(|| "nothing".to_owned(), format_value);
    Some(format!("in the row {name}, the column {column} holds {held}, and by {source} it is {}", format_value(value)))
}

/// A value as JSON, with control characters escaped for terminals, and truncated when it is long.
fn format_value(value: &Value) -> String {
    let text = match value {
        Value::String(text) => format!("{text:?}"),
        other => other.to_string(),
    };
    if text.chars().count() <= 100 { text } else { text.chars().take(99).chain(['…']).collect() }
}

fn row_name(key: &[&str], row: &Columns) -> String {
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
    fn describe_difference_names_the_row_and_the_column() {
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
            assert_eq!(describe_difference(&["id"], actual, expected(), "the history").as_deref(), words);
        }
        let extra = describe_difference(
            &["role", "user"],
            rows(serde_json::json!([{ "role": "x", "user": 7 }])),
            Vec::new(),
            "the log",
        );
        assert_eq!(extra.as_deref(), Some("there is a row x / 7, and the log tells of none"));
    }
}
