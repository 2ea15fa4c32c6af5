//! What of a history is wanted, as its address says.

use std::{fmt, num::ParseIntError, str::FromStr};

use serde::Deserialize;

use crate::domain::{
    ids::{ItemId, UserId},
    launch::{event::Seq, state::LaunchState},
    time::{Day, Moment, Zone},
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

/// A group of kinds that is looked for together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Group {
    pub slug: &'static str,
    pub word: &'static str,
    kinds: &'static [&'static str],
}

/// The groups, in the order pages show them. Every kind of event is in one of them.
pub(super) const GROUPS: [Group; 8] = [
    Group {
        slug: "items",
        word: "Items",
        kinds: &["item_marked", "agreement_given", "agreement_refused", "item_assigned"],
    },
    Group {
        slug: "evidence",
        word: "Evidence",
        kinds: &["evidence_attached", "evidence_withdrawn", "evidence_requested", "evidence_request_answered"],
    },
    Group { slug: "comments", word: "Comments", kinds: &["comment_added", "comment_edited", "comment_deleted"] },
    Group {
        slug: "waivers",
        word: "Waivers",
        kinds: &["waiver_asked", "waiver_approved", "waiver_refused", "waiver_revoked"],
    },
    Group { slug: "signatures", word: "Signatures", kinds: &["signed", "signature_withdrawn", "signatures_asked"] },
    Group {
        slug: "decisions",
        word: "Decisions",
        kinds: &["go_declared", "held", "resumed", "reopened", "launched", "closed", "cancelled"],
    },
    Group {
        slug: "people",
        word: "People",
        kinds: &["owner_changed", "holder_added", "holder_removed", "participant_added", "participant_removed"],
    },
    Group {
        slug: "settings",
        word: "Settings",
        kinds: &["launch_created", "details_changed", "policy_changed", "restriction_changed", "notes_changed"],
    },
];

/// What the installation's log tells of a launch.
pub(super) const BESIDE: [Group; 2] = [
    Group {
        slug: "refusals",
        word: "Refusals",
        kinds: &["proof_refused", "proofs_refused", "signing_refused", "signings_refused"],
    },
    Group {
        slug: "exports",
        word: "Exports",
        kinds: &["history_exported", "evidence_exported", "launch_checkpointed"],
    },
];

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
        let escaped = |word: &String| word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        Some(Self {
            items: items.map(|(item, _)| item.id).collect(),
            hash: hash.cloned(),
            patterns: words.iter().map(|word| format!("%{}%", escaped(word))).collect(),
        })
    }
}

/// A part of the address names nothing known, so that nothing is let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unknown;

impl Wanted {
    /// What is let through.
    pub(super) fn read(&self, launch: &LaunchState, zone: &Zone) -> Result<Filter, Unknown> {
        Ok(Filter {
            kinds: part(&self.kind, kinds)?,
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
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let parts = [
            ("kind", &self.kind),
            ("actor", &self.actor),
            ("item", &self.item),
            ("text", &self.text),
            ("from", &self.from),
            ("to", &self.to),
            ("before", &self.before),
        ];
        for (name, value) in parts {
            if !value.trim().is_empty() {
                query.append_pair(name, value.trim());
            }
        }
        let query = query.finish();
        let path = format!("/launches/{}/history", launch.id);
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }
}

/// A part of the address: missing, or as read.
fn part<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Unknown> {
    match text.trim() {
        "" => Ok(None),
        text => read(text).map(Some).ok_or(Unknown),
    }
}

/// The kinds of a group, or a single kind by its name.
fn kinds(name: &str) -> Option<Vec<String>> {
    let groups = || GROUPS.iter().chain(&BESIDE);
    let group = groups().find(|group| group.slug == name).map(|group| group.kinds);
    let kind = || groups().flat_map(|group| group.kinds).find(|kind| **kind == name).map(std::slice::from_ref);
    Some(group.or_else(kind)?.iter().map(ToString::to_string).collect())
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
    use std::collections::BTreeSet;

    use super::*;

    /// The fixtures hold an event of every kind.
    #[test]
    fn every_kind_is_in_one_group() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/events");
        let names = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        let known: BTreeSet<String> = names.map(|name| name.split('.').next().unwrap().to_owned()).collect();
        let grouped: Vec<_> = GROUPS.iter().flat_map(|group| group.kinds).map(ToString::to_string).collect();
        assert_eq!(grouped.len(), known.len(), "none is in two");
        assert_eq!(grouped.into_iter().collect::<BTreeSet<_>>(), known);
    }

    #[test]
    fn kinds_go_by_group_or_by_name() {
        assert_eq!(kinds("comments").map(|kinds| kinds.len()), Some(3));
        assert_eq!(kinds("signed"), Some(vec!["signed".to_owned()]));
        assert_eq!(kinds("signing_refused"), Some(vec!["signing_refused".to_owned()]));
        assert_eq!(kinds("nonsense"), None);
    }

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
