//! Blocks that nothing is read in line by line, since a box in one is no item: code, HTML, comments, front matter, lines
//! across; and tables, which are read as a whole. All that is found here is where they end.

use super::{
    blocks::{Block, Kind, Scanner},
    html,
    lines::Line,
    marks,
    shapes::{closes, fence, heading, is_delimiter_row, is_rule},
};

impl<'a> Scanner<'a> {
    /// A block at the beginning of the file, between lines of three hyphens (or plus signs), that describes it.
    pub(super) fn front_matter(&mut self) {
        let Some(fence) = self.lines.first().map(|line| line.text.trim_end()).filter(|t| matches!(*t, "---" | "+++"))
        else {
            return;
        };
        let describes = self.lines.get(1).is_some_and(|line| {
            let name = line.text.split([':', '=']).next().unwrap_or_default().trim_end();
            let named = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-. ".contains(c));
            (named && name.len() < line.text.len() && !name.starts_with("- ")) || line.text.starts_with('#')
        });
        let ends =
            |line: &Line<'_>| matches!(line.text.trim_end(), "..." if fence == "---") || line.text.trim_end() == fence;
        if let Some(end) = self.lines.iter().skip(1).position(ends).filter(|_| describes) {
            self.push(Kind::FrontMatter, None, end + 2);
        }
    }

    /// The block that begins here and has nothing to be read in it line by line, and where it ends.
    pub(super) fn opaque(&self, body: &'a str) -> Option<(Kind<'a>, usize)> {
        if body.starts_with("<!--") {
            let end = (self.at..self.limit).find(|at| self.lines[*at].text.contains("-->"));
            return Some((Kind::Comment, end.map_or(self.limit, |last| last + 1)));
        }
        if let Some(fence) = fence(body) {
            return Some(self.code(fence, self.lines[self.at].indent));
        }
        if is_rule(body) {
            return Some((Kind::Rule, self.at + 1));
        }
        if let Some(end) = html::begins(body, self.running.is_some()) {
            let bound = self.bound(self.lines[self.at].indent);
            let outside = |line: &Line<'_>| !line.is_blank() && line.indent < bound;
            let inside = self.lines[self.at + 1..self.limit].iter().position(outside);
            let limit = inside.map_or(self.limit, |count| self.at + 1 + count);
            return Some((Kind::Html, end.find(&self.lines, self.at, limit)));
        }
        let next = (self.at + 1 < self.limit).then(|| self.lines[self.at + 1].body())?;
        // A line of a list is one, whatever the next looks like.
        if !(body.contains('|') && is_delimiter_row(next)) || marks::opening(body).is_some() {
            return None;
        }
        let rows = self.lines[self.at + 2..self.limit].iter().take_while(|line| {
            let body = line.body();
            body.starts_with('|') || (body.contains('|') && marks::opening(body).is_none() && heading(body).is_none())
        });
        Some((Kind::Table, self.at + 2 + rows.count()))
    }

    /// A fenced block that begins on this line. It ends with its fence, or with the item that it stands in, or the file.
    pub(super) fn code(&self, (mark, length, info): (u8, usize, &'a str), indent: usize) -> (Kind<'a>, usize) {
        let bound = self.bound(indent);
        let first = self.at + 1;
        for at in first..self.limit {
            let line = self.lines[at];
            let body = line.body();
            if closes(body, mark, length) {
                return (Kind::Code { info, inside: first..at }, at + 1);
            }
            if !line.is_blank() && line.indent < bound {
                return (Kind::Code { info, inside: first..at }, at);
            }
        }
        (Kind::Code { info, inside: first..self.limit }, self.limit)
    }

    /// The column at which a line must begin to stand in the item that this column stands in.
    fn bound(&self, indent: usize) -> usize {
        let item = self.open.iter().rev().filter_map(|open| self.entry(*open)).find(|entry| entry.indent < indent);
        item.map_or(0, |entry| entry.content.min(indent))
    }

    pub(super) fn push_code(&mut self, parent: Option<usize>) {
        if let Some(Block { kind: Kind::IndentedCode, lines, parent: before }) = self.blocks.last_mut()
            && *before == parent
        {
            self.at += 1;
            lines.end = self.at;
        } else {
            self.push(Kind::IndentedCode, parent, self.at + 1);
        }
    }

    /// A text up to a comment that begins in it and ends on a later line, and that line.
    pub(super) fn without_open_comment(&self, text: &'a str) -> (&'a str, Option<usize>) {
        let open = text.rfind("<!--").filter(|at| {
            !text[*at..].contains("-->") && text[..*at].bytes().filter(|byte| *byte == b'`').count().is_multiple_of(2)
        });
        let end = self.comment_ends.get(self.at + 1).copied().flatten().filter(|end| *end < self.limit);
        match (open, end) {
            (Some(open), Some(end)) => (&text[..open], Some(end)),
            _ => (text, None),
        }
    }

    pub(super) fn skip_comment(&mut self, end: Option<usize>, parent: Option<usize>) {
        if let Some(end) = end {
            self.push(Kind::Comment, parent, end + 1);
        }
    }
}

/// For each line: the line on which a comment that is open there ends, when it does so before a blank line.
pub(super) fn comment_ends(lines: &[Line<'_>]) -> Vec<Option<usize>> {
    let mut ends = vec![None; lines.len()];
    let mut end = None;
    for (at, line) in lines.iter().enumerate().rev() {
        if line.is_blank() {
            end = None;
        } else if line.text.contains("-->") {
            end = Some(at);
        }
        ends[at] = end;
    }
    ends
}
