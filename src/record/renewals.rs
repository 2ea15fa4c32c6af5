//! Renewals of credentials by others: the rows from which [`CredentialRenewals`] is made, and changes of them. The
//! caller logs each change in the audit log, in the same transaction.

use sqlx::{PgConnection, PgExecutor};

use crate::domain::{
    ids::{RenewalId, UserId},
    launch::{
        credential_renewal::{CredentialRenewal, CredentialRenewals, DISCLOSURE_SECONDS, RenewalKind},
        event::PersonRef,
    },
    text::PersonName,
    time::Moment,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewal {
    pub id: RenewalId,
    /// Whose credentials were renewed.
    pub user: UserId,
    pub kind: RenewalKind,
    /// Who did it; `None` at the server's command line.
    pub made_by: Option<PersonRef>,
    /// When the link was made, or the second factor removed.
    pub made_at: Moment,
    /// When the credentials changed; `None` while a link was not used.
    pub renewed_at: Option<Moment>,
    /// The admin who confirmed that the person had asked for it.
    pub confirmed_by: Option<PersonRef>,
    /// Whether the person acknowledged it.
    pub seen: bool,
    /// When the person's current second factor was set up.
    second_factor_since: Option<Moment>,
}

/// Converts the rows of one person for the domain rules. `wait` is the waiting period in seconds.
#[must_use]
pub fn to_credential_renewals<'a>(renewals: impl IntoIterator<Item = &'a Renewal>, wait: i64) -> CredentialRenewals {
    let mut way_in = CredentialRenewals { waiting_seconds: wait, ..CredentialRenewals::default() };
    for renewal in renewals {
        way_in.second_factor_since = renewal.second_factor_since;
        way_in.renewals.extend(renewal.renewed_at.map(|at| CredentialRenewal {
            how: renewal.kind,
            by: renewal.made_by.clone(),
            at,
            confirmed_by: renewal.confirmed_by.clone(),
        }));
    }
    way_in.renewals.sort_by_key(|renewed| renewed.at);
    way_in
}

/// The end of the person's waiting period because of this renewal; `None` when there is none (yet). `wait` is in
/// seconds.
#[must_use]
pub fn waiting_until(renewal: &Renewal, wait: i64, now: Moment) -> Option<Moment> {
    to_credential_renewals([renewal], wait).waiting_period(now, None).map(|waiting| waiting.until)
}

/// The renewals that still matter: not yet seen, or recent enough to be disclosed with signatures. Only those of these
/// people if given, oldest first.
pub async fn find_renewals(
    db: impl PgExecutor<'_>,
    users: Option<&[UserId]>,
    now: Moment,
) -> Result<Vec<Renewal>, sqlx::Error> {
    let users: Option<Vec<uuid::Uuid>> = users.map(|users| users.iter().map(|user| user.uuid()).collect());
    let rows = sqlx::query!(
        r#"SELECT r.id AS "id: RenewalId", r.user_id AS "user: UserId", r.how AS "how: RenewalKind",
                  r.made_by AS "made_by: UserId", m.name AS "made_by_name?", r.made_at AS "made_at: Moment",
                  r.renewed_at AS "renewed_at: Moment", r.confirmed_by AS "confirmed_by: UserId",
                  c.name AS "confirmed_by_name?", r.seen_at IS NOT NULL AS "seen!",
                  f.set_up_at AS "second_factor_since?: Moment"
           FROM way_in_renewals r
                LEFT JOIN users m ON m.id = r.made_by
                LEFT JOIN users c ON c.id = r.confirmed_by
                LEFT JOIN second_factors f ON f.user_id = r.user_id
           WHERE ($1::uuid[] IS NULL OR r.user_id = ANY ($1))
             AND (r.seen_at IS NULL OR coalesce(r.renewed_at, r.made_at) > $2)
           ORDER BY coalesce(r.renewed_at, r.made_at), r.id"#,
        users.as_deref(),
        now.plus_seconds(-DISCLOSURE_SECONDS) as Moment,
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Renewal {
                id: row.id,
                user: row.user,
                kind: row.how,
                made_by: to_person_ref(row.made_by, row.made_by_name)?,
                made_at: row.made_at,
                renewed_at: row.renewed_at,
                confirmed_by: to_person_ref(row.confirmed_by, row.confirmed_by_name)?,
                seen: row.seen,
                second_factor_since: row.second_factor_since,
            })
        })
        .collect()
}

fn to_person_ref(id: Option<UserId>, name: Option<String>) -> Result<Option<PersonRef>, sqlx::Error> {
    let Some((id, name)) = id.zip(name) else { return Ok(None) };
    let name = PersonName::try_from(name).map_err(|_| sqlx::Error::Decode(format!("the name of {id}").into()))?;
    Ok(Some(PersonRef { id, name }))
}

#[derive(Debug, Clone, Copy)]
pub struct NewRenewal {
    pub id: RenewalId,
    /// Whose credentials are renewed.
    pub user: UserId,
    pub kind: RenewalKind,
    /// Who does it; `None` at the server's command line.
    pub made_by: Option<UserId>,
    pub at: Moment,
    /// Whether the credentials change now; a link changes them only when it is used.
    pub is_immediate: bool,
}

pub async fn insert_renewal(conn: &mut PgConnection, new: NewRenewal) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO way_in_renewals (id, user_id, how, made_by, made_at, renewed_at) VALUES ($1, $2, $3, $4, $5, $6)",
        new.id.uuid(),
        new.user.uuid(),
        new.kind as RenewalKind,
        new.made_by.map(UserId::uuid),
        new.at as Moment,
        new.is_immediate.then_some(new.at) as Option<Moment>,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Records that the link of a renewal was used. Returns who had made it.
pub async fn record_use(conn: &mut PgConnection, id: RenewalId, at: Moment) -> Result<Option<PersonRef>, sqlx::Error> {
    let row = sqlx::query!(
        r#"UPDATE way_in_renewals r SET renewed_at = $2, seen_at = NULL WHERE id = $1
           RETURNING made_by AS "made_by: UserId", (SELECT name FROM users WHERE id = r.made_by) AS name"#,
        id.uuid(),
        at as Moment,
    )
    .fetch_one(conn)
    .await?;
    to_person_ref(row.made_by, row.name)
}

/// Records that a person has seen renewals: `made` are links that were unused when the notice was rendered, `renewed`
/// are renewals that had happened by then. Returns how many the person had not seen before.
pub async fn record_seen(
    conn: &mut PgConnection,
    user: UserId,
    (made, renewed): (&[RenewalId], &[RenewalId]),
    at: Moment,
) -> Result<u64, sqlx::Error> {
    let ids = |ids: &[RenewalId]| ids.iter().map(|id| id.uuid()).collect::<Vec<_>>();
    let seen = sqlx::query!(
        "UPDATE way_in_renewals SET seen_at = $4
         WHERE user_id = $1 AND seen_at IS NULL
           AND (id = ANY ($2) AND renewed_at IS NULL OR id = ANY ($3) AND renewed_at IS NOT NULL)",
        user.uuid(),
        &ids(made),
        &ids(renewed),
        at as Moment,
    )
    .execute(conn)
    .await?;
    Ok(seen.rows_affected())
}

/// Records an admin's confirmation of a renewal. Returns false when somebody has confirmed it before.
pub async fn record_confirmation(
    conn: &mut PgConnection,
    id: RenewalId,
    by: UserId,
    at: Moment,
) -> Result<bool, sqlx::Error> {
    let confirmed = sqlx::query!(
        "UPDATE way_in_renewals SET confirmed_by = $2, confirmed_at = $3 WHERE id = $1 AND confirmed_by IS NULL",
        id.uuid(),
        by.uuid(),
        at as Moment,
    )
    .execute(conn)
    .await?;
    Ok(confirmed.rows_affected() == 1)
}
