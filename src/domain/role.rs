//! Roles: those of the installation, which an account has, and those that sign a launch, which are rows.

use std::{collections::BTreeSet, fmt, str::FromStr};

/// What an account may do in the installation. An account has a set of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstallationRole {
    /// Looks after accounts, roles and checklists; reads launches.
    Admin,
    /// Takes part in launches.
    Member,
    /// Reads everything, changes nothing; stands alone.
    Auditor,
}

impl InstallationRole {
    /// Every role, in the order pages show them.
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

    /// The name that people read.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Admin => "Admin",
            Self::Member => "Member",
            Self::Auditor => "Auditor",
        }
    }
}

impl FromStr for InstallationRole {
    type Err = NotARole;

    fn from_str(slug: &str) -> Result<Self, NotARole> {
        Self::ALL.into_iter().find(|role| role.slug() == slug).ok_or(NotARole)
    }
}

/// The installation roles of one account: at least one, and `auditor` only alone.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct InstallationRoles(BTreeSet<InstallationRole>);

impl InstallationRoles {
    /// The set of these roles.
    ///
    /// # Errors
    /// [`NotARole`] when there is none, or when `auditor` stands beside another.
    pub fn new(roles: impl IntoIterator<Item = InstallationRole>) -> Result<Self, NotARole> {
        let roles: BTreeSet<_> = roles.into_iter().collect();
        let auditor_alone = !roles.contains(&InstallationRole::Auditor) || roles.len() == 1;
        if roles.is_empty() || !auditor_alone { Err(NotARole) } else { Ok(Self(roles)) }
    }

    /// Whether this role is among them.
    #[must_use]
    pub fn has(&self, role: InstallationRole) -> bool {
        self.0.contains(&role)
    }

    /// The roles, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = InstallationRole> + '_ {
        self.0.iter().copied()
    }

    /// The slugs, as the database keeps them.
    #[must_use]
    pub fn slugs(&self) -> Vec<String> {
        self.iter().map(|role| role.slug().to_owned()).collect()
    }

    /// Reads the slugs that the database keeps.
    ///
    /// # Errors
    /// [`NotARole`] for an unknown slug or a set that may not be.
    pub fn from_slugs(slugs: &[String]) -> Result<Self, NotARole> {
        Self::new(slugs.iter().map(|slug| slug.parse()).collect::<Result<Vec<_>, _>>()?)
    }
}

/// The slug of a role that signs launches, such as `tech_lead`: 1 to 40 of `a-z`, `0-9` and `_`, beginning with
/// a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoleSlug(String);

impl RoleSlug {
    /// The slug's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RoleSlug {
    type Err = NotARole;

    fn from_str(slug: &str) -> Result<Self, NotARole> {
        let ok = slug.len() <= 40
            && slug.starts_with(|c: char| c.is_ascii_lowercase())
            && slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if ok { Ok(Self(slug.to_owned())) } else { Err(NotARole) }
    }
}

impl TryFrom<String> for RoleSlug {
    type Error = NotARole;

    fn try_from(slug: String) -> Result<Self, NotARole> {
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

/// The reason a role, or a set of them, was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a role")]
pub struct NotARole;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain() {
        for good in ["tech_lead", "a", "legal2"] {
            assert!(good.parse::<RoleSlug>().is_ok(), "{good}");
        }
        for bad in ["", "Tech", "2nd", "_a", "a-b", "a b", "ä", &"a".repeat(41)] {
            assert_eq!(bad.parse::<RoleSlug>(), Err(NotARole), "{bad}");
        }
    }

    #[test]
    fn an_auditor_is_nothing_else() {
        use InstallationRole::{Admin, Auditor, Member};
        assert!(InstallationRoles::new([Admin, Member]).is_ok());
        assert!(InstallationRoles::new([Auditor]).is_ok());
        assert_eq!(InstallationRoles::new([Auditor, Member]), Err(NotARole));
        assert_eq!(InstallationRoles::new([]), Err(NotARole));
    }
}
