//! Blocks that nothing is read in line by line, since a box in one is no item: code, HTML, comments, front matter, lines
//! across; and tables, which are read as a whole. All that is found here is where they end.

use super::{
    blocks::{BlockKind, BlockScanner, MarkdownBlock},
    boxes, html,
    line_shapes::{is_closing_fence, is_delimiter_row, is_rule, parse_fence, parse_heading},
    lines::SourceLine,
    table_grid::{is_grid_border, is_grid_line, is_row_with_box},
};

impl<'a> BlockScanner<'a> {
    /// A block at the beginning of the file, between lines of three hyphens (or plus signs), that describes it.
    pub(super) fn scan_front_matter(&mut self) {
        let Some(fence) = self.lines.first().map(|line| line.text.trim_end()).filter(|t| matches!(*t, "---" | "+++"))
        else {
            return;
        };
        let describes = self.lines.get(1).is_some_and(|line| {
            let name = line.text.split([':', '=']).next().unwrap_or_default().trim_end();
            let named = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-. ".contains(c));
            (named && name.len() < line.text.len() && !name.starts_with("- ")) || line.text.starts_with('#')
        });
        let ends = |line: &SourceLine<'_>| {
            matches!(line.text.trim_end(), "..." if fence == "---") || line.text.trim_end() == fence
        };
        if let Some(end) = self.lines.iter().skip(1).position(ends).filter(|_| describes) {
            self.push(BlockKind::FrontMatter, None, end + 2);
        }
    }

    /// The block that begins here and has nothing to be read in it line by line, and where it ends.
    pub(super) fn find_opaque_block(&self, body: &'a str) -> Option<(BlockKind<'a>, usize)> {
        if body.starts_with("<!--") {
            let end = (self.position..self.limit).find(|at| self.lines[*at].text.contains("-->"));
            return Some((BlockKind::Comment, end.map_or(self.limit, |last| last + 1)));
        }
        if let Some(fence) = parse_fence(body) {
            return Some(self.find_code_block(fence, self.lines[self.position].indent));
        }
        if is_rule(body) {
            return Some((BlockKind::Rule, self.position + 1));
        }
        if let Some(end) = html::block_end(body, self.running_block.is_some()) {
            let bound = self.bound(self.lines[self.position].indent);
            let outside = |line: &SourceLine<'_>| !line.is_blank() && line.indent < bound;
            let inside = self.lines[self.position + 1..self.limit].iter().position(outside);
            let limit = inside.map_or(self.limit, |count| self.position + 1 + count);
            return Some((BlockKind::Html, end.find_end(&self.lines, self.position, limit)));
        }
        let next = (self.position + 1 < self.limit).then(|| self.lines[self.position + 1].body());
        if is_grid_border(body) && next.is_some_and(|next| next.starts_with('|')) {
            let drawn = self.lines[self.position..self.limit].iter().take_while(|line| is_grid_line(line.body()));
            return Some((BlockKind::Table, self.position + drawn.count()));
        }
        // A line of a list is one, whatever the next looks like.
        if !(body.contains('|') && next.is_some_and(is_delimiter_row)) || boxes::read_opening(body).is_some() {
            return self.find_undelimited_table(body);
        }
        let rows = self.lines[self.position + 2..self.limit].iter().take_while(|line| {
            let body = line.body();
            body.starts_with('|')
                || (body.contains('|') && boxes::read_opening(body).is_none() && parse_heading(body).is_none())
        });
        Some((BlockKind::Table, self.position + 2 + rows.count()))
    }

    /// A table without the row below its header that Markdown wants: lines between bars, with a box in some cell.
    fn find_undelimited_table(&self, body: &str) -> Option<(BlockKind<'a>, usize)> {
        // The lines of a text were looked at when it began.
        let goes_on =
            self.position > 0 && self.running_block.is_some() && self.lines[self.position - 1].body().starts_with('|');
        if !body.starts_with('|') || goes_on {
            return None;
        }
        let below = |at: &usize| {
            let is_header = self.lines.get(at + 1).is_some_and(|next| is_delimiter_row(next.body()));
            self.lines[*at].body().starts_with('|') && !is_header
        };
        let end = (self.position..self.limit).take_while(below).last()? + 1;
        let has_box = self.lines[self.position..end].iter().any(|line| is_row_with_box(line.body()));
        has_box.then_some((BlockKind::Table, end))
    }

    /// A fenced block that begins on this line. It ends with its fence, or with the item that it is in, or the file.
    pub(super) fn find_code_block(
        &self,
        (mark, length, info): (u8, usize, &'a str),
        indent: usize,
    ) -> (BlockKind<'a>, usize) {
        let bound = self.bound(indent);
        let first = self.position + 1;
        for at in first..self.limit {
            let line = self.lines[at];
            let body = line.body();
            if is_closing_fence(body, mark, length) {
                return (BlockKind::Code { info, inside: first..at }, at + 1);
            }
            if !line.is_blank() && line.indent < bound {
                return (BlockKind::Code { info, inside: first..at }, at);
            }
        }
        (BlockKind::Code { info, inside: first..self.limit }, self.limit)
    }

    /// The column at which a line must begin to be in the item that this column is in.
    fn bound(&self, indent: usize) -> usize {
        let item = self
            .open_list_lines
            .iter()
            .rev()
            .filter_map(|open| self.list_line(*open))
            .find(|entry| entry.indent < indent);
        item.map_or(0, |entry| entry.text_column.min(indent))
    }

    pub(super) fn push_indented_code(&mut self, parent: Option<usize>) {
        if let Some(MarkdownBlock { kind: BlockKind::IndentedCode, lines, parent: before }) = self.blocks.last_mut()
            && *before == parent
        {
            self.position += 1;
            lines.end = self.position;
        } else {
            self.push(BlockKind::IndentedCode, parent, self.position + 1);
        }
    }

    /// A text up to a comment that begins in it and ends on a later line, and that line.
    pub(super) fn split_open_comment(&self, text: &'a str) -> (&'a str, Option<usize>) {
        let open = text.rfind("<!--").filter(|at| {
            !text[*at..].contains("-->") && text[..*at].bytes().filter(|byte| *byte == b'`').count().is_multiple_of(2)
        });
        let end = self.comment_ends.get(self.position + 1).copied().flatten().filter(|end| *end < self.limit);
        match (open, end) {
            (Some(open), Some(end)) => (&text[..open], Some(end)),
            _ => (text, None),
        }
    }

    pub(super) fn push_comment(&mut self, end: Option<usize>, parent: Option<usize>) {
        if let Some(end) = end {
            self.push(BlockKind::Comment, parent, end + 1);
        }
    }
}
