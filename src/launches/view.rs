//! Data of the slice's templates.

use std::borrow::Cow;

use askama::Template;

use super::{
    forms::{LaunchDetailsForm, LaunchPolicyForm, NewLaunchForm, ShownEvents},
    store::OfferedVersion,
    tags::TagsFormView,
};
use crate::{
    access::store::FormerMembers,
    domain::{ids::UserId, time::Zone},
    presentation::head::LaunchHead,
    texts,
    web::{chrome::Chrome, form::FieldErrors, time::exact},
};

#[derive(Template)]
#[template(path = "launches/new.html")]
pub(super) struct NewLaunchPage {
    pub chrome: Chrome,
    pub form: NewLaunchForm,
    pub errors: FieldErrors,
    /// The message about the form as a whole.
    pub problem: Option<Cow<'static, str>>,
    pub offered: Vec<OfferedVersion>,
    pub zones: Vec<String>,
}

impl NewLaunchPage {
    /// The text of an option: `Production readiness v3, 12 items`. Checklists of the same name also say when the version
    /// was published and by whom; if that is not enough, the end of the version's id, whose
    /// beginning is a time.
    fn label(&self, version: &OfferedVersion) -> Cow<'static, str> {
        let zone = &self.chrome.zone;
        let labels = |of: &OfferedVersion| [describe_version(of), describe_published_version(of, zone)];
        let [short, long] = labels(version);
        let others = || self.offered.iter().filter(|other| other.id != version.id);
        let is_named_alike = |other: &OfferedVersion| other.name.to_lowercase() == version.name.to_lowercase();
        if !others().any(is_named_alike) {
            return short;
        }
        if !others().any(|other| labels(other)[1] == long) {
            return long;
        }
        let id = version.id.to_string();
        texts::version_with_id(long, &id[id.len() - 8..])
    }

    /// Whether a version is the one chosen.
    pub(super) fn is_chosen(&self, version: &OfferedVersion) -> bool {
        self.form.checklist == version.id.to_string() || (self.form.checklist.is_empty() && self.offered.len() == 1)
    }
}

fn describe_version(version: &OfferedVersion) -> Cow<'static, str> {
    texts::version_with_items(version.items, &version.name, version.number)
}

fn describe_published_version(version: &OfferedVersion, zone: &Zone) -> Cow<'static, str> {
    let (short, at) = (describe_version(version), exact(version.published_at, zone));
    match &version.published_by {
        Some(by) => texts::version_published_at_by(short, at, by),
        None => texts::version_published_at(short, at),
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
    pub tags: TagsFormView,
    pub roles: Vec<RoleHoldersView>,
    pub participants: Vec<(UserId, String)>,
    /// Named people who can no longer take part.
    pub former: FormerMembers,
    pub owner: UserId,
    pub shown_events: ShownEvents,
    pub members: Vec<MemberOption>,
    pub zones: Vec<String>,
    pub errors: FieldErrors,
    /// The role whose form for a new holder comes back; empty for that of participants.
    pub adding_to: Option<String>,
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

impl LaunchSettingsPage {
    /// The error in the form that adds a person to a role, or with an empty role as a participant.
    fn person_error(&self, role: &str) -> Option<&str> {
        self.errors.get("user").filter(|_| self.adding_to.as_deref() == Some(role))
    }
}
