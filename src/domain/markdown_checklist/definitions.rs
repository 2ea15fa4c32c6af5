//! What links and footnotes refer to, which may be anywhere in a file: `[label]: address "title"`, `[^label]: text`.
//!
//! A link's definition is parsed by `pulldown-cmark`; only where it may begin is decided here. What nothing refers to is
//! left out, and listed.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{BrokenLink, CowStr, Options, Parser};

use super::{
    LineMeaning, OmissionReason,
    blocks::{self, BlockKind, BlockScanner, MarkdownBlock},
    boxes,
    line_shapes::{parse_fence, parse_heading},
    lines::SourceLine,
    reader::{ChecklistReader, LineFate},
};
use crate::domain::text::Markdown;

/// What a label stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LinkTarget {
    /// Where a link leads; of a footnote, its text.
    pub(super) address: String,
    /// What browsers show for the link; empty when there is nothing.
    pub(super) title: String,
}

/// The targets by their labels, those in lower case.
pub(super) type LinkDefinitions = BTreeMap<String, LinkTarget>;

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

/// A definition as a line of Markdown.
pub(super) fn format_definition(label: &str, target: &LinkTarget) -> String {
    let LinkTarget { address, title } = target;
    let plain = label.starts_with('^') || !(address.is_empty() || address.contains([' ', '<', '>', '(', ')', '\\']));
    let address = if plain { address.clone() } else { format!("<{}>", escape(address, "\\<>")) };
    format!("[{label}]: {address}{}", format_link_title(title))
}

/// The title of a link as it is behind the address.
pub(super) fn format_link_title(title: &str) -> String {
    if title.is_empty() { String::new() } else { format!(" \"{}\"", escape(&title.replace('\n', " "), "\\\"")) }
}

/// A text with a backslash before each of these characters.
pub(super) fn escape(text: &str, these: &str) -> String {
    text.chars().flat_map(|c| these.contains(c).then_some('\\').into_iter().chain([c])).collect()
}

/// A text with the definitions that its links need and that were elsewhere in the file. Adds their labels to `used`.
pub(super) fn append_definitions(text: String, definitions: &LinkDefinitions, used: &mut BTreeSet<String>) -> String {
    if definitions.is_empty() || !text.contains(']') {
        return text;
    }
    let mut needed = BTreeMap::new();
    let mut unread = vec![text.as_str()];
    while let Some(text) = unread.pop() {
        let mut notes = Vec::new();
        let find = |link: BrokenLink<'_>| {
            let (label, target) = definitions.get_key_value(&link.reference.to_lowercase())?;
            if needed.insert(label, target).is_none() && label.starts_with('^') {
                notes.push(target.address.as_str());
            }
            Some((CowStr::from(""), CowStr::from("")))
        };
        // Without footnotes, their marks are links, whose text is looked up like an address.
        let options = Options::all().difference(Options::ENABLE_FOOTNOTES);
        Parser::new_with_broken_link_callback(text, options, Some(find)).for_each(drop);
        unread.extend(notes);
    }
    // Guidance that is longer is cut in any case.
    let mut lines = String::new();
    for (label, target) in needed {
        if lines.len() <= 4 * Markdown::MAX {
            used.insert(label.clone());
            lines.push_str(&format!("\n\n{}", format_definition(label, target)));
        }
    }
    text + &lines
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
        let target = LinkTarget { address: cut(address), title: cut(title) };
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
            let apart = self.lines[end - 1].is_blank();
            if line.is_blank() {
                let goes_on =
                    self.lines[..self.limit].get(end + 1).is_some_and(|next| !next.is_blank() && next.indent >= 4);
                if !goes_on {
                    break;
                }
            } else if begins_other || (apart && line.indent < 4) {
                break;
            } else {
                text.push(' ');
                text.push_str(line.body());
            }
            end += 1;
        }
        (label, LinkTarget { address: cut(&text), title: String::new() }, end)
    }
}

/// A text as far as any guidance holds it, and a character more, with which the guidance is cut: each of thousands of
/// items may refer to it.
fn cut(text: &str) -> String {
    text.chars().take(Markdown::MAX + 1).collect()
}

impl ChecklistReader<'_> {
    /// Reads a definition. Those that nothing refers to are left out at the end.
    pub(super) fn read_definition(&mut self, at: usize, label: &str, target: &LinkTarget) {
        // "[//]: # (a comment)" is the one comment that Markdown itself has.
        if matches!(label, "//" | "comment") && matches!(target.address.as_str(), "#" | "") {
            return self.omit_block(at, OmissionReason::Comment(self.count_boxes_in(at)));
        }
        self.report_boxes(at);
    }

    /// Leaves out the definitions that nothing in the checklist refers to, and those of a label that is defined before.
    pub(super) fn omit_unused_definitions(&mut self) {
        for (at, block) in self.blocks.iter().enumerate() {
            let BlockKind::Definition { label, target } = &block.kind else { continue };
            let label = label.to_lowercase();
            let is_listed = matches!(self.line_fates[block.lines.start], LineFate::Final(LineMeaning::Omitted));
            let is_used = self.used_labels.contains(&label) && self.definitions.get(&label) == Some(target);
            if !is_listed && !is_used {
                self.omit_block(at, OmissionReason::Text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn text_gets_definitions_that_it_needs() {
        let definitions = LinkDefinitions::from([
            ("a".to_owned(), target("b", "T")),
            ("c".to_owned(), target("d", "")),
            ("^1".to_owned(), target("see [c]", "")),
        ]);
        for (text, expected) in [
            ("see [A]", "see [A]\n\n[a]: b \"T\""),
            ("see[^1]", "see[^1]\n\n[^1]: see [c]\n\n[c]: d"),
            ("see `[A]`", "see `[A]`"),
        ] {
            assert_eq!(append_definitions(text.to_owned(), &definitions, &mut BTreeSet::new()), expected);
        }
    }
}
