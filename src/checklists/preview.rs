//! What was understood of a file, line by line, before it is published.

use std::collections::HashMap;

use super::comparison::Comparison;
use crate::{
    domain::{
        checklist::{Checklist, ChecklistItem, Importance, ItemKey, Phase},
        markdown_checklist::{Became, LeftOut, ReadLine, Reading},
    },
    launch_page::words::count,
};

/// The most lines, and the most entries of the other lists, that a preview shows.
const MOST_LINES: usize = 10_000;

/// What was understood of a file.
#[derive(Debug, Clone)]
pub(super) struct Preview {
    /// `14 parts, 33 sections, 209 items`.
    pub counts: String,
    pub lines: Vec<Line>,
    /// How many lines more there are than are shown.
    pub more: usize,
    pub left_out: Vec<(usize, String, String)>,
    pub more_left_out: usize,
    pub notices: Vec<String>,
    pub more_notices: usize,
    /// The titles of the roles that must sign.
    pub roles: Vec<String>,
    /// What it changes, for a new version of a checklist.
    pub changes: Option<Comparison>,
}

/// A line of the file.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub number: usize,
    pub text: String,
    /// The class it is drawn by; empty for one that became nothing.
    pub class: &'static str,
    pub became: String,
}

impl Preview {
    /// The preview of a reading, compared with the version that it would follow.
    pub(super) fn new(reading: &Reading, before: Option<&Checklist>) -> Self {
        let checklist = &reading.checklist;
        let sections = checklist.parts.iter().map(|part| part.sections.len()).sum();
        let items = checklist.items().count();
        let counts = [(checklist.parts.len(), "part"), (sections, "section"), (items, "item")];
        Self {
            counts: counts.map(|(number, noun)| count(number, noun)).join(", "),
            lines: lines(reading),
            more: reading.lines.len().saturating_sub(MOST_LINES),
            left_out: reading.left_out.iter().take(MOST_LINES).map(left_out).collect(),
            more_left_out: reading.left_out.len().saturating_sub(MOST_LINES),
            notices: reading.notices.iter().take(MOST_LINES).map(ToString::to_string).collect(),
            more_notices: reading.notices.len().saturating_sub(MOST_LINES),
            roles: checklist.required_roles.iter().map(|role| role.title.to_string()).collect(),
            // Where it can't be published, there are other things to see to first.
            changes: before.filter(|_| checklist.check().is_ok()).map(|before| Comparison::between(before, checklist)),
        }
    }
}

fn left_out(left: &LeftOut) -> (usize, String, String) {
    (left.line, left.text.clone(), left.why.to_string())
}

fn lines(reading: &Reading) -> Vec<Line> {
    let items: HashMap<&ItemKey, &ChecklistItem> =
        reading.checklist.items().map(|(_, _, item)| (&item.key, item)).collect();
    let line_of: HashMap<&ItemKey, usize> = reading
        .lines
        .iter()
        .filter_map(|line| match &line.became {
            Became::Item { key, .. } => Some((key, line.line)),
            _ => None,
        })
        .collect();
    let line = |line: &ReadLine| {
        let (class, became) = match &line.became {
            Became::Nothing => ("", String::new()),
            Became::Name => ("part", "name".to_owned()),
            Became::Introduction => ("guidance", "introduction".to_owned()),
            Became::Part => ("part", "part".to_owned()),
            Became::Section => ("section", "section".to_owned()),
            Became::Context => ("section", "context of items below".to_owned()),
            Became::Item { key, was_ticked, .. } => ("item-line", item(items.get(key).copied(), *was_ticked)),
            Became::Guidance(key) => {
                let of = line_of.get(key).map_or_else(String::new, |line| format!(" of line {line}"));
                ("guidance", format!("guidance{of}"))
            }
            Became::SignOff => ("section", "heading of who signs".to_owned()),
            Became::RequiredRole(role) => ("item-line", format!("{role} must sign")),
            Became::LeftOut => ("left-out", why(&reading.left_out, line.line)),
        };
        Line { number: line.line, text: line.text.clone(), class, became }
    };
    reading.lines.iter().take(MOST_LINES).map(line).collect()
}

/// Why a line was left out: for the reason of the stretch it is in, which begins at the last one not after it.
fn why(left_out: &[LeftOut], line: usize) -> String {
    let after = left_out.partition_point(|left| left.line <= line);
    after.checked_sub(1).map_or_else(|| "left out".to_owned(), |at| format!("left out: {}", left_out[at].why))
}

/// `item, critical, within 24 hours, operations, evidence, unticked`: what is out of the ordinary about it.
fn item(item: Option<&ChecklistItem>, was_ticked: bool) -> String {
    let mut words = vec!["item".to_owned()];
    if let Some(item) = item {
        words.extend((item.importance != Importance::Required).then(|| item.importance.slug().to_owned()));
        words.extend(phase(item.phase).map(str::to_owned));
        words.extend(item.role.as_ref().map(ToString::to_string));
        words.extend(item.evidence_required.then(|| "evidence".to_owned()));
    }
    words.extend(was_ticked.then(|| "unticked".to_owned()));
    words.join(", ")
}

/// When an item is due, unless it is before the decision.
pub(super) const fn phase(phase: Phase) -> Option<&'static str> {
    use crate::domain::checklist::Window;
    match phase {
        Phase::Before => None,
        Phase::After(Window::Day) => Some("24 hours after"),
        Phase::After(Window::Week) => Some("7 days after"),
        Phase::After(Window::Month) => Some("30 days after"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{markdown_checklist::read, text::Title};

    fn reading(markdown: &str) -> Reading {
        read(markdown, &Title::new("Untitled").unwrap())
    }

    #[test]
    fn every_line_says_what_it_became() {
        let text = "# Name\n\n## Database\n\n- [x] Backups {critical; role=operations; evidence}\n  How to\n\
                    - [ ] Off site {after 24h}\n\n<!-- - [ ] later -->\n";
        let preview = Preview::new(&reading(text), None);
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
    fn what_a_new_version_changes_is_counted_by_key() {
        let before = reading("- [ ] One {#one}\n- [ ] Two {#two}\n- [ ] Three {#three}\n").checklist;
        let after = reading("- [ ] One {#one}\n- [ ] Two, again {#two}\n- [ ] Four {#four}\n- [ ] Five\n");
        let changes = |after: &Reading| Preview::new(after, Some(&before)).changes.unwrap();
        let found = changes(&after);
        assert_eq!(found.told, "2 items added, 1 removed, 1 changed, 0 moved.");
        let groups: Vec<_> = found.groups.iter().map(|group| (group.kind, group.entries.len())).collect();
        assert_eq!(groups, [("added", 2), ("removed", 1), ("changed", 1)]);
        let same = Reading { checklist: before.clone(), ..after };
        assert_eq!(changes(&same).told, "Nothing differs.");
        assert!(Preview::new(&reading("nothing"), Some(&before)).changes.is_none());
    }
}
