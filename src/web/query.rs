//! Addresses with a query string, and what filters in it may hold.

use crate::{
    domain::{text::TextError, time::Day},
    texts,
};

/// Builds an address from a path and the parameters that are not empty.
#[must_use]
pub fn build_address(path: &str, parts: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(parts.iter().filter(|(_, value)| !value.is_empty()));
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// A text to look for, trimmed. One that is too long is an error and is not cut off: what is looked for is what was typed.
///
/// # Errors
/// [`TextError::TooLong`], with the number of characters that are allowed.
pub fn check_filter_text(text: &str, max_chars: usize) -> Result<&str, TextError> {
    let text = text.trim();
    if text.chars().count() > max_chars { Err(TextError::TooLong(max_chars)) } else { Ok(text) }
}

/// A filter's day is not a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", texts::not_a_date())]
pub struct FilterDayError;

/// The day of a filter; `None` if it is empty.
///
/// # Errors
/// [`FilterDayError`], when it is not a day.
pub fn check_filter_day(text: &str) -> Result<Option<Day>, FilterDayError> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| FilterDayError),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_address_leaves_out_empty_values() {
        assert_eq!(build_address("/audit", &[]), "/audit");
        assert_eq!(build_address("/audit", &[("kind", ""), ("text", "")]), "/audit");
        assert_eq!(
            build_address("/audit", &[("kind", "items"), ("actor", ""), ("text", "a b&c")]),
            "/audit?kind=items&text=a+b%26c"
        );
        assert_eq!(build_address("", &[("kind", "file")]), "?kind=file");
    }
}
