//! The list of items on the sheet that is printed.

use crate::{
    domain::{checklist::Importance, launch::state::LaunchState, time::Moment},
    launch_page::item_facts::shown_state,
};

/// A part of the checklist.
pub(super) struct SheetPart {
    pub title: String,
    pub resolved: usize,
    pub items: Vec<SheetItem>,
}

/// An item as it stands.
pub(super) struct SheetItem {
    pub title: String,
    pub state: &'static str,
    pub word: &'static str,
    pub critical: bool,
}

/// Every item, by part.
pub(super) fn parts(launch: &LaunchState, now: Moment) -> Vec<SheetPart> {
    let checklist = &launch.version.checklist;
    let mut parts: Vec<SheetPart> = checklist
        .parts
        .iter()
        .map(|part| SheetPart {
            title: part.title.as_ref().unwrap_or(&checklist.name).to_string(),
            resolved: 0,
            items: Vec::new(),
        })
        .collect();
    for (item, definition) in launch.defined() {
        let waived = launch.waived_by(item, now).is_some();
        let part = &mut parts[item.at.0];
        part.resolved += usize::from(launch.is_resolved(item, now));
        part.items.push(SheetItem {
            title: definition.title.to_string(),
            state: shown_state(launch, item, now),
            word: if waived { "waived" } else { item.standing.state.word() },
            critical: definition.importance == Importance::Critical,
        });
    }
    parts
}
