//! The data of the editor's template: the draft itself, what is open in it, and the form that comes back.

use std::borrow::Cow;

use askama::Template;

use super::{
    current::{CurrentDraft, DraftRoleChoices},
    form::{ALL_PHASES, DraftForm, DraftInput, OpenPage, WHOLE_DRAFT, phase_slug},
    nesting_choices::nesting_choices,
    parse::SentDraftForm,
    titles::{format_nesting, heading_or_placeholder, number_equal_names, part_title, section_path},
};
use crate::{
    ambient,
    checklists::comparison::{self, ChecklistComparisonView},
    domain::{
        checklist::{Checklist, Importance},
        checklist_draft::{ChecklistDraft, DraftFault, DraftItem, DraftNode, DraftPart, DraftSection},
        ids::NodeId,
        role::RoleSlug,
        text::{Markdown, Title},
    },
    texts,
    web::{
        chrome::Chrome,
        markdown::{self, SafeHtml},
    },
};

/// Which page of the draft is shown.
pub(super) enum DraftView<'a> {
    /// The whole draft without its items.
    Outline,
    Section {
        part: &'a DraftPart,
        section: &'a DraftSection,
    },
    Item {
        part: &'a DraftPart,
        section: &'a DraftSection,
        item: &'a DraftItem,
    },
    LostInput,
    /// What publishing changes, shown before it is published.
    Publication {
        comparison: ChecklistComparisonView,
        /// What prevents publishing, with links to fix it.
        faults: Vec<(String, Option<String>)>,
        is_same: bool,
    },
    Discard {
        comparison: ChecklistComparisonView,
    },
}

impl<'a> DraftView<'a> {
    /// `None` if the section or item is not in the draft. `newest` is the newest version, for pages that compare.
    pub(super) fn new(open: OpenPage, current: &'a CurrentDraft, newest: Option<&Checklist>) -> Option<Self> {
        let draft = &current.draft;
        let compare = || Some(ChecklistComparisonView::compare(newest?, &draft.checklist()));
        Some(match open {
            OpenPage::Outline => Self::Outline,
            OpenPage::Section(node) => {
                let (part, section) = draft.section(node)?;
                Self::Section { part, section }
            }
            OpenPage::Item(node) => {
                let (part, section, item) = draft.item(node)?;
                Self::Item { part, section, item }
            }
            OpenPage::LostInput => Self::LostInput,
            OpenPage::Publication => {
                let faults =
                    draft.faults().iter().map(|fault| (fault.to_string(), link_to_fix(current, fault))).collect();
                Self::Publication { comparison: compare()?, faults, is_same: newest == Some(&draft.checklist()) }
            }
            OpenPage::Discard => Self::Discard { comparison: compare()? },
        })
    }
}

fn link_to_fix(current: &CurrentDraft, fault: &DraftFault) -> Option<String> {
    let base = current.address();
    match fault {
        DraftFault::EmptyPart(part, _) => Some(format!("{base}#node-{part}")),
        DraftFault::EmptySection(section, _) => Some(format!("{base}/sections/{section}")),
        DraftFault::Checklist(_) => None,
    }
}

#[derive(Template)]
#[template(path = "checklists/draft/page.html")]
pub(super) struct DraftPage<'a> {
    pub chrome: Chrome,
    pub current: &'a CurrentDraft,
    pub draft: &'a ChecklistDraft,
    /// The address of the draft.
    pub base: String,
    pub view: DraftView<'a>,
    pub roles: DraftRoleChoices,
    /// The form that comes back.
    pub sent: Option<&'a SentDraftForm>,
    pub problem: Option<&'a str>,
    /// The fields of the item's form: as typed, of the item that is open, or of a new one.
    pub fields: DraftInput,
    pub preview: Option<SafeHtml>,
    pub once: String,
    /// Stands for the whole draft where a form has the id of what it is about.
    pub whole: NodeId,
}

impl<'a> DraftPage<'a> {
    pub(super) fn new(
        chrome: Chrome,
        current: &'a CurrentDraft,
        view: DraftView<'a>,
        roles: DraftRoleChoices,
        sent: Option<&'a SentDraftForm>,
    ) -> Self {
        let fields = match (sent, &view) {
            (Some(sent), _) if sent.form.is_item_form() => sent.input.clone(),
            (_, DraftView::Item { item, .. }) => DraftInput::from_item(item),
            _ => DraftInput::for_new_item(),
        };
        Self {
            chrome,
            current,
            draft: &current.draft,
            base: current.address(),
            view,
            roles,
            sent,
            problem: sent.and_then(|sent| sent.problem.as_deref()),
            preview: fields.is_preview().then(|| markdown::render(&fields.guidance)),
            fields,
            once: ambient::new_opaque_id::<uuid::Uuid>().to_string(),
            whole: WHOLE_DRAFT,
        }
    }

    /// The form that comes back, if it is this one.
    fn sent(&self, form: DraftForm, node: &NodeId) -> Option<&SentDraftForm> {
        self.sent.filter(|sent| sent.form == form && sent.node == *node)
    }

    /// The version of the draft that a form names: in the form that comes back, the one that it was sent with.
    fn base_of(&self, form: DraftForm, node: &NodeId) -> i64 {
        self.sent(form, node).map_or(self.draft.version, |sent| sent.input.version.or(self.draft.version))
    }

    fn is_sent(&self, form: DraftForm, node: &NodeId) -> bool {
        self.sent(form, node).is_some()
    }

    fn error(&self, form: DraftForm, node: &NodeId, field: &str) -> Option<&str> {
        self.sent(form, node)?.errors.get(field)
    }

    /// The error at a field of the item's form.
    fn item_error(&self, field: &str) -> Option<&str> {
        self.sent.filter(|sent| sent.form.is_item_form())?.errors.get(field)
    }

    /// The text in the field `title` of a form: as it was typed, or else the current heading.
    fn heading<'b>(&'b self, form: DraftForm, node: &NodeId, current: &'b str) -> &'b str {
        self.sent(form, node).map_or(current, |sent| &sent.input.title)
    }

    /// The current heading, if another was typed.
    fn other_heading<'b>(&self, form: DraftForm, node: &NodeId, current: &'b str) -> Option<&'b str> {
        let entered = self.sent(form, node)?.input.title.trim();
        Some(current).filter(|current| !current.is_empty() && *current != entered)
    }

    fn name(&self) -> &str {
        self.sent(DraftForm::SetDescription, &WHOLE_DRAFT).map_or(self.draft.name.as_str(), |sent| &sent.input.name)
    }

    fn introduction(&self) -> &str {
        let entered = self.sent(DraftForm::SetDescription, &WHOLE_DRAFT).and_then(|sent| sent.input.introduction.get());
        entered.unwrap_or_else(|| self.current_introduction())
    }

    fn current_introduction(&self) -> &str {
        self.draft.introduction.as_ref().map_or("", Markdown::as_str)
    }

    /// Whether somebody else changed meanwhile what this form is about.
    fn is_stale(&self, form: DraftForm, node: &NodeId) -> bool {
        self.sent(form, node).is_some_and(|sent| sent.is_stale)
    }

    /// The role that the form for a new one names.
    fn typed_role(&self) -> (&str, &str) {
        let sent = self.sent(DraftForm::EditRoles, &WHOLE_DRAFT);
        sent.map_or(("", ""), |sent| (sent.input.role.as_str(), sent.input.title.as_str()))
    }

    /// Further roles that could be required to sign.
    fn offered_roles(&self) -> impl Iterator<Item = &(RoleSlug, String)> {
        let signs = |slug: &RoleSlug| self.draft.required_roles.iter().any(|required| required.role == *slug);
        self.roles.iter().filter(move |(slug, _)| !signs(slug))
    }

    /// `2 parts, 3 sections, 12 items`
    fn counts(&self) -> Cow<'static, str> {
        let draft = self.draft;
        texts::checklist_size(draft.parts.len(), draft.sections().count(), draft.items().count())
    }

    fn part_title(&self, part: &DraftPart) -> String {
        part_title(self.draft, part)
    }

    fn section_title(&self, section: &DraftSection) -> String {
        heading_or_placeholder(section.title.as_ref())
    }

    fn removed_title(&self, node: &DraftNode) -> String {
        heading_or_placeholder(node.title())
    }

    fn section_path(&self, part: &DraftPart, section: &DraftSection) -> String {
        section_path(self.draft, part, section)
    }

    fn count_items(&self, sections: &[DraftSection]) -> Cow<'static, str> {
        texts::items_of_section(sections.iter().map(|section| section.items.len()).sum::<usize>())
    }

    /// Whether something is new or changed in the draft, by the version in which it was last changed.
    fn change_mark(&self, is_new: bool, changed: i64) -> Cow<'static, str> {
        match (is_new, changed > self.draft.began) {
            (true, _) => texts::new_in_draft(),
            (false, true) => texts::changed_in_draft(),
            (false, false) => Cow::Borrowed(""),
        }
    }

    fn part_mark(&self, part: &DraftPart) -> Cow<'static, str> {
        self.change_mark(part.is_new, part.changed)
    }

    fn section_mark(&self, section: &DraftSection) -> Cow<'static, str> {
        self.change_mark(section.is_new, section.changed)
    }

    fn item_mark(&self, item: &DraftItem) -> Cow<'static, str> {
        self.change_mark(item.is_new(), item.changed)
    }

    fn role_title(&self, role: &RoleSlug) -> String {
        comparison::role_title(&self.draft.required_roles, role)
    }

    /// The sections to choose from; equal names have their numbers.
    fn numbered_sections(&self) -> Vec<(NodeId, String)> {
        let sections = self.draft.sections();
        number_equal_names(sections.map(|(part, section)| (section.id, self.section_path(part, section))).collect())
    }

    /// The parts to choose from; equal names have their numbers.
    fn numbered_parts(&self) -> Vec<(NodeId, String)> {
        number_equal_names(self.draft.parts.iter().map(|part| (part.id, self.part_title(part))).collect())
    }

    /// The sections before and after one, in the whole draft.
    fn neighboring_sections(&self, section: &DraftSection) -> [Option<(NodeId, String)>; 2] {
        neighbors(self.numbered_sections().into_iter(), |(id, _)| *id == section.id)
    }

    /// The items before and after one, in the whole draft.
    fn neighboring_items(&self, item: &DraftItem) -> [Option<&DraftItem>; 2] {
        neighbors(self.draft.items(), |other| other.id == item.id)
    }

    fn nesting(&self, under: &[Title]) -> String {
        format_nesting(under)
    }

    /// What an item can be nested in: the form's value, the name, and whether it is the current one.
    fn nestings(&self, section: &DraftSection, item: &DraftItem) -> Vec<(String, String, bool)> {
        nesting_choices(section, item)
    }

    fn describe_removed(&self, node: &DraftNode) -> Cow<'static, str> {
        match node {
            DraftNode::Part(_) => texts::removed_part(node.items().len()),
            DraftNode::Section(_) => texts::removed_section(node.items().len()),
            DraftNode::Item(item) if item.item.under.is_empty() => texts::removed_item(),
            DraftNode::Item(item) => texts::removed_item_nested_in(format_nesting(&item.item.under)),
        }
    }

    fn importances(&self) -> [(&'static str, Cow<'static, str>); 3] {
        Importance::ALL.map(|importance| {
            let label = match importance {
                Importance::Critical => texts::critical_means(),
                Importance::Required => texts::required_means(),
                Importance::Advisory => texts::advisory_means(),
            };
            (importance.slug(), label)
        })
    }

    fn phases(&self) -> [(&'static str, Cow<'static, str>); 4] {
        ALL_PHASES.map(|phase| (phase_slug(phase), comparison::phase_label(phase)))
    }

    /// The fields that somebody else changed meanwhile to something else than was typed, with their current values.
    fn changed_fields(&self, item: &DraftItem) -> Vec<(Cow<'static, str>, String)> {
        if !self.is_stale(DraftForm::ChangeItem, &item.id) {
            return Vec::new();
        }
        let (current, entered) = (DraftInput::from_item(item), &self.fields);
        let role = self.roles.iter().find(|(slug, _)| *slug.as_str() == current.role);
        let role = role.map_or_else(|| texts::no_particular_role().into(), |(_, title)| title.clone());
        let evidence = comparison::evidence_word(current.needs_evidence());
        let importance = comparison::importance_word(item.item.importance);
        let phase = comparison::phase_label(item.item.phase);
        let guidance = entered.guidance.replace("\r\n", "\n");
        let fields = [
            (texts::current_title(), current.title != entered.title.trim(), current.title.clone()),
            (texts::current_importance(), current.importance != entered.importance, importance.into()),
            (texts::current_due(), current.phase != entered.phase, phase.into()),
            (texts::current_role(), current.role != entered.role, role),
            (texts::current_evidence(), current.needs_evidence() != entered.needs_evidence(), evidence.into()),
            (texts::current_guidance(), current.guidance != guidance.trim(), current.guidance.clone()),
            (texts::current_key(), current.key != entered.key.trim(), current.key.clone()),
        ];
        let changed = fields.into_iter().filter(|(_, differs, _)| *differs);
        let or_empty = |value: String| if value.is_empty() { texts::current_value_is_empty().into() } else { value };
        changed.map(|(field, _, value)| (field, or_empty(value))).collect()
    }
}

/// The ones before and after the one that `is_it`.
fn neighbors<T>(mut all: impl Iterator<Item = T>, is_it: impl Fn(&T) -> bool) -> [Option<T>; 2] {
    let mut before = None;
    while let Some(one) = all.next() {
        if is_it(&one) {
            return [before, all.next()];
        }
        before = Some(one);
    }
    [None, None]
}
