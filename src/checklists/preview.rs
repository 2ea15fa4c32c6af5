//! Shows how an imported file was parsed, line by line, before it is published.

use std::collections::HashMap;

use super::comparison::ChecklistComparisonView;
use crate::{
    domain::{
        checklist::{Checklist, ChecklistItem, Importance, ItemKey},
        markdown_checklist::{LineMeaning, Omission, ParsedChecklist, ParsedLine},
    },
    presentation::formatting::count_with_noun,
};

/// Maximum lines, and maximum entries of each other list, in a preview.
const MAX_PREVIEW_LINES: usize = 10_000;

#[derive(Debug, Clone)]
pub(super) struct ChecklistImportPreview {
    /// `14 parts, 33 sections, 209 items`.
    pub counts: String,
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
    pub became: String,
}

impl ChecklistImportPreview {
    /// The preview of a parsed file, compared with the version that it would follow.
    pub(super) fn new(reading: &ParsedChecklist, before: Option<&Checklist>) -> Self {
        let checklist = &reading.checklist;
        let sections = checklist.parts.iter().map(|part| part.sections.len()).sum();
        let items = checklist.items().count();
        let counts = [(checklist.parts.len(), "part"), (sections, "section"), (items, "item")];
        Self {
            counts: counts.map(|(number, noun)| count_with_noun(number, noun)).join(", "),
            lines: preview_lines(reading),
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
}

fn left_out_row(left: &Omission) -> (usize, String, String) {
    (left.line, left.text.clone(), left.reason.to_string())
}

fn preview_lines(reading: &ParsedChecklist) -> Vec<ImportPreviewLine> {
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
        let (class, became) = match &line.meaning {
            LineMeaning::Nothing => ("", String::new()),
            LineMeaning::Name => ("part", "name".to_owned()),
            LineMeaning::Introduction => ("guidance", "introduction".to_owned()),
            LineMeaning::Part => ("part", "part".to_owned()),
            LineMeaning::Section => ("section", "section".to_owned()),
            LineMeaning::Context => ("section", "context of items below".to_owned()),
            LineMeaning::Item { key, was_ticked, .. } => {
                ("item-line", describe_item(items.get(key).copied(), *was_ticked))
            }
            LineMeaning::Guidance(key) => {
                let of = line_of.get(key).map_or_else(String::new, |line| format!(" of line {line}"));
                ("guidance", format!("guidance{of}"))
            }
            LineMeaning::SignOff => ("section", "heading of who signs".to_owned()),
            LineMeaning::RequiredRole(role) => ("item-line", format!("{role} must sign")),
            LineMeaning::Omitted => ("left-out", describe_left_out(&reading.omissions, line.number)),
        };
        ImportPreviewLine { number: line.number, text: line.text.clone(), class, became }
    };
    reading.lines.iter().take(MAX_PREVIEW_LINES).map(line).collect()
}

/// Why a line was left out: the reason of the stretch that contains it, which is the last one that begins at or before
/// it.
fn describe_left_out(left_out: &[Omission], line: usize) -> String {
    let after = left_out.partition_point(|left| left.line <= line);
    after.checked_sub(1).map_or_else(|| "left out".to_owned(), |at| format!("left out: {}", left_out[at].reason))
}

/// The unusual properties of an item: `item, critical, within 24 hours, operations, evidence, unticked`.
fn describe_item(item: Option<&ChecklistItem>, was_ticked: bool) -> String {
    let mut words = vec!["item".to_owned()];
    if let Some(item) = item {
        words.extend((item.importance != Importance::Required).then(|| item.importance.slug().to_owned()));
        words.extend(item.phase.after_label().map(str::to_owned));
        words.extend(item.role.as_ref().map(ToString::to_string));
        words.extend(item.evidence_required.then(|| "evidence".to_owned()));
    }
    words.extend(was_ticked.then(|| "unticked".to_owned()));
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
        let preview = ChecklistImportPreview::new(&read_checklist(text), None);
        assert_eq!(preview.counts, "1 part, 1 section, 2 items");
        let told: Vec<_> = preview.lines.iter().map(|line| (line.number, line.class, line.became.as_str())).collect();
        let told: Vec<_> = told.into_iter().filter(|(_, class, _)| !class.is_empty()).collect();
        assert_eq!(
            told,
            [
                (1, "part", "name"),
                (3, "part", "part"),
                (5, "item-line", "item, critical, operations, evidence, unticked"),
                (6, "guidance", "guidance of line 5"),
                (7, "item-line", "item, 24 hours after"),
                (
                    9,
                    "left-out",
                    "left out: an HTML comment, with 1 box in it: take the marks of the comment off to make it an item"
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
        let changes = |after: &ParsedChecklist| ChecklistImportPreview::new(after, Some(&before)).changes.unwrap();
        let found = changes(&after);
        assert_eq!(found.summary, "2 items added, 1 removed, 1 changed, 0 moved.");
        let groups: Vec<_> = found.groups.iter().map(|group| (group.kind, group.entries.len())).collect();
        assert_eq!(groups, [("added", 2), ("removed", 1), ("changed", 1)]);
        let same = ParsedChecklist { checklist: before.clone(), ..after };
        assert_eq!(changes(&same).summary, "Nothing differs.");
        assert!(ChecklistImportPreview::new(&read_checklist("nothing"), Some(&before)).changes.is_none());
    }
}
