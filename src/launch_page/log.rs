//! A log as pages show it: a day, and under it what happened, newest first.

use crate::{
    domain::{
        checkpoint::Cause,
        ids::LaunchId,
        launch::{
            event::{Change, Event, Seq},
            state::LaunchState,
        },
        time::{Moment, Zone},
    },
    launch_page::{
        words::witnesses_in_words,
        words_of_events::{Bodies, EventInWords, Link, Names, day_of, entry_in_words, event_in_words_with},
    },
    record::{checkpoints::Kept, installation::Entry},
    web::{
        page::initials,
        time::{exact, machine},
    },
};

/// A day, with what happened on it.
#[derive(Debug)]
pub struct DayView {
    /// The day, in words.
    pub title: String,
    /// What happened.
    pub lines: Vec<Line>,
}

/// Lines, newest first, by the day on which they happened where the reader is.
#[must_use]
pub fn by_day(lines: impl Iterator<Item = Line>, zone: &Zone) -> Vec<DayView> {
    let mut days: Vec<DayView> = Vec::new();
    for line in lines {
        let title = day_of(line.at, zone);
        match days.last_mut() {
            Some(day) if day.title == title => day.lines.push(line),
            _ => days.push(DayView { title, lines: vec![line] }),
        }
    }
    days
}

/// An event as a line.
#[derive(Debug)]
pub struct Line {
    /// When.
    pub at: Moment,
    /// The number of an event of a launch; none of what the installation's log tells.
    pub seq: Option<Seq>,
    /// The number in the installation's log, of what is told there.
    pub index: Option<i64>,
    /// Its kind.
    pub kind: &'static str,
    /// When, for programs.
    pub machine: String,
    /// When, with the zone.
    pub exact: String,
    /// The time of day.
    pub time: String,
    /// Who did it.
    pub name: String,
    /// Their initials.
    pub initials: String,
    /// What.
    pub words: EventInWords,
    /// Whether it tells that somebody was refused something.
    pub refused: bool,
    /// The page of the event by itself; empty where there is none.
    pub href: String,
    /// The launch it is of, on pages that are of several.
    pub launch: Option<Link>,
    /// What the link says to the go/no-go page as it stood then, of events that it was made for.
    pub stood: &'static str,
    /// Where that link leads.
    pub stood_href: String,
    /// The checkpoint that ends with it.
    pub checkpoint: Option<CheckpointLine>,
}

/// A checkpoint, as the line between events that it is.
#[derive(Debug)]
pub struct CheckpointLine {
    /// The event that it ends with.
    pub seq: Seq,
    /// Why it was made.
    pub cause: &'static str,
    /// What the events hash to.
    pub root: String,
    /// The same, shortened.
    pub short: String,
    /// The time of day.
    pub time: String,
    /// When, for programs.
    pub machine: String,
    /// When, with the zone.
    pub exact: String,
    /// Who has it outside of here; empty, when nobody has.
    pub witness: String,
}

impl CheckpointLine {
    /// A checkpoint for a reader in a zone.
    #[must_use]
    pub fn new(kept: &Kept, zone: &Zone) -> Self {
        Self {
            seq: kept.size,
            cause: Cause::words(kept.cause),
            root: kept.root.to_string(),
            short: kept.root.short(),
            time: clock(kept.at, zone),
            machine: machine(kept.at),
            exact: exact(kept.at, zone),
            witness: witnesses_in_words(&kept.witnesses),
        }
    }
}

impl Line {
    /// An event of a launch.
    #[must_use]
    pub fn of_launch(launch: &LaunchState, event: &Event, bodies: &Bodies, zone: &Zone) -> Self {
        Self {
            seq: Some(event.seq),
            words: event_in_words_with(launch, event, bodies),
            href: format!("/launches/{}/history/{}", launch.id, event.seq),
            stood: stood(&event.change),
            stood_href: format!("/launches/{}/as-of/{}/go-no-go", launch.id, event.seq),
            ..Self::blank(event.change.kind(), event.actor.name.to_string(), event.at, zone)
        }
    }

    /// An entry of the installation's log; `launch` is the one that it is about, where it is known.
    #[must_use]
    pub fn of_installation(launch: Option<&LaunchState>, entry: &Entry, names: &Names, zone: &Zone) -> Self {
        let name = entry.actor.as_ref().map_or_else(|| entry.event.nobody().to_owned(), |actor| actor.name.to_string());
        Self {
            index: Some(entry.index),
            words: entry_in_words(launch, names, entry),
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
            machine: machine(at),
            exact: exact(at, zone),
            time: clock(at, zone),
            initials: initials(&name),
            name,
            words: EventInWords::default(),
            refused: false,
            href: String::new(),
            launch: None,
            stood: "",
            stood_href: String::new(),
            checkpoint: None,
        }
    }

    /// The same on a page that is of several launches.
    #[must_use]
    pub fn naming(self, launch: Option<(LaunchId, &str)>) -> Self {
        let link =
            |(id, name): (LaunchId, &str)| Link { text: name.to_owned(), href: format!("/launches/{id}/history") };
        Self { launch: launch.map(link), ..self }
    }

    /// The anchor of its line.
    #[must_use]
    pub fn anchor(&self) -> String {
        match (self.index, self.seq) {
            (Some(index), _) => format!("entry-{index}"),
            (None, seq) => format!("event-{}", seq.unwrap_or_default()),
        }
    }
}

fn clock(at: Moment, zone: &Zone) -> String {
    at.local(zone).strftime("%H:%M").to_string()
}

/// What the go/no-go page as it stood is, to an event that was made from it.
const fn stood(change: &Change) -> &'static str {
    match change {
        Change::Signed(_) => "What was signed",
        Change::GoDeclared { .. } | Change::Launched { .. } | Change::Closed { .. } => "What it rested on",
        _ => "",
    }
}
