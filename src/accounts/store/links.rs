//! The rows of the links that are mailed or handed over: invitations, password reset links, and those that confirm another
//! address.

use sqlx::PgConnection;

use crate::domain::{
    canonical::Sha256Hash,
    ids::{AddressChangeId, InvitationId, RenewalId, UserId},
    role::InstallationRoles,
    text::{Email, PersonName},
    time::Moment,
};

/// An invitation that can still be used.
pub(in crate::accounts) struct OpenInvitation {
    pub(in crate::accounts) id: InvitationId,
    pub(in crate::accounts) email: Email,
    pub(in crate::accounts) name: PersonName,
    pub(in crate::accounts) roles: InstallationRoles,
}

/// The open invitation with this token, without using it.
pub(in crate::accounts) async fn find_open_invitation(
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
pub(in crate::accounts) async fn is_used_invitation(
    conn: &mut PgConnection,
    hash: Sha256Hash,
) -> Result<Option<bool>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT i.used_at IS NOT NULL AND EXISTS (SELECT FROM users u WHERE u.email = i.email AND u.active) AS "is!"
           FROM invitations i WHERE i.token_hash = $1"#,
        hash.to_bytes(),
    )
    .fetch_optional(conn)
    .await
}

/// Uses up an open invitation. Of two concurrent tries, the second waits for the first and finds it used.
pub(in crate::accounts) async fn use_invitation(
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

/// A password reset link that can still be used.
pub(in crate::accounts) struct OpenReset {
    pub(in crate::accounts) user: UserId,
    pub(in crate::accounts) email: Email,
    pub(in crate::accounts) name: PersonName,
}

/// The open link with this token, if its account is active.
pub(in crate::accounts) async fn find_open_reset(
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
pub(in crate::accounts) async fn is_used_reset(
    conn: &mut PgConnection,
    hash: Sha256Hash,
) -> Result<Option<bool>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT r.used_at IS NOT NULL AND u.active AS "is!"
           FROM password_resets r JOIN users u ON u.id = r.user_id WHERE r.token_hash = $1"#,
        hash.to_bytes(),
    )
    .fetch_optional(conn)
    .await
}

pub(in crate::accounts) struct UsedReset {
    /// The renewal that this use is, if somebody else had made the link.
    pub(in crate::accounts) renewal: Option<RenewalId>,
}

/// Uses up an open link. Of two concurrent tries, the second waits for the first and finds it used.
pub(in crate::accounts) async fn use_reset(
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
pub(in crate::accounts) async fn reset_password(
    conn: &mut PgConnection,
    user: UserId,
    password_hash: &str,
) -> Result<bool, sqlx::Error> {
    let result = sqlx::query!(
        "UPDATE users SET password_hash = $2, credential_version = credential_version + 1,
                          session_epoch = session_epoch + 1
         WHERE id = $1 AND active",
        user.uuid(),
        password_hash,
    )
    .execute(conn)
    .await?;
    Ok(result.rows_affected() == 1)
}

/// A request for another address, to insert.
pub(in crate::accounts) struct NewAddressChange<'a> {
    pub(in crate::accounts) id: AddressChangeId,
    pub(in crate::accounts) user: UserId,
    pub(in crate::accounts) email: &'a Email,
    /// `None` if an admin confirms it.
    pub(in crate::accounts) token: Option<Sha256Hash>,
    pub(in crate::accounts) at: Moment,
    pub(in crate::accounts) expires_at: Moment,
}

/// Inserts a request and supersedes the open one of the person, whose row has to be locked
/// ([`is_credential_version`]).
pub(in crate::accounts) async fn insert_address_change(
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
pub(in crate::accounts) async fn load_requested_address(
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
pub(in crate::accounts) async fn find_address_change(
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
pub(in crate::accounts) async fn is_used_address_change(
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
pub(in crate::accounts) async fn use_address_change(
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
