//! The shape of a file: which tables are checks, what items are nested in, and what each level of heading stands for.

use std::collections::BTreeMap;

use super::{
    blocks::{Block, Kind},
    inline,
    lines::Line,
    notices::Notice,
    signatures::Closing,
    tables::{self, Row},
};
use crate::domain::text::Title;

/// The shape of a file.
pub(super) struct Outline {
    /// The tables of checks, by block.
    pub(super) checks: BTreeMap<usize, Vec<Row>>,
    /// For each block: whether items stand in it (a line of a list) or under it (a heading).
    pub(super) holds_items: Vec<bool>,
    /// The heading that names the document.
    pub(super) name: Option<usize>,
    /// The level of headings that makes parts.
    pub(super) part_level: usize,
}

impl Outline {
    pub(super) fn of(lines: &[Line<'_>], blocks: &[Block<'_>]) -> Self {
        let checks = checks(lines, blocks);
        let is_item = |at: usize| match &blocks[at].kind {
            Kind::Entry(entry) => entry.ticked.is_some() && !entry.text.is_empty(),
            Kind::Table => checks.contains_key(&at),
            _ => false,
        };
        let mut holds_items = vec![false; blocks.len()];
        // The headings above the current place, one in the other.
        let mut above: Vec<(usize, usize)> = Vec::new();
        let mut item_before_title = false;
        let mut top_levels = Vec::new();
        let mut own_items = false;
        for (at, block) in blocks.iter().enumerate() {
            if let Kind::Heading { level, .. } = block.kind {
                if level == 1 {
                    if top_levels.is_empty() {
                        item_before_title = own_items;
                    }
                    top_levels.push(at);
                }
                while let Some((_, closed)) = above.pop_if(|(open, _)| *open >= level) {
                    // What stands under a heading stands under the one around it.
                    if let Some((_, around)) = above.last() {
                        holds_items[*around] |= holds_items[closed];
                    }
                }
                above.push((level, at));
            } else if is_item(at) {
                own_items = true;
                if let Some((_, heading)) = above.last() {
                    holds_items[*heading] = true;
                }
                // Stops at the first that is marked: those around it are, too.
                let mut around = block.parent;
                while let Some(entry) = around.filter(|entry| !holds_items[*entry]) {
                    holds_items[entry] = true;
                    around = blocks[entry].parent;
                }
            }
        }
        while let Some((_, closed)) = above.pop() {
            if let Some((_, around)) = above.last() {
                holds_items[*around] |= holds_items[closed];
            }
        }
        // One heading of level 1 is the document's title; so is the first of several when it has nothing of its own.
        let name = match *top_levels.as_slice() {
            [only] => Some(only),
            [first, ..] if !holds_items[first] => Some(first),
            _ => None,
        };
        let name = name.filter(|_| !item_before_title);
        let levels = blocks.iter().enumerate().filter_map(|(at, block)| match block.kind {
            Kind::Heading { level, .. } if holds_items[at] && name != Some(at) => Some(level),
            _ => None,
        });
        let part_level = levels.min().unwrap_or(1);
        Self { checks, holds_items, name, part_level }
    }
}

fn checks(lines: &[Line<'_>], blocks: &[Block<'_>]) -> BTreeMap<usize, Vec<Row>> {
    let mut checks = BTreeMap::new();
    let mut closing = None;
    for (at, block) in blocks.iter().enumerate() {
        match &block.kind {
            Kind::Heading { text, .. } => closing = Closing::of(text),
            // Who signs is told in a table, too, and with columns that look like those of checks.
            Kind::Table if closing != Some(Closing::SignOff) => {
                if let Some(rows) = tables::checks(&lines[block.lines.clone()], block.parent.is_some()) {
                    checks.insert(at, rows);
                }
            }
            _ => {}
        }
    }
    checks
}

/// A heading's text.
pub(super) struct Heading {
    /// Its title, when it has one.
    pub(super) title: Option<Title>,
    /// Whether its title was cut.
    pub(super) cut: bool,
    /// What it means besides, unless it is to be taken to the letter.
    pub(super) closing: Option<Closing>,
    /// The links that were in it.
    pub(super) links: Vec<String>,
    /// The comments that were in it.
    pub(super) comments: Vec<String>,
    /// What was said of the heading that has no meaning here.
    pub(super) notice: Option<Notice>,
}

impl Heading {
    /// Reads a heading's text.
    pub(super) fn read(text: &str, line: usize, definitions: &inline::Definitions) -> Self {
        use super::attributes;
        let said = attributes::read(text);
        if let Some((before, said)) = &said
            && (said.untitled || said.verbatim)
        {
            let title = if said.untitled { None } else { Title::new(before).ok() };
            return Self { title, cut: false, closing: None, links: Vec::new(), comments: Vec::new(), notice: None };
        }
        // `{#id .class}`: what site generators take for the heading's address and style.
        let styled =
            attributes::group(text).filter(|(_, inside)| said.is_some() || inside.starts_with(['#', '.', ':']));
        let (text, notice) = match styled {
            Some((before, inside)) => (before, Some(Notice::HeadingAttribute { line, text: format!("{{{inside}}}") })),
            None => (text, None),
        };
        let inline = inline::read(text, definitions);
        let (title, cut) = inline::title(&inline.text).unzip();
        let closing = title.as_ref().and_then(|title: &Title| Closing::of(title.as_str()));
        Self { title, cut: cut.unwrap_or(false), closing, links: inline.links, comments: inline.comments, notice }
    }
}
