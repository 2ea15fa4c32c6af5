//! What somebody looks for, read into words.

use crate::{
    db::containing,
    domain::text::{BadText, SearchText},
};

/// The fewest characters of a word by which the trigram index finds parts of words.
const SHORTEST_PART: usize = 3;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// As it was typed, but for its white space.
    pub text: SearchText,
    /// The words that what is found has or is like; not those that it must not have. Never empty.
    pub words: Vec<String>,
    /// Whether nothing but whole words is meant: an operator was written, or the words are too short for parts.
    pub whole: bool,
}

/// Why nothing was looked for. Its `Display` is the sentence shown at the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotAsked {
    /// It is no text to look for.
    #[error(transparent)]
    Text(#[from] BadText),
    /// There is no word in it that something could have.
    #[error("Write at least one word that is to be found.")]
    NoWord,
}

impl Asked {
    /// Reads what was typed.
    pub(super) fn new(typed: &str) -> Result<Self, NotAsked> {
        // Lines and tabs come along when one pastes; they mean a space.
        let text = SearchText::new(&typed.split_whitespace().collect::<Vec<_>>().join(" "))?;
        let mut words: Vec<String> = Vec::new();
        let mut whole = text.as_str().contains('"');
        // What stands between quotation marks is every other piece; a dash right before one is about all of it.
        let mut without = false;
        for (n, piece) in text.as_str().split('"').enumerate() {
            let quoted = n % 2 == 1;
            for term in piece.split(' ') {
                let excluded = if quoted { without } else { term.starts_with('-') && term.len() > 1 };
                let operator = !quoted && term.eq_ignore_ascii_case("or");
                whole |= excluded || operator;
                let word = term.trim_matches(|c: char| !c.is_alphanumeric());
                if !excluded && !operator && !word.is_empty() && !words.iter().any(|known| known == word) {
                    words.push(word.to_owned());
                }
            }
            without = piece.ends_with('-');
        }
        let longest = words.iter().map(|word| parts(word)).max().ok_or(NotAsked::NoWord)?;
        Ok(Self { text, words, whole: whole || longest < SHORTEST_PART })
    }

    /// The word that the index is asked for where parts of words are looked for: the one that tells the most.
    pub(super) fn longest(&self) -> Option<&str> {
        self.words.iter().filter(|_| !self.whole).max_by_key(|word| parts(word)).map(String::as_str)
    }

    /// The patterns, for `ILIKE`, of texts that have each word somewhere, be it within another.
    pub(super) fn patterns(&self) -> Vec<String> {
        self.words.iter().map(|word| containing(word)).collect()
    }
}

/// How much a word tells. A character that is no Latin letter may be a syllable or a word by itself.
fn parts(word: &str) -> usize {
    word.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_read_into_words() {
        for (typed, words, whole) in [
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
            let asked = Asked::new(typed).unwrap();
            assert_eq!((asked.words, asked.whole), (words.into_iter().map(str::to_owned).collect(), whole), "{typed}");
        }
    }

    #[test]
    fn what_names_nothing_says_so() {
        for (typed, why) in [
            ("", NotAsked::Text(BadText::Empty)),
            (" \t\n ", NotAsked::Text(BadText::Empty)),
            ("a\0b", NotAsked::Text(BadText::Character)),
            ("a\u{202E}b", NotAsked::Text(BadText::Character)),
            (&"x".repeat(201), NotAsked::Text(BadText::TooLong(200))),
            ("& | ! ()", NotAsked::NoWord),
            ("-only -without", NotAsked::NoWord),
            ("or", NotAsked::NoWord),
            ("\"\"", NotAsked::NoWord),
        ] {
            assert_eq!(Asked::new(typed), Err(why), "{typed:?}");
        }
    }

    #[test]
    fn signs_of_patterns_are_letters_like_others() {
        let asked = Asked::new("50_a%b\\c").unwrap();
        assert_eq!(asked.patterns(), ["%50\\_a\\%b\\\\c%"]);
        assert_eq!(Asked::new("up working").unwrap().longest(), Some("working"));
        assert_eq!(Asked::new("\"working\"").unwrap().longest(), None);
    }
}
