//! The rows that decide who may sign in, and which launches a person may see.

mod launches;
mod people;
mod resets;

use sqlx::PgConnection;

use super::account::{Account, AccountRow};
use crate::{
    domain::{
        canonical::Sha256Hash,
        ids::UserId,
        launch::texts::{Commitment, NewText},
        notification::MAX_COUNTED,
        text::Email,
        time::Moment,
    },
    texts::FormerNames,
};

pub(super) use self::resets::{NewReset, insert_reset};
pub use self::{
    launches::{
        launch_of_comment, launch_of_evidence, launch_of_evidence_request, launch_of_item, launch_of_signature,
        launch_of_waiver, load_visible_tags,
    },
    people::{
        FormerMembers, KnownPerson, find_people_named_like, load_known_people, load_members, set_name, with_address,
    },
    resets::supersede_resets,
};

/// Selects the columns of an [`AccountRow`] of an account, and further ones. The macro's callers get them all in one row.
/// `with` is empty, or the common table expressions that the further columns use.
macro_rules! select_account {
    ($with:literal, $further_columns:literal, $condition:literal, $($argument:expr),+ $(,)?) => {
        sqlx::query!(
            $with
                + r#"SELECT id AS "id: UserId", email, name, roles, zone, language, scheme, active, credential_version, session_epoch,
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
    let row = select_account!("", "", "id = $1", id.uuid()).fetch_optional(conn).await?;
    row.map(|row| read_account!(row)).transpose()
}

/// The account of somebody who looks at a page, the names of the people who left or have another name now, and the number of
/// the person's unread notifications, in one statement, which reads those people once, by the index `users_marked`. The name of a deactivated account that an active one has too is left out, since it does not say who is meant.
pub(super) async fn find_viewer(
    conn: &mut PgConnection,
    id: UserId,
) -> Result<Option<(Account, FormerNames, i64)>, sqlx::Error> {
    let row = select_account!(
        "WITH marked AS MATERIALIZED (
             SELECT id, name, former_names, active, 'member' = ANY (roles) AS is_member
             FROM users WHERE NOT active OR NOT 'member' = ANY (roles) OR former_names <> '{}'
         ), former AS MATERIALIZED (
             SELECT id, n AS name, at, marked.name AS present, active, is_member
             FROM marked, unnest(former_names) WITH ORDINALITY f (n, at)
         ) ",
        r#", ARRAY(SELECT name FROM (SELECT name FROM marked WHERE NOT active
                                     UNION ALL SELECT name FROM former WHERE NOT active) gone
                   WHERE NOT EXISTS (SELECT FROM users other WHERE other.active AND other.name = gone.name)) AS "deactivated!",
             ARRAY(SELECT name FROM marked WHERE active AND NOT is_member
                   UNION ALL SELECT name FROM former WHERE active AND NOT is_member) AS "without_role!",
             ARRAY(SELECT name FROM former ORDER BY id, at) AS "former!",
             ARRAY(SELECT present FROM former ORDER BY id, at) AS "present!",
             (SELECT count(*) FROM (SELECT FROM notifications n
                                    WHERE n.user_id = users.id AND n.read_at IS NULL LIMIT $2) unread) AS "unread!""#,
        "id = $1",
        id.uuid(),
        MAX_COUNTED,
    );
    let row = row.fetch_optional(conn).await?;
    row.map(|row| {
        let former = FormerNames {
            deactivated: row.deactivated.iter().cloned().collect(),
            without_role: row.without_role.iter().cloned().collect(),
            renamed: row.former.iter().cloned().zip(row.present.iter().cloned()).collect(),
        };
        let unread = row.unread;
        Ok((read_account!(row)?, former, unread))
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
        "",
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

/// Gives a person another address, with which they sign in from now on. Returns false when it belongs to an account, or
/// when theirs is deactivated.
pub async fn set_address(conn: &mut PgConnection, user: UserId, email: &Email) -> Result<bool, sqlx::Error> {
    let result = sqlx::query!(
        "UPDATE users SET email = $2 WHERE id = $1 AND active AND NOT EXISTS (SELECT FROM users WHERE email = $2)",
        user.uuid(),
        email.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(result.rows_affected() == 1)
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
