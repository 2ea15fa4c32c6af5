//! GET: the calendar: the upcoming launches of a month, by day.

use std::borrow::Cow;

use askama::Template;
use axum::{extract::State, response::Response};
use jiff::{
    ToSpan as _,
    civil::{Date, Weekday},
};
use serde::Deserialize;

use super::{
    list_query::{LaunchListFilter, LaunchListView},
    list_store,
    listed_launch::{ListedLaunch, complete_summaries},
    store::{self, UpcomingLaunch},
};
use crate::{
    access::{self, CurrentUser},
    domain::{
        ids::LaunchId,
        launch::decision_name::DecisionName,
        readiness::Verdict,
        text::Tag,
        time::{Day, LocalTime, Moment, Zone},
    },
    presentation::{
        formatting,
        tags::{TagLink, TagOption, fold_tag, offer_tags},
    },
    state::AppState,
    texts,
    web::{
        Error,
        blocking::run_blocking,
        chrome::{Chrome, Nav, PageContext},
        form::Query,
        query::build_address,
        response::render,
        time::{format_month, format_time_of_day, format_weekday_and_time, weekday_name},
    },
};

/// Maximum number of launches in a month.
const MAX_LAUNCHES: usize = 200;

/// The month, such as `2026-12`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CalendarQuery {
    month: String,
    tag: String,
}

/// A month, as its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Month(Date);

impl Month {
    fn containing(day: Date) -> Self {
        Self(day.first_of_month())
    }

    /// Parses `2026-12`, for the years that a target may have.
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

    /// The beginning of this month and of the next one, in a zone.
    fn bounds(self, zone: &Zone) -> (Moment, Moment) {
        let before = |first: Date| Day(first.saturating_sub(1.day())).end(zone);
        (before(self.0), before(self.next().0))
    }

    fn label(self) -> String {
        format_month(self.0)
    }

    /// As addresses have it: `2026-12`.
    fn value(self) -> String {
        self.0.strftime("%Y-%m").to_string()
    }

    fn link(self, tag: &str) -> MonthLink {
        let href = build_address("/launches/calendar", &[("month", &self.value()), ("tag", tag)]);
        MonthLink { href, word: self.label() }
    }
}

#[derive(Template)]
#[template(path = "launches/calendar.html")]
struct CalendarPage {
    chrome: Chrome,
    month: String,
    month_value: String,
    /// The list and the board of launches with the same tag.
    list: LaunchListFilter,
    board: LaunchListFilter,
    tags: Vec<TagOption>,
    /// What the address asks for and the calendar does not have.
    problem: Option<Cow<'static, str>>,
    zone: String,
    /// Whether this is the current month.
    present: bool,
    previous: MonthLink,
    next: MonthLink,
    /// The nearest months with a launch, before and after this one, if this one has none.
    nearest: Vec<MonthLink>,
    weeks: Vec<Vec<CalendarDay>>,
    count: usize,
    cut_off: bool,
}

impl CalendarPage {
    /// Short and long names of the weekdays, from Monday on.
    fn weekdays(&self) -> [(Cow<'static, str>, Cow<'static, str>); 7] {
        [
            (texts::monday_short(), texts::monday()),
            (texts::tuesday_short(), texts::tuesday()),
            (texts::wednesday_short(), texts::wednesday()),
            (texts::thursday_short(), texts::thursday()),
            (texts::friday_short(), texts::friday()),
            (texts::saturday_short(), texts::saturday()),
            (texts::sunday_short(), texts::sunday()),
        ]
    }

    const fn max_launches(&self) -> usize {
        MAX_LAUNCHES
    }
}

struct MonthLink {
    href: String,
    word: String,
}

/// A day of the month, or an empty cell for a day of another month.
struct CalendarDay {
    /// Day of the month and ISO date; empty for a day of another month.
    number: String,
    machine: String,
    weekday: Cow<'static, str>,
    today: bool,
    entries: Vec<CalendarEntry>,
}

struct CalendarEntry {
    id: LaunchId,
    name: String,
    /// Time in the reader's zone, and in the launch's zone if that differs.
    time: String,
    elsewhere: String,
    verdict: Option<Verdict>,
    decision: DecisionName,
    restricted: bool,
    tags: Vec<TagLink>,
    countdown: String,
}

impl CalendarEntry {
    fn new(launch: &ListedLaunch, target: &LocalTime, zone: &Zone, now: Moment) -> Self {
        let at = target.to_moment();
        let local = at.to_local(zone);
        Self {
            id: launch.id,
            name: launch.shown_name().to_owned(),
            time: format_time_of_day(local),
            elsewhere: if local == target.local { String::new() } else { format_weekday_and_time(target) },
            verdict: launch.verdict,
            decision: launch.stage.into(),
            restricted: launch.restricted,
            tags: launch.tags.iter().filter_map(|tag| Tag::new(tag).ok()).map(|tag| TagLink::new(&tag)).collect(),
            countdown: formatting::format_countdown(at, now),
        }
    }
}

/// The weeks of a month, from Monday on (ISO 8601), with the launches of each day.
fn build_weeks(month: Month, today: Date, mut entries: Vec<(Date, CalendarEntry)>) -> Vec<Vec<CalendarDay>> {
    let empty = || CalendarDay {
        number: String::new(),
        machine: String::new(),
        weekday: Cow::default(),
        today: false,
        entries: Vec::new(),
    };
    let lead = usize::from(month.0.weekday().since(Weekday::Monday).unsigned_abs());
    let mut cells: Vec<CalendarDay> = std::iter::repeat_with(empty).take(lead).collect();
    for day in month.0.series(1.day()).take_while(|day| day.month() == month.0.month()) {
        cells.push(CalendarDay {
            number: day.day().to_string(),
            machine: day.to_string(),
            weekday: weekday_name(day.weekday()),
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

/// `GET /launches/calendar`, with three database queries. Days and times are in the reader's zone, since the launches'
/// own zones may differ.
pub(super) async fn show(
    State(state): State<AppState>,
    user: CurrentUser,
    Query(query): Query<CalendarQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    let (now, zone) = (state.clock.now(), user.zone());
    let today = now.to_local(&zone).date();
    let parsed = Month::parse(&query.month);
    let month = parsed.unwrap_or_else(|| Month::containing(today));
    let is_known = parsed.is_some() || query.month.trim().is_empty();
    let (from, to) = month.bounds(&zone);
    let reads_all = user.reads_all();
    let list = LaunchListFilter::with_tag(&query.tag);
    let folded = fold_tag(&list.tag);
    let limit = MAX_LAUNCHES as i64 + 1;
    let ahead =
        store::load_upcoming_launches(&state.db, user.id, reads_all, folded.as_deref(), (from, to), limit).await?;
    let tags = access::store::load_visible_tags(&state.db, user.id, reads_all).await?;
    let within = |ahead: &&UpcomingLaunch| from <= ahead.at && ahead.at < to;
    let mut ids: Vec<LaunchId> = ahead.iter().filter(within).map(|ahead| ahead.id).collect();
    let cut_off = ids.len() > MAX_LAUNCHES;
    ids.truncate(MAX_LAUNCHES);
    let nearest = if ids.is_empty() { ahead } else { Vec::new() };
    let nearest =
        nearest.iter().map(|ahead| Month::containing(ahead.at.to_local(&zone).date()).link(&list.tag)).collect();
    let mut launches = list_store::load_listed(&state.db, &ids, now).await?;
    complete_summaries(&state, &mut launches, now).await?;
    let chrome = page.chrome(&state, texts::launches_in_month(month.label()), Nav::Launches);
    run_blocking(move || {
        let to_entry = |launch: &ListedLaunch| {
            let target = launch.target()?;
            let day = target.to_moment().to_local(&zone).date();
            Some((day, CalendarEntry::new(launch, &target, &zone, now)))
        };
        let entries: Vec<_> = launches.iter().filter_map(to_entry).collect();
        render(&CalendarPage {
            chrome,
            month: month.label(),
            month_value: month.value(),
            tags: offer_tags(tags, &list.tag),
            problem: (!is_known).then(texts::no_such_month),
            zone: zone.to_string(),
            present: month == Month::containing(today),
            previous: month.previous().link(&list.tag),
            next: month.next().link(&list.tag),
            board: LaunchListFilter { view: LaunchListView::Board, ..list.clone() },
            list,
            nearest,
            count: entries.len(),
            weeks: build_weeks(month, today, entries),
            cut_off,
        })
    })
    .await?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn month_is_parsed_and_has_neighbours() {
        let month = Month::parse("2026-12").unwrap();
        assert_eq!((month.previous().label(), month.next().label()), ("November 2026".into(), "January 2027".into()));
        assert_eq!(month.next().link("").href, "/launches/calendar?month=2027-01");
        assert_eq!(month.link("a b").href, "/launches/calendar?month=2026-12&tag=a+b");
        for bad in ["", "2026", "2026-13", "2026-00", "x-1", "99999-01", "0001-01", "2026-12-01"] {
            assert_eq!(Month::parse(bad), None, "{bad}");
        }
        let zone: Zone = "Europe/Lisbon".parse().unwrap();
        let (from, to) = Month::parse("2026-10").unwrap().bounds(&zone);
        assert_eq!(
            (from.to_string().as_str(), to.to_string().as_str()),
            ("2026-09-30T23:00:00.000000Z", "2026-11-01T00:00:00.000000Z")
        );
        // The first and the last month have neighbours too.
        for end in ["1970-01", "9990-12"] {
            assert!(!Month::parse(end).unwrap().previous().label().is_empty());
        }
    }

    #[test]
    fn month_is_shown_in_whole_weeks_from_monday() {
        for (month, lead, days, count) in
            [("2026-12", 1, 31, 5), ("2026-02", 6, 28, 5), ("2027-02", 0, 28, 4), ("2026-08", 5, 31, 6)]
        {
            let month = Month::parse(month).unwrap();
            let weeks = build_weeks(month, month.0, Vec::new());
            assert!(weeks.iter().all(|week| week.len() == 7));
            let cells: Vec<&CalendarDay> = weeks.iter().flatten().collect();
            assert_eq!(weeks.len(), count, "{}", month.label());
            assert_eq!(cells.iter().position(|cell| cell.number == "1"), Some(lead));
            assert_eq!(cells.iter().filter(|cell| !cell.number.is_empty()).count(), days);
            assert_eq!(cells.iter().filter(|cell| cell.today).count(), 1);
        }
    }
}
