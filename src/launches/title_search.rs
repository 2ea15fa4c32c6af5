//! Finds items of a launch by a text in their titles, or else by similar words.

use crate::domain::{
    launch::state::LaunchState,
    text::{Trigrams, to_nfc},
};

/// What titles are compared with.
pub(super) struct TitleSearch {
    /// In NFC and lower case; empty if nothing is searched for.
    text: String,
    /// The words to which a title has similar ones, if no title of the launch contains the text.
    similar: Vec<Trigrams>,
}

impl TitleSearch {
    pub(super) fn new(launch: &LaunchState, text: &str) -> Self {
        let exact = Self { text: to_nfc(text).to_lowercase(), similar: Vec::new() };
        if launch.items_with_definitions().any(|(_, definition)| exact.matches(definition.title.as_str())) {
            return exact;
        }
        let similar = words_of(&exact.text).map(Trigrams::of).collect();
        Self { similar, ..exact }
    }

    /// Whether only similar words are found.
    pub(super) const fn is_similar(&self) -> bool {
        !self.similar.is_empty()
    }

    pub(super) fn matches(&self, title: &str) -> bool {
        let title = to_nfc(title).to_lowercase();
        if self.similar.is_empty() {
            return title.contains(&self.text);
        }
        let own: Vec<Trigrams> = words_of(&title).map(Trigrams::of).collect();
        self.similar.iter().all(|word| own.iter().any(|other| word.are_similar_to(other)))
    }
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}
