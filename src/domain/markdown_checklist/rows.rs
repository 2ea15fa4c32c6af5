//! Reads the rows of a table of checks into the checklist.

use super::{
    Became, Notice, Why, inline,
    outline::TableRow,
    read::{Fate, Reader, Row},
    tables,
};

impl Reader<'_> {
    /// Reads a table of checks.
    pub(super) fn table(&mut self, at: usize) -> bool {
        let block = &self.blocks[at];
        let around = block.parent.and_then(|parent| self.nests.get(&parent)).cloned().unwrap_or_default();
        let nested = around.item.is_some() || !around.under.is_empty();
        let mut within = around.clone();
        let header = block.lines.start;
        let header_is_row =
            self.outline.checks.get(&at).is_some_and(|rows| rows.first().is_some_and(|(line, _)| *line == header));
        if !header_is_row && tables::heads_with_boxes(self.lines[header].body()) {
            self.leave_piece(header, Why::BoxInHeading);
        }
        for (line, row) in self.outline.checks.remove(&at).unwrap_or_default() {
            match row {
                TableRow::Item { text, ticked, columns, has_choice } => {
                    self.begun = true;
                    let Some(item) = self.item(*text, Row { line: line + 1, ticked, columns }, &within) else {
                        self.leave_lines(line..self.lines.len(), Why::TooMany);
                        return false;
                    };
                    self.fates[line] = Fate::Item(item);
                    if has_choice {
                        self.leave_pieces(line + 1, vec![self.lines[line].body().to_owned()], Why::Choice);
                    }
                }
                TableRow::Group(inline) => {
                    let (title, cut) = inline::title(&inline.text).unzip();
                    if cut == Some(true) {
                        self.notices.push(Notice::TitleCut { line: line + 1 });
                    }
                    self.leave_pieces(line + 1, inline.links, Why::Link);
                    self.leave_comments(line + 1, inline.comments);
                    let became = if nested {
                        within = around.clone().with(title, None);
                        Became::Context
                    } else {
                        self.place.group(title);
                        Became::Section
                    };
                    self.fates[line] = Fate::Known(became);
                }
                TableRow::Left(why) => self.leave_lines(line..line + 1, why),
            }
        }
        self.place.end_groups();
        true
    }
}
