//! Items on their way into a checklist: where they stand, and what can be told of them only at the end.

use super::{
    Notice,
    attributes::Attributes,
    blocks::Block,
    guidance::{self, GUIDANCE},
    inline::{self, Definitions},
    keys::Keys,
    lines::Line,
};
use crate::domain::{
    checklist::{ChecklistItem, Importance, ItemKey, Part, Phase, Section},
    text::Title,
};

/// An item that was read, before all of its guidance and the other items' keys are known.
#[derive(Debug)]
pub(super) struct Draft {
    /// Its line, from 1.
    pub(super) line: usize,
    pub(super) title: Title,
    pub(super) ticked: bool,
    pub(super) said: Attributes,
    pub(super) under: Vec<Title>,
    /// Its whole text, when its title had to be cut.
    pub(super) whole: String,
    /// Guidance from the other columns of its table.
    pub(super) columns: String,
    /// What the title opens, where it is the summary of `<details>`.
    pub(super) details: String,
    /// The blocks that are its guidance.
    pub(super) notes: Vec<usize>,
    /// The links that were in its title.
    pub(super) links: Vec<String>,
}

impl Draft {
    fn item(self, key: ItemKey, text: &str, notices: &mut Vec<Notice>) -> ChecklistItem {
        let (guidance, cut) = guidance::markdown(text).unzip();
        if cut == Some(true) {
            notices.push(Notice::TextCut { line: self.line });
        }
        ChecklistItem {
            key,
            title: self.title,
            importance: self.said.importance.unwrap_or(Importance::Required),
            phase: self.said.phase.unwrap_or(Phase::Before),
            role: self.said.role,
            evidence_required: self.said.evidence,
            guidance,
            under: self.under,
        }
    }
}

/// Gives the items their keys and their guidance.
pub(super) fn finish(
    drafts: Vec<Draft>,
    lines: &[Line<'_>],
    blocks: &[Block<'_>],
    definitions: &Definitions,
    notices: &mut Vec<Notice>,
) -> Vec<ChecklistItem> {
    // The keys that the file gives come first, so that none made from a title stands in their way.
    let mut keys = Keys::default();
    let given: Vec<Option<ItemKey>> =
        drafts.iter().map(|draft| draft.said.key.clone().filter(|key| keys.take(key))).collect();
    let mut items = Vec::with_capacity(drafts.len());
    for (draft, given) in drafts.into_iter().zip(given) {
        let key = match (given, &draft.said.key) {
            (Some(key), _) => key,
            (None, Some(twice)) => {
                let became = keys.make(twice.as_str());
                notices.push(Notice::KeyTwice { line: draft.line, key: twice.clone(), became: became.clone() });
                became
            }
            (None, None) => keys.make(draft.title.as_str()),
        };
        let notes = guidance::text(lines, blocks, &draft.notes, GUIDANCE, definitions);
        let parts = [draft.whole.as_str(), &draft.details, &draft.columns, &notes, &draft.links.join("\n\n")];
        let guidance = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
        items.push(draft.item(key, &guidance, notices));
    }
    items
}

/// The level of the headings that groups in tables stand for: below those that Markdown has.
const GROUP_LEVEL: usize = 7;

/// A part that is being read.
struct OpenPart {
    title: Option<Title>,
    /// Its sections, each with the number of its items.
    sections: Vec<(Option<Title>, usize)>,
}

/// The parts and sections, as the headings make them.
pub(super) struct Place {
    part_level: usize,
    parts: Vec<OpenPart>,
    /// The headings below the part's above the current place, with their levels.
    headings: Vec<(usize, Option<Title>)>,
    /// Whether a heading has come since the last item.
    new_section: bool,
}

impl Place {
    pub(super) fn new(part_level: usize) -> Self {
        Self { part_level, parts: Vec::new(), headings: Vec::new(), new_section: true }
    }

    /// Goes on under a heading that items stand under.
    pub(super) fn heading(&mut self, level: usize, title: Option<Title>) {
        self.new_section = true;
        if level <= self.part_level {
            self.headings.clear();
            self.parts.push(OpenPart { title, sections: Vec::new() });
        } else {
            while self.headings.pop_if(|(above, _)| *above >= level).is_some() {}
            self.headings.push((level, title));
        }
    }

    /// Goes on in a group of a table's rows, as if under a heading below all others.
    pub(super) fn group(&mut self, title: Option<Title>) {
        self.end_groups();
        self.heading(GROUP_LEVEL, title);
    }

    /// Goes on behind a table, whose groups end with it.
    pub(super) fn end_groups(&mut self) {
        if self.headings.pop_if(|(level, _)| *level == GROUP_LEVEL).is_some() {
            self.new_section = true;
        }
    }

    /// Counts an item here.
    pub(super) fn item(&mut self) {
        let new_section = std::mem::take(&mut self.new_section);
        if self.parts.is_empty() {
            self.parts.push(OpenPart { title: None, sections: Vec::new() });
        }
        let Some(part) = self.parts.last_mut() else { return };
        if new_section || part.sections.is_empty() {
            let titles: Vec<&str> =
                self.headings.iter().filter_map(|(_, title)| title.as_ref()).map(Title::as_str).collect();
            part.sections.push((inline::title(&titles.join(" › ")).map(|(title, _)| title), 0));
        }
        if let Some((_, count)) = part.sections.last_mut() {
            *count += 1;
        }
    }

    /// The parts, with the items in the order in which they were counted.
    pub(super) fn parts(self, items: Vec<ChecklistItem>) -> Vec<Part> {
        let mut items = items.into_iter();
        let section = |(title, count)| Section { title, items: items.by_ref().take(count).collect() };
        let mut section = section;
        let part = |part: OpenPart| Part {
            title: part.title,
            sections: part.sections.into_iter().map(&mut section).collect(),
        };
        self.parts.into_iter().map(part).collect()
    }
}
