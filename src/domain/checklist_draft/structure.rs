//! Finding, taking out and putting back: where things stand in a draft.

use std::collections::BTreeSet;

use super::{ChecklistDraft, DraftItem, DraftSection, EditError, KeyFrom, MAX_REMOVED, MAX_TEXT, Node, Removed};
use crate::domain::{
    checklist::{ItemKey, MAX_ITEMS},
    ids::NodeId,
    markdown_checklist::key_of,
};

/// Where something stands: the places of its part, its section and itself, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Part(usize),
    Section(usize, usize),
    Item(usize, usize, usize),
}

impl ChecklistDraft {
    /// Where something stands.
    pub(super) fn find(&self, id: NodeId) -> Option<Place> {
        self.parts.iter().enumerate().find_map(|(p, part)| {
            if part.id == id {
                return Some(Place::Part(p));
            }
            part.sections.iter().enumerate().find_map(|(s, section)| {
                let item = || section.items.iter().position(|item| item.id == id);
                if section.id == id { Some(Place::Section(p, s)) } else { Some(Place::Item(p, s, item()?)) }
            })
        })
    }

    /// Where something stands.
    ///
    /// # Errors
    /// When it was removed, or never was there.
    pub(super) fn place(&self, id: NodeId) -> Result<Place, EditError> {
        let gone = || if self.was_removed(id) { EditError::Removed } else { EditError::Unknown };
        self.find(id).ok_or_else(gone)
    }

    /// Whether this was removed, by itself or within something.
    #[must_use]
    pub fn was_removed(&self, id: NodeId) -> bool {
        self.removed.iter().any(|removed| match &removed.node {
            node if node.id() == id => true,
            Node::Part(part) => {
                part.sections.iter().any(|section| section.id == id || section.items.iter().any(|item| item.id == id))
            }
            Node::Section(section) => section.items.iter().any(|item| item.id == id),
            Node::Item(_) => false,
        })
    }

    /// Whether what an edit is to make is there already: its form was sent twice.
    ///
    /// # Errors
    /// [`EditError::Removed`] when it was removed since, so that it is not reported as made.
    pub(super) fn was_made(&self, id: NodeId) -> Result<bool, EditError> {
        if self.was_removed(id) { Err(EditError::Removed) } else { Ok(self.knows(id)) }
    }

    /// Whether something has this id, or had it before it was removed.
    pub(super) fn knows(&self, id: NodeId) -> bool {
        self.find(id).is_some() || self.was_removed(id)
    }

    /// The section of this id.
    pub(super) fn section_mut(&mut self, id: NodeId) -> Result<&mut DraftSection, EditError> {
        match self.place(id)? {
            Place::Section(p, s) => Ok(&mut self.parts[p].sections[s]),
            Place::Part(_) | Place::Item(..) => Err(EditError::Unknown),
        }
    }

    /// The keys of all items but one.
    pub(super) fn keys_but(&self, id: NodeId) -> BTreeSet<ItemKey> {
        self.items().filter(|item| item.id != id).map(|item| item.item.key.clone()).collect()
    }

    /// Takes something out, and keeps it to be brought back.
    pub(super) fn take_out(&mut self, place: Place) {
        let now = self.version;
        let removed = match place {
            Place::Part(at) => {
                self.arranged = now;
                Removed { node: Node::Part(self.parts.remove(at)), from: None, at }
            }
            Place::Section(p, at) => {
                let part = &mut self.parts[p];
                part.arranged = now;
                Removed { node: Node::Section(part.sections.remove(at)), from: Some(part.id), at }
            }
            Place::Item(p, s, at) => {
                let section = &mut self.parts[p].sections[s];
                section.arranged = now;
                Removed { node: Node::Item(section.items.remove(at)), from: Some(section.id), at }
            }
        };
        self.removed.push(removed);
        // From the latest on, as many as there is room for.
        let weights = self.removed.iter().rev().map(|removed| removed.node.items().iter().map(|i| i.weight()).sum());
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
    pub(super) fn put_back(&mut self, at: usize) -> Result<(), EditError> {
        let now = self.version;
        let Removed { mut node, from, at } = self.removed.remove(at);
        if self.items().count() + node.items().len() > MAX_ITEMS {
            return Err(EditError::TooManyItems);
        }
        self.settle_keys(&mut node)?;
        match node {
            Node::Part(part) => {
                let at = at.min(self.parts.len());
                self.parts.insert(at, part);
                self.arranged = now;
            }
            Node::Section(section) => {
                let part = self.parts.iter_mut().find(|part| Some(part.id) == from).ok_or(EditError::NoPlace)?;
                part.sections.insert(at.min(part.sections.len()), section);
                part.arranged = now;
            }
            Node::Item(item) => {
                let section = from.ok_or(EditError::NoPlace).and_then(|section| self.section_mut(section));
                let section = section.map_err(|_| EditError::NoPlace)?;
                section.items.insert(at.min(section.items.len()), item);
                section.arranged = now;
            }
        }
        Ok(())
    }

    /// Makes sure that what comes back brings no key that another item has by now.
    fn settle_keys(&self, node: &mut Node) -> Result<(), EditError> {
        let mut taken: BTreeSet<ItemKey> = self.items().map(|item| item.item.key.clone()).collect();
        let items: Vec<&mut DraftItem> = match node {
            Node::Part(part) => part.sections.iter_mut().flat_map(|section| &mut section.items).collect(),
            Node::Section(section) => section.items.iter_mut().collect(),
            Node::Item(item) => vec![item],
        };
        for DraftItem { key_from, item, .. } in items {
            if taken.contains(&item.key) {
                match key_from {
                    KeyFrom::Title => item.key = key_of(item.title.as_str(), &taken),
                    KeyFrom::Published | KeyFrom::Choice => return Err(EditError::KeyTaken(item.key.clone())),
                }
            }
            taken.insert(item.key.clone());
        }
        Ok(())
    }
}
