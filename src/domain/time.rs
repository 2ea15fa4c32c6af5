//! Time as the product keeps it: moments in UTC to the microsecond, days, and local times with a zone.

use std::{fmt, str::FromStr};

use jiff::{
    Timestamp, civil,
    fmt::temporal::DateTimePrinter,
    tz::{AmbiguousOffset, TimeZone},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sqlx::{
    Postgres, Type,
    decode::Decode,
    encode::{Encode, IsNull},
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef},
};

/// A moment in UTC, to the microsecond: what PostgreSQL keeps, so that a time read back hashes as it did when it
/// was written. Written exactly `YYYY-MM-DDTHH:MM:SS.ffffffZ`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(Timestamp);

impl Moment {
    /// This instant, cut to the microsecond.
    #[must_use]
    pub fn new(at: Timestamp) -> Self {
        Self(Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(Timestamp::MAX))
    }

    /// The instant, for reckoning with.
    #[must_use]
    pub const fn timestamp(self) -> Timestamp {
        self.0
    }

    /// So many seconds later (earlier, when negative); stays at the end of time rather than pass it.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        let end = if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Self(self.0.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(end))
    }

    /// The next moment there is, a microsecond later; the end of time has none but itself.
    #[must_use]
    pub fn next(self) -> Self {
        self.0.checked_add(jiff::SignedDuration::from_micros(1)).map_or(self, Self)
    }

    /// Whole seconds from `earlier` to this; negative when this is the earlier.
    #[must_use]
    pub fn seconds_since(self, earlier: Self) -> i64 {
        self.0.duration_since(earlier.0).as_secs()
    }

    /// The local date and time in a zone.
    #[must_use]
    pub fn local(self, zone: &Zone) -> civil::DateTime {
        zone.0.to_datetime(self.0)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&DateTimePrinter::new().precision(Some(6)).timestamp_to_string(&self.0))
    }
}

impl FromStr for Moment {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        text.parse().map(Self::new)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// A day of the calendar. A day that something holds *through* ends at the next midnight of the launch's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub civil::Date);

impl Day {
    /// The moment at which this day is over in a zone: the start of the next one there (RFC 9557 zones can skip
    /// midnight; then the first moment that is).
    #[must_use]
    pub fn end(self, zone: &Zone) -> Moment {
        self.0
            .tomorrow()
            .and_then(|next| next.to_zoned_datetime(zone.0.clone()))
            .map_or(Moment(Timestamp::MAX), |start| Moment::new(start.timestamp()))
    }

    /// The moment at which this day begins in a zone.
    #[must_use]
    pub fn start(self, zone: &Zone) -> Moment {
        self.0.yesterday().map_or(Moment(Timestamp::MIN), |before| Self(before).end(zone))
    }

    /// The day it is at this moment in a zone.
    #[must_use]
    pub fn of(at: Moment, zone: &Zone) -> Self {
        Self(at.local(zone).date())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Day {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        text.trim().parse().map(Self)
    }
}

/// A time zone of the IANA database, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(TimeZone::UTC);

    /// Its IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The names of every zone known, in order.
    #[must_use]
    pub fn names() -> Vec<String> {
        jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect()
    }
}

/// Not the name of a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This is not a time zone. Use a name such as Europe/Lisbon or UTC.")]
pub struct NotAZone;

impl FromStr for Zone {
    type Err = NotAZone;

    fn from_str(name: &str) -> Result<Self, NotAZone> {
        // "Etc/Unknown" is known to the library, but is nowhere.
        TimeZone::get(name.trim()).ok().filter(|zone| zone.iana_name().is_some()).map(Self).ok_or(NotAZone)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// A local date and time with its zone, and so a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalTime {
    /// Date and time on the wall there.
    pub local: civil::DateTime,
    /// Where.
    pub zone: Zone,
}

/// Why a local time was not taken. Its `Display` is the sentence shown at the field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadLocalTime {
    /// Not of the form that browsers send.
    #[error("This is not a date and time. Write it as 2026-12-01T09:00.")]
    Form,
    /// Before or after the years that are taken.
    #[error("This is out of range: the year is between 1970 and 9990.")]
    Range,
    /// Clocks there jump over it.
    #[error("This time does not exist in {0}: clocks there are put forward over it.")]
    Skipped(String),
}

impl LocalTime {
    /// Reads what a `datetime-local` field sends (`2026-12-01T09:00`, with or without seconds) in a zone. A time
    /// that occurs twice there takes the earlier offset; [`Self::is_ambiguous`] tells.
    ///
    /// # Errors
    /// [`BadLocalTime`] when it is not of that form or is skipped there.
    pub fn parse(text: &str, zone: Zone) -> Result<Self, BadLocalTime> {
        // The parser would also take a day alone, for its midnight, and pass over a zone in brackets.
        if !text.contains('T') || text.contains('[') {
            return Err(BadLocalTime::Form);
        }
        let local: civil::DateTime = text.trim().parse().map_err(|_| BadLocalTime::Form)?;
        if !(1970..=9990).contains(&local.year()) {
            return Err(BadLocalTime::Range);
        }
        if matches!(zone.0.to_ambiguous_timestamp(local).offset(), AmbiguousOffset::Gap { .. }) {
            return Err(BadLocalTime::Skipped(zone.name().to_owned()));
        }
        Ok(Self { local, zone })
    }

    /// Whether clocks there show it twice.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        matches!(self.zone.0.to_ambiguous_timestamp(self.local).offset(), AmbiguousOffset::Fold { .. })
    }

    /// The moment it is: of a time that occurs twice, the first.
    #[must_use]
    pub fn moment(&self) -> Moment {
        self.zone.0.to_ambiguous_timestamp(self.local).earlier().map_or(Moment(Timestamp::MAX), Moment::new)
    }
}

/// `Moment` is a `timestamptz` and `Day` a `date`, through the `time` crate's types, which sqlx knows.
macro_rules! sql_through {
    ($type:ty, $wire:ty, $to:expr, $from:expr) => {
        impl Type<Postgres> for $type {
            fn type_info() -> PgTypeInfo {
                <$wire as Type<Postgres>>::type_info()
            }
        }

        impl PgHasArrayType for $type {
            fn array_type_info() -> PgTypeInfo {
                <$wire as PgHasArrayType>::array_type_info()
            }
        }

        impl Encode<'_, Postgres> for $type {
            fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
                let to: fn($type) -> Result<$wire, BoxDynError> = $to;
                to(*self)?.encode_by_ref(buffer)
            }
        }

        impl Decode<'_, Postgres> for $type {
            fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
                let from: fn($wire) -> Result<$type, BoxDynError> = $from;
                from(<$wire as Decode<Postgres>>::decode(value)?)
            }
        }
    };
}

sql_through!(
    Moment,
    time::OffsetDateTime,
    |moment| Ok(time::OffsetDateTime::from_unix_timestamp_nanos(moment.0.as_nanosecond())?),
    |wire| Ok(Moment::new(Timestamp::from_nanosecond(wire.unix_timestamp_nanos())?))
);

sql_through!(
    Day,
    time::Date,
    |day| Ok(time::Date::from_calendar_date(
        day.0.year().into(),
        time::Month::try_from(day.0.month().unsigned_abs())?,
        day.0.day().unsigned_abs()
    )?),
    |wire| Ok(Day(civil::Date::new(
        wire.year().try_into()?,
        u8::from(wire.month()).try_into()?,
        wire.day().try_into()?
    )?))
);

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    #[test]
    fn moments_have_one_form() {
        for (given, written) in [
            ("2026-11-23T10:41:07Z", "2026-11-23T10:41:07.000000Z"),
            ("2026-11-23T10:41:07.1234569Z", "2026-11-23T10:41:07.123456Z"),
            ("2026-11-23T11:41:07.5+01:00", "2026-11-23T10:41:07.500000Z"),
        ] {
            assert_eq!(given.parse::<Moment>().unwrap().to_string(), written);
        }
    }

    #[test]
    fn a_skipped_local_time_is_refused_and_a_repeated_one_takes_the_earlier() {
        let lisbon = zone("Europe/Lisbon");
        assert_eq!(
            LocalTime::parse("2026-03-29T01:30", lisbon.clone()),
            Err(BadLocalTime::Skipped("Europe/Lisbon".to_owned()))
        );
        let twice = LocalTime::parse("2026-10-25T01:30", lisbon.clone()).unwrap();
        assert!(twice.is_ambiguous());
        assert_eq!(twice.moment().to_string(), "2026-10-25T00:30:00.000000Z");
        let once = LocalTime::parse("2026-12-01T09:00", lisbon).unwrap();
        assert!(!once.is_ambiguous());
        assert_eq!(once.moment().to_string(), "2026-12-01T09:00:00.000000Z");
        for bad in [
            "",
            "tomorrow",
            "2026-12-01",
            "2026-13-01T00:00",
            "99999-01-01T00:00",
            "2026-12-01T09:00Z",
            "2026-12-01T09:00[Europe/Lisbon]",
        ] {
            assert_eq!(LocalTime::parse(bad, Zone::UTC), Err(BadLocalTime::Form), "{bad}");
        }
        for far in ["0001-01-01T00:00", "9999-12-31T23:59"] {
            assert_eq!(LocalTime::parse(far, Zone::UTC), Err(BadLocalTime::Range), "{far}");
        }
    }

    #[test]
    fn a_day_ends_at_midnight_in_its_zone() {
        let day: Day = "2026-11-23".parse().unwrap();
        assert_eq!(day.end(&Zone::UTC).to_string(), "2026-11-24T00:00:00.000000Z");
        assert_eq!(day.end(&zone("America/New_York")).to_string(), "2026-11-24T05:00:00.000000Z");
        assert_eq!(day.start(&zone("America/New_York")).to_string(), "2026-11-23T05:00:00.000000Z");
    }

    #[test]
    fn zones_are_known_by_name() {
        assert!(zone("Europe/Lisbon").name() == "Europe/Lisbon");
        assert_eq!(zone("europe/lisbon").name(), "Europe/Lisbon");
        for bad in ["", "Mars/Olympus", "Etc/Unknown", "+01:00"] {
            assert_eq!(bad.parse::<Zone>(), Err(NotAZone), "{bad}");
        }
        assert!(Zone::names().len() > 300);
    }
}
