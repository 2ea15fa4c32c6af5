//! Roles: the roles of an account in the installation, and the roles that sign a launch, which are rows in the
//! database.

use std::{borrow::Cow, collections::BTreeSet, fmt, str::FromStr};

use crate::texts;

/// A right of an account in the installation. An account has a set of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstallationRole {
    /// Manages accounts, roles and checklists; reads launches.
    Admin,
    /// Takes part in launches.
    Member,
    /// Reads everything and changes nothing. It can't be combined with another role.
    Auditor,
}

impl InstallationRole {
    /// All roles, in the order in which pages show them.
    pub const ALL: [Self; 3] = [Self::Member, Self::Admin, Self::Auditor];

    /// The name in addresses, forms and the database.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Member => "member",
            Self::Auditor => "auditor",
        }
    }

    #[must_use]
    pub fn title(self) -> Cow<'static, str> {
        match self {
            Self::Admin => texts::role_admin(),
            Self::Member => texts::role_member(),
            Self::Auditor => texts::role_auditor(),
        }
    }
}

impl FromStr for InstallationRole {
    type Err = RoleError;

    fn from_str(slug: &str) -> Result<Self, RoleError> {
        Self::ALL.into_iter().find(|role| role.slug() == slug).ok_or(RoleError)
    }
}

/// The installation roles of one account: at least one, and `auditor` only alone.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct InstallationRoles(BTreeSet<InstallationRole>);

impl InstallationRoles {
    /// Refuses an empty set, and a set in which `auditor` is combined with another role.
    pub fn new(roles: impl IntoIterator<Item = InstallationRole>) -> Result<Self, RoleError> {
        let roles: BTreeSet<_> = roles.into_iter().collect();
        let auditor_alone = !roles.contains(&InstallationRole::Auditor) || roles.len() == 1;
        if roles.is_empty() || !auditor_alone { Err(RoleError) } else { Ok(Self(roles)) }
    }

    #[must_use]
    pub fn contains(&self, role: InstallationRole) -> bool {
        self.0.contains(&role)
    }

    /// The roles in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = InstallationRole> + '_ {
        self.0.iter().copied()
    }

    #[must_use]
    pub fn slugs(&self) -> Vec<String> {
        self.iter().map(|role| role.slug().to_owned()).collect()
    }

    /// Refuses an unknown slug, and a set that is not allowed.
    pub fn from_slugs(slugs: &[String]) -> Result<Self, RoleError> {
        Self::new(slugs.iter().map(|slug| slug.parse()).collect::<Result<Vec<_>, _>>()?)
    }
}

/// The slug of a role that signs launches, such as `tech_lead`: 1 to 40 of `a-z`, `0-9` and `_`, beginning with a
/// letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoleSlug(String);

impl RoleSlug {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name for people, of a role that has no title: `tech_lead` becomes `Tech lead`.
    #[must_use]
    pub fn to_name(&self) -> String {
        let words = self.0.replace('_', " ");
        let (first, rest) = words.split_at(words.len().min(1));
        format!("{}{rest}", first.to_ascii_uppercase())
    }
}

impl FromStr for RoleSlug {
    type Err = RoleError;

    fn from_str(slug: &str) -> Result<Self, RoleError> {
        let ok = slug.len() <= 40
            && slug.starts_with(|c: char| c.is_ascii_lowercase())
            && slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if ok { Ok(Self(slug.to_owned())) } else { Err(RoleError) }
    }
}

impl TryFrom<String> for RoleSlug {
    type Error = RoleError;

    fn try_from(slug: String) -> Result<Self, RoleError> {
        slug.parse()
    }
}

impl From<RoleSlug> for String {
    fn from(slug: RoleSlug) -> Self {
        slug.0
    }
}

impl fmt::Display for RoleSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The error for an unknown role or a set of roles that is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a role")]
pub struct RoleError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn role_slug_with_other_characters_is_refused() {
        for good in ["tech_lead", "a", "legal2"] {
            assert!(good.parse::<RoleSlug>().is_ok(), "{good}");
        }
        for bad in ["", "Tech", "2nd", "_a", "a-b", "a b", "ä", &"a".repeat(41)] {
            assert_eq!(bad.parse::<RoleSlug>(), Err(RoleError), "{bad}");
        }
    }

    #[test]
    fn installation_roles_auditor_with_another_role_is_refused() {
        use InstallationRole::{Admin, Auditor, Member};
        assert!(InstallationRoles::new([Admin, Member]).is_ok());
        assert!(InstallationRoles::new([Auditor]).is_ok());
        assert_eq!(InstallationRoles::new([Auditor, Member]), Err(RoleError));
        assert_eq!(InstallationRoles::new([]), Err(RoleError));
    }
}
