//! The lines that say what links and footnotes refer to: `[label]: address "title"`, `[^label]: text`.
//!
//! A link's definition is parsed by `pulldown-cmark`; only where it may begin is decided here.

use pulldown_cmark::Parser;

use super::{
    blocks::{self, BlockKind, BlockScanner, MarkdownBlock},
    boxes,
    definitions::{LinkDefinitions, LinkTarget},
    line_shapes::{parse_fence, parse_heading},
    lines::SourceLine,
};
use crate::domain::text::Markdown;

/// What links anywhere in a file may refer to.
pub(super) fn read_definitions(markdown: &str) -> LinkDefinitions {
    collect_definitions(&blocks::scan_blocks(markdown.lines().map(SourceLine::new).collect()).1)
}

pub(super) fn collect_definitions(blocks: &[MarkdownBlock<'_>]) -> LinkDefinitions {
    let mut definitions = LinkDefinitions::new();
    for block in blocks {
        if let BlockKind::Definition { label, target } = &block.kind {
            // Of several with one label, Markdown takes the first.
            definitions.entry(label.to_lowercase()).or_insert_with(|| target.clone());
        }
    }
    definitions
}

impl<'a> BlockScanner<'a> {
    /// A definition that begins here: its label, what that stands for, and the line behind it.
    pub(super) fn scan_definition(&self, body: &'a str) -> Option<(&'a str, LinkTarget, usize)> {
        let (label, text) = body.strip_prefix('[')?.split_once("]:")?;
        if label.trim().is_empty() || label.contains(['[', ']']) {
            return None;
        }
        if let Some(name) = label.strip_prefix('^') {
            let text = text.trim();
            return (!name.is_empty() && !name.contains(' ') && !text.is_empty())
                .then(|| self.scan_footnote(label, text));
        }
        /// The address may be on the next line, and the title on the one after that.
        const LINES: usize = 3;
        let is_own = |line: &&str| !line.is_empty() && !boxes::begins_with_box(line);
        let below = self.lines[self.position + 1..self.limit].iter().map(SourceLine::body).take_while(is_own);
        let source = [body].into_iter().chain(below.take(LINES - 1)).collect::<Vec<_>>().join("\n");
        let parser = Parser::new(&source);
        let (_, definition) = parser.reference_definitions().iter().find(|(_, found)| found.span.start == 0)?;
        let address = definition.dest.as_ref();
        // "[Owner]:" above a name is a label.
        if text.trim().is_empty() && (self.running_block.is_some() || !address.contains(['.', '/', '#'])) {
            return None;
        }
        let title = definition.title.as_deref().unwrap_or_default();
        let target = LinkTarget { address: shorten(address), title: shorten(title) };
        Some((label, target, self.position + source[..definition.span.end].trim_end().lines().count()))
    }

    /// A footnote, which goes on up to the next blank line, and behind that as far as it is indented.
    fn scan_footnote(&self, label: &'a str, text: &str) -> (&'a str, LinkTarget, usize) {
        let mut text = text.to_owned();
        let mut end = self.position + 1;
        while end < self.limit {
            let line = self.lines[end];
            let begins_other = boxes::read_opening(line.body())
                .is_some_and(|opening| line.indent < 2 || opening.ticked.is_some())
                || boxes::begins_with_box(line.body())
                || parse_heading(line.body()).is_some()
                || parse_fence(line.body()).is_some()
                || line.text.starts_with(['|', '>', '<', '[', '*', '_', '-', '=']);
            let follows_blank_line = self.lines[end - 1].is_blank();
            if line.is_blank() {
                let goes_on =
                    self.lines[..self.limit].get(end + 1).is_some_and(|next| !next.is_blank() && next.indent >= 4);
                if !goes_on {
                    break;
                }
            } else if begins_other || (follows_blank_line && line.indent < 4) {
                break;
            } else {
                text.push(' ');
                text.push_str(line.body());
            }
            end += 1;
        }
        (label, LinkTarget { address: shorten(&text), title: String::new() }, end)
    }
}

/// A text as far as any guidance holds it, and a character more, with which the guidance is cut: each of thousands of
/// items may refer to it.
fn shorten(text: &str) -> String {
    text.chars().take(Markdown::MAX + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::definitions::format_definition, *};

    fn target(address: &str, title: &str) -> LinkTarget {
        LinkTarget { address: address.to_owned(), title: title.to_owned() }
    }

    #[test]
    fn definition_is_read_with_address_and_title_and_written_as_it_was() {
        for (markdown, label, address, title, written) in [
            ("[a b]: <https://a.org> \"T\"", "a b", "https://a.org", "T", "[a b]: https://a.org \"T\""),
            ("[a]: b 'say \"x\"'", "a", "b", "say \"x\"", "[a]: b \"say \\\"x\\\"\""),
            ("[a]: <b c>\n  (T)", "a", "b c", "T", "[a]: <b c> \"T\""),
            ("[A]:\n  https://a.org", "a", "https://a.org", "", "[a]: https://a.org"),
            ("[^1]: a note", "^1", "a note", "", "[^1]: a note"),
        ] {
            let definitions = read_definitions(markdown);
            assert_eq!(definitions.get(label), Some(&target(address, title)), "{markdown}");
            assert_eq!(format_definition(label, &definitions[label]), written);
            assert_eq!(read_definitions(written), definitions);
        }
        for markdown in ["[a]:", "[QA]: Ana and Bo", "[Owner]:\nAna", "[a]: b \"T\" more", "[ ]: b.c"] {
            assert_eq!(read_definitions(markdown), LinkDefinitions::new(), "{markdown}");
        }
    }
}
