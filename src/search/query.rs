//! Parses what somebody typed into search terms.

use crate::{
    db::contains_pattern,
    domain::text::{SearchText, TextError},
    texts,
};

/// Minimum characters of a word for which the trigram index finds parts of words.
const MIN_PART_CHARS: usize = 3;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SearchTerms {
    /// As typed, with white space normalized.
    pub text: SearchText,
    /// The words that a hit has, in full or in part, or has similar words to; without the excluded ones. Never empty.
    pub words: Vec<String>,
    /// Whether only whole words are searched for: an operator was used, or the words are too short for parts.
    pub whole_words_only: bool,
}

/// Why no search was made. Its `Display` is the sentence shown at the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum SearchTermsError {
    #[error(transparent)]
    Text(#[from] TextError),
    /// The text has no word to search for.
    #[error("{}", texts::write_at_least_one_word())]
    NoWord,
}

impl SearchTerms {
    pub(super) fn parse(text: &str) -> Result<Self, SearchTermsError> {
        // Pasted text may have line breaks and tabs; they count as spaces.
        let text = SearchText::new(&text.split_whitespace().collect::<Vec<_>>().join(" "))?;
        let mut words: Vec<String> = Vec::new();
        let mut whole = text.as_str().contains('"');
        // Every second piece is within quotation marks; a dash directly before one excludes all of it.
        let mut without = false;
        for (n, piece) in text.as_str().split('"').enumerate() {
            let quoted = n % 2 == 1;
            for term in piece.split(' ') {
                let excluded = if quoted { without } else { term.starts_with('-') && term.len() > 1 };
                let operator = !quoted && term.eq_ignore_ascii_case("or");
                whole |= excluded || operator;
                let word = term.trim_matches(|c: char| !c.is_alphanumeric());
                if !excluded && !operator && !word.is_empty() && !words.iter().any(|other| other == word) {
                    words.push(word.to_owned());
                }
            }
            without = piece.ends_with('-');
        }
        let longest = words.iter().map(|word| word_weight(word)).max().ok_or(SearchTermsError::NoWord)?;
        Ok(Self { text, words, whole_words_only: whole || longest < MIN_PART_CHARS })
    }

    /// The word that the index is asked for when parts of words are searched for: the most selective one.
    pub(super) fn longest_word(&self) -> Option<&str> {
        self.words.iter().filter(|_| !self.whole_words_only).max_by_key(|word| word_weight(word)).map(String::as_str)
    }

    /// `ILIKE` patterns of texts that contain each word, possibly within another.
    pub(super) fn to_patterns(&self) -> Vec<String> {
        self.words.iter().map(|word| contains_pattern(word)).collect()
    }
}

/// How selective a word is. A character outside ASCII may be a syllable or a word by itself, so it counts twice.
fn word_weight(word: &str) -> usize {
    word.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn search_terms_are_parsed_from_text() {
        for (input, words, whole) in [
            ("ledger", vec!["ledger"], false),
            ("  two\twords\n", vec!["two", "words"], false),
            ("again again", vec!["again"], false),
            ("on", vec!["on"], true),
            ("on call", vec!["on", "call"], false),
            ("数据", vec!["数据"], false),
            ("\"load test\"", vec!["load", "test"], true),
            ("\"open quote", vec!["open", "quote"], true),
            ("load -test", vec!["load"], true),
            ("load -\"slow test\" done", vec!["load", "done"], true),
            ("go OR no-go", vec!["go", "no-go"], true),
            ("a - b-side", vec!["a", "b-side"], false),
            ("backup_2026-11.pdf?", vec!["backup_2026-11.pdf"], false),
            ("50% & (!) :* <-> done", vec!["50", "done"], false),
        ] {
            let terms = SearchTerms::parse(input).unwrap();
            assert_eq!(
                (terms.words, terms.whole_words_only),
                (words.into_iter().map(str::to_owned).collect(), whole),
                "{input}"
            );
        }
    }

    #[test]
    fn search_terms_without_a_word_are_refused() {
        for (input, why) in [
            ("", SearchTermsError::Text(TextError::Empty)),
            (" \t\n ", SearchTermsError::Text(TextError::Empty)),
            ("a\0b", SearchTermsError::Text(TextError::Character)),
            ("a\u{202E}b", SearchTermsError::Text(TextError::Character)),
            (&"x".repeat(201), SearchTermsError::Text(TextError::TooLong(200))),
            ("& | ! ()", SearchTermsError::NoWord),
            ("-only -without", SearchTermsError::NoWord),
            ("or", SearchTermsError::NoWord),
            ("\"\"", SearchTermsError::NoWord),
        ] {
            assert_eq!(SearchTerms::parse(input), Err(why), "{input:?}");
        }
    }

    #[test]
    fn search_terms_escape_pattern_characters() {
        let terms = SearchTerms::parse("50_a%b\\c").unwrap();
        assert_eq!(terms.to_patterns(), ["%50\\_a\\%b\\\\c%"]);
        assert_eq!(SearchTerms::parse("up working").unwrap().longest_word(), Some("working"));
        assert_eq!(SearchTerms::parse("\"working\"").unwrap().longest_word(), None);
    }
}
