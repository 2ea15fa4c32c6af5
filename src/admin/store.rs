//! The rows of people and invitations.

use std::collections::HashMap;

use sqlx::PgConnection;

use crate::domain::{
    canonical::Sha256Hash,
    ids::{InvitationId, UserId},
    installation::SecondFactorPolicy,
    launch::texts::Commitment,
    role::InstallationRoles,
    text::{Email, PersonName},
    time::Moment,
};

/// A person, for the list.
pub(super) struct PersonRow {
    pub(super) id: UserId,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) roles: InstallationRoles,
    pub(super) active: bool,
    pub(super) second_factor: bool,
    pub(super) created_at: Moment,
}

/// Everybody, those who may sign in first.
pub(super) async fn people(conn: &mut PgConnection) -> Result<Vec<PersonRow>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: UserId", name, email, roles, active, created_at AS "created_at: Moment",
                  EXISTS (SELECT FROM second_factors WHERE user_id = users.id) AS "second_factor!"
           FROM users ORDER BY active DESC, lower(name), id"#
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let roles = read_roles(&row.roles)?;
            Ok(PersonRow {
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

/// An invitation that is open, for the list.
pub(super) struct InvitationRow {
    pub(super) id: InvitationId,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) roles: InstallationRoles,
    pub(super) expires_at: Moment,
}

/// The invitations that are neither used nor replaced, expired ones included.
pub(super) async fn invitations(conn: &mut PgConnection) -> Result<Vec<InvitationRow>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: InvitationId", name, email, roles, expires_at AS "expires_at: Moment"
           FROM invitations WHERE used_at IS NULL AND superseded_at IS NULL ORDER BY created_at DESC, id"#
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let roles = read_roles(&row.roles)?;
            Ok(InvitationRow { id: row.id, name: row.name, email: row.email, roles, expires_at: row.expires_at })
        })
        .collect()
}

fn read_roles(slugs: &[String]) -> Result<InstallationRoles, sqlx::Error> {
    InstallationRoles::from_slugs(slugs).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// Whether somebody has an account under this address.
pub(super) async fn has_account(conn: &mut PgConnection, email: &Email) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM users WHERE email = $1) AS "has!""#, email.as_str())
        .fetch_one(conn)
        .await
}

/// An invitation to make.
pub(super) struct NewInvitation<'a> {
    pub(super) id: InvitationId,
    pub(super) token: Sha256Hash,
    pub(super) email: &'a Email,
    pub(super) name: &'a PersonName,
    pub(super) roles: &'a InstallationRoles,
    pub(super) by: UserId,
    pub(super) at: Moment,
    pub(super) expires_at: Moment,
}

/// Makes an invitation in place of any open one to the same address. Two admins who invite the same person at once
/// are put in order by the address's lock, so that the later one holds.
pub(super) async fn invite(conn: &mut PgConnection, new: NewInvitation<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", new.email.as_str())
        .fetch_one(&mut *conn)
        .await?;
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
        new.token.bytes(),
        new.email.as_str(),
        new.name.as_str(),
        &new.roles.slugs(),
        new.by.uuid(),
        new.at as Moment,
        new.expires_at as Moment,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes an open invitation back; answers whether it was open.
pub(super) async fn withdraw_invitation(
    conn: &mut PgConnection,
    id: InvitationId,
    at: Moment,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE invitations SET superseded_at = $2 WHERE id = $1 AND used_at IS NULL AND superseded_at IS NULL",
        id.uuid(),
        at as Moment,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What a person is now, under a lock.
pub(super) struct Standing {
    pub(super) name: String,
    pub(super) roles: InstallationRoles,
    pub(super) active: bool,
    /// Whether an admin is left without them.
    pub(super) another_admin: bool,
}

/// Locks the active admins and this person, in one order, so that two admins who take each other's rights away at
/// once can't both succeed; then tells what the person is.
pub(super) async fn lock_standing(conn: &mut PgConnection, id: UserId) -> Result<Option<Standing>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: UserId", name, roles, active FROM users
           WHERE id = $1 OR (active AND 'admin' = ANY (roles)) ORDER BY id FOR UPDATE"#,
        id.uuid(),
    )
    .fetch_all(conn)
    .await?;
    let another_admin = rows.iter().any(|row| row.id != id);
    rows.into_iter()
        .find(|row| row.id == id)
        .map(|row| Ok(Standing { name: row.name, roles: read_roles(&row.roles)?, active: row.active, another_admin }))
        .transpose()
}

/// Of whom a second factor is demanded.
pub(super) async fn second_factor_policy(conn: &mut PgConnection) -> Result<SecondFactorPolicy, sqlx::Error> {
    let slug = sqlx::query_scalar!("SELECT second_factor FROM settings").fetch_one(conn).await?;
    read_policy(&slug)
}

/// The same, locked until the transaction ends.
pub(super) async fn lock_second_factor_policy(conn: &mut PgConnection) -> Result<SecondFactorPolicy, sqlx::Error> {
    let slug = sqlx::query_scalar!("SELECT second_factor FROM settings FOR UPDATE").fetch_one(conn).await?;
    read_policy(&slug)
}

fn read_policy(slug: &str) -> Result<SecondFactorPolicy, sqlx::Error> {
    SecondFactorPolicy::from_slug(slug).ok_or_else(|| sqlx::Error::Decode(format!("{slug} is no policy").into()))
}

/// Sets of whom a second factor is demanded.
pub(super) async fn set_second_factor_policy(
    conn: &mut PgConnection,
    policy: SecondFactorPolicy,
) -> Result<(), sqlx::Error> {
    let set = sqlx::query!("UPDATE settings SET second_factor = $1", policy.slug()).execute(conn).await?;
    if set.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

/// Somebody whose entries one can look for.
pub(super) struct PersonNamed {
    pub(super) id: UserId,
    pub(super) name: String,
    pub(super) email: String,
}

/// Everybody there is, by name.
pub(super) async fn names(conn: &mut PgConnection) -> Result<Vec<PersonNamed>, sqlx::Error> {
    sqlx::query_as!(PersonNamed, r#"SELECT id AS "id: UserId", name, email FROM users ORDER BY lower(name), email, id"#)
        .fetch_all(conn)
        .await
}

/// The addresses of refused attempts to sign in that are still kept, by what stands for them in the log.
pub(super) async fn refusal_addresses(
    conn: &mut PgConnection,
    commitments: &[Commitment],
) -> Result<HashMap<Commitment, String>, sqlx::Error> {
    let bytes: Vec<Vec<u8>> = commitments.iter().map(|commitment| commitment.0.bytes().to_vec()).collect();
    let rows = sqlx::query!("SELECT commitment, value FROM refusal_addresses WHERE commitment = ANY($1)", &bytes)
        .fetch_all(conn)
        .await?;
    let read = |bytes: Vec<u8>| Some(Commitment(bytes.try_into().ok()?));
    Ok(rows.into_iter().filter_map(|row| Some((read(row.commitment)?, row.value))).collect())
}

/// Sets somebody's roles, ending their sessions: what they may do from now on, they sign in for.
pub(super) async fn set_roles(
    conn: &mut PgConnection,
    id: UserId,
    roles: &InstallationRoles,
) -> Result<(), sqlx::Error> {
    let set = sqlx::query!(
        "UPDATE users SET roles = $2, session_epoch = session_epoch + 1 WHERE id = $1",
        id.uuid(),
        &roles.slugs(),
    )
    .execute(conn)
    .await?;
    if set.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

/// Opens or closes an account, ending its sessions.
pub(super) async fn set_active(conn: &mut PgConnection, id: UserId, active: bool) -> Result<(), sqlx::Error> {
    let set = sqlx::query!(
        "UPDATE users SET active = $2, session_epoch = session_epoch + 1 WHERE id = $1",
        id.uuid(),
        active,
    )
    .execute(conn)
    .await?;
    if set.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}
