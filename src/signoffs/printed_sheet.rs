//! The list of items on the printed sheet.

use crate::{
    domain::{checklist::Importance, launch::state::LaunchState, time::Moment},
    presentation::item_facts::ShownState,
};

pub(super) struct PrintedPart {
    pub title: String,
    pub resolved: usize,
    pub items: Vec<PrintedItem>,
}

pub(super) struct PrintedItem {
    pub title: String,
    pub state: ShownState,
    pub critical: bool,
}

pub(super) fn build_parts(launch: &LaunchState, now: Moment) -> Vec<PrintedPart> {
    let checklist = &launch.version.checklist;
    let mut parts: Vec<PrintedPart> = checklist
        .parts
        .iter()
        .map(|part| PrintedPart {
            title: part.title.as_ref().unwrap_or(&checklist.name).to_string(),
            resolved: 0,
            items: Vec::new(),
        })
        .collect();
    for (item, definition) in launch.items_with_definitions() {
        let part = &mut parts[item.position.0];
        part.resolved += usize::from(launch.is_resolved(item, now));
        part.items.push(PrintedItem {
            title: definition.shown_title(),
            state: ShownState::new(launch, item, now),
            critical: definition.importance == Importance::Critical,
        });
    }
    parts
}
