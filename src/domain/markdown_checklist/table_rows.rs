//! Reads the rows of a table of checks into the checklist.

use super::{
    LineMeaning, OmissionReason, ParseNotice, inline,
    line_shapes::is_delimiter_row,
    outline::CheckTableRow,
    reader::{ChecklistReader, ItemSource, LineFate},
    table_grid::{self, TableRows},
    tables,
};

impl ChecklistReader<'_> {
    pub(super) fn read_check_table(&mut self, at: usize) -> bool {
        let block = &self.blocks[at];
        let around = block.parent.and_then(|parent| self.nesting_contexts.get(&parent)).cloned().unwrap_or_default();
        let nested = around.item.is_some() || !around.under.is_empty();
        let mut within = around.clone();
        let first = block.lines.start;
        let (header, titles) = TableRows::split(&self.lines[block.lines.clone()])
            .map_or_else(|| (first, Vec::new()), |table| (first + table.header.0, table.header.1));
        let header_is_row =
            self.outline.checks.get(&at).is_some_and(|rows| rows.first().is_some_and(|(line, _)| *line == header));
        if !header_is_row && tables::heads_with_boxes(&titles) {
            self.report_omitted_piece(header, OmissionReason::BoxInHeading);
        }
        for (line, row) in self.outline.checks.remove(&at).unwrap_or_default() {
            match row {
                CheckTableRow::Item { text, ticked, columns, has_choice } => {
                    self.has_begun = true;
                    let Some(item) =
                        self.add_item(*text, ItemSource { line: line + 1, ticked, column_guidance: columns }, &within)
                    else {
                        self.omit_lines(line..self.lines.len(), OmissionReason::TooManyItems);
                        return false;
                    };
                    self.line_fates[line] = LineFate::Item(item);
                    if has_choice {
                        self.omit_pieces(line + 1, vec![self.lines[line].body().to_owned()], OmissionReason::Choice);
                    }
                }
                CheckTableRow::Group { inline, has_more } => {
                    let (title, cut) = inline::to_title(&inline.text).unzip();
                    if cut == Some(true) {
                        self.notices.push(ParseNotice::TitleCut { line: line + 1 });
                    }
                    self.omit_beside_title(line + 1, inline);
                    if has_more {
                        self.report_omitted_piece(line, OmissionReason::Text);
                    }
                    let meaning = if nested {
                        within = around.clone().nested_in(title, None);
                        LineMeaning::Context
                    } else {
                        self.outline_builder.enter_group(title);
                        LineMeaning::Section
                    };
                    self.line_fates[line] = LineFate::Final(meaning);
                }
                CheckTableRow::Omitted(why) => self.omit_lines(line..line + 1, why),
            }
        }
        self.outline_builder.end_groups();
        self.mark_wrapped_rows(at, header);
        true
    }

    /// Gives the lines on which a row of a grid goes on what the row's first line became.
    fn mark_wrapped_rows(&mut self, at: usize, header: usize) {
        for line in header + 1..self.blocks[at].lines.end {
            let body = self.lines[line].body();
            let is_unread = matches!(self.line_fates[line], LineFate::Final(LineMeaning::Nothing));
            if is_unread && !table_grid::is_grid_border(body) && !is_delimiter_row(body) {
                self.line_fates[line] = self.line_fates[line - 1].clone();
            }
        }
    }
}
