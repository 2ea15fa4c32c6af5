//! The content of a draft as the rows and titles of its pages.

use std::collections::BTreeSet;

use super::view::{DraftItemRow, DraftNodeRow, DraftPartRow, DraftRemovedRow, DraftRoleRow};
use crate::{
    checklists::comparison::role_title,
    domain::{
        checklist::RequiredRole,
        checklist_draft::{ChecklistDraft, DraftItem, DraftNode, DraftPart, DraftSection, KeyFrom},
        ids::NodeId,
        text::Title,
    },
    presentation::formatting::count_with_noun,
};

/// The heading of a part; the checklist's name if it has none.
pub(super) fn part_title(draft: &ChecklistDraft, part: &DraftPart) -> String {
    part.title.as_ref().unwrap_or(&draft.name).to_string()
}

pub(super) fn section_title(section: &DraftSection) -> String {
    section.title.as_ref().map_or_else(|| "Without a heading".to_owned(), ToString::to_string)
}

/// A section with its part: `Database › Backup`.
pub(super) fn section_path(draft: &ChecklistDraft, part: &DraftPart, section: &DraftSection) -> String {
    let part = part_title(draft, part);
    section.title.as_ref().map_or_else(|| part.clone(), |title| format!("{part} › {title}"))
}

pub(super) fn list_sections(draft: &ChecklistDraft) -> Vec<(NodeId, String)> {
    let of_part = |part: &DraftPart| {
        part.sections.iter().map(|section| (section.id, section_path(draft, part, section))).collect::<Vec<_>>()
    };
    number_equal_names(draft.parts.iter().flat_map(of_part).collect())
}

/// Marks names that occur more than once by their number among their equals: `Backup (2 of 3)`.
pub(super) fn number_equal_names<K>(names: Vec<(K, String)>) -> Vec<(K, String)> {
    let all: Vec<String> = names.iter().map(|(_, name)| name.clone()).collect();
    let numbered = names.into_iter().enumerate().map(|(at, (key, name))| {
        let equal = |names: &[String]| names.iter().filter(|other| **other == name).count();
        match equal(&all) {
            1 => (key, name),
            of => (key, format!("{name} ({} of {of})", equal(&all[..=at]))),
        }
    });
    numbered.collect()
}

/// What something is nested in: `Backups › Off site`.
pub(super) fn format_nesting(under: &[Title]) -> String {
    under.iter().map(Title::as_str).collect::<Vec<_>>().join(" › ")
}

/// Whether a node is new or changed in the draft.
const fn change_mark(is_new: bool, changed: i64, began: i64) -> &'static str {
    if is_new {
        "new"
    } else if changed > began {
        "changed"
    } else {
        ""
    }
}

fn node_row(id: NodeId, title: String, mark: &'static str, at: usize, of: usize) -> DraftNodeRow {
    DraftNodeRow { id, title, mark, is_first: at == 0, is_last: at + 1 == of }
}

pub(super) fn required_role_rows(draft: &ChecklistDraft) -> Vec<DraftRoleRow> {
    let last = draft.required_roles.len().saturating_sub(1);
    let row = |(at, role): (usize, &RequiredRole)| DraftRoleRow {
        slug: role.role.to_string(),
        title: role.title.to_string(),
        is_first: at == 0,
        is_last: at == last,
    };
    draft.required_roles.iter().enumerate().map(row).collect()
}

pub(super) fn part_rows(draft: &ChecklistDraft) -> Vec<DraftPartRow> {
    let began = draft.began;
    let section = |(at, section): (usize, &DraftSection), of: usize| {
        let row =
            node_row(section.id, section_title(section), change_mark(section.is_new, section.changed, began), at, of);
        (row, count_with_noun(section.items.len(), "item"))
    };
    let part = |(at, part): (usize, &DraftPart)| {
        let of = part.sections.len();
        DraftPartRow {
            row: node_row(
                part.id,
                part_title(draft, part),
                change_mark(part.is_new, part.changed, began),
                at,
                draft.parts.len(),
            ),
            heading: part.title.as_ref().map_or_else(String::new, ToString::to_string),
            items: count_with_noun(part.sections.iter().map(|section| section.items.len()).sum::<usize>(), "item"),
            sections: part.sections.iter().enumerate().map(|of_part| section(of_part, of)).collect(),
        }
    };
    draft.parts.iter().enumerate().map(part).collect()
}

pub(super) fn item_rows(draft: &ChecklistDraft, section: &DraftSection) -> Vec<DraftItemRow> {
    let item = |(known, (is_first, is_last)): (&DraftItem, (bool, bool))| {
        let item = &known.item;
        let mark = change_mark(known.key_from != KeyFrom::Published, known.changed, draft.began);
        DraftItemRow {
            row: DraftNodeRow { id: known.id, title: item.title.to_string(), mark, is_first, is_last },
            under: format_nesting(&item.under),
            importance: item.importance.slug(),
            phase: item.phase.after_label(),
            role: item.role.as_ref().map_or_else(String::new, |role| role_title(&draft.required_roles, role)),
            evidence: item.evidence_required,
        }
    };
    section.items.iter().zip(section.step_limits()).map(item).collect()
}

/// The removed nodes, the latest first.
pub(super) fn removed_rows(draft: &ChecklistDraft) -> Vec<DraftRemovedRow> {
    let what = |node: &DraftNode| match node {
        DraftNode::Part(_) => format!("part, {}", count_with_noun(node.items().len(), "item")),
        DraftNode::Section(_) => format!("section, {}", count_with_noun(node.items().len(), "item")),
        DraftNode::Item(item) if item.item.under.is_empty() => "item".to_owned(),
        DraftNode::Item(item) => format!("item under {}", format_nesting(&item.item.under)),
    };
    let row = |node: &DraftNode| DraftRemovedRow {
        id: node.id(),
        title: node.title().map_or_else(|| "Without a heading".to_owned(), ToString::to_string),
        what: what(node),
    };
    draft.removed.iter().rev().map(|removed| row(&removed.node)).collect()
}

/// What an item can be nested in: the form's value, the name, and whether it is the current one.
pub(super) fn nesting_choices(section: &DraftSection, item: &DraftItem) -> Vec<(String, String, bool)> {
    let current = &item.item.under;
    let mut all = vec![("nothing".to_owned(), "Nothing".to_owned(), current.is_empty())];
    let own: Vec<Title> = current.iter().chain([&item.item.title]).cloned().collect();
    let mut known: BTreeSet<Vec<Title>> = [Vec::new()].into();
    for other in section.items.iter().filter(|other| other.id != item.id && !other.item.under.starts_with(&own)) {
        // The headings of a nesting come before the items nested in them.
        if known.insert(other.item.under.clone()) {
            let is_it = other.item.under == *current;
            all.push((format!("beside:{}", other.id), format_nesting(&other.item.under), is_it));
        }
        let path: Vec<Title> = other.item.under.iter().chain([&other.item.title]).cloned().collect();
        if known.insert(path.clone()) {
            all.push((format!("in:{}", other.id), format_nesting(&path), path == *current));
        }
    }
    if !all.iter().any(|(_, _, is_it)| *is_it) {
        all.push((format!("beside:{}", item.id), format_nesting(current), true));
    }
    all
}
