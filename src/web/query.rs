//! Addresses with something after the question mark.

/// The address of a path with these names and values, those that are not empty.
#[must_use]
pub fn address(path: &str, parts: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(parts.iter().filter(|(_, value)| !value.is_empty()));
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_empty_is_left_out() {
        assert_eq!(address("/audit", &[]), "/audit");
        assert_eq!(address("/audit", &[("kind", ""), ("text", "")]), "/audit");
        assert_eq!(
            address("/audit", &[("kind", "items"), ("actor", ""), ("text", "a b&c")]),
            "/audit?kind=items&text=a+b%26c"
        );
        assert_eq!(address("", &[("kind", "file")]), "?kind=file");
    }
}
