//! The name of a person on a page, with a mark if they left or have another name now, and its initials.

use std::fmt;

use askama::filters::HtmlSafe;

use crate::texts::{self, PersonLabel, PersonMark, ToMarkup};

/// A `<bdi>` element with an escaped name, and the mark after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonTag {
    name: String,
    present_name: Option<String>,
    mark: Option<PersonMark>,
}

impl PersonTag {
    #[must_use]
    pub fn new(label: PersonLabel<'_>) -> Self {
        Self { name: label.name().to_owned(), present_name: label.present_name(), mark: label.mark() }
    }

    /// For a document that is read elsewhere.
    #[must_use]
    pub fn without_mark(name: &str) -> Self {
        Self { name: name.to_owned(), present_name: None, mark: None }
    }
}

impl fmt::Display for PersonTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = askama::filters::escape(self.name.as_str(), askama::filters::Html).map_err(|_| fmt::Error)?;
        write!(f, "<bdi>{name}</bdi>")?;
        if let Some(present) = &self.present_name {
            write!(f, r#" <span class="soft">{}</span>"#, texts::has_this_name_now(present))?;
        }
        let mark = match self.mark {
            Some(PersonMark::Deactivated) => texts::deactivated(),
            Some(PersonMark::WithoutRole) => texts::no_longer_a_member(),
            None => return Ok(()),
        };
        write!(f, r#" <span class="chip cond">{mark}</span>"#)
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
    use crate::texts::{FormerNames, Reader};

    #[test]
    fn person_tag_escapes_the_name_and_marks_former_members_and_renamed_people() {
        let name = "Ana <b>".to_owned();
        let bare = "<bdi>Ana &#60;b&#62;</bdi>";
        assert_eq!(PersonTag::new(PersonLabel::new(&name)).to_string(), bare);
        Reader::default().sync_scope(|| {
            Reader::set_former_names(FormerNames { deactivated: [name.clone()].into(), ..FormerNames::default() });
            let marked = PersonTag::new(PersonLabel::new(&name)).to_string();
            assert_eq!(marked, format!(r#"{bare} <span class="chip cond">deactivated</span>"#));
            assert_eq!(PersonTag::without_mark(&name).to_string(), bare);
            Reader::set_former_names(FormerNames { without_role: [name.clone()].into(), ..FormerNames::default() });
            let marked = PersonTag::new(PersonLabel::of_member(&name)).to_string();
            assert_eq!(marked, format!(r#"{bare} <span class="chip cond">no longer a member</span>"#));
            assert_eq!(PersonTag::new(PersonLabel::new(&name)).to_string(), bare);
            let renamed = [(name.clone(), "Ana <i>".to_owned())].into();
            Reader::set_former_names(FormerNames { renamed, ..FormerNames::default() });
            let marked = PersonTag::new(PersonLabel::new(&name)).to_string();
            assert_eq!(marked, format!(r#"{bare} <span class="soft">(now <bdi>Ana &#60;i&#62;</bdi>)</span>"#));
            assert_eq!(PersonTag::without_mark(&name).to_string(), bare);
        });
    }

    #[test]
    fn initials_are_of_the_first_and_last_word() {
        for (name, letters) in [("Ana Maria Sousa", "AS"), ("madonna", "M"), ("Øystein å", "ØÅ"), ("", "")] {
            assert_eq!(initials(name), letters);
        }
    }
}
