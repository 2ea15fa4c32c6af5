//! Data of the slice's templates.

use std::borrow::Cow;

use askama::Template;

use super::{
    forms::{LaunchDetailsForm, LaunchPolicyForm, NewLaunchForm, ShownEvents},
    people_choice::{HolderChoice, OfferedPerson},
    people_form::LaunchPeopleForm,
    store::OfferedVersion,
};
use crate::{
    domain::{ids::UserId, launch::state::MAX_TAGS, time::Zone},
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
    /// Who signs, once a checklist is chosen.
    pub signers: Vec<HolderChoice>,
    /// Who else may take part.
    pub participants: Vec<OfferedPerson>,
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

    /// Whether the form names people who take part.
    fn names_participants(&self) -> bool {
        self.participants.iter().any(|person| person.chosen)
    }

    pub(super) fn is_chosen(&self, version: &OfferedVersion) -> bool {
        self.form.checklist == version.id.to_string()
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

impl RoleHoldersView {
    /// What the form sends for a holder.
    fn holder_value(&self, id: &UserId) -> String {
        format!("{}.{id}", self.slug)
    }
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
    /// The text of the field: the tags, separated by commas.
    pub tags: String,
    pub roles: Vec<RoleHoldersView>,
    pub participants: Vec<(UserId, String)>,
    pub owner: UserId,
    pub shown_events: ShownEvents,
    pub members: Vec<MemberOption>,
    pub zones: Vec<String>,
    pub errors: FieldErrors,
    /// The first role to which the form that comes back adds somebody; empty for that of participants.
    pub adding_to: Option<String>,
    /// The choice of people that comes back.
    pub people: Option<LaunchPeopleForm>,
    /// Whether the launch is closed or cancelled, so that nothing here can change.
    pub is_over: bool,
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
    /// Whether the reader may make launches.
    pub can_make: bool,
    pub ambiguous: bool,
}

impl LaunchSettingsPage {
    const fn max_tags() -> usize {
        MAX_TAGS
    }

    /// The error in the form that adds a person to a role, or with an empty role as a participant.
    fn person_error(&self, role: &str) -> Option<&str> {
        self.errors.get("user").filter(|_| self.adding_to.as_deref() == Some(role))
    }

    /// Whether the box of somebody who is named already is ticked: it is, unless the form that comes back leaves it out.
    fn is_kept(&self, value: &str) -> bool {
        self.people.as_ref().is_none_or(|form| form.keeps(value))
    }

    /// Whether a member is chosen for a role, or with an empty role as a participant, in the form that comes back.
    fn is_added(&self, role: &str, member: &MemberOption) -> bool {
        self.people.as_ref().is_some_and(|form| form.adds(role, &member.id.to_string()))
    }
}
