//! Titles as they are shown: an imported title may have Markdown's emphasis, which lists and sheets show without its
//! marks.

/// The marks that surround emphasised text, the longer ones first. An underscore is left alone: names contain it.
const MARKS: [&str; 3] = ["**", "*", "`"];

/// The text without pairs of marks around emphasised words. A mark without its partner, or next to a space within the
/// pair, is a character like any other: `2 * 3 * 4` stays.
#[must_use]
pub fn strip_emphasis(text: &str) -> String {
    MARKS.into_iter().fold(text.to_owned(), |text, mark| strip_pairs(&text, mark))
}

fn strip_pairs(text: &str, mark: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(mark) {
        shown.push_str(before);
        match after.split_once(mark) {
            Some((inner, behind)) if is_emphasised(inner) => {
                shown.push_str(inner);
                rest = behind;
            }
            _ => {
                shown.push_str(mark);
                rest = after;
            }
        }
    }
    shown.push_str(rest);
    shown
}

fn is_emphasised(inner: &str) -> bool {
    !inner.is_empty() && !inner.starts_with(char::is_whitespace) && !inner.ends_with(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::strip_emphasis;

    #[test]
    fn title_with_emphasis_is_shown_without_its_marks() {
        for (written, shown) in [
            ("Release notes written in **English** and German", "Release notes written in English and German"),
            ("*All* of `cargo test` passes", "All of cargo test passes"),
            ("2 * 3 * 4, a*b, **open", "2 * 3 * 4, a*b, **open"),
            ("snake_case_names stay", "snake_case_names stay"),
            ("", ""),
        ] {
            assert_eq!(strip_emphasis(written), shown);
        }
    }
}
