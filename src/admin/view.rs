//! The page's data, and what its template asks of it.

use askama::Template;

use super::store::{InvitationRow, PersonRow};
use crate::{
    domain::{
        ids::{RenewalId, UserId},
        role::{InstallationRole, InstallationRoles},
        time::Moment,
    },
    web::{form::FieldErrors, page::Chrome},
};

#[derive(Template)]
#[template(path = "admin/people.html")]
pub(super) struct People {
    pub(super) chrome: Chrome,
    pub(super) people: Vec<PersonRow>,
    pub(super) invitations: Vec<InvitationRow>,
    pub(super) me: UserId,
    pub(super) invite: InviteForm,
    /// Ways in that others renewed, of those who wait.
    pub(super) renewals: Vec<RenewalRow>,
    /// What could not be done with a person, shown beside them.
    pub(super) trouble: Option<(UserId, String)>,
}

/// A way in that was renewed, or can be by a link, and that nobody confirmed yet.
pub(super) struct RenewalRow {
    pub(super) id: RenewalId,
    pub(super) name: String,
    /// `a link of Ann Admin`
    pub(super) what: String,
    pub(super) made_at: Moment,
    /// Until when the person waits; nothing while the link was not used.
    pub(super) until: Option<Moment>,
    /// Whether who looks at the page may confirm it.
    pub(super) can_confirm: bool,
}

/// The form that invites, as it was sent when something was wrong with it.
#[derive(Default)]
pub(super) struct InviteForm {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) roles: Vec<String>,
    pub(super) resembling: Vec<String>,
    pub(super) errors: FieldErrors,
}

impl InviteForm {
    /// Whether this role's box is ticked: `member` when nothing was sent yet.
    pub(super) fn has(&self, role: &InstallationRole) -> bool {
        let fresh = self.roles.is_empty() && self.errors.is_empty();
        if fresh { *role == InstallationRole::Member } else { self.roles.iter().any(|slug| slug == role.slug()) }
    }
}

impl People {
    pub(super) fn roles(&self) -> [InstallationRole; 3] {
        InstallationRole::ALL
    }

    pub(super) fn trouble_with(&self, person: &UserId) -> Option<&str> {
        self.trouble.as_ref().filter(|(who, _)| who == person).map(|(_, sentence)| sentence.as_str())
    }

    pub(super) fn is_expired(&self, invitation: &InvitationRow) -> bool {
        invitation.expires_at <= self.chrome.now
    }

    /// The address of a new invitation, on the one page that shows it.
    pub(super) fn new_link(&self) -> Option<&str> {
        self.chrome.flash.as_ref().and_then(|flash| flash.link.as_deref())
    }
}

/// Roles in words.
pub(super) fn in_words(roles: &InstallationRoles) -> String {
    roles.iter().map(InstallationRole::title).collect::<Vec<_>>().join(", ")
}
