//! Brackets that look like a box and are read as none, such as those that are the text of a link: each is listed.

use super::{
    OmissionReason,
    boxes::{is_unseen, is_variant, read_loose_marker, read_marker},
    empty_brackets::begins_with_type,
};

/// Why a line that begins with what looks like a box is no item, unless another rule has the reason.
pub(super) fn find_doubtful_box(body: &str) -> Option<OmissionReason> {
    let body = body.trim_start_matches(is_unseen);
    let marked = read_marker(body).map(|(_, after)| after);
    let text = marked.or_else(|| read_loose_marker(body).map(|length| &body[length..])).unwrap_or(body);
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || is_unseen(c) || "*_~".contains(c));
    if let Some(rest) = skip_drawn_box(text.trim_start_matches('\\')) {
        let is_link = rest.starts_with(['(', '[']);
        return Some(if is_link { OmissionReason::BoxIsLink } else { OmissionReason::BoxInText });
    }
    has_empty_brackets(body).then_some(OmissionReason::BoxInText)
}

/// What follows brackets with nothing or a mark between them.
fn skip_drawn_box(text: &str) -> Option<&str> {
    const BRACKETS: [(char, char); 5] = [('[', ']'), ('［', '］'), ('【', '】'), ('(', ')'), ('（', '）')];
    const MARKS: [&str; 18] = ["", "x", "X", "х", "Х", "×", "✓", "✔", "√", "☑", "-", "~", "/", ">", "<", "!", "?", "_"];
    /// The most characters between them.
    const LONGEST: usize = 4;
    let (open, close) = BRACKETS.into_iter().find(|(open, _)| text.starts_with(*open))?;
    let inside = &text[open.len_utf8()..];
    let (end, _) = inside.char_indices().take(LONGEST + 1).find(|(_, c)| *c == close)?;
    let mark = inside[..end].trim_matches(|c: char| c.is_whitespace() || is_unseen(c) || is_variant(c) || c == '\\');
    let is_round = matches!(open, '(' | '（');
    let is_mark = if is_round { mark.is_empty() } else { MARKS.contains(&mark) };
    is_mark.then(|| &inside[end + close.len_utf8()..])
}

/// Whether empty brackets end a text, or are before one of its words, as a box would be. Most others are code.
fn has_empty_brackets(text: &str) -> bool {
    text.match_indices("[]").any(|(at, brackets)| {
        let (before, after) = (&text[..at], &text[at + brackets.len()..]);
        let is_apart = before.is_empty() || before.ends_with(char::is_whitespace);
        let is_word = after.starts_with(char::is_alphabetic) && !begins_with_type(after);
        is_apart && (after.trim_end().is_empty() || is_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubtful_box_is_found_with_its_reason() {
        for (body, why) in [
            ("- [ ](https://a.example) a", Some(OmissionReason::BoxIsLink)),
            ("- [x](b.md) a", Some(OmissionReason::BoxIsLink)),
            ("[ ][ref] a", Some(OmissionReason::BoxIsLink)),
            ("1) [](b)", Some(OmissionReason::BoxIsLink)),
            ("- [!]a", Some(OmissionReason::BoxInText)),
            ("- []int", Some(OmissionReason::BoxInText)),
            ("- [], a", Some(OmissionReason::BoxInText)),
            ("- ( )a", Some(OmissionReason::BoxInText)),
            ("() a", Some(OmissionReason::BoxInText)),
            ("- **[ ](b.md)** a", Some(OmissionReason::BoxIsLink)),
            ("say []F", Some(OmissionReason::BoxInText)),
            ("say it: []", Some(OmissionReason::BoxInText)),
            ("returns [] and []int", None),
            ("array[]", None),
            ("- [a](b)", None),
            ("- [^1] a", None),
            ("- (x) a", None),
            ("a", None),
            ("", None),
        ] {
            assert_eq!(find_doubtful_box(body), why, "{body}");
        }
    }
}
