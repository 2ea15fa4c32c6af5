//! Numbers with their nouns.

use std::fmt::Display;

/// A number with its noun: `1 item`, `3 items`.
#[must_use]
pub fn count_with_noun<N: Display + PartialEq + From<u8>>(number: N, noun: &str) -> String {
    if number == N::from(1) { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// The first events of a log: `event 1`, `events 1 to 7`.
#[must_use]
pub fn first_events<N: Display + PartialEq + From<u8>>(last: N) -> String {
    if last == N::from(1) { "event 1".to_owned() } else { format!("events 1 to {last}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn count_has_the_singular_for_one_only() {
        assert_eq!([0_usize, 1, 2].map(|n| count_with_noun(n, "item")), ["0 items", "1 item", "2 items"]);
        assert_eq!([1_i64, 7].map(first_events), ["event 1", "events 1 to 7"]);
    }
}
