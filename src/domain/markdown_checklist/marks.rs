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
        return Some(match list_box(text) {
            Some((ticked, text)) => Opening { width, ticked: Some(ticked), text, marked: true, numbered_on: false },
            None => Opening { width, ticked: None, text, marked: true, numbered_on },
        });
    }
    let after = body[loose_marker(body).filter(|_| !body.starts_with("**"))?..].trim_start();
    let (ticked, text) = list_box(after)?;
    Some(Opening { width: 2, ticked: Some(ticked), text, marked: true, numbered_on: false })
}

/// Reads a box that no marker precedes. A line with a second box is a choice ("☐ Yes ☐ No"), not an item.
pub(super) fn bare(body: &str) -> Option<Opening<'_>> {
    let (ticked, text) = list_box(body)?;
    // "[x]y" is more often a reference than a box; an empty box is a box.
    let spaced = !body.starts_with('[')
        || text.is_empty()
        || body.starts_with("[ ]")
        || body.contains("] ")
        || body.contains("]\u{A0}");
    let alone = count_boxes(more_boxes(text).1) == 0;
    (spaced && alone).then_some(Opening { width: 2, ticked: Some(ticked), text, marked: false, numbered_on: false })
}

/// Whether a line begins with a box, behind a marker or without one.
pub(super) fn begins_item(body: &str) -> bool {
    opening(body).is_some_and(|opening| opening.ticked.is_some()) || bare(body).is_some()
}

/// Reads a box at the beginning of a list's text: whether it is ticked, and what follows. A tick without a box is
/// decoration there. Emphasis may stand around the box.
fn list_box(text: &str) -> Option<(bool, &str)> {
    one_list_box(text).or_else(|| {
        ["**", "__", "~~", "*", "_"].iter().find_map(|mark| {
            let (ticked, rest) = one_list_box(text.strip_prefix(mark)?)?;
            let inside = rest.strip_prefix(mark).map(str::trim_start);
            Some((ticked, inside.or_else(|| rest.trim_end().strip_suffix(mark))?))
        })
    })
}

/// Takes off the boxes that a text begins with behind the first one: they say nothing more. Gives whether one of them
/// is ticked, and what follows.
pub(super) fn more_boxes(text: &str) -> (bool, &str) {
    let (mut ticked, mut rest) = (false, text);
    while let Some((again, after)) = one_list_box(rest) {
        (ticked, rest) = (ticked || again, after);
    }
    (ticked, rest)
}

fn one_list_box(text: &str) -> Option<(bool, &str)> {
    tick(text).filter(|_| tick_alone(text).is_none())
}

/// Reads a tick that stands without a box at the beginning of a text, and gives what follows.
pub(super) fn tick_alone(text: &str) -> Option<&str> {
    const NAMES: [&str; 5] = [":white_check_mark:", ":heavy_check_mark:", "&#10003;", "&#10004;", "&check;"];
    let rest = NAMES
        .iter()
        .find_map(|name| text.strip_prefix(name))
        .or_else(|| text.strip_prefix(['✅', '✔', '✓']).map(|rest| rest.trim_start_matches('\u{FE0F}')))?;
    Some(rest.trim_start())
}

/// Whether the first thing on a line of a list, behind its marker, is a character that is an empty box.
pub(super) fn begins_with_empty_glyph(body: &str) -> bool {
    let text = body.trim_start_matches(|c: char| c.is_numeric() || c.is_whitespace() || "-*+•.)(>".contains(c));
    text.starts_with(|c: char| glyph(c) == Some(false)) || text.starts_with(":white_large_square:")
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
    if "-*+•◦▪‣·–—●○■→➤➢►▶".contains(first) {
        return Some(first.len_utf8());
    }
    let end = body.find(|c: char| c.is_whitespace() || "[［【".contains(c) || glyph(c).is_some())?;
    let token = &body[..end];
    let number = token.strip_prefix('(').unwrap_or(token).trim_end_matches(['.', ')']);
    let mut segments = number.split('.');
    let roman = number != token && !number.is_empty() && number.chars().all(|c| "ivxIVX".contains(c));
    let plain = roman || segments.all(|s| s.chars().all(char::is_numeric) || s.chars().count() == 1);
    let numbered = roman || number.chars().any(char::is_numeric) || (number.chars().count() == 1 && number != token);
    let short = token.len() <= 16 && number.chars().all(|c| c.is_alphanumeric() || c == '.');
    (short && plain && numbered).then_some(end)
}

/// Reads a box at the beginning of a text: whether it is ticked, and what follows.
pub(super) fn tick(text: &str) -> Option<(bool, &str)> {
    let first = text.chars().next()?;
    // Editors that write Markdown for people put a backslash before what they did not type as Markdown.
    if let Some(rest) = text.strip_prefix("\\[") {
        let (ticked, rest) = bracketed(rest, '\\')?;
        return Some((ticked, rest.strip_prefix(']')?.trim_start()));
    }
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
        // What editors and plain text have for deferred, cancelled, important and the like.
        ">" | "<" | "!" | "?" | "_" | "+" | "*" if rest.starts_with(char::is_whitespace) => false,
        "v" | "V" if rest.starts_with(char::is_whitespace) => true,
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
    const NAMES: [(&str, bool); 15] = [
        ("&#9633;", false),
        ("&#11036;", false),
        ("&square;", false),
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
        /// No tag that people write for a box is longer; a text of many tags must not be searched from each of them.
        const LONGEST: usize = 200;
        let inside = text.strip_prefix("<input ")?;
        let end = inside.bytes().take(LONGEST).position(|byte| byte == b'>')?;
        let tag = &inside[..end];
        tag.contains("checkbox").then(|| (tag.contains("checked"), &inside[end + 1..]))
    };
    NAMES.iter().find_map(|(name, ticked)| Some((*ticked, text.strip_prefix(name)?))).or_else(box_of_html)
}

/// How many boxes stand anywhere in a text, outside of code. Ticks without a box are none, nor are brackets that may as
/// well be code (`[]`, `[-]`).
pub(super) fn count_boxes(text: &str) -> usize {
    let last_backtick = text.rfind('`');
    let mut in_code = false;
    let mut before = None;
    let mut count = 0;
    for (at, c) in text.char_indices() {
        if c == '`' && (in_code || last_backtick > Some(at)) {
            in_code = !in_code;
        }
        let inside_word = matches!(c, '[' | '<' | '&' | ':') && before.is_some_and(char::is_alphanumeric);
        before = Some(c);
        if in_code || inside_word || !(matches!(c, '[' | '［' | '【' | '<' | '&' | ':') || glyph(c).is_some()) {
            continue;
        }
        let rest = &text[at..];
        const AS_CODE: [&str; 13] =
            ["[]", "[-]", "[~]", "[/]", "[>]", "[<]", "[!]", "[?]", "[_]", "[+]", "[*]", "[v]", "[V]"];
        let as_code = AS_CODE.iter().any(|code| rest.starts_with(code));
        count += usize::from(!as_code && one_list_box(rest).is_some());
    }
    count
}

/// How many boxes stand in lines that are not read as Markdown: where they begin a line, and in rows of tables.
pub(super) fn count_in_code<'a>(bodies: impl Iterator<Item = &'a str>) -> usize {
    bodies.map(|body| if body.starts_with('|') { count_boxes(body) } else { usize::from(begins_item(body)) }).sum()
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
            ("[>] a", false, "a"),
            ("[_] a", false, "a"),
            ("[v] a", true, "a"),
            ("\\[ \\] a", false, "a"),
            ("\\[x\\] a", true, "a"),
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
        for text in [
            "",
            "a",
            "[1] a",
            "[x](y)",
            "[ ](y)",
            "[x][y]",
            "[x]: y",
            "[]a",
            "`[ ]` a",
            "[link]",
            "[ab",
            "[!]a",
            "\\[1\\] a",
            "[v1] a",
        ] {
            assert_eq!(tick(text), None, "{text:?}");
        }
    }

    #[test]
    fn markers_in_every_shape() {
        for body in [
            "- [ ] a",
            "- **[ ] a**",
            "+ **[ ]** a",
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
            "iv. [ ] a",
            "→ ☐ a",
            "١. [ ] a",
            "2.[ ] a",
        ] {
            let opening = opening(body);
            assert_eq!(opening.map(|o| (o.ticked, o.text)), Some((Some(false), "a")), "{body:?}");
        }
        for body in [
            "a",
            "-a",
            "1.a",
            "word [ ] a",
            "e.g. [ ] a",
            "**b** [ ]",
            "✅ a",
            "**✅** a",
            "-[x](y)",
            "1234567890. a",
            "•",
        ] {
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
        assert!(bare("[ ]a").is_some());
        assert_eq!(bare("**[ ] a**").map(|opening| opening.text), Some("a"));
        assert!(bare("☐ Yes ☐ No").is_none());
        assert!(bare("[ ] open, [x] done").is_none());
        assert!(bare("[x]y").is_none());
    }

    #[test]
    fn ticks_without_a_box_are_decoration_in_a_list() {
        for body in ["- ✅ a", "- ✔️ a", "* ✓ a", "- :white_check_mark: a", "- ❌ a", "1. &check; a"] {
            assert_eq!(opening(body).map(|opening| opening.ticked), Some(None), "{body}");
        }
        assert_eq!(tick_alone("✔\u{FE0F} a"), Some("a"));
    }

    #[test]
    fn boxes_in_running_text_are_counted() {
        for (text, count) in [
            ("write [ ] before it", 1),
            ("☐ or ☑", 2),
            ("Yes☐ No☐", 2),
            ("[ ] Yes [ ] No", 2),
            ("<input type=\"checkbox\"> Yes &#9744; No", 2),
            ("write `[ ]` before it", 0),
            ("don`t write [ ]", 1),
            ("see [x](y) and array[x]", 0),
            ("returns [] and [-]", 0),
            ("✅ done", 0),
        ] {
            assert_eq!(count_boxes(text), count, "{text}");
        }
    }
}
