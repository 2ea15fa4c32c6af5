//! Moves, nests, removes and restores parts, sections and items.

use super::{
    ChecklistDraft, DraftEditError, DraftItem, DraftSection, ItemNesting, MoveDirection,
    edit::{check_not_stale, swap_with_neighbor},
    nesting,
    positions::DraftPosition,
};
use crate::domain::{checklist::MAX_DEPTH, ids::NodeId};

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

    pub(super) fn move_node(&mut self, node: NodeId, to: NodeId) -> Result<bool, DraftEditError> {
        let now = self.version;
        match (self.require_position(node)?, self.require_position(to)?) {
            (DraftPosition::Section(p, _), DraftPosition::Part(q)) if p == q => Ok(false),
            (DraftPosition::Item(p, s, _), DraftPosition::Section(q, t)) if (p, s) == (q, t) => Ok(false),
            (DraftPosition::Section(p, at), DraftPosition::Part(q)) => {
                let section = self.parts[p].sections.remove(at);
                self.parts[q].sections.push(section);
                (self.parts[p].arranged, self.parts[q].arranged) = (now, now);
                Ok(true)
            }
            (DraftPosition::Item(p, s, at), DraftPosition::Section(q, t)) => {
                let from = &mut self.parts[p].sections[s];
                let mut block: Vec<DraftItem> = from.items.drain(nesting::block_of(&from.items, at)).collect();
                from.arranged = now;
                nesting::nest_block(&mut block, &[]);
                let into = &mut self.parts[q].sections[t];
                into.items.append(&mut block);
                into.arranged = now;
                Ok(true)
            }
            (DraftPosition::Part(_) | DraftPosition::Section(..) | DraftPosition::Item(..), _) => {
                Err(DraftEditError::InvalidPlace)
            }
        }
    }

    pub(super) fn nest_item(&mut self, item: NodeId, nesting: ItemNesting) -> Result<bool, DraftEditError> {
        let DraftPosition::Item(p, s, at) = self.require_position(item)? else {
            return Err(DraftEditError::NotInDraft);
        };
        let now = self.version;
        let section = &mut self.parts[p].sections[s];
        let own = nesting::block_of(&section.items, at);
        let (under, end) = match nesting {
            ItemNesting::TopLevel => (Vec::new(), nesting::group_end(&section.items, at)),
            ItemNesting::Inside(other) | ItemNesting::Beside(other) => {
                let other =
                    section.items.iter().position(|item| item.id == other).ok_or(DraftEditError::InvalidPlace)?;
                if own.contains(&other) && nesting != ItemNesting::Beside(item) {
                    return Err(DraftEditError::InvalidPlace);
                }
                let under = match nesting {
                    ItemNesting::Inside(_) => section.items[other].child_path(),
                    ItemNesting::TopLevel | ItemNesting::Beside(_) => section.items[other].item.under.clone(),
                };
                (under, nesting::block_of(&section.items, other).end)
            }
        };
        if under == section.items[at].item.under {
            return Ok(false);
        }
        let mut block: Vec<DraftItem> = section.items[own.clone()].to_vec();
        nesting::nest_block(&mut block, &under);
        if nesting::max_depth(&block) > MAX_DEPTH {
            return Err(DraftEditError::TooDeep);
        }
        section.items.drain(own.clone());
        let end = if end >= own.end { end - own.len() } else { end };
        section.items.splice(end..end, block);
        section.arranged = now;
        Ok(true)
    }

    pub(super) fn remove_node(&mut self, node: NodeId, seen: i64) -> Result<bool, DraftEditError> {
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
}
