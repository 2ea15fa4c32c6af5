//! Queries on users, invitations and settings.

use std::collections::{BTreeSet, HashMap};

use sqlx::PgConnection;

use crate::domain::{
    canonical::Sha256Hash,
    ids::{AddressChangeId, InvitationId, UserId},
    installation::SecondFactorPolicy,
    launch::texts::Commitment,
    role::InstallationRoles,
    text::{Email, PersonName},
    time::Moment,
};

pub(super) struct UserRow {
    pub(super) id: UserId,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) roles: InstallationRoles,
    pub(super) active: bool,
    pub(super) second_factor: bool,
    pub(super) created_at: Moment,
}

/// All people, active ones first.
pub(super) async fn load_people(conn: &mut PgConnection) -> Result<Vec<UserRow>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: UserId", name, email, roles, active, created_at AS "created_at: Moment",
                  EXISTS (SELECT FROM second_factors WHERE user_id = users.id) AS "second_factor!"
           FROM users ORDER BY active DESC, lower(name), id"#
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let roles = parse_roles(&row.roles)?;
            Ok(UserRow {
                id: row.id,
                name: row.name,
                email: row.email,
                roles,
                active: row.active,
                second_factor: row.second_factor,
                created_at: row.created_at,
            })
        })
        .collect()
}

pub(super) struct InvitationRow {
    pub(super) id: InvitationId,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) roles: InstallationRoles,
    pub(super) created_at: Moment,
    pub(super) expires_at: Moment,
}

/// The invitations that are neither used nor superseded, including expired ones.
pub(super) async fn load_invitations(conn: &mut PgConnection) -> Result<Vec<InvitationRow>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: InvitationId", name, email, roles, created_at AS "created_at: Moment",
                  expires_at AS "expires_at: Moment"
           FROM invitations WHERE used_at IS NULL AND superseded_at IS NULL ORDER BY created_at DESC, id"#
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let roles = parse_roles(&row.roles)?;
            let (created_at, expires_at) = (row.created_at, row.expires_at);
            Ok(InvitationRow { id: row.id, name: row.name, email: row.email, roles, created_at, expires_at })
        })
        .collect()
}

fn parse_roles(slugs: &[String]) -> Result<InstallationRoles, sqlx::Error> {
    InstallationRoles::from_slugs(slugs).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// Locks addresses, in this order, so that two admins who invite the same person at once do it one after the other, and
/// the later invitation is valid.
pub(super) async fn lock_addresses(conn: &mut PgConnection, addresses: &[String]) -> Result<(), sqlx::Error> {
    for address in addresses {
        sqlx::query!("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", address).fetch_one(&mut *conn).await?;
    }
    Ok(())
}

/// Which of these addresses have an invitation that still works.
pub(super) async fn find_open_addresses(
    conn: &mut PgConnection,
    addresses: &[String],
    now: Moment,
) -> Result<BTreeSet<String>, sqlx::Error> {
    let open = sqlx::query_scalar!(
        "SELECT email FROM invitations
         WHERE email = ANY($1) AND used_at IS NULL AND superseded_at IS NULL AND expires_at > $2",
        addresses,
        now as Moment,
    );
    Ok(open.fetch_all(conn).await?.into_iter().collect())
}

/// The names and addresses of open invitations, by the hashes of their tokens.
pub(super) async fn find_invited_by_token(
    conn: &mut PgConnection,
    tokens: &[Sha256Hash],
    now: Moment,
) -> Result<HashMap<Sha256Hash, (PersonName, String)>, sqlx::Error> {
    let bytes: Vec<Vec<u8>> = tokens.iter().map(|token| token.to_bytes().to_vec()).collect();
    let rows = sqlx::query!(
        "SELECT token_hash, name, email FROM invitations
         WHERE token_hash = ANY($1) AND used_at IS NULL AND superseded_at IS NULL AND expires_at > $2",
        &bytes,
        now as Moment,
    );
    let find_token = |bytes: Vec<u8>| tokens.iter().copied().find(|token| token.to_bytes().as_slice() == bytes);
    let people = rows
        .fetch_all(conn)
        .await?
        .into_iter()
        .filter_map(|row| Some((find_token(row.token_hash)?, (PersonName::stored(&row.name).ok()?, row.email))));
    Ok(people.collect())
}

/// An invitation that is neither used nor superseded.
pub(super) struct LockedInvitation {
    pub(super) name: PersonName,
    pub(super) email: Email,
    pub(super) roles: InstallationRoles,
    /// Whether the address got an account in another way.
    pub(super) has_account: bool,
}

/// Locks the address of an invitation that is neither used nor superseded; it may have expired.
pub(super) async fn lock_invitation(
    conn: &mut PgConnection,
    id: InvitationId,
) -> Result<Option<LockedInvitation>, sqlx::Error> {
    let email = sqlx::query_scalar!("SELECT email FROM invitations WHERE id = $1", id.uuid());
    let Some(email) = email.fetch_optional(&mut *conn).await? else { return Ok(None) };
    lock_addresses(conn, &[email]).await?;
    let row = sqlx::query!(
        r#"SELECT name, email, roles, EXISTS (SELECT FROM users u WHERE u.email = i.email) AS "has_account!"
           FROM invitations i WHERE id = $1 AND used_at IS NULL AND superseded_at IS NULL FOR UPDATE OF i"#,
        id.uuid(),
    );
    let damaged = |error: String| sqlx::Error::Decode(format!("invitation {id} can't be read: {error}").into());
    row.fetch_optional(conn)
        .await?
        .map(|row| {
            Ok(LockedInvitation {
                name: PersonName::stored(&row.name).map_err(|error| damaged(error.to_string()))?,
                email: Email::new(&row.email).map_err(|error| damaged(error.to_string()))?,
                roles: parse_roles(&row.roles)?,
                has_account: row.has_account,
            })
        })
        .transpose()
}

pub(super) struct NewInvitation<'a> {
    pub(super) id: InvitationId,
    pub(super) token: Sha256Hash,
    pub(super) email: &'a Email,
    pub(super) name: &'a PersonName,
    pub(super) roles: &'a InstallationRoles,
    pub(super) invited_by: UserId,
    pub(super) at: Moment,
    pub(super) expires_at: Moment,
}

/// Inserts an invitation and supersedes any open one to the same address, which has to be locked
/// ([`lock_addresses`], or its invitation).
pub(super) async fn insert_invitation(conn: &mut PgConnection, new: NewInvitation<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE invitations SET superseded_at = $2
         WHERE email = $1 AND used_at IS NULL AND superseded_at IS NULL",
        new.email.as_str(),
        new.at as Moment,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "INSERT INTO invitations (id, token_hash, email, name, roles, invited_by, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        new.id.uuid(),
        new.token.to_bytes(),
        new.email.as_str(),
        new.name.as_str(),
        &new.roles.slugs(),
        new.invited_by.uuid(),
        new.at as Moment,
        new.expires_at as Moment,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Withdraws an invitation. Returns whether it was open.
pub(super) async fn withdraw_invitation(
    conn: &mut PgConnection,
    id: InvitationId,
    at: Moment,
) -> Result<bool, sqlx::Error> {
    let result = sqlx::query!(
        "UPDATE invitations SET superseded_at = $2 WHERE id = $1 AND used_at IS NULL AND superseded_at IS NULL",
        id.uuid(),
        at as Moment,
    )
    .execute(conn)
    .await?;
    Ok(result.rows_affected() == 1)
}

pub(super) struct LockedPerson {
    pub(super) name: String,
    pub(super) roles: InstallationRoles,
    pub(super) active: bool,
    /// Whether there is another active admin.
    pub(super) has_other_admin: bool,
}

/// Locks the active admins and this person, always in the order of their ids, so that two admins who remove each
/// other's rights at the same time can't both succeed. Their keys stay free: an entry of the audit log that names one of
/// them, and holds the log that this change needs next, would wait for this lock.
pub(super) async fn lock_person_and_admins(
    conn: &mut PgConnection,
    id: UserId,
) -> Result<Option<LockedPerson>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: UserId", name, roles, active FROM users
           WHERE id = $1 OR (active AND 'admin' = ANY (roles)) ORDER BY id FOR NO KEY UPDATE"#,
        id.uuid(),
    )
    .fetch_all(conn)
    .await?;
    let has_other_admin = rows.iter().any(|row| row.id != id);
    rows.into_iter()
        .find(|row| row.id == id)
        .map(|row| {
            Ok(LockedPerson { name: row.name, roles: parse_roles(&row.roles)?, active: row.active, has_other_admin })
        })
        .transpose()
}

pub(super) async fn load_second_factor_policy(conn: &mut PgConnection) -> Result<SecondFactorPolicy, sqlx::Error> {
    let slug = sqlx::query_scalar!("SELECT second_factor FROM settings").fetch_one(conn).await?;
    parse_policy(&slug)
}

/// The policy, locked until the transaction ends.
pub(super) async fn lock_second_factor_policy(conn: &mut PgConnection) -> Result<SecondFactorPolicy, sqlx::Error> {
    let slug = sqlx::query_scalar!("SELECT second_factor FROM settings FOR UPDATE").fetch_one(conn).await?;
    parse_policy(&slug)
}

fn parse_policy(slug: &str) -> Result<SecondFactorPolicy, sqlx::Error> {
    SecondFactorPolicy::from_slug(slug).ok_or_else(|| sqlx::Error::Decode(format!("{slug} is no policy").into()))
}

pub(super) async fn set_second_factor_policy(
    conn: &mut PgConnection,
    policy: SecondFactorPolicy,
) -> Result<(), sqlx::Error> {
    let result = sqlx::query!("UPDATE settings SET second_factor = $1", policy.slug()).execute(conn).await?;
    if result.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

/// A person by whom the security log can be filtered.
pub(super) struct SecurityLogPersonOption {
    pub(super) id: UserId,
    pub(super) name: String,
    pub(super) email: String,
}

/// All people, by name.
pub(super) async fn load_person_options(conn: &mut PgConnection) -> Result<Vec<SecurityLogPersonOption>, sqlx::Error> {
    sqlx::query_as!(
        SecurityLogPersonOption,
        r#"SELECT id AS "id: UserId", name, email FROM users ORDER BY lower(name), email, id"#
    )
    .fetch_all(conn)
    .await
}

/// The client IP addresses of refused sign-in attempts that are still stored, by their commitments in the log.
pub(super) async fn load_refused_client_ips(
    conn: &mut PgConnection,
    commitments: &[Commitment],
) -> Result<HashMap<Commitment, String>, sqlx::Error> {
    let bytes: Vec<Vec<u8>> = commitments.iter().map(|commitment| commitment.0.to_bytes().to_vec()).collect();
    let rows = sqlx::query!("SELECT commitment, value FROM refusal_addresses WHERE commitment = ANY($1)", &bytes)
        .fetch_all(conn)
        .await?;
    let parse_commitment = |bytes: Vec<u8>| Some(Commitment(bytes.try_into().ok()?));
    Ok(rows.into_iter().filter_map(|row| Some((parse_commitment(row.commitment)?, row.value))).collect())
}

/// Sets a person's roles and ends their sessions, so that they sign in again with the new ones.
pub(super) async fn set_roles(
    conn: &mut PgConnection,
    id: UserId,
    roles: &InstallationRoles,
) -> Result<(), sqlx::Error> {
    let result = sqlx::query!(
        "UPDATE users SET roles = $2, session_epoch = session_epoch + 1 WHERE id = $1",
        id.uuid(),
        &roles.slugs(),
    )
    .execute(conn)
    .await?;
    if result.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

/// Activates or deactivates an account and ends its sessions.
pub(super) async fn set_active(conn: &mut PgConnection, id: UserId, active: bool) -> Result<(), sqlx::Error> {
    let result = sqlx::query!(
        "UPDATE users SET active = $2, session_epoch = session_epoch + 1 WHERE id = $1",
        id.uuid(),
        active,
    )
    .execute(conn)
    .await?;
    if result.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

/// A request for another address that waits for an admin.
pub(super) struct AddressRequest {
    pub(super) id: AddressChangeId,
    pub(super) user: UserId,
    pub(super) name: String,
    pub(super) old: String,
    pub(super) new: String,
    pub(super) at: Moment,
}

/// The open requests without a link, oldest first.
pub(super) async fn load_address_requests(
    conn: &mut PgConnection,
    now: Moment,
) -> Result<Vec<AddressRequest>, sqlx::Error> {
    sqlx::query_as!(
        AddressRequest,
        r#"SELECT a.id AS "id: AddressChangeId", a.user_id AS "user: UserId", u.name, u.email AS old, a.email AS new,
                  a.requested_at AS "at: Moment"
           FROM address_changes a JOIN users u ON u.id = a.user_id
           WHERE a.token_hash IS NULL AND a.used_at IS NULL AND a.superseded_at IS NULL AND a.expires_at > $1 AND u.active
           ORDER BY a.requested_at, a.id"#,
        now as Moment,
    )
    .fetch_all(conn)
    .await
}

/// Uses up an open request without a link. Of two concurrent tries, the second waits for the first and finds it used.
pub(super) async fn use_address_request(
    conn: &mut PgConnection,
    id: AddressChangeId,
    now: Moment,
) -> Result<Option<(UserId, Email)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"UPDATE address_changes SET used_at = $2
           WHERE id = $1 AND token_hash IS NULL AND used_at IS NULL AND superseded_at IS NULL AND expires_at > $2
           RETURNING user_id AS "user: UserId", email"#,
        id.uuid(),
        now as Moment,
    );
    let parse = |email: &str| Email::new(email).map_err(|error| sqlx::Error::Decode(error.into()));
    row.fetch_optional(conn).await?.map(|row| Ok((row.user, parse(&row.email)?))).transpose()
}

/// Whether there is another active admin.
pub(super) async fn has_other_admin(conn: &mut PgConnection, id: UserId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM users WHERE id <> $1 AND active AND 'admin' = ANY (roles)) AS "has!""#,
        id.uuid(),
    )
    .fetch_one(conn)
    .await
}
