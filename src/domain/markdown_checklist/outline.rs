//! The shape of a file: which tables are checks, what items are nested in, and what each level of heading stands for.

use std::collections::BTreeMap;

use super::{
    Notice, Why,
    attributes::{self, Attributes},
    blocks::{Block, Entry, Kind},
    inline::{self, Definitions, Inline},
    lines::Line,
    marks,
    signatures::{self, Place, Scope},
    tables::{self, Row},
    titles::ItemText,
};
use crate::domain::{checklist::MAX_ITEMS, text::Title};

/// The shape of a file.
pub(super) struct Outline {
    /// What the lines of lists say that begin with a box, by block; or why one is no item.
    pub(super) items: BTreeMap<usize, Result<ItemText, Why>>,
    /// The tables of checks, by block: their rows, each with its line in the file, by index.
    pub(super) checks: BTreeMap<usize, Vec<(usize, TableRow)>>,
    /// For each block: whether items stand in it (a line of a list) or under it (a heading).
    pub(super) holds_items: Vec<bool>,
    /// The heading that names the document.
    pub(super) name: Option<usize>,
    /// The level of headings that makes parts.
    pub(super) part_level: usize,
}

/// What a row of a table of checks is.
pub(super) enum TableRow {
    /// A check.
    Item {
        text: Box<ItemText>,
        ticked: bool,
        /// What its other columns say.
        columns: String,
        /// Whether one of its cells holds several boxes.
        has_choice: bool,
    },
    /// The name of the rows that follow.
    Group(Inline),
    /// None of these.
    Left(Why),
}

impl Outline {
    pub(super) fn of(lines: &[Line<'_>], blocks: &[Block<'_>], definitions: &Definitions) -> Self {
        let checks = checks(lines, blocks, definitions);
        let items = items(blocks, definitions);
        let is_item = |at: usize| match &blocks[at].kind {
            Kind::Entry(_) => items.get(&at).is_some_and(Result::is_ok),
            Kind::Table => {
                checks.get(&at).is_some_and(|rows| rows.iter().any(|(_, row)| matches!(row, TableRow::Item { .. })))
            }
            _ => false,
        };
        let mut holds_items = vec![false; blocks.len()];
        // The headings above the current place, one in the other.
        let mut above: Vec<(usize, usize)> = Vec::new();
        let mut item_before_title = false;
        let mut top_levels = Vec::new();
        let mut own_items = false;
        for (at, block) in blocks.iter().enumerate() {
            if let Kind::Heading { level, text } = &block.kind {
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
        // The first heading of level 1 is the document's title, unless it is one of several with items under them.
        let parts = top_levels.iter().filter(|at| holds_items[**at]).count();
        let name = top_levels.first().copied().filter(|first| parts < 2 || !holds_items[*first]);
        let name = name.filter(|_| !item_before_title);
        let levels = blocks.iter().enumerate().filter_map(|(at, block)| match block.kind {
            Kind::Heading { level, .. } if holds_items[at] && name != Some(at) => Some(level),
            _ => None,
        });
        let part_level = levels.min().unwrap_or(1);
        Self { items, checks, holds_items, name, part_level }
    }
}

/// Reads the lines of lists that begin with a box: as many as a checklist may have items, and the one after.
fn items(blocks: &[Block<'_>], definitions: &Definitions) -> BTreeMap<usize, Result<ItemText, Why>> {
    let mut items = BTreeMap::new();
    let mut found = 0;
    // Lines next to each other that are answers.
    let mut answers: Vec<Answer> = Vec::new();
    let mut closing = Scope::default();
    for (at, block) in blocks.iter().enumerate() {
        let text = match &block.kind {
            Kind::Entry(Entry { ticked: Some(_), text, .. }) => match ItemText::read(text, definitions) {
                // An item that has attributes is one, whatever its title.
                Ok(item)
                    if closing.is_sign_off()
                        && item.said == Attributes::default()
                        && signatures::role(text, Place::Loose).is_some() =>
                {
                    Err(Why::Signature)
                }
                read => read,
            },
            Kind::Heading { .. } | Kind::Table => {
                go_on(&mut closing, block);
                leave_answers(&mut items, &mut answers);
                continue;
            }
            _ => continue,
        };
        found += usize::from(text.is_ok());
        let says = text.as_ref().ok().and_then(ItemText::answer);
        items.insert(at, text);
        if found > MAX_ITEMS {
            break;
        }
        if says.is_none() || answers.last().is_some_and(|last| last.parent != block.parent) {
            leave_answers(&mut items, &mut answers);
        }
        answers.extend(says.map(|says| Answer { at, parent: block.parent, says }));
    }
    leave_answers(&mut items, &mut answers);
    items
}

/// A line that is an answer.
struct Answer {
    at: usize,
    parent: Option<usize>,
    says: &'static str,
}

/// Different answers are a choice; one alone may be a check.
fn leave_answers(items: &mut BTreeMap<usize, Result<ItemText, Why>>, answers: &mut Vec<Answer>) {
    let differ = answers.iter().any(|answer| answer.says != answers[0].says);
    for Answer { at, .. } in answers.drain(..).filter(|_| differ) {
        items.insert(at, Err(Why::Answers));
    }
}

/// Finds the tables of checks, and reads them.
fn checks(
    lines: &[Line<'_>],
    blocks: &[Block<'_>],
    definitions: &Definitions,
) -> BTreeMap<usize, Vec<(usize, TableRow)>> {
    let mut checks = BTreeMap::new();
    let mut closing = Scope::default();
    for (at, block) in blocks.iter().enumerate() {
        go_on(&mut closing, block);
        if matches!(block.kind, Kind::Table) {
            let own = &lines[block.lines.clone()];
            // Who signs is said in a table, too, and with columns that look like those of checks.
            if closing.is_sign_off() && signatures::is_table_of_roles(own, closing.is_exact()) {
                continue;
            }
            if let Some(rows) = tables::checks(own, block.parent.is_some()) {
                checks.insert(at, read_rows(rows, block.lines.start, definitions));
            }
        }
    }
    checks
}

/// Goes on under a heading, if the block is one.
fn go_on(closing: &mut Scope, block: &Block<'_>) {
    match &block.kind {
        Kind::Heading { text, .. } if attributes::read(text).is_some_and(|(_, said)| said.verbatim) => {
            closing.literal_heading();
        }
        Kind::Heading { level, text } => closing.heading(*level, text),
        _ => {}
    }
}

fn read_rows(rows: Vec<Row>, first: usize, definitions: &Definitions) -> Vec<(usize, TableRow)> {
    let mut read = Vec::with_capacity(rows.len());
    let mut heads_items = false;
    // From the last to the first: a group with no items in it is none.
    for Row { line, title, ticked, guidance, boxes, has_choice, is_group } in rows.into_iter().rev() {
        let row = if is_group && heads_items {
            heads_items = false;
            TableRow::Group(inline::read(&title, definitions))
        } else if is_group {
            TableRow::Left(Why::EmptyRow)
        } else {
            match ItemText::read(&title, definitions) {
                Ok(text) => {
                    heads_items = true;
                    TableRow::Item { text: Box::new(text), ticked, columns: guidance, has_choice }
                }
                Err(Why::EmptyBox) if boxes == 0 => TableRow::Left(Why::EmptyRow),
                Err(why) => TableRow::Left(why),
            }
        };
        read.push((first + line, row));
    }
    read.reverse();
    read
}

/// A heading's text.
pub(super) struct Heading {
    /// Its title, when it has one.
    pub(super) title: Option<Title>,
    /// Whether its title was cut.
    pub(super) cut: bool,
    /// Whether it is to be taken to the letter, and means nothing besides.
    pub(super) literal: bool,
    /// Whether a box stood before its title.
    pub(super) has_box: bool,
    /// What was in it besides the title.
    pub(super) inline: Inline,
    /// What was said of the heading that has no meaning here.
    pub(super) notice: Option<Notice>,
}

impl Heading {
    /// Reads a heading's text.
    pub(super) fn read(text: &str, line: usize, definitions: &Definitions) -> Self {
        let said = attributes::read(text);
        if let Some((before, said)) = &said
            && (said.untitled || said.verbatim)
        {
            let title = if said.untitled { None } else { Title::new(before).ok() };
            return Self { title, cut: false, literal: true, has_box: false, inline: Inline::default(), notice: None };
        }
        // `{#id .class}`: what site generators take for the heading's address and style.
        let styled =
            attributes::group(text).filter(|(_, inside)| said.is_some() || inside.starts_with(['#', '.', ':']));
        let (text, notice) = match styled {
            Some((before, inside)) => (before, Some(Notice::HeadingAttribute { line, text: format!("{{{inside}}}") })),
            None => (text, None),
        };
        let opened = marks::bare(text);
        let inline = inline::read(opened.map_or(text, |opening| opening.text), definitions);
        let (title, cut) = inline::title(&inline.text).unzip();
        Self { title, cut: cut.unwrap_or(false), literal: false, has_box: opened.is_some(), inline, notice }
    }
}
