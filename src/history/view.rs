//! What the slice's templates are given.

use std::collections::HashMap;

use askama::Template;

use super::filter::{Place, Wanted};
use crate::{
    domain::{
        launch::{
            event::{Event, Seq},
            state::LaunchState,
        },
        time::{Moment, Zone},
    },
    launch_page::{
        head::Head,
        kinds::{BESIDE, GROUPS},
        log::{CheckpointLine, DayView, Line, by_day},
        looking::{KindLink, PersonOption, kind_links},
        words_of_events::{Bodies, Names},
    },
    record::{checkpoints::Kept, installation::Entry},
    web::page::Chrome,
};

/// The history.
#[derive(Template)]
#[template(path = "history/list.html")]
pub(super) struct List {
    pub chrome: Chrome,
    pub head: Head,
    /// What is looked for.
    pub wanted: Wanted,
    /// Whether it took too long to be found.
    pub too_long: bool,
    /// What is wrong with the words that are looked for.
    pub text_error: Option<String>,
    /// The launch's zone, in which a time is asked for.
    pub zone: String,
    pub kinds: Vec<KindLink>,
    pub people: Vec<PersonOption>,
    pub item: ItemFilter,
    pub days: Vec<DayView>,
    /// The newest of the same; empty on the first page.
    pub newest: String,
    pub older: String,
    pub range: String,
}

/// One event.
#[derive(Template)]
#[template(path = "history/event.html")]
pub(super) struct EventPage {
    pub chrome: Chrome,
    pub head: Head,
    pub line: Line,
    pub seq: Seq,
    /// When, as it is stored.
    pub at: Moment,
    pub request: String,
    pub newer: String,
    pub older: String,
    /// The bytes that are stored and hashed.
    pub bytes: String,
    /// The hash of its leaf in the launch's tree.
    pub leaf: String,
    /// Which leaf it is, from 0.
    pub index: Seq,
}

/// The item that is looked for.
pub(super) struct ItemFilter {
    /// Words looked for in titles.
    pub words: String,
    /// The one item that it is, where it is one by its id.
    pub one: Option<OneItem>,
}

/// One item that is looked for.
pub(super) struct OneItem {
    pub id: String,
    pub title: String,
    /// The history of all items.
    pub without: String,
}

/// Something that the page shows.
pub(super) enum Happened {
    /// An event of the launch.
    Here(Event),
    /// What the installation's log tells of it.
    Beside(Entry),
}

impl Happened {
    pub(super) const fn event(&self) -> Option<&Event> {
        match self {
            Self::Here(event) => Some(event),
            Self::Beside(_) => None,
        }
    }

    fn line(&self, launch: &LaunchState, bodies: &Bodies, zone: &Zone) -> Line {
        match self {
            Self::Here(event) => Line::of_launch(launch, event, bodies, zone),
            Self::Beside(entry) => Line::of_installation(Some(launch), entry, &Names::default(), zone),
        }
    }
}

/// What happened, by the day on which it did on where the reader is, with the checkpoints that end with an event.
pub(super) fn days(
    launch: &LaunchState,
    happened: &[Happened],
    bodies: &Bodies,
    kept: &HashMap<Seq, Kept>,
    zone: &Zone,
) -> Vec<DayView> {
    let line = |happened: &Happened| {
        let kept = happened.event().and_then(|event| kept.get(&event.seq));
        let checkpoint = kept.map(|kept| CheckpointLine::new(kept, zone));
        Line { checkpoint, ..happened.line(launch, bodies, zone) }
    };
    by_day(happened.iter().map(line), zone)
}

impl Wanted {
    /// The same, from before a place.
    pub(super) fn older_than(&self, place: Place) -> Self {
        Self { before: place.to_string(), ..self.clone() }
    }

    /// The newest of the same.
    pub(super) fn newest(&self) -> Self {
        Self { before: String::new(), ..self.clone() }
    }
}

/// The groups of kinds, and the single kind that is looked for, where it is one.
pub(super) fn kinds(launch: &LaunchState, wanted: &Wanted) -> Vec<KindLink> {
    let of = |kind: &str| Wanted { kind: kind.to_owned(), ..wanted.newest() }.address(launch);
    kind_links(GROUPS.iter().chain(&BESIDE), &wanted.kind, of)
}

/// Everyone whom the history names, by name.
pub(super) fn people(launch: &LaunchState, wanted: &Wanted) -> Vec<PersonOption> {
    let everyone = launch.people.iter();
    let mut people: Vec<_> =
        everyone.map(|(id, name)| PersonOption::new(*id, name.to_string(), &wanted.actor)).collect();
    people.sort_by(|one, other| one.name.cmp(&other.name));
    people
}

/// The item that is looked for, as the form shows it.
pub(super) fn item(launch: &LaunchState, wanted: &Wanted) -> ItemFilter {
    let words = wanted.item.trim();
    let Some(item) = words.parse().ok().and_then(|id| launch.item(id)) else {
        return ItemFilter { words: words.to_owned(), one: None };
    };
    let one = OneItem {
        id: item.id.to_string(),
        title: launch.definition(item).title.to_string(),
        without: Wanted { item: String::new(), ..wanted.newest() }.address(launch),
    };
    ItemFilter { words: String::new(), one: Some(one) }
}

/// `165–214 of 214`: the numbers of the events on the page.
pub(super) fn range(events: &[&Event], launch: &LaunchState) -> String {
    match (events.first(), events.last()) {
        (Some(newest), Some(oldest)) => format!("{}–{} of {}", oldest.seq, newest.seq, launch.seq),
        _ => String::new(),
    }
}
