//! How much work a Markdown text may make of itself.
//!
//! What a text costs to show must grow no faster than its length. Measured over 80 shapes of 5,000 and 20,000
//! characters with pulldown-cmark 0.13 and ammonia 4.2, four kinds grow faster: nesting (20,000 `>` are a tree of
//! 20,000 elements, and cleaning it takes 1.1 s), rows of a table that are filled up with empty cells (5,000
//! characters become 2.4 MB of HTML), a long address that many links refer to, and `&`. [`check`] measures depth and size
//! and counts the last, in time proportional to the length.

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};

/// How many quotes, lists, emphases and links may stand within each other.
pub const MOST_LEVELS: usize = 20;

/// How many signs of quotes and lists one line may begin with before it is not even parsed: the parser compares each
/// line of a paragraph with every level that is open.
const MOST_SIGNS: usize = 100;

/// How many bytes of HTML may come of each byte of Markdown. Ordinary text makes 1 to 3, the densest that is not filled
/// up (`*` and a line end, many times) 11.
const MOST_GROWTH: usize = 16;

/// How many bytes of HTML may come of any text, however short.
const ALWAYS_ALLOWED: usize = 8_192;

/// How many `&` a text may have. Each is written as `&amp;`, and html5ever takes the longer over each the more there are.
const MOST_AMPERSANDS: usize = 5_000;

/// The bytes of HTML counted for each beginning and end of an element.
const TAG_BYTES: usize = 10;

/// What a text has too much of. Its `Display` is the sentence shown at the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Excess {
    /// More levels than [`MOST_LEVELS`].
    #[error(
        "This nests too deep: at most {MOST_LEVELS} levels of quotes, lists, emphasis and links within each other."
    )]
    Nesting,
    /// Far more HTML than Markdown.
    #[error(
        "This would make a page many times its own length. Give the rows of a table all their cells, and refer to a \
         long address less often."
    )]
    Growth,
    /// More `&` than [`MOST_AMPERSANDS`].
    #[error("This has too many “&”: at most {MOST_AMPERSANDS}.")]
    Ampersands,
}

/// The dialect that is read: CommonMark with tables and struck-through text.
#[must_use]
pub fn parser(markdown: &str) -> Parser<'_> {
    Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH)
}

/// Whether a text can be parsed at a cost that its length pays for: what [`check`] finds without parsing it.
///
/// # Errors
/// The [`Excess`] that is found.
pub fn check_signs(markdown: &str) -> Result<(), Excess> {
    if markdown.lines().any(|line| signs(line) > MOST_SIGNS) {
        return Err(Excess::Nesting);
    }
    if markdown.bytes().filter(|byte| *byte == b'&').count() > MOST_AMPERSANDS {
        return Err(Excess::Ampersands);
    }
    Ok(())
}

/// Whether a text can be shown at a cost that its length pays for.
///
/// # Errors
/// The first [`Excess`] that is found.
pub fn check(markdown: &str) -> Result<(), Excess> {
    check_signs(markdown)?;
    let most_bytes = ALWAYS_ALLOWED + MOST_GROWTH * markdown.len();
    let (mut levels, mut bytes) = (0, 0_usize);
    for event in parser(markdown) {
        match &event {
            Event::Start(tag) => {
                levels += usize::from(nests(tag));
                bytes += TAG_BYTES + address(tag);
            }
            Event::End(tag) => {
                levels -= usize::from(ends_nesting(*tag));
                bytes += TAG_BYTES;
            }
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => bytes += text.len(),
            _ => bytes += TAG_BYTES,
        }
        if levels > MOST_LEVELS {
            return Err(Excess::Nesting);
        }
        if bytes > most_bytes {
            return Err(Excess::Growth);
        }
    }
    Ok(())
}

fn nests(tag: &Tag<'_>) -> bool {
    ends_nesting(tag.to_end())
}

const fn ends_nesting(tag: pulldown_cmark::TagEnd) -> bool {
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

/// The bytes of the address and title of a link.
fn address(tag: &Tag<'_>) -> usize {
    match tag {
        Tag::Link { link_type: LinkType::Autolink | LinkType::Email, dest_url, .. } => dest_url.len(),
        Tag::Link { dest_url, title, .. } | Tag::Image { dest_url, title, .. } => dest_url.len() + title.len(),
        _ => 0,
    }
}

/// How many signs of quotes and lists a line begins with, whatever it means where it stands: at least as many as the
/// levels that it opens. A line of nothing but `*`, `-` or `_` is a rule, and opens none with these.
fn signs(line: &str) -> usize {
    let bytes = line.as_bytes();
    let rule = start_of_rule(bytes);
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

/// Where the rule that a line ends with begins; its length where it ends with none.
fn start_of_rule(line: &[u8]) -> usize {
    let sign = line.iter().rev().find(|byte| !matches!(byte, b' ' | b'\t'));
    let Some(sign @ (b'*' | b'-' | b'_')) = sign else { return line.len() };
    let before = line.iter().rposition(|byte| byte != sign && !matches!(byte, b' ' | b'\t'));
    let start = before.map_or(0, |before| before + 1);
    if line[start..].iter().filter(|byte| *byte == sign).count() >= 3 { start } else { line.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(open: &str, close: &str, levels: usize) -> String {
        format!("{}a{}", open.repeat(levels), close.repeat(levels))
    }

    #[test]
    fn twenty_levels_of_anything_pass_and_twenty_one_do_not() {
        for (open, close) in
            [("> ", ""), (">", ""), ("- ", ""), ("1. ", ""), ("1) ", ""), ("+\t", ""), ("**a ", " b**")]
        {
            assert_eq!(check(&levels(open, close, MOST_LEVELS)), Ok(()), "{open:?}");
            assert_eq!(check(&levels(open, close, MOST_LEVELS + 1)), Err(Excess::Nesting), "{open:?}");
        }
        let mixed = |pairs: usize| format!("{}*a **b ~~c~~***", "> - ".repeat(pairs));
        assert_eq!(check(&mixed(8)), Ok(()));
        assert_eq!(check(&mixed(9)), Err(Excess::Nesting));
        let indented: String = (0..=MOST_LEVELS).map(|level| format!("{}- a\n", "  ".repeat(level))).collect();
        assert_eq!(check(&indented), Err(Excess::Nesting));
    }

    #[test]
    fn what_only_looks_deep_passes() {
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
            assert_eq!(check(flat), Ok(()), "{flat}");
        }
        let rule = "* ".repeat(10_000);
        assert_eq!(check(&rule), Ok(()));
    }

    #[test]
    fn rows_filled_up_and_addresses_repeated_are_refused() {
        let table =
            |rows: usize, row: &str| format!("{}\n{}\n{}", "|a".repeat(800), "|-".repeat(800), row.repeat(rows));
        assert_eq!(check(&table(800, "a\n")), Err(Excess::Growth));
        assert_eq!(check(&table(10, &format!("{}\n", "|a".repeat(800)))), Ok(()));
        let links = format!("[a]: /{}\n\n{}", "u".repeat(1_500), "[a] ".repeat(400));
        assert_eq!(check(&links), Err(Excess::Growth));
        assert_eq!(check(&"&".repeat(MOST_AMPERSANDS)), Ok(()));
        assert_eq!(check(&"&".repeat(MOST_AMPERSANDS + 1)), Err(Excess::Ampersands));
        assert_eq!(check("|a|b|c|d|e|f|g|h|\n|-|-|-|-|-|-|-|-|\n|x\n|y\n|z\n"), Ok(()));
    }
}
