//! The entries of a log as pages show them: rows, grouped by day, newest first.

use std::borrow::Cow;

use crate::{
    domain::{
        checkpoint::CheckpointCause,
        ids::LaunchId,
        launch::{
            event::{Change, Event, Seq},
            state::LaunchState,
        },
        time::{Moment, Zone},
    },
    presentation::{
        event_descriptions::{DescriptionLink, EventDescription, LogNames, describe_entry, describe_event_with_bodies},
        formatting::describe_witnesses,
    },
    record::{checkpoints::StoredCheckpoint, installation_log::InstallationEntry, texts::LoadedTexts},
    texts,
    web::{
        person_tag::initials,
        time::{exact, format_long_date, format_machine, format_time_of_day},
    },
};

#[derive(Debug)]
pub struct LogDayView {
    pub title: String,
    pub lines: Vec<LogRow>,
}

/// Groups rows, newest first, by their day in the reader's zone.
#[must_use]
pub fn group_by_day(lines: impl Iterator<Item = LogRow>, zone: &Zone) -> Vec<LogDayView> {
    let mut days: Vec<LogDayView> = Vec::new();
    for line in lines {
        let title = format_long_date(line.at.to_local(zone).date());
        match days.last_mut() {
            Some(day) if day.title == title => day.lines.push(line),
            _ => days.push(LogDayView { title, lines: vec![line] }),
        }
    }
    days
}

#[derive(Debug)]
pub struct LogRow {
    pub at: Moment,
    /// Number of a launch's event; `None` for an entry of the audit log.
    pub seq: Option<Seq>,
    /// Number of an entry of the audit log; `None` for a launch's event.
    pub index: Option<i64>,
    pub kind: &'static str,
    /// The time in UTC to the second, for the attribute `datetime`.
    pub machine: String,
    /// Date and time with the zone.
    pub exact: String,
    /// The time of day in the reader's zone.
    pub time: String,
    /// Name of the actor.
    pub name: String,
    pub initials: String,
    pub words: EventDescription,
    /// Whether the event is a refusal.
    pub refused: bool,
    /// The id of the row in its page.
    pub anchor: String,
    /// Page of the event; empty if it has none.
    pub href: String,
    /// The launch as of the event, in its own history; otherwise empty.
    pub as_of_href: String,
    /// While two moments are chosen to be compared.
    pub choice: Option<MomentChoice>,
    /// The event's launch, on pages about several launches.
    pub launch: Option<DescriptionLink>,
    /// Label of the link to the go/no-go page on which the event was based; empty for other events.
    pub past_page_label: Cow<'static, str>,
    pub past_page_href: String,
    /// The checkpoint that ends with this event.
    pub checkpoint: Option<LogCheckpointRow>,
}

/// Chooses an event of a history as one of two moments to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MomentChoice {
    /// The link that makes it the first.
    First(String),
    /// The link that compares it with the first.
    Second(String),
    /// It is the first.
    Chosen,
}

/// A row between events for a checkpoint.
#[derive(Debug)]
pub struct LogCheckpointRow {
    /// The last event that it covers.
    pub seq: Seq,
    /// Why it was made.
    pub cause: Cow<'static, str>,
    /// Root hash of the events.
    pub root: String,
    /// The root hash, shortened.
    pub short: String,
    /// The time of day in the reader's zone.
    pub time: String,
    /// The time in UTC to the second, for the attribute `datetime`.
    pub machine: String,
    /// Date and time with the zone.
    pub exact: String,
    /// The witnesses; empty if there are none.
    pub witness: String,
}

impl LogCheckpointRow {
    #[must_use]
    pub fn new(checkpoint: &StoredCheckpoint, zone: &Zone) -> Self {
        Self {
            seq: checkpoint.size,
            cause: CheckpointCause::label(checkpoint.cause),
            root: checkpoint.root.to_string(),
            short: checkpoint.root.short(),
            time: format_time_of_day(checkpoint.at.to_local(zone)),
            machine: format_machine(checkpoint.at),
            exact: exact(checkpoint.at, zone),
            witness: describe_witnesses(&checkpoint.witnesses),
        }
    }
}

impl LogRow {
    #[must_use]
    pub fn from_launch_event(launch: &LaunchState, event: &Event, bodies: &LoadedTexts, zone: &Zone) -> Self {
        Self {
            seq: Some(event.seq),
            anchor: format!("event-{}", event.seq),
            words: describe_event_with_bodies(launch, event, bodies),
            href: format!("/launches/{}/history/{}", launch.id, event.seq),
            past_page_label: past_page_label(&event.change),
            past_page_href: format!("/launches/{}/as-of/{}/go-no-go", launch.id, event.seq),
            ..Self::blank(event.change.kind(), event.actor.name.to_string(), event.at, zone)
        }
    }

    /// `launch` is the one that the entry is about, if known.
    #[must_use]
    pub fn from_installation_entry(
        launch: Option<&LaunchState>,
        entry: &InstallationEntry,
        names: &LogNames,
        zone: &Zone,
    ) -> Self {
        let name = entry
            .actor
            .as_ref()
            .map_or_else(|| entry.event.unattended_actor().into_owned(), |actor| actor.name.to_string());
        Self {
            index: Some(entry.index),
            anchor: format!("entry-{}", entry.index),
            words: describe_entry(launch, names, entry),
            refused: entry.event.is_refusal(),
            ..Self::blank(entry.event.kind(), name, entry.at, zone)
        }
    }

    fn blank(kind: &'static str, name: String, at: Moment, zone: &Zone) -> Self {
        Self {
            at,
            seq: None,
            index: None,
            kind,
            machine: format_machine(at),
            exact: exact(at, zone),
            time: format_time_of_day(at.to_local(zone)),
            initials: initials(&name),
            name,
            words: EventDescription::default(),
            refused: false,
            anchor: String::new(),
            href: String::new(),
            as_of_href: String::new(),
            choice: None,
            launch: None,
            past_page_label: Cow::default(),
            past_page_href: String::new(),
            checkpoint: None,
        }
    }

    /// Adds the launch, for a page about several launches, each of which has an event of the same number.
    #[must_use]
    pub fn with_launch(self, launch: Option<(LaunchId, &str)>) -> Self {
        let anchor = match (self.seq, launch) {
            (Some(seq), Some((id, _))) => format!("event-{id}-{seq}"),
            _ => self.anchor,
        };
        let link = |(id, name): (LaunchId, &str)| DescriptionLink {
            text: name.to_owned(),
            href: format!("/launches/{id}/history"),
        };
        Self { launch: launch.map(link), anchor, ..self }
    }
}

/// Label of the link to the go/no-go page on which an event was based; empty for other events.
fn past_page_label(change: &Change) -> Cow<'static, str> {
    match change {
        Change::Signed(_) => texts::what_was_signed(),
        Change::GoDeclared { .. } | Change::Launched { .. } | Change::Closed { .. } => {
            texts::what_the_decision_was_based_on()
        }
        _ => Cow::default(),
    }
}
