//! The data of the slice's templates.

use std::collections::HashMap;

use askama::Template;

use super::filter::{HistoryCursor, HistoryQuery};
use crate::{
    domain::{
        launch::{
            event::{Event, Seq},
            state::LaunchState,
        },
        time::{Moment, Zone},
    },
    presentation::{
        event_descriptions::{CommentBodies, LogNames},
        event_kinds::{LAUNCH_KIND_GROUPS, LAUNCH_LOG_KIND_GROUPS},
        head::LaunchHead,
        log::{LogCheckpointRow, LogDayView, LogRow, group_by_day},
        log_filter::{EventKindLink, PersonOption, build_kind_links},
    },
    record::{checkpoints::StoredCheckpoint, installation_log::InstallationEntry},
    web::page::Chrome,
};

#[derive(Template)]
#[template(path = "history/list.html")]
pub(super) struct HistoryPage {
    pub chrome: Chrome,
    pub head: LaunchHead,
    pub wanted: HistoryQuery,
    /// Whether the search took too long.
    pub too_long: bool,
    /// What is wrong with the words that are looked for.
    pub text_error: Option<String>,
    /// The launch's zone, in which a time is asked for.
    pub zone: String,
    pub kinds: Vec<EventKindLink>,
    pub people: Vec<PersonOption>,
    pub item: HistoryItemView,
    pub days: Vec<LogDayView>,
    /// Link to the newest matching events; empty on the first page.
    pub newest: String,
    pub older: String,
    pub range: String,
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

/// The item filter of the form.
pub(super) struct HistoryItemView {
    /// Words to search for in titles.
    pub words: String,
    /// The item, when the filter is an id.
    pub one: Option<ChosenItemView>,
}

pub(super) struct ChosenItemView {
    pub id: String,
    pub title: String,
    /// The history without this filter.
    pub without: String,
}

pub(super) enum HistoryEntry {
    LaunchEvent(Event),
    /// An entry of the installation's log about the launch.
    InstallationEntry(InstallationEntry),
}

impl HistoryEntry {
    pub(super) const fn event(&self) -> Option<&Event> {
        match self {
            Self::LaunchEvent(event) => Some(event),
            Self::InstallationEntry(_) => None,
        }
    }

    fn to_row(&self, launch: &LaunchState, bodies: &CommentBodies, zone: &Zone) -> LogRow {
        match self {
            Self::LaunchEvent(event) => LogRow::from_launch_event(launch, event, bodies, zone),
            Self::InstallationEntry(entry) => {
                LogRow::from_installation_entry(Some(launch), entry, &LogNames::default(), zone)
            }
        }
    }
}

/// Groups the entries by day in the reader's zone, and adds the checkpoints that end with one of the events.
pub(super) fn build_days(
    launch: &LaunchState,
    happened: &[HistoryEntry],
    bodies: &CommentBodies,
    kept: &HashMap<Seq, StoredCheckpoint>,
    zone: &Zone,
) -> Vec<LogDayView> {
    let line = |happened: &HistoryEntry| {
        let kept = happened.event().and_then(|event| kept.get(&event.seq));
        let checkpoint = kept.map(|kept| LogCheckpointRow::new(kept, zone));
        LogRow { checkpoint, ..happened.to_row(launch, bodies, zone) }
    };
    group_by_day(happened.iter().map(line), zone)
}

impl HistoryQuery {
    pub(super) fn before_cursor(&self, place: HistoryCursor) -> Self {
        Self { before: place.to_string(), ..self.clone() }
    }

    pub(super) fn without_cursor(&self) -> Self {
        Self { before: String::new(), ..self.clone() }
    }
}

/// Links to the groups of kinds, and to the chosen kind if it is a single one.
pub(super) fn kind_links(launch: &LaunchState, wanted: &HistoryQuery) -> Vec<EventKindLink> {
    let of = |kind: &str| HistoryQuery { kind: kind.to_owned(), ..wanted.without_cursor() }.to_href(launch);
    build_kind_links(LAUNCH_KIND_GROUPS.iter().chain(&LAUNCH_LOG_KIND_GROUPS), &wanted.kind, of)
}

/// Everyone whom the history names, sorted by name.
pub(super) fn people_options(launch: &LaunchState, wanted: &HistoryQuery) -> Vec<PersonOption> {
    let everyone = launch.people.iter();
    let mut people: Vec<_> =
        everyone.map(|(id, name)| PersonOption::new(*id, name.to_string(), &wanted.actor)).collect();
    people.sort_by(|one, other| one.name.cmp(&other.name));
    people
}

pub(super) fn item_view(launch: &LaunchState, wanted: &HistoryQuery) -> HistoryItemView {
    let words = wanted.item.trim();
    let Some(item) = words.parse().ok().and_then(|id| launch.item(id)) else {
        return HistoryItemView { words: words.to_owned(), one: None };
    };
    let one = ChosenItemView {
        id: item.id.to_string(),
        title: launch.definition(item).title.to_string(),
        without: HistoryQuery { item: String::new(), ..wanted.without_cursor() }.to_href(launch),
    };
    HistoryItemView { words: String::new(), one: Some(one) }
}

/// `165–214 of 214`: the numbers of the events on the page.
pub(super) fn format_range(events: &[&Event], launch: &LaunchState) -> String {
    match (events.first(), events.last()) {
        (Some(newest), Some(oldest)) => format!("{}–{} of {}", oldest.seq, newest.seq, launch.seq),
        _ => String::new(),
    }
}
