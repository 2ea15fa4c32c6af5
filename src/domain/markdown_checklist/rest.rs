//! What is neither heading nor item: guidance, introduction, the lines that name who signs; and the rest, which is left
//! out with the reason.

use std::ops::Range;

use super::{
    Became, LeftOut, Notice, Why,
    blocks::Kind,
    marks,
    read::{Fate, Reader},
    signatures::{self, Closing},
};
use crate::domain::checklist::RequiredRole;

/// The most characters that are shown of what was left out.
const EXCERPT: usize = 200;

impl Reader<'_> {
    /// Reads what is neither heading nor item: guidance, if it stands under an item; else who signs, or introduction.
    pub(super) fn rest(&mut self, at: usize) {
        let block = &self.blocks[at];
        let nest = block.parent.and_then(|parent| self.nests.get(&parent));
        if let Some(item) = nest.and_then(|nest| nest.item) {
            self.drafts[item].notes.push(at);
            return self.fates[block.lines.clone()].fill(Fate::Guidance(item));
        }
        if self.closing == Some(Closing::SignOff) && self.signatures(at) {
            return;
        }
        let introduces = !self.begun
            && match &block.kind {
                Kind::Entry(entry) => !is_contents(&entry.text),
                Kind::Text | Kind::Code { .. } | Kind::IndentedCode | Kind::Table => true,
                _ => false,
            };
        if introduces {
            self.introduction.push(at);
            return self.became(at, Became::Introduction);
        }
        let has_box = || self.lines[block.lines.clone()].iter().any(|line| marks::holds_box(line.body()));
        let why = match &block.kind {
            Kind::Rule => return,
            _ if self.closing == Some(Closing::Notes) => Why::Notes,
            Kind::Entry(entry) if is_contents(&entry.text) => Why::Contents,
            Kind::Entry(_) => Why::List,
            Kind::Code { .. } => Why::Code,
            Kind::IndentedCode => Why::IndentedCode,
            Kind::Html => Why::Html,
            Kind::Table => Why::Table,
            _ if has_box() => Why::BoxInText,
            _ => Why::Text,
        };
        self.leave(at, why);
    }

    /// Reads the roles that a block under "Sign-off" names. Gives whether there were any.
    fn signatures(&mut self, at: usize) -> bool {
        let block = &self.blocks[at];
        let first = block.lines.start;
        let named: Vec<(usize, RequiredRole)> = match &block.kind {
            Kind::Table => signatures::roles(&self.lines[block.lines.clone()])
                .into_iter()
                .map(|(line, role)| (first + line, role))
                .collect(),
            Kind::Entry(entry) => signatures::role(&entry.text).map(|role| (first, role)).into_iter().collect(),
            Kind::Text => {
                let lines = block.lines.clone();
                lines.filter_map(|line| signatures::role(self.lines[line].body()).map(|role| (line, role))).collect()
            }
            _ => Vec::new(),
        };
        if named.is_empty() {
            return false;
        }
        for (line, required) in &named {
            self.fates[*line] = Fate::Known(Became::RequiredRole(required.role.clone()));
            if self.roles.insert(required.role.clone()) {
                self.required_roles.push(required.clone());
            } else {
                self.notices.push(Notice::RoleTwice { line: line + 1, role: required.role.clone() });
            }
        }
        if matches!(block.kind, Kind::Text) {
            for line in block.lines.clone() {
                if !matches!(self.fates[line], Fate::Known(Became::RequiredRole(_))) {
                    self.leave_lines(line..line + 1, Why::Text);
                }
            }
        }
        true
    }

    /// Leaves a block out. The lines of one list are one thing that is left out.
    pub(super) fn leave(&mut self, at: usize, why: Why) {
        let block = &self.blocks[at];
        let in_list = (matches!(block.kind, Kind::Entry(_)) || block.parent.is_some()) && why != Why::EmptyBox;
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

    /// Leaves out what stood in a line that is kept otherwise.
    pub(super) fn leave_pieces(&mut self, line: usize, pieces: Vec<String>, why: Why) {
        self.left_out.extend(pieces.into_iter().map(|text| LeftOut { line, text, why }));
    }

    pub(super) fn leave_lines(&mut self, lines: Range<usize>, why: Why) {
        let first = lines.start;
        let text = self.lines[first].body().chars().take(EXCERPT).collect();
        self.left_out.push(LeftOut { line: first + 1, text, why });
        self.fates[lines].fill(Fate::Known(Became::LeftOut));
    }
}

/// Whether a line of a list is one of a table of contents: a link to a place in the same file.
fn is_contents(text: &str) -> bool {
    text.starts_with('[') && text.contains("](#") && text.ends_with(')')
}
