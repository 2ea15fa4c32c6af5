//! Shows how an imported file was parsed, line by line, before it is published.

use std::{borrow::Cow, collections::HashMap};

use super::comparison::{ChecklistComparisonView, importance_word, role_title};
use crate::{
    domain::{
        checklist::{Checklist, ChecklistItem, Importance, ItemKey, RequiredRole},
        markdown_checklist::{LineMeaning, Omission, ParsedChecklist, ParsedLine},
    },
    texts,
};

/// Maximum lines, and maximum entries of each other list, in a preview.
const MAX_PREVIEW_LINES: usize = 10_000;

#[derive(Debug, Clone)]
pub(super) struct ChecklistImportPreview {
    /// `14 parts, 33 sections, 209 items`.
    pub counts: Cow<'static, str>,
    pub lines: Vec<ImportPreviewLine>,
    /// Number of lines that are not shown.
    pub more_lines: usize,
    pub left_out: Vec<(usize, String, String)>,
    pub more_left_out: usize,
    pub notices: Vec<String>,
    pub more_notices: usize,
    /// The titles of the roles that must sign.
    pub roles: Vec<String>,
    /// The changes that it makes, if it is a new version.
    pub changes: Option<ChecklistComparisonView>,
}

#[derive(Debug, Clone)]
pub(super) struct ImportPreviewLine {
    pub number: usize,
    pub text: String,
    /// The CSS class; empty for a line that became nothing.
    pub class: &'static str,
    pub description: Cow<'static, str>,
}

impl ChecklistImportPreview {
    /// The preview of a parsed file, compared with the version that it would follow. `roles` are the installation's.
    pub(super) fn new(reading: &ParsedChecklist, before: Option<&Checklist>, roles: &[RequiredRole]) -> Self {
        let checklist = &reading.checklist;
        let titles: Vec<RequiredRole> = checklist.required_roles.iter().chain(roles).cloned().collect();
        let sections: usize = checklist.parts.iter().map(|part| part.sections.len()).sum();
        Self {
            counts: texts::checklist_size(checklist.parts.len(), sections, checklist.items().count()),
            lines: preview_lines(reading, &titles),
            more_lines: reading.lines.len().saturating_sub(MAX_PREVIEW_LINES),
            left_out: reading.omissions.iter().take(MAX_PREVIEW_LINES).map(left_out_row).collect(),
            more_left_out: reading.omissions.len().saturating_sub(MAX_PREVIEW_LINES),
            notices: reading.notices.iter().take(MAX_PREVIEW_LINES).map(ToString::to_string).collect(),
            more_notices: reading.notices.len().saturating_sub(MAX_PREVIEW_LINES),
            roles: checklist.required_roles.iter().map(|role| role.title.to_string()).collect(),
            // If it can't be published, other problems have to be fixed first.
            changes: before
                .filter(|_| checklist.check().is_ok())
                .map(|before| ChecklistComparisonView::compare(before, checklist)),
        }
    }

    pub(super) fn count_left_out(&self) -> usize {
        self.left_out.len() + self.more_left_out
    }
}

fn left_out_row(left: &Omission) -> (usize, String, String) {
    (left.line, left.text.clone(), left.reason.to_string())
}

fn preview_lines(reading: &ParsedChecklist, roles: &[RequiredRole]) -> Vec<ImportPreviewLine> {
    let items: HashMap<&ItemKey, &ChecklistItem> =
        reading.checklist.items().map(|(_, _, item)| (&item.key, item)).collect();
    let line_of: HashMap<&ItemKey, usize> = reading
        .lines
        .iter()
        .filter_map(|line| match &line.meaning {
            LineMeaning::Item { key, .. } => Some((key, line.number)),
            _ => None,
        })
        .collect();
    let line = |line: &ParsedLine| {
        let (class, description) = match &line.meaning {
            LineMeaning::Nothing => ("", Cow::Borrowed("")),
            LineMeaning::Name => ("part", texts::line_is_name()),
            LineMeaning::Introduction => ("guidance", texts::line_is_introduction()),
            LineMeaning::Part => ("part", texts::line_is_part()),
            LineMeaning::Section => ("section", texts::line_is_section()),
            LineMeaning::Context => ("section", texts::line_is_context()),
            LineMeaning::Item { key, was_ticked, .. } => {
                ("item-line", describe_item(items.get(key).copied(), *was_ticked, roles).into())
            }
            LineMeaning::Guidance(key) => {
                ("guidance", line_of.get(key).map_or_else(texts::line_is_guidance, texts::line_is_guidance_of_line))
            }
            LineMeaning::SignOff => ("section", texts::line_is_sign_off()),
            LineMeaning::RequiredRole(role) => ("item-line", texts::line_is_role(role_title(roles, role))),
            LineMeaning::Omitted => ("omitted", describe_left_out(&reading.omissions, line.number)),
        };
        ImportPreviewLine { number: line.number, text: line.text.clone(), class, description }
    };
    reading.lines.iter().take(MAX_PREVIEW_LINES).map(line).collect()
}

/// Why a line was left out: the reason of the passage that contains it, which is the last one that begins at or before
/// it.
fn describe_left_out(left_out: &[Omission], line: usize) -> Cow<'static, str> {
    let after = left_out.partition_point(|left| left.line <= line);
    after.checked_sub(1).map_or_else(texts::line_is_skipped, |at| texts::line_is_skipped_because(left_out[at].reason))
}

/// The unusual properties of an item: `item, critical, 24 hours after, Operations, needs evidence, unticked`.
fn describe_item(item: Option<&ChecklistItem>, was_ticked: bool, roles: &[RequiredRole]) -> String {
    let mut words: Vec<Cow<'static, str>> = vec![texts::line_is_item()];
    if let Some(item) = item {
        words.extend((item.importance != Importance::Required).then(|| importance_word(item.importance)));
        words.extend(item.phase.after_label());
        words.extend(item.role.as_ref().map(|role| role_title(roles, role).into()));
        words.extend(item.evidence_required.then(texts::item_needs_evidence));
    }
    words.extend(was_ticked.then(texts::line_is_item_unticked));
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{markdown_checklist::parse_markdown, text::Title};

    fn read_checklist(markdown: &str) -> ParsedChecklist {
        parse_markdown(markdown, &Title::new("Untitled").unwrap())
    }

    #[test]
    fn preview_of_every_line_says_what_it_became() {
        let text = "# Name\n\n## Database\n\n- [x] Backups {critical; role=operations; evidence}\n  How to\n\
                    - [ ] Off site {after 24h}\n\n<!-- - [ ] later -->\n";
        let preview = ChecklistImportPreview::new(&read_checklist(text), None, &[]);
        assert_eq!(preview.counts, "1 part, 1 section, 2 items");
        let shown: Vec<_> = preview.lines.iter().map(|line| (line.number, line.class, &*line.description)).collect();
        let shown: Vec<_> = shown.into_iter().filter(|(_, class, _)| !class.is_empty()).collect();
        assert_eq!(
            shown,
            [
                (1, "part", "name"),
                (3, "part", "part"),
                (5, "item-line", "item, critical, Operations, needs evidence, unticked"),
                (6, "guidance", "guidance of line 5"),
                (7, "item-line", "item, 24 hours after"),
                (
                    9,
                    "omitted",
                    "skipped: an HTML comment, with 1 box in it: remove the marks of the comment to make it an item"
                ),
            ]
        );
        assert_eq!(preview.notices, ["1 box was ticked; it is imported unticked."]);
        assert!(preview.changes.is_none());
    }

    #[test]
    fn preview_of_new_version_counts_changes_by_key() {
        let before = read_checklist("- [ ] One {#one}\n- [ ] Two {#two}\n- [ ] Three {#three}\n").checklist;
        let after = read_checklist("- [ ] One {#one}\n- [ ] Two, again {#two}\n- [ ] Four {#four}\n- [ ] Five\n");
        let changes = |after: &ParsedChecklist| ChecklistImportPreview::new(after, Some(&before), &[]).changes.unwrap();
        let comparison = changes(&after);
        assert_eq!(comparison.summary, "2 items added, 1 removed, 1 changed, 0 moved.");
        let groups: Vec<_> = comparison.groups.iter().map(|group| (group.kind, group.entries.len())).collect();
        assert_eq!(groups, [("added", 2), ("removed", 1), ("changed", 1)]);
        let same = ParsedChecklist { checklist: before.clone(), ..after };
        assert_eq!(changes(&same).summary, "Nothing differs.");
        assert!(ChecklistImportPreview::new(&read_checklist("nothing"), Some(&before), &[]).changes.is_none());
    }
}
