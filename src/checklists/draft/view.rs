//! The data of the editor's template: the draft itself, what is open in it, and the form that comes back.

use std::{borrow::Cow, collections::BTreeSet, ops::Deref};

use askama::Template;

use super::{
    current::{CurrentDraft, DraftRoleChoices},
    draft_view::DraftView,
    form::{ALL_PHASES, DraftForm, DraftInput, OpenRow, WHOLE_DRAFT, phase_slug},
    parse::SentDraftForm,
    redirect::DraftNotice,
    store::StepAuthor,
    titles::{format_nesting, heading_or_placeholder, number_equal_names, part_title, section_path},
};
use crate::{
    ambient,
    checklists::comparison,
    domain::{
        checklist::Importance,
        checklist_draft::{ChecklistDraft, DraftItem, DraftNode, DraftPart, DraftSection, RemovedNode},
        ids::NodeId,
        role::RoleSlug,
        text::{Markdown, Title},
    },
    texts,
    web::{
        chrome::Chrome,
        markdown::{self, SafeHtml},
        time,
    },
};

/// The most removed things that the outline lists.
const SHOWN_REMOVED: usize = 200;

#[derive(Template)]
#[template(path = "checklists/draft/page.html")]
pub(super) struct DraftPage<'a> {
    pub chrome: Chrome,
    pub current: &'a CurrentDraft,
    pub draft: &'a ChecklistDraft,
    /// The address of the draft.
    pub base: String,
    pub view: DraftView,
    pub open: OpenRow,
    pub roles: DraftRoleChoices,
    /// The form that comes back.
    pub sent: Option<&'a SentDraftForm>,
    pub problem: Option<&'a str>,
    /// The chosen items, in the form for many that comes back.
    pub chosen: BTreeSet<NodeId>,
    /// The fields of the item's form: as typed, of the item that is open, or of a new one.
    pub fields: DraftInput,
    pub preview: Option<SafeHtml>,
    pub once: String,
    /// The published parts, sections and items whose content the draft changes.
    pub changed: BTreeSet<NodeId>,
    /// Stands for the whole draft where a form has the id of what it is about.
    pub whole: NodeId,
}

impl<'a> DraftPage<'a> {
    pub(super) fn new(
        chrome: Chrome,
        current: &'a CurrentDraft,
        (view, open): (DraftView, OpenRow),
        roles: DraftRoleChoices,
        sent: Option<&'a SentDraftForm>,
    ) -> Self {
        let opened = if let OpenRow::Node(node) = open { current.draft.item(node) } else { None };
        let fields = match (sent, opened) {
            (Some(sent), _) if sent.form.is_item_form() => sent.input.clone(),
            (_, Some((_, _, item))) => DraftInput::from_item(item),
            _ => DraftInput::for_new_item(),
        };
        let chosen = sent.filter(|sent| sent.form == DraftForm::EditItems);
        let chosen = chosen.map(|sent| sent.input.item.iter().filter_map(|item| item.parse().ok()).collect());
        Self {
            chrome,
            current,
            draft: &current.draft,
            base: current.address(),
            view,
            open,
            roles,
            sent,
            problem: sent.and_then(|sent| sent.problem.as_deref()),
            chosen: chosen.unwrap_or_default(),
            preview: fields.is_preview().then(|| markdown::render(&fields.guidance)),
            fields,
            changed: BTreeSet::new(),
            once: ambient::new_opaque_id::<uuid::Uuid>().to_string(),
            whole: WHOLE_DRAFT,
        }
    }

    fn is_open(&self, node: &NodeId) -> bool {
        self.open == OpenRow::Node(*node)
    }

    /// Whether the form for something new is open in or after this.
    fn adds_to(&self, node: &NodeId) -> bool {
        self.open == OpenRow::New(*node)
    }

    /// Whether the form for a new item is open somewhere in this section.
    fn adds_within(&self, section: &DraftSection) -> bool {
        let OpenRow::New(node) = self.open else { return false };
        node == section.id || section.items.iter().any(|item| item.id == node)
    }

    /// The problem of a form that is not open in its place.
    fn problem_at_top(&self) -> Option<&str> {
        self.problem.filter(|_| self.open == OpenRow::Nothing && !self.is_sent(DraftForm::EditItems, &WHOLE_DRAFT))
    }

    fn problem_of_many(&self) -> Option<&str> {
        self.problem.filter(|_| self.is_sent(DraftForm::EditItems, &WHOLE_DRAFT))
    }

    /// The problem of the form that is open in its place.
    fn problem_in_place(&self) -> Option<&str> {
        self.problem.filter(|_| self.open != OpenRow::Nothing)
    }

    /// The fields of the form for many items: as they were sent.
    fn choices(&self) -> DraftInput {
        self.sent(DraftForm::EditItems, &WHOLE_DRAFT).map_or_else(DraftInput::default, |sent| sent.input.clone())
    }

    /// Each item, with what it is nested in if that is not to be seen from the item before it.
    fn rows<'b>(&self, section: &'b DraftSection) -> Vec<(&'b DraftItem, String)> {
        let context = |at: usize, item: &DraftItem| {
            let before = at.checked_sub(1).map(|at| section.items[at].child_path()).unwrap_or_default();
            let is_seen = before.starts_with(&item.item.under);
            if is_seen { String::new() } else { format_nesting(&item.item.under) }
        };
        section.items.iter().enumerate().map(|(at, item)| (item, context(at, item))).collect()
    }

    /// Whether the rarer fields of an item are shown.
    fn shows_details(&self) -> bool {
        let has_error = ["guidance", "key"].iter().any(|field| self.item_error(field).is_some());
        has_error || !self.fields.guidance.is_empty() || !self.fields.key.is_empty() || self.preview.is_some()
    }

    /// Whether the item of the form is not published yet.
    fn can_choose_key(&self) -> bool {
        let OpenRow::Node(node) = self.open else { return true };
        self.draft.item(node).is_some_and(|(_, _, item)| item.is_new())
    }

    /// What was removed, the latest first.
    fn removed(&self) -> impl Iterator<Item = &RemovedNode> {
        self.draft.removed.iter().rev().take(SHOWN_REMOVED)
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

    /// What undo would undo; `None` if there is nothing to undo.
    fn undo_label(&self) -> Option<Cow<'static, str>> {
        let step = self.current.steps.undo.as_ref()?;
        Some(texts::undo_change_by(self.chrome.person_in_words(&step.name), self.exact(step)))
    }

    /// What redo would do again; `None` if nothing is undone.
    fn redo_label(&self) -> Option<Cow<'static, str>> {
        let step = self.current.steps.redo.as_ref()?;
        Some(texts::redo_change_by(self.chrome.person_in_words(&step.name), self.exact(step)))
    }

    fn exact(&self, step: &StepAuthor) -> String {
        time::exact(step.at, &self.chrome.zone)
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

    fn count_items(&self, sections: &[DraftSection]) -> Cow<'static, str> {
        texts::items_of_section(sections.iter().map(|section| section.items.len()).sum::<usize>())
    }

    /// Whether something is new in the draft, or has another content than in the version that the draft began from.
    fn change_mark(&self, is_new: bool, node: NodeId) -> Cow<'static, str> {
        match (is_new, self.changed.contains(&node)) {
            (true, _) => texts::new_in_draft(),
            (false, true) => texts::changed_in_draft(),
            (false, false) => Cow::Borrowed(""),
        }
    }

    fn part_mark(&self, part: &DraftPart) -> Cow<'static, str> {
        self.change_mark(part.is_new, part.id)
    }

    fn section_mark(&self, section: &DraftSection) -> Cow<'static, str> {
        self.change_mark(section.is_new, section.id)
    }

    fn item_mark(&self, item: &DraftItem) -> Cow<'static, str> {
        self.change_mark(item.is_new(), item.id)
    }

    fn role_title(&self, role: &RoleSlug) -> String {
        comparison::role_title(&self.draft.required_roles, role)
    }

    /// The sections to choose from; equal names have their numbers.
    fn numbered_sections(&self) -> Vec<(NodeId, String)> {
        let sections = self.draft.sections();
        number_equal_names(
            sections.map(|(part, section)| (section.id, section_path(self.draft, part, section))).collect(),
        )
    }

    /// The parts to choose from; equal names have their numbers.
    fn numbered_parts(&self) -> Vec<(NodeId, String)> {
        number_equal_names(self.draft.parts.iter().map(|part| (part.id, self.part_title(part))).collect())
    }

    fn nesting(&self, under: &[Title]) -> String {
        format_nesting(under)
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

/// The answer to a script: what changed in the outline since the version that its page shows.
#[derive(Template)]
#[template(path = "checklists/draft/changed_pieces.html")]
pub(super) struct ChangedPieces<'a> {
    pub page: DraftPage<'a>,
    pub since: i64,
    pub notice: Option<DraftNotice>,
}

impl<'a> Deref for ChangedPieces<'a> {
    type Target = DraftPage<'a>;

    fn deref(&self) -> &Self::Target {
        &self.page
    }
}

impl ChangedPieces<'_> {
    /// Whether the page of the script lacks something of this stamp.
    const fn is_newer(&self, stamp: &i64) -> bool {
        *stamp > self.since
    }
}
