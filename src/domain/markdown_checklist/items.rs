//! Items on their way into a checklist: where they are, and what is known of them only at the end.

use std::collections::BTreeSet;

use super::{
    ParseNotice,
    attributes::ItemAttributes,
    blocks::MarkdownBlock,
    definitions::{self, LinkDefinitions},
    guidance::{self, GUIDANCE_FENCE},
    inline,
    keys::KeyAllocator,
    line_shapes::BOLD_HEADING_LEVEL,
    lines::SourceLine,
};
use crate::domain::{
    checklist::{ChecklistItem, ChecklistPart, ChecklistSection, Importance, ItemKey, MAX_DEPTH, Phase},
    text::{Markdown, Title},
};

/// What a line of a list passes on to what is nested in it.
#[derive(Debug, Clone, Default)]
pub(super) struct NestingContext {
    /// The titles above it and its own.
    pub(super) under: Vec<Title>,
    /// Whether some of them are left out, being too many.
    pub(super) too_deep: bool,
    /// The item whose guidance the text in it is.
    pub(super) item: Option<usize>,
    /// Whether what is nested in it names who signs.
    pub(super) names_signers: bool,
}

impl NestingContext {
    /// What a line with this title in it passes on.
    pub(super) fn nested_in(mut self, title: Option<Title>, item: Option<usize>) -> Self {
        self.item = item.or(self.item);
        if let Some(title) = title {
            self.too_deep = self.under.len() == MAX_DEPTH;
            if !self.too_deep {
                self.under.push(title);
            }
        }
        self
    }
}

/// An item that was read, before all of its guidance and the other items' keys are known.
#[derive(Debug)]
pub(super) struct UnfinishedItem {
    /// Its line, from 1.
    pub(super) line: usize,
    pub(super) title: Title,
    pub(super) ticked: bool,
    pub(super) attributes: ItemAttributes,
    pub(super) under: Vec<Title>,
    /// Its whole text, when its title had to be cut.
    pub(super) full_title: String,
    /// Guidance from the other columns of its table.
    pub(super) column_guidance: String,
    /// What the title opens, where it is the summary of `<details>`.
    pub(super) details: String,
    /// The blocks of its guidance, by index.
    pub(super) guidance_blocks: Vec<usize>,
    /// The links that were in its title.
    pub(super) links: Vec<String>,
}

impl UnfinishedItem {
    fn into_item(self, key: ItemKey, guidance: Option<Markdown>) -> ChecklistItem {
        ChecklistItem {
            key,
            title: self.title,
            importance: self.attributes.importance.unwrap_or(Importance::Required),
            phase: self.attributes.phase.unwrap_or(Phase::Before),
            role: self.attributes.role,
            evidence_required: self.attributes.evidence,
            guidance,
            under: self.under,
        }
    }
}

/// Guidance of which nothing would be seen, so that the item has none.
pub(super) struct UnseenGuidance {
    /// The line of the item, from 1.
    pub(super) line: usize,
    /// What it has from that line.
    pub(super) beside: String,
    /// The blocks of the rest.
    pub(super) blocks: Vec<usize>,
}

/// Gives the items their keys and their guidance.
pub(super) fn finish_items(
    drafts: Vec<UnfinishedItem>,
    lines: &[SourceLine<'_>],
    blocks: &[MarkdownBlock<'_>],
    definitions: &LinkDefinitions,
    used_labels: &mut BTreeSet<String>,
    notices: &mut Vec<ParseNotice>,
) -> (Vec<ChecklistItem>, Vec<UnseenGuidance>) {
    // The keys that the file gives come first, so that none made from a title is in their way.
    let mut keys = KeyAllocator::default();
    let given: Vec<Option<ItemKey>> =
        drafts.iter().map(|draft| draft.attributes.key.clone().filter(|key| keys.reserve(key))).collect();
    let (mut items, mut unseen) = (Vec::with_capacity(drafts.len()), Vec::new());
    for (draft, given) in drafts.into_iter().zip(given) {
        let key = match (given, &draft.attributes.key) {
            (Some(key), _) => key,
            (None, Some(twice)) => {
                let new_key = keys.allocate(twice.as_str());
                notices.push(ParseNotice::DuplicateKey {
                    line: draft.line,
                    key: twice.clone(),
                    new_key: new_key.clone(),
                });
                new_key
            }
            (None, None) => keys.allocate(draft.title.as_str()),
        };
        let notes =
            guidance::join_blocks(lines, blocks, &draft.guidance_blocks, GUIDANCE_FENCE, definitions, used_labels);
        // What a definition stands for may refer to others.
        let mut define = |text: String| definitions::append_definitions(text, definitions, used_labels);
        let columns = define([draft.details.as_str(), &draft.column_guidance].join("\n\n"));
        let links = define(draft.links.join("\n\n"));
        let parts = [draft.full_title.as_str(), columns.trim(), &notes, &links];
        let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
        let (guidance, is_cut) = guidance::to_markdown(&text).unzip();
        match is_cut {
            Some(true) => notices.push(ParseNotice::TextCut { line: draft.line }),
            None if !text.is_empty() => {
                let beside = [columns.trim(), &links].concat();
                unseen.push(UnseenGuidance { line: draft.line, beside, blocks: draft.guidance_blocks.clone() });
            }
            _ => {}
        }
        items.push(draft.into_item(key, guidance));
    }
    (items, unseen)
}

/// The level of the headings that groups in tables stand for: below all others.
const GROUP_LEVEL: usize = BOLD_HEADING_LEVEL + 1;

/// A part that is being read.
struct OpenPart {
    title: Option<Title>,
    /// Its sections, each with the number of its items.
    sections: Vec<(Option<Title>, usize)>,
}

/// The parts and sections, as the headings make them.
pub(super) struct OutlineBuilder {
    part_level: usize,
    into_parts: Vec<OpenPart>,
    /// The headings below the part's above the current place, with their levels.
    headings: Vec<(usize, Option<Title>)>,
    /// Whether a heading has come since the last item.
    starts_section: bool,
}

impl OutlineBuilder {
    pub(super) fn new(part_level: usize) -> Self {
        Self { part_level, into_parts: Vec::new(), headings: Vec::new(), starts_section: true }
    }

    /// Enters a heading that items are under.
    pub(super) fn enter_heading(&mut self, level: usize, title: Option<Title>) {
        self.starts_section = true;
        if level <= self.part_level {
            self.headings.clear();
            self.into_parts.push(OpenPart { title, sections: Vec::new() });
        } else {
            while self.headings.pop_if(|(above, _)| *above >= level).is_some() {}
            self.headings.push((level, title));
        }
    }

    /// Enters a group of a table's rows, as if under a heading below all others.
    pub(super) fn enter_group(&mut self, title: Option<Title>) {
        self.end_groups();
        self.enter_heading(GROUP_LEVEL, title);
    }

    /// Leaves a table, whose groups end with it.
    pub(super) fn end_groups(&mut self) {
        if self.headings.pop_if(|(level, _)| *level == GROUP_LEVEL).is_some() {
            self.starts_section = true;
        }
    }

    pub(super) fn count_item(&mut self) {
        let new_section = std::mem::take(&mut self.starts_section);
        if self.into_parts.is_empty() {
            self.into_parts.push(OpenPart { title: None, sections: Vec::new() });
        }
        let Some(part) = self.into_parts.last_mut() else { return };
        if new_section || part.sections.is_empty() {
            let titles: Vec<&str> =
                self.headings.iter().filter_map(|(_, title)| title.as_ref()).map(Title::as_str).collect();
            part.sections.push((inline::to_title(&titles.join(" › ")).map(|(title, _)| title), 0));
        }
        if let Some((_, count)) = part.sections.last_mut() {
            *count += 1;
        }
    }

    /// The parts, with the items in the order in which they were counted.
    pub(super) fn parts(self, items: Vec<ChecklistItem>) -> Vec<ChecklistPart> {
        let mut items = items.into_iter();
        let section = |(title, count)| ChecklistSection { title, items: items.by_ref().take(count).collect() };
        let mut section = section;
        let part = |part: OpenPart| ChecklistPart {
            title: part.title,
            sections: part.sections.into_iter().map(&mut section).collect(),
        };
        self.into_parts.into_iter().map(part).collect()
    }
}
