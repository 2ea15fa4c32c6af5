//! Similar words, compared as PostgreSQL's `pg_trgm` compares them.

use std::collections::BTreeSet;

/// The minimum share of its trigrams that a similar word has in common with the word searched for; the same as in the
/// search query.
const THRESHOLD: (usize, usize) = (2, 5);

/// The trigrams of a word, in lower case, with two spaces before it and one after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigrams(BTreeSet<[char; 3]>);

impl Trigrams {
    #[must_use]
    pub fn of(word: &str) -> Self {
        let padded: Vec<char> = "  ".chars().chain(word.to_lowercase().chars()).chain([' ']).collect();
        Self(padded.windows(3).filter_map(|three| three.try_into().ok()).collect())
    }

    /// Whether another word is similar to this one, which was searched for.
    #[must_use]
    pub fn are_similar_to(&self, other: &Self) -> bool {
        self.0.intersection(&other.0).count() * THRESHOLD.1 >= self.0.len() * THRESHOLD.0
    }
}
