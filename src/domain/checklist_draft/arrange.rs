//! Edits of where things stand in a draft, and whether they stand in it at all.

use super::{
    ChecklistDraft, DraftItem, DraftSection, EditError, Nesting, Step,
    edit::{fresh, swap},
    nesting,
    structure::Place,
};
use crate::domain::{checklist::MAX_DEPTH, ids::NodeId};

impl ChecklistDraft {
    pub(super) fn step(&mut self, node: NodeId, step: Step, seen: i64) -> Result<bool, EditError> {
        let now = self.version;
        match self.place(node)? {
            Place::Part(at) => {
                fresh(self.arranged, seen)?;
                swap(&mut self.parts, at, step)?;
                self.arranged = now;
            }
            Place::Section(p, at) => {
                let part = &mut self.parts[p];
                fresh(part.arranged, seen)?;
                swap(&mut part.sections, at, step)?;
                part.arranged = now;
            }
            Place::Item(p, s, at) => {
                let section = &mut self.parts[p].sections[s];
                fresh(section.arranged, seen)?;
                let own = nesting::block(&section.items, at);
                let past = match step {
                    Step::Up => nesting::before(&section.items, at),
                    Step::Down => nesting::after(&section.items, at),
                };
                let past = past.ok_or(EditError::AtTheEnd(step))?;
                let (first, second) = if past.start < own.start { (past, own) } else { (own, past) };
                section.items[first.start..second.end].rotate_left(first.len());
                section.arranged = now;
            }
        }
        Ok(true)
    }

    pub(super) fn move_to(&mut self, node: NodeId, to: NodeId) -> Result<bool, EditError> {
        let now = self.version;
        match (self.place(node)?, self.place(to)?) {
            (Place::Section(p, _), Place::Part(q)) if p == q => Ok(false),
            (Place::Item(p, s, _), Place::Section(q, t)) if (p, s) == (q, t) => Ok(false),
            (Place::Section(p, at), Place::Part(q)) => {
                let section = self.parts[p].sections.remove(at);
                self.parts[q].sections.push(section);
                (self.parts[p].arranged, self.parts[q].arranged) = (now, now);
                Ok(true)
            }
            (Place::Item(p, s, at), Place::Section(q, t)) => {
                let from = &mut self.parts[p].sections[s];
                let mut block: Vec<DraftItem> = from.items.drain(nesting::block(&from.items, at)).collect();
                from.arranged = now;
                nesting::nest(&mut block, &[]);
                let into = &mut self.parts[q].sections[t];
                into.items.append(&mut block);
                into.arranged = now;
                Ok(true)
            }
            (Place::Part(_) | Place::Section(..) | Place::Item(..), _) => Err(EditError::Misplaced),
        }
    }

    pub(super) fn nest(&mut self, item: NodeId, nesting: Nesting) -> Result<bool, EditError> {
        let Place::Item(p, s, at) = self.place(item)? else { return Err(EditError::Unknown) };
        let now = self.version;
        let section = &mut self.parts[p].sections[s];
        let own = nesting::block(&section.items, at);
        let (under, end) = match nesting {
            Nesting::Nothing => (Vec::new(), nesting::end_of_group(&section.items, at)),
            Nesting::In(other) | Nesting::Beside(other) => {
                let other = section.items.iter().position(|item| item.id == other).ok_or(EditError::Misplaced)?;
                if own.contains(&other) && nesting != Nesting::Beside(item) {
                    return Err(EditError::Misplaced);
                }
                let under = match nesting {
                    Nesting::In(_) => nesting::path(&section.items[other]),
                    Nesting::Nothing | Nesting::Beside(_) => section.items[other].item.under.clone(),
                };
                (under, nesting::block(&section.items, other).end)
            }
        };
        if under == section.items[at].item.under {
            return Ok(false);
        }
        let mut block: Vec<DraftItem> = section.items[own.clone()].to_vec();
        nesting::nest(&mut block, &under);
        if nesting::depth(&block) > MAX_DEPTH {
            return Err(EditError::TooDeep);
        }
        section.items.drain(own.clone());
        let end = if end >= own.end { end - own.len() } else { end };
        section.items.splice(end..end, block);
        section.arranged = now;
        Ok(true)
    }

    pub(super) fn remove(&mut self, node: NodeId, seen: i64) -> Result<bool, EditError> {
        let place = match self.place(node) {
            // Asked for again, it is as it is.
            Err(EditError::Removed) if self.removed.iter().any(|removed| removed.node.id() == node) => {
                return Ok(false);
            }
            place => place?,
        };
        let of_section = |section: &DraftSection| {
            let items = section.items.iter().map(|item| item.changed);
            items.chain([section.changed, section.arranged]).max().unwrap_or(0)
        };
        let changed = match place {
            Place::Part(p) => {
                let part = &self.parts[p];
                part.sections.iter().map(of_section).chain([part.changed, part.arranged]).max().unwrap_or(0)
            }
            Place::Section(p, s) => of_section(&self.parts[p].sections[s]),
            Place::Item(p, s, at) => self.parts[p].sections[s].items[at].changed,
        };
        fresh(changed, seen)?;
        self.take_out(place);
        Ok(true)
    }

    pub(super) fn bring_back(&mut self, node: NodeId) -> Result<bool, EditError> {
        if self.find(node).is_some() {
            return Ok(false);
        }
        let at = self.removed.iter().position(|removed| removed.node.id() == node).ok_or(EditError::Unknown)?;
        self.put_back(at)?;
        Ok(true)
    }
}
