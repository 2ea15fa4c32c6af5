//! What is neither heading nor item: guidance, introduction, the lines that name who signs; and the rest, which is left
//! out with the reason. A box in any of these is no item; that is said wherever it stands.

use std::ops::Range;

use super::{
    Became, LeftOut, Notice, Why, attributes,
    blocks::{Block, Kind},
    guidance::{GUIDANCE, INTRODUCTION},
    lines::Line,
    marks,
    read::{Fate, Reader},
    signatures::{self, Closing, Place},
    tables,
};
use crate::domain::checklist::RequiredRole;

/// The most characters that are shown of what was left out.
const EXCERPT: usize = 200;

impl Reader<'_> {
    /// Reads what is neither heading nor item: guidance, if it stands under an item; else who signs, introduction, or
    /// what explains the item above or below.
    pub(super) fn rest(&mut self, at: usize) {
        let block = &self.blocks[at];
        let nest = block.parent.and_then(|parent| self.nests.get(&parent));
        if self.ends_html(at) {
            return;
        }
        if let Some(item) = nest.and_then(|nest| nest.item) {
            // Beside an item, a line of the same list is about that one, not about what both are nested in.
            let beside =
                self.above.filter(|_| matches!(block.kind, Kind::Entry(_)) && block.parent == self.above_parent);
            return self.explain(beside.unwrap_or(item), at);
        }
        let in_list = nest.is_some_and(|nest| nest.signs);
        let signs = in_list || self.scope.is_sign_off();
        if self.begun && ((signs && self.signatures(at, in_list)) || self.label(at)) {
            return;
        }
        if matches!(block.kind, Kind::Rule) {
            self.above = None;
            return;
        }
        let lines = &self.lines[block.lines.clone()];
        if let [only] = lines
            && is_mark_of_alert(only.body())
        {
            return;
        }
        let explains = match &block.kind {
            Kind::Entry(entry) => !is_contents(&entry.text),
            Kind::Text | Kind::Code { .. } | Kind::IndentedCode => true,
            _ => false,
        };
        let holds_boxes = self.boxes_in(at) > 0;
        if !self.begun && (explains || matches!(block.kind, Kind::Table)) {
            // Code with boxes in it is more likely a checklist than a part of what introduces one.
            if !(holds_boxes && matches!(block.kind, Kind::Code { .. })) {
                self.introduction.push(at);
                self.became(at, Became::Introduction);
                return self.name_boxes(at);
            }
        } else if explains && !self.scope.is_notes() {
            match self.above.filter(|_| !self.introduces_next(at)) {
                Some(item) => self.explain(item, at),
                None => self.waiting.push((if self.items_here { usize::MAX } else { self.level }, at)),
            }
            return;
        }
        self.leave_rest(at);
    }

    /// Leaves out what explains nothing.
    fn leave_rest(&mut self, at: usize) {
        let block = &self.blocks[at];
        let why = match &block.kind {
            _ if self.scope.is_notes() => Why::Notes,
            Kind::Entry(entry) if is_contents(&entry.text) => Why::Contents,
            Kind::Entry(_) => Why::List,
            Kind::Code { .. } => Why::Code(self.boxes_in(at)),
            Kind::IndentedCode => Why::IndentedCode,
            Kind::Html => Why::Html(self.boxes_in(at)),
            Kind::Table => Why::Table,
            _ => self.box_in_text(at).unwrap_or(Why::Text),
        };
        self.leave(at, why);
        if !matches!(why, Why::Code(_) | Why::Html(_)) {
            self.name_boxes(at);
        }
    }

    /// Makes a block the guidance of an item.
    pub(super) fn explain(&mut self, item: usize, at: usize) {
        self.drafts[item].notes.push(at);
        self.fates[self.blocks[at].lines.clone()].fill(Fate::Guidance(item));
        self.name_boxes(at);
    }

    /// Leaves out what waits for an item under a heading of this level or a smaller one: another heading has come.
    pub(super) fn stop_waiting(&mut self, level: usize) {
        let keep = self.waiting.partition_point(|(under, _)| *under < level);
        for (_, at) in self.waiting.split_off(keep) {
            self.leave_rest(at);
        }
    }

    /// Whether a block of HTML only closes what was opened before.
    fn ends_html(&self, at: usize) -> bool {
        let block = &self.blocks[at];
        matches!(block.kind, Kind::Html)
            && self.lines[block.lines.clone()].iter().all(|line| {
                let name = line.body().strip_prefix("</").and_then(|rest| rest.strip_suffix('>'));
                name.is_some_and(|name| name.chars().all(|c| c.is_ascii_alphanumeric()))
            })
    }

    /// Whether a text says what the items below it are about: it ends in a colon, or they follow without an empty line.
    fn introduces_next(&self, at: usize) -> bool {
        let block = &self.blocks[at];
        let Some(next) = self.blocks.get(at + 1).filter(|_| matches!(block.kind, Kind::Text)) else { return false };
        let is_item = match &next.kind {
            Kind::Entry(entry) => entry.ticked.is_some(),
            Kind::Table => true,
            _ => false,
        };
        let last = self.lines[block.lines.end - 1].body().trim_end_matches(['*', '_']);
        let above = at.checked_sub(1).map(|above| &self.blocks[above]);
        let below_item =
            above.is_some_and(|above| above.lines.end == block.lines.start && matches!(above.kind, Kind::Entry(_)));
        let touches = block.lines.end == next.lines.start && !below_item;
        is_item && (touches || last.ends_with([':', '：']))
    }

    /// How many boxes stand in a block that are no items.
    pub(super) fn boxes_in(&self, at: usize) -> usize {
        let block = &self.blocks[at];
        let bodies = |lines: &Range<usize>| self.lines[lines.clone()].iter().map(Line::body);
        match &block.kind {
            // The dialect's own fences hold texts to the letter.
            Kind::Code { info, .. } if [GUIDANCE, INTRODUCTION].contains(info) => 0,
            Kind::Code { inside, .. } => {
                marks::count_in_code(self.lines[inside.clone()].iter().map(|line| line.unquoted().body()))
            }
            _ => bodies(&block.lines).map(marks::count_boxes).sum(),
        }
    }

    /// What is to be said of the boxes in the first line of a text.
    fn box_in_text(&self, at: usize) -> Option<Why> {
        match marks::count_boxes(self.lines[self.blocks[at].lines.start].body()) {
            0 => None,
            1 => Some(Why::BoxInText),
            _ => Some(Why::Choice),
        }
    }

    /// Says which boxes in a block are no items, where the block itself is kept or left out for another reason.
    pub(super) fn name_boxes(&mut self, at: usize) {
        let block = &self.blocks[at];
        let count = self.boxes_in(at);
        let whole = match &block.kind {
            _ if count == 0 => return,
            Kind::Code { .. } => Some(Why::Code(count)),
            Kind::Html => Some(Why::Html(count)),
            _ => None,
        };
        if let Some(why) = whole {
            return self.leave_piece(block.lines.start, why);
        }
        for line in block.lines.clone() {
            let mut listed = self.left_out.iter().rev().take_while(|left| left.line > line);
            if listed.any(|left| left.line == line + 1 && matches!(left.why, Why::BoxInText | Why::Choice)) {
                continue;
            }
            match marks::count_boxes(self.lines[line].body()) {
                0 => {}
                1 => self.leave_piece(line, Why::BoxInText),
                _ => self.leave_piece(line, Why::Choice),
            }
        }
    }

    /// Reads a label that says who signs, such as `- Signatures:` or `**Approvals**`. Gives whether it is one.
    fn label(&mut self, at: usize) -> bool {
        let block = &self.blocks[at];
        let (text, in_list) = match &block.kind {
            Kind::Entry(entry) => (entry.text.as_str(), true),
            Kind::Text if block.lines.len() == 1 => (self.lines[block.lines.start].body(), false),
            _ => return false,
        };
        let is_label = text.trim_end_matches('*').ends_with([':', '：']) || signatures::bold_line(text).is_some();
        if !is_label || Closing::of(text) != Some(Closing::SignOff { exact: true }) {
            return false;
        }
        if !in_list {
            self.scope.label();
        }
        self.became(at, Became::SignOff);
        true
    }

    /// Reads the roles that a block names which says who signs. Gives whether there were any.
    fn signatures(&mut self, at: usize, in_list: bool) -> bool {
        let block = &self.blocks[at];
        let sure = in_list || self.scope.is_exact();
        let fields = sure || self.signer_above;
        // A line with boxes asks something; no role is called like it.
        let plain = |text: &str| marks::count_boxes(text) == 0;
        let first = block.lines.start;
        // Each line, with the role that it names; a line to fill in names none.
        let mut read: Vec<(usize, Option<RequiredRole>)> = Vec::new();
        match &block.kind {
            Kind::Table if signatures::is_table_of_roles(&self.lines[block.lines.clone()], sure) => {
                let roles = signatures::roles(&self.lines[block.lines.clone()]);
                read.extend(roles.into_iter().map(|(line, role)| (first + line, Some(role))));
                if !read.is_empty() {
                    if tables::heads_with_boxes(self.lines[first].body()) {
                        self.leave_piece(first, Why::BoxInHeading);
                    }
                    self.other_rows(block.lines.start + 2..block.lines.end, &read);
                }
            }
            Kind::Entry(entry) => {
                let place = if sure { Place::List } else { Place::Loose };
                let above_fields = || {
                    signatures::named(&entry.text, None)
                        .filter(|_| plain(&entry.text) && self.is_followed_by_fields(at, 1))
                };
                if let Some(role) = signatures::role(&entry.text, place).or_else(above_fields) {
                    read.push((first, Some(role)));
                } else if fields && signatures::is_field(&entry.text) && signatures::is_blank(&entry.text) {
                    read.push((first, None));
                }
            }
            Kind::Text => {
                let place = if sure { Place::Text } else { Place::Loose };
                for line in block.lines.clone() {
                    let text = self.lines[line].body();
                    let above_fields = || {
                        let followed = if line + 1 < block.lines.end {
                            signatures::is_field(self.lines[line + 1].body())
                        } else {
                            self.is_followed_by_fields(at, 1)
                        };
                        signatures::named(signatures::bold_line(text)?, None).filter(|_| followed && plain(text))
                    };
                    if let Some(role) = signatures::role(text, place).or_else(above_fields) {
                        read.push((line, Some(role)));
                    } else if (fields || !read.is_empty()) && signatures::is_field(text) && signatures::is_blank(text) {
                        read.push((line, None));
                    }
                }
            }
            _ => {}
        }
        if read.is_empty() {
            return false;
        }
        if matches!(block.kind, Kind::Text) {
            let is_read = |line: &usize| read.binary_search_by_key(line, |(line, _)| *line).is_ok();
            let others: Vec<usize> = block.lines.clone().filter(|line| !is_read(line)).collect();
            others.into_iter().for_each(|line| self.leave_lines(line..line + 1, Why::Text));
        }
        for (line, role) in read {
            let body = self.lines[line].body();
            let literal =
                matches!(block.kind, Kind::Table) || attributes::read(body).is_some_and(|(_, said)| said.verbatim);
            if !literal && marks::count_boxes(body) > 0 {
                self.leave_piece(line, Why::Signature);
            }
            if let Some(role) = role {
                self.fates[line] = Fate::Known(Became::RequiredRole(role.role.clone()));
                self.require(line, role);
            }
        }
        true
    }

    /// Says of the rows of a table of roles what is not taken: boxes, and rows that name no role.
    fn other_rows(&mut self, rows: Range<usize>, read: &[(usize, Option<RequiredRole>)]) {
        for line in rows {
            let body = self.lines[line].body();
            if read.iter().all(|(row, _)| *row != line) {
                if body.chars().any(char::is_alphanumeric) || marks::count_boxes(body) > 0 {
                    self.leave_lines(line..line + 1, Why::Text);
                }
            } else if marks::count_boxes(body) > 0 {
                self.leave_piece(line, Why::Signature);
            }
        }
    }

    /// Adds a role that must sign.
    pub(super) fn require(&mut self, line: usize, required: RequiredRole) {
        self.signer_above = true;
        if self.roles.insert(required.role.clone()) {
            self.required_roles.push(required);
        } else {
            self.notices.push(Notice::RoleTwice { line: line + 1, role: required.role });
        }
    }

    /// Whether lines to fill in (a name, a date, a signature) stand in the blocks behind this one, at most so many.
    pub(super) fn is_followed_by_fields(&self, at: usize, blocks: usize) -> bool {
        let next = self.blocks.iter().skip(at + 1).take(blocks);
        // What stands in an item is the item's.
        let in_item = |block: &Block<'_>| {
            let parent = block.parent.map(|parent| &self.blocks[parent].kind);
            matches!(parent, Some(Kind::Entry(entry)) if entry.ticked.is_some())
        };
        let mut next =
            next.take_while(|block| !matches!(block.kind, Kind::Heading { .. })).filter(|block| !in_item(block));
        next.any(|block| match &block.kind {
            Kind::Entry(entry) => entry.ticked.is_none() && signatures::is_field(&entry.text),
            Kind::Text => self.lines[block.lines.clone()].iter().any(|line| signatures::is_field(line.body())),
            _ => false,
        })
    }

    /// Leaves a block out. The lines of one list are one thing that is left out.
    pub(super) fn leave(&mut self, at: usize, why: Why) {
        let block = &self.blocks[at];
        let names_boxes = matches!(
            why,
            Why::EmptyBox
                | Why::Choice
                | Why::Answers
                | Why::BoxInText
                | Why::Comment(1..)
                | Why::Code(1..)
                | Why::Html(1..)
        );
        let in_list = (matches!(block.kind, Kind::Entry(_)) || block.parent.is_some()) && !names_boxes;
        let goes_on = in_list && at > 0 && self.left_list == Some(at - 1);
        if in_list {
            self.left_list = Some(at);
        }
        if goes_on {
            self.became(at, Became::LeftOut);
        } else {
            self.leave_lines(block.lines.clone(), why);
        }
    }

    /// Leaves out comments that stood in a line that is kept otherwise.
    pub(super) fn leave_comments(&mut self, line: usize, comments: Vec<String>) {
        for text in comments {
            let why = Why::Comment(marks::count_boxes(&text));
            self.left_out.push(LeftOut { line, text, why });
        }
    }

    /// Leaves out what stood in a line that is kept otherwise.
    pub(super) fn leave_pieces(&mut self, line: usize, pieces: Vec<String>, why: Why) {
        self.left_out.extend(pieces.into_iter().map(|text| LeftOut { line, text, why }));
    }

    /// Says of a line that is kept, or left out for another reason, that something in it is not taken.
    pub(super) fn leave_piece(&mut self, line: usize, why: Why) {
        let text = self.lines[line].body().chars().take(EXCERPT).collect();
        self.left_out.push(LeftOut { line: line + 1, text, why });
    }

    pub(super) fn leave_lines(&mut self, lines: Range<usize>, why: Why) {
        let first = lines.start;
        let text = self.lines[first].body().chars().take(EXCERPT).collect();
        self.left_out.push(LeftOut { line: first + 1, text, why });
        self.fates[lines].fill(Fate::Known(Became::LeftOut));
    }
}

/// Whether a line says only that the quotation or block it begins (or ends) is a note, a warning or the like.
fn is_mark_of_alert(body: &str) -> bool {
    let inside = body
        .strip_prefix("[!")
        .and_then(|rest| rest.strip_suffix(']'))
        .or_else(|| [":::", "!!!", "???"].iter().find_map(|mark| body.strip_prefix(mark)).map(str::trim));
    inside.is_some_and(|word| word.chars().all(|c| c.is_ascii_alphabetic()))
}

/// Whether a line of a list is one of a table of contents: a link to a place in the same file.
fn is_contents(text: &str) -> bool {
    text.starts_with('[') && text.contains("](#") && text.ends_with(')')
}
