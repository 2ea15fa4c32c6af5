//! Describes the differences between two checklists for people: old and new, item by item.

use std::borrow::Cow;

use crate::{
    domain::{
        checklist::{Checklist, ChecklistItem, Importance, Phase, RequiredRole},
        checklist_difference::{
            ChangedChecklistProperty, ChangedItem, ChangedItemField, ChecklistDifference, MovedItem, PlacedItem,
            RenamedHeading,
        },
        role::RoleSlug,
        text::{Markdown, Title},
    },
    texts,
};

#[derive(Debug, Clone)]
pub(super) struct ChecklistComparisonView {
    /// `2 items added, 1 removed, 3 changed, 0 moved.`
    pub summary: String,
    /// Changes of name, introduction, required roles and headings.
    pub checklist_changes: Vec<FieldChangeView>,
    /// Changes of items, in groups; none is empty.
    pub groups: Vec<ComparedItemsView>,
}

/// Items with the same kind of change.
#[derive(Debug, Clone)]
pub(super) struct ComparedItemsView {
    /// `added`, `removed`, `changed` or `moved`.
    pub kind: &'static str,
    /// The heading of the group, such as `Added`.
    pub title: Cow<'static, str>,
    pub entries: Vec<ComparedItemRow>,
}

#[derive(Debug, Clone)]
pub(super) struct ComparedItemRow {
    pub key: String,
    pub title: String,
    /// `Database › Backup`; empty where the checklist has no headings.
    pub path: String,
    /// The unusual properties of an added or removed item.
    pub note: String,
    pub changes: Vec<FieldChangeView>,
}

#[derive(Debug, Clone)]
pub(super) struct FieldChangeView {
    /// The property that changed, such as `importance`.
    pub label: String,
    /// The old and new value; both empty for a longer text.
    pub old: String,
    pub new: String,
    /// The lines of a longer text.
    pub lines: Vec<DiffLineRow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DiffLineRow {
    /// `was`, `is`, `same`, or `skipped` for equal lines that are left out.
    pub kind: &'static str,
    pub text: String,
}

impl FieldChangeView {
    fn new(label: impl Into<String>, old: impl Into<String>, new: impl Into<String>) -> Self {
        Self { label: label.into(), old: old.into(), new: new.into(), lines: Vec::new() }
    }

    fn for_long_text(label: impl Into<String>, old: Option<&Markdown>, new: Option<&Markdown>) -> Self {
        let [old, new] = [old, new].map(|text| text.map_or("", Markdown::as_str).lines().collect::<Vec<_>>());
        let lines = diff_lines(&old, &new);
        Self { label: label.into(), old: String::new(), new: String::new(), lines }
    }
}

impl ChecklistComparisonView {
    pub(super) fn compare(before: &Checklist, after: &Checklist) -> Self {
        let difference = ChecklistDifference::compare(before, after);
        let words = ComparisonBuilder { before, after };
        let mut about: Vec<FieldChangeView> =
            difference.properties.iter().map(|about| words.view_checklist_change(*about)).collect();
        about.extend(difference.renamed_headings.iter().map(view_renamed_heading));
        let groups = [
            (
                "added",
                texts::added_items(),
                difference.added.iter().map(|placed| words.view_added_or_removed(placed, after)).collect::<Vec<_>>(),
            ),
            (
                "removed",
                texts::removed_items(),
                difference.removed.iter().map(|placed| words.view_added_or_removed(placed, before)).collect(),
            ),
            (
                "changed",
                texts::changed_items(),
                difference.changed.iter().map(|change| words.view_changed_item(change)).collect(),
            ),
            (
                "moved",
                texts::moved_items(),
                difference.moved.iter().map(|moved| words.view_moved_item(moved)).collect(),
            ),
        ];
        let groups = groups.into_iter().map(|(kind, title, entries)| ComparedItemsView { kind, title, entries });
        Self {
            summary: describe_summary(&difference, before == after),
            checklist_changes: about,
            groups: groups.filter(|group| !group.entries.is_empty()).collect(),
        }
    }
}

fn describe_summary(difference: &ChecklistDifference<'_>, same: bool) -> String {
    if same {
        return texts::nothing_differs().into();
    }
    if difference.is_empty() {
        return texts::only_sections_differ().into();
    }
    let (added, removed) = (difference.added.len(), difference.removed.len());
    let mut sentences = vec![texts::items_differ(added, removed, difference.changed.len(), difference.moved.len())];
    if !difference.renamed_headings.is_empty() {
        sentences.push(texts::headings_renamed(difference.renamed_headings.len()));
    }
    sentences.extend(difference.properties.iter().map(|about| match about {
        ChangedChecklistProperty::Name => texts::name_changed(),
        ChangedChecklistProperty::Introduction => texts::introduction_changed(),
        ChangedChecklistProperty::RequiredRoles => texts::required_signers_changed(),
    }));
    sentences.join(" ")
}

fn view_renamed_heading(renamed: &RenamedHeading<'_>) -> FieldChangeView {
    let heading = |title: Option<&Title>| title.map_or_else(|| texts::no_heading().into(), ToString::to_string);
    let label = match renamed.part {
        None => texts::heading_of_part(),
        Some(None) => texts::heading_of_section(),
        Some(Some(part)) => texts::heading_of_section_in(part),
    };
    FieldChangeView::new(label, heading(renamed.before), heading(renamed.after))
}

/// The old and new checklist, in which the titles of roles are looked up.
struct ComparisonBuilder<'a> {
    before: &'a Checklist,
    after: &'a Checklist,
}

impl ComparisonBuilder<'_> {
    fn view_checklist_change(&self, about: ChangedChecklistProperty) -> FieldChangeView {
        let (before, after) = (self.before, self.after);
        let signing = |checklist: &Checklist| {
            let titles: Vec<&str> = checklist.required_roles.iter().map(|role| role.title.as_str()).collect();
            if titles.is_empty() { texts::no_role().into() } else { titles.join(", ") }
        };
        match about {
            ChangedChecklistProperty::Name => {
                FieldChangeView::new(texts::name_of_checklist(), before.name.as_str(), after.name.as_str())
            }
            ChangedChecklistProperty::Introduction => FieldChangeView::for_long_text(
                texts::introduction_of_checklist(),
                before.introduction.as_ref(),
                after.introduction.as_ref(),
            ),
            ChangedChecklistProperty::RequiredRoles => {
                FieldChangeView::new(texts::must_sign(), signing(before), signing(after))
            }
        }
    }

    /// An item that only one of the checklists has.
    fn view_added_or_removed(&self, placed: &PlacedItem<'_>, of: &Checklist) -> ComparedItemRow {
        let item = placed.item;
        let mut note: Vec<Cow<'static, str>> = Vec::new();
        note.extend((item.importance != Importance::Required).then(|| importance_word(item.importance)));
        note.extend((!item.phase.is_before()).then(|| phase_label(item.phase)));
        note.extend(item.role.as_ref().map(|role| role_title(&of.required_roles, role).into()));
        note.extend(item.evidence_required.then(texts::item_needs_evidence));
        ComparedItemRow { note: note.join(", "), ..view_item(placed) }
    }

    fn view_changed_item(&self, change: &ChangedItem<'_>) -> ComparedItemRow {
        let changes =
            change.fields.iter().map(|field| self.view_field_change(*field, change.before, change.after)).collect();
        ComparedItemRow {
            key: change.after.key.to_string(),
            title: change.after.title.to_string(),
            path: String::new(),
            note: String::new(),
            changes,
        }
    }

    fn view_field_change(&self, field: ChangedItemField, old: &ChecklistItem, new: &ChecklistItem) -> FieldChangeView {
        let role = |of: &Checklist, item: &ChecklistItem| {
            item.role
                .as_ref()
                .map_or_else(|| texts::no_particular_role().into(), |role| role_title(&of.required_roles, role))
        };
        let evidence = |item: &ChecklistItem| evidence_word(item.evidence_required);
        match field {
            ChangedItemField::Title => {
                FieldChangeView::new(texts::title_of_item(), old.title.as_str(), new.title.as_str())
            }
            ChangedItemField::Importance => FieldChangeView::new(
                texts::importance_of_item(),
                importance_word(old.importance),
                importance_word(new.importance),
            ),
            ChangedItemField::Phase => {
                FieldChangeView::new(texts::due_of_item(), phase_label(old.phase), phase_label(new.phase))
            }
            ChangedItemField::Role => {
                FieldChangeView::new(texts::role_of_item(), role(self.before, old), role(self.after, new))
            }
            ChangedItemField::Evidence => FieldChangeView::new(texts::evidence_of_item(), evidence(old), evidence(new)),
            ChangedItemField::Guidance => {
                FieldChangeView::for_long_text(texts::guidance_of_item(), old.guidance.as_ref(), new.guidance.as_ref())
            }
        }
    }

    fn view_moved_item(&self, moved: &MovedItem<'_>) -> ComparedItemRow {
        let (from, to) = (format_item_path(&moved.before), format_item_path(&moved.after));
        let entry = view_item(&moved.after);
        if from == to {
            return ComparedItemRow { note: texts::to_another_position_there().into(), ..entry };
        }
        let or_top = |path: String| if path.is_empty() { texts::top_of_the_checklist().into() } else { path };
        ComparedItemRow {
            path: String::new(),
            changes: vec![FieldChangeView::new("", or_top(from), or_top(to))],
            ..entry
        }
    }
}

fn view_item(placed: &PlacedItem<'_>) -> ComparedItemRow {
    ComparedItemRow {
        key: placed.item.key.to_string(),
        title: placed.item.title.to_string(),
        path: format_item_path(placed),
        note: String::new(),
        changes: Vec::new(),
    }
}

/// The part and section of an item, and the items that it is nested in.
fn format_item_path(placed: &PlacedItem<'_>) -> String {
    let headings = placed.part.into_iter().chain(placed.section);
    headings.chain(&placed.item.under).map(Title::as_str).collect::<Vec<_>>().join(" › ")
}

/// The title of a role among the required ones; if it is not one of them, its slug as words: `tech_lead` is "Tech lead".
pub(super) fn role_title(signing: &[RequiredRole], role: &RoleSlug) -> String {
    let required = signing.iter().find(|required| required.role == *role);
    required.map_or_else(|| role.to_name(), |required| required.title.to_string())
}

pub(super) fn phase_label(phase: Phase) -> Cow<'static, str> {
    phase.after_label().unwrap_or_else(texts::due_before_the_decision)
}

pub(super) fn importance_word(importance: Importance) -> Cow<'static, str> {
    match importance {
        Importance::Critical => texts::importance_critical(),
        Importance::Required => texts::importance_required(),
        Importance::Advisory => texts::importance_advisory(),
    }
}

pub(super) fn evidence_word(is_required: bool) -> Cow<'static, str> {
    if is_required { texts::evidence_is_required() } else { texts::evidence_is_not_required() }
}

/// The changed lines between two texts, old ones before new ones, with at most two equal lines of context on each side.
fn diff_lines(old: &[&str], new: &[&str]) -> Vec<DiffLineRow> {
    const AROUND: usize = 2;
    let head = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old, new, same) = (&old[head..], &new[head..], &old[..head]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let (was, after) = old.split_at(old.len() - tail);
    let is = &new[..new.len() - tail];
    let line = |kind, text: &&str| DiffLineRow { kind, text: (*text).to_owned() };
    let skipped = |lines: &[&str]| (!lines.is_empty()).then(|| DiffLineRow { kind: "skipped", text: "…".to_owned() });
    let (far_before, before) = same.split_at(same.len().saturating_sub(AROUND));
    let (after, far_after) = after.split_at(after.len().min(AROUND));
    let mut lines = Vec::new();
    lines.extend(skipped(far_before));
    lines.extend(before.iter().map(|text| line("same", text)));
    lines.extend(was.iter().map(|text| line("was", text)));
    lines.extend(is.iter().map(|text| line("is", text)));
    lines.extend(after.iter().map(|text| line("same", text)));
    lines.extend(skipped(far_after));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::markdown_checklist::parse_markdown;

    fn compare_markdown(before: &str, after: &str) -> ChecklistComparisonView {
        let read = |text: &str| parse_markdown(text, &Title::new("Untitled").unwrap()).checklist;
        ChecklistComparisonView::compare(&read(before), &read(after))
    }

    /// Everything that the comparison shows, one line per change.
    fn flatten_comparison(comparison: &ChecklistComparisonView) -> Vec<String> {
        let change = |line: &FieldChangeView| {
            let lines: Vec<String> = line.lines.iter().map(|line| format!("{} {}", line.kind, line.text)).collect();
            let values = if lines.is_empty() { format!("{} → {}", line.old, line.new) } else { lines.join("; ") };
            format!("{}: {values}", line.label)
        };
        let mut lines: Vec<String> = comparison.checklist_changes.iter().map(change).collect();
        for group in &comparison.groups {
            for entry in &group.entries {
                let changes: Vec<String> = entry.changes.iter().map(change).collect();
                let parts = [entry.path.as_str(), &entry.note, &changes.join(", ")];
                let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
                lines.push(format!("{} {}: {}", group.kind, entry.title, parts.join("; ")));
            }
        }
        lines
    }

    #[test]
    fn comparison_of_every_kind_of_change_shows_both_sides() {
        let before = "# N\n\n## P\n\n- [ ] One {critical; role=ops}\n  Old.\n- [ ] Two\n- [ ] Three\n- [ ] Five\n\n\
                      ## Q\n\n- [ ] Six\n- [ ] Seven\n\n## Sign-off\n\n**Ops:** ____ {role=ops}\n";
        let after = "# M\n\n## P\n\n- [ ] First {#one; after 24h; evidence}\n  New.\n- [ ] Five\n- [ ] Three\n\n\
                     ## R\n\n- [ ] Six\n- [ ] Seven\n- [ ] Two\n- [ ] Four {advisory; role=qa}\n\n## Sign-off\n\n\
                     **QA:** ____ {role=qa}\n";
        let comparison = compare_markdown(before, after);
        assert_eq!(
            comparison.summary,
            "1 item added, 0 removed, 1 changed, 2 moved. 1 heading renamed. Name changed. Required signers changed."
        );
        assert_eq!(
            flatten_comparison(&comparison),
            [
                "name: N → M",
                "must sign: Ops → QA",
                "a part’s heading: Q → R",
                "added Four: R; advisory, QA",
                "changed First: title: One → First, importance: critical → required, \
                 due: before the decision → 24 hours after, role: Ops → no particular role, \
                 evidence: not required → required, guidance: was Old.; is New.",
                "moved Five: P; to another position there",
                "moved Two: : P → R",
            ]
        );
    }

    #[test]
    fn comparison_of_long_text_shows_changed_lines_with_context() {
        let text = |middle: &str| format!("a\nb\nc\n{middle}\nd\ne\nf");
        let (old, new) = (text("old"), text("new\nnewer"));
        let lines = diff_lines(&old.lines().collect::<Vec<_>>(), &new.lines().collect::<Vec<_>>());
        let shown: Vec<String> = lines.iter().map(|line| format!("{} {}", line.kind, line.text)).collect();
        assert_eq!(
            shown,
            ["skipped …", "same b", "same c", "was old", "is new", "is newer", "same d", "same e", "skipped …"]
        );
        assert_eq!(diff_lines(&[], &["a"]), [DiffLineRow { kind: "is", text: "a".to_owned() }]);
        assert_eq!(diff_lines(&["a", "a"], &["a"]).iter().filter(|line| line.kind == "was").count(), 1);
    }

    #[test]
    fn comparison_of_equal_checklists_says_nothing_differs() {
        let text = "- [ ] One\n- [ ] Two\n";
        assert_eq!(compare_markdown(text, text).summary, "Nothing differs.");
        let divided = compare_markdown("## P\n### A\n- [ ] 1\n### A\n- [ ] 2\n", "## P\n### A\n- [ ] 1\n- [ ] 2\n");
        assert!(divided.summary.starts_with("Every item is as it was"), "{}", divided.summary);
    }
}
