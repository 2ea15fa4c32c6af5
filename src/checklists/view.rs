//! What the slice's templates are given.

use askama::Template;

use super::{
    comparison::{Comparison, role_title},
    preview::{Preview, phase},
    store::{Shelved, VersionLine},
};
use crate::{
    domain::{
        checklist::{Checklist, ChecklistItem, Part},
        ids::{ChecklistId, ChecklistVersionId},
        launch::state::ChecklistVersion,
        role::RoleSlug,
    },
    launch_page::words::count,
    web::{
        form::FieldErrors,
        markdown::{self, SafeHtml},
        page::Chrome,
    },
};

/// The list of checklists.
#[derive(Template)]
#[template(path = "checklists/list.html")]
pub(super) struct List {
    pub chrome: Chrome,
    pub is_admin: bool,
    pub current: Vec<Shelved>,
    pub archived: Vec<Shelved>,
}

/// A version, to read.
#[derive(Template)]
#[template(path = "checklists/show.html")]
pub(super) struct Show {
    pub chrome: Chrome,
    pub id: ChecklistId,
    pub version: ChecklistVersionId,
    pub number: i32,
    pub newest: i32,
    pub name: String,
    pub introduction: Option<SafeHtml>,
    pub hash: String,
    pub short_hash: String,
    pub counts: String,
    pub parts: Vec<PartView>,
    pub roles: Vec<String>,
    pub versions: Vec<VersionLine>,
    pub archived: bool,
    pub drafted: bool,
    pub is_admin: bool,
    pub can_launch: bool,
}

/// Two versions of a checklist, compared.
#[derive(Template)]
#[template(path = "checklists/compare.html")]
pub(super) struct Compare {
    pub chrome: Chrome,
    pub id: ChecklistId,
    pub name: String,
    pub from: i32,
    pub to: i32,
    pub versions: Vec<VersionLine>,
    pub comparison: Comparison,
}

/// A part.
pub(super) struct PartView {
    pub anchor: String,
    pub title: String,
    pub items: usize,
    pub sections: Vec<SectionView>,
}

/// A section.
pub(super) struct SectionView {
    pub title: String,
    pub items: Vec<ItemView>,
}

/// An item.
pub(super) struct ItemView {
    pub key: String,
    pub title: String,
    pub under: String,
    pub importance: &'static str,
    pub phase: Option<&'static str>,
    pub role: String,
    pub evidence: bool,
    pub guidance: Option<SafeHtml>,
}

impl Show {
    /// The page of a version; `versions` are all of its checklist, the newest first.
    pub(super) fn new(
        chrome: Chrome,
        version: &ChecklistVersion,
        versions: Vec<VersionLine>,
        is_admin: bool,
        is_member: bool,
    ) -> Self {
        let checklist = &version.checklist;
        let newest = versions.first().map_or(version.number, |newest| newest.number);
        let archived = versions.first().is_some_and(|newest| newest.archived);
        let drafted = versions.first().is_some_and(|newest| newest.drafted);
        let sections = checklist.parts.iter().map(|part| part.sections.len()).sum();
        let counts = [(checklist.parts.len(), "part"), (sections, "section"), (checklist.items().count(), "item")];
        Self {
            chrome,
            id: version.of,
            version: version.id,
            number: version.number,
            newest,
            name: checklist.name.to_string(),
            introduction: checklist.introduction.as_ref().map(|text| markdown::render(text.as_str())),
            hash: version.hash.to_string(),
            short_hash: version.hash.short(),
            counts: counts.map(|(number, noun)| count(number, noun)).join(", "),
            parts: checklist.parts.iter().enumerate().map(|(at, part)| part_view(checklist, at, part)).collect(),
            roles: checklist.required_roles.iter().map(|required| required.title.to_string()).collect(),
            versions,
            archived,
            drafted,
            is_admin,
            // Who wants an older version's launch wants the newest's; the older stay for the launches made from them.
            can_launch: is_member && !archived && version.number == newest,
        }
    }

    /// When and by whom this version was published.
    fn published(&self) -> Option<&VersionLine> {
        self.versions.iter().find(|line| line.number == self.number)
    }
}

fn part_view(checklist: &Checklist, at: usize, part: &Part) -> PartView {
    let sections = part.sections.iter().map(|section| SectionView {
        title: section.title.as_ref().map_or_else(String::new, ToString::to_string),
        items: section.items.iter().map(|item| item_view(checklist, item)).collect(),
    });
    PartView {
        anchor: format!("part-{}", at + 1),
        title: part.title.as_ref().unwrap_or(&checklist.name).to_string(),
        items: part.sections.iter().map(|section| section.items.len()).sum(),
        sections: sections.collect(),
    }
}

fn item_view(checklist: &Checklist, item: &ChecklistItem) -> ItemView {
    let title_of = |role: &RoleSlug| role_title(&checklist.required_roles, role);
    ItemView {
        key: item.key.to_string(),
        title: item.title.to_string(),
        under: item.under.iter().map(ToString::to_string).collect::<Vec<_>>().join(" › "),
        importance: item.importance.slug(),
        phase: phase(item.phase),
        role: item.role.as_ref().map_or_else(String::new, title_of),
        evidence: item.evidence_required,
        guidance: item.guidance.as_ref().map(|guidance| markdown::render(guidance.as_str())),
    }
}

/// The checklist that a version is imported of.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub id: ChecklistId,
    pub name: String,
    /// The number that the version would have.
    pub next: i32,
}

/// The import form, and what was understood.
#[derive(Template)]
#[template(path = "checklists/import.html")]
pub(super) struct Import {
    pub chrome: Chrome,
    pub target: Option<Target>,
    pub once: String,
    pub name: String,
    pub markdown: String,
    pub errors: FieldErrors,
    pub problem: Option<String>,
    pub preview: Option<Preview>,
}

impl Import {
    /// The form with nothing in it.
    pub(super) fn empty(chrome: Chrome, target: Option<Target>) -> Self {
        Self {
            chrome,
            target,
            once: String::new(),
            name: String::new(),
            markdown: String::new(),
            errors: FieldErrors::new(),
            problem: None,
            preview: None,
        }
    }

    /// Whether what is shown can be published, as far as its text goes: a name may still be missing.
    fn is_publishable(&self) -> bool {
        self.preview.is_some() && !self.errors.has("file")
    }

    /// What the name's field says beside it.
    fn name_hint(&self) -> &'static str {
        if self.is_publishable() {
            "It goes before the title that the text has."
        } else {
            "Where it is empty, the title of the text is taken, or the name of the file."
        }
    }

    /// What publishing makes.
    fn publish_label(&self) -> String {
        self.target
            .as_ref()
            .map_or_else(|| "Publish it".to_owned(), |target| format!("Publish version {}", target.next))
    }

    /// How many stretches were left out.
    fn left_out_count(&self, preview: &Preview) -> String {
        match preview.left_out.len() + preview.more_left_out {
            1 => "1 stretch was".to_owned(),
            many => format!("{many} stretches were"),
        }
    }
}
