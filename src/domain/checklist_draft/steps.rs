//! Undoing and redoing: a draft gets the content that it had before.

use std::collections::BTreeMap;

use super::{ChecklistDraft, DraftItem, DraftPart, DraftSection};
use crate::domain::ids::NodeId;

impl ChecklistDraft {
    /// Its next version, with the content of another version of the same draft. What differs from the present content has
    /// the stamp of the next version, as after an edit; all else keeps its stamp.
    #[must_use]
    pub fn with_content_of(&self, other: Self) -> Self {
        let version = self.version + 1;
        let stamp = |is_same: bool, present: i64| if is_same { present } else { version };
        let is_described_alike = (&self.name, &self.introduction) == (&other.name, &other.introduction);
        let present = PresentNodes::new(self);
        Self {
            version,
            described: stamp(is_described_alike, self.described),
            signing: stamp(self.required_roles == other.required_roles, self.signing),
            arranged: stamp(ids(&self.parts) == ids(&other.parts), self.arranged),
            parts: other.parts.into_iter().map(|part| present.stamp_part(part, version)).collect(),
            ..other
        }
    }
}

/// What is in a draft, by its ids.
struct PresentNodes<'a> {
    parts: BTreeMap<NodeId, &'a DraftPart>,
    sections: BTreeMap<NodeId, &'a DraftSection>,
    items: BTreeMap<NodeId, &'a DraftItem>,
}

impl<'a> PresentNodes<'a> {
    fn new(draft: &'a ChecklistDraft) -> Self {
        Self {
            parts: draft.parts.iter().map(|part| (part.id, part)).collect(),
            sections: draft.sections().map(|(_, section)| (section.id, section)).collect(),
            items: draft.items().map(|item| (item.id, item)).collect(),
        }
    }

    /// The part with the stamps of the present one, or `version` where it differs from it.
    fn stamp_part(&self, part: DraftPart, version: i64) -> DraftPart {
        let present = self.parts.get(&part.id);
        let same_order = present.filter(|present| ids(&present.sections) == ids(&part.sections));
        DraftPart {
            changed: present.filter(|present| present.title == part.title).map_or(version, |present| present.changed),
            arranged: same_order.map_or(version, |present| present.arranged),
            sections: part.sections.into_iter().map(|section| self.stamp_section(section, version)).collect(),
            ..part
        }
    }

    fn stamp_section(&self, section: DraftSection, version: i64) -> DraftSection {
        let present = self.sections.get(&section.id);
        let same_order = present.filter(|present| ids(&present.items) == ids(&section.items));
        DraftSection {
            changed: present
                .filter(|present| present.title == section.title)
                .map_or(version, |present| present.changed),
            arranged: same_order.map_or(version, |present| present.arranged),
            items: section.items.into_iter().map(|item| self.stamp_item(item, version)).collect(),
            ..section
        }
    }

    fn stamp_item(&self, item: DraftItem, version: i64) -> DraftItem {
        let same =
            self.items.get(&item.id).filter(|present| (present.key_from, &present.item) == (item.key_from, &item.item));
        DraftItem { changed: same.map_or(version, |present| present.changed), ..item }
    }
}

/// A part, section or item.
trait HasNodeId {
    fn node_id(&self) -> NodeId;
}

impl HasNodeId for DraftPart {
    fn node_id(&self) -> NodeId {
        self.id
    }
}

impl HasNodeId for DraftSection {
    fn node_id(&self) -> NodeId {
        self.id
    }
}

impl HasNodeId for DraftItem {
    fn node_id(&self) -> NodeId {
        self.id
    }
}

fn ids<T: HasNodeId>(nodes: &[T]) -> Vec<NodeId> {
    nodes.iter().map(T::node_id).collect()
}
