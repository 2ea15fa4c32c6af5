//! Hashed JSON read strictly: exactly the members, types and spellings that this program writes.
//!
//! A value that is read and written again gives the bytes it was read from only if they have no member that the type
//! does not know, none missing or twice, and every id, time, hash and number in its one spelling. So one comparison
//! holds every kind of event to the tables of `docs/audit-format.md`, and a member that is added to a type is covered
//! from the moment it is there.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::canonical;

/// Why bytes are not hashed JSON of the kind that was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotExact {
    /// They are not JSON, or JSON that RFC 8785 writes otherwise: the parser's reason, if it is no JSON.
    #[error("it is not canonical JSON{}", .0.as_deref().map(|why| format!(": {why}")).unwrap_or_default())]
    NotCanonical(Option<String>),
    /// A member is missing, or has a value of another type.
    #[error("{0}")]
    Unreadable(String),
    /// It has a member that none of its kind has.
    #[error("it has a member `{0}`, which none of its kind has")]
    Unknown(String),
    /// A member is spelled otherwise than it has to be, or should have been left out.
    #[error("its member `{0}` is not written as it has to be")]
    Spelling(String),
    /// A member has a value that no such member may have.
    #[error("its member `{0}` has a value that it can't have")]
    Value(String),
}

/// Reads a value from bytes that have to be exactly what [`canonical::bytes`] makes of it.
///
/// # Errors
/// [`NotExact`] says which member is wrong, where it is a member.
pub fn read<T: DeserializeOwned + Serialize>(bytes: &[u8]) -> Result<T, NotExact> {
    let read = canonical::read::<T>(bytes);
    if let Ok(value) = &read
        && canonical::bytes(value) == bytes
    {
        return read.map_err(|error| NotExact::Unreadable(error.to_string()));
    }
    let found: Value =
        serde_json::from_slice(bytes).map_err(|error| NotExact::NotCanonical(Some(error.to_string())))?;
    if canonical::bytes(&found) != bytes {
        return Err(NotExact::NotCanonical(None));
    }
    let value = read.map_err(|error| NotExact::Unreadable(error.to_string()))?;
    let written = serde_json::to_value(&value).map_err(|error| NotExact::Unreadable(error.to_string()))?;
    Err(match difference(&found, &written) {
        Some(Difference::Added(member)) => NotExact::Unknown(member),
        Some(Difference::Removed(member) | Difference::Changed(member)) => NotExact::Spelling(member),
        None => NotExact::NotCanonical(None),
    })
}

/// The first member in which a JSON value differs from another, by its path: `data.old.state`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// Only the first value has it.
    Added(String),
    /// Only the second value has it.
    Removed(String),
    /// They have different values for it.
    Changed(String),
}

impl Difference {
    /// The member's path.
    #[must_use]
    pub fn member(&self) -> &str {
        match self {
            Self::Added(member) | Self::Removed(member) | Self::Changed(member) => member,
        }
    }

    fn within(self, outer: &str) -> Self {
        let path = |member: String| if member.is_empty() { outer.to_owned() } else { format!("{outer}.{member}") };
        match self {
            Self::Added(member) => Self::Added(path(member)),
            Self::Removed(member) => Self::Removed(path(member)),
            Self::Changed(member) => Self::Changed(path(member)),
        }
    }
}

/// The first difference of one JSON value from another; nothing when they are equal.
#[must_use]
pub fn difference(found: &Value, expected: &Value) -> Option<Difference> {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            let added = found.keys().find(|name| !expected.contains_key(*name));
            let removed = expected.keys().find(|name| !found.contains_key(*name));
            let changed = || {
                let mut both = found.iter().filter_map(|(name, value)| Some((name, value, expected.get(name)?)));
                both.find_map(|(name, value, other)| Some(difference(value, other)?.within(name)))
            };
            added
                .map(|name| Difference::Added(name.clone()))
                .or_else(|| removed.map(|name| Difference::Removed(name.clone())))
                .or_else(changed)
        }
        (Value::Array(found), Value::Array(expected)) if found.len() == expected.len() => {
            let mut both = found.iter().zip(expected).enumerate();
            both.find_map(|(at, (value, other))| Some(difference(value, other)?.within(&at.to_string())))
        }
        _ => (found != expected).then(|| Difference::Changed(String::new())),
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
    fn bytes_that_are_not_what_is_written_are_refused_with_the_member() {
        let id = "\"id\":\"00000000-0000-0000-0000-00000000000a\"";
        let good = |json: String| assert!(super::read::<Sample>(json.as_bytes()).is_ok(), "{json}");
        good(format!("{{{id},\"name\":null}}"));
        good(format!("{{{id},\"more\":7,\"name\":\"x\"}}"));
        for (json, why) in [
            (format!("{{{id},\"name\":null"), "it is not canonical JSON: EOF"),
            (format!("{{{id}, \"name\":null}}"), "it is not canonical JSON"),
            (format!("{{\"name\":null,{id}}}"), "it is not canonical JSON"),
            (format!("{{{id},{id},\"name\":null}}"), "it is not canonical JSON"),
            (format!("{{{id}}}"), "its member `name` is not written as it has to be"),
            (format!("{{{id},\"more\":null,\"name\":null}}"), "it has a member `more`"),
            (format!("{{{id},\"name\":null,\"other\":1}}"), "it has a member `other`"),
            (format!("{{{},\"name\":null}}", id.to_uppercase().replace("ID", "id")), "its member `id` is not written"),
            (format!("{{{},\"name\":null}}", id.replace('-', "")), "its member `id` is not written"),
            (format!("{{{id},\"more\":7.5,\"name\":null}}"), "invalid type: floating point"),
        ] {
            let found = super::read::<Sample>(json.as_bytes()).unwrap_err().to_string();
            assert!(found.starts_with(why), "{json}: {found}");
        }
    }

    #[test]
    fn a_difference_is_named_by_its_path() {
        let expected = json!({"a": {"b": [1, {"c": 2}]}, "d": 1});
        for (found, member) in [
            (json!({"a": {"b": [1, {"c": 3}]}, "d": 1}), "a.b.1.c"),
            (json!({"a": {"b": [1]}, "d": 1}), "a.b"),
            (json!({"a": {}, "d": 1}), "a.b"),
            (json!({"a": {"b": [1, {"c": 2, "x": 0}]}, "d": 1}), "a.b.1.x"),
            (json!(7), ""),
        ] {
            assert_eq!(difference(&found, &expected).unwrap().member(), member, "{found}");
        }
        assert_eq!(difference(&expected, &expected), None);
    }
}
