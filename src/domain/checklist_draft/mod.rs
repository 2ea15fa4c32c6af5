//! A draft: the next version of a checklist while people work on it.
//!
//! It holds what a checklist holds, with an id on every part, section and item, so that several people can edit different
//! ones at once. [`ChecklistDraft::apply`] applies a [`DraftEdit`] or refuses it; [`ChecklistDraft::checklist`] is what
//! would be published; [`ChecklistDraft::faults`] are the reasons why it can't be.
//!
//! The draft's version rises with every edit, and everything in it is stamped with the version in which it last changed.
//! An edit names the version that its author saw, and is stale only if the thing that it changes has a later stamp: two
//! people who work on two items do not disturb each other.
//!
//! Removed parts, sections and items are kept until the draft is published, and can be restored.

mod arrange;
mod content;
mod differences;
mod edit;
mod nesting;
mod positions;
#[cfg(test)]
mod properties;
mod steps;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::edit::{
    DraftEdit, DraftEditError, DraftItemFields, ItemChanges, ItemPlace, MoveDirection, NestDirection,
};
use super::{
    checklist::{Checklist, ChecklistError, ChecklistItem, ChecklistPart, ChecklistSection, RequiredRole},
    ids::{ChecklistId, NodeId},
    text::{Markdown, Title},
};
use crate::texts;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecklistDraft {
    /// Rises with every edit, and never falls: a checklist's next draft counts on where the last one ended. It is stored
    /// beside the draft's content, and not in it.
    #[serde(skip)]
    pub version: i64,
    /// Its version when it began: what has a later stamp was changed in it.
    pub began: i64,
    /// The number of the published version that it began from.
    pub base: i32,
    pub name: Title,
    pub introduction: Option<Markdown>,
    /// The stamp of name and introduction.
    pub described: i64,
    /// The roles that must sign, in order.
    pub required_roles: Vec<RequiredRole>,
    /// The stamp of the required roles.
    pub signing: i64,
    pub parts: Vec<DraftPart>,
    /// When a part was last added, moved or removed.
    pub arranged: i64,
    /// What was removed, the latest last.
    pub removed: Vec<RemovedNode>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftPart {
    pub id: NodeId,
    /// Whether it was added in this draft.
    pub is_new: bool,
    pub title: Option<Title>,
    /// The version of the draft in which the heading was last changed.
    pub changed: i64,
    /// When a section was last added, moved or removed here.
    pub arranged: i64,
    pub sections: Vec<DraftSection>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftSection {
    pub id: NodeId,
    /// Whether it was added in this draft.
    pub is_new: bool,
    pub title: Option<Title>,
    /// The version of the draft in which the heading was last changed.
    pub changed: i64,
    /// When an item was last added, moved or removed here.
    pub arranged: i64,
    pub items: Vec<DraftItem>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftItem {
    pub id: NodeId,
    /// The stamp of its content.
    pub changed: i64,
    pub key_from: KeyFrom,
    pub item: ChecklistItem,
}

/// Where the key of an item is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyFrom {
    /// A published version: the key stays, even if the title changes.
    Published,
    /// The title of a new item, which the key follows until it is published.
    Title,
    /// Somebody who chose it for a new item.
    Choice,
}

/// Something that was removed, with the place where it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedNode {
    pub node: DraftNode,
    /// The part or section that it was in; `None` for a part. Drafts were stored with the name `from`, too.
    #[serde(alias = "from")]
    pub parent: Option<NodeId>,
    /// Its place there, from 0.
    pub at: usize,
    /// The version of the draft that removed it; 0 if it was stored before this was noted.
    #[serde(default)]
    pub removed_in: i64,
}

/// A part with its sections, a section with its items, or an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftNode {
    Part(DraftPart),
    Section(DraftSection),
    Item(DraftItem),
}

/// What keeps a draft from being published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftFault {
    #[error("{}", texts::part_has_no_item(.1))]
    EmptyPart(NodeId, Title),
    #[error("{}", texts::section_has_no_item(.1))]
    EmptySection(NodeId, Title),
    #[error(transparent)]
    Checklist(#[from] ChecklistError),
}

/// The most parts, and the most sections, that a draft may have: a published one has an item for each.
pub const MAX_HEADINGS: usize = super::checklist::MAX_ITEMS;

/// The most bytes of all its texts, so that it can be exported and imported again.
pub const MAX_TEXT: usize = 2_000_000;

/// Maximum number of removed nodes that are stored; their texts together have at most [`MAX_TEXT`] bytes. The oldest are
/// deleted first.
pub const MAX_REMOVED: usize = super::checklist::MAX_ITEMS;

impl ChecklistDraft {
    /// The draft that a published version starts. Its ids are derived from the checklist and the keys, so that they are
    /// the same each time.
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

    /// Everything that keeps it from being published.
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

    /// Every section with its part, in order.
    pub fn sections(&self) -> impl Iterator<Item = (&DraftPart, &DraftSection)> {
        self.parts.iter().flat_map(|part| part.sections.iter().map(move |section| (part, section)))
    }

    /// Every item, in order.
    pub fn items(&self) -> impl Iterator<Item = &DraftItem> {
        self.sections().flat_map(|(_, section)| &section.items)
    }

    #[must_use]
    pub fn part(&self, id: NodeId) -> Option<&DraftPart> {
        self.parts.iter().find(|part| part.id == id)
    }

    #[must_use]
    pub fn section(&self, id: NodeId) -> Option<(&DraftPart, &DraftSection)> {
        self.sections().find(|(_, section)| section.id == id)
    }

    #[must_use]
    pub fn item(&self, id: NodeId) -> Option<(&DraftPart, &DraftSection, &DraftItem)> {
        let find = |section: &'_ DraftSection| section.items.iter().position(|item| item.id == id);
        self.sections().find_map(|(part, section)| Some((part, section, &section.items[find(section)?])))
    }

    /// Whether a part, section or item of this id is in the draft, and was not removed.
    #[must_use]
    pub fn contains(&self, id: NodeId) -> bool {
        self.find_position(id).is_some()
    }
}

impl DraftPart {
    /// Its heading, or an empty text.
    #[must_use]
    pub fn heading(&self) -> &str {
        self.title.as_ref().map_or("", Title::as_str)
    }
}

impl DraftSection {
    /// Its heading, or an empty text.
    #[must_use]
    pub fn heading(&self) -> &str {
        self.title.as_ref().map_or("", Title::as_str)
    }

    /// Whether an item is the first, and whether it is the last, among those that are nested in the same: it can't move
    /// further up or down.
    #[must_use]
    pub fn limits_of(&self, id: &NodeId) -> (bool, bool) {
        let at = self.items.iter().position(|item| item.id == *id);
        at.map_or((true, true), |at| {
            (nesting::preceding_block(&self.items, at).is_none(), nesting::following_block(&self.items, at).is_none())
        })
    }
}

impl DraftItem {
    /// Whether it was added in this draft, so that its key can still change.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.key_from != KeyFrom::Published
    }

    /// The titles that an item nested in this one is under, outermost first.
    #[must_use]
    pub fn child_path(&self) -> Vec<Title> {
        self.item.under.iter().chain([&self.item.title]).cloned().collect()
    }

    /// Whether its content is what was typed.
    fn has_fields(&self, fields: &DraftItemFields) -> bool {
        let DraftItemFields { title, importance, phase, role, evidence_required, guidance, key } = fields;
        let item = &self.item;
        (&item.title, item.importance, item.phase, &item.role) == (title, *importance, *phase, role)
            && (item.evidence_required, &item.guidance) == (*evidence_required, guidance)
            && (self.key_from == KeyFrom::Choice).then_some(&item.key) == key.as_ref()
    }

    fn text_bytes(&self) -> usize {
        let ChecklistItem { title, guidance, under, .. } = &self.item;
        let under: usize = under.iter().map(|under| under.as_str().len()).sum();
        title.as_str().len() + guidance.as_ref().map_or(0, |text| text.as_str().len()) + under
    }
}

impl DraftNode {
    #[must_use]
    pub const fn id(&self) -> NodeId {
        match self {
            Self::Part(part) => part.id,
            Self::Section(section) => section.id,
            Self::Item(item) => item.id,
        }
    }

    #[must_use]
    pub const fn title(&self) -> Option<&Title> {
        match self {
            Self::Part(part) => part.title.as_ref(),
            Self::Section(section) => section.title.as_ref(),
            Self::Item(item) => Some(&item.item.title),
        }
    }

    /// The items in it, or the item that it is.
    #[must_use]
    pub fn items(&self) -> Vec<&DraftItem> {
        match self {
            Self::Part(part) => part.sections.iter().flat_map(|section| &section.items).collect(),
            Self::Section(section) => section.items.iter().collect(),
            Self::Item(item) => vec![item],
        }
    }
}
