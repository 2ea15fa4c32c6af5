//! Edits the name, the roles, the headings and the items of a draft.

use std::collections::BTreeSet;

use super::{
    ChecklistDraft, DraftEditError, DraftItem, DraftItemFields, DraftPart, DraftSection, ItemChanges, ItemPlace,
    KeyFrom, MAX_HEADINGS, MoveDirection,
    arrange::FoundPlace,
    edit::{answer_repeated_form, check_not_stale, swap_with_neighbor},
    nesting,
    positions::DraftPosition,
};
use crate::domain::{
    checklist::{ChecklistItem, ItemKey, MAX_ITEMS, RequiredRole},
    ids::NodeId,
    markdown_checklist::key_from_title,
    role::RoleSlug,
    text::{Markdown, Title},
};

impl ChecklistDraft {
    pub(super) fn set_description(
        &mut self,
        name: Title,
        introduction: Option<Markdown>,
        seen: i64,
    ) -> Result<bool, DraftEditError> {
        if (&self.name, &self.introduction) == (&name, &introduction) {
            return Ok(false);
        }
        check_not_stale(self.described, seen)?;
        (self.name, self.introduction, self.described) = (name, introduction, self.version);
        Ok(true)
    }

    pub(super) fn require_role(&mut self, role: RequiredRole) -> Result<bool, DraftEditError> {
        if self.required_roles.iter().any(|other| other.title == role.title && other.role != role.role) {
            return Err(DraftEditError::RoleTaken);
        }
        match self.required_roles.iter_mut().find(|other| other.role == role.role) {
            Some(other) if *other == role => return Ok(false),
            Some(other) => *other = role,
            None => self.required_roles.push(role),
        }
        self.signing = self.version;
        Ok(true)
    }

    pub(super) fn remove_role(&mut self, role: &RoleSlug) -> bool {
        let before = self.required_roles.len();
        self.required_roles.retain(|other| other.role != *role);
        let released = self.required_roles.len() < before;
        if released {
            self.signing = self.version;
        }
        released
    }

    pub(super) fn move_role(
        &mut self,
        role: &RoleSlug,
        step: MoveDirection,
        seen: i64,
    ) -> Result<bool, DraftEditError> {
        let at = self.required_roles.iter().position(|other| other.role == *role).ok_or(DraftEditError::NotInDraft)?;
        check_not_stale(self.signing, seen)?;
        swap_with_neighbor(&mut self.required_roles, at, step)?;
        self.signing = self.version;
        Ok(true)
    }

    pub(super) fn add_part(&mut self, id: NodeId, title: Title) -> Result<bool, DraftEditError> {
        if self.is_already_added(id)? {
            return answer_repeated_form(self.part(id).is_some_and(|part| part.title.as_ref() == Some(&title)));
        }
        if self.parts.len() >= MAX_HEADINGS {
            return Err(DraftEditError::TooManyHeadings);
        }
        if self.parts.iter().any(|part| part.title.as_ref() == Some(&title)) {
            return Err(DraftEditError::TitleTaken);
        }
        let now = self.version;
        // Items directly under a part are in a section without a heading.
        let sections = vec![DraftSection::new(NodeId(uuid::Uuid::new_v5(&id.uuid(), b"section")), None, now)];
        self.parts.push(DraftPart { id, is_new: true, title: Some(title), changed: now, arranged: now, sections });
        self.arranged = now;
        Ok(true)
    }

    pub(super) fn add_section(&mut self, id: NodeId, part: NodeId, title: Title) -> Result<bool, DraftEditError> {
        if self.is_already_added(id)? {
            return answer_repeated_form(
                self.section(id).is_some_and(|(_, section)| section.title.as_ref() == Some(&title)),
            );
        }
        let DraftPosition::Part(part) = self.require_position(part)? else { return Err(DraftEditError::NotInDraft) };
        if self.sections().count() >= MAX_HEADINGS {
            return Err(DraftEditError::TooManyHeadings);
        }
        let (now, part) = (self.version, &mut self.parts[part]);
        if part.sections.iter().any(|section| section.title.as_ref() == Some(&title)) {
            return Err(DraftEditError::TitleTaken);
        }
        // The section without a heading is only for items that are directly under the part.
        part.sections.retain(|section| section.title.is_some() || !section.items.is_empty());
        part.sections.push(DraftSection::new(id, Some(title), now));
        part.arranged = now;
        Ok(true)
    }

    pub(super) fn add_item(
        &mut self,
        id: NodeId,
        place: ItemPlace,
        fields: DraftItemFields,
    ) -> Result<bool, DraftEditError> {
        if self.is_already_added(id)? {
            return answer_repeated_form(self.item(id).is_some_and(|(_, _, item)| item.has_fields(&fields)));
        }
        let FoundPlace { section: (p, s), index, under } = self.find_place(place)?;
        let (count, taken, now) = (self.items().count(), self.item_keys_except(id), self.version);
        let section = &mut self.parts[p].sections[s];
        if count >= MAX_ITEMS {
            return Err(DraftEditError::TooManyItems);
        }
        if section.items.iter().any(|item| item.item.title == fields.title && item.item.under == under) {
            return Err(DraftEditError::TitleTaken);
        }
        let mut item = [DraftItem::new(id, fields, None, &taken, now)?];
        nesting::nest_block(&mut item, &under)?;
        section.items.splice(index..index, item);
        section.arranged = now;
        Ok(true)
    }

    /// Changes all of them, or none. What is as it should be already is no conflict.
    pub(super) fn change_items(
        &mut self,
        items: Vec<NodeId>,
        changes: &ItemChanges,
        seen: i64,
    ) -> Result<bool, DraftEditError> {
        let (chosen, now): (BTreeSet<NodeId>, i64) = (items.into_iter().collect(), self.version);
        let present: BTreeSet<NodeId> = self.items().map(|item| item.id).collect();
        if let Some(missing) = chosen.difference(&present).next() {
            return Err(self.require_position(*missing).err().unwrap_or(DraftEditError::NotInDraft));
        }
        let sections = self.parts.iter_mut().flat_map(|part| &mut part.sections);
        let items = sections.flat_map(|section| &mut section.items).filter(|item| chosen.contains(&item.id));
        let mut has_changed = false;
        for DraftItem { item, changed, .. } in items {
            let before = (item.importance, item.phase, item.role.clone(), item.evidence_required);
            item.importance = changes.importance.unwrap_or(item.importance);
            item.phase = changes.phase.unwrap_or(item.phase);
            item.role = changes.role.clone().unwrap_or_else(|| item.role.take());
            item.evidence_required = changes.evidence_required.unwrap_or(item.evidence_required);
            if before != (item.importance, item.phase, item.role.clone(), item.evidence_required) {
                check_not_stale(*changed, seen)?;
                *changed = now;
                has_changed = true;
            }
        }
        Ok(has_changed)
    }

    pub(super) fn rename_node(&mut self, node: NodeId, title: Title, seen: i64) -> Result<bool, DraftEditError> {
        let (now, title) = (self.version, Some(title));
        let (heading, changed, taken) = match self.require_position(node)? {
            DraftPosition::Part(at) => {
                let taken = self.parts.iter().any(|part| part.id != node && part.title == title);
                let part = &mut self.parts[at];
                (&mut part.title, &mut part.changed, taken)
            }
            DraftPosition::Section(p, at) => {
                let sections = &mut self.parts[p].sections;
                let taken = sections.iter().any(|section| section.id != node && section.title == title);
                let section = &mut sections[at];
                (&mut section.title, &mut section.changed, taken)
            }
            DraftPosition::Item(..) => return Err(DraftEditError::NotInDraft),
        };
        if *heading == title {
            return Ok(false);
        }
        check_not_stale(*changed, seen)?;
        if taken {
            return Err(DraftEditError::TitleTaken);
        }
        (*heading, *changed) = (title, now);
        Ok(true)
    }

    pub(super) fn edit_item(&mut self, id: NodeId, fields: DraftItemFields, seen: i64) -> Result<bool, DraftEditError> {
        let DraftPosition::Item(p, s, at) = self.require_position(id)? else { return Err(DraftEditError::NotInDraft) };
        let (taken, now) = (self.item_keys_except(id), self.version);
        let items = &mut self.parts[p].sections[s].items;
        let existing = &items[at];
        let changed = DraftItem::new(id, fields, Some(existing), &taken, now)?;
        if (existing.key_from, &existing.item) == (changed.key_from, &changed.item) {
            return Ok(false);
        }
        check_not_stale(existing.changed, seen)?;
        let ChecklistItem { title, under, .. } = &changed.item;
        let has_title = |other: &DraftItem| other.item.title == *title && other.item.under == *under;
        if existing.item.title != *title && items.iter().any(|other| other.id != id && has_title(other)) {
            return Err(DraftEditError::TitleTaken);
        }
        // Items that are nested in it name it by its title.
        for nested in nesting::block_of(items, at).skip(1) {
            items[nested].item.under[under.len()] = title.clone();
        }
        items[at] = changed;
        Ok(true)
    }
}

impl DraftSection {
    /// A section that is added now, without items.
    const fn new(id: NodeId, title: Option<Title>, now: i64) -> Self {
        Self { id, is_new: true, title, changed: now, arranged: now, items: Vec::new() }
    }
}

impl DraftItem {
    /// An item with these fields, in place of `existing` if that is given. `taken` are the keys of all other items.
    ///
    /// # Errors
    /// When the chosen key is taken, or is to replace a published one.
    fn new(
        id: NodeId,
        fields: DraftItemFields,
        existing: Option<&Self>,
        taken: &BTreeSet<ItemKey>,
        now: i64,
    ) -> Result<Self, DraftEditError> {
        let DraftItemFields { title, importance, phase, role, evidence_required, guidance, key } = fields;
        let (key_from, key) = match (existing, key) {
            (Some(old), Some(key)) if !old.is_new() && key != old.item.key => return Err(DraftEditError::KeyFixed),
            (Some(old), _) if !old.is_new() => (KeyFrom::Published, old.item.key.clone()),
            (_, Some(key)) if taken.contains(&key) => return Err(DraftEditError::KeyTaken(key)),
            (_, Some(key)) => (KeyFrom::Choice, key),
            (Some(old), None) if old.key_from == KeyFrom::Title && old.item.title == title => {
                (KeyFrom::Title, old.item.key.clone())
            }
            (_, None) => (KeyFrom::Title, key_from_title(title.as_str(), taken)),
        };
        let under = existing.map_or_else(Vec::new, |old| old.item.under.clone());
        let item = ChecklistItem { key, title, importance, phase, role, evidence_required, guidance, under };
        Ok(Self { id, changed: now, key_from, item })
    }
}
