//! Why something was found, for the eye: the words in it that were looked for, and of a long text what is around them.

use std::{collections::BTreeSet, ops::Range};

/// The most characters of a text that are shown.
const LONGEST: usize = 240;

/// How many of them stand before the first word that was found.
const BEFORE: usize = 60;

/// The part of its trigrams that a word shares with one that it is taken for: what the search itself goes by.
const LIKE: (usize, usize) = (2, 5);

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub text: String,
    /// Whether it is what was looked for.
    pub marked: bool,
}

/// A text in pieces, what was looked for marked.
pub(super) fn marked(text: &str, words: &[String]) -> Vec<Piece> {
    pieces(text, 0..text.len(), &places(text, words))
}

/// What of a text is around the first of what was looked for, in pieces; its beginning, when it has nothing of it.
pub(super) fn excerpt(text: &str, words: &[String]) -> Vec<Piece> {
    let places = places(text, words);
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    if starts.len() <= LONGEST {
        return pieces(text, 0..text.len(), &places);
    }
    let first = places.first().map_or(0, |place| starts.partition_point(|at| *at < place.start));
    let from = first.saturating_sub(BEFORE).min(starts.len() - LONGEST);
    let (from, to) = (starts[from], starts.get(from + LONGEST).copied().unwrap_or(text.len()));
    // Words are not cut in two, unless one is longer than the room there is.
    let space = |c: char| c.is_whitespace();
    let skip = if from == 0 { Some(0) } else { text[from..to].find(space).filter(|skip| *skip < BEFORE) };
    let from = from + skip.unwrap_or(0);
    let keep = if to == text.len() { None } else { text[from..to].rfind(space) };
    let to = keep.filter(|keep| keep * 2 > to - from).map_or(to, |keep| from + keep);
    let plain = |text: &str| Piece { text: text.to_owned(), marked: false };
    let mut all = pieces(text, from..to, &places);
    if from > 0 {
        all.insert(0, plain("… "));
    }
    if to < text.len() {
        all.push(plain(" …"));
    }
    all
}

fn pieces(text: &str, shown: Range<usize>, places: &[Range<usize>]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut done = shown.start;
    let mut push = |range: Range<usize>, marked| {
        if !range.is_empty() {
            pieces.push(Piece { text: text[range].to_owned(), marked });
        }
    };
    for place in places {
        let (start, end) = (place.start.clamp(done, shown.end), place.end.clamp(done, shown.end));
        push(done..start, false);
        push(start..end, true);
        done = end;
    }
    push(done..shown.end, false);
    pieces
}

/// Where a text has what was looked for, in order: the words, within others too, or else words that are like them.
fn places(text: &str, words: &[String]) -> Vec<Range<usize>> {
    let mut places = within(text, words);
    if places.is_empty() {
        places = alike(text, words);
    }
    places.sort_by_key(|place| (place.start, place.end));
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(places.len());
    for place in places {
        match apart.last_mut() {
            Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
            _ => apart.push(place),
        }
    }
    apart
}

fn within(text: &str, words: &[String]) -> Vec<Range<usize>> {
    // A character may have several in lower case; each remembers where it is from.
    let lower = text.char_indices().flat_map(|(at, c)| c.to_lowercase().map(move |low| (low, at..at + c.len_utf8())));
    let lower: Vec<(char, Range<usize>)> = lower.collect();
    let mut found = Vec::new();
    for word in words {
        let word: Vec<char> = word.to_lowercase().chars().collect();
        let here = |window: &&[(char, Range<usize>)]| window.iter().zip(&word).all(|((c, _), wanted)| c == wanted);
        let windows = lower.windows(word.len().max(1)).filter(here);
        found.extend(windows.filter_map(|window| Some(window.first()?.1.start..window.last()?.1.end)));
    }
    found
}

fn alike(text: &str, words: &[String]) -> Vec<Range<usize>> {
    let wanted: Vec<_> = words.iter().map(|word| trigrams(word)).collect();
    let is_like = |word: &str| {
        let own = trigrams(word);
        wanted.iter().any(|wanted| wanted.intersection(&own).count() * LIKE.1 >= wanted.len() * LIKE.0)
    };
    let mut found = Vec::new();
    let mut rest = 0;
    for word in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        if !bare.is_empty() && is_like(bare) {
            found.push(rest..rest + bare.len());
        }
        rest += word.len();
    }
    found
}

/// The trigrams of a word as PostgreSQL's `pg_trgm` makes them: in lower case, two spaces before it and one after.
fn trigrams(word: &str) -> BTreeSet<[char; 3]> {
    let padded: Vec<char> = "  ".chars().chain(word.to_lowercase().chars()).chain([' ']).collect();
    padded.windows(3).filter_map(|three| three.try_into().ok()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(ToString::to_string).collect()
    }

    /// Pieces as one line, what is marked in brackets.
    fn line(pieces: &[Piece]) -> String {
        let line = |piece: &Piece| if piece.marked { format!("[{}]", piece.text) } else { piece.text.clone() };
        pieces.iter().map(line).collect()
    }

    #[test]
    fn what_was_looked_for_is_marked() {
        for (text, wanted, expected) in [
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
            assert_eq!(line(&marked(text, &words(&wanted))), expected);
        }
    }

    #[test]
    fn a_long_text_is_shown_around_what_was_found() {
        let text = format!("{}needle {}", "before ".repeat(100), "after ".repeat(100));
        let shown = line(&excerpt(&text, &words(&["needle"])));
        assert!(shown.starts_with("…  before before"), "{shown}");
        assert!(shown.contains(" [needle] after") && shown.ends_with("after …"), "{shown}");
        let beginning = line(&excerpt(&text, &words(&["elsewhere"])));
        assert!(beginning.starts_with("before") && beginning.ends_with(" …"), "{beginning}");
        let end = line(&excerpt(&format!("{}needle", "x ".repeat(400)), &words(&["needle"])));
        assert!(end.starts_with('…') && end.ends_with("[needle]"), "{end}");
    }

    proptest! {
        #[test]
        fn nothing_is_added_or_lost(text in ".{0,400}", wanted in prop::collection::vec("\\PC{1,6}", 0..4)) {
            let whole: String = marked(&text, &wanted).into_iter().map(|piece| piece.text).collect();
            prop_assert_eq!(&whole, &text);
            let shown = excerpt(&text, &wanted);
            let inner: String = shown.iter().map(|piece| piece.text.as_str()).collect();
            let inner = inner.strip_prefix("… ").unwrap_or(&inner);
            let inner = inner.strip_suffix(" …").unwrap_or(inner);
            prop_assert!(text.contains(inner));
        }
    }
}
