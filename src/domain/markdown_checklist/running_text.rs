//! Lines of running text: whether one goes on with the text above it, and what it is in.

use super::{
    blocks::{BlockKind, BlockScanner},
    boxes,
    line_shapes::{find_closing_run, find_unclosed, is_continued_on},
    lines::SourceLine,
};

impl<'a> BlockScanner<'a> {
    /// A line of running text: goes on with the text above, or begins its own.
    pub(super) fn scan_text(&mut self, line: SourceLine<'a>, parent: Option<usize>, depth: usize) {
        let (body, comment_end) = self.split_open_comment(line.body());
        let at = self.position;
        let mut inside = parent;
        let mut joined = false;
        let in_text = self.running_block.is_none_or(|at| matches!(self.blocks[at].kind, BlockKind::Text));
        // "and then:" above a box, no further right than the item before, says what comes next.
        let next_is_item = self.lines[..self.limit].get(at + 1).is_some_and(|next| boxes::begins_with_box(next.body()));
        let is_label = parent.is_none() && body.ends_with([':', '：']) && next_is_item;
        if let Some(running) = self.running_block {
            let last = self.blocks[running].lines.end - 1;
            let above = self.lines[last];
            let block = &mut self.blocks[running];
            match &mut block.kind {
                // A title does not continue on a line with a box.
                BlockKind::ListLine(entry)
                    if boxes::count_boxes(body) == 0
                        && !is_label
                        && (is_continued_on(&entry.text, above, body)
                            || is_span_closed_soon(&entry.text, &self.lines[at..self.limit])) =>
                {
                    entry.text.push_str(if entry.text.is_empty() { "" } else { " " });
                    entry.text.push_str(body);
                    joined = true;
                }
                // A note straight under an item is the item's, even when it isn't indented.
                BlockKind::ListLine(entry) => {
                    inside = if line.indent > entry.indent || parent.is_none() { Some(running) } else { parent }
                }
                BlockKind::Heading { .. }
                | BlockKind::Code { .. }
                | BlockKind::IndentedCode
                | BlockKind::Html
                | BlockKind::Comment => {}
                BlockKind::FrontMatter | BlockKind::Table | BlockKind::Rule | BlockKind::Definition { .. } => {}
                BlockKind::Text => joined = true,
            }
            if joined {
                block.lines.end = at + 1;
            }
        }
        // What is between the lines of a list does not end it, unless it says that something new follows.
        let labels_next = || {
            let next = self.lines[..self.limit].get(at + 1);
            parent.is_none() && next.is_some_and(|next| boxes::begins_with_box(next.body()))
        };
        if in_text && (body.ends_with([':', '：']) || labels_next()) {
            self.open_list_lines.truncate(depth);
        }
        if joined {
            self.position += 1;
        } else {
            self.push(BlockKind::Text, inside, at + 1);
            self.running_block = Some(self.blocks.len() - 1);
        }
        self.push_comment(comment_end, inside);
    }
}

/// Whether what an item's text leaves open (code, a link, emphasis) ends in the lines that follow.
fn is_span_closed_soon(text: &str, following: &[SourceLine<'_>]) -> bool {
    /// A span that runs on over more lines was left open by mistake.
    const LINES: usize = 4;
    const LONGEST: usize = 400;
    let Some(close) = find_unclosed(text) else { return false };
    let ends = |body: &str| match close.as_bytes() {
        [b'`', ..] => find_closing_run(body, &close).is_some(),
        _ => body.contains(&close),
    };
    following
        .iter()
        .take(LINES)
        .map(SourceLine::body)
        .take_while(|body| !body.is_empty() && body.len() <= LONGEST && boxes::read_opening(body).is_none())
        .any(ends)
}
