//! Finds what somebody means among a few titles: by beginnings of words, and with one typing mistake in a longer word.
//! `static/js/palette_rules.js` has the same rule for what the page offers.

/// How well a title fits: every word of the query is the beginning of one of its words (1), is within one (2), or is
/// nearly the beginning of one (3). `None` if a word of the query is nowhere in it.
pub(super) fn rank_title(title: &str, query: &str) -> Option<u8> {
    let title = title.to_lowercase();
    let words: Vec<&str> = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let query = query.to_lowercase();
    query
        .split_whitespace()
        .map(|query_word| rank_word(&words, query_word))
        .try_fold(1, |worst, rank| Some(worst.max(rank?)))
}

/// The least number of letters of a word in which one mistake is forgiven.
const FORGIVEN_FROM: usize = 4;

fn rank_word(words: &[&str], query_word: &str) -> Option<u8> {
    if words.iter().any(|word| word.starts_with(query_word)) {
        return Some(1);
    }
    if words.iter().any(|word| word.contains(query_word)) {
        return Some(2);
    }
    let query_word: Vec<char> = query_word.chars().collect();
    let is_near = |word: &&str| {
        let word: Vec<char> = word.chars().collect();
        let lengths = query_word.len().saturating_sub(1)..=query_word.len() + 1;
        lengths.into_iter().any(|length| length <= word.len() && is_one_edit_apart(&word[..length], &query_word))
    };
    (query_word.len() >= FORGIVEN_FROM && words.iter().any(is_near)).then_some(3)
}

/// Whether one letter is wrong, missing or too much, or two neighbours are swapped.
fn is_one_edit_apart(one: &[char], other: &[char]) -> bool {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[same..], &other[same..]);
    let swapped =
        one.len() >= 2 && other.len() >= 2 && one[0] == other[1] && one[1] == other[0] && one[2..] == other[2..];
    let wrong = !one.is_empty() && !other.is_empty() && one[1..] == other[1..];
    let missing = !one.is_empty() && one[1..] == *other || !other.is_empty() && *one == other[1..];
    swapped || wrong || missing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rank_title_prefers_beginnings_and_forgives_one_mistake() {
        for (title, query, expected) in [
            ("My work", "my", Some(1)),
            ("My work", "work my", Some(1)),
            ("Checklists", "list", Some(2)),
            ("Checklists", "chekc", Some(3)),
            ("Checklists", "checlist", Some(3)),
            ("Checklists", "chexk", Some(3)),
            ("Security", "secruity", Some(3)),
            ("Audit", "aud it", Some(2)),
            ("Audit", "x", None),
            ("Audit", "adt", None),
            ("Launches", "launches admin", None),
            ("Prüfpunkte", "PRÜF", Some(1)),
            ("Anything", "", Some(1)),
        ] {
            assert_eq!(rank_title(title, query), expected, "{title} {query}");
        }
    }
}
