//! Limits for the work that rendering a Markdown text may cause.
//!
//! The cost of showing a text must grow no faster than its length. Measured over 80 shapes of 5,000 and 20,000
//! characters with pulldown-cmark 0.13 and ammonia 4.2, four kinds grow faster: nesting (20,000 `>` make a tree of
//! 20,000 elements, and cleaning it takes 1.1 s), table rows that the parser fills up with empty cells (5,000
//! characters become 2.4 MB of HTML), a long address that many links refer to, and `&`. [`check_limits`] measures depth
//! and size and counts the `&`, in time proportional to the length.

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};

use crate::texts;

/// The maximum nesting of quotes, lists, emphasis and links.
pub const MAX_NESTING_LEVELS: usize = 20;

/// The maximum number of quote and list markers at the start of a line. A text with more is not even parsed, because
/// the parser compares each line of a paragraph with every open level.
const MAX_LINE_MARKERS: usize = 100;

/// The maximum number of bytes of HTML per byte of Markdown. Ordinary text makes 1 to 3; the densest text without
/// filled-up tables (`*` and a line end, many times) makes 11.
const MAX_HTML_GROWTH: usize = 16;

/// The number of bytes of HTML that any text may make, however short it is.
const MIN_HTML_ALLOWANCE: usize = 8_192;

/// The maximum number of `&` in a text. Each is written as `&amp;`, and html5ever takes longer for each the more there
/// are.
const MAX_AMPERSANDS: usize = 5_000;

/// The bytes of HTML counted for each start and end of an element.
const HTML_TAG_BYTES: usize = 10;

/// The limit that a text exceeds. Its `Display` is the sentence shown at the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MarkdownLimitError {
    #[error("{}", texts::markdown_nests_too_deep(MAX_NESTING_LEVELS))]
    Nesting,
    #[error("{}", texts::markdown_grows_too_much())]
    Growth,
    #[error("{}", texts::markdown_has_too_many_ampersands(MAX_AMPERSANDS))]
    Ampersands,
}

/// A parser for our dialect: CommonMark with tables and strikethrough.
#[must_use]
pub fn markdown_parser(markdown: &str) -> Parser<'_> {
    Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH)
}

/// The checks that work without parsing. They ensure that [`check_limits`] can parse the text at a cost proportional to
/// its length.
pub fn check_before_parsing(markdown: &str) -> Result<(), MarkdownLimitError> {
    if markdown.lines().any(|line| count_line_markers(line) > MAX_LINE_MARKERS) {
        return Err(MarkdownLimitError::Nesting);
    }
    if markdown.bytes().filter(|byte| *byte == b'&').count() > MAX_AMPERSANDS {
        return Err(MarkdownLimitError::Ampersands);
    }
    Ok(())
}

/// Checks that a text can be shown at a cost proportional to its length. Returns the first limit that it exceeds.
pub fn check_limits(markdown: &str) -> Result<(), MarkdownLimitError> {
    check_before_parsing(markdown)?;
    let most_bytes = MIN_HTML_ALLOWANCE + MAX_HTML_GROWTH * markdown.len();
    let (mut levels, mut bytes) = (0, 0_usize);
    for event in markdown_parser(markdown) {
        match &event {
            Event::Start(tag) => {
                levels += usize::from(opens_level(tag));
                bytes += HTML_TAG_BYTES + link_bytes(tag);
            }
            Event::End(tag) => {
                levels -= usize::from(closes_level(*tag));
                bytes += HTML_TAG_BYTES;
            }
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => bytes += text.len(),
            _ => bytes += HTML_TAG_BYTES,
        }
        if levels > MAX_NESTING_LEVELS {
            return Err(MarkdownLimitError::Nesting);
        }
        if bytes > most_bytes {
            return Err(MarkdownLimitError::Growth);
        }
    }
    Ok(())
}

fn opens_level(tag: &Tag<'_>) -> bool {
    closes_level(tag.to_end())
}

const fn closes_level(tag: pulldown_cmark::TagEnd) -> bool {
    use pulldown_cmark::TagEnd;
    matches!(
        tag,
        TagEnd::BlockQuote(_)
            | TagEnd::Item
            | TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Link
            | TagEnd::Image
    )
}

/// The length of a link's address and title.
fn link_bytes(tag: &Tag<'_>) -> usize {
    match tag {
        Tag::Link { link_type: LinkType::Autolink | LinkType::Email, dest_url, .. } => dest_url.len(),
        Tag::Link { dest_url, title, .. } | Tag::Image { dest_url, title, .. } => dest_url.len() + title.len(),
        _ => 0,
    }
}

/// Counts the quote and list markers at the start of a line, without regard to its context: at least as many as the
/// levels that the line opens. A line of nothing but `*`, `-` or `_` is a thematic break, and these characters open no
/// levels.
fn count_line_markers(line: &str) -> usize {
    let bytes = line.as_bytes();
    let rule = find_rule_start(bytes);
    let blank = |at: usize| bytes.get(at).is_none_or(|byte| matches!(byte, b' ' | b'\t'));
    let (mut at, mut signs) = (0, 0);
    while at < rule {
        match bytes[at] {
            b' ' | b'\t' => at += 1,
            b'>' => (at, signs) = (at + 1, signs + 1),
            b'-' | b'+' | b'*' if blank(at + 1) => (at, signs) = (at + 1, signs + 1),
            b'0'..=b'9' => {
                let digits = bytes[at..].iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
                let after = at + digits;
                if !matches!(bytes.get(after), Some(b'.' | b')')) || !blank(after + 1) {
                    break;
                }
                (at, signs) = (after + 1, signs + 1);
            }
            _ => break,
        }
    }
    signs
}

/// The start of the thematic break at the end of a line, or the line's length if there is none.
fn find_rule_start(line: &[u8]) -> usize {
    let sign = line.iter().rev().find(|byte| !matches!(byte, b' ' | b'\t'));
    let Some(sign @ (b'*' | b'-' | b'_')) = sign else { return line.len() };
    let before = line.iter().rposition(|byte| byte != sign && !matches!(byte, b' ' | b'\t'));
    let start = before.map_or(0, |before| before + 1);
    if line[start..].iter().filter(|byte| *byte == sign).count() >= 3 { start } else { line.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested_text(open: &str, close: &str, levels: usize) -> String {
        format!("{}a{}", open.repeat(levels), close.repeat(levels))
    }

    #[test]
    fn markdown_nesting_beyond_twenty_levels_is_refused() {
        for (open, close) in
            [("> ", ""), (">", ""), ("- ", ""), ("1. ", ""), ("1) ", ""), ("+\t", ""), ("**a ", " b**")]
        {
            assert_eq!(check_limits(&nested_text(open, close, MAX_NESTING_LEVELS)), Ok(()), "{open:?}");
            assert_eq!(
                check_limits(&nested_text(open, close, MAX_NESTING_LEVELS + 1)),
                Err(MarkdownLimitError::Nesting),
                "{open:?}"
            );
        }
        let mixed = |pairs: usize| format!("{}*a **b ~~c~~***", "> - ".repeat(pairs));
        assert_eq!(check_limits(&mixed(8)), Ok(()));
        assert_eq!(check_limits(&mixed(9)), Err(MarkdownLimitError::Nesting));
        let indented: String = (0..=MAX_NESTING_LEVELS).map(|level| format!("{}- a\n", "  ".repeat(level))).collect();
        assert_eq!(check_limits(&indented), Err(MarkdownLimitError::Nesting));
    }

    #[test]
    fn markdown_that_only_looks_nested_is_accepted() {
        for flat in [
            "* * * * * * * * * * * * * * * * * * * * * * * * *",
            "---------------------------------------------------",
            "> - - - - - - - - - - - - - - - - - - - - - - - - -",
            "```\n>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>\n```",
            "a >>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>",
            "1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1",
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
            "*a *a *a *a *a *a *a *a *a *a *a *a *a *a *a *a *a",
        ] {
            assert_eq!(check_limits(flat), Ok(()), "{flat}");
        }
        let rule = "* ".repeat(10_000);
        assert_eq!(check_limits(&rule), Ok(()));
    }

    #[test]
    fn markdown_that_grows_too_much_as_html_is_refused() {
        let table =
            |rows: usize, row: &str| format!("{}\n{}\n{}", "|a".repeat(800), "|-".repeat(800), row.repeat(rows));
        assert_eq!(check_limits(&table(800, "a\n")), Err(MarkdownLimitError::Growth));
        assert_eq!(check_limits(&table(10, &format!("{}\n", "|a".repeat(800)))), Ok(()));
        let links = format!("[a]: /{}\n\n{}", "u".repeat(1_500), "[a] ".repeat(400));
        assert_eq!(check_limits(&links), Err(MarkdownLimitError::Growth));
        assert_eq!(check_limits(&"&".repeat(MAX_AMPERSANDS)), Ok(()));
        assert_eq!(check_limits(&"&".repeat(MAX_AMPERSANDS + 1)), Err(MarkdownLimitError::Ampersands));
        assert_eq!(check_limits("|a|b|c|d|e|f|g|h|\n|-|-|-|-|-|-|-|-|\n|x\n|y\n|z\n"), Ok(()));
    }
}
