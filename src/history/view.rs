//! The data of the slice's templates.

use std::collections::HashMap;

use askama::Template;

use super::source::HistorySource;
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
        query::LogQuery,
        rows::{LogCheckpointRow, LogDayView, LogRow, MomentChoice, group_by_day},
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
    /// While two moments are chosen to be compared.
    pub comparison: Option<ComparisonChoice>,
}

/// The choice of two moments to be compared, from the list.
#[derive(Debug)]
pub(super) struct ComparisonChoice {
    /// The first event, once it is chosen.
    pub first: Option<Seq>,
    /// The list without a first event.
    pub again: String,
    /// The list without a choice.
    pub cancel: String,
}

impl ComparisonChoice {
    /// `None` unless the query names an event that exists.
    pub(super) fn new(source: &HistorySource<'_>, query: &LogQuery) -> Option<Self> {
        let list = |compare: &str| LogQuery { compare: compare.to_owned(), ..query.clone() }.to_href(source);
        let first = query.compare.trim().parse().ok().filter(|seq| (1..=source.0.seq).contains(seq));
        (!query.compare.trim().is_empty()).then(|| Self { first, again: list("on"), cancel: list("") })
    }

    /// What a row offers for its event.
    pub(super) fn offer(&self, source: &HistorySource<'_>, query: &LogQuery, seq: Seq) -> MomentChoice {
        match self.first {
            None => MomentChoice::First(LogQuery { compare: seq.to_string(), ..query.clone() }.to_href(source)),
            Some(first) if first == seq => MomentChoice::Chosen,
            Some(first) => {
                let (from, to) = (first.min(seq), first.max(seq));
                MomentChoice::Second(format!("/launches/{}/compare?from={from}&to={to}", source.0.id))
            }
        }
    }
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

/// Groups the entries by day in the reader's zone, and adds the checkpoints that end with one of the events, and what
/// each event offers while two moments are chosen.
pub(super) fn build_days(
    launch: &LaunchState,
    entries: &[LogEntry],
    bodies: &LoadedTexts,
    checkpoints: &HashMap<Seq, StoredCheckpoint>,
    zone: &Zone,
    choose: impl Fn(Seq) -> Option<MomentChoice>,
) -> Vec<LogDayView> {
    let row = |entry: &LogEntry| match entry {
        LogEntry::LaunchEvent(event) => LogRow {
            choice: choose(event.seq),
            as_of_href: format!("/launches/{}/as-of/{}", launch.id, event.seq),
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

/// The numbers of the events on the page.
pub(super) fn describe_range(events: &[&Event], launch: &LaunchState) -> String {
    match (events.first(), events.last()) {
        (Some(newest), Some(oldest)) => texts::events_from_to(launch.seq, oldest.seq, newest.seq).into_owned(),
        _ => String::new(),
    }
}
