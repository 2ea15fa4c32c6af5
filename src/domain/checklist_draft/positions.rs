//! Finding, taking out and putting back: where things stand in a draft.

use std::collections::BTreeSet;

use super::{
    ChecklistDraft, DraftEditError, DraftItem, DraftNode, DraftSection, KeyFrom, MAX_REMOVED, MAX_TEXT, RemovedNode,
};
use crate::domain::{
    checklist::{ItemKey, MAX_ITEMS},
    ids::NodeId,
    markdown_checklist::key_from_title,
};

/// Where something stands: the places of its part, its section and itself, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DraftPosition {
    Part(usize),
    Section(usize, usize),
    Item(usize, usize, usize),
}

impl ChecklistDraft {
    /// Where something stands.
    pub(super) fn find_position(&self, id: NodeId) -> Option<DraftPosition> {
        self.parts.iter().enumerate().find_map(|(p, part)| {
            if part.id == id {
                return Some(DraftPosition::Part(p));
            }
            part.sections.iter().enumerate().find_map(|(s, section)| {
                let item = || section.items.iter().position(|item| item.id == id);
                if section.id == id {
                    Some(DraftPosition::Section(p, s))
                } else {
                    Some(DraftPosition::Item(p, s, item()?))
                }
            })
        })
    }

    /// Where something stands.
    ///
    /// # Errors
    /// When it was removed, or never was there.
    pub(super) fn require_position(&self, id: NodeId) -> Result<DraftPosition, DraftEditError> {
        let gone = || if self.was_removed(id) { DraftEditError::Removed } else { DraftEditError::NotInDraft };
        self.find_position(id).ok_or_else(gone)
    }

    /// Whether this was removed, by itself or within something.
    #[must_use]
    pub fn was_removed(&self, id: NodeId) -> bool {
        self.removed.iter().any(|removed| match &removed.node {
            node if node.id() == id => true,
            DraftNode::Part(part) => {
                part.sections.iter().any(|section| section.id == id || section.items.iter().any(|item| item.id == id))
            }
            DraftNode::Section(section) => section.items.iter().any(|item| item.id == id),
            DraftNode::Item(_) => false,
        })
    }

    /// Whether what an edit is to make is there already: its form was sent twice.
    ///
    /// # Errors
    /// [`DraftEditError::Removed`] when it was removed since, so that it is not reported as made.
    pub(super) fn is_already_made(&self, id: NodeId) -> Result<bool, DraftEditError> {
        if self.was_removed(id) { Err(DraftEditError::Removed) } else { Ok(self.has_or_had(id)) }
    }

    /// Whether something has this id, or had it before it was removed.
    pub(super) fn has_or_had(&self, id: NodeId) -> bool {
        self.find_position(id).is_some() || self.was_removed(id)
    }

    /// The section of this id.
    pub(super) fn section_mut(&mut self, id: NodeId) -> Result<&mut DraftSection, DraftEditError> {
        match self.require_position(id)? {
            DraftPosition::Section(p, s) => Ok(&mut self.parts[p].sections[s]),
            DraftPosition::Part(_) | DraftPosition::Item(..) => Err(DraftEditError::NotInDraft),
        }
    }

    /// The keys of all items but one.
    pub(super) fn keys_except(&self, id: NodeId) -> BTreeSet<ItemKey> {
        self.items().filter(|item| item.id != id).map(|item| item.item.key.clone()).collect()
    }

    /// Takes something out, and keeps it to be brought back.
    pub(super) fn remove_at(&mut self, place: DraftPosition) {
        let now = self.version;
        let removed = match place {
            DraftPosition::Part(at) => {
                self.arranged = now;
                RemovedNode { node: DraftNode::Part(self.parts.remove(at)), from: None, at }
            }
            DraftPosition::Section(p, at) => {
                let part = &mut self.parts[p];
                part.arranged = now;
                RemovedNode { node: DraftNode::Section(part.sections.remove(at)), from: Some(part.id), at }
            }
            DraftPosition::Item(p, s, at) => {
                let section = &mut self.parts[p].sections[s];
                section.arranged = now;
                RemovedNode { node: DraftNode::Item(section.items.remove(at)), from: Some(section.id), at }
            }
        };
        self.removed.push(removed);
        // From the latest on, as many as there is room for.
        let weights =
            self.removed.iter().rev().map(|removed| removed.node.items().iter().map(|i| i.text_bytes()).sum());
        let kept = weights.scan(0, |total, weight: usize| {
            *total += weight;
            Some(*total)
        });
        let kept = kept.take_while(|total| *total <= MAX_TEXT).count().clamp(1, MAX_REMOVED);
        self.removed.drain(..self.removed.len() - kept.min(self.removed.len()));
    }

    /// Puts something that was removed where it stood, as far as that is still there.
    ///
    /// # Errors
    /// When what it stood in is gone too, its key is another's now, or there would be too many items.
    pub(super) fn restore_removed(&mut self, at: usize) -> Result<(), DraftEditError> {
        let now = self.version;
        let RemovedNode { mut node, from, at } = self.removed.remove(at);
        if self.items().count() + node.items().len() > MAX_ITEMS {
            return Err(DraftEditError::TooManyItems);
        }
        self.resolve_key_conflicts(&mut node)?;
        match node {
            DraftNode::Part(part) => {
                let at = at.min(self.parts.len());
                self.parts.insert(at, part);
                self.arranged = now;
            }
            DraftNode::Section(section) => {
                let part =
                    self.parts.iter_mut().find(|part| Some(part.id) == from).ok_or(DraftEditError::ParentRemoved)?;
                part.sections.insert(at.min(part.sections.len()), section);
                part.arranged = now;
            }
            DraftNode::Item(item) => {
                let section = from.ok_or(DraftEditError::ParentRemoved).and_then(|section| self.section_mut(section));
                let section = section.map_err(|_| DraftEditError::ParentRemoved)?;
                section.items.insert(at.min(section.items.len()), item);
                section.arranged = now;
            }
        }
        Ok(())
    }

    /// Makes sure that what comes back brings no key that another item has by now.
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
