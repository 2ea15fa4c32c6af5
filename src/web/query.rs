//! Addresses with a query string.

/// Builds an address from a path and the parameters that are not empty.
#[must_use]
pub fn build_address(path: &str, parts: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(parts.iter().filter(|(_, value)| !value.is_empty()));
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
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
