//! What the templates of a draft's pages are given.

use askama::Template;

use super::{
    Desk, Roles,
    forms::{AboutForm, ItemForm, PHASES, RoleForm, phase_slug},
};
use crate::{
    checklists::comparison::{self, Comparison},
    domain::{
        checklist::Importance,
        ids::{ChecklistId, NodeId},
        time::Moment,
    },
    launch_page::words::count,
    web::{form::FieldErrors, markdown::SafeHtml, page::Chrome},
};

/// What every page of a draft says of it.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub id: ChecklistId,
    pub name: String,
    /// The number that it would be published under.
    pub next: i32,
    pub base: i32,
    pub newest: i32,
    /// The draft's version, as its forms carry it.
    pub version: i64,
    pub saved: Option<(Moment, String)>,
}

impl Head {
    pub(super) fn new(desk: &Desk) -> Self {
        Self {
            id: desk.id,
            name: desk.name().to_string(),
            next: desk.newest_number + 1,
            base: desk.draft.base,
            newest: desk.newest_number,
            version: desk.draft.version,
            saved: desk.saved.clone(),
        }
    }

    /// Whether another version was published since the draft began.
    fn is_overtaken(&self) -> bool {
        self.base != self.newest
    }
}

/// A part, section or item in a list that can be rearranged.
pub(super) struct Row {
    pub id: NodeId,
    pub title: String,
    /// What it is in the draft: `new`, `changed`, or nothing.
    pub mark: &'static str,
    pub is_first: bool,
    pub is_last: bool,
}

/// A role that must sign.
pub(super) struct RoleRow {
    pub slug: String,
    pub title: String,
    pub is_first: bool,
    pub is_last: bool,
}

/// A part, with its sections.
pub(super) struct PartRow {
    pub row: Row,
    /// Its heading as it can be typed over.
    pub heading: String,
    /// `12 items`
    pub items: String,
    pub sections: Vec<(Row, String)>,
}

/// The outline: the whole draft, but for its items.
#[derive(Template)]
#[template(path = "checklists/draft/outline.html")]
pub(super) struct Outline {
    pub chrome: Chrome,
    pub head: Head,
    pub counts: String,
    pub about: AboutForm,
    /// What name and introduction are now, where that is not what was typed.
    pub about_now: Option<AboutForm>,
    pub required: Vec<RoleRow>,
    pub role: RoleForm,
    /// The roles that could sign too.
    pub offered: Roles,
    pub parts: Vec<PartRow>,
    pub removed: Vec<RemovedRow>,
    pub once: String,
    pub typed: Typed,
}

/// Something that was removed.
pub(super) struct RemovedRow {
    pub id: NodeId,
    pub title: String,
    pub what: String,
}

/// What a form of the outline brought, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    /// Which form: `about`, `roles`, `parts`, or the id of a part with `/title` or `/sections` behind it.
    pub form: String,
    pub title: String,
    /// What a heading is now, where that is not what was typed.
    pub now: Option<String>,
    pub errors: FieldErrors,
    pub problem: Option<String>,
}

impl Outline {
    /// Whether it was this form that was sent.
    fn is(&self, form: &str) -> bool {
        self.typed.form == *form
    }

    /// What stands in the field of this form.
    fn value<'a>(&'a self, form: &str, known: &'a str) -> &'a str {
        if self.is(form) { &self.typed.title } else { known }
    }

    /// What is wrong with this field of this form.
    fn error(&self, form: &str, field: &str) -> Option<&str> {
        self.typed.errors.get(field).filter(|_| self.is(form))
    }
}

/// A section, with its items.
#[derive(Template)]
#[template(path = "checklists/draft/section.html")]
pub(super) struct SectionPage {
    pub chrome: Chrome,
    pub head: Head,
    pub id: NodeId,
    pub title: String,
    pub heading: String,
    pub part: String,
    pub part_id: NodeId,
    pub parts: Vec<(NodeId, String)>,
    pub items: Vec<ItemRow>,
    /// The form for one more item.
    pub fields: ItemForm,
    pub choices: Choices,
    pub errors: FieldErrors,
    pub preview: Option<SafeHtml>,
    pub problem: Option<String>,
    /// What is wrong with the heading that was typed, and what it is now.
    pub heading_error: Option<String>,
    pub heading_now: Option<String>,
    pub before: Option<(NodeId, String)>,
    pub after: Option<(NodeId, String)>,
}

impl SectionPage {
    fn counted(&self) -> String {
        count(self.items.len(), "item")
    }
}

/// An item in its section.
pub(super) struct ItemRow {
    pub row: Row,
    pub under: String,
    pub importance: &'static str,
    pub phase: Option<&'static str>,
    pub role: String,
    pub evidence: bool,
}

/// What an item's fields offer.
pub(super) struct Choices {
    pub importances: Vec<(&'static str, &'static str)>,
    pub phases: Vec<(&'static str, &'static str)>,
    pub roles: Vec<(String, String)>,
}

impl Choices {
    pub(super) fn new(roles: Roles) -> Self {
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
            phases: PHASES.map(|phase| (phase_slug(phase), comparison::phase(phase))).into(),
            roles: roles.into_iter().map(|(slug, title)| (slug.to_string(), title)).collect(),
        }
    }
}

/// An item, to edit.
#[derive(Template)]
#[template(path = "checklists/draft/item.html")]
pub(super) struct ItemPage {
    pub chrome: Chrome,
    pub head: Head,
    pub id: NodeId,
    /// Its title in the draft.
    pub title: String,
    pub key: String,
    /// Whether its key is settled, since a version with it was published.
    pub is_published: bool,
    pub under: String,
    pub section: NodeId,
    pub section_title: String,
    pub fields: ItemForm,
    pub choices: Choices,
    pub errors: FieldErrors,
    pub preview: Option<SafeHtml>,
    pub problem: Option<String>,
    /// What differs from what was typed, since somebody changed it: name of the field, and what it is now.
    pub now: Vec<(&'static str, String)>,
    /// Every section: id, name, and whether the item is in it.
    pub sections: Vec<(NodeId, String, bool)>,
    /// What it can be nested in: value, name, and whether it is.
    pub nestings: Vec<(String, String, bool)>,
    pub before: Option<(NodeId, String)>,
    pub after: Option<(NodeId, String)>,
}

/// What was typed for an item or a section that is gone.
#[derive(Template)]
#[template(path = "checklists/draft/gone.html")]
pub(super) struct Gone {
    pub chrome: Chrome,
    pub head: Head,
    pub sections: Vec<(NodeId, String)>,
    pub fields: ItemForm,
    pub choices: Choices,
    pub errors: FieldErrors,
    pub preview: Option<SafeHtml>,
    pub problem: String,
}

/// What publishing changes, before it is published.
#[derive(Template)]
#[template(path = "checklists/draft/publication.html")]
pub(super) struct Publication {
    pub chrome: Chrome,
    pub head: Head,
    pub comparison: Comparison,
    /// What keeps it from being published, with the page to mend it.
    pub faults: Vec<(String, Option<String>)>,
    pub is_same: bool,
    pub once: String,
    pub problem: Option<String>,
}

/// Whether to discard a draft.
#[derive(Template)]
#[template(path = "checklists/draft/discard.html")]
pub(super) struct Discard {
    pub chrome: Chrome,
    pub head: Head,
    pub comparison: Comparison,
    pub problem: Option<String>,
}
