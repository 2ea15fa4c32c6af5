//! The installation's log.

use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgExecutor, PgPool};

use super::{append, security};
use crate::domain::{
    canonical,
    checkpoint::LogId,
    ids::{LaunchId, RequestId, UserId},
    installation::InstallationEvent,
    launch::event::PersonRef,
    merkle::leaf_hash,
    time::Moment,
};

/// An entry as its bytes hold it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The version of this form.
    pub version: u8,
    /// Its place in the log, from 1.
    pub index: i64,
    /// When.
    pub at: Moment,
    /// Who, unless nobody was signed in.
    pub actor: Option<PersonRef>,
    /// In which request.
    pub request: RequestId,
    /// The launch it concerns, and how long that launch's history was.
    pub launch: Option<(LaunchId, i64)>,
    /// What.
    pub event: InstallationEvent,
}

/// Appends an event, in the caller's transaction and as its last lock: whoever appends next waits until it ends.
/// Answers its index.
///
/// # Errors
/// When the database fails.
pub async fn append(
    conn: &mut PgConnection,
    actor: Option<&PersonRef>,
    event: &InstallationEvent,
    about: Option<(LaunchId, i64)>,
    request: RequestId,
    at: Moment,
) -> Result<i64, sqlx::Error> {
    let index =
        sqlx::query_scalar!("UPDATE installation_log SET size = size + 1 RETURNING size").fetch_one(&mut *conn).await?;
    let entry = Entry { version: 1, index, at, actor: actor.cloned(), request, launch: about, event: event.clone() };
    let bytes = canonical::bytes(&entry);
    let leaf = leaf_hash(&bytes);
    let (launch, seq) = about.unzip();
    sqlx::query!(
        "INSERT INTO installation_events (index, at, kind, actor_id, subject_id, launch_id, launch_seq, bytes)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        index,
        at as Moment,
        event.kind(),
        actor.map(|actor| actor.id.uuid()),
        event.subject().map(UserId::uuid),
        launch.map(LaunchId::uuid),
        seq,
        bytes,
    )
    .execute(&mut *conn)
    .await?;
    append::grow(conn, LogId::Installation.uuid(), index - 1, std::iter::once(leaf)).await?;
    security::tell(&entry);
    Ok(index)
}

/// Appends an event that stands by itself, in a transaction of its own.
///
/// # Errors
/// When the database fails.
pub async fn tell(
    db: &PgPool,
    actor: Option<&PersonRef>,
    event: &InstallationEvent,
    request: RequestId,
    at: Moment,
) -> Result<(), sqlx::Error> {
    let mut transaction = db.begin().await?;
    append(&mut transaction, actor, event, None, request, at).await?;
    transaction.commit().await
}

/// From how many wrong passwords on one of their launches in a day the owner is told.
const TOO_MANY: i64 = 5;

/// Wrong passwords that somebody's session gave to sign on a launch, often enough for its owner to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongPasswords {
    /// Where.
    pub launch: LaunchId,
    /// In whose session.
    pub user: UserId,
    /// How many, at least.
    pub number: i64,
}

/// Who gave so many wrong passwords on these launches in the last 24 hours that the owner is told. One statement.
///
/// # Errors
/// When the database fails.
pub async fn wrong_passwords(
    db: impl PgExecutor<'_>,
    launches: &[LaunchId],
    now: Moment,
) -> Result<Vec<WrongPasswords>, sqlx::Error> {
    sqlx::query_as!(
        WrongPasswords,
        r#"
        SELECT launch_id AS "launch!: LaunchId", actor_id AS "user!: UserId", number AS "number!"
        FROM (
            SELECT launch_id, actor_id,
                   greatest(count(*) FILTER (WHERE kind = 'proof_refused'),
                            max((convert_from(bytes, 'UTF8')::jsonb #>> '{event,count}')::bigint)) AS number
            FROM installation_events
            WHERE launch_id = ANY($1) AND kind IN ('proof_refused', 'proofs_refused') AND at > $2
              AND actor_id IS NOT NULL
            GROUP BY launch_id, actor_id
        ) refused
        WHERE number >= $3 ORDER BY number DESC, actor_id
        "#,
        launches as _,
        now.plus_seconds(-86_400) as Moment,
        TOO_MANY,
    )
    .fetch_all(db)
    .await
}
