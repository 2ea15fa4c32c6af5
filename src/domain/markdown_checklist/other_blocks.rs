//! What is neither heading nor item nor names who signs: guidance, introduction; and the rest, which is left
//! out with the reason. A box in any of these is no item; each is reported wherever it is.

use std::ops::Range;

use super::{
    LineMeaning, Omission, OmissionReason,
    blocks::BlockKind,
    boxes,
    definitions::LinkTarget,
    doubtful_boxes, guidance,
    inline::InlineText,
    reader::{ChecklistReader, LineFate},
};

impl ChecklistReader<'_> {
    /// Reads what is neither heading nor item: guidance, if it is under an item; else who signs, introduction, or
    /// what explains the item above or below.
    pub(super) fn read_other_block(&mut self, at: usize) {
        let block = &self.blocks[at];
        let nest = block.parent.and_then(|parent| self.nesting_contexts.get(&parent));
        if self.is_closing_html(at) {
            return;
        }
        if let Some(item) = nest.and_then(|nest| nest.item) {
            // Beside an item, a line of the same list is about that one, not about what both are nested in.
            let beside = self
                .last_item
                .filter(|_| matches!(block.kind, BlockKind::ListLine(_)) && block.parent == self.last_item_parent);
            return self.add_guidance(beside.unwrap_or(item), at);
        }
        let in_list = nest.is_some_and(|nest| nest.names_signers);
        let signs = in_list || self.scope.is_sign_off();
        if self.has_begun && ((signs && self.read_signing_roles(at, in_list)) || self.read_sign_off_label(at)) {
            return;
        }
        if matches!(block.kind, BlockKind::Rule) {
            self.last_item = None;
            return;
        }
        let lines = &self.lines[block.lines.clone()];
        if let [only] = lines
            && is_alert_marker(only.body())
        {
            return;
        }
        let explains = match &block.kind {
            BlockKind::ListLine(entry) => !is_contents_link(&entry.text),
            BlockKind::Text | BlockKind::Code { .. } | BlockKind::IndentedCode => true,
            _ => false,
        };
        let holds_boxes = self.count_boxes_in(at) > 0;
        if !self.has_begun && (explains || matches!(block.kind, BlockKind::Table)) {
            // Code with boxes in it is more likely a checklist than a part of what introduces one.
            if !(holds_boxes && matches!(block.kind, BlockKind::Code { .. })) {
                self.introduction.push(at);
                self.set_meaning(at, LineMeaning::Introduction);
                return self.report_boxes(at);
            }
        } else if explains && !self.scope.is_notes() {
            match self.last_item.filter(|_| !self.introduces_next(at)) {
                Some(item) => self.add_guidance(item, at),
                None => {
                    self.pending_blocks.push((if self.heading_has_items { usize::MAX } else { self.heading_level }, at))
                }
            }
            return;
        }
        self.omit_other_block(at);
    }

    /// Leaves out what explains nothing.
    fn omit_other_block(&mut self, at: usize) {
        let block = &self.blocks[at];
        let why = match &block.kind {
            _ if self.scope.is_notes() => OmissionReason::Notes,
            BlockKind::ListLine(entry) if is_contents_link(&entry.text) => OmissionReason::TableOfContents,
            BlockKind::ListLine(_) => {
                doubtful_boxes::find_doubtful_box(self.lines[block.lines.start].body()).unwrap_or(OmissionReason::List)
            }
            BlockKind::Code { .. } => OmissionReason::Code(self.count_boxes_in(at)),
            BlockKind::IndentedCode => OmissionReason::IndentedCode,
            BlockKind::Html => OmissionReason::Html(self.count_boxes_in(at)),
            BlockKind::Table => OmissionReason::Table,
            _ => self.text_box_reason(at).unwrap_or(OmissionReason::Text),
        };
        self.omit_block(at, why);
        if !matches!(why, OmissionReason::Code(_) | OmissionReason::Html(_)) {
            self.report_boxes(at);
        }
    }

    /// Makes a block the guidance of an item.
    pub(super) fn add_guidance(&mut self, item: usize, at: usize) {
        self.unfinished_items[item].guidance_blocks.push(at);
        self.line_fates[self.blocks[at].lines.clone()].fill(LineFate::Guidance(item));
        self.report_boxes(at);
    }

    /// Leaves out what waits for an item under a heading of this level or a smaller one: another heading has come.
    pub(super) fn omit_pending(&mut self, level: usize) {
        let keep = self.pending_blocks.partition_point(|(under, _)| *under < level);
        for (_, at) in self.pending_blocks.split_off(keep) {
            self.omit_other_block(at);
        }
    }

    /// Whether a block of HTML only closes what was opened before.
    fn is_closing_html(&self, at: usize) -> bool {
        let block = &self.blocks[at];
        matches!(block.kind, BlockKind::Html)
            && self.lines[block.lines.clone()].iter().all(|line| {
                let name = line.body().strip_prefix("</").and_then(|rest| rest.strip_suffix('>'));
                name.is_some_and(|name| name.chars().all(|c| c.is_ascii_alphanumeric()))
            })
    }

    /// Whether a text says what the items below it are about: it ends in a colon, or they follow without an empty line.
    fn introduces_next(&self, at: usize) -> bool {
        let block = &self.blocks[at];
        let Some(next) = self.blocks.get(at + 1).filter(|_| matches!(block.kind, BlockKind::Text)) else {
            return false;
        };
        let is_item = match &next.kind {
            BlockKind::ListLine(entry) => entry.ticked.is_some(),
            BlockKind::Table => true,
            _ => false,
        };
        let last = self.lines[block.lines.end - 1].body().trim_end_matches(['*', '_']);
        let above = at.checked_sub(1).map(|above| &self.blocks[above]);
        let below_item = above
            .is_some_and(|above| above.lines.end == block.lines.start && matches!(above.kind, BlockKind::ListLine(_)));
        let touches = block.lines.end == next.lines.start && !below_item;
        is_item && (touches || last.ends_with([':', '：']))
    }

    /// Leaves a block out. The lines of one list are one thing that is left out.
    pub(super) fn omit_block(&mut self, at: usize, why: OmissionReason) {
        let block = &self.blocks[at];
        let names_boxes = matches!(
            why,
            OmissionReason::EmptyBox
                | OmissionReason::Choice
                | OmissionReason::AnswerChoice
                | OmissionReason::BoxInText
                | OmissionReason::BoxIsLink
                | OmissionReason::Comment(1..)
                | OmissionReason::Code(1..)
                | OmissionReason::Html(1..)
        );
        let in_list = (matches!(block.kind, BlockKind::ListLine(_)) || block.parent.is_some()) && !names_boxes;
        let goes_on = in_list && at > 0 && self.last_omitted_list_block == Some(at - 1);
        if in_list {
            self.last_omitted_list_block = Some(at);
        }
        if goes_on {
            self.set_meaning(at, LineMeaning::Omitted);
        } else {
            self.omit_lines(block.lines.clone(), why);
        }
    }

    /// Reads a definition. Those that nothing refers to are left out at the end.
    pub(super) fn read_definition(&mut self, at: usize, label: &str, target: &LinkTarget) {
        // "[//]: # (a comment)" is the one comment that Markdown itself has.
        if matches!(label, "//" | "comment") && matches!(target.address.as_str(), "#" | "") {
            return self.omit_block(at, OmissionReason::Comment(self.count_boxes_in(at)));
        }
        self.report_boxes(at);
    }

    /// Leaves out the definitions that nothing in the checklist refers to, and those of a label that is defined before.
    pub(super) fn omit_unused_definitions(&mut self) {
        for (at, block) in self.blocks.iter().enumerate() {
            let BlockKind::Definition { label, target } = &block.kind else { continue };
            let label = label.to_lowercase();
            let is_listed = matches!(self.line_fates[block.lines.start], LineFate::Final(LineMeaning::Omitted));
            let is_used = self.used_labels.contains(&label) && self.definitions.get(&label) == Some(target);
            if !is_listed && !is_used {
                self.omit_block(at, OmissionReason::Text);
            }
        }
    }

    /// Leaves out blocks that make a text of which nothing would be seen, such as a picture.
    pub(super) fn omit_unseen(&mut self, blocks: &[usize]) {
        blocks.iter().for_each(|at| self.omit_block(*at, OmissionReason::Text));
    }

    /// Leaves out comments that were in a line that is kept otherwise.
    pub(super) fn omit_comments(&mut self, line: usize, comments: Vec<String>) {
        for text in comments {
            let why = OmissionReason::Comment(boxes::count_boxes(&text));
            self.omissions.push(Omission { line, text: guidance::excerpt(&text), reason: why });
        }
    }

    /// Leaves out what was in the line of a title that has no guidance.
    pub(super) fn omit_beside_title(&mut self, line: usize, inline: InlineText) {
        self.used_labels.extend(inline.labels);
        self.omit_pieces(line, inline.links, OmissionReason::Link);
        self.omit_comments(line, inline.comments);
        let details = Some(inline.details).filter(|details| !details.is_empty());
        self.omit_pieces(line, details.into_iter().collect(), OmissionReason::Text);
    }

    /// Leaves out what was in a line that is kept otherwise.
    pub(super) fn omit_pieces(&mut self, line: usize, pieces: Vec<String>, why: OmissionReason) {
        let pieces = pieces.iter().map(|text| Omission { line, text: guidance::excerpt(text), reason: why });
        self.omissions.extend(pieces);
    }

    /// Reports of a line that is kept, or left out for another reason, that something in it is not taken.
    pub(super) fn report_omitted_piece(&mut self, line: usize, why: OmissionReason) {
        let text = guidance::excerpt(self.lines[line].body());
        self.omissions.push(Omission { line: line + 1, text, reason: why });
    }

    pub(super) fn omit_lines(&mut self, lines: Range<usize>, why: OmissionReason) {
        let first = lines.start;
        let text = guidance::excerpt(self.lines[first].body());
        self.omissions.push(Omission { line: first + 1, text, reason: why });
        self.line_fates[lines].fill(LineFate::Final(LineMeaning::Omitted));
    }
}

/// Whether a line says only that the quotation or block it begins (or ends) is a note, a warning or the like.
fn is_alert_marker(body: &str) -> bool {
    let inside = body
        .strip_prefix("[!")
        .and_then(|rest| rest.strip_suffix(']'))
        .or_else(|| [":::", "!!!", "???"].iter().find_map(|mark| body.strip_prefix(mark)).map(str::trim));
    inside.is_some_and(|word| word.chars().all(|c| c.is_ascii_alphabetic()))
}

/// Whether a line of a list is one of a table of contents: a link to a place in the same file.
fn is_contents_link(text: &str) -> bool {
    text.starts_with('[') && text.contains("](#") && text.ends_with(')')
}
