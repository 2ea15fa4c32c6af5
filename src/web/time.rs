//! Times for people: relative at a glance, exact with the zone on hover and in print. Days from people: date fields.

use std::{borrow::Cow, fmt};

use askama::filters::HtmlSafe;

use jiff::civil::{Date, DateTime, Weekday};

use crate::{
    domain::time::{Day, LocalTime, Moment, Zone},
    texts::{self, ToMarkup},
};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A `<time>` element. It contains nothing that a person typed, so it is not escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeTag {
    text: String,
    exact: String,
    machine_text: String,
    /// Whether the text is relative, so that the page's script updates it and print shows the exact time instead.
    is_relative: bool,
}

impl TimeTag {
    /// Relative to `now` (`3 hours ago`), exact on hover.
    #[must_use]
    pub fn format_relative(at: Moment, now: Moment, zone: &Zone) -> Self {
        Self { text: relative(at, now), exact: exact(at, zone), machine_text: format_machine(at), is_relative: true }
    }

    #[must_use]
    pub fn format_exact(at: Moment, zone: &Zone) -> Self {
        let exact = exact(at, zone);
        Self { text: exact.clone(), exact, machine_text: format_machine(at), is_relative: false }
    }
}

impl fmt::Display for TimeTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ages = if self.is_relative { " data-relative" } else { "" };
        write!(f, r#"<time datetime="{}" title="{}"{ages}>{}</time>"#, self.machine_text, self.exact, self.text)
    }
}

impl HtmlSafe for TimeTag {}

impl ToMarkup for TimeTag {
    fn push_markup(&self, text: &mut String) {
        text.push_str(&self.to_string());
    }
}

/// For programs, to the second: HTML allows no fraction finer than a millisecond.
#[must_use]
pub fn format_machine(at: Moment) -> String {
    at.timestamp().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// `23 Nov 2026, 11:41 Europe/Lisbon`.
#[must_use]
pub fn exact(at: Moment, zone: &Zone) -> String {
    let local = at.to_local(zone);
    texts::day_and_time_in_zone(format_date(local.date()), format_time_of_day(local), zone.name()).into_owned()
}

/// `23 Nov 2026, 11:41 Europe/Lisbon`.
#[must_use]
pub fn format_local_time(time: &LocalTime) -> String {
    let (day, time_of_day) = (format_date(time.local.date()), format_time_of_day(time.local));
    texts::day_and_time_in_zone(day, time_of_day, &time.zone).into_owned()
}

/// `Mon 23 Nov 2026, 11:41 Europe/Lisbon`.
#[must_use]
pub fn format_local_time_with_weekday(time: &LocalTime) -> String {
    let (day, time_of_day) = (format_date(time.local.date()), format_time_of_day(time.local));
    let weekday = short_weekday(time.local.weekday());
    texts::weekday_day_and_time_in_zone(weekday, day, time_of_day, &time.zone).into_owned()
}

/// The weekday and the time, such as `Mon 11:41 Europe/Lisbon`.
#[must_use]
pub fn format_weekday_and_time(time: &LocalTime) -> String {
    let weekday = short_weekday(time.local.weekday());
    texts::weekday_and_time_in_zone(weekday, format_time_of_day(time.local), &time.zone).into_owned()
}

/// The hour and the minute, such as `11:41`.
#[must_use]
pub fn format_time_of_day(time: DateTime) -> String {
    time.strftime("%H:%M").to_string()
}

/// The day in short, such as `23 Nov 2026`.
#[must_use]
pub fn format_date(day: Date) -> String {
    let month = match day.month() {
        1 => texts::january_short(),
        2 => texts::february_short(),
        3 => texts::march_short(),
        4 => texts::april_short(),
        5 => texts::may_short(),
        6 => texts::june_short(),
        7 => texts::july_short(),
        8 => texts::august_short(),
        9 => texts::september_short(),
        10 => texts::october_short(),
        11 => texts::november_short(),
        _ => texts::december_short(),
    };
    texts::day_month_year(day.day(), month, day.year()).into_owned()
}

/// The day of the week in full.
#[must_use]
pub fn weekday_name(weekday: Weekday) -> Cow<'static, str> {
    match weekday {
        Weekday::Monday => texts::monday(),
        Weekday::Tuesday => texts::tuesday(),
        Weekday::Wednesday => texts::wednesday(),
        Weekday::Thursday => texts::thursday(),
        Weekday::Friday => texts::friday(),
        Weekday::Saturday => texts::saturday(),
        Weekday::Sunday => texts::sunday(),
    }
}

/// `Monday 23 November 2026`.
#[must_use]
pub fn format_long_date(day: Date) -> String {
    texts::weekday_day_month_year(weekday_name(day.weekday()), day.day(), month_name(day), day.year()).into_owned()
}

/// The month in full, such as `November 2026`.
#[must_use]
pub fn format_month(day: Date) -> String {
    texts::month_and_year(month_name(day), day.year()).into_owned()
}

fn month_name(day: Date) -> Cow<'static, str> {
    match day.month() {
        1 => texts::january(),
        2 => texts::february(),
        3 => texts::march(),
        4 => texts::april(),
        5 => texts::may(),
        6 => texts::june(),
        7 => texts::july(),
        8 => texts::august(),
        9 => texts::september(),
        10 => texts::october(),
        11 => texts::november(),
        _ => texts::december(),
    }
}

fn short_weekday(weekday: Weekday) -> Cow<'static, str> {
    match weekday {
        Weekday::Monday => texts::monday_short(),
        Weekday::Tuesday => texts::tuesday_short(),
        Weekday::Wednesday => texts::wednesday_short(),
        Weekday::Thursday => texts::thursday_short(),
        Weekday::Friday => texts::friday_short(),
        Weekday::Saturday => texts::saturday_short(),
        Weekday::Sunday => texts::sunday_short(),
    }
}

/// `just now`, `3 hours ago`, `in 2 days`: the largest whole unit that fits, rounded down.
#[must_use]
pub fn relative(at: Moment, now: Moment) -> String {
    let seconds = at.seconds_since(now);
    let far = seconds.abs();
    let is_past = seconds < 0;
    let text = match far {
        ..MINUTE if seconds <= 0 => texts::just_now(),
        ..MINUTE => texts::in_a_moment(),
        MINUTE..HOUR if is_past => texts::minutes_ago(far / MINUTE),
        MINUTE..HOUR => texts::in_minutes(far / MINUTE),
        HOUR..DAY if is_past => texts::hours_ago(far / HOUR),
        HOUR..DAY => texts::in_hours(far / HOUR),
        _ if far < 60 * DAY && is_past => texts::days_ago(far / DAY),
        _ if far < 60 * DAY => texts::in_days(far / DAY),
        _ if far < 730 * DAY && is_past => texts::months_ago(far / (30 * DAY)),
        _ if far < 730 * DAY => texts::in_months(far / (30 * DAY)),
        _ if is_past => texts::years_ago(far / (365 * DAY)),
        _ => texts::in_years(far / (365 * DAY)),
    };
    text.into_owned()
}

/// `23 Nov 2026, 10:41:07 Europe/Lisbon`.
#[must_use]
pub fn format_to_the_second(at: Moment, zone: &Zone) -> String {
    let local = at.to_local(zone);
    texts::day_and_time_in_zone(format_date(local.date()), local.strftime("%H:%M:%S"), zone.name()).into_owned()
}

/// Parses a date field; `None` if it is empty.
///
/// # Errors
/// The message at the field.
pub fn parse_day(text: &str) -> Result<Option<Day>, Cow<'static, str>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let day = text.parse::<Day>().map_err(|_| texts::not_a_day())?;
    let in_range = (1900..=9999).contains(&day.0.year());
    in_range.then_some(Some(day)).ok_or_else(texts::year_out_of_range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_time_uses_its_largest_whole_unit() {
        let now: Moment = "2026-11-23T10:41:07Z".parse().unwrap();
        for (seconds, text) in [
            (0, "just now"),
            (-59, "just now"),
            (30, "in a moment"),
            (-60, "1 minute ago"),
            (-3 * HOUR, "3 hours ago"),
            (2 * DAY, "in 2 days"),
            (-59 * DAY, "59 days ago"),
            (90 * DAY, "in 3 months"),
            (-800 * DAY, "2 years ago"),
        ] {
            assert_eq!(relative(now.plus_seconds(seconds), now), text);
        }
    }

    #[test]
    fn exact_time_names_its_zone() {
        let at: Moment = "2026-07-01T10:41:07Z".parse().unwrap();
        let zone = "Europe/Lisbon".parse().unwrap();
        assert_eq!(
            TimeTag::format_exact(at, &zone).to_string(),
            r#"<time datetime="2026-07-01T10:41:07Z" title="1 Jul 2026, 11:41 Europe/Lisbon">1 Jul 2026, 11:41 Europe/Lisbon</time>"#
        );
    }

    #[test]
    fn dates_are_written_in_words() {
        for (day, short, long, month) in [
            ("2026-01-01", "1 Jan 2026", "Thursday 1 January 2026", "January 2026"),
            ("2026-05-31", "31 May 2026", "Sunday 31 May 2026", "May 2026"),
            ("2026-12-09", "9 Dec 2026", "Wednesday 9 December 2026", "December 2026"),
        ] {
            let day: Date = day.parse().unwrap();
            assert_eq!(
                (format_date(day), format_long_date(day), format_month(day)),
                (short.into(), long.into(), month.into())
            );
        }
    }

    #[test]
    fn day_field_is_parsed_or_refused() {
        assert_eq!(
            parse_day(" 2026-11-23 ").map(|day| day.map(|day| day.to_string())),
            Ok(Some("2026-11-23".to_owned()))
        );
        assert_eq!(parse_day(" "), Ok(None));
        for bad in ["23.11.2026", "2026-02-30", "-000001-01-01", "tomorrow", "1-1-1"] {
            assert!(parse_day(bad).is_err(), "{bad}");
        }
        assert!(parse_day("0001-01-01").is_err_and(|message| message.contains("between 1900 and 9999")));
    }
}
