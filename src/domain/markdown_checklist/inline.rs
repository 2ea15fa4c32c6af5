//! Titles: the inline Markdown of one line, without what a title can't carry.
//!
//! A title keeps its emphasis and code as they were written. A link keeps its text, and an image the text that stands
//! for it, since a title is itself a link on most pages; where they led is handed back, for the guidance. Comments go.

use std::{collections::BTreeMap, ops::Range};

use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::domain::text::Title;

/// Addresses by the label that stands for them (`[label]: address`), labels in lower case.
pub(super) type Definitions = BTreeMap<String, String>;

/// A line's text as a title, and what was in it besides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Inline {
    pub(super) text: String,
    /// The links and images, each as Markdown.
    pub(super) links: Vec<String>,
    pub(super) comments: Vec<String>,
}

impl Inline {
    /// A text that is taken to the letter.
    pub(super) fn literal(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }
}

/// A link or image that is being read.
struct Open {
    whole: Range<usize>,
    /// Where its text begins, and as far as is known, ends.
    text: Range<usize>,
    address: String,
    plain: String,
}

/// Put before a text while it is parsed, so that it is always a paragraph: a title may begin like a heading or a list.
const LEAD: &str = "x ";

/// Reads the text of a line.
pub(super) fn read(source: &str, definitions: &Definitions) -> Inline {
    let source = source.trim();
    if !source.contains(['[', '<']) {
        return Inline::literal(source);
    }
    let led = format!("{LEAD}{source}");
    let find = |link: BrokenLink<'_>| {
        let address = definitions.get(&link.reference.to_lowercase())?;
        Some((CowStr::from(address.clone()), CowStr::from("")))
    };
    let parser = Parser::new_with_broken_link_callback(&led, Options::ENABLE_STRIKETHROUGH, Some(find));

    let mut edits: Vec<(Range<usize>, &str)> = Vec::new();
    let mut links = Vec::new();
    let mut comments = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for (event, range) in parser.into_offset_iter() {
        if let Some(outer) = open.last_mut()
            && !matches!(event, Event::End(TagEnd::Link | TagEnd::Image))
        {
            outer.text.end = outer.text.end.max(range.end);
        }
        match event {
            Event::Start(Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. }) => {
                edits.push((range.start..range.start + 1, ""));
                edits.push((range.end - 1..range.end, ""));
                open.push(Open { text: range.clone(), whole: range, address: String::new(), plain: String::new() });
            }
            Event::Start(Tag::Link { dest_url, .. }) => open.push(Open::new(range, 1, &dest_url)),
            Event::Start(Tag::Image { dest_url, .. }) => open.push(Open::new(range, 2, &dest_url)),
            Event::End(TagEnd::Link | TagEnd::Image) => {
                let Some(link) = open.pop() else { continue };
                if let Some(outer) = open.last_mut() {
                    outer.text.end = outer.text.end.max(link.whole.end);
                    outer.plain.push_str(&link.plain);
                }
                if !link.address.is_empty() {
                    links.push(as_markdown(&link.plain, &link.address));
                    edits.push((link.whole.start..link.text.start, ""));
                    edits.push((link.text.end..link.whole.end, ""));
                }
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(link) = open.last_mut() {
                    link.plain.push_str(&text);
                }
            }
            Event::InlineHtml(html) if html.starts_with("<!--") => {
                comments.push(html.into_string());
                edits.push((range, ""));
            }
            Event::InlineHtml(html) if is_line_break(&html) => edits.push((range, " ")),
            _ => {}
        }
    }
    Inline { text: edited(&led, edits), links, comments }
}

impl Open {
    fn new(whole: Range<usize>, bracket: usize, address: &str) -> Self {
        let text = whole.start + bracket;
        // An address may be empty; the link is a link all the same.
        let address = if address.is_empty() { "#".to_owned() } else { address.to_owned() };
        Self { text: text..text, whole, address, plain: String::new() }
    }
}

fn is_line_break(html: &str) -> bool {
    html.get(..3).is_some_and(|tag| tag.eq_ignore_ascii_case("<br"))
}

fn edited(led: &str, mut edits: Vec<(Range<usize>, &str)>) -> String {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut text = String::with_capacity(led.len());
    let mut at = LEAD.len();
    for (range, instead) in edits {
        text.push_str(led.get(at..range.start).unwrap_or_default());
        text.push_str(instead);
        at = at.max(range.end);
    }
    text.push_str(led.get(at..).unwrap_or_default());
    text.trim().to_owned()
}

/// A link as Markdown, whatever its text and address hold. One without a text shows its address.
fn as_markdown(text: &str, address: &str) -> String {
    let text = if text.trim().is_empty() { address } else { text };
    let text: String =
        text.chars().flat_map(|c| "\\[]<>`*_".contains(c).then_some('\\').into_iter().chain([c])).collect();
    if address.contains([' ', '(', ')', '<', '>']) {
        format!("[{text}](<{}>)", address.replace('<', "%3C").replace('>', "%3E"))
    } else {
        format!("[{text}]({address})")
    }
}

/// A text as a title, cut with an ellipsis when it is longer than a title may be. Nothing when it is empty; and
/// whether it was cut.
pub(super) fn title(text: &str) -> Option<(Title, bool)> {
    let line = text.replace(['\t', '\n'], " ");
    let long = line.trim().chars().count() > Title::MAX;
    if !long {
        return Title::new(&line).ok().map(|title| (title, false));
    }
    let start: String = line.trim().chars().take(Title::MAX - 1).collect();
    Title::new(&format!("{}…", start.trim_end())).ok().map(|title| (title, true))
}

/// A text with the definitions that its links need and that stood elsewhere in the file.
pub(super) fn with_definitions(text: String, definitions: &Definitions) -> String {
    if definitions.is_empty() || !text.contains(']') {
        return text;
    }
    let mut needed = BTreeMap::new();
    let find = |link: BrokenLink<'_>| {
        let (label, address) = definitions.get_key_value(&link.reference.to_lowercase())?;
        needed.insert(label.clone(), address.clone());
        Some((CowStr::from(address.clone()), CowStr::from("")))
    };
    Parser::new_with_broken_link_callback(&text, Options::all(), Some(find)).for_each(drop);
    let lines: String = needed.iter().map(|(label, address)| format!("\n[{label}]: {address}")).collect();
    if lines.is_empty() { text } else { format!("{text}\n{lines}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_keeps_its_text_and_gives_up_its_links() {
        let definitions = Definitions::from([("guide".to_owned(), "https://example.org/g".to_owned())]);
        for (source, text, links) in [
            ("plain", "plain", vec![]),
            ("**bold** and `code [x](y)`", "**bold** and `code [x](y)`", vec![]),
            ("see [the *page*](https://a.org/b)!", "see the *page*!", vec!["[the page](https://a.org/b)"]),
            ("[The guide][guide] says", "The guide says", vec!["[The guide](https://example.org/g)"]),
            ("[guide]", "guide", vec!["[guide](https://example.org/g)"]),
            ("[unknown] stays", "[unknown] stays", vec![]),
            ("![A chart](c.png) shown", "A chart shown", vec!["[A chart](c.png)"]),
            ("[![alt](i.png)](p)", "alt", vec!["[alt](i.png)", "[alt](p)"]),
            ("go to <https://a.org>", "go to https://a.org", vec![]),
            ("a<br/>b <!-- note -->", "a b", vec![]),
            ("# not a heading [a](b)", "# not a heading a", vec!["[a](b)"]),
            ("[\\[a\\]](b)", "\\[a\\]", vec!["[\\[a\\]](b)"]),
            ("[a](<b c>)", "a", vec!["[a](<b c>)"]),
            ("[](b)", "", vec!["[b](b)"]),
        ] {
            let read = read(source, &definitions);
            assert_eq!(read.text, text, "{source}");
            assert_eq!(read.links, links, "{source}");
        }
    }

    #[test]
    fn a_long_title_is_cut() {
        let (cut, was_cut) = title(&"ж".repeat(301)).expect("a title");
        assert!(was_cut);
        assert_eq!(cut.as_str().chars().count(), Title::MAX);
        assert!(cut.as_str().ends_with('…'));
        assert_eq!(title(&"ж".repeat(300)).map(|(_, cut)| cut), Some(false));
        assert_eq!(title(" \t"), None);
    }

    #[test]
    fn a_text_takes_along_the_definitions_it_needs() {
        let definitions = Definitions::from([("a".to_owned(), "b".to_owned()), ("c".to_owned(), "d".to_owned())]);
        assert_eq!(with_definitions("see [A]".to_owned(), &definitions), "see [A]\n\n[a]: b");
        assert_eq!(with_definitions("see `[A]`".to_owned(), &definitions), "see `[A]`");
    }
}
