//! Sentences that name things: as HTML, with links, and as plain text.

use std::{borrow::Cow, fmt};

use askama::filters::HtmlSafe;

use crate::{
    domain::launch::event::Vote,
    presentation::formatting::vote_label,
    texts::{self, ToMarkup},
    web::{chrome::Chrome, person_tag::PersonTag},
};

/// Something that a sentence names, with its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescriptionLink {
    pub text: String,
    /// Empty if it has no page.
    pub href: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SentencePart {
    Words(String),
    Name(DescriptionLink),
    /// A name that a person had or got: as it was written, without a mark.
    NameValue(String),
    Vote(Vote),
}

/// Where a name stands in a sentence: as an argument of its text, it is a character that no text contains.
#[derive(Debug, Clone, Copy)]
pub(super) struct NamePlace(char);

/// The item that an event is about.
pub(super) const ITEM: NamePlace = NamePlace('\u{fdd0}');
pub(super) const FIRST: NamePlace = NamePlace('\u{fdd1}');
pub(super) const SECOND: NamePlace = NamePlace('\u{fdd2}');

impl fmt::Display for NamePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl SentencePart {
    /// A name without a page.
    pub(super) fn name(name: &str) -> Self {
        Self::Name(DescriptionLink { text: name.to_owned(), href: String::new() })
    }
}

/// What was done, after the actor's name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventSentence(Vec<SentencePart>);

impl EventSentence {
    /// A text whose arguments are places, with the names at them: the item's, and those at [`FIRST`] and [`SECOND`].
    pub(super) fn new(text: &str, item: Option<&DescriptionLink>, names: &[SentencePart]) -> Self {
        let name_at = |place: char| match place {
            place if place == ITEM.0 => item.cloned().map(SentencePart::Name),
            place if place == FIRST.0 => names.first().cloned(),
            place if place == SECOND.0 => names.get(1).cloned(),
            _ => None,
        };
        let mut parts = Vec::new();
        let mut words = String::new();
        for c in text.chars() {
            if let Some(name) = name_at(c) {
                parts.extend([SentencePart::Words(std::mem::take(&mut words)), name]);
            } else {
                words.push(c);
            }
        }
        parts.push(SentencePart::Words(words));
        Self(parts)
    }

    /// As a page of this site shows it: with links, and marks at the names of deactivated people.
    #[must_use]
    pub fn on_page(&self, chrome: &Chrome) -> SentenceTag {
        self.to_tag(true, |name| chrome.person(name))
    }

    /// As a report shows it that is read elsewhere.
    #[must_use]
    pub fn in_report(&self) -> SentenceTag {
        self.to_tag(false, PersonTag::without_mark)
    }

    fn to_tag(&self, has_links: bool, person: impl Fn(&str) -> PersonTag) -> SentenceTag {
        let mut html = String::new();
        for part in &self.0 {
            match part {
                SentencePart::Words(words) => words.push_markup(&mut html),
                SentencePart::Name(link) if link.href.is_empty() || !has_links => {
                    person(&link.text).push_markup(&mut html);
                }
                SentencePart::NameValue(name) => PersonTag::without_mark(name).push_markup(&mut html),
                SentencePart::Name(link) => texts::linked_name(&link.href, &link.text).push_markup(&mut html),
                SentencePart::Vote(Vote::Go) => texts::go_in_sentence().push_markup(&mut html),
                SentencePart::Vote(Vote::NoGo) => texts::no_go_in_sentence().push_markup(&mut html),
            }
        }
        SentenceTag(html)
    }

    #[must_use]
    pub fn to_plain_text(&self) -> String {
        let to_text = |part: &SentencePart| match part {
            SentencePart::Words(words) => Cow::Owned(words.clone()),
            SentencePart::Name(DescriptionLink { text: name, .. }) | SentencePart::NameValue(name) => {
                Cow::Owned(texts::isolate_direction(name).into_owned())
            }
            SentencePart::Vote(vote) => vote_label(*vote),
        };
        self.0.iter().map(to_text).collect()
    }
}

/// A sentence as HTML, in which everything that a person typed is escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentenceTag(String);

impl fmt::Display for SentenceTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for SentenceTag {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::{FormerNames, PersonLabel, Reader};

    #[test]
    fn sentence_is_escaped_html_and_plain_text() {
        let item = DescriptionLink { text: "<b> & c".to_owned(), href: "/items/1".to_owned() };
        let names = [SentencePart::name("Ana <a>"), SentencePart::Vote(Vote::NoGo)];
        let sentence = EventSentence::new(&format!("gave {ITEM} to {FIRST}, {SECOND}"), Some(&item), &names);
        let on_page = Reader::default().sync_scope(|| {
            let deactivated = ["Ana <a>".to_owned()].into();
            Reader::set_former_names(FormerNames { deactivated, ..FormerNames::default() });
            sentence.to_tag(true, |name| PersonTag::new(PersonLabel::new(name))).to_string()
        });
        assert_eq!(
            on_page,
            "gave <a href=\"/items/1\"><bdi>&#60;b&#62; &#38; c</bdi></a> to <bdi>Ana &#60;a&#62;</bdi> \
             <span class=\"chip cond\">deactivated</span>, <span class=\"vote-word no_go\">NO-GO</span>"
        );
        assert_eq!(
            sentence.in_report().to_string(),
            "gave <bdi>&#60;b&#62; &#38; c</bdi> to <bdi>Ana &#60;a&#62;</bdi>, <span class=\"vote-word no_go\">NO-GO</span>"
        );
        assert_eq!(sentence.to_plain_text(), "gave <b> & c to Ana <a>, NO-GO");
    }

    #[test]
    fn names_before_and_after_a_change_have_no_mark() {
        let names = ["Ana", "Ana Lima"].map(|name| SentencePart::NameValue(name.to_owned()));
        let sentence = EventSentence::new(&format!("from {FIRST} to {SECOND}"), None, &names);
        let on_page = Reader::default().sync_scope(|| {
            let renamed = [("Ana".to_owned(), "Ana Lima".to_owned())].into();
            Reader::set_former_names(FormerNames { renamed, ..FormerNames::default() });
            sentence.to_tag(true, |name| PersonTag::new(PersonLabel::new(name))).to_string()
        });
        assert_eq!(on_page, "from <bdi>Ana</bdi> to <bdi>Ana Lima</bdi>");
        assert_eq!(sentence.to_plain_text(), "from Ana to Ana Lima");
    }
}
