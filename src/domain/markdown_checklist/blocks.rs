//! The blocks of a file: headings, lines of lists, tables, code, HTML, text, and which line of a list each stands in.
//!
//! This is CommonMark as far as it says what is *not* a checklist: code fences, indented code, HTML and comments end
//! and begin as the specification has them, so that boxes in them are left alone. It departs where people do. There, a
//! line is nested when its marker stands at least two columns further right (three under `1.`), a deeply indented one
//! is running text, and `1) ☐`, `•` or a box without a marker is no list at all. Here a line is nested under the nearest
//! line above that begins further left, by however little or much, and every such box counts; what else stands between
//! the lines of a list, however little indented, does not end it.

use std::{collections::BTreeSet, ops::Range};

use super::{
    attributes,
    lines::Line,
    marks,
    opaque::comment_ends,
    shapes::{closing_run, definition, fence, heading, left_open, runs_on},
};

/// One block.
#[derive(Debug)]
pub(super) struct Block<'a> {
    pub(super) kind: Kind<'a>,
    /// Its lines, by index.
    pub(super) lines: Range<usize>,
    /// The line of a list that it stands in, by the index of its block.
    pub(super) parent: Option<usize>,
}

/// What a block is.
#[derive(Debug)]
pub(super) enum Kind<'a> {
    /// A heading, from level 1.
    Heading {
        level: usize,
        text: String,
    },
    /// One line of a list, with or without a box, and the lines that its text runs on to.
    Entry(Entry),
    /// Running text, or a quotation.
    Text,
    /// A fenced block of code: the word after the fence, and the lines between.
    Code {
        info: &'a str,
        inside: Range<usize>,
    },
    /// Code by its indent.
    IndentedCode,
    Html,
    Comment,
    FrontMatter,
    /// A table: its header, the line below that, and its rows.
    Table,
    /// A line across.
    Rule,
    /// `[label]: address`.
    Definition {
        label: &'a str,
        address: &'a str,
    },
}

/// One line of a list.
#[derive(Debug)]
pub(super) struct Entry {
    /// The column of its marker.
    pub(super) indent: usize,
    /// The column of its text.
    pub(super) content: usize,
    /// Whether its box is ticked, when it has one.
    pub(super) ticked: Option<bool>,
    /// Its text, on one line.
    pub(super) text: String,
}

/// Finds the blocks.
pub(super) fn scan<'a>(lines: Vec<Line<'a>>) -> (Vec<Line<'a>>, Vec<Block<'a>>) {
    let mut scanner = Scanner {
        comment_ends: comment_ends(&lines),
        limit: lines.len(),
        lines,
        blocks: Vec::new(),
        open: Vec::new(),
        running: None,
        quote: None,
        at: 0,
    };
    scanner.front_matter();
    while scanner.at < scanner.lines.len() {
        scanner.step();
    }
    tick_beside_boxes(&scanner.lines, &mut scanner.blocks);
    (scanner.lines, scanner.blocks)
}

/// Goes through the lines and finds the blocks.
pub(super) struct Scanner<'a> {
    pub(super) lines: Vec<Line<'a>>,
    /// For each line: the line on which a comment open there ends, when it does so before a blank line.
    pub(super) comment_ends: Vec<Option<usize>>,
    pub(super) blocks: Vec<Block<'a>>,
    /// The lines of lists that something may still be nested in, outermost first; each begins further right than the
    /// one before.
    pub(super) open: Vec<usize>,
    /// The block whose text the next line may run on from.
    pub(super) running: Option<usize>,
    /// How many lists were open when the quotation that is being read began.
    pub(super) quote: Option<usize>,
    /// Where the quotation ends, or the file.
    pub(super) limit: usize,
    pub(super) at: usize,
}

impl<'a> Scanner<'a> {
    fn step(&mut self) {
        if self.at >= self.limit {
            self.limit = self.lines.len();
            self.running = None;
            self.open.truncate(self.quote.take().unwrap_or(usize::MAX));
        }
        let line = self.lines[self.at];
        if line.is_blank() {
            self.running = None;
            self.at += 1;
            return;
        }
        let (depth, parent) = self.nest(line.indent);
        let content = parent.and_then(|parent| self.entry(parent)).map_or(0, |entry| entry.content);
        let body = line.body();
        let deep = depth == self.open.len() && line.indent >= content + 4;
        if self.running.is_none() && deep && !marks::begins_item(line.unquoted().body()) {
            return self.push_code(parent);
        }
        if self.quote.is_none() && body.starts_with('>') {
            return self.quotation(parent);
        }
        // A heading within the text of an item is part of that text.
        let outside = parent.is_none() || line.indent < content;
        if let Some(level) = self.underline(line, body) {
            return self.end_heading(level);
        }
        if let Some((level, text)) = heading(body).filter(|_| outside) {
            self.open.clear();
            return self.push(Kind::Heading { level, text: text.to_owned() }, None, self.at + 1);
        }
        if let Some((kind, end)) = self.opaque(body) {
            return self.push(kind, parent, end);
        }
        let marked = marks::opening(body).filter(|opening| self.begins_here(opening));
        // A role's line, taken to the letter, is in bold and may begin with what looks like a box.
        let is_role = || body.starts_with("**") && attributes::read(body).is_some_and(|(_, said)| said.verbatim);
        if let Some(opening) = marked.or_else(|| marks::bare(body).filter(|_| !is_role())) {
            let indent = line.marker_indent() + opening.lead;
            let (depth, parent) = self.nest(indent);
            self.open.truncate(depth);
            return self.push_entry(opening, indent, parent);
        }
        if let Some((label, address)) = definition(body).filter(|_| parent.is_none()) {
            return self.push(Kind::Definition { label, address }, None, self.at + 1);
        }
        self.text(line, parent, depth);
    }

    /// How many of the open lines begin further left than this column, and the innermost of them.
    fn nest(&self, indent: usize) -> (usize, Option<usize>) {
        let depth = self.open.partition_point(|open| self.entry(*open).is_some_and(|entry| entry.indent < indent));
        (depth, depth.checked_sub(1).map(|last| self.open[last]))
    }

    pub(super) fn entry(&self, block: usize) -> Option<&Entry> {
        match &self.blocks[block].kind {
            Kind::Entry(entry) => Some(entry),
            _ => None,
        }
    }

    /// Adds a block that ends before the line `end`, and goes on there.
    pub(super) fn push(&mut self, kind: Kind<'a>, parent: Option<usize>, end: usize) {
        self.blocks.push(Block { kind, lines: self.at..end, parent });
        self.running = None;
        self.at = end;
    }

    /// Takes the marks off a quotation that has boxes in it, so that it is read like the rest. One without stays as it
    /// is.
    fn quotation(&mut self, parent: Option<usize>) {
        let quoted = self.lines[self.at..].iter().take_while(|line| line.body().starts_with('>')).count();
        let end = self.at + quoted;
        let has_boxes = self.lines[self.at..end].iter().any(|line| {
            let body = line.unquoted().body();
            marks::begins_item(body) || (body.starts_with('|') && marks::count_boxes(body) > 0)
        });
        if has_boxes {
            for line in &mut self.lines[self.at..end] {
                *line = line.unquoted();
            }
            self.quote = Some(self.open.len());
            self.limit = end;
            self.running = None;
        } else {
            self.push(Kind::Text, parent, end);
        }
    }

    /// The level of the heading that this line makes of the text above it, by underlining it.
    fn underline(&self, line: Line<'_>, body: &str) -> Option<usize> {
        let above = &self.blocks[self.running?];
        let level = match body.as_bytes() {
            [b'=', rest @ ..] if rest.iter().all(|byte| *byte == b'=') => 1,
            [b'-', rest @ ..] if !rest.is_empty() && rest.iter().all(|byte| *byte == b'-') => 2,
            _ => return None,
        };
        (line.indent < 4 && above.parent.is_none() && matches!(above.kind, Kind::Text)).then_some(level)
    }

    fn end_heading(&mut self, level: usize) {
        if let Some(above) = self.running.and_then(|at| self.blocks.get_mut(at)) {
            let text: Vec<&str> = self.lines[above.lines.clone()].iter().map(Line::body).collect();
            above.kind = Kind::Heading { level, text: text.join(" ") };
            above.lines.end = self.at + 1;
        }
        self.open.clear();
        self.running = None;
        self.at += 1;
    }

    /// Whether a list may begin on this line: running text is not ended by a plain line that happens to begin with a
    /// number.
    fn begins_here(&self, opening: &marks::Opening<'_>) -> bool {
        let in_text = self.running.is_some_and(|at| matches!(self.blocks[at].kind, Kind::Text));
        !(in_text && (opening.numbered_on || (opening.ticked.is_none() && opening.text.is_empty())))
    }

    fn push_entry(&mut self, opening: marks::Opening<'a>, indent: usize, parent: Option<usize>) {
        let content = indent + opening.width;
        let attributes = attributes::read(opening.text);
        // A line that says it is to be taken to the letter is, even where it looks like an item.
        let (opening, literal) = match &attributes {
            Some((_, said)) if said.context && opening.marked => {
                (as_context(self.lines[self.at].body(), opening), true)
            }
            Some((_, said)) => (opening, said.verbatim),
            None => (opening, false),
        };
        let opening = match opening.ticked.filter(|_| !literal) {
            Some(ticked) => {
                let (again, text) = marks::more_boxes(opening.text);
                marks::Opening { ticked: Some(ticked || again), text, ..opening }
            }
            None => opening,
        };
        let nested =
            marks::opening(opening.text).filter(|n| !literal && opening.ticked.is_none() && n.ticked.is_some());
        let fence = fence(opening.text).filter(|_| !literal && opening.ticked.is_none());
        let (text, comment_end) = match nested {
            Some(_) => ("", None),
            None if literal || fence.is_some() => (opening.text, None),
            None => self.without_open_comment(opening.text),
        };
        let details = if literal || opening.ticked.is_none() { 0 } else { self.lines_of_details(text) };
        let within = &self.lines[self.at + 1..self.at + 1 + details];
        let text = within.iter().fold(text.trim().to_owned(), |text, line| text + "\n" + line.body());
        let block = self.blocks.len();
        let entry = Entry { indent, content, ticked: opening.ticked, text };
        self.blocks.push(Block { kind: Kind::Entry(entry), lines: self.at..self.at + 1 + details, parent });
        self.open.push(block);
        if let Some(nested) = nested {
            // "- - [ ] a": an item on the line of the one it is nested in.
            return self.push_entry(nested, content, Some(block));
        }
        self.running = (!literal).then_some(block);
        if let Some(fence) = fence {
            let (code, end) = self.code(fence, content);
            self.at += 1;
            if end > self.at {
                self.push(code, Some(block), end);
            }
        } else {
            self.at += 1 + details;
        }
        self.skip_comment(comment_end, Some(block));
    }

    /// How many of the next lines belong to the `<details>` that an item's text opens: up to its end, or the next blank
    /// line or box.
    fn lines_of_details(&self, text: &str) -> usize {
        let (text, below) = (text.to_ascii_lowercase(), &self.lines[self.at + 1..self.limit]);
        if !text.contains("<details") || text.contains("</details") {
            return 0;
        }
        let ends = |line: &Line<'_>| {
            let body = line.body();
            body.is_empty() || marks::begins_item(body) || marks::count_boxes(body) > 0
        };
        let most = below.iter().position(ends).unwrap_or(below.len());
        let closes = |line: &Line<'_>| line.text.to_ascii_lowercase().contains("</details");
        below[..most].iter().position(closes).map_or(most, |last| last + 1)
    }

    /// A line of running text: goes on with the text above, or begins its own.
    fn text(&mut self, line: Line<'a>, parent: Option<usize>, depth: usize) {
        let (body, comment_end) = self.without_open_comment(line.body());
        let at = self.at;
        let mut inside = parent;
        let mut joined = false;
        let in_text = self.running.is_none_or(|at| matches!(self.blocks[at].kind, Kind::Text));
        // "and then:" above a box, no further right than the item before, says what comes next.
        let next_is_item = self.lines[..self.limit].get(at + 1).is_some_and(|next| marks::begins_item(next.body()));
        let is_label = parent.is_none() && body.ends_with([':', '：']) && next_is_item;
        if let Some(running) = self.running {
            let last = self.blocks[running].lines.end - 1;
            let above = self.lines[last];
            let block = &mut self.blocks[running];
            match &mut block.kind {
                // A line with a box is none that a title runs on to.
                Kind::Entry(entry)
                    if marks::count_boxes(body) == 0
                        && !is_label
                        && (runs_on(&entry.text, above, body)
                            || span_ends(&entry.text, &self.lines[at..self.limit])) =>
                {
                    entry.text.push_str(if entry.text.is_empty() { "" } else { " " });
                    entry.text.push_str(body);
                    joined = true;
                }
                // A note straight under an item is the item's, even when it isn't indented.
                Kind::Entry(entry) => {
                    inside = if line.indent > entry.indent || parent.is_none() { Some(running) } else { parent }
                }
                Kind::Heading { .. } | Kind::Code { .. } | Kind::IndentedCode | Kind::Html | Kind::Comment => {}
                Kind::FrontMatter | Kind::Table | Kind::Rule | Kind::Definition { .. } => {}
                Kind::Text => joined = true,
            }
            if joined {
                block.lines.end = at + 1;
            }
        }
        // What stands between the lines of a list does not end it, unless it says that something new follows.
        let labels_next = || {
            let next = self.lines[..self.limit].get(at + 1);
            parent.is_none() && next.is_some_and(|next| marks::begins_item(next.body()))
        };
        if in_text && (body.ends_with([':', '：']) || labels_next()) {
            self.open.truncate(depth);
        }
        if joined {
            self.at += 1;
        } else {
            self.push(Kind::Text, inside, at + 1);
            self.running = Some(self.blocks.len() - 1);
        }
        self.skip_comment(comment_end, inside);
    }
}

/// Whether what an item's text leaves open (code, a link, emphasis) ends in the lines that follow.
fn span_ends(text: &str, following: &[Line<'_>]) -> bool {
    /// A span that runs on over more lines was left open by mistake.
    const LINES: usize = 4;
    const LONGEST: usize = 400;
    let Some(close) = left_open(text) else { return false };
    let ends = |body: &str| match close.as_bytes() {
        [b'`', ..] => closing_run(body, &close).is_some(),
        _ => body.contains(&close),
    };
    following
        .iter()
        .take(LINES)
        .map(Line::body)
        .take_while(|body| !body.is_empty() && body.len() <= LONGEST && marks::opening(body).is_none())
        .any(ends)
}

/// Takes ticks for boxes in those lists where empty boxes stand beside them ("⬜ to do", "✅ done"), from one heading
/// to the next, and letters in brackets in those where boxes do ("[N/A] no mail"). Elsewhere they are decoration.
fn tick_beside_boxes(lines: &[Line<'_>], blocks: &mut [Block<'_>]) {
    let nests: BTreeSet<usize> = blocks.iter().filter_map(|block| block.parent).collect();
    let mut first = 0;
    for section in blocks.chunk_by_mut(|_, next| !matches!(next.kind, Kind::Heading { .. })) {
        let is_boxed = |block: &&Block<'_>| matches!(&block.kind, Kind::Entry(entry) if entry.ticked.is_some());
        let boxed: BTreeSet<Option<usize>> = section.iter().filter(is_boxed).map(|block| block.parent).collect();
        for (at, block) in section.iter_mut().enumerate() {
            if let Kind::Entry(entry) = &mut block.kind
                && entry.ticked.is_none()
                && boxed.contains(&block.parent)
                && !nests.contains(&(first + at))
                && let Some((ticked, text)) = marks::lettered_box(&entry.text)
                && attributes::read(text).is_none_or(|(_, said)| !said.context)
            {
                entry.text = text.to_owned();
                entry.ticked = Some(ticked);
            }
        }
        first += section.len();
        let glyphs = section.iter().any(|block| {
            matches!(&block.kind, Kind::Entry(entry) if entry.ticked.is_some())
                && marks::begins_with_empty_glyph(lines[block.lines.start].body())
        });
        for block in section.iter_mut().filter(|_| glyphs) {
            if let Kind::Entry(entry) = &mut block.kind
                && entry.ticked.is_none()
                && let Some(text) = marks::tick_alone(&entry.text)
                && attributes::read(text).is_none_or(|(_, said)| !said.context)
            {
                entry.text = text.to_owned();
                entry.ticked = Some(true);
            }
        }
    }
}

/// What a line says that is a context: its text to the letter, a box too.
fn as_context<'a>(body: &'a str, opening: marks::Opening<'a>) -> marks::Opening<'a> {
    let marker = body.find(char::is_whitespace).unwrap_or(body.len());
    marks::Opening { ticked: None, text: body[marker..].trim_start(), ..opening }
}
