//! What begins a line of a list: its marker and its box, in the many shapes that people give them.

use super::{empty_brackets, line_shapes::find_closing_run};

/// What a line of a list begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LineOpening<'a> {
    /// The columns from the marker to the text; what is nested under the line is at least one further right
    /// than the marker, and as Markdown is properly written, this many.
    pub(super) width: usize,
    /// The box, when there is one: whether it is ticked.
    pub(super) ticked: Option<bool>,
    /// The rest of the line.
    pub(super) text: &'a str,
    /// Whether a Markdown list marker begins it, not a bare box.
    pub(super) has_marker: bool,
    /// Whether it is numbered with another number than 1; Markdown doesn't let such a line end a paragraph.
    pub(super) continues_numbering: bool,
    /// The columns by which its marker nests it wherever it is: in wikis `**` is nested in `*`.
    pub(super) lead: usize,
}

impl<'a> LineOpening<'a> {
    /// A line without a marker.
    pub(super) const fn from_bare_box(ticked: bool, text: &'a str) -> Self {
        Self { width: 2, ticked: Some(ticked), text, has_marker: false, continues_numbering: false, lead: 0 }
    }
}

/// Reads the beginning of a line (without its indent).
pub(super) fn read_opening(body: &str) -> Option<LineOpening<'_>> {
    let body = body.trim_start_matches(is_unseen);
    if let Some((length, after)) = read_marker(body) {
        let text = after.trim_start();
        // White space is bytes of one column here: a marker's tab or its no-break space counts as one, since what
        // is nested follows from the marker's column, not from the text's.
        let spaces = after.len() - text.len();
        let width = length + if text.is_empty() || spaces > 4 { 1 } else { spaces.max(1) };
        let numbered_on = body.starts_with(|c: char| c.is_ascii_digit()) && !matches!(&body[..length], "1." | "1)");
        let plain =
            LineOpening { width, ticked: None, text, has_marker: true, continues_numbering: numbered_on, lead: 0 };
        return Some(match read_list_box(text).or_else(|| round_tick(text)) {
            Some((ticked, text)) => LineOpening { ticked: Some(ticked), text, continues_numbering: false, ..plain },
            None => plain,
        });
    }
    let length = read_loose_marker(body)?;
    let after = body[length..].trim_start();
    // What a term of a definition list is followed by may be a list's line.
    let within = || read_marker(after).filter(|_| body.starts_with(':')).map(|(_, rest)| rest.trim_start());
    let (ticked, text) = read_list_box(after).or_else(|| read_list_box(within()?))?;
    let lead = if body.starts_with("**") || body.starts_with("--") { length - 1 } else { 0 };
    Some(LineOpening { width: 2, ticked: Some(ticked), text, has_marker: true, continues_numbering: false, lead })
}

/// Reads a box that no marker precedes. A line with a second box is a choice ("☐ Yes ☐ No"), not an item.
pub(super) fn read_bare_box(body: &str) -> Option<LineOpening<'_>> {
    let body = body.trim_start_matches(is_unseen);
    let (ticked, text) = read_list_box(body)?;
    // "[x]y" is more often a reference than a box; an empty box is a box.
    let spaced = !body.starts_with('[')
        || text.is_empty()
        || body.starts_with("[ ]")
        || body.starts_with("[]")
        || body.contains("] ")
        || body.contains("]\u{A0}");
    let alone = count_boxes(skip_more_boxes(text).1) == 0;
    (spaced && alone).then(|| LineOpening::from_bare_box(ticked, text))
}

/// Whether a line begins with a box, behind a marker or without one.
pub(super) fn begins_with_box(body: &str) -> bool {
    read_opening(body).is_some_and(|opening| opening.ticked.is_some()) || read_bare_box(body).is_some()
}

/// Reads a box at the beginning of a list's text: whether it is ticked, and what follows. A tick without a box is
/// decoration there. Emphasis may be around the box.
fn read_list_box(text: &str) -> Option<(bool, &str)> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || is_unseen(c));
    read_one_list_box(text).or_else(|| {
        ["**", "__", "~~", "*", "_"].iter().find_map(|mark| {
            let (ticked, rest) = read_one_list_box(text.strip_prefix(mark)?)?;
            let inside = rest.strip_prefix(mark).map(str::trim_start);
            Some((ticked, inside.or_else(|| rest.trim_end().strip_suffix(mark))?))
        })
    })
}

/// Takes off the boxes that a text begins with behind the first one: they say nothing more. Gives whether one of them
/// is ticked, and what follows.
pub(super) fn skip_more_boxes(text: &str) -> (bool, &str) {
    let (mut ticked, mut rest) = (false, text);
    while let Some((again, after)) = read_one_list_box(rest) {
        (ticked, rest) = (ticked || again, after);
    }
    (ticked, rest)
}

fn read_one_list_box(text: &str) -> Option<(bool, &str)> {
    read_box(text).filter(|_| read_lone_tick(text).is_none())
}

/// Reads a tick without a box at the beginning of a text, and gives what follows.
pub(super) fn read_lone_tick(text: &str) -> Option<&str> {
    const NAMES: [&str; 3] = [":white_check_mark:", ":heavy_check_mark:", "&check;"];
    const TICKS: [char; 4] = ['✅', '✔', '✓', '🗸'];
    let rest = NAMES
        .iter()
        .find_map(|name| text.strip_prefix(name))
        .or_else(|| text.strip_prefix(TICKS).map(|rest| rest.trim_start_matches(is_variant)))
        .or_else(|| entity(text).filter(|(c, _)| TICKS.contains(c)).map(|(_, rest)| rest))?;
    Some(rest.trim_start())
}

/// Whether a character shows nothing where it is beside a marker or a box, and is there by accident.
pub(super) const fn is_unseen(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// Whether a character only chooses how the one before it is drawn.
pub(super) const fn is_variant(c: char) -> bool {
    matches!(c, '\u{FE0E}' | '\u{FE0F}')
}

/// Reads a character that a text begins with as HTML writes it by number, and gives what follows.
fn entity(text: &str) -> Option<(char, &str)> {
    /// No character's number is longer, with its zeros.
    const LONGEST: usize = 9;
    let inside = text.strip_prefix("&#")?;
    let end = inside.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let number = match inside[..end].strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => inside[..end].parse(),
    };
    Some((char::from_u32(number.ok()?)?, &inside[end + 1..]))
}

/// Reads a ticked box between round brackets, which without a marker would be a number in a sentence.
fn round_tick(text: &str) -> Option<(bool, &str)> {
    let rest = ["(x)", "(X)"].iter().find_map(|tick| text.strip_prefix(tick))?;
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then(|| (true, rest.trim_start()))
}

/// Reads what is between brackets where others beside it have boxes: a single letter, or the word for a state
/// (`[N/A]`, `[done]`). Gives whether it says that the thing is done, and what follows.
pub(super) fn lettered_box(text: &str) -> Option<(bool, &str)> {
    const DONE: &str = "done yes y ok pass passed complete completed";
    const OPEN: &str = "todo open no n na tbd wip fail failed skip skipped blocked pending";
    /// No such word is longer.
    const LONGEST: usize = 12;
    let inside = text.strip_prefix('[')?;
    let end = inside.bytes().take(LONGEST).position(|byte| byte == b']')?;
    let rest = inside[end + 1..].strip_prefix(char::is_whitespace)?.trim_start();
    let word: String = inside[..end].chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let is = |list: &str| list.split_whitespace().any(|listed| listed == word);
    let mut token = inside[..end].chars();
    let single = token.next().is_some_and(|c| !c.is_numeric() && !c.is_whitespace()) && token.next().is_none();
    (!rest.is_empty() && (single || is(DONE) || is(OPEN))).then(|| (is(DONE), rest))
}

/// Whether the first thing on a line of a list, behind its marker, is a character that is an empty box.
pub(super) fn begins_with_empty_glyph(body: &str) -> bool {
    let text = body.trim_start_matches(|c: char| c.is_numeric() || c.is_whitespace() || "-*+•.)(>".contains(c));
    is_empty_glyph(text)
}

/// Whether a text begins with a character that is an empty box.
pub(super) fn is_empty_glyph(text: &str) -> bool {
    text.starts_with(|c: char| glyph_ticked(c) == Some(false))
        || text.starts_with(":white_large_square:")
        || text.starts_with(":black_square_button:")
}

/// The length of a Markdown list marker and what follows it: white space, or the line's end.
pub(super) fn read_marker(body: &str) -> Option<(usize, &str)> {
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
pub(super) fn read_loose_marker(body: &str) -> Option<usize> {
    const NAMED: [&str; 6] = ["&bull;", "&#8226;", "&#x2022;", "&middot;", "&ndash;", "&mdash;"];
    /// The most marks that say how deep a line of a wiki's list is nested.
    const DEEPEST: usize = 6;
    let first = body.chars().next()?;
    let run = body.len() - body.trim_start_matches(first).len();
    if run > 1 && matches!(first, '*' | '-') {
        return (run <= DEEPEST && body[run..].starts_with(char::is_whitespace)).then_some(run);
    }
    if "-*+•◦▪‣·–—●○■→➤➢►▶◆◇・－∙:\u{F0A7}\u{F0B7}".contains(first) {
        return Some(first.len_utf8());
    }
    if first == 'o' && body[1..].starts_with(char::is_whitespace) {
        return Some(1);
    }
    // Editors that write Markdown for people put a backslash before what they did not type as Markdown.
    if body.starts_with("\\-") || body.starts_with("\\*") || body.starts_with("\\+") {
        return Some(2);
    }
    if let Some(name) = NAMED.iter().find(|name| body.starts_with(**name)) {
        return Some(name.len());
    }
    let end = body.find(|c: char| c.is_whitespace() || "[［【".contains(c) || glyph_ticked(c).is_some())?;
    let token = body[..end].trim_end_matches('\\');
    let number = token
        .strip_prefix(['(', '（'])
        .unwrap_or(token)
        .trim_end_matches(['.', ')', '\\', '．', '）', '、', '-', '–', ':', '：']);
    let mut segments = number.split('.');
    let roman = number != token && !number.is_empty() && number.chars().all(|c| "ivxIVX".contains(c));
    let plain = roman || segments.all(|s| s.chars().all(char::is_numeric) || s.chars().count() == 1);
    let numbered = roman || number.chars().any(char::is_numeric) || (number.chars().count() == 1 && number != token);
    let short = token.len() <= 16 && number.chars().all(|c| c.is_alphanumeric() || c == '.');
    (short && plain && numbered).then_some(end)
}

/// Reads a box at the beginning of a text: whether it is ticked, and what follows.
pub(super) fn read_box(text: &str) -> Option<(bool, &str)> {
    let first = text.chars().next()?;
    if let Some(inside) = text.strip_prefix("\\[") {
        return read_bracketed_box(inside, ']');
    }
    if let Some(inside) = text.strip_prefix(['(', '（']) {
        let rest = inside.trim_start();
        let after = rest.strip_prefix([')', '）']).filter(|_| rest.len() < inside.len())?;
        return (after.is_empty() || after.starts_with(char::is_whitespace) || first == '（')
            .then(|| (false, after.trim_start()));
    }
    if let Some(close) = match first {
        '[' => Some(']'),
        '［' => Some('］'),
        '【' => Some('】'),
        _ => None,
    } {
        return read_bracketed_box(&text[first.len_utf8()..], close);
    }
    let (ticked, rest) = match glyph_ticked(first) {
        Some(ticked) => (ticked, &text[first.len_utf8()..]),
        None => read_named_box(text)?,
    };
    Some((ticked, rest.trim_start_matches(is_variant).trim_start()))
}

/// Reads what follows a box's opening bracket. `[x](…)`, `[x][…]` and `[x]: …` are links and no boxes.
fn read_bracketed_box(inside: &str, close: char) -> Option<(bool, &str)> {
    /// The most characters in a box: a space may be written as two entities.
    const LONGEST: usize = 14;
    const SPACES: [&str; 4] = ["&nbsp;", "&#160;", "&emsp;", "&ensp;"];
    let end = inside.char_indices().take(LONGEST).find(|(_, c)| *c == close)?.0;
    let mut rest = &inside[end + close.len_utf8()..];
    let is_blank = |c: char| c.is_whitespace() || is_variant(c) || is_unseen(c);
    // The backslash before a closing bracket is no part of the mark.
    let inside = inside[..end].strip_suffix('\\').unwrap_or(&inside[..end]);
    let mut mark = inside.trim_matches(is_blank);
    while let Some(after) = SPACES.iter().find_map(|space| mark.strip_prefix(space)) {
        mark = after.trim_matches(is_blank);
    }
    if mark.is_empty() && !inside.is_empty() {
        // "[ ]: text" defines no link, since the label is empty.
        rest = rest.strip_prefix(':').unwrap_or(rest);
    }
    let ticked = match mark {
        "" if inside.is_empty() && !empty_brackets::may_follow_empty_brackets(rest) => return None,
        "" | "-" | "~" | "/" => false,
        "x" | "X" | "✓" | "✔" | "√" | "☑" | "✅" | "х" | "Х" | "×" => true,
        // What editors and plain text have for deferred, cancelled, important and the like.
        ">" | "<" | "!" | "?" | "_" | "+" | "*" if rest.starts_with(char::is_whitespace) => false,
        "v" | "V" if rest.starts_with(char::is_whitespace) => true,
        _ => return None,
    };
    // "[ ](optional) Back up" has a remark behind its box, and no address.
    let has_remark = mark.is_empty() && !inside.is_empty() && empty_brackets::begins_with_remark(rest);
    (has_remark || !rest.starts_with(['(', '[', ':'])).then(|| (ticked, rest.trim_start()))
}

/// Whether a character is a box, and whether it is a ticked one.
const fn glyph_ticked(c: char) -> Option<bool> {
    match c {
        '☐' | '⬜' | '◻' | '◽' | '□' | '▢' | '🔲' | '🔳' | '❏' | '❐' | '❑' | '❒' | '⎕' | '🞎' | '🞏' => {
            Some(false)
        }
        '☑' | '☒' | '✅' | '✔' | '✓' | '🗸' | '🗹' | '🗵' | '🗷' | '⮽' => Some(true),
        _ => None,
    }
}

/// The names that code hosts give to the same characters, their numbers in HTML, and HTML's own box, which people put
/// in tables.
fn read_named_box(text: &str) -> Option<(bool, &str)> {
    const NAMES: [(&str, bool); 10] = [
        (":white_check_mark:", true),
        (":heavy_check_mark:", true),
        (":ballot_box_with_check:", true),
        (":white_large_square:", false),
        (":white_medium_square:", false),
        (":white_medium_small_square:", false),
        (":black_square_button:", false),
        (":white_square_button:", false),
        ("&square;", false),
        ("&check;", true),
    ];
    /// No tag that people write for a box is longer; a text of many tags must not be searched from each of them.
    const LONGEST: usize = 200;
    let box_of_html = || {
        let text = after_tag(text, "label").unwrap_or(text);
        let after = after_tag(text, "input")?;
        let tag = text[..text.len() - after.len()].to_ascii_lowercase();
        tag.contains("checkbox").then(|| (tag.contains("checked"), after))
    };
    /// What is behind a tag of this name that a text begins with.
    fn after_tag<'a>(text: &'a str, name: &str) -> Option<&'a str> {
        let inside = text.strip_prefix('<')?;
        let named = inside.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name));
        let inside = inside.get(name.len()..).filter(|rest| named && rest.starts_with([' ', '\t', '>', '/']))?;
        let end = inside.bytes().take(LONGEST).position(|byte| byte == b'>')?;
        Some(inside[end + 1..].trim_start())
    }
    let by_number = || entity(text).and_then(|(c, rest)| Some((glyph_ticked(c)?, rest)));
    let by_name = NAMES.iter().find_map(|(name, ticked)| Some((*ticked, text.strip_prefix(name)?)));
    by_name.or_else(by_number).or_else(box_of_html)
}

/// How many boxes are anywhere in a text, outside of code. Ticks without a box are none, nor are brackets that may as
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
        let inside_word = matches!(c, '[' | '(' | '<' | '&' | ':') && before.is_some_and(char::is_alphanumeric);
        before = Some(c);
        if in_code
            || inside_word
            || !(matches!(c, '[' | '［' | '【' | '(' | '（' | '<' | '&' | ':') || glyph_ticked(c).is_some())
        {
            continue;
        }
        let rest = &text[at..];
        const AS_CODE: [&str; 13] =
            ["[]", "[-]", "[~]", "[/]", "[>]", "[<]", "[!]", "[?]", "[_]", "[+]", "[*]", "[v]", "[V]"];
        let as_code = AS_CODE.iter().any(|code| rest.starts_with(code));
        count += usize::from(!as_code && read_one_list_box(rest).is_some());
    }
    count
}

/// Reads a box at the end of a line, where some forms have it ("Back up [ ]"): whether it is ticked, and what is
/// before it. The line has no other box, and does not speak of a box ("mark it with [x]").
pub(super) fn read_end_box(text: &str) -> Option<(bool, &str)> {
    const SPEAKS_OF_BOX: &str = "with as by like the a an of use mark tick check write or to is are be means mit als \
        avec con = == := => return returns returned yields empty array list default defaults equals";
    let text = text.trim_end();
    let at = text.char_indices().rev().find(|(_, c)| "[［【<&".contains(*c) || glyph_ticked(*c).is_some())?.0;
    let at = if text[..at].ends_with('\\') { at - 1 } else { at };
    let (ticked, _) = read_one_list_box(&text[at..]).filter(|(_, rest)| rest.is_empty())?;
    let before = text[..at].trim_end();
    let word = before.split_whitespace().next_back()?.to_lowercase();
    let glued = text[at..].starts_with('[') && before.len() == at && before.ends_with(char::is_alphanumeric);
    let title = before.trim_end_matches([':', '：', '_', '＿', '…', '-', '–', '—', ' ']);
    let title = title.strip_suffix("..").map_or(title, |rest| rest.trim_end_matches(['.', ' ']));
    let has_text = title.chars().any(char::is_alphanumeric);
    (has_text && !glued && count_boxes(&text[..at]) == 0 && !SPEAKS_OF_BOX.split(' ').any(|listed| listed == word))
        .then_some((ticked, title))
}

/// How many boxes are in the code spans of a text.
pub(super) fn count_boxes_in_spans(text: &str) -> usize {
    let mut rest = text;
    let mut count = 0;
    while let Some(begin) = rest.find('`') {
        let run = rest[begin..].len() - rest[begin..].trim_start_matches('`').len();
        let inside = &rest[begin + run..];
        let Some(end) = find_closing_run(inside, &rest[begin..begin + run]) else { return count };
        count += count_boxes(&inside[..end - run]);
        rest = &inside[end..];
    }
    count
}

/// How many boxes are in lines that are not read as Markdown: where they begin a line, and in rows of tables. Empty
/// brackets before a word, without a marker, are a type there.
pub(super) fn count_boxes_in_code<'a>(bodies: impl Iterator<Item = &'a str>) -> usize {
    let is_type =
        |body: &str| body.strip_prefix("[]").is_some_and(|after| !after.is_empty() && !after.starts_with(' '));
    let begins = |body: &str| usize::from(begins_with_box(body) && !is_type(body));
    bodies.map(|body| if body.starts_with('|') { count_boxes(body) } else { begins(body) }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn box_of_every_shape_is_read() {
        for (text, ticked, rest) in [
            ("[ ] a", false, "a"),
            ("[x] a", true, "a"),
            ("[X] a", true, "a"),
            ("[\u{A0}] a", false, "a"),
            ("[  ] a", false, "a"),
            ("[] a", false, "a"),
            ("[]a", false, "a"),
            ("[]**a**", false, "**a**"),
            ("［］項目", false, "項目"),
            ("[ ](optional) a", false, "(optional) a"),
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
            ("<INPUT TYPE=CHECKBOX CHECKED>a", true, "a"),
            ("<label for=\"x\"><input type=\"checkbox\"> a</label>", false, "a</label>"),
            ("&#x2B1C; a", false, "a"),
            ("[&nbsp;&nbsp;] a", false, "a"),
            ("[\u{200B}] a", false, "a"),
            ("[ ]: a", false, "a"),
            ("\\[\\] a", false, "a"),
            ("[ \\] a", false, "a"),
            ("( ) a", false, "a"),
            ("（　）項目", false, "項目"),
            ("☐\u{FE0E} a", false, "a"),
            ("<input type=checkbox checked/> a", true, "a"),
        ] {
            assert_eq!(read_box(text), Some((ticked, rest)), "{text:?}");
        }
        for text in [
            "",
            "a",
            "[1] a",
            "[x](y)",
            "[ ](y)",
            "[ ](https://y.example) a",
            "[ ](y.md) a",
            "[ ][y] a",
            "[x][y]",
            "[x]: y",
            "[](y)",
            "[]int a",
            "[], a",
            "`[ ]` a",
            "[link]",
            "[ab",
            "[!]a",
            "\\[1\\] a",
            "[v1] a",
            "() a",
            "(a) b",
            "( )a",
            "&#9744 a",
            "<input type=\"text\"> a",
        ] {
            assert_eq!(read_box(text), None, "{text:?}");
        }
    }

    #[test]
    fn box_at_line_end_is_read_unless_the_line_speaks_of_it() {
        for (text, ticked, title) in [
            ("Back up [ ]", false, "Back up"),
            ("Back up: [x]", true, "Back up"),
            ("Back up ........ ☐", false, "Back up"),
            ("Back up ____ [ ]", false, "Back up"),
            ("Back up ☑\u{FE0F}", true, "Back up"),
            ("Back up \\[ \\]", false, "Back up"),
            ("Back up <input type=\"checkbox\">", false, "Back up"),
            ("備份☐", false, "備份"),
            ("Back up []", false, "Back up"),
            ("Back up:[]", false, "Back up"),
        ] {
            assert_eq!(read_end_box(text), Some((ticked, title)), "{text}");
        }
        for text in [
            "[ ] Back up",
            "Yes [ ] No [ ]",
            "Mark it with [x]",
            "Write `[ ]`",
            "fast ✅",
            "array[x]",
            "see [x](y)",
            "[ ]",
            "____ [ ]",
            "call f( )",
            "returns []",
            "array[]",
        ] {
            assert_eq!(read_end_box(text), None, "{text}");
        }
    }

    #[test]
    fn boxes_in_code_spans_are_counted() {
        for (text, count) in
            [("`[ ]` open, `[x]` done", 2), ("``[ ] ` ``", 1), ("[ ] a", 0), ("`a[x]` and `[]`", 0), ("`[ ]", 0)]
        {
            assert_eq!(count_boxes_in_spans(text), count, "{text}");
        }
    }

    #[test]
    fn list_marker_of_every_shape_is_read() {
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
            "** [ ] a",
            "o [ ] a",
            ": [ ] a",
            ": - [ ] a",
            "\\- [ ] a",
            "1\\. \\[ \\] a",
            "&bull; [ ] a",
            "－ [ ] a",
            "一、[ ] a",
            "１．[ ] a",
            "\u{200B}- [ ] a",
            "-\u{200E} [ ] a",
            "- []a",
            "-[]a",
            "1. []a",
            "2)[]a",
            "• []a",
            "- **[]a**",
        ] {
            let opening = read_opening(body);
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
            "on [ ] a",
            "**b** [ ] a",
            "(x) a",
            ": a",
        ] {
            assert_eq!(read_opening(body), None, "{body:?}");
        }
        assert_eq!(read_opening("- plain").map(|o| (o.width, o.ticked)), Some((2, None)));
        assert_eq!(read_opening("10. plain").map(|o| (o.width, o.continues_numbering)), Some((4, true)));
        assert_eq!(read_opening("-").map(|o| (o.width, o.text)), Some((2, "")));
    }

    #[test]
    fn bare_box_is_read_only_alone_on_its_line() {
        assert!(read_bare_box("☐ a").is_some());
        assert!(read_bare_box("[ ] a").is_some());
        assert!(read_bare_box("[ ]a").is_some());
        assert!(read_bare_box("[]a").is_some());
        assert_eq!(read_bare_box("**[ ] a**").map(|opening| opening.text), Some("a"));
        assert!(read_bare_box("☐ Yes ☐ No").is_none());
        assert!(read_bare_box("[ ] open, [x] done").is_none());
        assert!(read_bare_box("[x]y").is_none());
    }

    #[test]
    fn lone_tick_in_list_is_no_box() {
        for body in ["- ✅ a", "- ✔️ a", "* ✓ a", "- :white_check_mark: a", "- ❌ a", "1. &check; a"] {
            assert_eq!(read_opening(body).map(|opening| opening.ticked), Some(None), "{body}");
        }
        assert_eq!(read_lone_tick("✔\u{FE0F} a"), Some("a"));
    }

    #[test]
    fn count_boxes_finds_boxes_in_running_text() {
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
