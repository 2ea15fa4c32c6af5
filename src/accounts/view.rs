//! The pages' data, and what templates ask of it.

use askama::Template;

use crate::{
    access::session::{Session, SessionKey},
    domain::time::Zone,
    web::{form::FieldErrors, page::Chrome},
};

/// The form of whoever comes in for the first time: by the first admin's address or by an invitation.
#[derive(Template)]
#[template(path = "accounts/join.html")]
pub(super) struct Join {
    pub(super) chrome: Chrome,
    pub(super) action: String,
    pub(super) kind: Joining,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) errors: FieldErrors,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joining {
    /// The first admin, who says their address themselves.
    FirstAdmin,
    /// Somebody invited, whose address is known.
    Invited,
}

impl Join {
    pub(super) fn is_first_admin(&self) -> bool {
        self.kind == Joining::FirstAdmin
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
    pub(super) sessions: Vec<SessionRow>,
    /// What others renewed of their way in, a sentence each.
    pub(super) renewed: Vec<String>,
    /// That they wait, and until when; empty for most.
    pub(super) waiting: String,
    pub(super) errors: FieldErrors,
}

impl AccountPage {
    pub(super) fn zones(&self) -> Vec<String> {
        Zone::names()
    }

    pub(super) fn has_other_sessions(&self) -> bool {
        self.sessions.iter().any(|row| !row.is_this)
    }
}

pub(super) struct SessionRow {
    pub(super) key: SessionKey,
    pub(super) session: Session,
    /// Whether it is the one that asks.
    pub(super) is_this: bool,
}
