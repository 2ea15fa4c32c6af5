//! Checkpoints: made from the edge of a log's tree and kept beside it, and the proofs that hang on them.
//!
//! A checkpoint is made in the transaction that changes the log, under the lock that the change holds, so that there is
//! never one of a history that was rolled back. Signing is a matter of tens of microseconds, so it is done where it is,
//! without a thread of its own. Whatever the length of the log, a root and a proof read O(log n) rows in one statement.

use std::collections::HashMap;

use sqlx::{PgConnection, PgExecutor, PgPool};

use super::{Fault, append};
use crate::domain::{
    canonical::Sha256Hash,
    checkpoint::{Cause, Checkpoint, LogId, Origin},
    ids::{LaunchId, UserId},
    key::{PrivateKey, PublicKey},
    launch::event::{PersonRef, Seq},
    merkle::{
        Edge, Place,
        proof::{Head, Plan},
    },
    receipt::Receipt,
    time::Moment,
};

/// A checkpoint as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// How many events it covers.
    pub size: i64,
    /// What they hash to.
    pub root: Sha256Hash,
    /// The signed note.
    pub text: String,
    /// The key that signed it.
    pub key: PublicKey,
    /// Why it was made.
    pub cause: Cause,
    /// When, by this server's clock: nothing in the note says so.
    pub at: Moment,
    /// Who has it outside of here, in the order in which they got it.
    pub witnesses: Vec<Witness>,
}

/// Somebody to whom a checkpoint was delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// Their name then.
    pub name: String,
    /// When.
    pub at: Moment,
}

/// In what a checkpoint was delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Delivery {
    /// A signer's receipt.
    Receipt,
    /// An export of the history.
    Export,
}

/// Keeps a checkpoint of a log at this edge, unless there is one of that size. The log is locked by the caller.
pub(super) async fn make(
    db: &mut PgConnection,
    key: &PrivateKey,
    log: LogId,
    edge: &Edge,
    cause: Cause,
    at: Moment,
) -> Result<(), sqlx::Error> {
    let public = key.public();
    let origin = Origin { installation: public.installation(), log };
    let head = Head { size: edge.size(), root: edge.root() };
    let signed = Checkpoint { origin, head }.sign(key);
    sqlx::query!(
        "INSERT INTO checkpoints (log, size, root, text, public_key, cause, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT DO NOTHING",
        log.uuid(),
        head.size.cast_signed(),
        head.root.bytes().as_slice(),
        signed.to_string(),
        public.bytes().as_slice(),
        cause as _,
        at as Moment,
    )
    .execute(db)
    .await
    .map(drop)
}

/// A row of `checkpoints`, with whom it was delivered to.
struct Row {
    size: i64,
    root: Vec<u8>,
    text: String,
    vkey: String,
    cause: Cause,
    at: Moment,
    names: Vec<String>,
    times: Vec<Moment>,
}

impl TryFrom<Row> for Kept {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        let witnesses = row.names.into_iter().zip(row.times);
        Ok(Self {
            size: row.size,
            root: row.root.try_into().map_err(decoding)?,
            text: row.text,
            key: row.vkey.parse().map_err(decoding)?,
            cause: row.cause,
            at: row.at,
            witnesses: witnesses.map(|(name, at)| Witness { name, at }).collect(),
        })
    }
}

fn decoding(error: impl std::error::Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::Decode(error.into())
}

/// The checkpoints of a log for which a condition holds, in an order.
macro_rules! kept {
    ($log:expr, $which:literal $(, $argument:expr)*) => {
        sqlx::query_as!(
            Row,
            r#"SELECT c.size, c.root, c.text, k.vkey, c.cause AS "cause: Cause", c.at AS "at: Moment",
                      ARRAY(SELECT w.name FROM checkpoint_witnesses w
                            WHERE w.log = c.log AND w.size = c.size ORDER BY w.at, w.user_id) AS "names!",
                      ARRAY(SELECT w.at FROM checkpoint_witnesses w
                            WHERE w.log = c.log AND w.size = c.size ORDER BY w.at, w.user_id) AS "times!: Vec<Moment>"
               FROM checkpoints c JOIN keys k ON k.public_key = c.public_key
               WHERE c.log = $1 "# + $which,
            $log.uuid(),
            $($argument),*
        )
    };
}

/// The newest checkpoint of a log.
///
/// # Errors
/// When the database fails.
pub async fn newest(db: impl PgExecutor<'_>, log: LogId) -> Result<Option<Kept>, sqlx::Error> {
    let row = kept!(log, "ORDER BY c.size DESC LIMIT 1").fetch_optional(db).await?;
    row.map(Kept::try_from).transpose()
}

/// The newest checkpoint of a log that covers no more than this many events.
///
/// # Errors
/// When the database fails.
pub async fn newest_within(db: impl PgExecutor<'_>, log: LogId, size: i64) -> Result<Option<Kept>, sqlx::Error> {
    let row = kept!(log, "AND c.size <= $2 ORDER BY c.size DESC LIMIT 1", size).fetch_optional(db).await?;
    row.map(Kept::try_from).transpose()
}

/// The checkpoints of a log that end with one of these events, by that event's number.
///
/// # Errors
/// When the database fails.
pub async fn ending_at(db: impl PgExecutor<'_>, log: LogId, seqs: &[Seq]) -> Result<HashMap<Seq, Kept>, sqlx::Error> {
    let rows = kept!(log, "AND c.size = ANY($2)", seqs).fetch_all(db).await?;
    rows.into_iter().map(|row| Ok((row.size, row.try_into()?))).collect()
}

/// The checkpoints of a log that cover no more than so many events, the shortest first.
///
/// # Errors
/// When the database fails.
pub async fn up_to(db: impl PgExecutor<'_>, log: LogId, size: i64) -> Result<Vec<Kept>, sqlx::Error> {
    let rows = kept!(log, "AND c.size <= $2 ORDER BY c.size", size).fetch_all(db).await?;
    rows.into_iter().map(Kept::try_from).collect()
}

/// A checkpoint as its row is, believed in nothing: for verification.
#[derive(Debug, Clone)]
pub(super) struct StoredCheckpoint {
    pub(super) size: i64,
    pub(super) root: Vec<u8>,
    pub(super) text: String,
    pub(super) public_key: Vec<u8>,
    pub(super) cause: Cause,
    pub(super) at: Moment,
    pub(super) witnesses: Vec<StoredWitness>,
}

/// A row of `checkpoint_witnesses`.
#[derive(Debug, Clone)]
pub(super) struct StoredWitness {
    pub(super) size: i64,
    pub(super) user: UserId,
    pub(super) name: String,
    pub(super) delivery: Delivery,
    pub(super) at: Moment,
}

impl StoredCheckpoint {
    /// As it is shown once it was found to be signed by this key.
    pub(super) fn kept(&self, key: &PublicKey) -> Option<Kept> {
        let witnesses = self.witnesses.iter().map(|witness| Witness { name: witness.name.clone(), at: witness.at });
        Some(Kept {
            size: self.size,
            root: self.root.clone().try_into().ok()?,
            text: self.text.clone(),
            key: key.clone(),
            cause: self.cause,
            at: self.at,
            witnesses: witnesses.collect(),
        })
    }
}

/// Every checkpoint that is kept of a log, whatever key it names, the shortest first.
pub(super) async fn stored(db: &PgPool, log: LogId) -> Result<Vec<StoredCheckpoint>, sqlx::Error> {
    let mut witnesses = sqlx::query_as!(
        StoredWitness,
        r#"SELECT size, user_id AS "user: UserId", name, delivery AS "delivery: Delivery", at AS "at: Moment"
           FROM checkpoint_witnesses WHERE log = $1 ORDER BY size, at, user_id"#,
        log.uuid()
    )
    .fetch_all(db)
    .await?;
    let rows = sqlx::query!(
        r#"SELECT size, root, text, public_key, cause AS "cause: Cause", at AS "at: Moment"
           FROM checkpoints WHERE log = $1 ORDER BY size"#,
        log.uuid()
    )
    .fetch_all(db)
    .await?;
    let stored = rows.into_iter().map(|row| StoredCheckpoint {
        size: row.size,
        root: row.root,
        text: row.text,
        public_key: row.public_key,
        cause: row.cause,
        at: row.at,
        witnesses: witnesses.extract_if(.., |witness| witness.size == row.size).collect(),
    });
    Ok(stored.collect())
}

/// What the first line of a log's checkpoints says.
pub(super) fn origin(key: &PublicKey, log: LogId) -> Origin {
    Origin { installation: key.installation(), log }
}

/// The proof that an event is in its log as a checkpoint of this size knows it; none when there is no such event. One
/// statement.
///
/// # Errors
/// When the database fails, or nodes are missing that it should have.
pub async fn inclusion(
    db: impl PgExecutor<'_>,
    log: LogId,
    seq: Seq,
    size: i64,
) -> Result<Option<Vec<Sha256Hash>>, sqlx::Error> {
    let numbers = (u64::try_from(seq - 1), u64::try_from(size));
    let (Ok(index), Ok(size)) = numbers else { return Ok(None) };
    prove(db, log, Plan::inclusion(index, size)).await
}

/// The proof that a log of one size begins with all that it was at another; none when that is the larger. One statement.
///
/// # Errors
/// As [`inclusion`].
pub async fn consistency(
    db: impl PgExecutor<'_>,
    log: LogId,
    old: i64,
    new: i64,
) -> Result<Option<Vec<Sha256Hash>>, sqlx::Error> {
    let (Ok(old), Ok(new)) = (u64::try_from(old), u64::try_from(new)) else { return Ok(None) };
    prove(db, log, Plan::consistency(old, new)).await
}

async fn prove(
    db: impl PgExecutor<'_>,
    log: LogId,
    plan: Option<Plan>,
) -> Result<Option<Vec<Sha256Hash>>, sqlx::Error> {
    let Some(plan) = plan else { return Ok(None) };
    let nodes = append::nodes(db, log.uuid(), &plan.places().collect::<Vec<Place>>()).await?;
    let proof = plan.proof(|place| nodes.get(&place).copied());
    proof.map(Some).ok_or_else(|| sqlx::Error::Protocol(format!("the tree of log {log} lacks nodes of a proof")))
}

/// An event's bytes as text, and what proves that it is in the history.
#[derive(Debug, Clone)]
pub struct Proven {
    /// The bytes that are hashed, which are UTF-8.
    pub event: String,
    /// The first checkpoint that covers it, and its receipt under it; none before there is one.
    pub under: Option<(Kept, Receipt)>,
}

/// An event of a launch with what proves it: two statements. Nothing, when there is no event of this number.
///
/// # Errors
/// [`Fault`] when the database fails or the history is damaged.
pub async fn proven(db: &PgPool, launch: LaunchId, seq: Seq) -> Result<Option<Proven>, Fault> {
    let log = LogId::Launch(launch);
    let row = sqlx::query!(
        r#"SELECT e.bytes, c.size AS "size?", c.root AS "root?", c.text AS "text?", k.vkey AS "vkey?",
                  c.cause AS "cause?: Cause", c.at AS "at?: Moment",
                  ARRAY(SELECT w.name FROM checkpoint_witnesses w
                        WHERE w.log = c.log AND w.size = c.size ORDER BY w.at, w.user_id) AS "names!",
                  ARRAY(SELECT w.at FROM checkpoint_witnesses w
                        WHERE w.log = c.log AND w.size = c.size ORDER BY w.at, w.user_id) AS "times!: Vec<Moment>"
           FROM events e
           LEFT JOIN LATERAL (
               SELECT * FROM checkpoints WHERE log = e.launch_id AND size >= e.seq ORDER BY size LIMIT 1) c ON true
           LEFT JOIN keys k ON k.public_key = c.public_key
           WHERE e.launch_id = $1 AND e.seq = $2"#,
        launch as _,
        seq,
    );
    let Some(row) = row.fetch_optional(db).await? else { return Ok(None) };
    let event = String::from_utf8(row.bytes).map_err(|error| Fault::Unreadable(launch, error.to_string()))?;
    let checkpoint = || {
        let (size, root, text, vkey) = (row.size?, row.root?, row.text?, row.vkey?);
        Some(Row { size, root, text, vkey, cause: row.cause?, at: row.at?, names: row.names, times: row.times })
    };
    let Some(checkpoint) = checkpoint() else { return Ok(Some(Proven { event, under: None })) };
    let kept = Kept::try_from(checkpoint)?;
    let proof = inclusion(db, log, seq, kept.size).await?.unwrap_or_default();
    let receipt = Receipt::new(kept.key.clone(), kept.text.clone(), event.clone(), proof);
    Ok(Some(Proven { event, under: Some((kept, receipt)) }))
}

/// Notes to whom a checkpoint was delivered; the first time counts.
///
/// # Errors
/// When the database fails.
pub async fn witness(
    db: impl PgExecutor<'_>,
    log: LogId,
    size: i64,
    who: &PersonRef,
    delivery: Delivery,
    at: Moment,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO checkpoint_witnesses (log, size, user_id, name, delivery, at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT DO NOTHING",
        log.uuid(),
        size,
        who.id as _,
        who.name.as_str(),
        delivery as _,
        at as Moment,
    )
    .execute(db)
    .await
    .map(drop)
}
