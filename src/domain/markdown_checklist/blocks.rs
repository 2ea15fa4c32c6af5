//! The blocks of a file: headings, lines of lists, tables, code, HTML, text, and which line of a list each is in.
//!
//! This is CommonMark as far as it says what is *not* a checklist: code fences, indented code, HTML and comments end
//! and begin as the specification has them, so that boxes in them are left alone. It departs where people do. There, a
//! line is nested when its marker is at least two columns further right (three under `1.`), a deeply indented one
//! is running text, and `1) ☐`, `•` or a box without a marker is no list at all. Here a line is nested under the nearest
//! line above that begins further left, by however little or much, and every such box counts; what else is between
//! the lines of a list, however little indented, does not end it.

use std::ops::Range;

use super::{
    attributes, boxes,
    definitions::LinkTarget,
    line_shapes::{BOLD_HEADING_LEVEL, parse_fence, parse_heading, parse_marked_heading, read_bold_title},
    lines::SourceLine,
    sign_off,
};

/// A stretch of lines that belong together, such as a paragraph, a line of a list or a table.
#[derive(Debug)]
pub(super) struct MarkdownBlock<'a> {
    pub(super) kind: BlockKind<'a>,
    /// Its lines, by index.
    pub(super) lines: Range<usize>,
    /// The line of a list that it is in, by the index of its block.
    pub(super) parent: Option<usize>,
}

#[derive(Debug)]
pub(super) enum BlockKind<'a> {
    /// A heading, from level 1.
    Heading {
        level: usize,
        text: String,
    },
    /// One line of a list, with or without a box, and the lines that its text runs on to.
    ListLine(ListLine),
    /// Running text, or a quotation.
    Text,
    /// A fenced block of code: the word after the fence, and the lines between.
    Code {
        info: &'a str,
        inside: Range<usize>,
    },
    IndentedCode,
    Html,
    Comment,
    FrontMatter,
    /// A table: its header, the line below that, and its rows.
    Table,
    /// A horizontal line, such as `---`.
    Rule,
    /// `[label]: address`, or a footnote with its text.
    Definition {
        label: &'a str,
        target: LinkTarget,
    },
}

#[derive(Debug)]
pub(super) struct ListLine {
    /// The column of its marker.
    pub(super) indent: usize,
    /// The column in which its text begins, right of the marker.
    pub(super) text_column: usize,
    /// Whether its box is ticked, when it has one.
    pub(super) ticked: Option<bool>,
    /// Its text, on one line.
    pub(super) text: String,
}

/// Splits the lines of a file into blocks, which refer to the returned lines by index.
pub(super) fn scan_blocks<'a>(lines: Vec<SourceLine<'a>>) -> (Vec<SourceLine<'a>>, Vec<MarkdownBlock<'a>>) {
    let mut scanner = BlockScanner {
        comment_ends: find_comment_ends(&lines),
        ticks_as_boxes: Vec::with_capacity(lines.len()),
        limit: lines.len(),
        lines,
        blocks: Vec::new(),
        open_list_lines: Vec::new(),
        running_block: None,
        open_before_quote: None,
        end_box_limit: 0,
        position: 0,
    };
    scanner.find_ticks_beside_bare_boxes();
    scanner.scan_front_matter();
    while scanner.position < scanner.lines.len() {
        scanner.scan_next();
    }
    scanner.read_ticks_beside_boxes();
    (scanner.lines, scanner.blocks)
}

/// Goes through the lines and finds the blocks.
pub(super) struct BlockScanner<'a> {
    pub(super) lines: Vec<SourceLine<'a>>,
    /// For each line: the line on which a comment open there ends, when it does so before a blank line.
    pub(super) comment_ends: Vec<Option<usize>>,
    /// For each line: whether a tick at its beginning, without a marker, is a box.
    pub(super) ticks_as_boxes: Vec<bool>,
    pub(super) blocks: Vec<MarkdownBlock<'a>>,
    /// The lines of lists that something may still be nested in, outermost first; each begins further right than the
    /// one before.
    pub(super) open_list_lines: Vec<usize>,
    /// The block whose text the next line may run on from.
    pub(super) running_block: Option<usize>,
    /// How many lists were open when the quotation that is being read began.
    pub(super) open_before_quote: Option<usize>,
    /// Where the paragraph ends of which each line ends in a box.
    end_box_limit: usize,
    /// Where the quotation ends, or the file.
    pub(super) limit: usize,
    pub(super) position: usize,
}

impl<'a> BlockScanner<'a> {
    fn scan_next(&mut self) {
        if self.position >= self.limit {
            self.limit = self.lines.len();
            self.running_block = None;
            self.open_list_lines.truncate(self.open_before_quote.take().unwrap_or(usize::MAX));
        }
        let line = self.lines[self.position];
        if line.is_blank() {
            self.running_block = None;
            self.position += 1;
            return;
        }
        let (depth, parent) = self.find_parent(line.indent);
        let content = parent.and_then(|parent| self.list_line(parent)).map_or(0, |entry| entry.text_column);
        let body = line.body();
        let deep = depth == self.open_list_lines.len() && line.indent >= content + 4;
        if self.running_block.is_none() && deep && !boxes::begins_with_box(line.unquoted().body()) {
            return self.push_indented_code(parent);
        }
        if self.open_before_quote.is_none() && body.starts_with('>') {
            return self.scan_quotation(parent);
        }
        // A heading within the text of an item is part of that text.
        let outside = parent.is_none() || line.indent < content;
        if let Some(level) = self.underline_level(line, body) {
            return self.finish_underlined_heading(level);
        }
        let heading =
            || parse_heading(body).or_else(|| parse_marked_heading(body)).or_else(|| self.bold_heading(body, parent));
        if let Some((level, text)) = outside.then(heading).flatten() {
            self.open_list_lines.clear();
            return self.push(BlockKind::Heading { level, text: text.to_owned() }, None, self.position + 1);
        }
        if let Some((kind, end)) = self.find_opaque_block(body) {
            return self.push(kind, parent, end);
        }
        // A role's line, read literally, is in bold and may begin with what looks like a box or a deeper list.
        let is_role = || {
            body.strip_prefix("**").is_some_and(|rest| !rest.starts_with(char::is_whitespace))
                && attributes::read_attributes(body).is_some_and(|(_, attributes)| attributes.verbatim)
        };
        let marked = boxes::read_opening(body).filter(|opening| self.may_begin_list(opening));
        let opened = marked.or_else(|| boxes::read_bare_box(body)).or_else(|| self.read_bare_tick(body, parent));
        if let Some(opening) = opened.or_else(|| self.read_line_end_box(body)).filter(|_| !is_role()) {
            let indent = line.marker_indent() + opening.lead;
            let (depth, parent) = self.find_parent(indent);
            self.open_list_lines.truncate(depth);
            return self.push_list_line(opening, indent, parent);
        }
        if let Some((label, target, end)) = self.scan_definition(body).filter(|_| parent.is_none()) {
            return self.push(BlockKind::Definition { label, target }, None, end);
        }
        self.scan_text(line, parent, depth);
    }

    /// How many of the open lines begin further left than this column, and the innermost of them.
    fn find_parent(&self, indent: usize) -> (usize, Option<usize>) {
        let depth = self
            .open_list_lines
            .partition_point(|open| self.list_line(*open).is_some_and(|entry| entry.indent < indent));
        (depth, depth.checked_sub(1).map(|last| self.open_list_lines[last]))
    }

    pub(super) fn list_line(&self, block: usize) -> Option<&ListLine> {
        match &self.blocks[block].kind {
            BlockKind::ListLine(entry) => Some(entry),
            _ => None,
        }
    }

    /// Adds a block that ends before the line `end`, and goes on there.
    pub(super) fn push(&mut self, kind: BlockKind<'a>, parent: Option<usize>, end: usize) {
        self.blocks.push(MarkdownBlock { kind, lines: self.position..end, parent });
        self.running_block = None;
        self.position = end;
    }

    /// Takes the marks off a quotation that has boxes in it, so that it is read like the rest. One without stays as it
    /// is.
    fn scan_quotation(&mut self, parent: Option<usize>) {
        let quoted = self.lines[self.position..].iter().take_while(|line| line.body().starts_with('>')).count();
        let end = self.position + quoted;
        let has_boxes = self.lines[self.position..end].iter().any(|line| {
            let body = line.unquoted().body();
            boxes::begins_with_box(body) || (body.starts_with('|') && boxes::count_boxes(body) > 0)
        });
        if has_boxes {
            for line in &mut self.lines[self.position..end] {
                *line = line.unquoted();
            }
            self.open_before_quote = Some(self.open_list_lines.len());
            self.limit = end;
            self.running_block = None;
        } else {
            self.push(BlockKind::Text, parent, end);
        }
    }

    /// The level of the heading that this line makes of the text above it, by underlining it.
    fn underline_level(&self, line: SourceLine<'_>, body: &str) -> Option<usize> {
        let above = &self.blocks[self.running_block?];
        let level = match body.as_bytes() {
            [b'=', rest @ ..] if rest.iter().all(|byte| *byte == b'=') => 1,
            [b'-', rest @ ..] if !rest.is_empty() && rest.iter().all(|byte| *byte == b'-') => 2,
            _ => return None,
        };
        (line.indent < 4 && above.parent.is_none() && matches!(above.kind, BlockKind::Text)).then_some(level)
    }

    fn finish_underlined_heading(&mut self, level: usize) {
        if let Some(above) = self.running_block.and_then(|at| self.blocks.get_mut(at)) {
            let text: Vec<&str> = self.lines[above.lines.clone()].iter().map(SourceLine::body).collect();
            above.kind = BlockKind::Heading { level, text: text.join(" ") };
            above.lines.end = self.position + 1;
        }
        self.open_list_lines.clear();
        self.running_block = None;
        self.position += 1;
    }

    /// Whether a list may begin on this line: running text is not ended by a plain line that happens to begin with a
    /// number.
    fn may_begin_list(&self, opening: &boxes::LineOpening<'_>) -> bool {
        let in_text = self.running_block.is_some_and(|at| matches!(self.blocks[at].kind, BlockKind::Text));
        !(in_text && (opening.continues_numbering || (opening.ticked.is_none() && opening.text.is_empty())))
    }

    fn push_list_line(&mut self, opening: boxes::LineOpening<'a>, indent: usize, parent: Option<usize>) {
        let content = indent + opening.width;
        let attributes = attributes::read_attributes(opening.text);
        // A line that says it is literal is, even where it looks like an item.
        let (opening, literal) = match &attributes {
            Some((_, attributes)) if attributes.context && opening.has_marker => {
                (to_context_opening(self.lines[self.position].body(), opening), true)
            }
            Some((_, attributes)) => (opening, attributes.verbatim),
            None => (opening, false),
        };
        let end_box = boxes::read_end_box(opening.text).filter(|_| !literal && opening.ticked.is_none());
        let opening = match end_box {
            Some((ticked, text)) => boxes::LineOpening { ticked: Some(ticked), text, ..opening },
            None => opening,
        };
        let opening = match opening.ticked.filter(|_| !literal) {
            Some(ticked) => {
                let (again, text) = boxes::skip_more_boxes(opening.text);
                boxes::LineOpening { ticked: Some(ticked || again), text, ..opening }
            }
            None => opening,
        };
        let nested =
            boxes::read_opening(opening.text).filter(|n| !literal && opening.ticked.is_none() && n.ticked.is_some());
        let fence = parse_fence(opening.text).filter(|_| !literal && opening.ticked.is_none());
        let (text, comment_end) = match nested {
            Some(_) => ("", None),
            None if literal || fence.is_some() => (opening.text, None),
            None => self.split_open_comment(opening.text),
        };
        let details = if literal || opening.ticked.is_none() { 0 } else { self.lines_of_details(text) };
        let within = &self.lines[self.position + 1..self.position + 1 + details];
        let text = within.iter().fold(text.trim().to_owned(), |text, line| text + "\n" + line.body());
        let block = self.blocks.len();
        let entry = ListLine { indent, text_column: content, ticked: opening.ticked, text };
        self.blocks.push(MarkdownBlock {
            kind: BlockKind::ListLine(entry),
            lines: self.position..self.position + 1 + details,
            parent,
        });
        self.open_list_lines.push(block);
        if let Some(nested) = nested {
            // "- - [ ] a": an item on the line of the one it is nested in.
            return self.push_list_line(nested, content, Some(block));
        }
        self.running_block = (!literal).then_some(block);
        if let Some(fence) = fence {
            let (code, end) = self.find_code_block(fence, content);
            self.position += 1;
            if end > self.position {
                self.push(code, Some(block), end);
            }
        } else {
            self.position += 1 + details;
        }
        self.push_comment(comment_end, Some(block));
    }

    /// A line in bold on its own above items, which people write where a heading is meant.
    fn bold_heading(&self, body: &'a str, parent: Option<usize>) -> Option<(usize, &'a str)> {
        if parent.is_some() || self.running_block.is_some() || boxes::count_boxes(body) > 0 {
            return None;
        }
        let title = read_bold_title(body)?;
        let below = self.lines[self.position + 1..self.limit].iter();
        let next = below.map(|line| line.unquoted().body()).find(|body| !body.is_empty())?;
        (boxes::begins_with_box(next) && !sign_off::is_field(title)).then_some((BOLD_HEADING_LEVEL, title))
    }

    /// A tick that begins a line without a marker, where empty boxes begin others.
    fn read_bare_tick(&self, body: &'a str, parent: Option<usize>) -> Option<boxes::LineOpening<'a>> {
        let text = boxes::read_lone_tick(body).filter(|_| parent.is_none() && self.ticks_as_boxes[self.position])?;
        Some(boxes::LineOpening::from_bare_box(true, text))
    }

    /// A line of a paragraph in which each line ends in a box.
    fn read_line_end_box(&mut self, body: &'a str) -> Option<boxes::LineOpening<'a>> {
        if self.running_block.is_none() && self.position >= self.end_box_limit {
            let lines = &self.lines[self.position..self.limit];
            let ends_in_box = |line: &&SourceLine<'_>| boxes::read_end_box(line.body()).is_some();
            let count = lines.iter().take_while(ends_in_box).count();
            if count > 1 && lines.get(count).is_none_or(SourceLine::is_blank) {
                self.end_box_limit = self.position + count;
            }
        }
        let (ticked, text) = boxes::read_end_box(body).filter(|_| self.position < self.end_box_limit)?;
        Some(boxes::LineOpening::from_bare_box(ticked, text))
    }

    /// How many of the next lines belong to the `<details>` that an item's text opens: up to its end, or the next blank
    /// line or box.
    fn lines_of_details(&self, text: &str) -> usize {
        let (text, below) = (text.to_ascii_lowercase(), &self.lines[self.position + 1..self.limit]);
        if !text.contains("<details") || text.contains("</details") {
            return 0;
        }
        let ends = |line: &SourceLine<'_>| {
            let body = line.body();
            body.is_empty() || boxes::begins_with_box(body) || boxes::count_boxes(body) > 0
        };
        let most = below.iter().position(ends).unwrap_or(below.len());
        let closes = |line: &SourceLine<'_>| line.text.to_ascii_lowercase().contains("</details");
        below[..most].iter().position(closes).map_or(most, |last| last + 1)
    }
}

/// What a line says that is a context: its text literally, a box too.
fn to_context_opening<'a>(body: &'a str, opening: boxes::LineOpening<'a>) -> boxes::LineOpening<'a> {
    let marker = body.find(char::is_whitespace).unwrap_or(body.len());
    boxes::LineOpening { ticked: None, text: body[marker..].trim_start(), ..opening }
}

/// For each line: the line on which a comment that is open there ends, when it does so before a blank line.
fn find_comment_ends(lines: &[SourceLine<'_>]) -> Vec<Option<usize>> {
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
