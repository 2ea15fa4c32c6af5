//! Numbers with their nouns, in what commands, reports and verifiers print.

use std::fmt::Display;

/// A number with its noun: `1 item`, `3 items`.
#[must_use]
pub fn count_with_noun<N: Display + PartialEq + From<u8>>(number: N, noun: &str) -> String {
    if number == N::from(1) { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn count_has_the_singular_for_one_only() {
        assert_eq!([0_usize, 1, 2].map(|n| count_with_noun(n, "item")), ["0 items", "1 item", "2 items"]);
    }
}
