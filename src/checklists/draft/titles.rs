//! What a draft's parts, sections and items are called on its pages.

use std::collections::BTreeMap;

use crate::{
    domain::{
        checklist_draft::{ChecklistDraft, DraftPart, DraftSection},
        ids::NodeId,
        text::Title,
    },
    texts,
};

/// The heading of a part; the checklist's name if it has none.
pub(super) fn part_title(draft: &ChecklistDraft, part: &DraftPart) -> String {
    part.title.as_ref().unwrap_or(&draft.name).to_string()
}

/// A heading, or what stands for one where there is none.
pub(super) fn heading_or_placeholder(heading: Option<&Title>) -> String {
    heading.map_or_else(|| texts::no_title_heading().into(), ToString::to_string)
}

/// A section with its part: `Database › Backup`.
pub(super) fn section_path(draft: &ChecklistDraft, part: &DraftPart, section: &DraftSection) -> String {
    let part = part_title(draft, part);
    section.title.as_ref().map_or_else(|| part.clone(), |title| format!("{part} › {title}"))
}

/// Marks names that occur more than once by their number among their equals: `Backup (2 of 3)`.
pub(super) fn number_equal_names(mut names: Vec<(NodeId, String)>) -> Vec<(NodeId, String)> {
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (_, name) in &names {
        counts.entry(name.clone()).or_default().1 += 1;
    }
    for (_, name) in &mut names {
        if let Some((number, of)) = counts.get_mut(name.as_str()).filter(|(_, of)| *of > 1) {
            *number += 1;
            *name = texts::name_with_number(&*name, *number, *of).into();
        }
    }
    names
}

/// What something is nested in: `Backups › Off site`.
pub(super) fn format_nesting(under: &[Title]) -> String {
    under.iter().map(Title::as_str).collect::<Vec<_>>().join(" › ")
}

/// The title of a part, section or item that is in the draft.
pub(super) fn node_title(draft: &ChecklistDraft, node: NodeId) -> Option<String> {
    let item = draft.item(node).map(|(_, _, item)| item.item.title.to_string());
    let section = || draft.section(node).map(|(_, section)| heading_or_placeholder(section.title.as_ref()));
    let part = || draft.part(node).map(|part| part_title(draft, part));
    item.or_else(section).or_else(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_names_are_numbered_and_others_stay() {
        let id = |number| NodeId(uuid::Uuid::from_u128(number));
        let names = ["Backup", "Other", "Backup", "Backup"].map(str::to_owned);
        let numbered = number_equal_names((0..).map(id).zip(names).collect());
        let names: Vec<&str> = numbered.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["Backup (1 of 3)", "Other", "Backup (2 of 3)", "Backup (3 of 3)"]);
        assert_eq!(numbered[2].0, id(2));
    }
}
