//! Where a block of HTML begins and ends (CommonMark 0.31.2, section 4.6). Nothing in one is an item.

use super::lines::Line;

/// How a block of HTML ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// On the line that holds this, which may be the first.
    With(&'static str),
    /// Before the next blank line.
    BeforeBlank,
}

/// Tags that begin a block wherever they begin a line.
const BLOCKS: &str = "address article aside base basefont blockquote body caption center col colgroup dd details dialog \
    dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe \
    legend li link main menu menuitem nav noframes ol optgroup option p param picture search section summary table \
    tbody td tfoot th thead title tr track ul";

/// Tags whose content is never Markdown, and what closes them.
const RAW: [(&str, &str); 4] =
    [("script", "</script>"), ("pre", "</pre>"), ("style", "</style>"), ("textarea", "</textarea>")];

/// Whether a block of HTML begins with this line, and how it ends. `in_text` tells whether the line before is running
/// text, which a lone tag does not end. Comments are not asked for here.
pub(super) fn begins(body: &str, in_text: bool) -> Option<End> {
    let inside = body.strip_prefix('<')?;
    if inside.starts_with('?') {
        return Some(End::With("?>"));
    }
    if inside.starts_with("![CDATA[") {
        return Some(End::With("]]>"));
    }
    if inside.strip_prefix('!').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic())) {
        return Some(End::With(">"));
    }
    let named = inside.strip_prefix('/').unwrap_or(inside);
    let name_end = named.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(named.len());
    let (name, rest) = named.split_at(name_end);
    if name.is_empty() || !(rest.is_empty() || rest.starts_with([' ', '\t', '>']) || rest.starts_with("/>")) {
        return None;
    }
    let is = |tag: &str| tag.eq_ignore_ascii_case(name);
    if let Some((_, close)) = RAW.iter().find(|(tag, _)| is(tag)).filter(|_| !inside.starts_with('/')) {
        return Some(End::With(close));
    }
    if BLOCKS.split_whitespace().any(is) {
        return Some(End::BeforeBlank);
    }
    let lone_tag = rest.find('>').is_some_and(|at| at + 1 == rest.len());
    (lone_tag && !in_text).then_some(End::BeforeBlank)
}

impl End {
    /// The line after a block that begins at `first`, at most `limit`.
    pub(super) fn find(self, lines: &[Line<'_>], first: usize, limit: usize) -> usize {
        let found = match self {
            Self::With(text) => {
                (first..limit).find(|at| lines[*at].text.to_ascii_lowercase().contains(text)).map(|last| last + 1)
            }
            Self::BeforeBlank => (first..limit).find(|at| lines[*at].is_blank()),
        };
        found.unwrap_or(limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_begin_as_the_specification_says() {
        for (body, end) in [
            ("<div class=\"a\">", Some(End::BeforeBlank)),
            ("</details>", Some(End::BeforeBlank)),
            ("<br>", Some(End::BeforeBlank)),
            ("<pre><code>", Some(End::With("</pre>"))),
            ("<?php", Some(End::With("?>"))),
            ("<!DOCTYPE html>", Some(End::With(">"))),
            ("<a name=\"x\"></a>", None),
            ("<https://example.org>", None),
            ("< 5 ms", None),
            ("text", None),
        ] {
            assert_eq!(begins(body, false), end, "{body}");
        }
        assert_eq!(begins("<br>", true), None);
    }
}
