//! Time types: moments in UTC to the microsecond, days, and local times with a zone.

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

use crate::texts;

/// The seconds of a day of UTC, which has no leap seconds here.
pub const DAY_SECONDS: i64 = 86_400;

/// A moment in UTC to the microsecond. This is PostgreSQL's precision, so a time that was stored and read hashes the
/// same. Its text is exactly `YYYY-MM-DDTHH:MM:SS.ffffffZ`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(Timestamp);

impl Moment {
    /// Truncates to the microsecond.
    #[must_use]
    pub fn new(at: Timestamp) -> Self {
        Self(Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(Timestamp::MAX))
    }

    #[must_use]
    pub const fn timestamp(self) -> Timestamp {
        self.0
    }

    /// A moment that is this many seconds later (or earlier, if negative), limited to the range of the type.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        let end = if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Self(self.0.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(end))
    }

    /// The moment one microsecond later. The last possible moment returns itself.
    #[must_use]
    pub fn next_microsecond(self) -> Self {
        self.0.checked_add(jiff::SignedDuration::from_micros(1)).map_or(self, Self)
    }

    /// The whole seconds from `earlier` to this moment; negative if this is the earlier one.
    #[must_use]
    pub fn seconds_since(self, earlier: Self) -> i64 {
        self.0.duration_since(earlier.0).as_secs()
    }

    #[must_use]
    pub fn to_local(self, zone: &Zone) -> civil::DateTime {
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

/// A calendar day. Something that is valid *through* a day ends at the next midnight in the launch's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub civil::Date);

impl Day {
    /// The moment at which this day is over in a zone: the start of the next day there. Zones (RFC 9557) can skip
    /// midnight; then it is the first moment after it.
    #[must_use]
    pub fn end(self, zone: &Zone) -> Moment {
        self.0
            .tomorrow()
            .and_then(|next| next.to_zoned_datetime(zone.0.clone()))
            .map_or(Moment(Timestamp::MAX), |start| Moment::new(start.timestamp()))
    }

    #[must_use]
    pub fn start(self, zone: &Zone) -> Moment {
        self.0.yesterday().map_or(Moment(Timestamp::MIN), |before| Self(before).end(zone))
    }

    #[must_use]
    pub fn from_moment(at: Moment, zone: &Zone) -> Self {
        Self(at.to_local(zone).date())
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

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    pub const UTC: Self = Self(TimeZone::UTC);

    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The names of all known zones, sorted.
    #[must_use]
    pub fn all_names() -> Vec<String> {
        jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", texts::not_a_time_zone())]
pub struct ZoneParseError;

impl FromStr for Zone {
    type Err = ZoneParseError;

    fn from_str(name: &str) -> Result<Self, ZoneParseError> {
        // The library knows "Etc/Unknown", but it is not a real zone.
        TimeZone::get(name.trim()).ok().filter(|zone| zone.iana_name().is_some()).map(Self).ok_or(ZoneParseError)
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

/// A local date and time with its zone; together they define a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalTime {
    /// The wall-clock date and time in the zone.
    pub local: civil::DateTime,
    pub zone: Zone,
}

/// Why a local time was refused. Its `Display` is the sentence shown at the field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LocalTimeError {
    /// The text does not have the form that browsers send.
    #[error("{}", texts::not_a_date_and_time())]
    Format,
    /// Before or after the years that are taken.
    #[error("{}", texts::year_of_time_out_of_range())]
    Range,
    /// Clocks there jump over it.
    #[error("{}", texts::time_does_not_exist(.0))]
    Skipped(String),
}

impl LocalTime {
    /// Reads the value of a `datetime-local` field (`2026-12-01T09:00`, with or without seconds) in a zone. A time that
    /// occurs twice there gets the earlier offset; see [`Self::is_ambiguous`].
    pub fn parse(text: &str, zone: Zone) -> Result<Self, LocalTimeError> {
        // The parser would also accept a date alone (as midnight), and ignore a zone in brackets.
        if !text.contains('T') || text.contains('[') {
            return Err(LocalTimeError::Format);
        }
        let local: civil::DateTime = text.trim().parse().map_err(|_| LocalTimeError::Format)?;
        if !(1970..=9990).contains(&local.year()) {
            return Err(LocalTimeError::Range);
        }
        if matches!(zone.0.to_ambiguous_timestamp(local).offset(), AmbiguousOffset::Gap { .. }) {
            return Err(LocalTimeError::Skipped(zone.name().to_owned()));
        }
        Ok(Self { local, zone })
    }

    /// Whether this local time occurs twice in the zone.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        matches!(self.zone.0.to_ambiguous_timestamp(self.local).offset(), AmbiguousOffset::Fold { .. })
    }

    /// The moment of this local time; the first one if the local time occurs twice.
    #[must_use]
    pub fn to_moment(&self) -> Moment {
        self.zone.0.to_ambiguous_timestamp(self.local).earlier().map_or(Moment(Timestamp::MAX), Moment::new)
    }
}

/// Stores `Moment` as `timestamptz` and `Day` as `date`, through the types of the `time` crate, which sqlx supports.
macro_rules! impl_sql_type {
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

impl_sql_type!(
    Moment,
    time::OffsetDateTime,
    |moment| Ok(time::OffsetDateTime::from_unix_timestamp_nanos(moment.0.as_nanosecond())?),
    |wire| Ok(Moment::new(Timestamp::from_nanosecond(wire.unix_timestamp_nanos())?))
);

impl_sql_type!(
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

    fn parse_zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    #[test]
    fn moment_is_written_to_the_microsecond_in_utc() {
        for (given, written) in [
            ("2026-11-23T10:41:07Z", "2026-11-23T10:41:07.000000Z"),
            ("2026-11-23T10:41:07.1234569Z", "2026-11-23T10:41:07.123456Z"),
            ("2026-11-23T11:41:07.5+01:00", "2026-11-23T10:41:07.500000Z"),
        ] {
            assert_eq!(given.parse::<Moment>().unwrap().to_string(), written);
        }
    }

    #[test]
    fn local_time_skipped_is_refused_and_repeated_takes_the_earlier() {
        let lisbon = parse_zone("Europe/Lisbon");
        assert_eq!(
            LocalTime::parse("2026-03-29T01:30", lisbon.clone()),
            Err(LocalTimeError::Skipped("Europe/Lisbon".to_owned()))
        );
        let twice = LocalTime::parse("2026-10-25T01:30", lisbon.clone()).unwrap();
        assert!(twice.is_ambiguous());
        assert_eq!(twice.to_moment().to_string(), "2026-10-25T00:30:00.000000Z");
        let once = LocalTime::parse("2026-12-01T09:00", lisbon).unwrap();
        assert!(!once.is_ambiguous());
        assert_eq!(once.to_moment().to_string(), "2026-12-01T09:00:00.000000Z");
        for bad in [
            "",
            "tomorrow",
            "2026-12-01",
            "2026-13-01T00:00",
            "99999-01-01T00:00",
            "2026-12-01T09:00Z",
            "2026-12-01T09:00[Europe/Lisbon]",
        ] {
            assert_eq!(LocalTime::parse(bad, Zone::UTC), Err(LocalTimeError::Format), "{bad}");
        }
        for far in ["0001-01-01T00:00", "9999-12-31T23:59"] {
            assert_eq!(LocalTime::parse(far, Zone::UTC), Err(LocalTimeError::Range), "{far}");
        }
    }

    #[test]
    fn day_ends_at_midnight_in_its_zone() {
        let day: Day = "2026-11-23".parse().unwrap();
        assert_eq!(day.end(&Zone::UTC).to_string(), "2026-11-24T00:00:00.000000Z");
        assert_eq!(day.end(&parse_zone("America/New_York")).to_string(), "2026-11-24T05:00:00.000000Z");
        assert_eq!(day.start(&parse_zone("America/New_York")).to_string(), "2026-11-23T05:00:00.000000Z");
    }

    #[test]
    fn zone_is_parsed_only_from_its_iana_name() {
        assert!(parse_zone("Europe/Lisbon").name() == "Europe/Lisbon");
        assert_eq!(parse_zone("europe/lisbon").name(), "Europe/Lisbon");
        for bad in ["", "Mars/Olympus", "Etc/Unknown", "+01:00"] {
            assert_eq!(bad.parse::<Zone>(), Err(ZoneParseError), "{bad}");
        }
        assert!(Zone::all_names().len() > 300);
    }
}
