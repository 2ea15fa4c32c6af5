//! Data of the slice's templates.

use std::collections::BTreeSet;

use askama::Template;

use super::{
    forms::{LaunchDetailsForm, LaunchPolicyForm, NewLaunchForm, ShownEvents},
    store::OfferedVersion,
};
use crate::{
    domain::ids::UserId,
    presentation::{formatting, head::LaunchHead},
    texts,
    web::{form::FieldErrors, page::Chrome},
};

#[derive(Template)]
#[template(path = "launches/new.html")]
pub(super) struct NewLaunchPage {
    pub chrome: Chrome,
    pub form: NewLaunchForm,
    pub errors: FieldErrors,
    pub offered: Vec<OfferedVersion>,
    pub zones: Vec<String>,
}

impl NewLaunchPage {
    /// How many items a version has: `1 item`.
    fn items(&self, version: &OfferedVersion) -> String {
        formatting::count_with_noun(usize::try_from(version.items).unwrap_or_default(), "item")
    }

    /// Whether a version is the one chosen.
    pub(super) fn is_chosen(&self, version: &OfferedVersion) -> bool {
        self.form.checklist == version.id.to_string() || (self.form.checklist.is_empty() && self.offered.len() == 1)
    }
}

pub(super) struct RoleHoldersView {
    pub slug: String,
    pub title: String,
    pub required: bool,
    pub holders: Vec<(UserId, String)>,
}

pub(super) struct MemberOption {
    pub id: UserId,
    pub name: String,
}

#[derive(Template)]
#[template(path = "launches/settings.html")]
pub(super) struct LaunchSettingsPage {
    pub chrome: Chrome,
    pub head: LaunchHead,
    pub details: LaunchDetailsForm,
    pub policy: LaunchPolicyForm,
    pub restricted: bool,
    pub roles: Vec<RoleHoldersView>,
    pub participants: Vec<(UserId, String)>,
    /// Named people whose accounts are deactivated.
    pub deactivated: BTreeSet<UserId>,
    pub owner: UserId,
    pub shown: ShownEvents,
    pub members: Vec<MemberOption>,
    pub zones: Vec<String>,
    pub errors: FieldErrors,
    pub problem: Option<String>,
    pub transfer_to: String,
    pub transfer_reason: String,
    /// Whether the reader may change what the owner changes.
    pub can_change: bool,
    /// Whether the stage allows changes of name, target, policy and holders.
    pub can_prepare: bool,
    /// Whether the stage allows changes of people and of the owner.
    pub can_accompany: bool,
    pub can_transfer: bool,
    pub ambiguous: bool,
}
