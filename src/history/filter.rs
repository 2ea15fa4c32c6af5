//! What of a history is wanted, as its address says.

use std::{fmt, num::ParseIntError, str::FromStr};

use serde::Deserialize;

use crate::{
    db::containing,
    domain::{
        ids::{ItemId, UserId},
        launch::{event::Seq, state::LaunchState},
        time::{Day, Moment, Zone},
    },
    launch_page::{
        kinds::{BESIDE, GROUPS, kinds},
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
    /// An item's id, or some of its title.
    pub item: String,
    /// Words in what was written, or in the titles of items.
    pub text: String,
    /// The first day, in the reader's zone.
    pub from: String,
    /// The last day.
    pub to: String,
    /// What the page ends before: an event's number, or `40.17`, entry 17 of the installation's log after event 40.
    pub before: String,
}

/// A place in what the page shows: after event `seq`, the entry `index` of the installation's log; the event itself
/// is at 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub seq: Seq,
    pub index: i64,
}

impl FromStr for Place {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        let (seq, index) = text.split_once('.').unwrap_or((text, "0"));
        Ok(Self { seq: seq.parse()?, index: index.parse()? })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.index {
            0 => write!(f, "{}", self.seq),
            index => write!(f, "{}.{index}", self.seq),
        }
    }
}

/// What is let through; where a part is missing, all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Filter {
    pub kinds: Option<Vec<String>>,
    pub actor: Option<UserId>,
    pub items: Option<Vec<ItemId>>,
    pub text: Option<Text>,
    /// From this moment on.
    pub from: Option<Moment>,
    /// Before this moment.
    pub until: Option<Moment>,
    pub before: Option<Place>,
}

/// Words that are looked for in what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    /// Patterns, for `ILIKE`, of texts that have all words somewhere, be it within others.
    pub patterns: Vec<String>,
    /// A hash that was pasted whole: of a file, or what stands for a text.
    pub hash: Option<String>,
    /// The items with all words in their titles.
    pub items: Vec<ItemId>,
}

impl Text {
    /// The most characters that are looked for.
    const MOST: usize = 200;

    fn new(launch: &LaunchState, typed: &str) -> Option<Self> {
        let words: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
        if words.is_empty() || typed.chars().count() > Self::MOST {
            return None;
        }
        let hash = words
            .first()
            .filter(|word| words.len() == 1 && word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let has_all = |title: &str| {
            let title = title.to_lowercase();
            words.iter().all(|word| title.contains(word))
        };
        let items = launch.defined().filter(|(_, definition)| has_all(definition.title.as_str()));
        Some(Self {
            items: items.map(|(item, _)| item.id).collect(),
            hash: hash.cloned(),
            patterns: words.iter().map(|word| containing(word)).collect(),
        })
    }
}

impl Wanted {
    /// The sentence at the field when more is looked for than is taken; then nothing is shown.
    pub(super) fn text_error(&self) -> Option<String> {
        let most = Text::MOST;
        (self.text.trim().chars().count() > most).then(|| format!("This is too long: at most {most} characters."))
    }

    /// What is let through.
    pub(super) fn read(&self, launch: &LaunchState, zone: &Zone) -> Result<Filter, Unknown> {
        Ok(Filter {
            kinds: part(&self.kind, |name| kinds(GROUPS.iter().chain(&BESIDE), name))?,
            actor: part(&self.actor, |id| id.parse().ok())?,
            items: part(&self.item, |named| items(launch, named))?,
            text: part(&self.text, |text| Text::new(launch, text))?,
            from: part(&self.from, |day| Some(day.parse::<Day>().ok()?.start(zone)))?,
            until: part(&self.to, |day| Some(day.parse::<Day>().ok()?.end(zone)))?,
            before: part(&self.before, |place| place.parse().ok())?,
        })
    }

    /// The address of the history with these filters.
    pub(super) fn address(&self, launch: &LaunchState) -> String {
        let parts = [
            ("kind", &self.kind),
            ("actor", &self.actor),
            ("item", &self.item),
            ("text", &self.text),
            ("from", &self.from),
            ("to", &self.to),
            ("before", &self.before),
        ];
        address(&format!("/launches/{}/history", launch.id), &parts.map(|(name, value)| (name, value.trim())))
    }
}

/// The items that are meant: one by its id, or those with these words in their titles.
fn items(launch: &LaunchState, named: &str) -> Option<Vec<ItemId>> {
    if let Ok(id) = named.parse::<ItemId>() {
        return launch.item(id).map(|item| vec![item.id]);
    }
    let named = named.to_lowercase();
    let meant = launch.defined().filter(|(_, definition)| definition.title.as_str().to_lowercase().contains(&named));
    let found: Vec<_> = meant.map(|(item, _)| item.id).collect();
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_in_the_order_of_what_happened() {
        let place = |text: &str| text.parse::<Place>();
        let order = ["39", "39.8", "40", "40.9", "40.17", "41"].map(|text| place(text).unwrap());
        assert!(order.is_sorted());
        assert_eq!(order.map(|place| place.to_string()), ["39", "39.8", "40", "40.9", "40.17", "41"]);
        for bad in ["", "x", "1.", ".1", "1.2.3", "99999999999999999999"] {
            assert!(place(bad).is_err(), "{bad}");
        }
    }
}
