//! The data of the slice's templates.

use std::borrow::Cow;

use askama::Template;

use super::{
    comparison::{ChecklistComparisonView, role_title},
    import_choices::ImportChoicesView,
    preview::ChecklistImportPreview,
    store::{ChecklistListRow, ChecklistVersionRow},
};
use crate::{
    domain::{
        checklist::{Checklist, ChecklistItem, ChecklistPart},
        ids::{ChecklistId, ChecklistVersionId},
        launch::state::ChecklistVersion,
        role::RoleSlug,
        time::Moment,
    },
    texts,
    web::{
        chrome::Chrome,
        form::FieldErrors,
        idempotency::SentIdempotencyKey,
        markdown::{self, SafeHtml},
    },
};

#[derive(Template)]
#[template(path = "checklists/list.html")]
pub(super) struct ChecklistListPage {
    pub chrome: Chrome,
    pub is_admin: bool,
    /// Those of which there is only a draft; for admins.
    pub unpublished: Vec<UnpublishedChecklistView>,
    pub current: Vec<ChecklistListRow>,
    pub archived: Vec<ChecklistListRow>,
}

/// A checklist that was not published yet.
pub(super) struct UnpublishedChecklistView {
    pub id: ChecklistId,
    /// The name in its draft.
    pub name: String,
    pub edited_at: Moment,
    pub edited_by: String,
}

/// A version, to read.
#[derive(Template)]
#[template(path = "checklists/show.html")]
pub(super) struct ChecklistVersionPage {
    pub chrome: Chrome,
    pub id: ChecklistId,
    pub version: ChecklistVersionId,
    pub number: i32,
    pub newest: i32,
    pub name: String,
    pub introduction: Option<SafeHtml>,
    pub hash: String,
    pub short_hash: String,
    pub counts: Cow<'static, str>,
    pub parts: Vec<ChecklistVersionPartView>,
    pub roles: Vec<String>,
    pub versions: Vec<ChecklistVersionRow>,
    pub archived: bool,
    pub drafted: bool,
    pub is_admin: bool,
    pub can_launch: bool,
}

#[derive(Template)]
#[template(path = "checklists/compare.html")]
pub(super) struct ChecklistComparePage {
    pub chrome: Chrome,
    pub id: ChecklistId,
    pub name: String,
    /// The compared versions; `None` where the address names none.
    pub from: Option<i32>,
    pub to: Option<i32>,
    pub versions: Vec<ChecklistVersionRow>,
    pub errors: FieldErrors,
    /// `None` if a version is wrong.
    pub comparison: Option<ChecklistComparisonView>,
}

impl ChecklistComparePage {
    fn is_from(&self, number: &i32) -> bool {
        self.from == Some(*number)
    }

    fn is_to(&self, number: &i32) -> bool {
        self.to == Some(*number)
    }

    fn heading(&self) -> Cow<'static, str> {
        match (self.from, self.to) {
            (Some(from), Some(to)) if from == to => texts::version_number(to),
            (Some(from), Some(to)) => texts::from_version_to_version(from, to),
            _ => texts::compare_two_versions(),
        }
    }
}

pub(super) struct ChecklistVersionPartView {
    pub anchor: String,
    pub title: String,
    pub items: usize,
    pub sections: Vec<ChecklistVersionSectionView>,
}

pub(super) struct ChecklistVersionSectionView {
    pub title: String,
    pub items: Vec<ChecklistVersionItemView>,
}

pub(super) struct ChecklistVersionItemView {
    pub key: String,
    pub title: String,
    pub under: String,
    pub importance: &'static str,
    pub phase: Option<Cow<'static, str>>,
    pub role: String,
    pub evidence: bool,
    pub guidance: Option<SafeHtml>,
}

impl ChecklistVersionPage {
    /// The page of a version; `versions` are all of its checklist, the newest first.
    pub(super) fn new(
        chrome: Chrome,
        version: &ChecklistVersion,
        versions: Vec<ChecklistVersionRow>,
        is_admin: bool,
        is_member: bool,
    ) -> Self {
        let checklist = &version.checklist;
        let newest = versions.first().map_or(version.number, |newest| newest.number);
        let archived = versions.first().is_some_and(|newest| newest.archived);
        let drafted = versions.first().is_some_and(|newest| newest.drafted);
        let sections: usize = checklist.parts.iter().map(|part| part.sections.len()).sum();
        Self {
            chrome,
            id: version.checklist_id,
            version: version.id,
            number: version.number,
            newest,
            name: checklist.name.to_string(),
            introduction: checklist.introduction.as_ref().map(|text| markdown::render(text.as_str())),
            hash: version.hash.to_string(),
            short_hash: version.hash.short(),
            counts: texts::checklist_size(checklist.parts.len(), sections, checklist.items().count()),
            parts: checklist.parts.iter().enumerate().map(|(at, part)| build_part_view(checklist, at, part)).collect(),
            roles: checklist.required_roles.iter().map(|required| required.title.to_string()).collect(),
            versions,
            archived,
            drafted,
            is_admin,
            // New launches use the newest version; older ones stay for the launches made from them.
            can_launch: is_member && !archived && version.number == newest,
        }
    }

    /// When and by whom this version was published.
    fn published_version(&self) -> Option<&ChecklistVersionRow> {
        self.versions.iter().find(|line| line.number == self.number)
    }
}

fn build_part_view(checklist: &Checklist, at: usize, part: &ChecklistPart) -> ChecklistVersionPartView {
    let sections = part.sections.iter().map(|section| ChecklistVersionSectionView {
        title: section.title.as_ref().map_or_else(String::new, ToString::to_string),
        items: section.items.iter().map(|item| build_item_view(checklist, item)).collect(),
    });
    ChecklistVersionPartView {
        anchor: format!("part-{}", at + 1),
        title: part.title.as_ref().unwrap_or(&checklist.name).to_string(),
        items: part.sections.iter().map(|section| section.items.len()).sum(),
        sections: sections.collect(),
    }
}

fn build_item_view(checklist: &Checklist, item: &ChecklistItem) -> ChecklistVersionItemView {
    let title_of = |role: &RoleSlug| role_title(&checklist.required_roles, role);
    ChecklistVersionItemView {
        key: item.key.to_string(),
        title: item.title.to_string(),
        under: item.under.iter().map(ToString::to_string).collect::<Vec<_>>().join(" › "),
        importance: item.importance.slug(),
        phase: item.phase.after_label(),
        role: item.role.as_ref().map_or_else(String::new, title_of),
        evidence: item.evidence_required,
        guidance: item.guidance.as_ref().map(|guidance| markdown::render(guidance.as_str())),
    }
}

/// The existing checklist that gets a new version.
#[derive(Debug, Clone)]
pub(super) struct ImportTargetView {
    pub id: ChecklistId,
    pub name: String,
    /// The number that the version would have.
    pub next_number: i32,
}

/// The import form, and the preview of what was parsed.
#[derive(Template)]
#[template(path = "checklists/import.html")]
pub(super) struct ChecklistImportPage {
    pub chrome: Chrome,
    pub target: Option<ImportTargetView>,
    pub once: SentIdempotencyKey,
    pub name: String,
    pub markdown: String,
    pub errors: FieldErrors,
    pub problem: Option<String>,
    /// What was chosen on the preview.
    pub choices: ImportChoicesView,
    /// Names of roles that must sign and that the installation does not have.
    pub own_signers: String,
    pub preview: Option<ChecklistImportPreview>,
}

impl ChecklistImportPage {
    pub(super) fn empty(chrome: Chrome, target: Option<ImportTargetView>) -> Self {
        Self {
            chrome,
            target,
            once: SentIdempotencyKey::generate(),
            name: String::new(),
            markdown: String::new(),
            errors: FieldErrors::new(),
            problem: None,
            choices: ImportChoicesView::default(),
            own_signers: String::new(),
            preview: None,
        }
    }

    /// Whether the text can be published; a name may still be missing.
    fn is_publishable(&self) -> bool {
        self.preview.is_some() && !self.errors.has("file")
    }

    /// Whether nobody must sign what the text makes.
    fn is_unsigned(&self) -> bool {
        self.preview.as_ref().is_some_and(|preview| preview.roles.is_empty())
    }

    /// The hint beside the name's field.
    fn name_hint(&self) -> Cow<'static, str> {
        if self.is_publishable() { texts::name_overrides_heading() } else { texts::name_may_be_empty() }
    }

    fn publish_label(&self) -> Cow<'static, str> {
        self.target.as_ref().map_or_else(texts::publish_checklist, |target| texts::publish_version(target.next_number))
    }
}
