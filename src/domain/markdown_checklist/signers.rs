//! Reads into the checklist who must sign: labels, lines and tables that name roles.

use std::ops::Range;

use super::{
    LineMeaning, OmissionReason, ParseNotice, attributes,
    blocks::BlockKind,
    boxes,
    closing::ClosingHeading,
    reader::{ChecklistReader, LineFate},
    sign_off::{self, SignerLinePlace},
    table_grid::{self, TableRows},
    tables,
};
use crate::domain::checklist::RequiredRole;

impl ChecklistReader<'_> {
    /// Reads a label that says who signs, such as `- Signatures:` or `**Approvals**`. Gives whether it is one.
    pub(super) fn read_sign_off_label(&mut self, at: usize) -> bool {
        let block = &self.blocks[at];
        let (text, in_list) = match &block.kind {
            BlockKind::ListLine(entry) => (entry.text.as_str(), true),
            BlockKind::Text if block.lines.len() == 1 => (self.lines[block.lines.start].body(), false),
            _ => return false,
        };
        let is_label = text.trim_end_matches('*').ends_with([':', '：']) || sign_off::bold_line_text(text).is_some();
        if !is_label || ClosingHeading::from_title(text) != Some(ClosingHeading::SignOff { exact: true }) {
            return false;
        }
        if !in_list {
            self.scope.enter_label();
        }
        self.set_meaning(at, LineMeaning::SignOff);
        true
    }

    /// Reads the roles that a block names which says who signs. Gives whether there were any.
    pub(super) fn read_signing_roles(&mut self, at: usize, in_list: bool) -> bool {
        let block = &self.blocks[at];
        let sure = in_list || self.scope.is_exact();
        let fields = sure || self.has_signer_above;
        // A line with boxes asks something; no role is called like it.
        let plain = |text: &str| boxes::count_boxes(text) == 0;
        let first = block.lines.start;
        // Each line, with the role that it names; a line to fill in names none.
        let mut read: Vec<(usize, Option<RequiredRole>)> = Vec::new();
        match &block.kind {
            BlockKind::Table if sign_off::is_role_table(&self.lines[block.lines.clone()], sure) => {
                let roles = sign_off::read_role_table(&self.lines[block.lines.clone()]);
                read.extend(roles.into_iter().map(|(line, role)| (first + line, Some(role))));
                if !read.is_empty() {
                    self.report_beside_roles(at, &read);
                }
            }
            BlockKind::ListLine(entry) => {
                let place = if sure { SignerLinePlace::List } else { SignerLinePlace::Uncertain };
                let above_fields = || {
                    sign_off::role_from_text(&entry.text, None)
                        .filter(|_| plain(&entry.text) && self.is_followed_by_fields(at, 1))
                };
                if let Some(role) = sign_off::read_role_line(&entry.text, place).or_else(above_fields) {
                    read.push((first, Some(role)));
                } else if fields && sign_off::is_field_line(&entry.text) && sign_off::is_unfilled(&entry.text) {
                    read.push((first, None));
                }
            }
            BlockKind::Text => {
                let place = if sure { SignerLinePlace::Text } else { SignerLinePlace::Uncertain };
                for line in block.lines.clone() {
                    let text = self.lines[line].body();
                    let above_fields = || {
                        let followed = if line + 1 < block.lines.end {
                            sign_off::is_field_line(self.lines[line + 1].body())
                        } else {
                            self.is_followed_by_fields(at, 1)
                        };
                        sign_off::role_from_text(sign_off::bold_line_text(text)?, None)
                            .filter(|_| followed && plain(text))
                    };
                    if let Some(role) = sign_off::read_role_line(text, place).or_else(above_fields) {
                        read.push((line, Some(role)));
                    } else if (fields || !read.is_empty())
                        && sign_off::is_field_line(text)
                        && sign_off::is_unfilled(text)
                    {
                        read.push((line, None));
                    }
                }
            }
            _ => {}
        }
        if read.is_empty() {
            return false;
        }
        if matches!(block.kind, BlockKind::Text) {
            let is_read = |line: &usize| read.binary_search_by_key(line, |(line, _)| *line).is_ok();
            let others: Vec<usize> = block.lines.clone().filter(|line| !is_read(line)).collect();
            others.into_iter().for_each(|line| self.omit_lines(line..line + 1, OmissionReason::Text));
        }
        for (line, role) in read {
            let body = self.lines[line].body();
            let literal = attributes::read_attributes(body).is_some_and(|(_, attributes)| attributes.verbatim);
            if !literal && !matches!(block.kind, BlockKind::Table) && boxes::count_boxes(body) > 0 {
                self.report_omitted_piece(line, OmissionReason::Signature);
            }
            if role.is_some() && !literal && self.names_signer(at, line) {
                self.report_omitted_piece(line, OmissionReason::SignerDetails);
                if matches!(block.kind, BlockKind::ListLine(_)) {
                    self.report_signer_lines(at);
                }
            }
            if let Some(role) = role {
                let named = LineMeaning::RequiredRole(role.role.clone());
                // The text of a line of a list may go on over the lines below it.
                if matches!(block.kind, BlockKind::ListLine(_)) {
                    self.set_meaning(at, named);
                } else {
                    self.line_fates[line] = LineFate::Final(named);
                }
                self.require_role(line, role);
            }
        }
        true
    }

    /// Lists the lines below the first over which the line of a role goes on.
    pub(super) fn report_signer_lines(&mut self, at: usize) {
        for line in self.blocks[at].lines.clone().skip(1) {
            self.report_omitted_piece(line, OmissionReason::SignerDetails);
        }
    }

    /// Whether the line of a role says who signs, too.
    fn names_signer(&self, at: usize, line: usize) -> bool {
        match &self.blocks[at].kind {
            BlockKind::ListLine(entry) => sign_off::has_signer_details(&entry.text),
            BlockKind::Table => {
                // A cell with a digit or two is the number of a row; with more, a date.
                let has_text = |cell: &str| {
                    cell.chars().any(char::is_alphabetic) || cell.chars().filter(|c| c.is_numeric()).count() > 2
                };
                let is_text_cell = |cell: &String| has_text(cell) && boxes::count_boxes(cell) == 0;
                table_grid::split_cells(self.lines[line].body()).into_iter().filter(is_text_cell).count() > 1
            }
            _ => sign_off::has_signer_details(self.lines[line].body()),
        }
    }

    /// Reports what is not taken of a table of roles.
    fn report_beside_roles(&mut self, at: usize, read: &[(usize, Option<RequiredRole>)]) {
        let lines = self.blocks[at].lines.clone();
        let Some(table) = TableRows::split(&self.lines[lines.clone()]) else { return };
        let header = lines.start + table.header.0;
        if sign_off::is_header_role(&table) {
            return self.report_other_rows(header..lines.end, read);
        }
        let has_text = table.header.1.iter().any(|cell| cell.chars().any(char::is_alphanumeric));
        if tables::heads_with_boxes(&table.header.1) {
            self.report_omitted_piece(header, OmissionReason::BoxInHeading);
        } else if has_text && !sign_off::names_columns(&table) {
            self.report_omitted_piece(header, OmissionReason::Text);
        }
        self.report_other_rows(header + 1..lines.end, read);
    }

    /// Reports what is not taken of the rows of a table of roles: boxes, and rows that name no role.
    fn report_other_rows(&mut self, rows: Range<usize>, read: &[(usize, Option<RequiredRole>)]) {
        for line in rows {
            let body = self.lines[line].body();
            if read.iter().all(|(row, _)| *row != line) {
                if body.chars().any(char::is_alphanumeric) || boxes::count_boxes(body) > 0 {
                    self.omit_lines(line..line + 1, OmissionReason::Text);
                }
            } else if boxes::count_boxes(body) > 0 {
                self.report_omitted_piece(line, OmissionReason::Signature);
            }
        }
    }

    /// Adds a role that must sign.
    pub(super) fn require_role(&mut self, line: usize, required: RequiredRole) {
        self.has_signer_above = true;
        if self.required_slugs.insert(required.role.clone()) {
            self.required_roles.push(required);
        } else {
            self.notices.push(ParseNotice::DuplicateRole { line: line + 1, role: required.role });
        }
    }

    /// Whether lines to fill in (a name, a date, a signature) are in the blocks behind this one, at most so many.
    pub(super) fn is_followed_by_fields(&self, at: usize, blocks: usize) -> bool {
        // A line in an item belongs to the item, and a line with nested items is no line to fill in.
        let in_item = |at: usize| {
            let parent = self.blocks[at].parent.map(|parent| &self.blocks[parent].kind);
            matches!(parent, Some(BlockKind::ListLine(entry)) if entry.ticked.is_some())
        };
        let next = at + 1..self.blocks.len().min(at + 1 + blocks);
        let mut next = next
            .take_while(|at| !matches!(self.blocks[*at].kind, BlockKind::Heading { .. }))
            .filter(|at| !in_item(*at) && !self.outline.holds_items[*at]);
        next.any(|at| match &self.blocks[at].kind {
            BlockKind::ListLine(entry) => entry.ticked.is_none() && sign_off::is_field_line(&entry.text),
            BlockKind::Text => {
                let mut lines = self.lines[self.blocks[at].lines.clone()].iter();
                lines.any(|line| sign_off::is_field_line(line.body()))
            }
            _ => false,
        })
    }
}
