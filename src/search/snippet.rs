//! Shows why something was found: marks the matching words and, in a long text, shows the part around them.

use std::ops::Range;

use crate::domain::text::Trigrams;

/// Maximum characters of a text that are shown.
const MAX_EXCERPT_CHARS: usize = 240;

/// How many of them come before the first match.
const CHARS_BEFORE_MATCH: usize = 60;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SnippetPiece {
    pub text: String,
    /// Whether it is a match.
    pub marked: bool,
}

/// The whole text in pieces, with the matches marked.
pub(super) fn mark_matches(text: &str, words: &[String]) -> Vec<SnippetPiece> {
    split_at_matches(text, 0..text.len(), &find_matches(text, words))
}

/// The part of a text around its first match, in pieces; its beginning if there is no match.
pub(super) fn excerpt(text: &str, words: &[String]) -> Vec<SnippetPiece> {
    let places = find_matches(text, words);
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    if starts.len() <= MAX_EXCERPT_CHARS {
        return split_at_matches(text, 0..text.len(), &places);
    }
    let first = places.first().map_or(0, |place| starts.partition_point(|at| *at < place.start));
    let from = first.saturating_sub(CHARS_BEFORE_MATCH).min(starts.len() - MAX_EXCERPT_CHARS);
    let (from, to) = (starts[from], starts.get(from + MAX_EXCERPT_CHARS).copied().unwrap_or(text.len()));
    // Words are not cut in two, unless one is too long for the available space.
    let space = |c: char| c.is_whitespace();
    let skip = if from == 0 { Some(0) } else { text[from..to].find(space).filter(|skip| *skip < CHARS_BEFORE_MATCH) };
    let from = from + skip.unwrap_or(0);
    let keep = if to == text.len() { None } else { text[from..to].rfind(space) };
    let to = keep.filter(|keep| keep * 2 > to - from).map_or(to, |keep| from + keep);
    let plain = |text: &str| SnippetPiece { text: text.to_owned(), marked: false };
    let mut all = split_at_matches(text, from..to, &places);
    if from > 0 {
        all.insert(0, plain("… "));
    }
    if to < text.len() {
        all.push(plain(" …"));
    }
    all
}

fn split_at_matches(text: &str, visible: Range<usize>, places: &[Range<usize>]) -> Vec<SnippetPiece> {
    let mut pieces = Vec::new();
    let mut done = visible.start;
    let mut push = |range: Range<usize>, marked| {
        if !range.is_empty() {
            pieces.push(SnippetPiece { text: text[range].to_owned(), marked });
        }
    };
    for place in places {
        let (start, end) = (place.start.clamp(done, visible.end), place.end.clamp(done, visible.end));
        push(done..start, false);
        push(start..end, true);
        done = end;
    }
    push(done..visible.end, false);
    pieces
}

/// The positions of matches, in order: the words, also within others, or else similar words.
fn find_matches(text: &str, words: &[String]) -> Vec<Range<usize>> {
    let mut places = find_exact_matches(text, words);
    if places.is_empty() {
        places = find_similar_matches(text, words);
    }
    places.sort_by_key(|place| (place.start, place.end));
    let mut separate: Vec<Range<usize>> = Vec::with_capacity(places.len());
    for place in places {
        match separate.last_mut() {
            Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
            _ => separate.push(place),
        }
    }
    separate
}

fn find_exact_matches(text: &str, words: &[String]) -> Vec<Range<usize>> {
    // A character may have several in lower case; each one remembers the original's position.
    let lower = text.char_indices().flat_map(|(at, c)| c.to_lowercase().map(move |low| (low, at..at + c.len_utf8())));
    let lower: Vec<(char, Range<usize>)> = lower.collect();
    let mut ranges = Vec::new();
    for word in words {
        let word: Vec<char> = word.to_lowercase().chars().collect();
        let matches_word =
            |window: &&[(char, Range<usize>)]| window.iter().zip(&word).all(|((c, _), letter)| c == letter);
        let windows = lower.windows(word.len().max(1)).filter(matches_word);
        ranges.extend(windows.filter_map(|window| Some(window.first()?.1.start..window.last()?.1.end)));
    }
    ranges
}

fn find_similar_matches(text: &str, words: &[String]) -> Vec<Range<usize>> {
    let searched: Vec<Trigrams> = words.iter().map(|word| Trigrams::of(word)).collect();
    let is_like = |word: &str| {
        let own = Trigrams::of(word);
        searched.iter().any(|word| word.are_similar_to(&own))
    };
    let mut ranges = Vec::new();
    let mut rest = 0;
    for word in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        if !bare.is_empty() && is_like(bare) {
            ranges.push(rest..rest + bare.len());
        }
        rest += word.len();
    }
    ranges
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn to_words(words: &[&str]) -> Vec<String> {
        words.iter().map(ToString::to_string).collect()
    }

    /// The pieces as one line, with matches in brackets.
    fn to_line(pieces: &[SnippetPiece]) -> String {
        let line = |piece: &SnippetPiece| if piece.marked { format!("[{}]", piece.text) } else { piece.text.clone() };
        pieces.iter().map(line).collect()
    }

    #[test]
    fn snippet_marks_matches() {
        for (text, words, expected) in [
            ("Ledger rollout", vec!["ledger"], "[Ledger] rollout"),
            ("Backups restored", vec!["backup", "store"], "[Backup]s re[store]d"),
            ("aaaa", vec!["aa"], "[aaaa]"),
            ("İstanbul ŁÓDŹ", vec!["łódź"], "İstanbul [ŁÓDŹ]"),
            ("İstanbul", vec!["istanbul"], "[İstanbul]"),
            ("Payments, second", vec!["paymetns"], "[Payments], second"),
            ("50% of <b>", vec!["<b>"], "50% of [<b>]"),
            ("nothing of it", vec!["ledger"], "nothing of it"),
            ("", vec!["x"], ""),
        ] {
            assert_eq!(to_line(&mark_matches(text, &to_words(&words))), expected);
        }
    }

    #[test]
    fn snippet_of_long_text_is_around_the_match() {
        let text = format!("{}needle {}", "before ".repeat(100), "after ".repeat(100));
        let line = to_line(&excerpt(&text, &to_words(&["needle"])));
        assert!(line.starts_with("…  before before"), "{line}");
        assert!(line.contains(" [needle] after") && line.ends_with("after …"), "{line}");
        let beginning = to_line(&excerpt(&text, &to_words(&["elsewhere"])));
        assert!(beginning.starts_with("before") && beginning.ends_with(" …"), "{beginning}");
        let end = to_line(&excerpt(&format!("{}needle", "x ".repeat(400)), &to_words(&["needle"])));
        assert!(end.starts_with('…') && end.ends_with("[needle]"), "{end}");
    }

    proptest! {
        #[test]
        fn snippet_adds_and_loses_nothing(text in ".{0,400}", words in prop::collection::vec("\\PC{1,6}", 0..4)) {
            let whole: String = mark_matches(&text, &words).into_iter().map(|piece| piece.text).collect();
            prop_assert_eq!(&whole, &text);
            let shown = excerpt(&text, &words);
            let inner: String = shown.iter().map(|piece| piece.text.as_str()).collect();
            let inner = inner.strip_prefix("… ").unwrap_or(&inner);
            let inner = inner.strip_suffix(" …").unwrap_or(inner);
            prop_assert!(text.contains(inner));
        }
    }
}
