//! The rows that decide who may sign in and which launches a person may see.

use std::collections::BTreeSet;

use sqlx::PgConnection;

use super::account::{Account, AccountRow};
use crate::{
    domain::{
        canonical::Sha256Hash,
        ids::{CommentId, EvidenceId, EvidenceRequestId, ItemId, LaunchId, RenewalId, SignatureId, UserId, WaiverId},
        launch::texts::{Commitment, NewText},
        text::{Email, PersonName, resembles},
        time::Moment,
    },
    texts::FormerNames,
};

/// Selects the columns of an [`AccountRow`] of an account, and further ones. The macro's callers get them all in one row.
macro_rules! select_account {
    ($further_columns:literal, $condition:literal, $($argument:expr),+ $(,)?) => {
        sqlx::query!(
            r#"SELECT id AS "id: UserId", email, name, roles, zone, language, scheme, active, credential_version, session_epoch,
                      EXISTS (SELECT FROM second_factors WHERE user_id = users.id) AS "second_factor!",
                      owes_second_factor(id, roles) AS "owes_second_factor!",
                      has_renewals(id) AS "renewed!""#
                + $further_columns
                + " FROM users WHERE "
                + $condition,
            $($argument),+
        )
    };
}

/// Reads the account in a row of [`select_account!`].
macro_rules! read_account {
    ($row:ident) => {
        Account::try_from(AccountRow {
            id: $row.id,
            email: $row.email,
            name: $row.name,
            roles: $row.roles,
            zone: $row.zone,
            language: $row.language,
            scheme: $row.scheme,
            active: $row.active,
            credential_version: $row.credential_version,
            session_epoch: $row.session_epoch,
            second_factor: $row.second_factor,
            owes_second_factor: $row.owes_second_factor,
            renewed: $row.renewed,
        })
    };
}

pub async fn find_account(conn: &mut PgConnection, id: UserId) -> Result<Option<Account>, sqlx::Error> {
    let row = select_account!("", "id = $1", id.uuid()).fetch_optional(conn).await?;
    row.map(|row| read_account!(row)).transpose()
}

/// The account of somebody who looks at a page, and the names of the people who left or have another name now, in one
/// statement. The name of a deactivated account that an active one has too is left out, since it does not say who is meant.
pub(super) async fn find_viewer(
    conn: &mut PgConnection,
    id: UserId,
) -> Result<Option<(Account, FormerNames)>, sqlx::Error> {
    let row = select_account!(
        r#", ARRAY(SELECT n FROM users gone, unnest(gone.former_names || gone.name) n WHERE NOT gone.active AND NOT EXISTS
                   (SELECT FROM users other WHERE other.active AND other.name = n)) AS "deactivated!",
             ARRAY(SELECT n FROM users other, unnest(other.former_names || other.name) n
                   WHERE other.active AND NOT 'member' = ANY (other.roles)) AS "without_role!",
             ARRAY(SELECT n FROM users renamed, unnest(renamed.former_names) WITH ORDINALITY f (n, at)
                   WHERE renamed.former_names <> '{}' ORDER BY renamed.id, at) AS "former!",
             ARRAY(SELECT renamed.name FROM users renamed, unnest(renamed.former_names) WITH ORDINALITY f (n, at)
                   WHERE renamed.former_names <> '{}' ORDER BY renamed.id, at) AS "present!""#,
        "id = $1",
        id.uuid(),
    );
    let row = row.fetch_optional(conn).await?;
    row.map(|row| {
        let former = FormerNames {
            deactivated: row.deactivated.iter().cloned().collect(),
            without_role: row.without_role.iter().cloned().collect(),
            renamed: row.former.iter().cloned().zip(row.present.iter().cloned()).collect(),
        };
        Ok((read_account!(row)?, former))
    })
    .transpose()
}

/// The data of an account that sign-in needs.
pub(super) struct SignInCandidate {
    pub(super) account: Account,
    pub(super) password_hash: String,
    /// Whether this browser has signed in to the account before.
    pub(super) known_browser: bool,
}

/// The account with this address, and whether the browser with this hash is known to it.
pub(super) async fn find_candidate(
    conn: &mut PgConnection,
    email: &Email,
    browser: Option<Sha256Hash>,
) -> Result<Option<SignInCandidate>, sqlx::Error> {
    let row = select_account!(
        r#", password_hash, EXISTS (SELECT FROM known_browsers WHERE user_id = users.id AND browser_hash = $2) AS "known!""#,
        "email = $1",
        email.as_str(),
        browser.as_ref().map(|hash| hash.to_bytes().as_slice()),
    );
    let row = row.fetch_optional(conn).await?;
    row.map(|row| {
        let account = read_account!(row)?;
        Ok(SignInCandidate { account, password_hash: row.password_hash, known_browser: row.known })
    })
    .transpose()
}

/// The password hash and the `credential_version` of an active account.
pub(super) async fn load_password(conn: &mut PgConnection, id: UserId) -> Result<Option<(String, i32)>, sqlx::Error> {
    let row = sqlx::query!("SELECT password_hash, credential_version FROM users WHERE id = $1 AND active", id.uuid())
        .fetch_optional(conn)
        .await?;
    Ok(row.map(|row| (row.password_hash, row.credential_version)))
}

/// Inserts a password reset link. A link made by somebody else supersedes earlier links made by others; a mailed link
/// supersedes none, since anybody can ask for one.
pub(super) async fn insert_reset(conn: &mut PgConnection, new: NewReset) -> Result<(), sqlx::Error> {
    lock_account(conn, new.user).await?;
    if new.renewal.is_some() {
        sqlx::query!(
            "UPDATE password_resets SET superseded_at = $2
             WHERE user_id = $1 AND renewal_id IS NOT NULL AND used_at IS NULL AND superseded_at IS NULL",
            new.user.uuid(),
            new.at as Moment,
        )
        .execute(&mut *conn)
        .await?;
    }
    sqlx::query!(
        "INSERT INTO password_resets (id, user_id, token_hash, made_by, made_at, expires_at, renewal_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        new.id,
        new.user.uuid(),
        new.token.to_bytes(),
        new.by.map(UserId::uuid),
        new.at as Moment,
        new.expires_at as Moment,
        new.renewal.map(RenewalId::uuid),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A password reset link to insert.
pub(super) struct NewReset {
    pub(super) id: uuid::Uuid,
    pub(super) user: UserId,
    pub(super) token: Sha256Hash,
    pub(super) by: Option<UserId>,
    pub(super) at: Moment,
    pub(super) expires_at: Moment,
    /// The renewal that using the link will be; `None` for a link that is mailed to the person.
    pub(super) renewal: Option<RenewalId>,
}

/// Locks an account's row, so that concurrent changes of its reset links are made one after the other.
async fn lock_account(conn: &mut PgConnection, user: UserId) -> Result<(), sqlx::Error> {
    sqlx::query!("SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE", user.uuid()).fetch_one(conn).await.map(drop)
}

/// Invalidates all open password reset links of an account, and its request for another address.
pub async fn supersede_resets(conn: &mut PgConnection, user: UserId, at: Moment) -> Result<(), sqlx::Error> {
    lock_account(conn, user).await?;
    sqlx::query!(
        "UPDATE password_resets SET superseded_at = $2
         WHERE user_id = $1 AND used_at IS NULL AND superseded_at IS NULL",
        user.uuid(),
        at as Moment,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "UPDATE address_changes SET superseded_at = $2
         WHERE user_id = $1 AND used_at IS NULL AND superseded_at IS NULL",
        user.uuid(),
        at as Moment,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives a person another address, with which they sign in from now on. Returns false when it belongs to an account, or
/// when theirs is deactivated.
pub async fn set_address(conn: &mut PgConnection, user: UserId, email: &Email) -> Result<bool, sqlx::Error> {
    let set = sqlx::query!(
        "UPDATE users SET email = $2 WHERE id = $1 AND active AND NOT EXISTS (SELECT FROM users WHERE email = $2)",
        user.uuid(),
        email.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(set.rows_affected() == 1)
}

/// Gives a person another name and keeps the earlier one. Returns false when it is not the one that they have, or when
/// the account is deactivated.
pub async fn set_name(
    conn: &mut PgConnection,
    user: UserId,
    (from, to): (&PersonName, &PersonName),
) -> Result<bool, sqlx::Error> {
    let set = sqlx::query!(
        "UPDATE users SET name = $3, former_names = array_append(former_names, name)
         WHERE id = $1 AND name = $2 AND active",
        user.uuid(),
        from.as_str(),
        to.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(set.rows_affected() == 1)
}

/// Increases `credential_version` and `session_epoch`, which invalidates every session and every earlier proof. If a
/// version is given, only when it is still current. Returns the new `(credential_version, session_epoch)`.
pub async fn renew_credentials(
    conn: &mut PgConnection,
    user: UserId,
    proven_version: Option<i32>,
) -> Result<Option<(i32, i32)>, sqlx::Error> {
    let row = sqlx::query!(
        "UPDATE users SET credential_version = credential_version + 1, session_epoch = session_epoch + 1
         WHERE id = $1 AND ($2::integer IS NULL OR credential_version = $2)
         RETURNING credential_version, session_epoch",
        user.uuid(),
        proven_version,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.credential_version, row.session_epoch)))
}

/// Ends every session of an account. Returns the new `session_epoch`.
pub async fn end_sessions(conn: &mut PgConnection, user: UserId) -> Result<i32, sqlx::Error> {
    sqlx::query_scalar!(
        "UPDATE users SET session_epoch = session_epoch + 1 WHERE id = $1 RETURNING session_epoch",
        user.uuid(),
    )
    .fetch_one(conn)
    .await
}

/// The active account with an address.
pub async fn find_account_by_email(conn: &mut PgConnection, email: &Email) -> Result<Option<Account>, sqlx::Error> {
    let candidate = find_candidate(conn, email, None).await?;
    Ok(candidate.map(|candidate| candidate.account).filter(|account| account.active))
}

/// Whether a browser has signed in to an account before.
pub(super) async fn is_known_browser(
    conn: &mut PgConnection,
    user: UserId,
    browser: Sha256Hash,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM known_browsers WHERE user_id = $1 AND browser_hash = $2) AS "known!""#,
        user.uuid(),
        browser.to_bytes(),
    )
    .fetch_one(conn)
    .await
}

/// Remembers that a browser has signed in to an account.
pub async fn remember_browser(
    conn: &mut PgConnection,
    user: UserId,
    browser: Sha256Hash,
    at: Moment,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO known_browsers (user_id, browser_hash, signed_in_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id, browser_hash) DO UPDATE SET signed_in_at = excluded.signed_in_at",
        user.uuid(),
        browser.to_bytes(),
        at as Moment,
    )
    .execute(conn)
    .await?;
    Ok(())
}

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

/// How many days the address of a refused sign-in attempt is stored.
const REFUSAL_ADDRESS_DAYS: i64 = 90;

/// Stores the address behind the commitment of a refusal, and deletes addresses older than 90 days.
pub(super) async fn insert_refusal_address(
    conn: &mut PgConnection,
    commitment: Commitment,
    address: &NewText,
    at: Moment,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM refusal_addresses WHERE at < $1",
        at.plus_seconds(-REFUSAL_ADDRESS_DAYS * 86_400) as Moment
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "INSERT INTO refusal_addresses (commitment, salt, value, at) VALUES ($1, $2, $3, $4)",
        commitment.0.to_bytes(),
        &address.salt.0,
        address.value,
        at as Moment,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// People who can no longer take part in launches, so that nobody can sign as one of them.
#[derive(Debug, Clone, Default)]
pub struct FormerMembers {
    /// Their accounts are deactivated.
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

/// The tags of the launches that a person may see, each once, by name; at most [`MAX_TAGS_OFFERED`].
pub async fn load_visible_tags(
    db: impl sqlx::PgExecutor<'_>,
    user: UserId,
    reads_all: bool,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT DISTINCT ON (t.folded) t.tag FROM launch_tags t JOIN visible_launches($1, $2) l ON l.id = t.launch_id
           ORDER BY t.folded, t.tag LIMIT $3"#,
        user as _,
        reads_all,
        MAX_TAGS_OFFERED,
    )
    .fetch_all(db)
    .await
}

/// How many tags can be chosen from in a filter; any other tag can be in its address.
const MAX_TAGS_OFFERED: i64 = 200;

macro_rules! launch_of {
    ($($(#[$doc:meta])* $name:ident($id:ty) = $query:literal;)+) => {$(
        $(#[$doc])*
        pub async fn $name(db: impl sqlx::PgExecutor<'_>, id: $id) -> Result<Option<LaunchId>, sqlx::Error> {
            sqlx::query_scalar!($query, id as _).fetch_optional(db).await
        }
    )+};
}

launch_of! {
    launch_of_item(ItemId) = r#"SELECT launch_id AS "id: LaunchId" FROM items WHERE id = $1"#;
    launch_of_evidence(EvidenceId) = r#"SELECT launch_id AS "id: LaunchId" FROM evidence WHERE id = $1"#;
    launch_of_evidence_request(EvidenceRequestId) =
        r#"SELECT launch_id AS "id: LaunchId" FROM evidence_requests WHERE id = $1"#;
    launch_of_comment(CommentId) = r#"SELECT launch_id AS "id: LaunchId" FROM comments WHERE id = $1"#;
    launch_of_waiver(WaiverId) = r#"SELECT launch_id AS "id: LaunchId" FROM waivers WHERE id = $1"#;
    launch_of_signature(SignatureId) = r#"SELECT launch_id AS "id: LaunchId" FROM signatures WHERE id = $1"#;
}
