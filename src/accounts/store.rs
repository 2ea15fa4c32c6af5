//! The rows of accounts and of the one-time address of the first admin; [`links`] has those of links.

mod links;

use sqlx::PgConnection;

use crate::{
    access::account::Account,
    domain::{
        canonical::Sha256Hash,
        ids::UserId,
        role::InstallationRoles,
        text::{Email, PersonName},
        time::{Moment, Zone},
    },
    texts::Language,
    web::viewer::ColorScheme,
};

pub(super) use self::links::{
    NewAddressChange, OpenInvitation, OpenReset, UsedReset, find_address_change, find_open_invitation, find_open_reset,
    insert_address_change, is_used_address_change, is_used_invitation, is_used_reset, load_requested_address,
    reset_password, use_address_change, use_invitation, use_reset,
};

/// Stores a new one-time address, unless somebody has an account. Returns whether it was stored.
pub(super) async fn replace_setup_token(
    conn: &mut PgConnection,
    hash: Sha256Hash,
    at: Moment,
) -> Result<bool, sqlx::Error> {
    let result = sqlx::query!(
        "INSERT INTO setup_token (token_hash, created_at) SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM users)
         ON CONFLICT (singleton) DO UPDATE SET token_hash = excluded.token_hash, created_at = excluded.created_at",
        hash.to_bytes(),
        at as Moment,
    )
    .execute(conn)
    .await?;
    Ok(result.rows_affected() == 1)
}

/// Whether this is the one-time address and it still works.
pub(super) async fn is_setup_token(conn: &mut PgConnection, hash: Sha256Hash) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM setup_token WHERE token_hash = $1) AND NOT EXISTS (SELECT FROM users) AS "is!""#,
        hash.to_bytes(),
    )
    .fetch_one(conn)
    .await
}

/// Uses up the one-time address. Of two concurrent tries, the second waits for the first and finds it gone.
pub(super) async fn use_setup_token(conn: &mut PgConnection, hash: Sha256Hash) -> Result<bool, sqlx::Error> {
    let used = sqlx::query!(
        "DELETE FROM setup_token WHERE token_hash = $1 AND NOT EXISTS (SELECT FROM users)",
        hash.to_bytes(),
    )
    .execute(conn)
    .await?;
    Ok(used.rows_affected() == 1)
}

pub(super) async fn has_any_account(db: impl sqlx::PgExecutor<'_>) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM users) AS "any!""#).fetch_one(db).await
}

pub(super) struct NewAccount<'a> {
    pub(super) id: UserId,
    pub(super) email: &'a Email,
    pub(super) name: &'a PersonName,
    pub(super) roles: &'a InstallationRoles,
    pub(super) password_hash: &'a str,
    pub(super) at: Moment,
}

/// Inserts an account; `None` when the address has one already.
pub(super) async fn insert_account(
    conn: &mut PgConnection,
    new: NewAccount<'_>,
) -> Result<Option<Account>, sqlx::Error> {
    let row = sqlx::query!(
        "INSERT INTO users (id, email, name, password_hash, roles, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT ON CONSTRAINT users_email_key DO NOTHING
         RETURNING credential_version, session_epoch",
        new.id.uuid(),
        new.email.as_str(),
        new.name.as_str(),
        new.password_hash,
        &new.roles.slugs(),
        new.at as Moment,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Account {
        id: new.id,
        email: new.email.clone(),
        name: new.name.clone(),
        roles: new.roles.clone(),
        zone: None,
        language: None,
        scheme: None,
        active: true,
        credential_version: row.credential_version,
        session_epoch: row.session_epoch,
        second_factor: false,
        owes_second_factor: false,
        has_renewals: false,
    }))
}

/// Replaces a password and ends every session, unless the credentials were changed since the proof was given. Returns
/// the new `(credential_version, session_epoch)`.
pub(super) async fn replace_password(
    conn: &mut PgConnection,
    user: UserId,
    proven_version: i32,
    password_hash: &str,
) -> Result<Option<(i32, i32)>, sqlx::Error> {
    let row = sqlx::query!(
        "UPDATE users SET password_hash = $3, credential_version = credential_version + 1,
                          session_epoch = session_epoch + 1
         WHERE id = $1 AND credential_version = $2 AND active
         RETURNING credential_version, session_epoch",
        user.uuid(),
        proven_version,
        password_hash,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.credential_version, row.session_epoch)))
}

/// Stores the language in which a person reads, or that the browser's counts.
pub(super) async fn set_language(
    conn: &mut PgConnection,
    user: UserId,
    language: Option<Language>,
) -> Result<(), sqlx::Error> {
    let tag = language.map(Language::tag);
    let result = sqlx::query!("UPDATE users SET language = $2 WHERE id = $1", user.uuid(), tag).execute(conn).await?;
    if result.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

pub(super) async fn set_zone(conn: &mut PgConnection, user: UserId, zone: &Zone) -> Result<(), sqlx::Error> {
    let result =
        sqlx::query!("UPDATE users SET zone = $2 WHERE id = $1", user.uuid(), zone.name()).execute(conn).await?;
    if result.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

/// Stores the colours that a person has chosen, or that those of the system count.
pub(super) async fn set_scheme(
    conn: &mut PgConnection,
    user: UserId,
    scheme: Option<ColorScheme>,
) -> Result<(), sqlx::Error> {
    let slug = scheme.map(ColorScheme::slug);
    let result = sqlx::query!("UPDATE users SET scheme = $2 WHERE id = $1", user.uuid(), slug).execute(conn).await?;
    if result.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

/// Locks an account's row, and returns whether its credentials are still those of a proof.
pub(super) async fn is_credential_version(
    conn: &mut PgConnection,
    user: UserId,
    proven_version: i32,
) -> Result<bool, sqlx::Error> {
    let version = sqlx::query_scalar!(
        "SELECT credential_version FROM users WHERE id = $1 AND active FOR NO KEY UPDATE",
        user.uuid(),
    );
    Ok(version.fetch_optional(conn).await? == Some(proven_version))
}
