//! Selecting items to change many at once: the selection, and the form of the change.
//!
//! Selection is a mode of the checklist page that is part of its address, so it needs no script; a script adds ranges
//! and keys.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        ids::{ItemId, UserId},
        launch::{
            access::{Act, ActGroup, stage_allows},
            state::Item,
        },
    },
    web::form::{FieldErrors, OptionalText},
};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Selection {
    #[default]
    Empty,
    /// All items that the page shows.
    All,
    /// The items of a section: indexes of part and section, from 0.
    Section(usize, usize),
    /// Certain items, each with the version that the form named, if the form comes back and its page shows no newer one.
    Items(BTreeMap<ItemId, Option<i64>>),
}

impl Selection {
    /// Parses the address parameter: `on`, `all`, a section such as `2.3`, or items by their places in the checklist,
    /// such as `1-3,7`; `None` if it is empty.
    pub(super) fn parse(text: &str, items: &[Item]) -> Option<Self> {
        let number = |text: &str| text.parse::<usize>().ok()?.checked_sub(1);
        match text {
            "" => None,
            "all" => Some(Self::All),
            "on" => Some(Self::Empty),
            _ => {
                let section = text.split_once('.').and_then(|(part, section)| number(part).zip(number(section)));
                let places: BTreeMap<_, _> = items_at(text, items).map(|item| (item.id, None)).collect();
                Some(match section {
                    Some((part, section)) => Self::Section(part, section),
                    None if places.is_empty() => Self::Empty,
                    None => Self::Items(places),
                })
            }
        }
    }

    /// The address parameter of certain items: `1-3,7`. `on` for so many places that the address would be too long.
    pub(super) fn to_parameter(chosen: &BTreeMap<ItemId, i64>, items: &[Item]) -> String {
        let places = items.iter().enumerate().filter(|(_, item)| chosen.contains_key(&item.id)).map(|(at, _)| at + 1);
        let mut ranges: Vec<(usize, usize)> = Vec::new();
        for place in places {
            match ranges.last_mut() {
                Some((_, last)) if *last + 1 == place => *last = place,
                Some(_) | None => ranges.push((place, place)),
            }
        }
        let text = |(first, last): &(usize, usize)| {
            if first == last { first.to_string() } else { format!("{first}-{last}") }
        };
        let parameter = ranges.iter().map(text).collect::<Vec<_>>().join(",");
        if parameter.len() > MAX_PARAMETER { "on".to_owned() } else { parameter }
    }

    /// The version with which the item was sent, in a form that comes back.
    pub(super) fn sent_version(&self, item: ItemId) -> Option<i64> {
        match self {
            Self::Items(items) => items.get(&item).copied().flatten(),
            Self::Empty | Self::All | Self::Section(..) => None,
        }
    }

    /// Renews the version of an item, since the page says what was changed of it.
    pub(super) fn forget_version(&mut self, item: ItemId) {
        if let Self::Items(items) = self
            && let Some(version) = items.get_mut(&item)
        {
            *version = None;
        }
    }

    pub(super) fn contains(&self, item: &Item) -> bool {
        match self {
            Self::Empty => false,
            Self::All => true,
            Self::Section(part, section) => (item.position.0, item.position.1) == (*part, *section),
            Self::Items(items) => items.contains_key(&item.id),
        }
    }
}

/// The longest address parameter, in bytes.
const MAX_PARAMETER: usize = 1_000;

/// The items at places such as `1-3,7`, counted from 1; places that do not exist are left out.
fn items_at<'a>(places: &str, items: &'a [Item]) -> impl Iterator<Item = &'a Item> {
    let range = |text: &str| {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        Some((first.parse::<usize>().ok()?.checked_sub(1)?, last.parse::<usize>().ok()?))
    };
    let ranges: Vec<_> = places.split(',').take(MAX_PARAMETER).filter_map(range).collect();
    let is_in = move |at: usize| ranges.iter().any(|(first, end)| (*first..*end).contains(&at));
    items.iter().enumerate().filter(move |(at, _)| is_in(*at)).map(|(_, item)| item)
}

/// Whether the reader may change items, and the stage allows it for some of them.
pub(super) fn can_change_items(access: &LaunchAccess) -> bool {
    let stage = &access.launch.stage;
    access.is_allowed(&Act::Participate)
        && (stage_allows(stage, ActGroup::Collaborate) || stage_allows(stage, ActGroup::FollowUp))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BulkForm {
    /// The selected items with their versions on the page: `<id>.<version>`.
    pub item: Vec<String>,
    /// `done`, `open`, `not_applicable`, `blocked`, `assign` or `due`.
    pub act: String,
    /// One reason for all items.
    pub reason: String,
    /// The person's id; empty to assign the items to nobody.
    pub assignee: OptionalText,
    /// No due day, if empty.
    pub due: OptionalText,
    pub next: String,
}

/// A selected item that prevents the whole change.
pub(super) struct BlockingItem {
    pub item: ItemId,
    pub title: String,
    pub why: String,
}

pub(super) struct BulkSelection {
    pub selection: Selection,
    pub form: BulkForm,
    pub members: Vec<(UserId, String)>,
    pub errors: FieldErrors,
    pub problem: Option<String>,
    pub blocking_items: Vec<BlockingItem>,
}

impl BulkSelection {
    pub(super) fn new(selection: Selection, members: Vec<(UserId, String)>) -> Self {
        Self {
            selection,
            form: BulkForm::default(),
            members,
            errors: FieldErrors::new(),
            problem: None,
            blocking_items: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selection_address_values_are_parsed() {
        for (text, expected) in [
            ("", None),
            ("on", Some(Selection::Empty)),
            ("all", Some(Selection::All)),
            ("2.3", Some(Selection::Section(1, 2))),
            ("0.1", Some(Selection::Empty)),
            ("2.x", Some(Selection::Empty)),
            ("99999999999999999999.1", Some(Selection::Empty)),
            ("1-3,7", Some(Selection::Empty)),
        ] {
            assert_eq!(Selection::parse(text, &[]), expected, "{text}");
        }
    }
}
