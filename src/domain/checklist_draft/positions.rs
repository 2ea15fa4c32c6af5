//! Finds, removes and restores parts, sections and items of a draft.

use std::collections::BTreeSet;

use super::{
    ChecklistDraft, DraftEditError, DraftItem, DraftNode, DraftSection, KeyFrom, MAX_REMOVED, MAX_TEXT, RemovedNode,
};
use crate::domain::{
    checklist::{ItemKey, MAX_ITEMS},
    ids::NodeId,
    markdown_checklist::key_from_title,
};

/// The indices of a node: of its part, its section and itself, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DraftPosition {
    Part(usize),
    Section(usize, usize),
    Item(usize, usize, usize),
}

impl ChecklistDraft {
    pub(super) fn find_position(&self, id: NodeId) -> Option<DraftPosition> {
        self.parts.iter().enumerate().find_map(|(p, part)| {
            if part.id == id {
                return Some(DraftPosition::Part(p));
            }
            part.sections.iter().enumerate().find_map(|(s, section)| {
                let item_index = || section.items.iter().position(|item| item.id == id);
                if section.id == id {
                    Some(DraftPosition::Section(p, s))
                } else {
                    Some(DraftPosition::Item(p, s, item_index()?))
                }
            })
        })
    }

    /// Errors: `Removed` or `NotInDraft`.
    pub(super) fn require_position(&self, id: NodeId) -> Result<DraftPosition, DraftEditError> {
        let missing_error = || if self.was_removed(id) { DraftEditError::Removed } else { DraftEditError::NotInDraft };
        self.find_position(id).ok_or_else(missing_error)
    }

    /// The version in which the order of the node's siblings last changed.
    pub(super) fn order_version_mut(&mut self, position: DraftPosition) -> &mut i64 {
        match position {
            DraftPosition::Part(_) => &mut self.arranged,
            DraftPosition::Section(p, _) => &mut self.parts[p].arranged,
            DraftPosition::Item(p, s, _) => &mut self.parts[p].sections[s].arranged,
        }
    }

    /// Whether this was removed, by itself or within something.
    #[must_use]
    pub fn was_removed(&self, id: NodeId) -> bool {
        let has_section = |node: &DraftNode| match node {
            DraftNode::Part(part) => part.sections.iter().any(|section| section.id == id),
            DraftNode::Section(_) | DraftNode::Item(_) => false,
        };
        let contains_node =
            |node: &DraftNode| node.id() == id || has_section(node) || node.items().iter().any(|item| item.id == id);
        self.removed.iter().any(|removed| contains_node(&removed.node))
    }

    /// Whether what an edit adds is there already: its form was sent twice.
    ///
    /// # Errors
    /// [`DraftEditError::Removed`] when it was removed since, so that it is not reported as added.
    pub(super) fn is_already_added(&self, id: NodeId) -> Result<bool, DraftEditError> {
        if self.was_removed(id) { Err(DraftEditError::Removed) } else { Ok(self.contains(id)) }
    }

    pub(super) fn require_section_mut(&mut self, id: NodeId) -> Result<&mut DraftSection, DraftEditError> {
        match self.require_position(id)? {
            DraftPosition::Section(p, s) => Ok(&mut self.parts[p].sections[s]),
            DraftPosition::Part(_) | DraftPosition::Item(..) => Err(DraftEditError::NotInDraft),
        }
    }

    /// The keys of all items but one.
    pub(super) fn item_keys_except(&self, id: NodeId) -> BTreeSet<ItemKey> {
        self.items().filter(|item| item.id != id).map(|item| item.item.key.clone()).collect()
    }

    /// Removes something, and keeps it so that it can be restored.
    pub(super) fn remove_at(&mut self, position: DraftPosition) {
        *self.order_version_mut(position) = self.version;
        let (node, parent, at) = match position {
            DraftPosition::Part(at) => (DraftNode::Part(self.parts.remove(at)), None, at),
            DraftPosition::Section(p, at) => {
                let part = &mut self.parts[p];
                (DraftNode::Section(part.sections.remove(at)), Some(part.id), at)
            }
            DraftPosition::Item(p, s, at) => {
                let section = &mut self.parts[p].sections[s];
                (DraftNode::Item(section.items.remove(at)), Some(section.id), at)
            }
        };
        self.removed.push(RemovedNode { node, parent, at, removed_in: self.version });
    }

    /// Keeps the most recently removed nodes whose texts fit together.
    pub(super) fn forget_oldest_removed(&mut self) {
        let text_sizes =
            self.removed.iter().rev().map(|removed| removed.node.items().iter().map(|i| i.text_bytes()).sum());
        let totals = text_sizes.scan(0, |total, size: usize| {
            *total += size;
            Some(*total)
        });
        let count = totals.take_while(|total| *total <= MAX_TEXT).count().clamp(1, MAX_REMOVED);
        self.removed.drain(..self.removed.len() - count.min(self.removed.len()));
    }

    /// Puts something that was removed back to its place, as far as that is still there.
    ///
    /// # Errors
    /// When its parent was removed, its key is in use, or there would be too many items.
    pub(super) fn restore_removed(&mut self, removed_index: usize) -> Result<(), DraftEditError> {
        let version = self.version;
        let RemovedNode { mut node, parent, at, .. } = self.removed.remove(removed_index);
        if self.items().count() + node.items().len() > MAX_ITEMS {
            return Err(DraftEditError::TooManyItems);
        }
        self.resolve_key_conflicts(&mut node)?;
        match node {
            DraftNode::Part(part) => {
                let at = at.min(self.parts.len());
                self.parts.insert(at, part);
                self.arranged = version;
            }
            DraftNode::Section(section) => {
                let part =
                    self.parts.iter_mut().find(|part| Some(part.id) == parent).ok_or(DraftEditError::ParentRemoved)?;
                part.sections.insert(at.min(part.sections.len()), section);
                part.arranged = version;
            }
            DraftNode::Item(item) => {
                let section =
                    parent.ok_or(DraftEditError::ParentRemoved).and_then(|section| self.require_section_mut(section));
                let section = section.map_err(|_| DraftEditError::ParentRemoved)?;
                section.items.insert(at.min(section.items.len()), item);
                section.arranged = version;
            }
        }
        Ok(())
    }

    /// Gives a restored item a new key where its own is in use; fails if that key is published or was chosen.
    fn resolve_key_conflicts(&self, node: &mut DraftNode) -> Result<(), DraftEditError> {
        let mut taken: BTreeSet<ItemKey> = self.items().map(|item| item.item.key.clone()).collect();
        let items: Vec<&mut DraftItem> = match node {
            DraftNode::Part(part) => part.sections.iter_mut().flat_map(|section| &mut section.items).collect(),
            DraftNode::Section(section) => section.items.iter_mut().collect(),
            DraftNode::Item(item) => vec![item],
        };
        for DraftItem { key_from, item, .. } in items {
            if taken.contains(&item.key) {
                match key_from {
                    KeyFrom::Title => item.key = key_from_title(item.title.as_str(), &taken),
                    KeyFrom::Published | KeyFrom::Choice => return Err(DraftEditError::KeyTaken(item.key.clone())),
                }
            }
            taken.insert(item.key.clone());
        }
        Ok(())
    }
}
