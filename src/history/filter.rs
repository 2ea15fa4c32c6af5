//! The query of a history page.

use std::{fmt, num::ParseIntError, str::FromStr};

use serde::Deserialize;

use crate::{
    db::contains_pattern,
    domain::{
        ids::{ItemId, UserId},
        launch::{event::Seq, state::LaunchState},
        time::{Day, Moment, Zone},
    },
    presentation::{
        event_kinds::{LAUNCH_KIND_GROUPS, LAUNCH_LOG_KIND_GROUPS, find_kinds},
        log_filter::{UnknownFilterValue, parse_optional},
    },
    web::query::build_address,
};

/// The query string, not parsed yet.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct HistoryQuery {
    /// A group of kinds, or one kind.
    pub kind: String,
    pub actor: String,
    /// An item's id, or words in its title.
    pub item: String,
    /// Words in texts or in the titles of items.
    pub text: String,
    /// The first day, in the reader's zone.
    pub from: String,
    /// The last day, inclusive.
    pub to: String,
    /// The cursor that the page ends before: an event's number, or `40.17` for entry 17 of the installation's log,
    /// shown after event 40.
    pub before: String,
}

/// A position on the page: entry `index` of the installation's log, after event `seq`; the event itself has index 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct HistoryCursor {
    pub seq: Seq,
    pub index: i64,
}

impl FromStr for HistoryCursor {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        let (seq, index) = text.split_once('.').unwrap_or((text, "0"));
        Ok(Self { seq: seq.parse()?, index: index.parse()? })
    }
}

impl fmt::Display for HistoryCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.index {
            0 => write!(f, "{}", self.seq),
            index => write!(f, "{}.{index}", self.seq),
        }
    }
}

/// The parsed query. `None` means no filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct HistoryFilter {
    pub kinds: Option<Vec<String>>,
    pub actor: Option<UserId>,
    pub items: Option<Vec<ItemId>>,
    pub text: Option<HistoryTextFilter>,
    /// Inclusive.
    pub from: Option<Moment>,
    /// Exclusive.
    pub until: Option<Moment>,
    pub before: Option<HistoryCursor>,
}

/// Words to search for in texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HistoryTextFilter {
    /// `ILIKE` patterns. A text must match all of them; words may be parts of longer words.
    pub patterns: Vec<String>,
    /// A complete hash: of a file, or a text's commitment.
    pub hash: Option<String>,
    /// The items with all words in their titles.
    pub items: Vec<ItemId>,
}

impl HistoryTextFilter {
    const MAX_CHARS: usize = 200;

    fn new(launch: &LaunchState, typed: &str) -> Option<Self> {
        let words: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
        if words.is_empty() || typed.chars().count() > Self::MAX_CHARS {
            return None;
        }
        let hash = words
            .first()
            .filter(|word| words.len() == 1 && word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let has_all = |title: &str| {
            let title = title.to_lowercase();
            words.iter().all(|word| title.contains(word))
        };
        let items = launch.items_with_definitions().filter(|(_, definition)| has_all(definition.title.as_str()));
        Some(Self {
            items: items.map(|(item, _)| item.id).collect(),
            hash: hash.cloned(),
            patterns: words.iter().map(|word| contains_pattern(word)).collect(),
        })
    }
}

impl HistoryQuery {
    /// The sentence at the field when more is looked for than is taken; then nothing is shown.
    pub(super) fn text_error(&self) -> Option<String> {
        let most = HistoryTextFilter::MAX_CHARS;
        (self.text.trim().chars().count() > most).then(|| format!("This is too long: at most {most} characters."))
    }

    /// What is let through.
    pub(super) fn to_filter(&self, launch: &LaunchState, zone: &Zone) -> Result<HistoryFilter, UnknownFilterValue> {
        Ok(HistoryFilter {
            kinds: parse_optional(&self.kind, |name| {
                find_kinds(LAUNCH_KIND_GROUPS.iter().chain(&LAUNCH_LOG_KIND_GROUPS), name)
            })?,
            actor: parse_optional(&self.actor, |id| id.parse().ok())?,
            items: parse_optional(&self.item, |named| find_items(launch, named))?,
            text: parse_optional(&self.text, |text| HistoryTextFilter::new(launch, text))?,
            from: parse_optional(&self.from, |day| Some(day.parse::<Day>().ok()?.start(zone)))?,
            until: parse_optional(&self.to, |day| Some(day.parse::<Day>().ok()?.end(zone)))?,
            before: parse_optional(&self.before, |place| place.parse().ok())?,
        })
    }

    pub(super) fn to_href(&self, launch: &LaunchState) -> String {
        let parts = [
            ("kind", &self.kind),
            ("actor", &self.actor),
            ("item", &self.item),
            ("text", &self.text),
            ("from", &self.from),
            ("to", &self.to),
            ("before", &self.before),
        ];
        build_address(&format!("/launches/{}/history", launch.id), &parts.map(|(name, value)| (name, value.trim())))
    }
}

/// The items meant by the query: one by its id, or those with these words in their titles.
fn find_items(launch: &LaunchState, named: &str) -> Option<Vec<ItemId>> {
    if let Ok(id) = named.parse::<ItemId>() {
        return launch.item(id).map(|item| vec![item.id]);
    }
    let named = named.to_lowercase();
    let meant = launch
        .items_with_definitions()
        .filter(|(_, definition)| definition.title.as_str().to_lowercase().contains(&named));
    let found: Vec<_> = meant.map(|(item, _)| item.id).collect();
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn history_cursors_sort_in_the_order_of_events() {
        let place = |text: &str| text.parse::<HistoryCursor>();
        let order = ["39", "39.8", "40", "40.9", "40.17", "41"].map(|text| place(text).unwrap());
        assert!(order.is_sorted());
        assert_eq!(order.map(|place| place.to_string()), ["39", "39.8", "40", "40.9", "40.17", "41"]);
        for bad in ["", "x", "1.", ".1", "1.2.3", "99999999999999999999"] {
            assert!(place(bad).is_err(), "{bad}");
        }
    }
}
