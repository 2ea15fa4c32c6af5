//! What stands in a draft, as the rows and names that its pages show.

use std::collections::BTreeSet;

use super::view::{ItemRow, PartRow, RemovedRow, RoleRow, Row};
use crate::{
    checklists::{comparison::role_title, preview},
    domain::{
        checklist::RequiredRole,
        checklist_draft::{ChecklistDraft, DraftItem, DraftPart, DraftSection, KeyFrom, Node},
        ids::NodeId,
        text::Title,
    },
    launch_page::words::count,
};

/// The heading of a part, in words.
pub(super) fn part_title(draft: &ChecklistDraft, part: &DraftPart) -> String {
    part.title.as_ref().unwrap_or(&draft.name).to_string()
}

/// The heading of a section, in words.
pub(super) fn section_title(section: &DraftSection) -> String {
    section.title.as_ref().map_or_else(|| "Without a heading".to_owned(), ToString::to_string)
}

/// A section with its part: `Database › Backup`.
pub(super) fn path(draft: &ChecklistDraft, part: &DraftPart, section: &DraftSection) -> String {
    let part = part_title(draft, part);
    section.title.as_ref().map_or_else(|| part.clone(), |title| format!("{part} › {title}"))
}

/// Every section with its path.
pub(super) fn sections(draft: &ChecklistDraft) -> Vec<(NodeId, String)> {
    let of_part = |part: &DraftPart| {
        part.sections.iter().map(|section| (section.id, path(draft, part, section))).collect::<Vec<_>>()
    };
    draft.parts.iter().flat_map(of_part).collect()
}

/// What something is nested in: `Backups › Off site`.
pub(super) fn under(under: &[Title]) -> String {
    under.iter().map(Title::as_str).collect::<Vec<_>>().join(" › ")
}

/// What a thing is in the draft.
const fn mark(is_new: bool, changed: i64, began: i64) -> &'static str {
    if is_new {
        "new"
    } else if changed > began {
        "changed"
    } else {
        ""
    }
}

fn row(id: NodeId, title: String, mark: &'static str, at: usize, of: usize) -> Row {
    Row { id, title, mark, is_first: at == 0, is_last: at + 1 == of }
}

/// The roles that must sign, as rows.
pub(super) fn required(draft: &ChecklistDraft) -> Vec<RoleRow> {
    let last = draft.required_roles.len().saturating_sub(1);
    let row = |(at, role): (usize, &RequiredRole)| RoleRow {
        slug: role.role.to_string(),
        title: role.title.to_string(),
        is_first: at == 0,
        is_last: at == last,
    };
    draft.required_roles.iter().enumerate().map(row).collect()
}

/// The parts and their sections, as rows.
pub(super) fn parts(draft: &ChecklistDraft) -> Vec<PartRow> {
    let began = draft.began;
    let section = |(at, section): (usize, &DraftSection), of: usize| {
        let row = row(section.id, section_title(section), mark(section.is_new, section.changed, began), at, of);
        (row, count(section.items.len(), "item"))
    };
    let part = |(at, part): (usize, &DraftPart)| {
        let of = part.sections.len();
        PartRow {
            row: row(part.id, part_title(draft, part), mark(part.is_new, part.changed, began), at, draft.parts.len()),
            heading: part.title.as_ref().map_or_else(String::new, ToString::to_string),
            items: count(part.sections.iter().map(|section| section.items.len()).sum(), "item"),
            sections: part.sections.iter().enumerate().map(|of_part| section(of_part, of)).collect(),
        }
    };
    draft.parts.iter().enumerate().map(part).collect()
}

/// The items of a section, as rows.
pub(super) fn items(draft: &ChecklistDraft, section: &DraftSection) -> Vec<ItemRow> {
    let item = |(known, (is_first, is_last)): (&DraftItem, (bool, bool))| {
        let item = &known.item;
        let mark = mark(known.key_from != KeyFrom::Published, known.changed, draft.began);
        ItemRow {
            row: Row { id: known.id, title: item.title.to_string(), mark, is_first, is_last },
            under: under(&item.under),
            importance: item.importance.slug(),
            phase: preview::phase(item.phase),
            role: item.role.as_ref().map_or_else(String::new, |role| role_title(&draft.required_roles, role)),
            evidence: item.evidence_required,
        }
    };
    section.items.iter().zip(section.ends()).map(item).collect()
}

/// What was removed, the latest first.
pub(super) fn removed(draft: &ChecklistDraft) -> Vec<RemovedRow> {
    let what = |node: &Node| match node {
        Node::Part(_) => format!("part, {}", count(node.items().len(), "item")),
        Node::Section(_) => format!("section, {}", count(node.items().len(), "item")),
        Node::Item(item) if item.item.under.is_empty() => "item".to_owned(),
        Node::Item(item) => format!("item under {}", under(&item.item.under)),
    };
    let row = |node: &Node| RemovedRow {
        id: node.id(),
        title: node.title().map_or_else(|| "Without a heading".to_owned(), ToString::to_string),
        what: what(node),
    };
    draft.removed.iter().rev().map(|removed| row(&removed.node)).collect()
}

/// What an item can be nested in, as the form's values and names, and which of them it is nested in now.
pub(super) fn nestings(section: &DraftSection, item: &DraftItem) -> Vec<(String, String, bool)> {
    let current = &item.item.under;
    let mut all = vec![("nothing".to_owned(), "Nothing".to_owned(), current.is_empty())];
    let own: Vec<Title> = current.iter().chain([&item.item.title]).cloned().collect();
    let mut known: BTreeSet<Vec<Title>> = [Vec::new()].into();
    for other in section.items.iter().filter(|other| other.id != item.id && !other.item.under.starts_with(&own)) {
        // What only words stand for comes before what is nested in them.
        if known.insert(other.item.under.clone()) {
            let is_it = other.item.under == *current;
            all.push((format!("beside:{}", other.id), under(&other.item.under), is_it));
        }
        let path: Vec<Title> = other.item.under.iter().chain([&other.item.title]).cloned().collect();
        if known.insert(path.clone()) {
            all.push((format!("in:{}", other.id), under(&path), path == *current));
        }
    }
    if !all.iter().any(|(_, _, is_it)| *is_it) {
        all.push((format!("beside:{}", item.id), under(current), true));
    }
    all
}
