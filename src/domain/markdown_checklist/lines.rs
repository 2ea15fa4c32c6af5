//! The lines of a file: cleaned once, and measured in columns rather than characters, as tabs want it.

use std::borrow::Cow;

use crate::domain::text::is_forbidden_character;

/// How far apart tab stops are (CommonMark 0.31.2, section 2.2).
const TAB_STOP: usize = 4;

/// One line, without its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct SourceLine<'a> {
    /// What is on it; of a quoted line, what follows the `>`.
    pub(super) text: &'a str,
    /// The columns of white space that it begins with.
    pub(super) indent: usize,
    /// The columns that were before a quoted line's `>`; they are part of `indent`.
    quote_columns: usize,
}

impl<'a> SourceLine<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self::after_columns(0, text)
    }

    fn after_columns(lead: usize, text: &'a str) -> Self {
        let mut indent = lead;
        for byte in text.bytes() {
            match byte {
                b' ' => indent += 1,
                b'\t' => indent += TAB_STOP - indent % TAB_STOP,
                _ => break,
            }
        }
        Self { text, indent, quote_columns: lead }
    }

    /// The text without the white space around it.
    pub(super) fn body(&self) -> &'a str {
        self.text.trim()
    }

    /// The column at which a list's marker is: white space of other scripts indents it as well. Of running text
    /// it does not, since there it begins a paragraph.
    pub(super) fn marker_indent(&self) -> usize {
        let after = self.text.trim_start_matches([' ', '\t']);
        let wide = after.chars().take_while(|c| c.is_whitespace());
        self.indent + wide.map(|c| if c == '\u{3000}' { 2 } else { 1 }).sum::<usize>()
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.bytes().all(|byte| matches!(byte, b' ' | b'\t'))
    }

    /// The line without its marks of quotation, however many there are.
    pub(super) fn unquoted(self) -> Self {
        let mut line = self;
        while let Some(rest) = line.text.trim_start_matches([' ', '\t']).strip_prefix('>') {
            line = Self::after_columns(line.indent, rest.strip_prefix(' ').unwrap_or(rest));
        }
        line
    }

    /// The text without its first `columns` columns, as far as those are white space. A tab goes whole or not at all,
    /// so that what is behind it is not moved.
    pub(super) fn without_indent(&self, columns: usize) -> &'a str {
        let mut column = self.quote_columns;
        for (at, byte) in self.text.bytes().enumerate() {
            let next = match byte {
                b' ' => column + 1,
                b'\t' => column + TAB_STOP - column % TAB_STOP,
                _ => column,
            };
            if next == column || next > columns {
                return &self.text[at..];
            }
            column = next;
        }
        ""
    }
}

/// The file with line feeds for all line ends and without the characters that no text here may hold, and how many of
/// those there were. The mark at its beginning that names its encoding is not counted.
pub(super) fn clean_text(markdown: &str) -> (Cow<'_, str>, usize) {
    let markdown = markdown.strip_prefix('\u{FEFF}').unwrap_or(markdown);
    if !markdown.chars().any(|c| c == '\r' || is_forbidden_character(c)) {
        return (Cow::Borrowed(markdown), 0);
    }
    let mut cleaned = markdown.replace("\r\n", "\n").replace('\r', "\n");
    let before = cleaned.chars().count();
    cleaned.retain(|c| !is_forbidden_character(c));
    let dropped = before - cleaned.chars().count();
    (Cow::Owned(cleaned), dropped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_indent_is_counted_in_columns() {
        for (text, indent) in [("a", 0), ("  a", 2), ("\ta", 4), ("  \ta", 4), (" \t a", 5), ("", 0)] {
            assert_eq!(SourceLine::new(text).indent, indent, "{text:?}");
        }
    }

    #[test]
    fn line_marker_indent_counts_ideographic_spaces() {
        let line = SourceLine::new(" \u{3000}- a");
        assert_eq!((line.indent, line.marker_indent()), (1, 3));
    }

    #[test]
    fn line_without_indent_removes_existing_whitespace_only() {
        for (text, columns, left) in
            [("    a", 2, "  a"), ("  a", 4, "a"), ("\ta", 2, "\ta"), ("  \ta", 2, "\ta"), ("   ", 2, " "), ("", 2, "")]
        {
            assert_eq!(SourceLine::new(text).without_indent(columns), left, "{text:?}");
        }
    }

    #[test]
    fn line_unquoted_keeps_its_indent() {
        let line = SourceLine::new("> >   - a").unquoted();
        assert_eq!((line.text, line.indent), ("  - a", 2));
    }

    #[test]
    fn clean_text_normalizes_line_ends_and_drops_characters() {
        assert_eq!(clean_text("\u{FEFF}a\r\nb\rc"), (Cow::Borrowed("a\nb\nc"), 0));
        assert_eq!(clean_text("a\0\u{202E}b"), (Cow::Borrowed("ab"), 2));
    }
}
