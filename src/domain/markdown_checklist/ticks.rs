//! Ticks and letters that are boxes only because boxes are beside them.

use std::collections::BTreeSet;

use super::{
    attributes,
    blocks::{BlockKind, BlockScanner, MarkdownBlock},
    boxes,
    line_shapes::parse_heading,
    lines::SourceLine,
};

impl BlockScanner<'_> {
    /// Takes ticks for boxes in those lists where empty boxes are beside them ("⬜ to do", "✅ done"), from one heading
    /// to the next, and letters in brackets in those where boxes do ("[N/A] no mail"). Elsewhere they are decoration.
    pub(super) fn read_ticks_beside_boxes(&mut self) {
        let (lines, blocks) = (&self.lines, &mut self.blocks);
        let nests: BTreeSet<usize> = blocks.iter().filter_map(|block| block.parent).collect();
        let mut first = 0;
        for section in blocks.chunk_by_mut(|_, next| !matches!(next.kind, BlockKind::Heading { .. })) {
            let is_boxed = |block: &&MarkdownBlock<'_>| matches!(&block.kind, BlockKind::ListLine(entry) if entry.ticked.is_some());
            let boxed: BTreeSet<Option<usize>> = section.iter().filter(is_boxed).map(|block| block.parent).collect();
            for (at, block) in section.iter_mut().enumerate() {
                if let BlockKind::ListLine(entry) = &mut block.kind
                    && entry.ticked.is_none()
                    && boxed.contains(&block.parent)
                    && !nests.contains(&(first + at))
                    && let Some((ticked, text)) = boxes::lettered_box(&entry.text)
                    && attributes::read_attributes(text).is_none_or(|(_, attributes)| !attributes.context)
                {
                    entry.text = text.to_owned();
                    entry.ticked = Some(ticked);
                }
            }
            first += section.len();
            let glyphs = section.iter().any(|block| {
                matches!(&block.kind, BlockKind::ListLine(entry) if entry.ticked.is_some())
                    && boxes::begins_with_empty_glyph(lines[block.lines.start].body())
            });
            for block in section.iter_mut().filter(|_| glyphs) {
                if let BlockKind::ListLine(entry) = &mut block.kind
                    && entry.ticked.is_none()
                    && let Some(text) = boxes::read_lone_tick(&entry.text)
                    && attributes::read_attributes(text).is_none_or(|(_, attributes)| !attributes.context)
                {
                    entry.text = text.to_owned();
                    entry.ticked = Some(true);
                }
            }
        }
    }

    /// For each line: whether a tick at its beginning is a box, since empty boxes without a marker begin other lines
    /// between the same two headings.
    pub(super) fn find_ticks_beside_bare_boxes(&mut self) {
        for section in self.lines.chunk_by(|_, next| parse_heading(next.body()).is_none()) {
            // What is indented may be the text of an item.
            let is_box = |line: &SourceLine<'_>| line.indent < 2 && boxes::is_empty_glyph(line.unquoted().body());
            let has_box = section.iter().any(is_box);
            self.ticks_as_boxes.resize(self.ticks_as_boxes.len() + section.len(), has_box);
        }
    }
}
