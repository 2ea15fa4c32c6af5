//! Ways in that another renewed: the rows from which [`WayIn`] is made, and what is done to them. Each change is told in the
//! installation's log by whoever makes it, in the same transaction.

use sqlx::{PgConnection, PgExecutor};

use crate::domain::{
    ids::{RenewalId, UserId},
    launch::{
        event::PersonRef,
        way_in::{MARKED_SECONDS, RenewalKind, RenewedWayIn, WayIn},
    },
    text::PersonName,
    time::Moment,
};

/// A renewal, as its row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewal {
    /// Its id.
    pub id: RenewalId,
    /// Whose way in.
    pub user: UserId,
    /// What is renewed.
    pub how: RenewalKind,
    /// Who did it; `None` at the server's command line.
    pub by: Option<PersonRef>,
    /// When the link was made, or the second factor removed.
    pub made_at: Moment,
    /// Since when the way in is another; `None` while a link was not used.
    pub renewed_at: Option<Moment>,
    /// Who confirmed that the person had asked for it.
    pub confirmed_by: Option<PersonRef>,
    /// Whether the person said that they have seen it.
    pub seen: bool,
    /// Since when the person has the second factor that they have.
    second_factor_since: Option<Moment>,
}

/// What the rows of one person come to, who waits for so many seconds.
#[must_use]
pub fn way_in<'a>(renewals: impl IntoIterator<Item = &'a Renewal>, wait: i64) -> WayIn {
    let mut way_in = WayIn { wait, ..WayIn::default() };
    for renewal in renewals {
        way_in.second_factor_since = renewal.second_factor_since;
        way_in.renewed.extend(renewal.renewed_at.map(|at| RenewedWayIn {
            how: renewal.how,
            by: renewal.by.clone(),
            at,
            confirmed_by: renewal.confirmed_by.clone(),
        }));
    }
    way_in.renewed.sort_by_key(|renewed| renewed.at);
    way_in
}

/// Until when the person waits because of this one, who waits for so many seconds; `None` when they don't, or don't yet.
#[must_use]
pub fn until(renewal: &Renewal, wait: i64, now: Moment) -> Option<Moment> {
    way_in([renewal], wait).waiting(now, None).map(|waiting| waiting.until)
}

/// The renewals of these people that still mean something: not yet seen, or within the time for which signatures tell of
/// them. Without people, of everybody. The oldest first.
///
/// # Errors
/// When the database fails.
pub async fn find(db: impl PgExecutor<'_>, users: Option<&[UserId]>, now: Moment) -> Result<Vec<Renewal>, sqlx::Error> {
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
        now.plus_seconds(-MARKED_SECONDS) as Moment,
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Renewal {
                id: row.id,
                user: row.user,
                how: row.how,
                by: person(row.made_by, row.made_by_name)?,
                made_at: row.made_at,
                renewed_at: row.renewed_at,
                confirmed_by: person(row.confirmed_by, row.confirmed_by_name)?,
                seen: row.seen,
                second_factor_since: row.second_factor_since,
            })
        })
        .collect()
}

fn person(id: Option<UserId>, name: Option<String>) -> Result<Option<PersonRef>, sqlx::Error> {
    let Some((id, name)) = id.zip(name) else { return Ok(None) };
    let name = PersonName::try_from(name).map_err(|_| sqlx::Error::Decode(format!("the name of {id}").into()))?;
    Ok(Some(PersonRef { id, name }))
}

/// A renewal to be kept.
#[derive(Debug, Clone, Copy)]
pub struct NewRenewal {
    /// Its id.
    pub id: RenewalId,
    /// Whose way in.
    pub user: UserId,
    /// What is renewed.
    pub how: RenewalKind,
    /// Who does it; `None` at the server's command line.
    pub by: Option<UserId>,
    /// When.
    pub at: Moment,
    /// Whether the way in is another from now on; a link renews it only once it is used.
    pub at_once: bool,
}

/// Keeps a renewal.
///
/// # Errors
/// When the database fails.
pub async fn add(conn: &mut PgConnection, new: NewRenewal) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO way_in_renewals (id, user_id, how, made_by, made_at, renewed_at) VALUES ($1, $2, $3, $4, $5, $6)",
        new.id.uuid(),
        new.user.uuid(),
        new.how as RenewalKind,
        new.by.map(UserId::uuid),
        new.at as Moment,
        new.at_once.then_some(new.at) as Option<Moment>,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that the link of a renewal was used. Answers who had made it.
///
/// # Errors
/// When the database fails.
pub async fn note_use(conn: &mut PgConnection, id: RenewalId, at: Moment) -> Result<Option<PersonRef>, sqlx::Error> {
    let row = sqlx::query!(
        r#"UPDATE way_in_renewals r SET renewed_at = $2, seen_at = NULL WHERE id = $1
           RETURNING made_by AS "made_by: UserId", (SELECT name FROM users WHERE id = r.made_by) AS name"#,
        id.uuid(),
        at as Moment,
    )
    .fetch_one(conn)
    .await?;
    person(row.made_by, row.name)
}

/// Notes that a person has seen what was renewed: of links that were not used when they looked (`made`), and of what was
/// renewed by then (`renewed`). Answers how many were new to them.
///
/// # Errors
/// When the database fails.
pub async fn note_seen(
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

/// Notes that an admin confirms a renewal that nobody confirmed yet; answers whether it was so.
///
/// # Errors
/// When the database fails.
pub async fn note_confirmation(
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
