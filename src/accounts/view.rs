//! The templates of the account pages.

use askama::Template;

use crate::{
    access::session::{Session, SessionKey},
    domain::time::Zone,
    texts,
    web::{chrome::Chrome, form::FieldErrors},
};

/// The form for joining, with the first admin's address or with an invitation.
#[derive(Template)]
#[template(path = "accounts/join.html")]
pub(super) struct JoinPage {
    pub(super) chrome: Chrome,
    pub(super) action: String,
    pub(super) kind: JoinKind,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) errors: FieldErrors,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JoinKind {
    /// The first admin, who enters their own address.
    FirstAdmin,
    /// An invited person, whose address is known.
    Invited,
}

impl JoinPage {
    pub(super) fn is_first_admin(&self) -> bool {
        self.kind == JoinKind::FirstAdmin
    }
}

#[derive(Template)]
#[template(path = "accounts/account.html")]
pub(super) struct AccountPage {
    pub(super) chrome: Chrome,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) roles: String,
    pub(super) second_factor: bool,
    pub(super) zone: String,
    /// The tag of the chosen language; empty without one.
    pub(super) language: &'static str,
    pub(super) sessions: Vec<SessionRow>,
    /// One sentence for each renewal of the person's credentials by others.
    pub(super) renewed: Vec<String>,
    /// The sentence that the person has to wait, and until when; empty for most people.
    pub(super) waiting: String,
    pub(super) errors: FieldErrors,
}

impl AccountPage {
    pub(super) fn zones(&self) -> Vec<String> {
        Zone::all_names()
    }

    pub(super) fn has_other_sessions(&self) -> bool {
        self.sessions.iter().any(|row| !row.is_this)
    }
}

pub(super) struct SessionRow {
    pub(super) key: SessionKey,
    pub(super) session: Session,
    /// Whether this is the session of the request.
    pub(super) is_this: bool,
}
