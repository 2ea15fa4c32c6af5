//! The data of the slice's templates.

use std::collections::HashMap;

use askama::Template;

use crate::{
    domain::{
        ids::UserId,
        launch::{
            event::{Event, Seq},
            state::LaunchState,
        },
        time::{Moment, Zone},
    },
    log::{
        rows::{LogCheckpointRow, LogDayView, LogRow, group_by_day},
        view::LogView,
    },
    presentation::{event_descriptions::LogNames, head::LaunchHead},
    record::{checkpoints::StoredCheckpoint, logs::LogEntry, texts::LoadedTexts},
    texts,
    web::chrome::Chrome,
};

#[derive(Template)]
#[template(path = "history/list.html")]
pub(super) struct HistoryPage {
    pub chrome: Chrome,
    pub head: LaunchHead,
    pub log: LogView,
    /// The launch's zone, in which a time is asked for.
    pub zone: String,
}

#[derive(Template)]
#[template(path = "history/event.html")]
pub(super) struct EventPage {
    pub chrome: Chrome,
    pub head: LaunchHead,
    pub line: LogRow,
    pub seq: Seq,
    pub at: Moment,
    pub request: String,
    pub newer: String,
    pub older: String,
    /// The stored and hashed bytes.
    pub bytes: String,
    /// The hash of the event's leaf in the launch's tree.
    pub leaf: String,
    /// The index of the leaf, from 0.
    pub index: Seq,
}

/// Groups the entries by day in the reader's zone, and adds the checkpoints that end with one of the events.
pub(super) fn build_days(
    launch: &LaunchState,
    entries: &[LogEntry],
    bodies: &LoadedTexts,
    checkpoints: &HashMap<Seq, StoredCheckpoint>,
    zone: &Zone,
) -> Vec<LogDayView> {
    let row = |entry: &LogEntry| match entry {
        LogEntry::LaunchEvent(event) => LogRow {
            checkpoint: checkpoints.get(&event.seq).map(|checkpoint| LogCheckpointRow::new(checkpoint, zone)),
            ..LogRow::from_launch_event(launch, event, bodies, zone)
        },
        LogEntry::InstallationEntry(entry) => {
            LogRow::from_installation_entry(Some(launch), entry, &LogNames::default(), zone)
        }
    };
    group_by_day(entries.iter().map(row), zone)
}

/// Everyone whom the history names, sorted by name.
pub(super) fn list_people(launch: &LaunchState) -> impl Iterator<Item = (UserId, String)> {
    let mut people: Vec<_> = launch.people.iter().map(|(id, name)| (*id, name.to_string())).collect();
    people.sort_by(|(_, one), (_, other)| one.cmp(other));
    people.into_iter()
}

/// `165–214 of 214`: the numbers of the events on the page.
pub(super) fn format_range(events: &[&Event], launch: &LaunchState) -> String {
    match (events.first(), events.last()) {
        (Some(newest), Some(oldest)) => format!("{}–{} of {}", oldest.seq, newest.seq, launch.seq),
        _ => String::new(),
    }
}
