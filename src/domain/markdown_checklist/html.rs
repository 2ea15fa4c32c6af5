//! Where a block of HTML begins and ends (CommonMark 0.31.2, section 4.6). Nothing in one is an item.

use super::lines::SourceLine;

/// How a block of HTML ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HtmlBlockEnd {
    /// On the line that holds this, which may be the first.
    OnLineWith(&'static str),
    /// Before the next blank line.
    BeforeBlankLine,
}

/// Tags that begin a block wherever they begin a line.
const BLOCK_TAGS: &str = "address article aside base basefont blockquote body caption center col colgroup dd details dialog \
    dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe \
    legend li link main menu menuitem nav noframes ol optgroup option p param picture search section summary table \
    tbody td tfoot th thead title tr track ul";

/// Tags that format a line. With those of blocks they are the ones that are taken off a title; anything else in angle
/// brackets (`<your-domain>`, `Vec<u8>`, and a script) stays as somebody wrote it.
const INLINE_TAGS: &str = "a abbr acronym b bdi bdo big br button cite code data del dfn em font i img input ins kbd label map mark \
    meter output picture pre progress q rp rt ruby s samp small span strike strong sub sup time tt u var wbr";

/// The name of a tag in lower case, when it is one of HTML, and whether it parts what is before and behind it.
pub(super) fn parse_tag(html: &str) -> Option<(String, bool)> {
    let inside = html.strip_prefix('<')?;
    let inside = inside.strip_prefix('/').unwrap_or(inside);
    let end = inside.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inside.len());
    let is_delimited = inside[end..].starts_with(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/');
    let name = inside[..end].to_ascii_lowercase();
    let listed = |list: &str| list.split_whitespace().any(|tag| tag == name);
    let parts = name == "br" || listed(BLOCK_TAGS);
    (is_delimited && (parts || listed(INLINE_TAGS))).then_some((name, parts))
}

/// The value of an attribute of a tag, such as the address that a link leads to; nothing when it is empty.
pub(super) fn parse_attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let at = tag.to_ascii_lowercase().find(&format!(" {name}"))? + 1;
    let value = tag[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let value = quote.map_or(value, |quote| &value[quote.len_utf8()..]);
    let end = value.find(|c: char| quote.map_or(c.is_whitespace() || c == '>', |quote| c == quote))?;
    Some(&value[..end]).filter(|address| !address.is_empty())
}

/// What is in a text before `<details>`, in its summary, and behind that. Nothing when there is no summary.
pub(super) fn split_details(text: &str) -> Option<(String, String)> {
    let lower = text.to_ascii_lowercase();
    let begin = lower.find("<details")?;
    let summary = begin + lower[begin..].find("<summary")?;
    let inside = summary + lower[summary..].find('>')? + 1;
    let end = inside + lower[inside..].find("</summary")?;
    let after = end + lower[end..].find('>')? + 1;
    let closed = lower[after..].find("</details").map_or(text.len(), |at| after + at);
    let rest = lower[closed..].find('>').map_or("", |at| &text[closed + at + 1..]);
    let body = strip_tags(&text[after..closed]);
    let title = format!("{} {} {rest}", &text[..begin], &text[inside..end]);
    Some((title, body.trim().to_owned()))
}

/// A text of HTML with its paragraphs and lines parted, its links behind their texts, and without its other tags.
fn strip_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    let mut link = String::new();
    while let Some(at) = rest.find('<') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        // A tag is within a few characters; so a text of open brackets is not searched from each of them.
        let end = rest.bytes().take(MAX_TAG_BYTES).position(|byte| byte == b'>').filter(|_| parse_tag(rest).is_some());
        let Some(end) = end else {
            plain.push('<');
            rest = &rest[1..];
            continue;
        };
        let tag = &rest[..=end];
        if let Some(title) = parse_attribute(tag, "title").or_else(|| parse_attribute(tag, "alt")) {
            plain.push_str(&format!("({title}) "));
        }
        if let Some(address) = parse_attribute(tag, "href").or_else(|| parse_attribute(tag, "src")) {
            link = format!(" <{address}>");
        }
        match parse_tag(rest) {
            Some((name, _)) if name == "img" || (name == "a" && rest.starts_with("</")) => {
                plain.push_str(&std::mem::take(&mut link));
            }
            Some((name, _)) if name == "br" => plain.push_str("  \n"),
            Some((name, _)) if name == "li" && !rest.starts_with("</") => plain.push_str("\n- "),
            Some((_, true)) => plain.push_str("\n\n"),
            _ => {}
        }
        rest = &rest[end + 1..];
    }
    plain.push_str(rest);
    plain
}

/// The most bytes of a tag that is taken off.
const MAX_TAG_BYTES: usize = 500;

/// Tags whose content is never Markdown, and what closes them.
const RAW_TAGS: [(&str, &str); 4] =
    [("script", "</script>"), ("pre", "</pre>"), ("style", "</style>"), ("textarea", "</textarea>")];

/// Whether a block of HTML begins with this line, and how it ends. `in_text`: whether the line before is running
/// text, which a lone tag does not end. Comments are not asked for here.
pub(super) fn block_end(body: &str, in_text: bool) -> Option<HtmlBlockEnd> {
    let inside = body.strip_prefix('<')?;
    if inside.starts_with('?') {
        return Some(HtmlBlockEnd::OnLineWith("?>"));
    }
    if inside.starts_with("![CDATA[") {
        return Some(HtmlBlockEnd::OnLineWith("]]>"));
    }
    if inside.strip_prefix('!').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic())) {
        return Some(HtmlBlockEnd::OnLineWith(">"));
    }
    let named = inside.strip_prefix('/').unwrap_or(inside);
    let name_end = named.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(named.len());
    let (name, rest) = named.split_at(name_end);
    if name.is_empty() || !(rest.is_empty() || rest.starts_with([' ', '\t', '>']) || rest.starts_with("/>")) {
        return None;
    }
    let is = |tag: &str| tag.eq_ignore_ascii_case(name);
    if let Some((_, close)) = RAW_TAGS.iter().find(|(tag, _)| is(tag)).filter(|_| !inside.starts_with('/')) {
        return Some(HtmlBlockEnd::OnLineWith(close));
    }
    if BLOCK_TAGS.split_whitespace().any(is) {
        return Some(HtmlBlockEnd::BeforeBlankLine);
    }
    let lone_tag = rest.find('>').is_some_and(|at| at + 1 == rest.len());
    (lone_tag && !in_text).then_some(HtmlBlockEnd::BeforeBlankLine)
}

impl HtmlBlockEnd {
    /// The line after a block that begins at `first`, at most `limit`.
    pub(super) fn find_end(self, lines: &[SourceLine<'_>], first: usize, limit: usize) -> usize {
        let expected = match self {
            Self::OnLineWith(text) => {
                (first..limit).find(|at| lines[*at].text.to_ascii_lowercase().contains(text)).map(|last| last + 1)
            }
            Self::BeforeBlankLine => (first..limit).find(|at| lines[*at].is_blank()),
        };
        expected.unwrap_or(limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_tag_is_distinguished_from_other_brackets() {
        for (html, split) in [
            ("<em>", Some(("em", false))),
            ("</EM>", Some(("em", false))),
            ("<br/>", Some(("br", true))),
            ("<p class=\"a\">", Some(("p", true))),
            ("<your-domain>", None),
            ("<hostname>", None),
            ("<u8>", None),
            ("<script>", None),
        ] {
            assert_eq!(parse_tag(html), split.map(|(name, parts)| (name.to_owned(), parts)), "{html}");
        }
    }

    #[test]
    fn html_link_address_is_found() {
        for (tag, address) in [
            ("<a href=\"https://a.org\">", Some("https://a.org")),
            ("<A class=x HREF = 'b c'>", Some("b c")),
            ("<a href=b>", Some("b")),
            ("<a href=\"\">", None),
            ("<a name=x>", None),
        ] {
            assert_eq!(parse_attribute(tag, "href"), address, "{tag}");
        }
    }

    #[test]
    fn html_details_are_split_into_summary_and_content() {
        let found = |text| split_details(text).map(|(title, body)| (title.trim().to_owned(), body));
        let of = |title: &str, body: &str| Some((title.to_owned(), body.to_owned()));
        assert_eq!(found("<details><summary>T</summary> <p>Long <b>x</b>.</p> </details>"), of("T", "Long x."));
        assert_eq!(found("<DETAILS open><SUMMARY>T</SUMMARY>a<br>b"), of("T", "a  \nb"));
        assert_eq!(found("<details>no summary</details>"), None);
        assert_eq!(found("a < b"), None);
    }

    #[test]
    fn html_block_begins_as_commonmark_specifies() {
        for (body, end) in [
            ("<div class=\"a\">", Some(HtmlBlockEnd::BeforeBlankLine)),
            ("</details>", Some(HtmlBlockEnd::BeforeBlankLine)),
            ("<br>", Some(HtmlBlockEnd::BeforeBlankLine)),
            ("<pre><code>", Some(HtmlBlockEnd::OnLineWith("</pre>"))),
            ("<?php", Some(HtmlBlockEnd::OnLineWith("?>"))),
            ("<!DOCTYPE html>", Some(HtmlBlockEnd::OnLineWith(">"))),
            ("<a name=\"x\"></a>", None),
            ("<https://example.org>", None),
            ("< 5 ms", None),
            ("text", None),
        ] {
            assert_eq!(block_end(body, false), end, "{body}");
        }
        assert_eq!(block_end("<br>", true), None);
    }
}
