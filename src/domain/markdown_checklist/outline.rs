//! The shape of a file: which tables are checks, what items are nested in, and what each level of heading stands for.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    OmissionReason, ParseNotice,
    attributes::{self, ItemAttributes},
    blocks::{BlockKind, ListLine, MarkdownBlock},
    boxes,
    closing::ClosingScope,
    definitions::LinkDefinitions,
    inline::{self, InlineText},
    item_text::{self, ItemText},
    lines::SourceLine,
    sign_off::{self, SignerLinePlace},
    tables::{self, CheckRow},
};
use crate::domain::{checklist::MAX_ITEMS, text::Title};

/// The shape of a file.
pub(super) struct MarkdownOutline {
    /// What the lines of lists say that begin with a box, by block; or why one is no item.
    pub(super) items: BTreeMap<usize, Result<ItemText, OmissionReason>>,
    /// The tables of checks, by block: their rows, each with its line in the file, by index.
    pub(super) checks: BTreeMap<usize, Vec<(usize, CheckTableRow)>>,
    /// For each block: whether items are in it (a line of a list) or under it (a heading).
    pub(super) holds_items: Vec<bool>,
    /// The heading that names the document.
    pub(super) name: Option<usize>,
    /// The level of headings that makes parts.
    pub(super) part_level: usize,
}

/// What a row of a table of checks is.
pub(super) enum CheckTableRow {
    Item {
        text: Box<ItemText>,
        ticked: bool,
        /// What its other columns say.
        columns: String,
        /// Whether one of its cells holds several boxes.
        has_choice: bool,
    },
    /// The name of the rows that follow.
    Group {
        inline: InlineText,
        /// Whether its other columns say something, too.
        has_more: bool,
    },
    /// A row that is neither, and why it is left out.
    Omitted(OmissionReason),
}

impl MarkdownOutline {
    pub(super) fn from_blocks(
        lines: &[SourceLine<'_>],
        blocks: &[MarkdownBlock<'_>],
        definitions: &LinkDefinitions,
    ) -> Self {
        let checks = read_check_tables(lines, blocks, definitions);
        let items = read_items(lines, blocks, definitions);
        let is_item = |at: usize| match &blocks[at].kind {
            BlockKind::ListLine(_) => items.get(&at).is_some_and(Result::is_ok),
            BlockKind::Table => checks
                .get(&at)
                .is_some_and(|rows| rows.iter().any(|(_, row)| matches!(row, CheckTableRow::Item { .. }))),
            _ => false,
        };
        let mut holds_items = vec![false; blocks.len()];
        // The headings above the current place, one in the other.
        let mut above: Vec<(usize, usize)> = Vec::new();
        let mut item_before_title = false;
        let mut top_levels = Vec::new();
        let mut own_items = false;
        for (at, block) in blocks.iter().enumerate() {
            if let BlockKind::Heading { level, text } = &block.kind {
                let level = *level;
                if level == 1 {
                    if top_levels.is_empty() {
                        item_before_title = own_items;
                    }
                    // One without a text is no rival to the name.
                    if !text.is_empty() {
                        top_levels.push(at);
                    }
                }
                while let Some((_, closed)) = above.pop_if(|(open, _)| *open >= level) {
                    // What is under a heading is under the one around it.
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
        // The first heading of level 1 is the document's title, unless it is one of several with items under them.
        let parts = top_levels.iter().filter(|at| holds_items[**at]).count();
        let name = top_levels.first().copied().filter(|first| parts < 2 || !holds_items[*first]);
        let name = name.filter(|_| !item_before_title);
        let levels = blocks.iter().enumerate().filter_map(|(at, block)| match block.kind {
            BlockKind::Heading { level, .. } if holds_items[at] && name != Some(at) => Some(level),
            _ => None,
        });
        let part_level = levels.min().unwrap_or(1);
        Self { items, checks, holds_items, name, part_level }
    }
}

/// Reads the lines of lists that begin with a box: as many as a checklist may have items, and the one after.
fn read_items(
    lines: &[SourceLine<'_>],
    blocks: &[MarkdownBlock<'_>],
    definitions: &LinkDefinitions,
) -> BTreeMap<usize, Result<ItemText, OmissionReason>> {
    let mut items = BTreeMap::new();
    let mut item_count = 0;
    // Lines next to each other that are answers.
    let mut answers: Vec<AnswerLine> = Vec::new();
    // The parent of the lines of which one is to be chosen.
    let mut choice: Option<Option<usize>> = None;
    let mut closing = ClosingScope::default();
    for (at, block) in blocks.iter().enumerate() {
        let is_chosen_from = choice == Some(block.parent);
        if let Some(asked_under) = asks_under(lines, blocks, at) {
            choice = asked_under;
        }
        let text = match &block.kind {
            BlockKind::ListLine(ListLine { ticked: Some(_), text, .. }) => match ItemText::read(text, definitions) {
                Ok(item) if is_chosen_from && item.attributes == ItemAttributes::default() => {
                    Err(OmissionReason::AnswerChoice)
                }
                // An item that has attributes is one, whatever its title.
                Ok(item)
                    if closing.is_sign_off()
                        && item.attributes == ItemAttributes::default()
                        && sign_off::read_role_line(text, SignerLinePlace::Uncertain).is_some() =>
                {
                    Err(OmissionReason::Signature)
                }
                read => read,
            },
            BlockKind::Heading { .. } | BlockKind::Table => {
                enter_heading(&mut closing, block);
                omit_answers(&mut items, &mut answers);
                continue;
            }
            _ => continue,
        };
        item_count += usize::from(text.is_ok());
        let answer = text.as_ref().ok().and_then(ItemText::as_answer);
        items.insert(at, text);
        if item_count > MAX_ITEMS {
            break;
        }
        if answer.is_none() || answers.last().is_some_and(|last| last.parent != block.parent) {
            omit_answers(&mut items, &mut answers);
        }
        answers.extend(answer.map(|answer| AnswerLine { at, parent: block.parent, answer }));
    }
    omit_answers(&mut items, &mut answers);
    items
}

/// If a block may ask for one of the lines that follow it: the parent of those lines when it does, nothing when it does not.
fn asks_under(lines: &[SourceLine<'_>], blocks: &[MarkdownBlock<'_>], at: usize) -> Option<Option<Option<usize>>> {
    let block = &blocks[at];
    let (text, under) = match &block.kind {
        BlockKind::Heading { text, .. } => (text.as_str(), None),
        BlockKind::Text => (lines[block.lines.end - 1].body(), block.parent),
        BlockKind::ListLine(entry) if item_text::asks_for_one(&entry.text) => (entry.text.as_str(), Some(at)),
        BlockKind::Table => return Some(None),
        _ => return None,
    };
    Some(item_text::asks_for_one(text).then_some(under))
}

/// A line that is one of several answers to choose from, such as “Approved”.
struct AnswerLine {
    at: usize,
    parent: Option<usize>,
    answer: &'static str,
}

/// Different answers are a choice; one alone may be a check.
fn omit_answers(items: &mut BTreeMap<usize, Result<ItemText, OmissionReason>>, answers: &mut Vec<AnswerLine>) {
    let differ = answers.iter().any(|answer| answer.answer != answers[0].answer);
    for AnswerLine { at, .. } in answers.drain(..).filter(|_| differ) {
        items.insert(at, Err(OmissionReason::AnswerChoice));
    }
}

/// Finds the tables of checks, and reads them.
fn read_check_tables(
    lines: &[SourceLine<'_>],
    blocks: &[MarkdownBlock<'_>],
    definitions: &LinkDefinitions,
) -> BTreeMap<usize, Vec<(usize, CheckTableRow)>> {
    let mut checks = BTreeMap::new();
    let mut closing = ClosingScope::default();
    for (at, block) in blocks.iter().enumerate() {
        enter_heading(&mut closing, block);
        if matches!(block.kind, BlockKind::Table) {
            let own = &lines[block.lines.clone()];
            // A table of signers can have columns that look like those of checks.
            if closing.is_sign_off() && sign_off::is_role_table(own, closing.is_exact()) {
                continue;
            }
            if let Some(rows) = tables::read_checks(own, block.parent.is_some()) {
                checks.insert(at, read_table_rows(rows, block.lines.start, definitions));
            }
        }
    }
    checks
}

/// Enters a heading, if the block is one.
fn enter_heading(closing: &mut ClosingScope, block: &MarkdownBlock<'_>) {
    match &block.kind {
        BlockKind::Heading { text, .. }
            if attributes::read_attributes(text).is_some_and(|(_, attributes)| attributes.verbatim) =>
        {
            closing.enter_literal_heading();
        }
        BlockKind::Heading { level, text } => closing.enter_heading(*level, text),
        _ => {}
    }
}

fn read_table_rows(rows: Vec<CheckRow>, first: usize, definitions: &LinkDefinitions) -> Vec<(usize, CheckTableRow)> {
    let mut read = Vec::with_capacity(rows.len());
    let mut heads_items = false;
    let answers: BTreeSet<&str> = rows.iter().filter_map(|row| find_answer_of_row(row, definitions)).collect();
    // From the last row to the first, since a row is a group only if items follow it.
    for row in rows.into_iter().rev() {
        let is_answer = answers.len() > 1 && find_answer_of_row(&row, definitions).is_some();
        let CheckRow { line, title, ticked, guidance, boxes, has_choice, is_group, is_total } = row;
        let row = if is_group && heads_items {
            heads_items = false;
            CheckTableRow::Group { inline: inline::read_inline(&title, definitions), has_more: !guidance.is_empty() }
        } else if is_group {
            CheckTableRow::Omitted(OmissionReason::EmptyRow)
        } else if is_total {
            CheckTableRow::Omitted(OmissionReason::TotalRow)
        } else if is_answer {
            CheckTableRow::Omitted(OmissionReason::AnswerChoice)
        } else {
            match ItemText::read(&title, definitions) {
                Ok(text) => {
                    heads_items = true;
                    CheckTableRow::Item { text: Box::new(text), ticked, columns: guidance, has_choice }
                }
                Err(OmissionReason::EmptyBox) if boxes == 0 => CheckTableRow::Omitted(OmissionReason::EmptyRow),
                Err(why) => CheckTableRow::Omitted(why),
            }
        };
        read.push((first + line, row));
    }
    read.reverse();
    read
}

/// The answer that the title of a row is: several of them explain what the answers mean.
fn find_answer_of_row(row: &CheckRow, definitions: &LinkDefinitions) -> Option<&'static str> {
    ItemText::read(&row.title, definitions).ok()?.as_answer().filter(|_| !row.is_group && !row.is_total)
}

pub(super) struct HeadingText {
    /// Its title, when it has one.
    pub(super) title: Option<Title>,
    /// Whether its title was cut.
    pub(super) is_cut: bool,
    /// Whether it is literal, and means nothing besides.
    pub(super) is_literal: bool,
    /// Whether a box was before its title.
    pub(super) has_box: bool,
    /// What was in it besides the title.
    pub(super) inline: InlineText,
    /// The attribute of the heading that has no meaning here.
    pub(super) notice: Option<ParseNotice>,
}

impl HeadingText {
    /// Reads a heading's text.
    pub(super) fn read(text: &str, line: usize, definitions: &LinkDefinitions) -> Self {
        let attributes = attributes::read_attributes(text);
        if let Some((before, attributes)) = &attributes
            && (attributes.untitled || attributes.verbatim)
        {
            let title = if attributes.untitled { None } else { Title::new(before).ok() };
            return Self {
                title,
                is_cut: false,
                is_literal: true,
                has_box: false,
                inline: InlineText::default(),
                notice: None,
            };
        }
        // `{#id .class}`: what site generators take for the heading's address and style.
        let styled = attributes::split_braces(text)
            .filter(|(_, inside)| attributes.is_some() || inside.starts_with(['#', '.', ':']));
        let (text, notice) = match styled {
            Some((before, inside)) => {
                (before, Some(ParseNotice::HeadingAttribute { line, text: format!("{{{inside}}}") }))
            }
            None => (text, None),
        };
        let opened = boxes::read_bare_box(text);
        let inline = inline::read_inline(opened.map_or(text, |opening| opening.text), definitions);
        let (title, cut) = inline::to_title(&inline.text).unzip();
        Self { title, is_cut: cut.unwrap_or(false), is_literal: false, has_box: opened.is_some(), inline, notice }
    }
}
