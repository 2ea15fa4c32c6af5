//! Which page of the draft is shown, and what is compared on it.

use super::{
    current::CurrentDraft,
    form::{OpenPage, OpenRow},
};
use crate::{
    checklists::comparison::ChecklistComparisonView,
    domain::{checklist::Checklist, checklist_draft::DraftFault},
};

/// Which page of the draft is shown.
pub(super) enum DraftView {
    Outline,
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

impl DraftView {
    /// The view, and what has its form open in it; `None` if that is not in the draft. `newest` is the newest version.
    pub(super) fn new(open: OpenPage, current: &CurrentDraft, newest: &Checklist) -> Option<(Self, OpenRow)> {
        let draft = &current.draft;
        let compare = || ChecklistComparisonView::compare(newest, &draft.checklist());
        let view = match open {
            OpenPage::Outline(row) => {
                let (OpenRow::Node(node) | OpenRow::New(node)) = row else { return Some((Self::Outline, row)) };
                return draft.contains(node).then_some((Self::Outline, row));
            }
            OpenPage::LostInput => Self::LostInput,
            OpenPage::Publication => {
                let faults =
                    draft.faults().iter().map(|fault| (fault.to_string(), link_to_fix(current, fault))).collect();
                Self::Publication { comparison: compare(), faults, is_same: *newest == draft.checklist() }
            }
            OpenPage::Discard => Self::Discard { comparison: compare() },
        };
        Some((view, OpenRow::Nothing))
    }
}

fn link_to_fix(current: &CurrentDraft, fault: &DraftFault) -> Option<String> {
    let base = current.address();
    match fault {
        DraftFault::EmptyPart(part, _) => Some(format!("{base}#node-{part}")),
        DraftFault::EmptySection(section, _) => Some(format!("{base}?add={section}#new")),
        DraftFault::Checklist(_) => None,
    }
}
