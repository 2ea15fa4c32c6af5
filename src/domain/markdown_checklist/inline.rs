//! Titles: the inline Markdown of one line as plain text.
//!
//! A title is shown as it is, so it keeps nothing that would be read as marks: emphasis, code, entities, escapes and HTML
//! become the text that they stand for. Where links led and what pictures showed is handed back, for the guidance, as is
//! what `<details>` holds behind its summary.

use std::{borrow::Cow, collections::BTreeMap};

use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::{html, line_shapes::find_closing_run};
use crate::domain::text::{Title, is_forbidden_character};

/// Addresses by the label that stands for them (`[label]: address`), labels in lower case.
pub(super) type LinkDefinitions = BTreeMap<String, String>;

/// A line's text as a title, and what was in it besides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct InlineText {
    pub(super) text: String,
    /// The links, pictures and footnotes, each as Markdown.
    pub(super) links: Vec<String>,
    pub(super) comments: Vec<String>,
    /// What `<details>` holds behind its summary.
    pub(super) details: String,
}

impl InlineText {
    /// A text that is read literally.
    pub(super) fn from_literal(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }
}

/// A link or picture that is being read.
struct OpenLink {
    /// Where it leads; nothing where the text says it already.
    address: Option<String>,
    is_picture: bool,
    is_footnote: bool,
    /// How long the title was when it began.
    text_start: usize,
}

/// Put before a text while it is parsed, so that it is always a paragraph: a title may begin like a heading or a list.
const PARAGRAPH_PREFIX: &str = "x ";

/// Reads the text of a line.
pub(super) fn read_inline(source: &str, definitions: &LinkDefinitions) -> InlineText {
    let source = source.trim();
    let unmarked = strip_highlights(source);
    let source = unmarked.as_ref();
    if !source.contains(['[', '<', '&', '*', '_', '`', '~', '\\']) {
        return InlineText::from_literal(&collapse_whitespace(source));
    }
    let (source, details) = html::split_details(source).unwrap_or_else(|| (source.to_owned(), String::new()));
    let led = format!("{PARAGRAPH_PREFIX}{}", source.trim());
    let find = |link: BrokenLink<'_>| {
        let address = definitions.get(&link.reference.to_lowercase())?;
        Some((CowStr::from(address.clone()), CowStr::from("")))
    };
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_WIKILINKS;
    let parser = Parser::new_with_broken_link_callback(&led, options, Some(find));

    let mut inline = InlineText { details, ..InlineText::default() };
    let mut open: Vec<OpenLink> = Vec::new();
    for event in parser {
        match event {
            Event::Start(Tag::Link { link_type, dest_url, id, .. }) => {
                let from = inline.text.len();
                let says_it = matches!(link_type, LinkType::Autolink | LinkType::Email);
                let is_footnote = id.starts_with('^');
                let address = (!says_it && !is_footnote).then(|| address_or_hash(&dest_url));
                if is_footnote {
                    inline.links.push(dest_url.into_string());
                }
                open.push(OpenLink { address, is_picture: false, is_footnote, text_start: from });
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                let address = Some(address_or_hash(&dest_url));
                open.push(OpenLink { address, is_picture: true, is_footnote: false, text_start: inline.text.len() });
            }
            Event::End(TagEnd::Link | TagEnd::Image) => inline.close_link(open.pop()),
            Event::Text(text) | Event::Code(text) => inline.text.push_str(&text),
            Event::SoftBreak | Event::HardBreak => inline.text.push(' '),
            Event::InlineHtml(html) if html.starts_with("<!--") => {
                inline.text.push(' ');
                inline.comments.push(html.into_string());
            }
            Event::InlineHtml(html) => match html::parse_tag(&html) {
                Some((name, _)) if name == "a" && html.starts_with("</") => {
                    if open.last().is_some_and(|open| !open.is_picture) {
                        inline.close_link(open.pop());
                    }
                }
                Some((name, _)) if name == "a" => {
                    if let Some(address) = html::parse_attribute(&html, "href") {
                        let address = Some(address.to_owned());
                        open.push(OpenLink {
                            address,
                            is_picture: false,
                            is_footnote: false,
                            text_start: inline.text.len(),
                        });
                    }
                }
                Some((name, _)) if name == "img" => {
                    let text = html::parse_attribute(&html, "alt").unwrap_or_default();
                    inline.text.push_str(text);
                    if let Some(address) = html::parse_attribute(&html, "src") {
                        inline.links.push(format!("!{}", format_link(text, address)));
                    }
                }
                Some((_, true)) => inline.text.push(' '),
                Some((_, false)) => {}
                None => inline.text.push_str(&html),
            },
            _ => {}
        }
    }
    while let Some(unclosed) = open.pop() {
        inline.close_link(Some(unclosed));
    }
    let text = inline.text.strip_prefix(PARAGRAPH_PREFIX.trim_end()).unwrap_or(&inline.text).trim();
    // Emphasis that nobody closed; "**kwargs" is rarer at the beginning of a title.
    let text = text.strip_prefix("**").filter(|rest| source.starts_with("**") && !rest.contains("**")).unwrap_or(text);
    inline.text = collapse_whitespace(text);
    inline
}

/// A text without the marks that highlight a part of it (`==so==`), outside of code.
fn strip_highlights(source: &str) -> Cow<'_, str> {
    const MARK: &str = "==";
    if !source.contains(MARK) {
        return Cow::Borrowed(source);
    }
    let mut pieces: Vec<&str> = Vec::new();
    // Where among the pieces the mark is that opened a highlight.
    let mut open: Option<usize> = None;
    let (mut rest, mut before) = (source, ' ');
    while let Some(at) = rest.find(['=', '`']) {
        pieces.push(&rest[..at]);
        before = rest[..at].chars().next_back().unwrap_or(before);
        rest = &rest[at..];
        let mark = if rest.starts_with('`') { '`' } else { '=' };
        let run = rest.len() - rest.trim_start_matches(mark).len();
        let after = rest[run..].chars().next().unwrap_or(' ');
        let mut length = run;
        if mark == '`' {
            length += find_closing_run(&rest[run..], &rest[..run]).unwrap_or(0);
        } else if run == MARK.len() && open.is_some() && !before.is_whitespace() && !after.is_alphanumeric() {
            if let Some(mark) = open.take() {
                pieces[mark] = "";
            }
            (rest, before) = (&rest[run..], '=');
            continue;
        } else if run == MARK.len() && open.is_none() && !before.is_alphanumeric() && !after.is_whitespace() {
            open = Some(pieces.len());
        }
        pieces.push(&rest[..length]);
        (rest, before) = (&rest[length..], mark);
    }
    pieces.push(rest);
    Cow::Owned(pieces.concat())
}

/// An address may be empty; the link is a link all the same.
fn address_or_hash(address: &str) -> String {
    if address.is_empty() { "#".to_owned() } else { address.to_owned() }
}

impl InlineText {
    /// Ends a link or picture: notes where it leads, and of a footnote's mark leaves nothing in the title.
    fn close_link(&mut self, link: Option<OpenLink>) {
        let Some(OpenLink { address, is_picture, is_footnote, text_start: from }) = link else { return };
        let Some(address) = address else {
            return self.text.truncate(if is_footnote { from } else { self.text.len() });
        };
        let bang = if is_picture { "!" } else { "" };
        // Pictures may be in each other without end, and each has the text of all within.
        let text: String = self.text.get(from..).unwrap_or_default().chars().take(Title::MAX).collect();
        self.links.push(format!("{bang}{}", format_link(text.trim(), &address)));
    }
}

/// A text with one space where several characters of white space are together, and without what no title may hold.
fn collapse_whitespace(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut chars = text.trim().chars().filter(|c| *c == '\n' || !is_forbidden_character(*c)).peekable();
    while let Some(c) = chars.next() {
        if !c.is_whitespace() {
            line.push(c);
            continue;
        }
        let mut several = false;
        while chars.next_if(|c| c.is_whitespace()).is_some() {
            several = true;
        }
        line.push(if several || matches!(c, '\t' | '\n') { ' ' } else { c });
    }
    line.trim().to_owned()
}

/// Whether a title says something: it has a letter or a digit of some script, other than the letters that are blank.
pub(super) fn has_letter_or_digit(title: &str) -> bool {
    // ":rocket:" is a picture.
    let is_picture = |word: &str| {
        let name = word.strip_prefix(':').and_then(|rest| rest.strip_suffix(':')).unwrap_or_default();
        !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_+-".contains(c))
    };
    let words = title.split_whitespace().filter(|word| !is_picture(word));
    words
        .flat_map(str::chars)
        .any(|c| c.is_alphanumeric() && !matches!(c, '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}'))
}

/// A link as Markdown, whatever its text and address hold. One without a text shows its address.
fn format_link(text: &str, address: &str) -> String {
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
pub(super) fn to_title(text: &str) -> Option<(Title, bool)> {
    let line = text.replace(['\t', '\n'], " ");
    let long = line.trim().chars().count() > Title::MAX;
    if !long {
        return Title::new(&line).ok().map(|title| (title, false));
    }
    let start: String = line.trim().chars().take(Title::MAX - 1).collect();
    Title::new(&format!("{}…", start.trim_end())).ok().map(|title| (title, true))
}

/// A text with the definitions that its links need and that were elsewhere in the file.
pub(super) fn append_definitions(text: String, definitions: &LinkDefinitions) -> String {
    if definitions.is_empty() || !text.contains(']') {
        return text;
    }
    let mut needed = BTreeMap::new();
    let find = |link: BrokenLink<'_>| {
        let (label, address) = definitions.get_key_value(&link.reference.to_lowercase())?;
        needed.insert(label.clone(), address.clone());
        Some((CowStr::from(address.clone()), CowStr::from("")))
    };
    // Without footnotes, their marks are links, whose text is looked up like an address.
    let options = Options::all().difference(Options::ENABLE_FOOTNOTES);
    Parser::new_with_broken_link_callback(&text, options, Some(find)).for_each(drop);
    let lines: String = needed.iter().map(|(label, address)| format!("\n[{label}]: {address}")).collect();
    if lines.is_empty() { text } else { format!("{text}\n{lines}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_title_keeps_text_and_returns_links() {
        let definitions = LinkDefinitions::from([
            ("guide".to_owned(), "https://example.org/g".to_owned()),
            ("^1".to_owned(), "what the note says".to_owned()),
        ]);
        for (source, text, links) in [
            ("plain", "plain", vec![]),
            ("**bold** and `code [x](y)`", "bold and code [x](y)", vec![]),
            (
                "***all*** ~~gone~~ _x_ __y__ snake_case_name 2 * 3 * 4",
                "all gone x y snake_case_name 2 * 3 * 4",
                vec![],
            ),
            ("A &amp; B &lt;c&gt; &nbsp;&nbsp;&eacute;&#8238;&#x41;", "A & B <c> éA", vec![]),
            ("text <em>bold</em> <kbd>K</kbd><span class=\"x\">s</span>", "text bold Ks", vec![]),
            ("a<br>b <!-- c --> d", "a b d", vec![]),
            ("Set <hostname>, <your-domain> and Vec<u8> < 5", "Set <hostname>, <your-domain> and Vec<u8> < 5", vec![]),
            (
                "<a href=\"https://a.org\">The page</a> and <a name=\"x\"></a>y",
                "The page and y",
                vec!["[The page](https://a.org)"],
            ),
            ("<img alt=\"A chart\" src=c.png> shown", "A chart shown", vec!["![A chart](c.png)"]),
            ("custom\\_name \\*", "custom_name *", vec![]),
            ("a  b", "a b", vec![]),
            ("a ==b== and ==**c** d==", "a b and c d", vec![]),
            ("x == y == z, a==b==c, `==d==` and ==e", "x == y == z, a==b==c, ==d== and ==e", vec![]),
            ("Noted[^1] well", "Noted well", vec!["what the note says"]),
            ("see [the *page*](https://a.org/b)!", "see the page!", vec!["[the page](https://a.org/b)"]),
            ("[The guide][guide] says", "The guide says", vec!["[The guide](https://example.org/g)"]),
            ("[guide]", "guide", vec!["[guide](https://example.org/g)"]),
            ("[unknown] stays", "[unknown] stays", vec![]),
            ("![A chart](c.png) shown", "A chart shown", vec!["![A chart](c.png)"]),
            ("[![alt](i.png)](p)", "alt", vec!["![alt](i.png)", "[alt](p)"]),
            ("go to <https://a.org>", "go to https://a.org", vec![]),
            ("a<br/>b <!-- note -->", "a b", vec![]),
            ("# not a heading [a](b)", "# not a heading a", vec!["[a](b)"]),
            ("[\\[a\\]](b)", "[a]", vec!["[\\[a\\]](b)"]),
            ("[a](<b c>)", "a", vec!["[a](<b c>)"]),
            ("[](b)", "", vec!["[b](b)"]),
        ] {
            let read = read_inline(source, &definitions);
            assert_eq!(read.text, text, "{source}");
            assert_eq!(read.links, links, "{source}");
        }
    }

    #[test]
    fn inline_title_returns_details_content() {
        let read = read_inline(
            "<details><summary>Short <b>title</b></summary> <p>Long text.</p> </details>",
            &LinkDefinitions::new(),
        );
        assert_eq!((read.text.as_str(), read.details.as_str()), ("Short title", "Long text."));
    }

    #[test]
    fn title_without_letter_or_digit_is_empty() {
        for title in ["a", "1", "Ж", "検", "م", "--- 2", "①"] {
            assert!(has_letter_or_digit(title), "{title}");
        }
        for title in
            ["___", "...", "—", "🎉", "\u{200B}", "\u{2800}", "\u{3164}", "\u{115F}", "\u{FE0F}", "\u{AD}", "&"]
        {
            assert!(!has_letter_or_digit(title), "{title:?}");
        }
    }

    #[test]
    fn title_that_is_too_long_is_cut() {
        let (cut, was_cut) = to_title(&"ж".repeat(301)).expect("a title");
        assert!(was_cut);
        assert_eq!(cut.as_str().chars().count(), Title::MAX);
        assert!(cut.as_str().ends_with('…'));
        assert_eq!(to_title(&"ж".repeat(300)).map(|(_, cut)| cut), Some(false));
        assert_eq!(to_title(" \t"), None);
    }

    #[test]
    fn inline_text_appends_needed_link_definitions() {
        let definitions = LinkDefinitions::from([("a".to_owned(), "b".to_owned()), ("c".to_owned(), "d".to_owned())]);
        assert_eq!(append_definitions("see [A]".to_owned(), &definitions), "see [A]\n\n[a]: b");
        let notes = LinkDefinitions::from([("^1".to_owned(), "a note".to_owned())]);
        assert_eq!(append_definitions("see[^1]".to_owned(), &notes), "see[^1]\n\n[^1]: a note");
        assert_eq!(append_definitions("see `[A]`".to_owned(), &definitions), "see `[A]`");
    }
}
