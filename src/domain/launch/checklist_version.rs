//! A published version of a checklist, from which launches are made.

use crate::domain::{
    canonical::Sha256Hash,
    checklist::Checklist,
    ids::{ChecklistId, ChecklistVersionId},
    role::RoleSlug,
    text::Title,
};

/// One immutable, published version of a checklist.
#[derive(Debug, PartialEq, Eq)]
pub struct ChecklistVersion {
    pub id: ChecklistVersionId,
    pub checklist_id: ChecklistId,
    /// The number of the version within its checklist, from 1.
    pub number: i32,
    /// The hash of the version's content.
    pub hash: Sha256Hash,
    pub checklist: Checklist,
}

impl ChecklistVersion {
    /// The roles that can have holders: the required ones with their titles, and the others that an item names.
    #[must_use]
    pub fn assignable_roles(&self) -> Vec<(RoleSlug, Title)> {
        let checklist = &self.checklist;
        let mut roles: Vec<_> = checklist.required_roles.iter().map(|r| (r.role.clone(), r.title.clone())).collect();
        for role in checklist.items().filter_map(|(_, _, item)| item.role.as_ref()) {
            if !roles.iter().any(|(other, _)| other == role)
                && let Ok(title) = Title::new(&role.to_name())
            {
                roles.push((role.clone(), title));
            }
        }
        roles
    }
}
