//! Titles: the inline Markdown of one line as plain text.
//!
//! A title is shown as it is, so it keeps nothing that would be read as marks: emphasis, code, entities, escapes and HTML
//! become the text that they mean. The addresses of links and pictures, and the content of `<details>` behind its summary,
//! are returned for the guidance.

use std::borrow::Cow;

use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::{
    definitions::{LinkDefinitions, escape, format_link_title},
    html,
    line_shapes::find_closing_run,
};
use crate::domain::text::{Markdown, Title, is_forbidden_character, to_nfc};

/// A line's text as a title, and what was in it besides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct InlineText {
    pub(super) text: String,
    /// The links and footnotes, each as Markdown. Guidance shows no pictures, so that one is a link to it.
    pub(super) links: Vec<String>,
    /// The labels that those refer to, in lower case.
    pub(super) labels: Vec<String>,
    pub(super) comments: Vec<String>,
    /// What `<details>` holds behind its summary, and what the titles of other tags say.
    pub(super) details: String,
}

impl InlineText {
    /// A text that is read literally.
    pub(super) fn from_literal(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }
}

/// A link, picture or tag with a title that is being read.
#[derive(Default)]
struct OpenLink {
    /// The name of the tag that it is, if it is one.
    tag: String,
    /// Where it leads; nothing where the text says it already.
    address: Option<String>,
    title: String,
    is_footnote: bool,
    /// How long the text was when it began.
    text_start: usize,
}

struct InlineReader<'a> {
    definitions: &'a LinkDefinitions,
    inline: InlineText,
    open: Vec<OpenLink>,
    /// How many bytes of links may follow. A line may refer to one long definition many times; guidance with more links
    /// than that is cut in any case.
    room: usize,
}

/// Put before a text while it is parsed, so that it is always a paragraph: a title may begin like a heading or a list.
const PARAGRAPH_PREFIX: &str = "x ";

pub(super) fn read_inline(source: &str, definitions: &LinkDefinitions) -> InlineText {
    let source = source.trim();
    let unmarked = strip_highlights(source);
    let source = unmarked.as_ref();
    if !source.contains(['[', '<', '&', '*', '_', '`', '~', '\\']) {
        return InlineText::from_literal(&collapse_whitespace(source));
    }
    let (source, details) = html::split_details(source).unwrap_or_else(|| (source.to_owned(), String::new()));
    let led = format!("{PARAGRAPH_PREFIX}{}", source.trim());
    // Here it matters only whether a label is defined; its address may be long, and is looked up later.
    let find = |link: BrokenLink<'_>| {
        definitions.contains_key(&link.reference.to_lowercase()).then(|| (CowStr::from(""), CowStr::from("")))
    };
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_WIKILINKS;
    let parser = Parser::new_with_broken_link_callback(&led, options, Some(find));
    let inline = InlineText { details, ..InlineText::default() };
    let mut reader = InlineReader { definitions, inline, open: Vec::new(), room: 4 * Markdown::MAX };
    for event in parser {
        match event {
            Event::Start(
                Tag::Link { link_type, dest_url, title, id } | Tag::Image { link_type, dest_url, title, id },
            ) => reader.open_link(link_type, &dest_url, &title, &id),
            Event::End(TagEnd::Link | TagEnd::Image) => reader.close_link(),
            Event::Text(text) | Event::Code(text) => reader.inline.text.push_str(&text),
            Event::SoftBreak | Event::HardBreak => reader.inline.text.push(' '),
            Event::InlineHtml(html) => reader.read_html(&html),
            _ => {}
        }
    }
    while !reader.open.is_empty() {
        reader.close_link();
    }
    let mut inline = reader.inline;
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

impl InlineReader<'_> {
    fn open_link(&mut self, link_type: LinkType, address: &str, title: &str, id: &str) {
        use LinkType::{Autolink, CollapsedUnknown, Email, ReferenceUnknown, ShortcutUnknown};
        let is_label = matches!(link_type, ReferenceUnknown | CollapsedUnknown | ShortcutUnknown) && self.room > 0;
        let target = self.definitions.get_key_value(&id.to_lowercase()).filter(|_| is_label);
        self.inline.labels.extend(target.map(|(label, _)| label.clone()));
        let (address, title) = target.map_or((address, title), |(_, target)| (&target.address, &target.title));
        let is_footnote = id.starts_with('^');
        if is_footnote {
            self.push_link(address.to_owned());
        }
        let says_it = matches!(link_type, Autolink | Email) || is_footnote;
        self.open.push(OpenLink {
            address: (!says_it).then(|| address_or_hash(address)),
            title: title.to_owned(),
            is_footnote,
            text_start: self.inline.text.len(),
            ..OpenLink::default()
        });
    }

    fn push_link(&mut self, link: String) {
        if self.room > 0 {
            self.room = self.room.saturating_sub(link.len());
            self.inline.links.push(link);
        }
    }

    /// Ends what was opened last: notes where it leads or what it explains, and of a footnote's mark leaves nothing in
    /// the text.
    fn close_link(&mut self) {
        let Some(OpenLink { address, title, is_footnote, text_start, .. }) = self.open.pop() else { return };
        // Links may be in each other without end, and each has the text of all within.
        let text = self.inline.text.get(text_start..).unwrap_or_default();
        let text: String = text.chars().take(Title::MAX).collect();
        match address {
            Some(address) => self.push_link(format_link(text.trim(), &address, &title)),
            None if is_footnote => self.inline.text.truncate(text_start),
            None if title.is_empty() => {}
            None => self.inline.explain(text.trim(), &title),
        }
    }

    fn read_html(&mut self, html: &str) {
        if html.starts_with("<!--") {
            self.inline.text.push(' ');
            return self.inline.comments.push(html.to_owned());
        }
        let Some((name, parts)) = html::parse_tag(html) else { return self.inline.text.push_str(html) };
        if parts {
            self.inline.text.push(' ');
        }
        if html.starts_with("</") {
            if self.open.last().is_some_and(|open| open.tag == name) {
                self.close_link();
            }
            return;
        }
        let attribute = |name| html::parse_attribute(html, name);
        let title = attribute("title").unwrap_or_default();
        if name == "img" {
            let text = attribute("alt").unwrap_or_default();
            self.inline.text.push_str(text);
            match attribute("src") {
                Some(address) => self.push_link(format_link(text, address, title)),
                None if title.is_empty() => {}
                None => self.inline.explain(text, title),
            }
            return;
        }
        let address = attribute("href").filter(|_| name == "a").map(str::to_owned);
        if address.is_some() || !title.is_empty() {
            let (title, text_start) = (title.to_owned(), self.inline.text.len());
            self.open.push(OpenLink { tag: name, address, title, is_footnote: false, text_start });
        }
    }
}

impl InlineText {
    /// Adds what the title of a tag says of the text in it.
    fn explain(&mut self, text: &str, title: &str) {
        let separator = if self.details.is_empty() { "" } else { "\n\n" };
        let colon = if text.is_empty() { "" } else { ": " };
        self.details.push_str(&[separator, text, colon, title].concat());
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
fn format_link(text: &str, address: &str, title: &str) -> String {
    let text = escape(if text.trim().is_empty() { address } else { text }, "\\[]<>`*_");
    let title = format_link_title(title);
    if address.contains([' ', '(', ')', '<', '>']) {
        format!("[{text}](<{}>{title})", address.replace('<', "%3C").replace('>', "%3E"))
    } else {
        format!("[{text}]({address}{title})")
    }
}

/// A text as a title, cut with an ellipsis when it is longer than a title may be. Nothing when it is empty; and
/// whether it was cut.
pub(super) fn to_title(text: &str) -> Option<(Title, bool)> {
    // Composed first, so that a title is cut at the same place however its accents are encoded.
    let line = to_nfc(text).replace(['\t', '\n'], " ");
    let long = line.trim().chars().count() > Title::MAX;
    if !long {
        return Title::new(&line).ok().map(|title| (title, false));
    }
    let start: String = line.trim().chars().take(Title::MAX - 1).collect();
    Title::new(&format!("{}…", start.trim_end())).ok().map(|title| (title, true))
}

#[cfg(test)]
mod tests {
    use super::{super::definitions::LinkTarget, *};

    #[test]
    fn inline_title_keeps_text_and_returns_links() {
        let target = |address: &str, title: &str| LinkTarget { address: address.to_owned(), title: title.to_owned() };
        let definitions = LinkDefinitions::from([
            ("guide".to_owned(), target("https://example.org/g", "")),
            ("titled".to_owned(), target("https://example.org/t", "T")),
            ("^1".to_owned(), target("what the note says", "")),
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
            ("<img alt=\"A chart\" src=c.png> shown", "A chart shown", vec!["[A chart](c.png)"]),
            ("custom\\_name \\*", "custom_name *", vec![]),
            ("a  b", "a b", vec![]),
            ("a ==b== and ==**c** d==", "a b and c d", vec![]),
            ("x == y == z, a==b==c, `==d==` and ==e", "x == y == z, a==b==c, ==d== and ==e", vec![]),
            ("Noted[^1] well", "Noted well", vec!["what the note says"]),
            ("see [the *page*](https://a.org/b)!", "see the page!", vec!["[the page](https://a.org/b)"]),
            ("[The guide][guide] says", "The guide says", vec!["[The guide](https://example.org/g)"]),
            ("[guide]", "guide", vec!["[guide](https://example.org/g)"]),
            ("[unknown] stays", "[unknown] stays", vec![]),
            ("![A chart](c.png) shown", "A chart shown", vec!["[A chart](c.png)"]),
            ("[![alt](i.png)](p)", "alt", vec!["[alt](i.png)", "[alt](p)"]),
            ("go to <https://a.org>", "go to https://a.org", vec![]),
            ("a<br/>b <!-- note -->", "a b", vec![]),
            ("# not a heading [a](b)", "# not a heading a", vec!["[a](b)"]),
            ("[\\[a\\]](b)", "[a]", vec!["[\\[a\\]](b)"]),
            ("[a](<b c>)", "a", vec!["[a](<b c>)"]),
            ("[](b)", "", vec!["[b](b)"]),
            ("[a](b \"T\") [titled]", "a titled", vec!["[a](b \"T\")", "[titled](https://example.org/t \"T\")"]),
            ("<a href=b title='T'>a</a> <img src=c title=d>", "a", vec!["[a](b \"T\")", "[c](c \"d\")"]),
        ] {
            let read = read_inline(source, &definitions);
            assert_eq!(read.text, text, "{source}");
            assert_eq!(read.links, links, "{source}");
        }
    }

    #[test]
    fn inline_title_returns_content_of_details_and_titles_of_tags() {
        for (source, text, details) in [
            (
                "<details><summary>Short <b>title</b></summary> <p>Long <a href='u'>text</a>.</p> </details>",
                "Short title",
                "Long text <u>.",
            ),
            ("<abbr title='recovery point'>RPO</abbr> <b title=x>met</b>", "RPO met", "RPO: recovery point\n\nmet: x"),
            ("RPO <span title=\"recovery point\"></span> met", "RPO met", "recovery point"),
        ] {
            let read = read_inline(source, &LinkDefinitions::new());
            assert_eq!((read.text.as_str(), read.details.as_str()), (text, details), "{source}");
        }
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
}
