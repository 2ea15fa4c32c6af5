//! An account, as its row says now.

use anyhow::Context as _;

use crate::domain::{
    ids::UserId,
    role::InstallationRoles,
    text::{Email, PersonName},
    time::Zone,
};

/// A person's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Whose.
    pub id: UserId,
    /// The address they sign in with.
    pub email: Email,
    /// Their name.
    pub name: PersonName,
    /// What they may do in the installation.
    pub roles: InstallationRoles,
    /// The zone they read times in, where they have chosen one.
    pub zone: Option<Zone>,
    /// Whether they may sign in.
    pub active: bool,
    /// Rises with every change of what they sign in with.
    pub credential_version: i32,
    /// Rises to end every session.
    pub session_epoch: i32,
    /// Whether they have a second factor.
    pub second_factor: bool,
    /// Whether they must set one up before anything else.
    pub owes_second_factor: bool,
    /// Whether others renewed their way in, and that is new to them or a short while ago.
    pub renewed: bool,
}

/// The columns of [`Account`], as the database gives them.
pub(super) struct AccountRow {
    pub(super) id: UserId,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) roles: Vec<String>,
    pub(super) zone: Option<String>,
    pub(super) active: bool,
    pub(super) credential_version: i32,
    pub(super) session_epoch: i32,
    pub(super) second_factor: bool,
    pub(super) owes_second_factor: bool,
    pub(super) renewed: bool,
}

impl TryFrom<AccountRow> for Account {
    type Error = sqlx::Error;

    /// Rows were written through the same types, so that one which does not read back is damage.
    fn try_from(row: AccountRow) -> Result<Self, sqlx::Error> {
        let read = || {
            anyhow::Ok(Self {
                id: row.id,
                email: Email::new(&row.email)?,
                name: PersonName::stored(&row.name)?,
                roles: InstallationRoles::from_slugs(&row.roles)?,
                zone: row.zone.as_deref().map(str::parse).transpose()?,
                active: row.active,
                credential_version: row.credential_version,
                session_epoch: row.session_epoch,
                second_factor: row.second_factor,
                owes_second_factor: row.owes_second_factor,
                renewed: row.renewed,
            })
        };
        read()
            .with_context(|| format!("the account {} can't be read", row.id))
            .map_err(|e| sqlx::Error::Decode(e.into()))
    }
}
