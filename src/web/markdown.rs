//! Markdown that people wrote, as HTML that is safe to show.

use std::{fmt, sync::LazyLock};

use ammonia::Builder;
use askama::filters::HtmlSafe;
use pulldown_cmark::{Options, Parser, html};

/// HTML that has been cleaned; a template shows it as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SafeHtml(String);

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for SafeHtml {}

/// Prose, lists, code, quotes and tables. No pictures, since they would be fetched from elsewhere; no headings above
/// the page's own are needed, so they begin at `h4`; no `class` or `style`, which could dress text up as the site's.
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

/// Renders CommonMark with tables and struck-through text. HTML in it is shown as the text it is.
#[must_use]
pub fn render(markdown: &str) -> SafeHtml {
    use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

    fn lowered(level: HeadingLevel) -> HeadingLevel {
        match level {
            HeadingLevel::H1 => HeadingLevel::H4,
            HeadingLevel::H2 => HeadingLevel::H5,
            HeadingLevel::H3 | HeadingLevel::H4 | HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
        }
    }

    let events =
        Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH).map(|event| match event {
            Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
            Event::Start(Tag::Heading { level, .. }) => {
                Event::Start(Tag::Heading { level: lowered(level), id: None, classes: Vec::new(), attrs: Vec::new() })
            }
            Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lowered(level))),
            other => other,
        });
    let mut dirty = String::new();
    html::push_html(&mut dirty, events);
    SafeHtml(CLEANER.clean(&dirty).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_rendered() {
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
    fn nothing_in_it_runs_or_is_fetched() {
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
