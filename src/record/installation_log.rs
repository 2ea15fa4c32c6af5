//! The audit log: the events of the installation.

use std::{
    collections::HashMap,
    ops::{Deref, DerefMut},
};

use sqlx::{PgConnection, PgExecutor, PgPool, Postgres, Transaction};

use super::{append, security_log};
use crate::domain::{
    canonical,
    checkpoint::LogId,
    ids::{LaunchId, RequestId, UserId},
    installation::{InstallationEvent, InstallationEventKind},
    launch::event::PersonRef,
    merkle::hash_leaf,
    time::Moment,
};

pub use crate::domain::installation_entry::InstallationEntry;

/// A transaction in which events can be appended to the audit log. Their lines in the security log are written once it
/// has committed, so that no line is about an event that was rolled back. When the connection breaks during the commit,
/// whether it happened is unknown, and no line is written.
#[derive(Debug)]
pub struct AuditedTransaction {
    transaction: Transaction<'static, Postgres>,
    appended: Vec<InstallationEntry>,
}

impl AuditedTransaction {
    pub async fn begin(db: &PgPool) -> Result<Self, sqlx::Error> {
        Ok(Self { transaction: db.begin().await?, appended: Vec::new() })
    }

    pub async fn commit(self) -> Result<(), sqlx::Error> {
        self.transaction.commit().await?;
        self.appended.iter().for_each(security_log::log_entry);
        Ok(())
    }
}

impl Deref for AuditedTransaction {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.transaction
    }
}

impl DerefMut for AuditedTransaction {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }
}

/// Appends an event in the caller's transaction and returns its index. It must take the last lock of the transaction:
/// whoever appends next waits until the transaction ends.
pub async fn append_event(
    transaction: &mut AuditedTransaction,
    actor: Option<&PersonRef>,
    event: &InstallationEvent,
    about: Option<(LaunchId, i64)>,
    request: RequestId,
    at: Moment,
) -> Result<i64, sqlx::Error> {
    let index = sqlx::query_scalar!("UPDATE installation_log SET size = size + 1 RETURNING size")
        .fetch_one(&mut **transaction)
        .await?;
    let entry = InstallationEntry {
        version: 1,
        index,
        at,
        actor: actor.cloned(),
        request,
        launch: about,
        event: event.clone(),
    };
    let bytes = canonical::to_bytes(&entry);
    let leaf = hash_leaf(&bytes);
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
    .execute(&mut **transaction)
    .await?;
    append::append_leaves(transaction, LogId::Installation.uuid(), index - 1, std::iter::once(leaf)).await?;
    transaction.appended.push(entry);
    Ok(index)
}

/// Appends an event in a transaction of its own.
pub async fn record_event(
    db: &PgPool,
    actor: Option<&PersonRef>,
    event: &InstallationEvent,
    request: RequestId,
    at: Moment,
) -> Result<(), sqlx::Error> {
    let mut transaction = AuditedTransaction::begin(db).await?;
    append_event(&mut transaction, actor, event, None, request, at).await?;
    transaction.commit().await
}

/// The newest entry of a kind, about this person if there is one. It is what a form about the person replaces.
///
/// # Errors
/// When the database fails or the entry can't be parsed, which is damage.
pub async fn load_newest_entry(
    db: impl PgExecutor<'_>,
    kind: InstallationEventKind,
    subject: Option<UserId>,
) -> Result<Option<InstallationEntry>, sqlx::Error> {
    let bytes = sqlx::query_scalar!(
        "SELECT bytes FROM installation_events
         WHERE kind = $1 AND ($2::uuid IS NULL OR subject_id = $2) ORDER BY index DESC LIMIT 1",
        kind.into_str(),
        subject.map(UserId::uuid),
    )
    .fetch_optional(db)
    .await?;
    bytes.map(|bytes| canonical::from_bytes(&bytes).map_err(|error| sqlx::Error::Decode(Box::new(error)))).transpose()
}

/// The index of the newest entry of a kind about each person that there is one about.
pub async fn load_newest_indexes(
    db: impl PgExecutor<'_>,
    kind: InstallationEventKind,
) -> Result<HashMap<UserId, i64>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT subject_id AS "subject!: UserId", max(index) AS "index!" FROM installation_events
           WHERE kind = $1 AND subject_id IS NOT NULL GROUP BY subject_id"#,
        kind.into_str(),
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.subject, row.index)).collect())
}

/// The number of wrong passwords on a launch in 24 hours from which on its owner is notified.
const WRONG_PASSWORD_THRESHOLD: i64 = 5;

/// Wrong passwords in somebody's session while signing on a launch, often enough to notify the owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongPasswordCount {
    pub launch: LaunchId,
    /// Whose session it was.
    pub user: UserId,
    /// At least this many: above ten an hour, the log records a count only when it has doubled.
    pub number: i64,
}

/// Who typed wrong passwords on these launches in the last 24 hours, often enough to notify the owner. One statement.
pub async fn find_wrong_passwords(
    db: impl PgExecutor<'_>,
    launches: &[LaunchId],
    now: Moment,
) -> Result<Vec<WrongPasswordCount>, sqlx::Error> {
    sqlx::query_as!(
        WrongPasswordCount,
        r#"
        SELECT launch_id AS "launch!: LaunchId", actor_id AS "user!: UserId", number AS "number!"
        FROM (
            SELECT launch_id, actor_id,
                   greatest(count(*) FILTER (WHERE kind = $4), max(refusal_count)) AS number
            FROM installation_events
            WHERE launch_id = ANY($1) AND kind IN ($4, $5) AND at > $2
              AND actor_id IS NOT NULL
            GROUP BY launch_id, actor_id
        ) refused
        WHERE number >= $3 ORDER BY number DESC, actor_id
        "#,
        launches as _,
        now.plus_seconds(-86_400) as Moment,
        WRONG_PASSWORD_THRESHOLD,
        InstallationEventKind::ProofRefused.into_str(),
        InstallationEventKind::ProofsRefused.into_str(),
    )
    .fetch_all(db)
    .await
}
