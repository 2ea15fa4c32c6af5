//! The name of a person on a page, with a mark if their account is deactivated, and its initials.

use std::{collections::BTreeSet, fmt};

use askama::filters::HtmlSafe;

use crate::texts::{self, ToMarkup};

/// A `<bdi>` element with an escaped name, and the mark after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonTag {
    name: String,
    is_deactivated: bool,
}

impl PersonTag {
    /// `deactivated` are the names of deactivated accounts. A name stands for one account: a second person whose name
    /// looks like an existing one has their address in the name.
    #[must_use]
    pub fn new(name: &str, deactivated: &BTreeSet<String>) -> Self {
        Self { name: name.to_owned(), is_deactivated: deactivated.contains(name) }
    }
}

impl fmt::Display for PersonTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = askama::filters::escape(self.name.as_str(), askama::filters::Html).map_err(|_| fmt::Error)?;
        write!(f, "<bdi>{name}</bdi>")?;
        if self.is_deactivated {
            write!(f, r#" <span class="chip cond">{}</span>"#, texts::deactivated())
        } else {
            Ok(())
        }
    }
}

impl HtmlSafe for PersonTag {}

impl ToMarkup for PersonTag {
    fn push_markup(&self, text: &mut String) {
        text.push_str(&self.to_string());
    }
}

/// Up to two letters for a name: the first letters of its first and last word.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn person_tag_escapes_the_name_and_marks_deactivated_people() {
        let deactivated = BTreeSet::from(["Ana <b>".to_owned()]);
        assert_eq!(
            PersonTag::new("Ana <b>", &deactivated).to_string(),
            r#"<bdi>Ana &#60;b&#62;</bdi> <span class="chip cond">deactivated</span>"#
        );
        assert_eq!(PersonTag::new("Ana", &deactivated).to_string(), "<bdi>Ana</bdi>");
    }

    #[test]
    fn initials_are_of_the_first_and_last_word() {
        for (name, letters) in [("Ana Maria Sousa", "AS"), ("madonna", "M"), ("Øystein å", "ØÅ"), ("", "")] {
            assert_eq!(initials(name), letters);
        }
    }
}
