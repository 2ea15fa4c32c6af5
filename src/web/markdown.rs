//! Renders people's Markdown as HTML that is safe to show.

use std::{fmt, sync::LazyLock, time::Duration};

use ammonia::Builder;
use askama::filters::HtmlSafe;
use moka::sync::Cache;
use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Tag, TagEnd, TextMergeStream, html};

use super::{Error, blocking::run_blocking};
use crate::domain::{canonical::Sha256Hash, markdown_limits, text::Markdown};
use crate::texts::ToMarkup;

/// Sanitized HTML; a template does not escape it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SafeHtml(String);

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for SafeHtml {}

impl ToMarkup for SafeHtml {
    fn push_markup(&self, text: &mut String) {
        text.push_str(&self.to_string());
    }
}

/// Allows prose, lists, code, quotes and tables. No pictures, since browsers would fetch them from elsewhere; headings
/// begin at `h4`, below the page's own; no `class` or `style`, which could make a text look like a part of the site.
static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::empty();
    cleaner
        .tags(
            [
                "a",
                "blockquote",
                "br",
                "code",
                "del",
                "em",
                "h4",
                "h5",
                "h6",
                "hr",
                "li",
                "ol",
                "p",
                "pre",
                "strong",
                "table",
                "tbody",
                "td",
                "th",
                "thead",
                "tr",
                "ul",
            ]
            .into(),
        )
        .clean_content_tags(["script", "style", "title", "textarea", "iframe", "noscript"].into())
        .add_tag_attributes("a", ["href"])
        .add_tag_attributes("ol", ["start"])
        .url_schemes(["http", "https", "mailto"].into())
        .link_rel(Some("nofollow noopener noreferrer"));
    cleaner
});

/// Maximum bytes of rendered HTML in the cache of one process.
const CACHE_BYTES: u64 = 32 * 1024 * 1024;

/// Recently rendered HTML by the hash of the Markdown, so that an item with many comments is cheap to show again. An
/// entry that nobody uses is dropped after ten minutes. That includes a text that was redacted meanwhile, which nobody
/// can ask for any more.
static RENDER_CACHE: LazyLock<Cache<Sha256Hash, SafeHtml>> = LazyLock::new(|| {
    Cache::builder()
        .max_capacity(CACHE_BYTES)
        .weigher(|_, SafeHtml(html): &SafeHtml| u32::try_from(html.len() + 100).unwrap_or(u32::MAX))
        .time_to_idle(Duration::from_secs(600))
        .build()
});

/// Renders CommonMark with tables and strikethrough. HTML in it is shown as text. A text is shown as it was written if
/// it is longer than any that is accepted, or if it is too expensive for its length ([`markdown_limits::check_limits`]; it was
/// stored before there were limits).
///
/// For pages with many texts, [`render_all`] keeps the work off the threads that answer requests.
#[must_use]
pub fn render(markdown: &str) -> SafeHtml {
    RENDER_CACHE.get_with(Sha256Hash::compute(markdown.as_bytes()), || {
        // A character has at most four bytes.
        let short = markdown.len() <= 4 * Markdown::MAX;
        if short && markdown_limits::check_limits(markdown).is_ok() {
            render_uncached(markdown)
        } else {
            render_as_written(markdown)
        }
    })
}

/// Renders many texts, on a blocking thread unless all of them are in the cache.
///
/// # Errors
/// Like [`run_blocking`].
pub async fn render_all<K: Send + 'static>(texts: Vec<(K, String)>) -> Result<Vec<(K, SafeHtml)>, Error> {
    let is_cached = |(_, text): &(K, String)| RENDER_CACHE.contains_key(&Sha256Hash::compute(text.as_bytes()));
    let all = |texts: Vec<(K, String)>| texts.into_iter().map(|(key, text)| (key, render(&text))).collect();
    if texts.iter().all(is_cached) { Ok(all(texts)) } else { run_blocking(move || all(texts)).await }
}

/// Turns addresses in a text into links. What ends a sentence after an address is no part of it, nor is a closing
/// bracket without its opening one.
fn link_addresses<'a>(text: &str) -> Vec<Event<'a>> {
    let mut events = Vec::new();
    let mut rest = text;
    while let Some(start) = ["https://", "http://"].into_iter().filter_map(|scheme| rest.find(scheme)).min() {
        let (before, found) = rest.split_at(start);
        let end = found.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`')).unwrap_or(found.len());
        let mut address = found[..end].trim_end_matches(ENDS_OF_SENTENCES);
        while address.ends_with(')') && address.matches('(').count() < address.matches(')').count() {
            address = address[..address.len() - 1].trim_end_matches(ENDS_OF_SENTENCES);
        }
        let is_in_word = before.chars().next_back().is_some_and(char::is_alphanumeric);
        let has_host = address.split_once("://").is_some_and(|(_, host)| !host.is_empty());
        let taken = if address.is_empty() { end.max(1) } else { address.len() };
        events.push(Event::Text(before.to_owned().into()));
        if is_in_word || !has_host {
            events.push(Event::Text(found[..taken].to_owned().into()));
        } else {
            let to = address.to_owned().into();
            let (title, id) = (CowStr::Borrowed(""), CowStr::Borrowed(""));
            events.push(Event::Start(Tag::Link { link_type: LinkType::Autolink, dest_url: to, title, id }));
            events.push(Event::Text(address.to_owned().into()));
            events.push(Event::End(TagEnd::Link));
        }
        rest = &found[taken..];
    }
    events.push(Event::Text(rest.to_owned().into()));
    events
}

const ENDS_OF_SENTENCES: [char; 9] = ['.', ',', ';', ':', '!', '?', '\'', '*', '_'];

fn render_as_written(text: &str) -> SafeHtml {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    SafeHtml(format!("<pre>{escaped}</pre>\n"))
}

fn render_uncached(markdown: &str) -> SafeHtml {
    fn lower_heading(level: HeadingLevel) -> HeadingLevel {
        match level {
            HeadingLevel::H1 => HeadingLevel::H4,
            HeadingLevel::H2 => HeadingLevel::H5,
            HeadingLevel::H3 | HeadingLevel::H4 | HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
        }
    }

    let mut depth_of_links_and_code = 0_usize;
    let events = TextMergeStream::new(markdown_limits::markdown_parser(markdown)).flat_map(move |event| {
        match event {
            Event::Start(Tag::Link { .. } | Tag::CodeBlock(_)) => depth_of_links_and_code += 1,
            Event::End(TagEnd::Link | TagEnd::CodeBlock) => {
                depth_of_links_and_code = depth_of_links_and_code.saturating_sub(1);
            }
            _ => {}
        }
        match event {
            Event::Text(text) if depth_of_links_and_code == 0 => link_addresses(&text),
            other => vec![other],
        }
    });
    let events = events.map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Heading { level, .. }) => {
            Event::Start(Tag::Heading { level: lower_heading(level), id: None, classes: Vec::new(), attrs: Vec::new() })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower_heading(level))),
        other => other,
    });
    let mut dirty = String::new();
    html::push_html(&mut dirty, events);
    SafeHtml(CLEANER.clean(&dirty).to_string())
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::{super::blocking::PERMITS, *};

    #[test]
    fn markdown_rendered_before_is_not_rendered_again() {
        let (text, other) = ("*one*, rendered once", SafeHtml("<p>from the cache</p>".to_owned()));
        let html = render(text);
        let key = Sha256Hash::compute(text.as_bytes());
        assert_eq!(RENDER_CACHE.get(&key), Some(html));
        RENDER_CACHE.insert(key, other.clone());
        assert_eq!(render(text), other);
    }

    #[tokio::test]
    async fn markdown_of_many_texts_is_rendered_on_a_blocking_thread_unless_it_is_cached() {
        let texts = |names: &[&str]| names.iter().map(|name| ((), format!("**{name}**"))).collect::<Vec<_>>();
        let permits = u32::try_from(PERMITS.available_permits()).unwrap();
        let all_permits = PERMITS.acquire_many(permits).await.unwrap();
        let waiting = render_all(texts(&["first", "second"]));
        tokio::pin!(waiting);
        assert!(waiting.as_mut().now_or_never().is_none(), "it waits for a blocking thread");
        drop(all_permits);
        let rendered = waiting.await.unwrap();
        let all_permits = PERMITS.acquire_many(permits).await.unwrap();
        assert_eq!(render_all(texts(&["first", "second"])).now_or_never().unwrap().unwrap(), rendered);
        assert!(render_all(texts(&["first", "third"])).now_or_never().is_none(), "one of them is not cached");
        drop(all_permits);
    }

    #[test]
    fn markdown_prose_is_rendered() {
        for (markdown, html) in [
            ("a **b** `c`", "<p>a <strong>b</strong> <code>c</code></p>"),
            ("# Top", "<h4>Top</h4>"),
            (
                "[x](https://example.org)",
                r#"<p><a href="https://example.org" rel="nofollow noopener noreferrer">x</a></p>"#,
            ),
        ] {
            assert_eq!(render(markdown).to_string().trim(), html);
        }
    }

    #[test]
    fn bare_addresses_are_links_and_what_ends_their_sentence_is_not() {
        let link = |to: &str| format!(r#"<a href="{to}" rel="nofollow noopener noreferrer">{to}</a>"#);
        let one = link("https://ci.example.org/runs/4711?a=b");
        for (markdown, html) in [
            ("See https://ci.example.org/runs/4711?a=b.", format!("See {one}.")),
            ("(https://ci.example.org/runs/4711?a=b)", format!("({one})")),
            ("https://e.example/a_(b)", link("https://e.example/a_(b)")),
            ("xhttps://e.example https://", "xhttps://e.example https://".to_owned()),
            ("`https://e.example`", "<code>https://e.example</code>".to_owned()),
            (
                "[x](https://e.example/)",
                r#"<a href="https://e.example/" rel="nofollow noopener noreferrer">x</a>"#.to_owned(),
            ),
        ] {
            assert_eq!(render(markdown).to_string().trim(), format!("<p>{html}</p>"), "{markdown}");
        }
    }

    #[test]
    fn markdown_beyond_the_limits_is_shown_as_written() {
        for old in [format!("{}<b>&", ">".repeat(19_000)), format!("{}a", "- ".repeat(9_000)), "<i>".repeat(40_000)] {
            let html = render(&old).to_string();
            assert!(html.starts_with("<pre>") && html.len() < 10 * old.len(), "{}", &html[..100]);
            assert!(!html.contains("<b>") && !html.contains("<i>") && !html.contains("<blockquote>"));
        }
        assert!(render(&format!("{}a", "> ".repeat(20))).to_string().contains("<blockquote>"));
    }

    #[test]
    fn markdown_that_is_hostile_neither_runs_nor_fetches() {
        for hostile in [
            "<script>alert(1)</script>",
            "[x](javascript:alert(1))",
            "[x](data:text/html,<script>alert(1)</script>)",
            "![x](https://elsewhere.example/pixel.png)",
            "<img src=x onerror=alert(1)>",
            "<a href=\"https://e.example\" onclick=\"x()\">x</a>",
            "<svg><script>alert(1)</script></svg>",
            "<style>*{display:none}</style>",
            "<iframe src=//e.example></iframe>",
        ] {
            let html = render(hostile).to_string();
            for bad in [
                "<script",
                "<img",
                "<svg",
                "<style",
                "<iframe",
                "href=\"javascript",
                "href=\"data",
                "<a href=\"https://e.example\" on",
            ] {
                assert!(!html.contains(bad), "{hostile} gave {html}");
            }
        }
    }
}
