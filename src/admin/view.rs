//! The template of the page of people and invitations.

use std::collections::HashMap;

use askama::Template;

use super::{
    invitation_links::NewLink,
    invitation_review::{LineProblem, LineQuestion},
    stale_form::NO_ENTRY_YET,
    store::{InvitationRow, UserRow},
};
use crate::{
    domain::{
        ids::{AddressChangeId, RenewalId, UserId},
        role::InstallationRole,
        time::Moment,
    },
    texts,
    web::{chrome::Chrome, form::FieldErrors, form_base::FormBase},
};

#[derive(Template)]
#[template(path = "admin/people.html")]
pub(super) struct PeoplePage {
    pub(super) chrome: Chrome,
    pub(super) people: Vec<UserRow>,
    pub(super) invitations: Vec<InvitationRow>,
    pub(super) me: UserId,
    pub(super) invite: InviteFormView,
    /// Unconfirmed renewals of other people's credentials.
    pub(super) renewals: Vec<RenewalRow>,
    /// Requests for another address that wait for an admin.
    pub(super) address_requests: Vec<AddressRequestRow>,
    /// The index of the newest change of each person's roles.
    pub(super) role_changes: HashMap<UserId, i64>,
    pub(super) refused: Option<RefusedPersonForm>,
    /// The links of new invitations, on the one page that shows them.
    pub(super) new_links: Vec<NewLink>,
}

/// A form about a person that was refused, shown next to that person.
pub(super) struct RefusedPersonForm {
    pub(super) user: UserId,
    pub(super) problem: String,
    /// The slugs of the roles that were chosen; `None` if the form had none.
    pub(super) roles: Option<Vec<String>>,
    pub(super) base: FormBase,
}

/// A renewal of credentials, or a link that can become one, that nobody has confirmed yet.
pub(super) struct RenewalRow {
    pub(super) id: RenewalId,
    pub(super) name: String,
    /// For example `a link of Ann Admin`.
    pub(super) description: String,
    pub(super) made_at: Moment,
    /// The end of the person's waiting period; `None` while the link was not used.
    pub(super) until: Option<Moment>,
    /// Whether the admin who views the page may confirm it.
    pub(super) can_confirm: bool,
}

/// A request for another address, which waits for an admin.
pub(super) struct AddressRequestRow {
    pub(super) id: AddressChangeId,
    pub(super) name: String,
    pub(super) old: String,
    pub(super) new: String,
    pub(super) at: Moment,
    /// Who else has the address, or one that looks like it.
    pub(super) other: Option<String>,
    /// Whether the admin who views the page may confirm it.
    pub(super) can_confirm: bool,
}

/// The invitation form; after an error, with the values that were sent.
#[derive(Default)]
pub(super) struct InviteFormView {
    pub(super) people: String,
    pub(super) roles: Vec<String>,
    pub(super) problems: Vec<LineProblem>,
    pub(super) questions: Vec<LineQuestion>,
    pub(super) errors: FieldErrors,
}

impl InviteFormView {
    /// Whether this role's box is ticked; in a new form, that of `member`.
    pub(super) fn has(&self, role: &InstallationRole) -> bool {
        let fresh = self.roles.is_empty() && self.errors.is_empty();
        if fresh { *role == InstallationRole::Member } else { self.roles.iter().any(|slug| slug == role.slug()) }
    }
}

impl PeoplePage {
    pub(super) fn roles(&self) -> [InstallationRole; 3] {
        InstallationRole::ALL
    }

    fn refused_form(&self, person: &UserId) -> Option<&RefusedPersonForm> {
        self.refused.as_ref().filter(|form| form.user == *person)
    }

    pub(super) fn problem_with(&self, person: &UserId) -> Option<&str> {
        self.refused_form(person).map(|form| form.problem.as_str())
    }

    /// Whether the box of a role is ticked in a person's form.
    pub(super) fn has_role(&self, person: &UserRow, role: &InstallationRole) -> bool {
        match self.refused_form(&person.id).and_then(|form| form.roles.as_ref()) {
            Some(chosen) => chosen.iter().any(|slug| slug == role.slug()),
            None => person.roles.contains(*role),
        }
    }

    /// The newest change of a person's roles, which their form replaces; in a form that comes back, its base.
    pub(super) fn role_change(&self, person: &UserId) -> i64 {
        let newest = self.role_changes.get(person).copied().unwrap_or(NO_ENTRY_YET);
        self.refused_form(person).map_or(newest, |form| form.base.or(newest))
    }

    pub(super) fn is_expired(&self, invitation: &InvitationRow) -> bool {
        invitation.expires_at <= self.chrome.now
    }

    /// A new link for choosing a password, on the one page that shows it.
    pub(super) fn reset_link(&self) -> Option<&str> {
        let link = self.chrome.flash.as_ref().and_then(|flash| flash.link.as_deref());
        link.filter(|link| link.contains("/password-resets/"))
    }
}
