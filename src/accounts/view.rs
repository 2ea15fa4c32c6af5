//! The templates of the account pages.

use std::borrow::Cow;

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

    /// The field that gets the focus: the first in error, or else the first without a value.
    pub(super) fn focus(&self) -> &'static str {
        let in_error = ["name", "email", "password"].into_iter().find(|field| self.errors.has(field));
        in_error.unwrap_or(if self.name.is_empty() { "name" } else { "password" })
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
    /// The chosen colours, or `system`.
    pub(super) scheme: &'static str,
    /// The address that was asked for, and whether an admin has to confirm it.
    pub(super) requested: Option<(String, bool)>,
    /// The tag of the chosen language; empty without one.
    pub(super) language: &'static str,
    pub(super) sessions: Vec<SessionRow>,
    /// One sentence for each renewal of the person's credentials by others.
    pub(super) renewed: Vec<String>,
    /// The sentence that the person has to wait, and until when; empty for most people.
    pub(super) waiting: String,
    /// Whether the server sends mail.
    pub(super) sends_mail: bool,
    pub(super) refused: Option<RefusedForm>,
}

/// A form of the account page that comes back.
pub(super) struct RefusedForm {
    /// Which form: the last part of its address.
    pub(super) form: &'static str,
    /// What was typed into its field, if it is shown again.
    pub(super) typed: String,
    pub(super) errors: FieldErrors,
}

impl AccountPage {
    /// Whether this form comes back.
    pub(super) fn is_refused(&self, form: &str) -> bool {
        self.refused.as_ref().is_some_and(|refused| refused.form == form)
    }

    pub(super) fn error(&self, form: &str, field: &str) -> Option<&str> {
        self.refused.as_ref().filter(|refused| refused.form == form)?.errors.get(field)
    }

    /// The value of a form's field: what was typed if it comes back, or else the present one.
    pub(super) fn value<'a>(&'a self, form: &str, present: &'a str) -> &'a str {
        self.refused.as_ref().filter(|refused| refused.form == form).map_or(present, |refused| &refused.typed)
    }

    pub(super) fn address_hint(&self) -> Cow<'static, str> {
        if self.sends_mail { texts::new_address_gets_a_link() } else { texts::admin_confirms_new_address() }
    }

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
