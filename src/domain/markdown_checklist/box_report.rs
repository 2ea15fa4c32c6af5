//! The boxes that are no items: each is listed with its line and the reason, wherever it is.

use std::{collections::BTreeSet, ops::Range};

use super::{
    LineMeaning, OmissionReason, attributes,
    blocks::BlockKind,
    boxes, doubtful_boxes,
    guidance::{GUIDANCE_FENCE, INTRODUCTION_FENCE},
    reader::{ChecklistReader, LineFate},
};

impl ChecklistReader<'_> {
    /// How many boxes are in a block that are no items.
    pub(super) fn count_boxes_in(&self, at: usize) -> usize {
        let block = &self.blocks[at];
        let bodies = |lines: &Range<usize>| self.lines[lines.clone()].iter().map(|line| line.unquoted().body());
        match &block.kind {
            // The dialect's own fences hold texts literally.
            BlockKind::Code { info, .. } if [GUIDANCE_FENCE, INTRODUCTION_FENCE].contains(info) => 0,
            BlockKind::Code { inside, .. } => boxes::count_boxes_in_code(bodies(inside)),
            // Here a line that begins with a box is no item, whatever the shape of its box.
            BlockKind::Html | BlockKind::Comment => {
                let begins = |body| boxes::begins_with_box(body) || doubtful_boxes::find_doubtful_box(body).is_some();
                let of_line = |body| boxes::count_boxes(body).max(usize::from(begins(body)));
                bodies(&block.lines).map(of_line).sum()
            }
            _ => bodies(&block.lines).map(boxes::count_boxes).sum(),
        }
    }

    /// The reason to report for the boxes in the first line of a text.
    pub(super) fn text_box_reason(&self, at: usize) -> Option<OmissionReason> {
        let body = self.lines[self.blocks[at].lines.start].body();
        match boxes::count_boxes(body) {
            0 => doubtful_boxes::find_doubtful_box(body),
            1 => Some(OmissionReason::BoxInText),
            _ => Some(OmissionReason::Choice),
        }
    }

    /// Reports which boxes in a block are no items, where the block itself is kept or left out for another reason.
    pub(super) fn report_boxes(&mut self, at: usize) {
        let block = &self.blocks[at];
        let count = self.count_boxes_in(at);
        let whole = match &block.kind {
            BlockKind::Code { .. } | BlockKind::Html | BlockKind::IndentedCode if count == 0 => return,
            BlockKind::Code { .. } => Some(OmissionReason::Code(count)),
            BlockKind::Html => Some(OmissionReason::Html(count)),
            _ => None,
        };
        if let Some(why) = whole {
            return self.report_omitted_piece(block.lines.start, why);
        }
        for line in block.lines.clone() {
            let mut listed = self.omissions.iter().rev().take_while(|left| left.line > line);
            if listed.any(|left| {
                left.line == line + 1
                    && matches!(
                        left.reason,
                        OmissionReason::BoxInText | OmissionReason::BoxInCode | OmissionReason::Choice
                    )
            }) {
                continue;
            }
            match boxes::count_boxes(self.lines[line].body()) {
                0 if boxes::count_boxes_in_spans(self.lines[line].body()) > 0 => {
                    self.report_omitted_piece(line, OmissionReason::BoxInCode);
                }
                0 => {}
                1 => self.report_omitted_piece(line, OmissionReason::BoxInText),
                _ => self.report_omitted_piece(line, OmissionReason::Choice),
            }
        }
    }

    /// Lists the lines with boxes that are no items and that no rule for what they are in has listed.
    pub(super) fn report_unlisted_boxes(&mut self) {
        let listed: BTreeSet<usize> = self.omissions.iter().map(|left| left.line).collect();
        let unread = self.omissions.iter().find(|left| left.reason == OmissionReason::TooManyItems);
        let end = unread.map_or(self.lines.len(), |left| left.line - 1);
        for block in self.blocks {
            // These are listed as a whole, by their first line.
            let whole = matches!(
                block.kind,
                BlockKind::Heading { .. }
                    | BlockKind::Code { .. }
                    | BlockKind::Html
                    | BlockKind::Comment
                    | BlockKind::FrontMatter
            );
            if whole {
                continue;
            }
            for line in block.lines.clone().filter(|line| *line < end && !listed.contains(&(line + 1))) {
                let body = self.lines[line].unquoted().body();
                let is_literal = attributes::read_attributes(body)
                    .is_some_and(|(_, attributes)| attributes.verbatim || attributes.context);
                let is_read = matches!(self.line_fates[line], LineFate::Item(_)) || is_literal;
                let is_box = boxes::count_boxes(body) > 0 || boxes::begins_with_box(body);
                let why =
                    if is_box { Some(OmissionReason::BoxInText) } else { doubtful_boxes::find_doubtful_box(body) };
                if let Some(why) = why.filter(|_| !is_read) {
                    self.report_omitted_piece(line, why);
                    if matches!(self.line_fates[line], LineFate::Final(LineMeaning::Nothing)) {
                        self.line_fates[line] = LineFate::Final(LineMeaning::Omitted);
                    }
                }
            }
        }
    }
}
