//! What a cell under a header for the status holds, where it is no state: a count, a share, a measure, a date.

/// A value that says how many, how much or when, and not in which state something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CellValue {
    /// A whole number, such as `12`.
    Count,
    /// A share (`80%`, `3/4`, `3 of 4`), a measure (`120 ms`) or a date.
    Other,
}

impl CellValue {
    /// Reads a cell; gives nothing when it holds something else. One that is a letter's width of words longer says more
    /// than a value does.
    pub(super) fn read(cell: &str) -> Option<Self> {
        const UNITS: &str = "ms s sec min h hr hrs hours d day days w b kb mb gb tb kib mib gib rps qps req pts points pt \
            tests cases x";
        const MONTHS: &str = "jan feb mar apr may jun jul aug sep oct nov dec mär mai okt dez";
        /// Months are known by their first letters.
        const MONTH_LETTERS: usize = 3;

        let text =
            cell.trim_matches(['*', '_', '`', '~', '<', '>', '≤', '≥', '±', '+', '$', '€', '£', ' ']).to_lowercase();
        if !text.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        if text.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '\u{A0}' | '\'')) {
            return Some(Self::Count);
        }
        let is_date_mark = |c: char| matches!(c, '/' | '.' | ',' | '-' | '–' | ':' | '%' | '(' | ')' | ' ' | '\u{A0}');
        let is_listed = |list: &str, word: &str| list.split_whitespace().any(|listed| listed == word);
        let is_word_of_value = |word: &str| {
            let start: String = word.chars().take(MONTH_LETTERS).collect();
            let is_month = is_listed(MONTHS, &start) && word.len() <= "september".len();
            matches!(word, "of" | "t" | "z" | "st" | "nd" | "rd" | "th") || is_month || is_listed(UNITS, word)
        };
        let is_known = text.chars().all(|c| c.is_alphanumeric() || is_date_mark(c));
        let mut words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
        (is_known && words.all(is_word_of_value)).then_some(Self::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cell_value_is_told_from_state() {
        for (cell, value) in [
            ("3", Some(CellValue::Count)),
            ("**1,204**", Some(CellValue::Count)),
            ("80%", Some(CellValue::Other)),
            ("80 %", Some(CellValue::Other)),
            ("12/12", Some(CellValue::Other)),
            ("3 of 4", Some(CellValue::Other)),
            ("120 ms", Some(CellValue::Other)),
            ("2026-05-01", Some(CellValue::Other)),
            ("1 May 2026", Some(CellValue::Other)),
            ("May 1st, 2026", Some(CellValue::Other)),
            ("31.12.2026", Some(CellValue::Other)),
            ("done", None),
            ("May", None),
            ("100% done", None),
            ("2 blockers", None),
            ("in review since 1 May", None),
            ("", None),
        ] {
            assert_eq!(CellValue::read(cell), value, "{cell}");
        }
    }
}
