//! Moves, nests, removes and restores parts, sections and items.

use super::{
    ChecklistDraft, DraftEditError, DraftItem, DraftSection, ItemPlace, MoveDirection, NestDirection,
    edit::{check_not_stale, swap_with_neighbor},
    nesting,
    positions::DraftPosition,
};
use crate::domain::{ids::NodeId, text::Title};

/// Where a place is: the places of its part and section, the place in the section, and what it is nested in.
pub(super) struct FoundPlace {
    pub section: (usize, usize),
    pub index: usize,
    pub under: Vec<Title>,
}

impl ChecklistDraft {
    pub(super) fn move_one_step(
        &mut self,
        node: NodeId,
        step: MoveDirection,
        seen: i64,
    ) -> Result<bool, DraftEditError> {
        let position = self.require_position(node)?;
        check_not_stale(*self.order_version_mut(position), seen)?;
        match position {
            DraftPosition::Part(at) => swap_with_neighbor(&mut self.parts, at, step)?,
            DraftPosition::Section(p, at) => swap_with_neighbor(&mut self.parts[p].sections, at, step)?,
            DraftPosition::Item(p, s, at) => {
                let items = &mut self.parts[p].sections[s].items;
                let own = nesting::block_of(items, at);
                let past = match step {
                    MoveDirection::Up => nesting::preceding_block(items, at),
                    MoveDirection::Down => nesting::following_block(items, at),
                };
                let past = past.ok_or(DraftEditError::CannotMoveFurther(step))?;
                let (first, second) = if past.start < own.start { (past, own) } else { (own, past) };
                items[first.start..second.end].rotate_left(first.len());
            }
        }
        *self.order_version_mut(position) = self.version;
        Ok(true)
    }

    pub(super) fn move_section(&mut self, section: NodeId, part: NodeId) -> Result<bool, DraftEditError> {
        let (DraftPosition::Section(p, at), DraftPosition::Part(q)) =
            (self.require_position(section)?, self.require_position(part)?)
        else {
            return Err(DraftEditError::InvalidPlace);
        };
        if p == q {
            return Ok(false);
        }
        let moved = self.parts[p].sections.remove(at);
        self.parts[q].sections.push(moved);
        (self.parts[p].arranged, self.parts[q].arranged) = (self.version, self.version);
        Ok(true)
    }

    pub(super) fn move_items(&mut self, items: Vec<NodeId>, place: ItemPlace) -> Result<bool, DraftEditError> {
        let (mut place, mut has_moved) = (place, false);
        for item in items {
            has_moved |= self.move_item(item, place)?;
            if !matches!(place, ItemPlace::EndOf(_)) {
                place = ItemPlace::After(item);
            }
        }
        Ok(has_moved)
    }

    fn move_item(&mut self, item: NodeId, place: ItemPlace) -> Result<bool, DraftEditError> {
        let DraftPosition::Item(p, s, at) = self.require_position(item)? else {
            return Err(DraftEditError::InvalidPlace);
        };
        let FoundPlace { section: (q, t), index, under } = self.find_place(place)?;
        let (now, items) = (self.version, &self.parts[p].sections[s].items);
        let (own, is_same_section) = (nesting::block_of(items, at), (p, s) == (q, t));
        if is_same_section && matches!(place, ItemPlace::EndOf(_)) {
            return Ok(false);
        }
        if is_same_section && under.starts_with(&items[at].child_path()) {
            return Err(DraftEditError::InvalidPlace);
        }
        let index = if is_same_section && index >= own.end { index - own.len() } else { index };
        if is_same_section && index == own.start && under == items[at].item.under {
            return Ok(false);
        }
        let mut block: Vec<DraftItem> = items[own.clone()].to_vec();
        nesting::nest_block(&mut block, &under)?;
        self.parts[p].sections[s].items.drain(own);
        self.parts[p].sections[s].arranged = now;
        let into = &mut self.parts[q].sections[t];
        into.items.splice(index..index, block);
        into.arranged = now;
        Ok(true)
    }

    pub(super) fn find_place(&self, place: ItemPlace) -> Result<FoundPlace, DraftEditError> {
        let (ItemPlace::StartOf(node) | ItemPlace::EndOf(node) | ItemPlace::After(node) | ItemPlace::Inside(node)) =
            place;
        let (p, s, index, under) = match (self.require_position(node)?, place) {
            (DraftPosition::Section(p, s), ItemPlace::StartOf(_)) => (p, s, 0, Vec::new()),
            (DraftPosition::Section(p, s), ItemPlace::EndOf(_)) => {
                (p, s, self.parts[p].sections[s].items.len(), Vec::new())
            }
            (DraftPosition::Item(p, s, at), ItemPlace::After(_) | ItemPlace::Inside(_)) => {
                let items = &self.parts[p].sections[s].items;
                let is_inside = matches!(place, ItemPlace::Inside(_));
                let under = if is_inside { items[at].child_path() } else { items[at].item.under.clone() };
                (p, s, nesting::block_of(items, at).end, under)
            }
            _ => return Err(DraftEditError::InvalidPlace),
        };
        Ok(FoundPlace { section: (p, s), index, under })
    }

    pub(super) fn nest_item(
        &mut self,
        item: NodeId,
        direction: NestDirection,
        seen: i64,
    ) -> Result<bool, DraftEditError> {
        let position = self.require_position(item)?;
        let DraftPosition::Item(p, s, at) = position else { return Err(DraftEditError::NotInDraft) };
        check_not_stale(*self.order_version_mut(position), seen)?;
        let items = &mut self.parts[p].sections[s].items;
        let own = nesting::block_of(items, at);
        let (under, end) = match direction {
            NestDirection::Deeper => {
                (nesting::path_within_preceding(items, at).ok_or(DraftEditError::InvalidPlace)?, own.end)
            }
            NestDirection::Outward => {
                let (_, outer) = items[at].item.under.split_last().ok_or(DraftEditError::InvalidPlace)?;
                (outer.to_vec(), nesting::group_end(items, at))
            }
        };
        let mut block: Vec<DraftItem> = items[own.clone()].to_vec();
        nesting::nest_block(&mut block, &under)?;
        let end = end - own.len();
        items.drain(own);
        items.splice(end..end, block);
        *self.order_version_mut(position) = self.version;
        Ok(true)
    }

    pub(super) fn remove_nodes(&mut self, nodes: Vec<NodeId>, seen: i64) -> Result<bool, DraftEditError> {
        let mut has_removed = false;
        for node in nodes {
            has_removed |= self.remove_node(node, seen)?;
        }
        if has_removed {
            self.forget_oldest_removed();
        }
        Ok(has_removed)
    }

    fn remove_node(&mut self, node: NodeId, seen: i64) -> Result<bool, DraftEditError> {
        let place = match self.require_position(node) {
            // The same edit again changes nothing.
            Err(DraftEditError::Removed) if self.removed.iter().any(|removed| removed.node.id() == node) => {
                return Ok(false);
            }
            place => place?,
        };
        let of_section = |section: &DraftSection| {
            let items = section.items.iter().map(|item| item.changed);
            items.chain([section.changed, section.arranged]).max().unwrap_or(0)
        };
        let changed = match place {
            DraftPosition::Part(p) => {
                let part = &self.parts[p];
                part.sections.iter().map(of_section).chain([part.changed, part.arranged]).max().unwrap_or(0)
            }
            DraftPosition::Section(p, s) => of_section(&self.parts[p].sections[s]),
            DraftPosition::Item(p, s, at) => self.parts[p].sections[s].items[at].changed,
        };
        check_not_stale(changed, seen)?;
        self.remove_at(place);
        Ok(true)
    }

    pub(super) fn restore_node(&mut self, node: NodeId) -> Result<bool, DraftEditError> {
        if self.find_position(node).is_some() {
            return Ok(false);
        }
        let at = self.removed.iter().position(|removed| removed.node.id() == node).ok_or(DraftEditError::NotInDraft)?;
        self.restore_removed(at)?;
        Ok(true)
    }

    pub(super) fn undo_removal(&mut self, version: i64) -> Result<bool, DraftEditError> {
        let mut has_restored = false;
        // The latest first: each was removed from the list that it comes back to.
        while let Some(at) = self.removed.iter().rposition(|removed| removed.removed_in == version) {
            self.restore_removed(at)?;
            has_restored = true;
        }
        if has_restored { Ok(true) } else { Err(DraftEditError::NothingToUndo) }
    }
}
