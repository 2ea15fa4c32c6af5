//! What a draft changes in the version that it began from.

use std::collections::{BTreeMap, BTreeSet};

use super::ChecklistDraft;
use crate::domain::{
    checklist::Checklist,
    ids::{ChecklistId, NodeId},
};

impl ChecklistDraft {
    /// The published parts, sections and items with another content than in the version that the draft began from. What
    /// was changed and is as it was before, after an undo for example, is none of them, nor is what only moved.
    #[must_use]
    pub fn changed_nodes(&self, checklist: ChecklistId, published: &Checklist) -> BTreeSet<NodeId> {
        let published = Self::from_version(checklist, published, self.base, self.began);
        let titles: BTreeMap<_, _> = published.headings().map(|(id, title, _)| (id, title)).collect();
        let items: BTreeMap<_, _> = published.items().map(|item| (item.id, &item.item)).collect();
        let headings = self.headings().filter(|(_, _, changed)| *changed > self.began);
        let headings = headings.filter(|(id, title, _)| titles.get(id).is_some_and(|published| published != title));
        let changed = self.items().filter(|item| item.changed > self.began);
        let changed = changed.filter(|item| items.get(&item.id).is_some_and(|published| **published != item.item));
        headings.map(|(id, _, _)| id).chain(changed.map(|item| item.id)).collect()
    }

    /// Each part and section: its id, its heading and its stamp.
    fn headings(&self) -> impl Iterator<Item = (NodeId, &str, i64)> {
        let parts = self.parts.iter().map(|part| (part.id, part.heading(), part.changed));
        parts.chain(self.sections().map(|(_, section)| (section.id, section.heading(), section.changed)))
    }
}
