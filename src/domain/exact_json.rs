//! Strict reading of hashed JSON: it accepts exactly the members, types and spellings that this program writes.
//!
//! Reading a value and writing it again gives the same bytes only if no member is unknown, missing or duplicated, and
//! every id, time, hash and number is in its canonical form. So one comparison checks every kind of event against the
//! tables of `docs/audit-format.md`, and a member that is added to a type is checked from then on.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::canonical;

/// Why bytes are not hashed JSON of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExactJsonError {
    /// The bytes are not JSON.
    #[error("{0}")]
    NotJson(String),
    /// The bytes are not in the form of RFC 8785.
    #[error("it is not canonical JSON")]
    NotCanonical,
    /// A member is missing, or has a value of another type.
    #[error("{0}")]
    Unreadable(String),
    /// There is a member that this kind does not have.
    #[error("it has a member `{0}`, which none of its kind has")]
    UnknownMember(String),
    /// A member is not in its canonical form, or should have been omitted.
    #[error("its member `{0}` is not written as it has to be")]
    Spelling(String),
    /// A member has a value that is not allowed for it.
    #[error("its member `{0}` has a value that it can't have")]
    Value(String),
}

/// Says in the words of the documentation why a value could not be read, and where: the parser's own message names the
/// types of the program.
#[must_use]
pub fn describe_json_error(error: &serde_json::Error) -> String {
    let place = match error.line() {
        0 | 1 => format!("byte {}", error.column()),
        line => format!("line {line}, byte {}", error.column()),
    };
    if !error.is_data() {
        return format!("it is not JSON ({place})");
    }
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
    let quoted = text.split('`').nth(1).unwrap_or_default();
    let description = match text.split(" `").next().unwrap_or_default() {
        "missing field" => format!("the member `{quoted}` is missing"),
        "unknown field" => format!("there is a member `{quoted}`, which does not belong there"),
        "duplicate field" => format!("the member `{quoted}` is there twice"),
        "unknown variant" => format!("`{quoted}` is none of the values that stand there"),
        _ => match text.rsplit_once(", expected ").map(|(_, expected)| expected) {
            Some("i32" | "i64" | "u32" | "u64") => "a value is not a whole number in its bounds".to_owned(),
            Some("a boolean") => "a value is neither true nor false".to_owned(),
            Some("a sequence") => "a value is not a list".to_owned(),
            Some(expected @ ("a string" | "an object" | "a list of signatures")) => {
                format!("a value is not {expected}")
            }
            _ if text.ends_with("is not spelled as it has to be") => text.to_owned(),
            _ => "a value is not in the form that it has to have".to_owned(),
        },
    };
    format!("{description} ({place})")
}

/// Reads a value from bytes that must be exactly what [`canonical::to_bytes`] makes of it.
///
/// # Errors
/// [`ExactJsonError`] names the member that is wrong, if it is a single member.
pub fn from_exact_bytes<T: DeserializeOwned + Serialize>(bytes: &[u8]) -> Result<T, ExactJsonError> {
    let read = canonical::from_bytes::<T>(bytes);
    if let Ok(value) = &read
        && canonical::to_bytes(value) == bytes
    {
        return read.map_err(|error| ExactJsonError::Unreadable(describe_json_error(&error)));
    }
    let actual: Value =
        serde_json::from_slice(bytes).map_err(|error| ExactJsonError::NotJson(describe_json_error(&error)))?;
    if canonical::to_bytes(&actual) != bytes {
        return Err(ExactJsonError::NotCanonical);
    }
    let value = read.map_err(|error| ExactJsonError::Unreadable(describe_json_error(&error)))?;
    let written =
        serde_json::to_value(&value).map_err(|error| ExactJsonError::Unreadable(describe_json_error(&error)))?;
    Err(match find_difference(&actual, &written) {
        Some(MemberDifference::Added(member)) => ExactJsonError::UnknownMember(member),
        Some(MemberDifference::Removed(member) | MemberDifference::Changed(member)) => ExactJsonError::Spelling(member),
        None => ExactJsonError::NotCanonical,
    })
}

/// The first member in which two JSON values differ, as a path: `data.old.state`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberDifference {
    /// Only the first value has this member.
    Added(String),
    /// Only the second value has this member.
    Removed(String),
    /// The values of this member differ.
    Changed(String),
}

impl MemberDifference {
    #[must_use]
    pub fn member_path(&self) -> &str {
        match self {
            Self::Added(member) | Self::Removed(member) | Self::Changed(member) => member,
        }
    }

    fn prefix_path(self, outer: &str) -> Self {
        let path = |member: String| if member.is_empty() { outer.to_owned() } else { format!("{outer}.{member}") };
        match self {
            Self::Added(member) => Self::Added(path(member)),
            Self::Removed(member) => Self::Removed(path(member)),
            Self::Changed(member) => Self::Changed(path(member)),
        }
    }
}

/// The first difference between two JSON values, or `None` if they are equal.
#[must_use]
pub fn find_difference(actual: &Value, expected: &Value) -> Option<MemberDifference> {
    match (actual, expected) {
        (Value::Object(actual), Value::Object(expected)) => {
            let added = actual.keys().find(|name| !expected.contains_key(*name));
            let removed = expected.keys().find(|name| !actual.contains_key(*name));
            let changed = || {
                let mut both = actual.iter().filter_map(|(name, value)| Some((name, value, expected.get(name)?)));
                both.find_map(|(name, value, other)| Some(find_difference(value, other)?.prefix_path(name)))
            };
            added
                .map(|name| MemberDifference::Added(name.clone()))
                .or_else(|| removed.map(|name| MemberDifference::Removed(name.clone())))
                .or_else(changed)
        }
        (Value::Array(actual), Value::Array(expected)) if actual.len() == expected.len() => {
            let mut both = actual.iter().zip(expected).enumerate();
            both.find_map(|(at, (value, other))| Some(find_difference(value, other)?.prefix_path(&at.to_string())))
        }
        _ => (actual != expected).then(|| MemberDifference::Changed(String::new())),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Sample {
        id: uuid::Uuid,
        name: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        more: Option<i64>,
    }

    #[test]
    fn exact_json_with_other_bytes_is_refused_and_names_the_member() {
        let id = "\"id\":\"00000000-0000-0000-0000-00000000000a\"";
        let good = |json: String| assert!(super::from_exact_bytes::<Sample>(json.as_bytes()).is_ok(), "{json}");
        good(format!("{{{id},\"name\":null}}"));
        good(format!("{{{id},\"more\":7,\"name\":\"x\"}}"));
        for (json, why) in [
            (format!("{{{id},\"name\":null"), "it is not JSON (byte "),
            (format!("{{{id}, \"name\":null}}"), "it is not canonical JSON"),
            (format!("{{\"name\":null,{id}}}"), "it is not canonical JSON"),
            (format!("{{{id},{id},\"name\":null}}"), "it is not canonical JSON"),
            (format!("{{{id}}}"), "its member `name` is not written as it has to be"),
            (format!("{{{id},\"more\":null,\"name\":null}}"), "it has a member `more`"),
            (format!("{{{id},\"name\":null,\"other\":1}}"), "it has a member `other`"),
            (format!("{{{},\"name\":null}}", id.to_uppercase().replace("ID", "id")), "its member `id` is not written"),
            (format!("{{{},\"name\":null}}", id.replace('-', "")), "its member `id` is not written"),
            (format!("{{{id},\"more\":7.5,\"name\":null}}"), "a value is not a whole number in its bounds (byte "),
        ] {
            let message = super::from_exact_bytes::<Sample>(json.as_bytes()).unwrap_err().to_string();
            assert!(message.starts_with(why), "{json}: {message}");
        }
    }

    #[test]
    fn json_difference_is_named_by_its_path() {
        let expected = json!({"a": {"b": [1, {"c": 2}]}, "d": 1});
        for (actual, member) in [
            (json!({"a": {"b": [1, {"c": 3}]}, "d": 1}), "a.b.1.c"),
            (json!({"a": {"b": [1]}, "d": 1}), "a.b"),
            (json!({"a": {}, "d": 1}), "a.b"),
            (json!({"a": {"b": [1, {"c": 2, "x": 0}]}, "d": 1}), "a.b.1.x"),
            (json!(7), ""),
        ] {
            assert_eq!(find_difference(&actual, &expected).unwrap().member_path(), member, "{actual}");
        }
        assert_eq!(find_difference(&expected, &expected), None);
    }
}
