//! The data of the draft pages' templates.

use askama::Template;

use super::{
    DraftContext, DraftRoleChoices,
    forms::{ALL_PHASES, DraftDescriptionForm, DraftItemForm, DraftRoleForm, phase_slug},
};
use crate::{
    checklists::comparison::{self, ChecklistComparisonView},
    domain::{
        checklist::Importance,
        ids::{ChecklistId, NodeId},
        time::Moment,
    },
    presentation::formatting::count_with_noun,
    texts,
    web::{form::FieldErrors, markdown::SafeHtml, page::Chrome},
};

/// What every page of a draft shows about it.
#[derive(Debug, Clone)]
pub(super) struct DraftHeadView {
    pub id: ChecklistId,
    pub name: String,
    /// The number of the version that publishing would make.
    pub next: i32,
    pub base: i32,
    pub newest: i32,
    /// The draft's version, which its forms carry.
    pub version: i64,
    pub saved: Option<(Moment, String)>,
}

impl DraftHeadView {
    pub(super) fn new(desk: &DraftContext) -> Self {
        Self {
            id: desk.id,
            name: desk.name().to_string(),
            next: desk.newest_number + 1,
            base: desk.draft.base,
            newest: desk.newest_number,
            version: desk.draft.version,
            saved: desk.last_saved.clone(),
        }
    }

    /// Whether another version was published since the draft began.
    fn is_overtaken(&self) -> bool {
        self.base != self.newest
    }
}

/// A part, section or item in a list that can be reordered.
pub(super) struct DraftNodeRow {
    pub id: NodeId,
    pub title: String,
    /// `new`, `changed`, or empty.
    pub mark: &'static str,
    pub is_first: bool,
    pub is_last: bool,
}

pub(super) struct DraftRoleRow {
    pub slug: String,
    pub title: String,
    pub is_first: bool,
    pub is_last: bool,
}

pub(super) struct DraftPartRow {
    pub row: DraftNodeRow,
    /// The heading in the field to edit it.
    pub heading: String,
    /// `12 items`
    pub items: String,
    pub sections: Vec<(DraftNodeRow, String)>,
}

/// The outline: the whole draft without its items.
#[derive(Template)]
#[template(path = "checklists/draft/outline.html")]
pub(super) struct DraftOutlinePage {
    pub chrome: Chrome,
    pub head: DraftHeadView,
    pub counts: String,
    pub about: DraftDescriptionForm,
    /// The current name and introduction, if they differ from the input.
    pub about_now: Option<DraftDescriptionForm>,
    pub required: Vec<DraftRoleRow>,
    pub role: DraftRoleForm,
    /// Further roles that could be required to sign.
    pub offered: DraftRoleChoices,
    pub parts: Vec<DraftPartRow>,
    pub removed: Vec<DraftRemovedRow>,
    pub once: String,
    pub typed: DraftOutlineInput,
}

pub(super) struct DraftRemovedRow {
    pub id: NodeId,
    pub title: String,
    pub what: String,
}

/// The input of one form of the outline, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub(super) struct DraftOutlineInput {
    /// The form: `about`, `roles`, `parts`, or the id of a part followed by `/title` or `/sections`.
    pub form: String,
    pub title: String,
    /// The current heading, if it differs from the input.
    pub now: Option<String>,
    pub errors: FieldErrors,
    pub problem: Option<String>,
}

impl DraftOutlinePage {
    /// Whether this form was sent.
    fn is(&self, form: &str) -> bool {
        self.typed.form == *form
    }

    /// The value of the field in this form.
    fn value<'a>(&'a self, form: &str, known: &'a str) -> &'a str {
        if self.is(form) { &self.typed.title } else { known }
    }

    /// The error of this field in this form.
    fn error(&self, form: &str, field: &str) -> Option<&str> {
        self.typed.errors.get(field).filter(|_| self.is(form))
    }
}

#[derive(Template)]
#[template(path = "checklists/draft/section.html")]
pub(super) struct DraftSectionPage {
    pub chrome: Chrome,
    pub head: DraftHeadView,
    pub id: NodeId,
    pub title: String,
    pub heading: String,
    pub part: String,
    pub part_id: NodeId,
    pub parts: Vec<(NodeId, String)>,
    pub items: Vec<DraftItemRow>,
    /// The form for a new item.
    pub fields: DraftItemForm,
    pub choices: DraftItemChoices,
    pub errors: FieldErrors,
    pub preview: Option<SafeHtml>,
    pub problem: Option<String>,
    /// What is wrong with the heading that was typed, and the current one.
    pub heading_error: Option<String>,
    pub heading_now: Option<String>,
    pub before: Option<(NodeId, String)>,
    pub after: Option<(NodeId, String)>,
}

impl DraftSectionPage {
    fn counted(&self) -> String {
        count_with_noun(self.items.len(), "item")
    }
}

pub(super) struct DraftItemRow {
    pub row: DraftNodeRow,
    pub under: String,
    pub importance: &'static str,
    pub phase: Option<&'static str>,
    pub role: String,
    pub evidence: bool,
}

pub(super) struct DraftItemChoices {
    pub importances: Vec<(&'static str, &'static str)>,
    pub phases: Vec<(&'static str, &'static str)>,
    pub roles: Vec<(String, String)>,
}

impl DraftItemChoices {
    pub(super) fn new(roles: DraftRoleChoices) -> Self {
        let importance = |known: Importance| {
            let word = match known {
                Importance::Critical => "Critical: blocks; not applicable needs agreement",
                Importance::Required => "Required: blocks",
                Importance::Advisory => "Advisory: makes it conditional",
            };
            (known.slug(), word)
        };
        Self {
            importances: Importance::ALL.map(importance).into(),
            phases: ALL_PHASES.map(|phase| (phase_slug(phase), comparison::phase_label(phase))).into(),
            roles: roles.into_iter().map(|(slug, title)| (slug.to_string(), title)).collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "checklists/draft/item.html")]
pub(super) struct DraftItemPage {
    pub chrome: Chrome,
    pub head: DraftHeadView,
    pub id: NodeId,
    /// Its title in the draft.
    pub title: String,
    pub key: String,
    /// Whether the key can no longer change, since a version with it was published.
    pub is_published: bool,
    pub under: String,
    pub section: NodeId,
    pub section_title: String,
    pub fields: DraftItemForm,
    pub choices: DraftItemChoices,
    pub errors: FieldErrors,
    pub preview: Option<SafeHtml>,
    pub problem: Option<String>,
    /// The fields that somebody else changed: the field's name and its current value.
    pub now: Vec<(&'static str, String)>,
    /// All sections: id, name, and whether the item is in it.
    pub sections: Vec<(NodeId, String, bool)>,
    /// What it can be nested in: value, name, and whether it is the current one.
    pub nestings: Vec<(String, String, bool)>,
    pub before: Option<(NodeId, String)>,
    pub after: Option<(NodeId, String)>,
}

/// The input for an item or section that was removed.
#[derive(Template)]
#[template(path = "checklists/draft/gone.html")]
pub(super) struct DraftTargetRemovedPage {
    pub chrome: Chrome,
    pub head: DraftHeadView,
    pub sections: Vec<(NodeId, String)>,
    pub fields: DraftItemForm,
    pub choices: DraftItemChoices,
    pub errors: FieldErrors,
    pub preview: Option<SafeHtml>,
    pub problem: String,
}

/// What publishing changes, shown before it is published.
#[derive(Template)]
#[template(path = "checklists/draft/publication.html")]
pub(super) struct DraftPublicationPage {
    pub chrome: Chrome,
    pub head: DraftHeadView,
    pub comparison: ChecklistComparisonView,
    /// What prevents publishing, with links to fix it.
    pub faults: Vec<(String, Option<String>)>,
    pub is_same: bool,
    pub once: String,
    pub problem: Option<String>,
}

#[derive(Template)]
#[template(path = "checklists/draft/discard.html")]
pub(super) struct DraftDiscardPage {
    pub chrome: Chrome,
    pub head: DraftHeadView,
    pub comparison: ChecklistComparisonView,
    pub problem: Option<String>,
}
