//! A person's account, as read from its row.

use std::borrow::Cow;

use anyhow::Context as _;

use crate::{
    domain::{
        ids::UserId,
        role::{InstallationRole, InstallationRoles},
        text::{Email, PersonName},
        time::Zone,
    },
    texts::{self, Language},
    web::viewer::ColorScheme,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: UserId,
    /// The address with which the person signs in.
    pub email: Email,
    pub name: PersonName,
    pub roles: InstallationRoles,
    /// The zone in which the person reads times, if one was chosen.
    pub zone: Option<Zone>,
    /// The language in which the person reads pages and mails, if one was chosen.
    pub language: Option<Language>,
    /// The colours of the pages, if they were chosen; otherwise those of the system.
    pub scheme: Option<ColorScheme>,
    pub active: bool,
    /// Increases with every change of the password or second factor.
    pub credential_version: i32,
    /// Increases to end every session.
    pub session_epoch: i32,
    pub second_factor: bool,
    /// Whether the person has to set up a second factor before doing anything else.
    pub owes_second_factor: bool,
    /// Whether somebody else renewed this person's credentials and the person has not seen it, or it was recent.
    pub has_renewals: bool,
}

pub(super) struct AccountRow {
    pub(super) id: UserId,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) roles: Vec<String>,
    pub(super) zone: Option<String>,
    pub(super) language: Option<String>,
    pub(super) scheme: Option<String>,
    pub(super) active: bool,
    pub(super) credential_version: i32,
    pub(super) session_epoch: i32,
    pub(super) second_factor: bool,
    pub(super) owes_second_factor: bool,
    pub(super) renewed: bool,
}

impl TryFrom<AccountRow> for Account {
    type Error = sqlx::Error;

    /// Rows are written through the same types, so a row that can't be parsed is damaged.
    fn try_from(row: AccountRow) -> Result<Self, sqlx::Error> {
        let read = || {
            anyhow::Ok(Self {
                id: row.id,
                email: Email::new(&row.email)?,
                name: PersonName::stored(&row.name)?,
                roles: InstallationRoles::from_slugs(&row.roles)?,
                zone: row.zone.as_deref().map(str::parse).transpose()?,
                // A language that a newer release knows is none that was chosen.
                language: row.language.as_deref().and_then(Language::from_tag),
                scheme: row.scheme.as_deref().and_then(ColorScheme::from_slug),
                active: row.active,
                credential_version: row.credential_version,
                session_epoch: row.session_epoch,
                second_factor: row.second_factor,
                owes_second_factor: row.owes_second_factor,
                has_renewals: row.renewed,
            })
        };
        read()
            .with_context(|| format!("the account {} can't be read", row.id))
            .map_err(|e| sqlx::Error::Decode(e.into()))
    }
}

/// What a role of the installation is called.
#[must_use]
pub fn role_title(role: InstallationRole) -> Cow<'static, str> {
    match role {
        InstallationRole::Admin => texts::role_admin(),
        InstallationRole::Member => texts::role_member(),
        InstallationRole::Auditor => texts::role_auditor(),
    }
}

/// The titles of a person's roles: `Admin, Member`.
#[must_use]
pub fn describe_roles(roles: &InstallationRoles) -> String {
    roles.iter().map(role_title).collect::<Vec<_>>().join(", ")
}
