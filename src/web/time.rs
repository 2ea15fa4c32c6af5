//! Times for people: relative at a glance, exact with the zone on hover and in print. Days from people: date fields.

use std::{borrow::Cow, fmt};

use askama::filters::HtmlSafe;

use crate::{
    domain::time::{Day, Moment, Zone},
    texts::{self, ToMarkup},
};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A `<time>` element. It contains nothing that a person typed, so it is not escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeTag {
    text: String,
    new_exact: String,
    machine_text: String,
    /// Whether the text is relative, so that the page's script updates it and print shows the exact time instead.
    is_relative: bool,
}

impl TimeTag {
    /// Relative to `now` (`3 hours ago`), exact on hover.
    #[must_use]
    pub fn format_relative(at: Moment, now: Moment, zone: &Zone) -> Self {
        Self {
            text: relative(at, now),
            new_exact: exact(at, zone),
            machine_text: format_machine(at),
            is_relative: true,
        }
    }

    #[must_use]
    pub fn format_exact(at: Moment, zone: &Zone) -> Self {
        let exact = exact(at, zone);
        Self { text: exact.clone(), new_exact: exact, machine_text: format_machine(at), is_relative: false }
    }
}

impl fmt::Display for TimeTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ages = if self.is_relative { " data-relative" } else { "" };
        write!(f, r#"<time datetime="{}" title="{}"{ages}>{}</time>"#, self.machine_text, self.new_exact, self.text)
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
    format!("{} {}", at.to_local(zone).strftime("%-d %b %Y, %H:%M"), zone.name())
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
    format!("{} {}", at.to_local(zone).strftime("%-d %b %Y, %H:%M:%S"), zone.name())
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
    fn day_field_is_parsed_or_refused() {
        assert_eq!(
            parse_day(" 2026-11-23 ").map(|day| day.map(|day| day.to_string())),
            Ok(Some("2026-11-23".to_owned()))
        );
        assert_eq!(parse_day(" "), Ok(None));
        for bad in ["23.11.2026", "2026-02-30", "-000001-01-01", "tomorrow", "1-1-1"] {
            assert!(parse_day(bad).is_err(), "{bad}");
        }
        assert!(parse_day("0001-01-01").is_err_and(|said| said.contains("between 1900 and 9999")));
    }
}
