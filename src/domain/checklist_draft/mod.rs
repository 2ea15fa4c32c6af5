//! A draft: the next version of a checklist while people work on it.
//!
//! It holds what a checklist holds, with an id on every part, section and item, so that each can be edited by itself and
//! by several people at once. [`ChecklistDraft::apply`] makes an [`DraftEdit`] or says why not; [`ChecklistDraft::checklist`]
//! is what would be published; [`ChecklistDraft::faults`] is what keeps it from that.
//!
//! The draft's version rises with every edit, and everything in it is stamped with the version of its own last change.
//! An edit says which version its author had before them, and is stale only when the very thing it is about has changed
//! since: two people who work on two items never meet.
//!
//! What is removed is kept beside the rest until the draft is published, and can be brought back.

mod arrange;
mod content;
mod edit;
mod nesting;
mod positions;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::edit::{DraftEdit, DraftEditError, DraftItemFields, ItemNesting, MoveDirection};
use super::{
    checklist::{Checklist, ChecklistError, ChecklistItem, ChecklistPart, ChecklistSection, RequiredRole},
    ids::{ChecklistId, NodeId},
    text::{Markdown, Title},
};

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecklistDraft {
    /// Rises with every edit, and never falls: a checklist's drafts count on, one from where the last ended. It is kept
    /// beside the draft's content, and not in it.
    #[serde(skip)]
    pub version: i64,
    /// Its version when it began: what has a later stamp was changed in it.
    pub began: i64,
    /// The number of the published version that it began from.
    pub base: i32,
    /// The checklist's name.
    pub name: Title,
    /// What it is for.
    pub introduction: Option<Markdown>,
    /// The stamp of name and introduction.
    pub described: i64,
    /// The roles that must sign, in order.
    pub required_roles: Vec<RequiredRole>,
    /// The stamp of who must sign.
    pub signing: i64,
    /// Its parts, in order.
    pub parts: Vec<DraftPart>,
    /// When a part was last added, moved or removed.
    pub arranged: i64,
    /// What was removed, the latest last.
    pub removed: Vec<RemovedNode>,
}

/// A part of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftPart {
    /// Its id.
    pub id: NodeId,
    /// Whether it was added in this draft.
    pub is_new: bool,
    /// Its heading.
    pub title: Option<Title>,
    /// The heading's stamp.
    pub changed: i64,
    /// When a section was last added, moved or removed here.
    pub arranged: i64,
    /// Its sections, in order.
    pub sections: Vec<DraftSection>,
}

/// A section of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftSection {
    /// Its id.
    pub id: NodeId,
    /// Whether it was added in this draft.
    pub is_new: bool,
    /// Its heading.
    pub title: Option<Title>,
    /// The heading's stamp.
    pub changed: i64,
    /// When an item was last added, moved or removed here.
    pub arranged: i64,
    /// Its items, in order.
    pub items: Vec<DraftItem>,
}

/// An item of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftItem {
    /// Its id.
    pub id: NodeId,
    /// The stamp of what it says.
    pub changed: i64,
    /// Where its key is from.
    pub key_from: KeyFrom,
    /// What it says.
    pub item: ChecklistItem,
}

/// Where the key of an item is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyFrom {
    /// A published version: it is kept whatever becomes of the title.
    Published,
    /// The title of a new item, which it follows until it is published.
    Title,
    /// Somebody who chose it for a new item.
    Choice,
}

/// Something that was removed, with where it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedNode {
    /// What.
    pub node: DraftNode,
    /// What it stood in; nothing for a part.
    pub from: Option<NodeId>,
    /// At which place there, from 0.
    pub at: usize,
}

/// A part, section or item by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftNode {
    /// A part with all its sections.
    Part(DraftPart),
    /// A section with all its items.
    Section(DraftSection),
    /// An item.
    Item(DraftItem),
}

/// What keeps a draft from being published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftFault {
    /// A part has no item.
    #[error("The part “{1}” has no item. Add one, or remove the part.")]
    EmptyPart(NodeId, Title),
    /// A section has no item.
    #[error("The section “{1}” has no item. Add one, or remove the section.")]
    EmptySection(NodeId, Title),
    /// Something about the whole.
    #[error(transparent)]
    Checklist(#[from] ChecklistError),
}

/// The most parts, and the most sections, that a draft may have: a published one has an item for each.
pub const MAX_HEADINGS: usize = super::checklist::MAX_ITEMS;

/// The most bytes of all its texts, so that it can be exported and imported again.
pub const MAX_TEXT: usize = 2_000_000;

/// The most removed things that are kept, of no more than [`MAX_TEXT`] either: the oldest go first.
pub const MAX_REMOVED: usize = 200;

impl ChecklistDraft {
    /// The draft that says what a published version says. The ids in it are told from the checklist and the keys, so
    /// that they are the same each time.
    #[must_use]
    pub fn from_version(checklist: ChecklistId, content: &Checklist, number: i32, version: i64) -> Self {
        let id = |name: String| NodeId(Uuid::new_v5(&checklist.uuid(), name.as_bytes()));
        let item = |item: &ChecklistItem| DraftItem {
            id: id(format!("item {}", item.key)),
            changed: version,
            key_from: KeyFrom::Published,
            item: item.clone(),
        };
        let section = |part: usize, at: usize, section: &ChecklistSection| DraftSection {
            id: id(format!("section {part}.{at}")),
            is_new: false,
            title: section.title.clone(),
            changed: version,
            arranged: version,
            items: section.items.iter().map(item).collect(),
        };
        let part = |(at, part): (usize, &ChecklistPart)| DraftPart {
            id: id(format!("part {at}")),
            is_new: false,
            title: part.title.clone(),
            changed: version,
            arranged: version,
            sections: part.sections.iter().enumerate().map(|(n, of)| section(at, n, of)).collect(),
        };
        Self {
            version,
            began: version,
            base: number,
            name: content.name.clone(),
            introduction: content.introduction.clone(),
            described: version,
            required_roles: content.required_roles.clone(),
            signing: version,
            parts: content.parts.iter().enumerate().map(part).collect(),
            arranged: version,
            removed: Vec::new(),
        }
    }

    /// What would be published.
    #[must_use]
    pub fn checklist(&self) -> Checklist {
        let section = |section: &DraftSection| ChecklistSection {
            title: section.title.clone(),
            items: section.items.iter().map(|item| item.item.clone()).collect(),
        };
        let part = |part: &DraftPart| ChecklistPart {
            title: part.title.clone(),
            sections: part.sections.iter().map(section).collect(),
        };
        Checklist {
            name: self.name.clone(),
            introduction: self.introduction.clone(),
            parts: self.parts.iter().map(part).collect(),
            required_roles: self.required_roles.clone(),
        }
    }

    /// Everything that keeps it from being published; nothing when it can be.
    #[must_use]
    pub fn faults(&self) -> Vec<DraftFault> {
        if self.items().next().is_none() {
            return vec![DraftFault::Checklist(ChecklistError::Empty)];
        }
        let mut faults = Vec::new();
        for part in &self.parts {
            let title = part.title.clone().unwrap_or_else(|| self.name.clone());
            if part.sections.iter().all(|section| section.items.is_empty()) {
                faults.push(DraftFault::EmptyPart(part.id, title));
                continue;
            }
            let empty = part.sections.iter().filter(|section| section.items.is_empty());
            faults.extend(empty.map(|section| {
                DraftFault::EmptySection(section.id, section.title.clone().unwrap_or_else(|| title.clone()))
            }));
        }
        if faults.is_empty() {
            faults.extend(self.checklist().check().err().map(DraftFault::Checklist));
        }
        faults
    }

    /// Every item, in order.
    pub fn items(&self) -> impl Iterator<Item = &DraftItem> {
        self.parts.iter().flat_map(|part| part.sections.iter().flat_map(|section| section.items.iter()))
    }

    /// The part of this id.
    #[must_use]
    pub fn part(&self, id: NodeId) -> Option<&DraftPart> {
        self.parts.iter().find(|part| part.id == id)
    }

    /// The section of this id, with the part it is in.
    #[must_use]
    pub fn section(&self, id: NodeId) -> Option<(&DraftPart, &DraftSection)> {
        self.parts.iter().find_map(|part| Some((part, part.sections.iter().find(|section| section.id == id)?)))
    }

    /// The item of this id, with the section and part it is in.
    #[must_use]
    pub fn item(&self, id: NodeId) -> Option<(&DraftPart, &DraftSection, &DraftItem)> {
        let mut sections = self.parts.iter().flat_map(|part| part.sections.iter().map(move |section| (part, section)));
        sections.find_map(|(part, section)| Some((part, section, section.items.iter().find(|item| item.id == id)?)))
    }

    /// What was removed under this id, or within something that was.
    #[must_use]
    pub fn removed_item(&self, id: NodeId) -> Option<&DraftItem> {
        self.removed.iter().find_map(|removed| removed.node.items().into_iter().find(|item| item.id == id))
    }
}

impl DraftSection {
    /// Of each item, whether it is the first, and whether it is the last, among what is nested as it is: where a step
    /// up or down ends.
    #[must_use]
    pub fn step_limits(&self) -> Vec<(bool, bool)> {
        let ends = |at| {
            (nesting::preceding_block(&self.items, at).is_none(), nesting::following_block(&self.items, at).is_none())
        };
        (0..self.items.len()).map(ends).collect()
    }
}

impl DraftItem {
    /// The bytes of its texts.
    fn text_bytes(&self) -> usize {
        let ChecklistItem { title, guidance, under, .. } = &self.item;
        let under: usize = under.iter().map(|under| under.as_str().len()).sum();
        title.as_str().len() + guidance.as_ref().map_or(0, |text| text.as_str().len()) + under
    }
}

impl DraftNode {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> NodeId {
        match self {
            Self::Part(part) => part.id,
            Self::Section(section) => section.id,
            Self::Item(item) => item.id,
        }
    }

    /// Its heading or title; nothing for a heading without.
    #[must_use]
    pub const fn title(&self) -> Option<&Title> {
        match self {
            Self::Part(part) => part.title.as_ref(),
            Self::Section(section) => section.title.as_ref(),
            Self::Item(item) => Some(&item.item.title),
        }
    }

    /// The items in it, itself among them.
    #[must_use]
    pub fn items(&self) -> Vec<&DraftItem> {
        match self {
            Self::Part(part) => part.sections.iter().flat_map(|section| &section.items).collect(),
            Self::Section(section) => section.items.iter().collect(),
            Self::Item(item) => vec![item],
        }
    }
}
