//! The shapes of single lines, as CommonMark 0.31.2 has them or as people write them.

use super::{attributes, lines::SourceLine};

/// Whether the text of an item runs on to the next line, or that line is a note on it. Markdown would join them always;
/// but people write a note straight below as often as they wrap a line. A line was wrapped when it was full, or stopped
/// in the middle of a sentence.
pub(super) fn is_continued_on(text: &str, above: SourceLine<'_>, next: &str) -> bool {
    /// A line that could have taken the next word and stayed within this was ended on purpose.
    const FULL: usize = 60;
    if text.is_empty() {
        return true;
    }
    if attributes::read_attributes(text).is_some() || above.text.ends_with("  ") || above.text.ends_with('\\') {
        return false;
    }
    let stopped = text
        .trim_end_matches(['*', '_', '`', ')', '"', '”'])
        .ends_with(['.', '!', '?', ':', '。', '！', '？', '：', '؟']);
    let goes_on = next.starts_with(|c: char| c.is_lowercase() || ",;)".contains(c)) || text.ends_with([',', '،', '、']);
    let word = next.split_whitespace().next().map_or(0, |word| word.chars().count());
    let full = above.text.chars().count() + 1 + word > FULL;
    goes_on || (full && !stopped)
}

/// What a text leaves open, by what would close it: code, a link or another bracket, emphasis. Nothing for a text longer
/// than a title may be.
pub(super) fn find_unclosed(text: &str) -> Option<String> {
    const LONGEST: usize = 400;
    const PAIRS: [(char, char); 5] = [('[', ']'), ('(', ')'), ('（', '）'), ('“', '”'), ('«', '»')];
    if text.len() > LONGEST {
        return None;
    }
    let mut open: Vec<String> = Vec::new();
    let mut before = ' ';
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let run = rest.len() - rest.trim_start_matches(c).len();
        let mut length = c.len_utf8();
        match c {
            '\\' => length += rest[1..].chars().next().map_or(0, char::len_utf8),
            '`' => {
                let fence = &rest[..run];
                // Code goes before all else: what is in it opens and closes nothing.
                match find_closing_run(&rest[run..], fence) {
                    Some(end) => length = run + end,
                    None => return Some(fence.to_owned()),
                }
            }
            '*' | '_' => {
                let mark = &rest[..run];
                let after = rest[run..].chars().next().unwrap_or(' ');
                if open.last().is_some_and(|last| last == mark) && !before.is_whitespace() {
                    open.pop();
                } else if !before.is_alphanumeric() && !after.is_whitespace() {
                    open.push(mark.to_owned());
                }
                length = run;
            }
            _ => {
                if let Some((_, close)) = PAIRS.iter().find(|(begin, _)| *begin == c) {
                    open.push(close.to_string());
                } else if open.last().is_some_and(|last| last.starts_with(c)) {
                    open.pop();
                }
            }
        }
        before = c;
        rest = &rest[length..];
    }
    open.pop()
}

/// Where the run of backticks that closes this one ends.
pub(super) fn find_closing_run(text: &str, fence: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(begin) = text[at..].find('`').map(|found| at + found) {
        let run = text[begin..].bytes().take_while(|byte| *byte == b'`').count();
        at = begin + run;
        if run == fence.len() {
            return Some(at);
        }
    }
    None
}

/// The level and text of a heading. One hash needs a space behind it; with more it is a heading all the same.
pub(super) fn parse_heading(body: &str) -> Option<(usize, &str)> {
    let level = body.bytes().take_while(|byte| *byte == b'#').count();
    let rest = &body[level..];
    let has_space = rest.is_empty() || rest.starts_with(char::is_whitespace);
    if !(1..=6).contains(&level) || !(has_space || (level > 1 && rest.starts_with(char::is_alphanumeric))) {
        return None;
    }
    let rest = rest.trim();
    let closed = rest.trim_end_matches('#');
    Some((level, if closed.is_empty() || closed.ends_with([' ', '\t']) { closed.trim_end() } else { rest }))
}

/// The level of a heading that is only a line in bold: below those that Markdown has.
pub(super) const BOLD_HEADING_LEVEL: usize = 7;

/// The level and text of a heading of level 2 or more that is between marks of emphasis or code (`**## A**`).
pub(super) fn parse_marked_heading(body: &str) -> Option<(usize, &str)> {
    let inside = ["**", "__", "*", "_", "`"].iter().find_map(|mark| body.strip_prefix(mark)?.strip_suffix(mark))?;
    parse_heading(inside).filter(|(level, text)| *level > 1 && !text.is_empty())
}

/// The text of a line that is all in bold or code, and no sentence.
pub(super) fn read_bold_title(body: &str) -> Option<&str> {
    /// A longer line is text that somebody wanted read.
    const MOST_WORDS: usize = 10;
    let bare = body.trim_end_matches([':', '：']);
    let inside = ["**", "__", "`"].iter().find_map(|mark| {
        bare.strip_prefix(mark)?.strip_suffix(mark).filter(|inside| !inside.is_empty() && !inside.contains(mark))
    })?;
    let title = inside.trim_end_matches([':', '：']).trim();
    let is_title = title.chars().any(char::is_alphanumeric)
        && !title.ends_with(['.', '!', '?', ';', ',', '。', '！', '？'])
        && title.split_whitespace().count() <= MOST_WORDS;
    is_title.then_some(title)
}

/// The mark, length and word of a fence that opens a block of code.
pub(super) fn parse_fence(body: &str) -> Option<(u8, usize, &str)> {
    let mark = body.bytes().next().filter(|byte| matches!(byte, b'`' | b'~'))?;
    let length = body.bytes().take_while(|byte| *byte == mark).count();
    let info = body[length..].trim();
    (length >= 3 && !(mark == b'`' && info.contains('`'))).then_some((mark, length, info))
}

pub(super) fn is_closing_fence(body: &str, mark: u8, length: usize) -> bool {
    body.len() >= length && body.bytes().all(|byte| byte == mark)
}

pub(super) fn is_rule(body: &str) -> bool {
    let mut marks = body.bytes().filter(|byte| !matches!(byte, b' ' | b'\t'));
    let Some(first) = marks.next().filter(|byte| matches!(byte, b'-' | b'*' | b'_')) else { return false };
    let mut count = 1;
    marks.all(|byte| {
        count += 1;
        byte == first
    }) && count >= 3
}

pub(super) fn is_delimiter_row(body: &str) -> bool {
    body.contains('|')
        && body.contains('-')
        && body.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ' | b'\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heading_is_parsed_with_level_and_text() {
        for (body, found) in [
            ("# A", Some((1, "A"))),
            ("###### A ######", Some((6, "A"))),
            ("## C#", Some((2, "C#"))),
            ("##A", Some((2, "A"))),
            ("##", Some((2, ""))),
            ("#tag", None),
            ("####### A", None),
        ] {
            assert_eq!(parse_heading(body), found, "{body}");
        }
    }

    #[test]
    fn title_in_bold_is_read() {
        for (body, title) in [
            ("**Before launch**", Some("Before launch")),
            ("**Before launch:**", Some("Before launch")),
            ("__Before launch__:", Some("Before launch")),
            ("`Before launch`", Some("Before launch")),
            ("**Stop here.**", None),
            ("**Before** the **launch**", None),
            ("**Note:** text", None),
            ("*Before launch*", None),
            ("**...**", None),
        ] {
            assert_eq!(read_bold_title(body), title, "{body}");
        }
        assert_eq!(parse_marked_heading("**## A**"), Some((2, "A")));
        assert_eq!(parse_marked_heading("`### A`"), Some((3, "A")));
        assert_eq!(parse_marked_heading("`# reboot`"), None);
    }

    #[test]
    fn fence_and_rule_are_recognized() {
        assert_eq!(parse_fence("```rust"), Some((b'`', 3, "rust")));
        assert_eq!(parse_fence("~~~~"), Some((b'~', 4, "")));
        assert_eq!(parse_fence("```a```"), None);
        assert!(
            is_closing_fence("````", b'`', 3) && !is_closing_fence("``", b'`', 3) && !is_closing_fence("~~~", b'`', 3)
        );
        assert!(is_rule("---") && is_rule("* * *") && is_rule("___") && !is_rule("--") && !is_rule("-*-"));
    }

    #[test]
    fn unclosed_delimiter_of_line_is_found() {
        for (text, close) in [
            ("plain", ""),
            ("set `protect with:", "`"),
            ("set ``a ` b", "``"),
            ("`a` and **b", "**"),
            ("**a** and *b* and `c`", ""),
            ("see [the guide", "]"),
            ("see [the guide](https://example.org", ")"),
            ("(as `f(` says", ")"),
            ("costs 5* more, 3 * 4, snake_case", ""),
            ("escaped \\` and \\[", ""),
        ] {
            assert_eq!(find_unclosed(text).unwrap_or_default(), close, "{text}");
        }
        assert_eq!(find_unclosed(&format!("`{}", "a".repeat(500))), None, "longer than a title");
    }

    #[test]
    fn wrapped_line_is_distinguished_from_note() {
        let above = |text| SourceLine::new(text);
        let full = "- [ ] The restore from last night's dump was tried on a clean";
        for (text, line, next, joined) in [
            ("", "- [ ]", "Title", true),
            ("Backups tested", "- [ ] Backups tested", "Restore last night's dump.", false),
            ("Backups tested", "- [ ] Backups tested", "and restored", true),
            ("Backups tested,", "- [ ] Backups tested,", "Restored", true),
            (&full[6..], full, "Debian machine", true),
            ("Backups tested", "- [ ] Backups tested  ", "and restored", false),
            ("Backups tested {critical}", "- [ ] Backups tested {critical}", "and restored", false),
        ] {
            assert_eq!(is_continued_on(text, above(line), next), joined, "{line} / {next}");
        }
    }
}
