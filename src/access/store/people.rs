//! The people of the installation: their names and addresses, and who can take part in launches.

use std::collections::BTreeSet;

use sqlx::PgConnection;

use crate::domain::{
    ids::UserId,
    text::{Email, PersonName, resembles},
};

/// The active members of the installation by name: people to whom a launch can be given. Each has the label for a list
/// to choose from: the name and the address, which distinguishes people of the same name.
pub async fn load_members(db: impl sqlx::PgExecutor<'_>) -> Result<Vec<(UserId, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: UserId", name, email FROM users
           WHERE active AND 'member' = ANY (roles) ORDER BY name, email, id"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, with_address(&row.name, &row.email))).collect())
}

/// A name followed by the address, unless the name ends with it already.
#[must_use]
pub fn with_address(name: &str, email: &str) -> String {
    let address = format!("({email})");
    if name.ends_with(&address) { name.to_owned() } else { format!("{name} {address}") }
}

/// The names and the address that somebody here has.
#[derive(Debug, Clone)]
pub struct KnownPerson {
    pub id: UserId,
    pub name: PersonName,
    /// Earlier names, which histories still show.
    former_names: Vec<PersonName>,
    pub email: String,
}

impl KnownPerson {
    #[must_use]
    pub fn new(id: UserId, name: PersonName, email: String) -> Self {
        Self { id, name, former_names: Vec::new(), email }
    }

    /// Whether the name, or one that the person had before, looks like this one ([`resembles`]).
    #[must_use]
    pub fn is_named_like(&self, name: &PersonName) -> bool {
        let mut names = std::iter::once(&self.name).chain(&self.former_names);
        names.any(|own| resembles(&without_address(own), name))
    }

    /// Whether the address could be taken for this one ([`Email::resembles`]).
    #[must_use]
    pub fn has_address_like(&self, email: &Email) -> bool {
        Email::new(&self.email).is_ok_and(|other| other.resembles(email))
    }
}

/// Everybody's names and addresses, in the order of joining. The lock serialises callers until the transaction ends, so
/// that of two people who join with the same name at once the second is found to resemble the first.
pub async fn load_known_people(conn: &mut PgConnection) -> Result<Vec<KnownPerson>, sqlx::Error> {
    /// The key of the lock, unique in the database.
    const NAMES: i64 = 0x7369_676e_6e61_6d65;
    sqlx::query!("SELECT pg_advisory_xact_lock($1)", NAMES).execute(&mut *conn).await?;
    let rows =
        sqlx::query!(r#"SELECT id AS "id: UserId", name, former_names, email FROM users ORDER BY created_at, id"#);
    let rows = rows.fetch_all(conn).await?;
    let people = rows.into_iter().filter_map(|row| {
        let former_names = row.former_names.iter().filter_map(|name| PersonName::stored(name).ok()).collect();
        Some(KnownPerson { former_names, ..KnownPerson::new(row.id, PersonName::stored(&row.name).ok()?, row.email) })
    });
    Ok(people.collect())
}

/// The people whose names look like this one. It locks as [`load_known_people`] does.
pub async fn find_people_named_like(
    conn: &mut PgConnection,
    name: &PersonName,
) -> Result<Vec<KnownPerson>, sqlx::Error> {
    let people = load_known_people(conn).await?;
    Ok(people.into_iter().filter(|person| person.is_named_like(name)).collect())
}

/// A name without the address after it, which distinguishes a namesake.
fn without_address(name: &PersonName) -> PersonName {
    let plain = name.as_str().rsplit_once(" (").filter(|(_, address)| address.ends_with(')') && address.contains('@'));
    plain.and_then(|(plain, _)| PersonName::stored(plain).ok()).unwrap_or_else(|| name.clone())
}

/// Gives a person another name and keeps the earlier one. Returns false when it is not the one that they have, or when
/// the account is deactivated.
pub async fn set_name(
    conn: &mut PgConnection,
    user: UserId,
    (from, to): (&PersonName, &PersonName),
) -> Result<bool, sqlx::Error> {
    let result = sqlx::query!(
        "UPDATE users SET name = $3, former_names = array_append(former_names, name)
         WHERE id = $1 AND name = $2 AND active",
        user.uuid(),
        from.as_str(),
        to.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(result.rows_affected() == 1)
}

/// People who can no longer take part in launches, so that nobody can sign as one of them.
#[derive(Debug, Clone, Default)]
pub struct FormerMembers {
    pub deactivated: BTreeSet<UserId>,
    /// Their accounts are active and no longer have the role of a member.
    pub without_role: BTreeSet<UserId>,
}

impl FormerMembers {
    /// Which of these people are former members. No query is made for an empty list.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_among(
        db: impl sqlx::PgExecutor<'_>,
        people: impl IntoIterator<Item = UserId>,
    ) -> Result<Self, sqlx::Error> {
        let people: Vec<UserId> = people.into_iter().collect();
        let mut found = Self::default();
        if people.is_empty() {
            return Ok(found);
        }
        let rows = sqlx::query!(
            r#"SELECT id AS "id: UserId", active FROM users WHERE id = ANY($1) AND NOT (active AND 'member' = ANY (roles))"#,
            &people as _,
        );
        for row in rows.fetch_all(db).await? {
            if row.active { &mut found.without_role } else { &mut found.deactivated }.insert(row.id);
        }
        Ok(found)
    }

    #[must_use]
    pub fn contains(&self, person: UserId) -> bool {
        self.deactivated.contains(&person) || self.without_role.contains(&person)
    }
}
