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
    /// Certain items, each with the version that the form named, if the form comes back and nobody was told of another.
    Items(BTreeMap<ItemId, Option<i64>>),
}

impl Selection {
    /// Parses the address parameter: `on`, `all`, or a section such as `2.3`; `None` if it is empty.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let number = |text: &str| text.parse::<usize>().ok()?.checked_sub(1);
        match text {
            "" => None,
            "all" => Some(Self::All),
            _ => {
                let section = text.split_once('.').and_then(|(part, section)| number(part).zip(number(section)));
                Some(section.map_or(Self::Empty, |(part, section)| Self::Section(part, section)))
            }
        }
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
        ] {
            assert_eq!(Selection::parse(text), expected, "{text}");
        }
    }
}
