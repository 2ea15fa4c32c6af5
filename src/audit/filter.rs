//! What of the log is wanted, as its address says.

use std::{fmt, str::FromStr};

use serde::Deserialize;
use uuid::Uuid;

use crate::{
    db::containing,
    domain::{
        ids::UserId,
        time::{Day, Moment, Zone},
    },
    launch_page::{
        kinds::{BESIDE, GROUPS, Group, OF_INSTALLATION, kinds},
        looking::{Unknown, part},
    },
    web::query::address,
};

/// The part of the address after `?`, as it came.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    /// A group of kinds, or one kind.
    pub kind: String,
    /// Who did it.
    pub actor: String,
    /// Words in what was written, or in the titles of items.
    pub text: String,
    /// The first day, in the reader's zone.
    pub from: String,
    /// The last day.
    pub to: String,
    /// What the page ends before.
    pub before: String,
}

/// A place in the log: by time, then by log (the installation's has the nil id), then by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub at: Moment,
    pub log: Uuid,
    pub number: i64,
}

/// An address names no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoPlace;

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let mut parts = text.split('_');
        let (Some(at), Some(log), Some(number), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err(NoPlace);
        };
        let at = at.parse().ok().and_then(|at| jiff::Timestamp::from_microsecond(at).ok()).ok_or(NoPlace)?;
        let log = Uuid::try_parse(log).map_err(|_| NoPlace)?;
        Ok(Self { at: Moment::new(at), log, number: number.parse().map_err(|_| NoPlace)? })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}_{}", self.at.timestamp().as_microsecond(), self.log.simple(), self.number)
    }
}

/// What is let through; where a part is missing, all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Filter {
    pub kinds: Option<Vec<String>>,
    pub actor: Option<UserId>,
    /// Patterns, for `ILIKE`, of texts that have all words somewhere.
    pub text: Option<Vec<String>>,
    pub from: Option<Moment>,
    pub until: Option<Moment>,
    pub before: Option<Place>,
}

/// The most characters that are looked for.
const MOST_TEXT: usize = 200;

impl Wanted {
    /// The sentence at the field when more is looked for than is taken; then nothing is shown.
    pub(super) fn text_error(&self) -> Option<String> {
        let most = MOST_TEXT;
        (self.text.trim().chars().count() > most).then(|| format!("This is too long: at most {most} characters."))
    }

    /// What is let through.
    pub(super) fn read(&self, zone: &Zone) -> Result<Filter, Unknown> {
        Ok(Filter {
            kinds: part(&self.kind, |name| kinds(groups(), name))?,
            actor: part(&self.actor, |id| id.parse().ok())?,
            text: part(&self.text, patterns)?,
            from: part(&self.from, |day| Some(day.parse::<Day>().ok()?.start(zone)))?,
            until: part(&self.to, |day| Some(day.parse::<Day>().ok()?.end(zone)))?,
            before: part(&self.before, |place| place.parse().ok())?,
        })
    }

    /// The address of the log with these filters.
    pub(super) fn address(&self) -> String {
        let parts = [
            ("kind", &self.kind),
            ("actor", &self.actor),
            ("text", &self.text),
            ("from", &self.from),
            ("to", &self.to),
            ("before", &self.before),
        ];
        address("/audit", &parts.map(|(name, value)| (name, value.trim())))
    }

    /// The same, from before a place.
    pub(super) fn older_than(&self, place: Place) -> Self {
        Self { before: place.to_string(), ..self.clone() }
    }

    /// The newest of the same.
    pub(super) fn newest(&self) -> Self {
        Self { before: String::new(), ..self.clone() }
    }
}

/// The groups of kinds, in the order pages show them.
pub(super) fn groups() -> impl Iterator<Item = &'static Group> + Clone {
    GROUPS.iter().chain(&BESIDE).chain(&OF_INSTALLATION)
}

fn patterns(typed: &str) -> Option<Vec<String>> {
    let patterns: Vec<_> = typed.split_whitespace().map(containing).collect();
    (typed.chars().count() <= MOST_TEXT).then_some(patterns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_and_nothing_else_does() {
        let place = Place { at: "2026-11-23T10:41:07.123456Z".parse().unwrap(), log: Uuid::from_u128(7), number: 17 };
        assert_eq!(place.to_string().parse(), Ok(place));
        for bad in ["", "1", "1_2_3", "x_00000000000000000000000000000007_1", "1_00000000000000000000000000000007_1_2"]
        {
            assert_eq!(bad.parse::<Place>(), Err(NoPlace), "{bad}");
        }
    }
}
