//! The rows of accounts, invitations and the one-time address of the first admin.

use sqlx::PgConnection;

use crate::{
    access::account::Account,
    domain::{
        canonical::Sha256Hash,
        ids::{AddressChangeId, InvitationId, RenewalId, UserId},
        role::InstallationRoles,
        text::{Email, PersonName},
        time::{Moment, Zone},
    },
    texts::Language,
    web::viewer::ColorScheme,
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

/// An invitation that can still be used.
pub(super) struct OpenInvitation {
    pub(super) id: InvitationId,
    pub(super) email: Email,
    pub(super) name: PersonName,
    pub(super) roles: InstallationRoles,
}

/// The open invitation with this token, without using it.
pub(super) async fn find_open_invitation(
    conn: &mut PgConnection,
    hash: Sha256Hash,
    now: Moment,
) -> Result<Option<OpenInvitation>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT id AS "id: InvitationId", email, name, roles FROM invitations
           WHERE token_hash = $1 AND used_at IS NULL AND superseded_at IS NULL AND expires_at > $2"#,
        hash.to_bytes(),
        now as Moment,
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| parse_invitation(row.id, &row.email, &row.name, &row.roles)).transpose()
}

/// Whether an account was made with this invitation, which can sign in; `None` if there never was such an invitation.
pub(super) async fn is_used_invitation(conn: &mut PgConnection, hash: Sha256Hash) -> Result<Option<bool>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT i.used_at IS NOT NULL AND EXISTS (SELECT FROM users u WHERE u.email = i.email AND u.active) AS "is!"
           FROM invitations i WHERE i.token_hash = $1"#,
        hash.to_bytes(),
    )
    .fetch_optional(conn)
    .await
}

/// Uses up an open invitation. Of two concurrent tries, the second waits for the first and finds it used.
pub(super) async fn use_invitation(
    conn: &mut PgConnection,
    hash: Sha256Hash,
    now: Moment,
) -> Result<Option<OpenInvitation>, sqlx::Error> {
    let row = sqlx::query!(
        r#"UPDATE invitations SET used_at = $2
           WHERE token_hash = $1 AND used_at IS NULL AND superseded_at IS NULL AND expires_at > $2
           RETURNING id AS "id: InvitationId", email, name, roles"#,
        hash.to_bytes(),
        now as Moment,
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| parse_invitation(row.id, &row.email, &row.name, &row.roles)).transpose()
}

fn parse_invitation(
    id: InvitationId,
    email: &str,
    name: &str,
    roles: &[String],
) -> Result<OpenInvitation, sqlx::Error> {
    let damaged = |field: &str| sqlx::Error::Decode(format!("the {field} of invitation {id} can't be read").into());
    Ok(OpenInvitation {
        id,
        email: Email::new(email).map_err(|_| damaged("address"))?,
        name: PersonName::stored(name).map_err(|_| damaged("name"))?,
        roles: InstallationRoles::from_slugs(roles).map_err(|_| damaged("roles"))?,
    })
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

/// A password reset link that can still be used.
pub(super) struct OpenReset {
    pub(super) user: UserId,
    pub(super) email: Email,
    pub(super) name: PersonName,
}

/// The open link with this token, if its account is active.
pub(super) async fn find_open_reset(
    conn: &mut PgConnection,
    hash: Sha256Hash,
    now: Moment,
) -> Result<Option<OpenReset>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT u.id AS "id: UserId", u.email, u.name FROM password_resets r JOIN users u ON u.id = r.user_id
           WHERE r.token_hash = $1 AND r.used_at IS NULL AND r.superseded_at IS NULL AND r.expires_at > $2 AND u.active"#,
        hash.to_bytes(),
        now as Moment,
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        let damaged = |field: &str| sqlx::Error::Decode(format!("the {field} of {} can't be read", row.id).into());
        let email = Email::new(&row.email).map_err(|_| damaged("address"))?;
        let name = PersonName::stored(&row.name).map_err(|_| damaged("name"))?;
        Ok(OpenReset { user: row.id, email, name })
    })
    .transpose()
}

/// Whether a new password was chosen with this link, of an account that can sign in; `None` if there never was such a
/// link.
pub(super) async fn is_used_reset(conn: &mut PgConnection, hash: Sha256Hash) -> Result<Option<bool>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT r.used_at IS NOT NULL AND u.active AS "is!"
           FROM password_resets r JOIN users u ON u.id = r.user_id WHERE r.token_hash = $1"#,
        hash.to_bytes(),
    )
    .fetch_optional(conn)
    .await
}

pub(super) struct UsedReset {
    /// The renewal that this use is, if somebody else had made the link.
    pub(super) renewal: Option<RenewalId>,
}

/// Uses up an open link. Of two concurrent tries, the second waits for the first and finds it used.
pub(super) async fn use_reset(
    conn: &mut PgConnection,
    hash: Sha256Hash,
    now: Moment,
) -> Result<Option<UsedReset>, sqlx::Error> {
    sqlx::query_as!(
        UsedReset,
        r#"UPDATE password_resets SET used_at = $2
           WHERE token_hash = $1 AND used_at IS NULL AND superseded_at IS NULL AND expires_at > $2
           RETURNING renewal_id AS "renewal: RenewalId""#,
        hash.to_bytes(),
        now as Moment,
    )
    .fetch_optional(conn)
    .await
}

/// Sets a password without the previous one and ends every session. Returns false when the account is inactive.
pub(super) async fn reset_password(
    conn: &mut PgConnection,
    user: UserId,
    password_hash: &str,
) -> Result<bool, sqlx::Error> {
    let set = sqlx::query!(
        "UPDATE users SET password_hash = $2, credential_version = credential_version + 1,
                          session_epoch = session_epoch + 1
         WHERE id = $1 AND active",
        user.uuid(),
        password_hash,
    )
    .execute(conn)
    .await?;
    Ok(set.rows_affected() == 1)
}

/// Stores the language in which a person reads, or that the browser's counts.
pub(super) async fn set_language(
    conn: &mut PgConnection,
    user: UserId,
    language: Option<Language>,
) -> Result<(), sqlx::Error> {
    let tag = language.map(Language::tag);
    let set = sqlx::query!("UPDATE users SET language = $2 WHERE id = $1", user.uuid(), tag).execute(conn).await?;
    if set.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

pub(super) async fn set_zone(conn: &mut PgConnection, user: UserId, zone: &Zone) -> Result<(), sqlx::Error> {
    let set = sqlx::query!("UPDATE users SET zone = $2 WHERE id = $1", user.uuid(), zone.name()).execute(conn).await?;
    if set.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

/// Stores the colours that a person has chosen, or that those of the system count.
pub(super) async fn set_scheme(
    conn: &mut PgConnection,
    user: UserId,
    scheme: Option<ColorScheme>,
) -> Result<(), sqlx::Error> {
    let slug = scheme.map(ColorScheme::slug);
    let set = sqlx::query!("UPDATE users SET scheme = $2 WHERE id = $1", user.uuid(), slug).execute(conn).await?;
    if set.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
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

/// A request for another address, to insert.
pub(super) struct NewAddressChange<'a> {
    pub(super) id: AddressChangeId,
    pub(super) user: UserId,
    pub(super) email: &'a Email,
    /// `None` if an admin confirms it.
    pub(super) token: Option<Sha256Hash>,
    pub(super) at: Moment,
    pub(super) expires_at: Moment,
}

/// Inserts a request and supersedes the open one of the person, whose row has to be locked
/// ([`is_credential_version`]).
pub(super) async fn insert_address_change(
    conn: &mut PgConnection,
    new: NewAddressChange<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE address_changes SET superseded_at = $2
         WHERE user_id = $1 AND used_at IS NULL AND superseded_at IS NULL",
        new.user.uuid(),
        new.at as Moment,
    )
    .execute(&mut *conn)
    .await?;
    let token = new.token.map(|token| token.to_bytes().to_vec());
    sqlx::query!(
        "INSERT INTO address_changes (id, user_id, email, token_hash, requested_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        new.id.uuid(),
        new.user.uuid(),
        new.email.as_str(),
        token,
        new.at as Moment,
        new.expires_at as Moment,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The address that a person has asked for and not confirmed yet, and whether an admin has to confirm it.
pub(super) async fn load_requested_address(
    conn: &mut PgConnection,
    user: UserId,
    now: Moment,
) -> Result<Option<(String, bool)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT email, token_hash IS NULL AS "by_admin!" FROM address_changes
           WHERE user_id = $1 AND used_at IS NULL AND superseded_at IS NULL AND expires_at > $2"#,
        user.uuid(),
        now as Moment,
    );
    Ok(row.fetch_optional(conn).await?.map(|row| (row.email, row.by_admin)))
}

/// The address of a person's open request with this token, without using it.
pub(super) async fn find_address_change(
    conn: &mut PgConnection,
    user: UserId,
    hash: Sha256Hash,
    now: Moment,
) -> Result<Option<Email>, sqlx::Error> {
    let email = sqlx::query_scalar!(
        "SELECT email FROM address_changes
         WHERE user_id = $1 AND token_hash = $2 AND used_at IS NULL AND superseded_at IS NULL AND expires_at > $3",
        user.uuid(),
        hash.to_bytes(),
        now as Moment,
    );
    email.fetch_optional(conn).await?.map(|email| parse_requested(&email)).transpose()
}

/// Whether the address of a person was changed with this link; `None` if the person never had such a link.
pub(super) async fn is_used_address_change(
    conn: &mut PgConnection,
    user: UserId,
    hash: Sha256Hash,
) -> Result<Option<bool>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT used_at IS NOT NULL AS "is!" FROM address_changes WHERE user_id = $1 AND token_hash = $2"#,
        user.uuid(),
        hash.to_bytes(),
    )
    .fetch_optional(conn)
    .await
}

/// Uses up a person's open request. Of two concurrent tries, the second waits for the first and finds it used.
pub(super) async fn use_address_change(
    conn: &mut PgConnection,
    user: UserId,
    hash: Sha256Hash,
    now: Moment,
) -> Result<Option<Email>, sqlx::Error> {
    let email = sqlx::query_scalar!(
        "UPDATE address_changes SET used_at = $3
         WHERE user_id = $1 AND token_hash = $2 AND used_at IS NULL AND superseded_at IS NULL AND expires_at > $3
         RETURNING email",
        user.uuid(),
        hash.to_bytes(),
        now as Moment,
    );
    email.fetch_optional(conn).await?.map(|email| parse_requested(&email)).transpose()
}

fn parse_requested(email: &str) -> Result<Email, sqlx::Error> {
    Email::new(email).map_err(|error| sqlx::Error::Decode(error.into()))
}
