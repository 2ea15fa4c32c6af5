//! Selecting items, to change many at once: which are selected, and the form that says what becomes of them.
//!
//! Selecting is a way of showing the checklist page, and lives in its address, so that it needs no script; a script
//! adds ranges and keys.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        ids::{ItemId, UserId},
        launch::{
            access::{Act, Work, stage_allows},
            state::Item,
        },
    },
    web::form::{FieldErrors, Sometimes},
};

/// Which items are selected when the page is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Selection {
    /// None.
    #[default]
    Nothing,
    /// All that are shown.
    All,
    /// Those of a section: part and section, counted from 0.
    Section(usize, usize),
    /// These.
    These(BTreeSet<ItemId>),
}

impl Selection {
    /// Reads what the address asks for: `on`, `all`, or a section as `2.3`; nothing when it does not ask to select.
    pub(super) fn wanted(text: &str) -> Option<Self> {
        let number = |text: &str| text.parse::<usize>().ok()?.checked_sub(1);
        match text {
            "" => None,
            "all" => Some(Self::All),
            _ => {
                let section = text.split_once('.').and_then(|(part, section)| number(part).zip(number(section)));
                Some(section.map_or(Self::Nothing, |(part, section)| Self::Section(part, section)))
            }
        }
    }

    /// Whether an item is among them.
    pub(super) fn has(&self, item: &Item) -> bool {
        match self {
            Self::Nothing => false,
            Self::All => true,
            Self::Section(part, section) => (item.at.0, item.at.1) == (*part, *section),
            Self::These(items) => items.contains(&item.id),
        }
    }
}

/// Whether the reader may change items, and some of them can still be changed.
pub(super) fn can_select(access: &LaunchAccess) -> bool {
    let stage = &access.launch.stage;
    access.can(&Act::TakePart) && (stage_allows(stage, Work::Accompany) || stage_allows(stage, Work::Follow))
}

/// What is to become of the selected items, as it was sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BulkForm {
    /// The selected items with their versions on the page: `<id>.<version>`.
    pub item: Vec<String>,
    /// `done`, `open`, `not_applicable`, `blocked`, `assign` or `due`.
    pub act: String,
    /// One reason for all.
    pub reason: String,
    /// Whom to assign to; nobody, when empty.
    pub assignee: Sometimes,
    /// The day they are due; none, when empty.
    pub due: Sometimes,
    /// Where to go on.
    pub next: String,
}

/// An item that stands in the way of the whole change.
pub(super) struct Hindrance {
    pub item: ItemId,
    pub title: String,
    pub why: String,
}

/// The selection and its form.
pub(super) struct Selecting {
    pub selection: Selection,
    pub form: BulkForm,
    pub members: Vec<(UserId, String)>,
    pub errors: FieldErrors,
    pub problem: Option<String>,
    pub hindrances: Vec<Hindrance>,
}

impl Selecting {
    /// Nothing has been asked yet.
    pub(super) fn new(selection: Selection, members: Vec<(UserId, String)>) -> Self {
        Self {
            selection,
            form: BulkForm::default(),
            members,
            errors: FieldErrors::new(),
            problem: None,
            hindrances: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_address_asks_for() {
        for (text, wanted) in [
            ("", None),
            ("on", Some(Selection::Nothing)),
            ("all", Some(Selection::All)),
            ("2.3", Some(Selection::Section(1, 2))),
            ("0.1", Some(Selection::Nothing)),
            ("2.x", Some(Selection::Nothing)),
            ("99999999999999999999.1", Some(Selection::Nothing)),
        ] {
            assert_eq!(Selection::wanted(text), wanted, "{text}");
        }
    }
}
