//! The texts that are under items and before them: put together again from the lines they are written on.

use std::collections::BTreeSet;

use super::{
    blocks::{BlockKind, MarkdownBlock},
    definitions::{LinkDefinitions, append_definitions},
    lines::SourceLine,
};
use crate::domain::text::Markdown;

/// The word after the fence of a block that holds an item's guidance literally.
pub(super) const GUIDANCE_FENCE: &str = "guidance";
/// The word after the fence of a block that holds the introduction literally.
pub(super) const INTRODUCTION_FENCE: &str = "introduction";

/// The text of these blocks. Where nothing but empty lines is between two of them they are one text, which loses
/// the indent of its first line; else an empty line parts them. One block of code with the word `literal` behind
/// its fence is the text literally. Adds to `used` the labels that it refers to.
pub(super) fn join_blocks(
    lines: &[SourceLine<'_>],
    blocks: &[MarkdownBlock<'_>],
    these: &[usize],
    literal: &str,
    definitions: &LinkDefinitions,
    used: &mut BTreeSet<String>,
) -> String {
    if let [only] = these
        && let BlockKind::Code { info, inside } = &blocks[*only].kind
        && *info == literal
    {
        let indent = lines[blocks[*only].lines.start].indent;
        let inside: Vec<&str> = lines[inside.clone()].iter().map(|line| line.without_indent(indent)).collect();
        return inside.join("\n");
    }
    let mut text = String::new();
    let mut indent = 0;
    let mut before: Option<usize> = None;
    for block in these.iter().map(|at| &blocks[*at]) {
        let between =
            before.and_then(|end| lines.get(end..block.lines.start)).filter(|gap| gap.iter().all(SourceLine::is_blank));
        if let Some(gap) = between {
            gap.iter().for_each(|line| push_line(&mut text, line.without_indent(indent)));
        } else {
            if !text.is_empty() {
                text.push('\n');
            }
            indent = lines[block.lines.start].indent;
        }
        lines[block.lines.clone()].iter().for_each(|line| push_line(&mut text, line.without_indent(indent)));
        before = Some(block.lines.end);
    }
    append_definitions(text.trim_end().to_owned(), definitions, used)
}

fn push_line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// The beginning of what was left out, which is shown.
pub(super) fn excerpt(text: &str) -> String {
    /// The most characters that are shown.
    const MAX_CHARS: usize = 200;
    text.chars().take(MAX_CHARS).collect()
}

/// A text as Markdown, cut to what is kept; and whether it was cut.
pub(super) fn to_markdown(text: &str) -> Option<(Markdown, bool)> {
    let text = text.trim();
    match text.char_indices().nth(Markdown::MAX) {
        None => Markdown::new(text).ok().map(|markdown| (markdown, false)),
        Some((end, _)) => Markdown::new(&text[..end]).ok().map(|markdown| (markdown, true)),
    }
}
