//! What begins a line of a list: its marker and its box, in the many shapes that people give them.

/// What a line of a list begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Opening<'a> {
    /// The columns from the marker to the text; what is nested under the line stands at least one further right
    /// than the marker, and as Markdown is properly written, this many.
    pub(super) width: usize,
    /// The box, when there is one: whether it is ticked.
    pub(super) ticked: Option<bool>,
    /// What follows.
    pub(super) text: &'a str,
    /// Whether a Markdown list marker begins it, not a bare box.
    pub(super) marked: bool,
    /// Whether it is numbered with another number than 1; Markdown doesn't let such a line end a paragraph.
    pub(super) numbered_on: bool,
}

/// Reads the beginning of a line (without its indent).
pub(super) fn opening(body: &str) -> Option<Opening<'_>> {
    if let Some((length, after)) = marker(body) {
        let text = after.trim_start();
        // White space is bytes of one column here: a marker's tab or its no-break space counts as one, since what
        // is nested is told by the marker's column, not by the text's.
        let spaces = after.len() - text.len();
        let width = length + if text.is_empty() || spaces > 4 { 1 } else { spaces.max(1) };
        let numbered_on = body.starts_with(|c: char| c.is_ascii_digit()) && !matches!(&body[..length], "1." | "1)");
        return Some(match tick(text) {
            Some((ticked, text)) => Opening { width, ticked: Some(ticked), text, marked: true, numbered_on: false },
            None => Opening { width, ticked: None, text, marked: true, numbered_on },
        });
    }
    let after = body[loose_marker(body)?..].trim_start();
    let (ticked, text) = tick(after)?;
    Some(Opening { width: 2, ticked: Some(ticked), text, marked: true, numbered_on: false })
}

/// Reads a box that no marker precedes. A line with a second box is a legend or a choice ("☐ Yes ☐ No"), not an item.
pub(super) fn bare(body: &str) -> Option<Opening<'_>> {
    let (ticked, text) = tick(body)?;
    let spaced = !body.starts_with('[') || text.is_empty() || body.contains("] ") || body.contains("]\u{A0}");
    let alone = !holds_box(text);
    (spaced && alone).then_some(Opening { width: 2, ticked: Some(ticked), text, marked: false, numbered_on: false })
}

/// The length of a Markdown list marker and what follows it: white space, or the line's end.
fn marker(body: &str) -> Option<(usize, &str)> {
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    let length = match body.as_bytes().get(digits)? {
        b'-' | b'*' | b'+' if digits == 0 => 1,
        b'.' | b')' if (1..=9).contains(&digits) => digits + 1,
        _ => return None,
    };
    let after = &body[length..];
    (after.is_empty() || after.starts_with(char::is_whitespace)).then_some((length, after))
}

/// The length of a marker that Markdown doesn't know but people write, and that counts only before a box: a pasted
/// bullet, `1.2`, `a)`, `(3)`, `١.`, or a plain marker with no space behind it.
fn loose_marker(body: &str) -> Option<usize> {
    let first = body.chars().next()?;
    if "-*+•◦▪‣·–—●○■".contains(first) {
        return Some(first.len_utf8());
    }
    let end = body.find(|c: char| c.is_whitespace() || "[［【".contains(c) || glyph(c).is_some())?;
    let token = &body[..end];
    let number = token.strip_prefix('(').unwrap_or(token).trim_end_matches(['.', ')']);
    let mut segments = number.split('.');
    let plain = segments.all(|s| s.chars().all(char::is_numeric) || s.chars().count() == 1);
    let numbered = number.chars().any(char::is_numeric) || (number.chars().count() == 1 && number != token);
    let short = token.len() <= 16 && number.chars().all(|c| c.is_alphanumeric() || c == '.');
    (short && plain && numbered).then_some(end)
}

/// Reads a box at the beginning of a text: whether it is ticked, and what follows.
pub(super) fn tick(text: &str) -> Option<(bool, &str)> {
    let first = text.chars().next()?;
    if let Some(close) = match first {
        '[' => Some(']'),
        '［' => Some('］'),
        '【' => Some('】'),
        _ => None,
    } {
        return bracketed(&text[first.len_utf8()..], close);
    }
    let (ticked, rest) = match glyph(first) {
        Some(ticked) => (ticked, &text[first.len_utf8()..]),
        None => named(text)?,
    };
    Some((ticked, rest.trim_start_matches('\u{FE0F}').trim_start()))
}

/// Reads what follows a box's opening bracket. `[x](…)`, `[x][…]` and `[x]: …` are links and no boxes.
fn bracketed(inside: &str, close: char) -> Option<(bool, &str)> {
    let end = inside.char_indices().take(4).find(|(_, c)| *c == close)?.0;
    let rest = &inside[end + close.len_utf8()..];
    let mark = inside[..end].trim_matches(|c: char| c.is_whitespace() || c == '\u{FE0F}');
    let ticked = match mark {
        "" if end == 0 && !rest.is_empty() && !rest.starts_with(char::is_whitespace) => return None,
        "" | "-" | "~" | "/" => false,
        "x" | "X" | "✓" | "✔" | "√" | "☑" | "✅" | "х" | "Х" | "×" => true,
        _ => return None,
    };
    (!rest.starts_with(['(', '[', ':'])).then(|| (ticked, rest.trim_start()))
}

/// Whether a character is a box, and whether it is a ticked one.
const fn glyph(c: char) -> Option<bool> {
    match c {
        '☐' | '⬜' | '◻' | '□' | '▢' | '🔲' | '❏' | '❑' => Some(false),
        '☑' | '☒' | '✅' | '✔' | '✓' | '🗹' => Some(true),
        _ => None,
    }
}

/// The names that code hosts give to the same characters, their numbers in HTML, and HTML's own box, which people put
/// in tables.
fn named(text: &str) -> Option<(bool, &str)> {
    const NAMES: [(&str, bool); 12] = [
        (":white_check_mark:", true),
        (":heavy_check_mark:", true),
        (":ballot_box_with_check:", true),
        (":white_large_square:", false),
        (":white_medium_square:", false),
        ("&#9744;", false),
        ("&#x2610;", false),
        ("&#9745;", true),
        ("&#x2611;", true),
        ("&#10003;", true),
        ("&#10004;", true),
        ("&check;", true),
    ];
    let box_of_html = || {
        let (tag, rest) = text.strip_prefix("<input ")?.split_once('>')?;
        tag.contains("checkbox").then(|| (tag.contains("checked"), rest))
    };
    NAMES.iter().find_map(|(name, ticked)| Some((*ticked, text.strip_prefix(name)?))).or_else(box_of_html)
}

/// Whether a box stands anywhere in a text, outside of code.
pub(super) fn holds_box(text: &str) -> bool {
    let mut in_code = false;
    text.char_indices().any(|(at, c)| {
        in_code ^= c == '`';
        let edge = text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
        !in_code && edge && (c == '[' || glyph(c).is_some()) && tick(&text[at..]).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_in_every_shape() {
        for (text, ticked, rest) in [
            ("[ ] a", false, "a"),
            ("[x] a", true, "a"),
            ("[X] a", true, "a"),
            ("[\u{A0}] a", false, "a"),
            ("[  ] a", false, "a"),
            ("[] a", false, "a"),
            ("[ ]a", false, "a"),
            ("[ x ] a", true, "a"),
            ("[✓] a", true, "a"),
            ("[-] a", false, "a"),
            ("［　］項目", false, "項目"),
            ("☐ a", false, "a"),
            ("☐a", false, "a"),
            ("☑\u{FE0F} a", true, "a"),
            ("✅ a", true, "a"),
            (":white_check_mark:", true, ""),
            ("&#9744; a", false, "a"),
            ("<input type=\"checkbox\"> a", false, "a"),
            ("<input type=checkbox checked/> a", true, "a"),
        ] {
            assert_eq!(tick(text), Some((ticked, rest)), "{text:?}");
        }
        for text in ["", "a", "[1] a", "[x](y)", "[ ](y)", "[x][y]", "[x]: y", "[]a", "`[ ]` a", "[link]", "[ab"] {
            assert_eq!(tick(text), None, "{text:?}");
        }
    }

    #[test]
    fn markers_in_every_shape() {
        for body in [
            "- [ ] a",
            "* [ ] a",
            "+ [ ] a",
            "1. [ ] a",
            "23) [ ] a",
            "-[ ] a",
            "-\u{A0}[ ] a",
            "-\t[ ] a",
            "• ☐ a",
            "1.2 [ ] a",
            "1.2. [ ] a",
            "(3) [ ] a",
            "a) [ ] a",
            "١. [ ] a",
            "2.[ ] a",
        ] {
            let opening = opening(body);
            assert_eq!(opening.map(|o| (o.ticked, o.text)), Some((Some(false), "a")), "{body:?}");
        }
        for body in ["a", "-a", "1.a", "word [ ] a", "e.g. [ ] a", "**b** [ ]", "-[x](y)", "1234567890. a", "•"] {
            assert_eq!(opening(body), None, "{body:?}");
        }
        assert_eq!(opening("- plain").map(|o| (o.width, o.ticked)), Some((2, None)));
        assert_eq!(opening("10. plain").map(|o| (o.width, o.numbered_on)), Some((4, true)));
        assert_eq!(opening("-").map(|o| (o.width, o.text)), Some((2, "")));
    }

    #[test]
    fn bare_boxes_stand_alone_on_their_line() {
        assert!(bare("☐ a").is_some());
        assert!(bare("[ ] a").is_some());
        assert!(bare("☐ Yes ☐ No").is_none());
        assert!(bare("[ ] open, [x] done").is_none());
        assert!(bare("[x]y").is_none());
    }

    #[test]
    fn boxes_in_running_text() {
        assert!(holds_box("write [ ] before it"));
        assert!(holds_box("☐ or ☑"));
        assert!(!holds_box("write `[ ]` before it"));
        assert!(!holds_box("see [x](y) and array[x]"));
    }
}
