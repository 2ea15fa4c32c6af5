//! Rows of a table as JSON, and how they differ from the expected rows.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

pub(super) type JsonRow = Map<String, Value>;

/// The rows of a query, each as a [`JsonRow`], which the caller has to import with `sqlx::types::Json`.
macro_rules! json_rows {
    ($db:expr, $query:literal) => {
        sqlx::query_scalar!("SELECT to_jsonb(r) AS \"row!: Json<JsonRow>\" FROM (" + $query + ") r")
            .fetch_all($db)
            .await
            .map(|rows| rows.into_iter().map(|row| row.0).collect::<Vec<JsonRow>>())
    };
}
pub(super) use json_rows;

/// The objects among JSON values.
pub(super) fn to_rows(rows: impl IntoIterator<Item = Value>) -> Vec<JsonRow> {
    rows.into_iter()
        .filter_map(|row| match row {
            Value::Object(columns) => Some(columns),
            _ => None,
        })
        .collect()
}

/// The first difference between a table and its expected rows, in a sentence with the number of other differing rows.
/// `key` are the columns that identify a row, and `source` names where the expected rows come from ("the history").
pub(super) fn describe_difference(
    key: &[&str],
    actual: Vec<JsonRow>,
    expected: Vec<JsonRow>,
    source: &str,
) -> Option<String> {
    let by_key = |rows: Vec<JsonRow>| -> BTreeMap<String, JsonRow> {
        rows.into_iter().map(|row| (row_name(key, &row), row)).collect()
    };
    let (mut actual, expected) = (by_key(actual), by_key(expected));
    let mut differences = Vec::new();
    for (name, expected) in expected {
        match actual.remove(&name) {
            None => differences.push(format!("the row {name} is missing, although {source} has it")),
            Some(row) => differences.extend(describe_column_difference(&name, &row, &expected, source)),
        }
    }
    differences.extend(actual.keys().map(|name| format!("there is a row {name}, which {source} does not have")));
    let first = differences.first()?.clone();
    Some(match differences.len() - 1 {
        0 => first,
        1 => format!("{first} (and one more row is wrong)"),
        more => format!("{first} (and {more} more rows are wrong)"),
    })
}

/// The first column in which a row differs.
fn describe_column_difference(name: &str, actual: &JsonRow, expected: &JsonRow, source: &str) -> Option<String> {
    let (column, expected) = expected.iter().find(|(column, value)| actual.get(*column) != Some(value))?;
    let value = actual.get(column).map_or_else(|| "nothing".to_owned(), format_value);
    Some(format!(
        "in the row {name}, the column {column} holds {value}, and by {source} it is {}",
        format_value(expected)
    ))
}

/// A value as JSON, with control characters escaped for terminals, and truncated when it is long.
fn format_value(value: &Value) -> String {
    let text = match value {
        Value::String(text) => format!("{text:?}"),
        other => other.to_string(),
    };
    if text.chars().count() <= 100 { text } else { text.chars().take(99).chain(['…']).collect() }
}

fn row_name(key: &[&str], row: &JsonRow) -> String {
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

    fn rows(rows: Value) -> Vec<JsonRow> {
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
                Some("the row a is missing, although the history has it"),
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
        assert_eq!(extra.as_deref(), Some("there is a row x / 7, which the log does not have"));
    }
}
