//! GET: the calendar: which launches are ahead in a month, and on which days.

use askama::Template;
use axum::{extract::State, response::Response};
use jiff::{
    ToSpan as _,
    civil::{Date, Weekday},
};
use serde::Deserialize;

use super::store::{self, Ahead};
use crate::{
    access::{self, CurrentUser},
    domain::{
        ids::LaunchId,
        launch::state::{LaunchState, StageName},
        readiness::{Verdict, readiness},
        time::{Day, Moment, Zone},
    },
    launch_page::words,
    state::AppState,
    web::{
        Error,
        apart::apart,
        form::Query,
        page::{Chrome, Nav, Page, html},
    },
};

/// The most launches that a month shows.
const MOST: usize = 200;

/// The month that is wanted, as the address says it: `2026-12`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    month: String,
}

/// A month, by its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Month(Date);

impl Month {
    fn of(day: Date) -> Self {
        Self(day.first_of_month())
    }

    /// Reads `2026-12`, of the years that a target may be in.
    fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.trim().split_once('-')?;
        let (year, month) = (year.parse().ok()?, month.parse().ok()?);
        Date::new(year, month, 1).ok().filter(|first| (1970..=9990).contains(&first.year())).map(Self)
    }

    fn next(self) -> Self {
        Self(self.0.saturating_add(1.month()))
    }

    fn previous(self) -> Self {
        Self(self.0.saturating_sub(1.month()))
    }

    /// From its beginning to the next one's, in a zone.
    fn stretch(self, zone: &Zone) -> (Moment, Moment) {
        let before = |first: Date| Day(first.saturating_sub(1.day())).end(zone);
        (before(self.0), before(self.next().0))
    }

    fn word(self) -> String {
        self.0.strftime("%B %Y").to_string()
    }

    fn href(self) -> String {
        format!("/launches/calendar?month={}", self.0.strftime("%Y-%m"))
    }
}

/// The calendar.
#[derive(Template)]
#[template(path = "launches/calendar.html")]
struct Calendar {
    chrome: Chrome,
    month: String,
    zone: String,
    /// Whether it is the present month.
    present: bool,
    previous: MonthLink,
    next: MonthLink,
    /// The nearest months before and after this one that have a launch, where this one has none.
    nearest: Vec<MonthLink>,
    weeks: Vec<Vec<Cell>>,
    count: usize,
    cut_off: bool,
}

/// A month to go to.
struct MonthLink {
    href: String,
    word: String,
}

impl From<Month> for MonthLink {
    fn from(month: Month) -> Self {
        Self { href: month.href(), word: month.word() }
    }
}

/// A day, or the room for one of another month.
struct Cell {
    /// Its number and its date for programs; empty for one of another month.
    number: String,
    machine: String,
    weekday: String,
    today: bool,
    entries: Vec<Entry>,
}

/// A launch on a day.
struct Entry {
    id: LaunchId,
    name: String,
    /// When, where the reader is; and where the launch is, if that is elsewhere.
    time: String,
    elsewhere: String,
    verdict: Verdict,
    stage: &'static str,
    restricted: bool,
    countdown: String,
}

impl Entry {
    fn new(state: &LaunchState, zone: &Zone, now: Moment) -> Self {
        let target = &state.details.target;
        let at = target.moment();
        let (here, stage) = (at.local(zone), state.stage.name());
        Self {
            id: state.id,
            name: state.name().to_owned(),
            time: here.strftime("%H:%M").to_string(),
            elsewhere: if here == target.local {
                String::new()
            } else {
                format!("{} {}", target.local.strftime("%a %H:%M"), target.zone)
            },
            verdict: readiness(state, now).verdict,
            stage: if stage == StageName::Preparing { "" } else { stage.word() },
            restricted: state.restricted,
            countdown: words::countdown(at, now),
        }
    }
}

/// The weeks of a month, from Monday on (ISO 8601), with what happens on each day.
fn weeks(month: Month, today: Date, mut entries: Vec<(Date, Entry)>) -> Vec<Vec<Cell>> {
    let empty = || Cell {
        number: String::new(),
        machine: String::new(),
        weekday: String::new(),
        today: false,
        entries: Vec::new(),
    };
    let lead = usize::from(month.0.weekday().since(Weekday::Monday).unsigned_abs());
    let mut cells: Vec<Cell> = std::iter::repeat_with(empty).take(lead).collect();
    for day in month.0.series(1.day()).take_while(|day| day.month() == month.0.month()) {
        cells.push(Cell {
            number: day.day().to_string(),
            machine: day.to_string(),
            weekday: day.strftime("%A").to_string(),
            today: day == today,
            entries: entries.extract_if(.., |(on, _)| *on == day).map(|(_, entry)| entry).collect(),
        });
    }
    let mut weeks = Vec::with_capacity(6);
    while !cells.is_empty() {
        let rest = cells.split_off(cells.len().min(7));
        cells.resize_with(7, empty);
        weeks.push(std::mem::replace(&mut cells, rest));
    }
    weeks
}

/// `GET /launches/calendar`: two questions to the database. Days and times are those of the reader's zone, since the
/// launches' own may differ from one another.
pub(super) async fn show(
    State(state): State<AppState>,
    user: CurrentUser,
    Query(wanted): Query<Wanted>,
    page: Page,
) -> Result<Response, Error> {
    let (now, zone) = (state.clock.now(), user.zone());
    let today = now.local(&zone).date();
    let month = Month::parse(&wanted.month).unwrap_or_else(|| Month::of(today));
    let (from, to) = month.stretch(&zone);
    let reads_all = access::store::reads_all(|role| user.is(role));
    let found = store::ahead(&state.db, user.id, reads_all, (from, to), MOST as i64 + 1).await?;
    let within = |ahead: &&Ahead| from <= ahead.at && ahead.at < to;
    let mut ids: Vec<LaunchId> = found.iter().filter(within).map(|ahead| ahead.id).collect();
    let cut_off = ids.len() > MOST;
    ids.truncate(MOST);
    let nearest = if ids.is_empty() { found } else { Vec::new() };
    let nearest = nearest.iter().map(|ahead| Month::of(ahead.at.local(&zone).date()).into()).collect();
    let mut loaded = state.record.load_many(&state.db, &ids).await?;
    let launches: Vec<_> = ids.iter().filter_map(|id| loaded.remove(id)).collect();
    let chrome = page.chrome(&state, format!("Launches in {}", month.word()), Nav::Launches);
    apart(move || {
        let on = |launch: &LaunchState| launch.details.target.moment().local(&zone).date();
        let entries: Vec<_> = launches.iter().map(|launch| (on(launch), Entry::new(launch, &zone, now))).collect();
        html(&Calendar {
            chrome,
            month: month.word(),
            zone: zone.to_string(),
            present: month == Month::of(today),
            previous: month.previous().into(),
            next: month.next().into(),
            nearest,
            count: entries.len(),
            weeks: weeks(month, today, entries),
            cut_off,
        })
    })
    .await?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_and_have_their_neighbours() {
        let month = Month::parse("2026-12").unwrap();
        assert_eq!((month.previous().word(), month.next().word()), ("November 2026".into(), "January 2027".into()));
        assert_eq!(month.next().href(), "/launches/calendar?month=2027-01");
        for bad in ["", "2026", "2026-13", "2026-00", "x-1", "99999-01", "0001-01", "2026-12-01"] {
            assert_eq!(Month::parse(bad), None, "{bad}");
        }
        let zone: Zone = "Europe/Lisbon".parse().unwrap();
        let (from, to) = Month::parse("2026-10").unwrap().stretch(&zone);
        assert_eq!(
            (from.to_string().as_str(), to.to_string().as_str()),
            ("2026-09-30T23:00:00.000000Z", "2026-11-01T00:00:00.000000Z")
        );
        // The ends of the calendar have months on both sides, too.
        for end in ["1970-01", "9990-12"] {
            assert!(!Month::parse(end).unwrap().previous().word().is_empty());
        }
    }

    #[test]
    fn a_month_is_whole_weeks_from_monday_on() {
        for (month, lead, days, count) in
            [("2026-12", 1, 31, 5), ("2026-02", 6, 28, 5), ("2027-02", 0, 28, 4), ("2026-08", 5, 31, 6)]
        {
            let month = Month::parse(month).unwrap();
            let weeks = weeks(month, month.0, Vec::new());
            assert!(weeks.iter().all(|week| week.len() == 7));
            let cells: Vec<&Cell> = weeks.iter().flatten().collect();
            assert_eq!(weeks.len(), count, "{}", month.word());
            assert_eq!(cells.iter().position(|cell| cell.number == "1"), Some(lead));
            assert_eq!(cells.iter().filter(|cell| !cell.number.is_empty()).count(), days);
            assert_eq!(cells.iter().filter(|cell| cell.today).count(), 1);
        }
    }
}
