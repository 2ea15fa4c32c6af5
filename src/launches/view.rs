//! What the slice's templates are given.

use std::collections::BTreeSet;

use askama::Template;

use super::store::Offered;
use crate::{
    domain::ids::UserId,
    launch_page::{head::Head, words},
    web::{form::FieldErrors, page::Chrome},
};

/// The form for a new launch.
#[derive(Template)]
#[template(path = "launches/new.html")]
pub(super) struct New {
    pub chrome: Chrome,
    pub form: super::actions::NewForm,
    pub errors: FieldErrors,
    pub offered: Vec<Offered>,
    pub zones: Vec<String>,
}

impl New {
    /// How many items a version has: `1 item`.
    fn items(&self, version: &Offered) -> String {
        words::count(usize::try_from(version.items).unwrap_or_default(), "item")
    }

    /// Whether a version is the one chosen.
    pub(super) fn is_chosen(&self, version: &Offered) -> bool {
        self.form.checklist == version.id.to_string() || (self.form.checklist.is_empty() && self.offered.len() == 1)
    }
}

/// A role with its holders, on the settings page.
pub(super) struct RoleView {
    pub slug: String,
    pub title: String,
    pub required: bool,
    pub holders: Vec<(UserId, String)>,
}

/// Somebody to choose.
pub(super) struct Choice {
    pub id: UserId,
    pub name: String,
}

/// The settings of a launch.
#[derive(Template)]
#[template(path = "launches/settings.html")]
pub(super) struct Settings {
    pub chrome: Chrome,
    pub head: Head,
    pub details: super::settings::DetailsForm,
    pub policy: super::settings::PolicyForm,
    pub restricted: bool,
    pub roles: Vec<RoleView>,
    pub participants: Vec<(UserId, String)>,
    /// Who of those that are named can't sign in any more.
    pub deactivated: BTreeSet<UserId>,
    pub owner: UserId,
    pub shown: super::settings::Shown,
    pub members: Vec<Choice>,
    pub zones: Vec<String>,
    pub errors: FieldErrors,
    pub problem: Option<String>,
    pub transfer_to: String,
    pub transfer_reason: String,
    /// Whether the person may change what the owner changes.
    pub can_change: bool,
    /// Whether the stage lets name, target, rules and holders change.
    pub can_prepare: bool,
    /// Whether the stage lets people and ownership change.
    pub can_accompany: bool,
    pub can_transfer: bool,
    pub ambiguous: bool,
}
