//! The template of the page of people and invitations.

use askama::Template;

use super::store::{InvitationRow, PersonRow};
use crate::{
    domain::{
        ids::{RenewalId, UserId},
        role::InstallationRole,
        time::Moment,
    },
    texts,
    web::{form::FieldErrors, page::Chrome},
};

#[derive(Template)]
#[template(path = "admin/people.html")]
pub(super) struct PeoplePage {
    pub(super) chrome: Chrome,
    pub(super) people: Vec<PersonRow>,
    pub(super) invitations: Vec<InvitationRow>,
    pub(super) me: UserId,
    pub(super) invite: InviteFormView,
    /// Unconfirmed renewals of other people's credentials.
    pub(super) renewals: Vec<RenewalRow>,
    /// Why a change of a person was not made, shown next to that person.
    pub(super) trouble: Option<(UserId, String)>,
}

/// A renewal of credentials, or a link that can become one, that nobody has confirmed yet.
pub(super) struct RenewalRow {
    pub(super) id: RenewalId,
    pub(super) name: String,
    /// For example `a link of Ann Admin`.
    pub(super) what: String,
    pub(super) made_at: Moment,
    /// The end of the person's waiting period; `None` while the link was not used.
    pub(super) until: Option<Moment>,
    /// Whether the admin who views the page may confirm it.
    pub(super) can_confirm: bool,
}

/// The invitation form; after an error, with the values that were sent.
#[derive(Default)]
pub(super) struct InviteFormView {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) roles: Vec<String>,
    pub(super) resembling: Vec<String>,
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

    pub(super) fn trouble_with(&self, person: &UserId) -> Option<&str> {
        self.trouble.as_ref().filter(|(who, _)| who == person).map(|(_, sentence)| sentence.as_str())
    }

    pub(super) fn is_expired(&self, invitation: &InvitationRow) -> bool {
        invitation.expires_at <= self.chrome.now
    }

    /// The address of a new invitation or reset link, on the one page that shows it.
    pub(super) fn new_link(&self) -> Option<&str> {
        self.chrome.flash.as_ref().and_then(|flash| flash.link.as_deref())
    }
}
