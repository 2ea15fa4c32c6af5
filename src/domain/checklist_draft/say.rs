//! Edits of what a draft says: its name, its roles, its headings and its items.

use super::{
    ChecklistDraft, DraftItem, DraftPart, DraftSection, EditError, ItemFields, KeyFrom, MAX_HEADINGS, Step,
    edit::{fresh, swap},
    nesting,
    structure::Place,
};
use crate::domain::{
    checklist::{ChecklistItem, MAX_ITEMS, RequiredRole},
    ids::NodeId,
    markdown_checklist::key_of,
    role::RoleSlug,
    text::{Markdown, Title},
};

impl ChecklistDraft {
    pub(super) fn describe(
        &mut self,
        name: Title,
        introduction: Option<Markdown>,
        seen: i64,
    ) -> Result<bool, EditError> {
        if (&self.name, &self.introduction) == (&name, &introduction) {
            return Ok(false);
        }
        fresh(self.described, seen)?;
        (self.name, self.introduction, self.described) = (name, introduction, self.version);
        Ok(true)
    }

    pub(super) fn require(&mut self, role: RequiredRole) -> Result<bool, EditError> {
        if self.required_roles.iter().any(|known| known.title == role.title && known.role != role.role) {
            return Err(EditError::RoleTaken);
        }
        match self.required_roles.iter_mut().find(|known| known.role == role.role) {
            Some(known) if *known == role => return Ok(false),
            Some(known) => *known = role,
            None => self.required_roles.push(role),
        }
        self.signing = self.version;
        Ok(true)
    }

    pub(super) fn release(&mut self, role: &RoleSlug) -> bool {
        let before = self.required_roles.len();
        self.required_roles.retain(|known| known.role != *role);
        let released = self.required_roles.len() < before;
        if released {
            self.signing = self.version;
        }
        released
    }

    pub(super) fn step_role(&mut self, role: &RoleSlug, step: Step, seen: i64) -> Result<bool, EditError> {
        let at = self.required_roles.iter().position(|known| known.role == *role).ok_or(EditError::Unknown)?;
        fresh(self.signing, seen)?;
        swap(&mut self.required_roles, at, step)?;
        self.signing = self.version;
        Ok(true)
    }

    pub(super) fn add_part(&mut self, id: NodeId, title: Title) -> Result<bool, EditError> {
        if self.was_made(id)? {
            return Ok(false);
        }
        if self.parts.len() >= MAX_HEADINGS {
            return Err(EditError::TooManyHeadings);
        }
        if self.parts.iter().any(|part| part.title.as_ref() == Some(&title)) {
            return Err(EditError::TitleTaken);
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

    pub(super) fn add_section(&mut self, id: NodeId, part: NodeId, title: Title) -> Result<bool, EditError> {
        if self.was_made(id)? {
            return Ok(false);
        }
        let Place::Part(part) = self.place(part)? else { return Err(EditError::Unknown) };
        if self.parts.iter().map(|part| part.sections.len()).sum::<usize>() >= MAX_HEADINGS {
            return Err(EditError::TooManyHeadings);
        }
        let (now, part) = (self.version, &mut self.parts[part]);
        if part.sections.iter().any(|section| section.title.as_ref() == Some(&title)) {
            return Err(EditError::TitleTaken);
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

    pub(super) fn add_item(&mut self, id: NodeId, section: NodeId, fields: ItemFields) -> Result<bool, EditError> {
        if self.was_made(id)? {
            return Ok(false);
        }
        let (count, taken, now) = (self.items().count(), self.keys_but(id), self.version);
        let section = self.section_mut(section)?;
        if count >= MAX_ITEMS {
            return Err(EditError::TooManyItems);
        }
        if section.items.iter().any(|item| item.item.title == fields.title && item.item.under.is_empty()) {
            return Err(EditError::TitleTaken);
        }
        let (key_from, key) = match fields.key {
            Some(key) if taken.contains(&key) => return Err(EditError::KeyTaken(key)),
            Some(key) => (KeyFrom::Choice, key),
            None => (KeyFrom::Title, key_of(fields.title.as_str(), &taken)),
        };
        let ItemFields { title, importance, phase, role, evidence_required, guidance, key: _ } = fields;
        let under = Vec::new();
        let item = ChecklistItem { key, title, importance, phase, role, evidence_required, guidance, under };
        section.items.push(DraftItem { id, changed: now, key_from, item });
        section.arranged = now;
        Ok(true)
    }

    pub(super) fn entitle(&mut self, node: NodeId, title: Title, seen: i64) -> Result<bool, EditError> {
        let (now, title) = (self.version, Some(title));
        let (heading, changed, taken) = match self.place(node)? {
            Place::Part(at) => {
                let taken = self.parts.iter().any(|part| part.id != node && part.title == title);
                let part = &mut self.parts[at];
                (&mut part.title, &mut part.changed, taken)
            }
            Place::Section(p, at) => {
                let sections = &mut self.parts[p].sections;
                let taken = sections.iter().any(|section| section.id != node && section.title == title);
                let section = &mut sections[at];
                (&mut section.title, &mut section.changed, taken)
            }
            Place::Item(..) => return Err(EditError::Unknown),
        };
        if *heading == title {
            return Ok(false);
        }
        fresh(*changed, seen)?;
        if taken {
            return Err(EditError::TitleTaken);
        }
        (*heading, *changed) = (title, now);
        Ok(true)
    }

    pub(super) fn edit_item(&mut self, id: NodeId, fields: ItemFields, seen: i64) -> Result<bool, EditError> {
        let Place::Item(p, s, at) = self.place(id)? else { return Err(EditError::Unknown) };
        let (taken, now) = (self.keys_but(id), self.version);
        let items = &mut self.parts[p].sections[s].items;
        let known = &items[at];
        let renamed = known.item.title != fields.title;
        let (key_from, key) = match (known.key_from, fields.key) {
            (KeyFrom::Published, Some(key)) if key != known.item.key => return Err(EditError::KeyFixed),
            (KeyFrom::Published, _) => (KeyFrom::Published, known.item.key.clone()),
            (KeyFrom::Title | KeyFrom::Choice, Some(key)) if taken.contains(&key) => {
                return Err(EditError::KeyTaken(key));
            }
            (KeyFrom::Title | KeyFrom::Choice, Some(key)) => (KeyFrom::Choice, key),
            (KeyFrom::Title, None) if !renamed => (KeyFrom::Title, known.item.key.clone()),
            (KeyFrom::Title | KeyFrom::Choice, None) => (KeyFrom::Title, key_of(fields.title.as_str(), &taken)),
        };
        let ItemFields { title, importance, phase, role, evidence_required, guidance, key: _ } = fields;
        let under = known.item.under.clone();
        let said = ChecklistItem { key, title, importance, phase, role, evidence_required, guidance, under };
        if (known.key_from, &known.item) == (key_from, &said) {
            return Ok(false);
        }
        fresh(known.changed, seen)?;
        let beside = |other: &DraftItem| other.item.title == said.title && other.item.under == said.under;
        if renamed && items.iter().any(|other| other.id != id && beside(other)) {
            return Err(EditError::TitleTaken);
        }
        // What is nested in it names it by its words.
        let depth = said.under.len();
        for nested in nesting::block(items, at).skip(1) {
            items[nested].item.under[depth] = said.title.clone();
        }
        items[at] = DraftItem { id, changed: now, key_from, item: said };
        Ok(true)
    }
}
