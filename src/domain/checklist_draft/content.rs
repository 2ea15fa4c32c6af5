//! Edits of what a draft says: its name, its roles, its headings and its items.

use super::{
    ChecklistDraft, DraftEditError, DraftItem, DraftItemFields, DraftPart, DraftSection, KeyFrom, MAX_HEADINGS,
    MoveDirection,
    edit::{check_not_stale, swap_with_neighbor},
    nesting,
    positions::DraftPosition,
};
use crate::domain::{
    checklist::{ChecklistItem, MAX_ITEMS, RequiredRole},
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
        if self.required_roles.iter().any(|known| known.title == role.title && known.role != role.role) {
            return Err(DraftEditError::RoleTaken);
        }
        match self.required_roles.iter_mut().find(|known| known.role == role.role) {
            Some(known) if *known == role => return Ok(false),
            Some(known) => *known = role,
            None => self.required_roles.push(role),
        }
        self.signing = self.version;
        Ok(true)
    }

    pub(super) fn remove_role(&mut self, role: &RoleSlug) -> bool {
        let before = self.required_roles.len();
        self.required_roles.retain(|known| known.role != *role);
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
        let at = self.required_roles.iter().position(|known| known.role == *role).ok_or(DraftEditError::NotInDraft)?;
        check_not_stale(self.signing, seen)?;
        swap_with_neighbor(&mut self.required_roles, at, step)?;
        self.signing = self.version;
        Ok(true)
    }

    pub(super) fn add_part(&mut self, id: NodeId, title: Title) -> Result<bool, DraftEditError> {
        if self.is_already_made(id)? {
            return Ok(false);
        }
        if self.parts.len() >= MAX_HEADINGS {
            return Err(DraftEditError::TooManyHeadings);
        }
        if self.parts.iter().any(|part| part.title.as_ref() == Some(&title)) {
            return Err(DraftEditError::TitleTaken);
        }
        let now = self.version;
        // Items may stand straight under a part: that is a section without a heading.
        let inner = NodeId(uuid::Uuid::new_v5(&id.uuid(), b"section"));
        let section =
            DraftSection { id: inner, is_new: true, title: None, changed: now, arranged: now, items: Vec::new() };
        self.parts.push(DraftPart {
            id,
            is_new: true,
            title: Some(title),
            changed: now,
            arranged: now,
            sections: vec![section],
        });
        self.arranged = now;
        Ok(true)
    }

    pub(super) fn add_section(&mut self, id: NodeId, part: NodeId, title: Title) -> Result<bool, DraftEditError> {
        if self.is_already_made(id)? {
            return Ok(false);
        }
        let DraftPosition::Part(part) = self.require_position(part)? else { return Err(DraftEditError::NotInDraft) };
        if self.parts.iter().map(|part| part.sections.len()).sum::<usize>() >= MAX_HEADINGS {
            return Err(DraftEditError::TooManyHeadings);
        }
        let (now, part) = (self.version, &mut self.parts[part]);
        if part.sections.iter().any(|section| section.title.as_ref() == Some(&title)) {
            return Err(DraftEditError::TitleTaken);
        }
        // What waits for items straight under the part makes room for the first heading.
        part.sections.retain(|section| section.title.is_some() || !section.items.is_empty());
        part.sections.push(DraftSection {
            id,
            is_new: true,
            title: Some(title),
            changed: now,
            arranged: now,
            items: Vec::new(),
        });
        part.arranged = now;
        Ok(true)
    }

    pub(super) fn add_item(
        &mut self,
        id: NodeId,
        section: NodeId,
        fields: DraftItemFields,
    ) -> Result<bool, DraftEditError> {
        if self.is_already_made(id)? {
            return Ok(false);
        }
        let (count, taken, now) = (self.items().count(), self.keys_except(id), self.version);
        let section = self.section_mut(section)?;
        if count >= MAX_ITEMS {
            return Err(DraftEditError::TooManyItems);
        }
        if section.items.iter().any(|item| item.item.title == fields.title && item.item.under.is_empty()) {
            return Err(DraftEditError::TitleTaken);
        }
        let (key_from, key) = match fields.key {
            Some(key) if taken.contains(&key) => return Err(DraftEditError::KeyTaken(key)),
            Some(key) => (KeyFrom::Choice, key),
            None => (KeyFrom::Title, key_from_title(fields.title.as_str(), &taken)),
        };
        let DraftItemFields { title, importance, phase, role, evidence_required, guidance, key: _ } = fields;
        let under = Vec::new();
        let item = ChecklistItem { key, title, importance, phase, role, evidence_required, guidance, under };
        section.items.push(DraftItem { id, changed: now, key_from, item });
        section.arranged = now;
        Ok(true)
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
        let (taken, now) = (self.keys_except(id), self.version);
        let items = &mut self.parts[p].sections[s].items;
        let known = &items[at];
        let renamed = known.item.title != fields.title;
        let (key_from, key) = match (known.key_from, fields.key) {
            (KeyFrom::Published, Some(key)) if key != known.item.key => return Err(DraftEditError::KeyFixed),
            (KeyFrom::Published, _) => (KeyFrom::Published, known.item.key.clone()),
            (KeyFrom::Title | KeyFrom::Choice, Some(key)) if taken.contains(&key) => {
                return Err(DraftEditError::KeyTaken(key));
            }
            (KeyFrom::Title | KeyFrom::Choice, Some(key)) => (KeyFrom::Choice, key),
            (KeyFrom::Title, None) if !renamed => (KeyFrom::Title, known.item.key.clone()),
            (KeyFrom::Title | KeyFrom::Choice, None) => (KeyFrom::Title, key_from_title(fields.title.as_str(), &taken)),
        };
        let DraftItemFields { title, importance, phase, role, evidence_required, guidance, key: _ } = fields;
        let under = known.item.under.clone();
        let said = ChecklistItem { key, title, importance, phase, role, evidence_required, guidance, under };
        if (known.key_from, &known.item) == (key_from, &said) {
            return Ok(false);
        }
        check_not_stale(known.changed, seen)?;
        let beside = |other: &DraftItem| other.item.title == said.title && other.item.under == said.under;
        if renamed && items.iter().any(|other| other.id != id && beside(other)) {
            return Err(DraftEditError::TitleTaken);
        }
        // What is nested in it names it by its words.
        let depth = said.under.len();
        for nested in nesting::block_of(items, at).skip(1) {
            items[nested].item.under[depth] = said.title.clone();
        }
        items[at] = DraftItem { id, changed: now, key_from, item: said };
        Ok(true)
    }
}
