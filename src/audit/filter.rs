//! The query of the audit page.

use std::{fmt, str::FromStr};

use serde::Deserialize;
use uuid::Uuid;

use crate::{
    db::contains_pattern,
    domain::{
        ids::UserId,
        time::{Day, Moment, Zone},
    },
    presentation::{
        event_kinds::{INSTALLATION_KIND_GROUPS, KindGroup, LAUNCH_KIND_GROUPS, LAUNCH_LOG_KIND_GROUPS, find_kinds},
        log_filter::{UnknownFilterValue, parse_optional},
    },
    web::query::build_address,
};

/// The query string, not parsed yet.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct AuditQuery {
    /// A group of kinds, or one kind.
    pub kind: String,
    pub actor: String,
    /// Words in texts or in the titles of items.
    pub text: String,
    /// The first day, in the reader's zone.
    pub from: String,
    /// The last day, inclusive.
    pub to: String,
    /// The cursor that the page ends before.
    pub before: String,
}

/// A position in the log, ordered by time, then by log (the installation's has the nil id), then by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct AuditCursor {
    pub at: Moment,
    pub log: Uuid,
    pub number: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AuditCursorError;

impl FromStr for AuditCursor {
    type Err = AuditCursorError;

    fn from_str(text: &str) -> Result<Self, AuditCursorError> {
        let mut parts = text.split('_');
        let (Some(at), Some(log), Some(number), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err(AuditCursorError);
        };
        let at = at.parse().ok().and_then(|at| jiff::Timestamp::from_microsecond(at).ok()).ok_or(AuditCursorError)?;
        let log = Uuid::try_parse(log).map_err(|_| AuditCursorError)?;
        Ok(Self { at: Moment::new(at), log, number: number.parse().map_err(|_| AuditCursorError)? })
    }
}

impl fmt::Display for AuditCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}_{}", self.at.timestamp().as_microsecond(), self.log.simple(), self.number)
    }
}

/// The parsed query. `None` means no filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct AuditFilter {
    pub kinds: Option<Vec<String>>,
    pub actor: Option<UserId>,
    /// `ILIKE` patterns. A text must match all of them.
    pub text: Option<Vec<String>>,
    pub from: Option<Moment>,
    pub until: Option<Moment>,
    pub before: Option<AuditCursor>,
}

const MAX_TEXT_CHARS: usize = 200;

impl AuditQuery {
    /// The sentence at the field when more is looked for than is taken; then nothing is shown.
    pub(super) fn text_error(&self) -> Option<String> {
        let most = MAX_TEXT_CHARS;
        (self.text.trim().chars().count() > most).then(|| format!("This is too long: at most {most} characters."))
    }

    /// What is let through.
    pub(super) fn to_filter(&self, zone: &Zone) -> Result<AuditFilter, UnknownFilterValue> {
        Ok(AuditFilter {
            kinds: parse_optional(&self.kind, |name| find_kinds(all_kind_groups(), name))?,
            actor: parse_optional(&self.actor, |id| id.parse().ok())?,
            text: parse_optional(&self.text, to_patterns)?,
            from: parse_optional(&self.from, |day| Some(day.parse::<Day>().ok()?.start(zone)))?,
            until: parse_optional(&self.to, |day| Some(day.parse::<Day>().ok()?.end(zone)))?,
            before: parse_optional(&self.before, |place| place.parse().ok())?,
        })
    }

    pub(super) fn to_href(&self) -> String {
        let parts = [
            ("kind", &self.kind),
            ("actor", &self.actor),
            ("text", &self.text),
            ("from", &self.from),
            ("to", &self.to),
            ("before", &self.before),
        ];
        build_address("/audit", &parts.map(|(name, value)| (name, value.trim())))
    }

    pub(super) fn before_cursor(&self, place: AuditCursor) -> Self {
        Self { before: place.to_string(), ..self.clone() }
    }

    pub(super) fn without_cursor(&self) -> Self {
        Self { before: String::new(), ..self.clone() }
    }
}

/// The groups of kinds, in the order in which pages show them.
pub(super) fn all_kind_groups() -> impl Iterator<Item = &'static KindGroup> + Clone {
    LAUNCH_KIND_GROUPS.iter().chain(&LAUNCH_LOG_KIND_GROUPS).chain(&INSTALLATION_KIND_GROUPS)
}

fn to_patterns(typed: &str) -> Option<Vec<String>> {
    let patterns: Vec<_> = typed.split_whitespace().map(contains_pattern).collect();
    (typed.chars().count() <= MAX_TEXT_CHARS).then_some(patterns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audit_cursor_round_trips_and_nothing_else_is_parsed() {
        let place =
            AuditCursor { at: "2026-11-23T10:41:07.123456Z".parse().unwrap(), log: Uuid::from_u128(7), number: 17 };
        assert_eq!(place.to_string().parse(), Ok(place));
        for bad in ["", "1", "1_2_3", "x_00000000000000000000000000000007_1", "1_00000000000000000000000000000007_1_2"]
        {
            assert_eq!(bad.parse::<AuditCursor>(), Err(AuditCursorError), "{bad}");
        }
    }
}
