//! Checkpoints, made from the right edge of a log's tree and stored beside the log, and the proofs based on them.
//!
//! A checkpoint is made in the transaction that changes the log, under the lock of the change, so that there is never
//! one of a history that was rolled back. Signing takes tens of microseconds and so needs no thread of its own. A root
//! or a proof reads O(log n) rows in one statement, whatever the length of the log.

use std::collections::HashMap;

use sqlx::{PgConnection, PgExecutor, PgPool};

use super::{RecordError, append};
use crate::domain::{
    canonical::Sha256Hash,
    checkpoint::{Checkpoint, CheckpointCause, LogId, LogOrigin},
    ids::{LaunchId, UserId},
    key::{PrivateKey, PublicKey},
    launch::event::{PersonRef, Seq},
    merkle::{
        NodePosition, RightEdge,
        proof::{ProofPlan, TreeHead},
    },
    receipt::Receipt,
    time::Moment,
};

/// A checkpoint with the people who received it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCheckpoint {
    /// The number of events that it covers.
    pub size: i64,
    /// The root hash of the tree over them.
    pub root: Sha256Hash,
    /// The checkpoint as a signed note (C2SP tlog-checkpoint), exactly as it was signed.
    pub text: String,
    /// The key that signed it.
    pub key: PublicKey,
    /// Why it was made.
    pub cause: CheckpointCause,
    /// The time by this server's clock; the note does not contain it.
    pub at: Moment,
    /// Who received it, in the order in which they did.
    pub witnesses: Vec<Witness>,
}

/// Somebody who received a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// Their name at that time.
    pub name: String,
    pub at: Moment,
}

/// How a checkpoint was delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Delivery {
    Receipt,
    Export,
}

impl Delivery {
    const fn slug(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Export => "export",
        }
    }
}

/// Stores a checkpoint of a log with this edge, unless there is one of that size. The caller has locked the log.
pub(super) async fn create_checkpoint(
    db: &mut PgConnection,
    key: &PrivateKey,
    log: LogId,
    edge: &RightEdge,
    cause: CheckpointCause,
    at: Moment,
) -> Result<(), sqlx::Error> {
    let public = key.public_key();
    let origin = LogOrigin { installation: public.installation(), log };
    let head = TreeHead { size: edge.size(), root: edge.root() };
    let signed = Checkpoint { origin, head }.sign(key);
    sqlx::query!(
        "INSERT INTO checkpoints (log, size, root, text, public_key, cause, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT DO NOTHING",
        log.uuid(),
        head.size.cast_signed(),
        head.root.to_bytes().as_slice(),
        signed.to_string(),
        public.as_bytes().as_slice(),
        cause as _,
        at as Moment,
    )
    .execute(db)
    .await
    .map(drop)
}

/// A row of `checkpoints`, with the witnesses.
struct CheckpointRow {
    size: i64,
    root: Vec<u8>,
    text: String,
    vkey: String,
    cause: CheckpointCause,
    at: Moment,
    names: Vec<String>,
    times: Vec<Moment>,
}

impl TryFrom<CheckpointRow> for StoredCheckpoint {
    type Error = sqlx::Error;

    fn try_from(row: CheckpointRow) -> Result<Self, sqlx::Error> {
        let witnesses = row.names.into_iter().zip(row.times);
        Ok(Self {
            size: row.size,
            root: row.root.try_into().map_err(decode_error)?,
            text: row.text,
            key: row.vkey.parse().map_err(decode_error)?,
            cause: row.cause,
            at: row.at,
            witnesses: witnesses.map(|(name, at)| Witness { name, at }).collect(),
        })
    }
}

fn decode_error(error: impl std::error::Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::Decode(error.into())
}

/// Selects the checkpoints of a log; `$which` is appended as condition and order.
macro_rules! select_checkpoints {
    ($log:expr, $which:literal $(, $argument:expr)*) => {
        sqlx::query_as!(
            CheckpointRow,
            r#"SELECT c.size, c.root, c.text, k.vkey, c.cause AS "cause: CheckpointCause", c.at AS "at: Moment",
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

pub async fn load_newest(db: impl PgExecutor<'_>, log: LogId) -> Result<Option<StoredCheckpoint>, sqlx::Error> {
    let row = select_checkpoints!(log, "ORDER BY c.size DESC LIMIT 1").fetch_optional(db).await?;
    row.map(StoredCheckpoint::try_from).transpose()
}

/// The newest checkpoint of a log that covers at most this number of events.
pub async fn load_newest_within(
    db: impl PgExecutor<'_>,
    log: LogId,
    size: i64,
) -> Result<Option<StoredCheckpoint>, sqlx::Error> {
    let row =
        select_checkpoints!(log, "AND c.size <= $2 ORDER BY c.size DESC LIMIT 1", size).fetch_optional(db).await?;
    row.map(StoredCheckpoint::try_from).transpose()
}

/// The checkpoints of a log that end with one of these events, by that event's number.
pub async fn load_ending_at(
    db: impl PgExecutor<'_>,
    log: LogId,
    seqs: &[Seq],
) -> Result<HashMap<Seq, StoredCheckpoint>, sqlx::Error> {
    let rows = select_checkpoints!(log, "AND c.size = ANY($2)", seqs).fetch_all(db).await?;
    rows.into_iter().map(|row| Ok((row.size, row.try_into()?))).collect()
}

/// The checkpoints of a log that cover at most this number of events, the smallest first.
pub async fn load_up_to(db: impl PgExecutor<'_>, log: LogId, size: i64) -> Result<Vec<StoredCheckpoint>, sqlx::Error> {
    let rows = select_checkpoints!(log, "AND c.size <= $2 ORDER BY c.size", size).fetch_all(db).await?;
    rows.into_iter().map(StoredCheckpoint::try_from).collect()
}

/// A checkpoint as its row contains it, unchecked, for verification.
#[derive(Debug, Clone)]
pub(super) struct UnverifiedCheckpoint {
    pub(super) size: i64,
    pub(super) root: Vec<u8>,
    pub(super) text: String,
    pub(super) public_key: Vec<u8>,
    /// `None` if its row has a word that is no cause.
    pub(super) cause: Option<CheckpointCause>,
    pub(super) at: Moment,
    pub(super) witnesses: Vec<UnverifiedWitness>,
}

/// A row of `checkpoint_witnesses`.
#[derive(Debug, Clone)]
pub(super) struct UnverifiedWitness {
    pub(super) size: i64,
    pub(super) user: UserId,
    pub(super) name: String,
    /// `None` if its row has a word that is no delivery.
    pub(super) delivery: Option<Delivery>,
    pub(super) at: Moment,
}

impl UnverifiedCheckpoint {
    /// The checkpoint for display, after its signature by this key was verified.
    pub(super) fn checkpoint_query(&self, key: &PublicKey) -> Option<StoredCheckpoint> {
        let witnesses = self.witnesses.iter().map(|witness| Witness { name: witness.name.clone(), at: witness.at });
        Some(StoredCheckpoint {
            size: self.size,
            root: self.root.clone().try_into().ok()?,
            text: self.text.clone(),
            key: key.clone(),
            cause: self.cause?,
            at: self.at,
            witnesses: witnesses.collect(),
        })
    }
}

/// Every stored checkpoint of a log, whatever key it names, the smallest first.
pub(super) async fn load_unverified(db: &PgPool, log: LogId) -> Result<Vec<UnverifiedCheckpoint>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT size, user_id AS "user: UserId", name, delivery, at AS "at: Moment"
           FROM checkpoint_witnesses WHERE log = $1 ORDER BY size, at, user_id"#,
        log.uuid()
    )
    .fetch_all(db)
    .await?;
    let witnesses = rows.into_iter().map(|row| UnverifiedWitness {
        size: row.size,
        user: row.user,
        name: row.name,
        delivery: [Delivery::Receipt, Delivery::Export].into_iter().find(|delivery| delivery.slug() == row.delivery),
        at: row.at,
    });
    let mut witnesses: Vec<UnverifiedWitness> = witnesses.collect();
    let rows = sqlx::query!(
        r#"SELECT size, root, text, public_key, cause, at AS "at: Moment"
           FROM checkpoints WHERE log = $1 ORDER BY size"#,
        log.uuid()
    )
    .fetch_all(db)
    .await?;
    let stored = rows.into_iter().map(|row| UnverifiedCheckpoint {
        size: row.size,
        root: row.root,
        text: row.text,
        public_key: row.public_key,
        cause: serde_json::from_value(row.cause.into()).ok(),
        at: row.at,
        witnesses: witnesses.extract_if(.., |witness| witness.size == row.size).collect(),
    });
    Ok(stored.collect())
}

/// The content of the first line of a log's checkpoints.
pub(super) fn checkpoint_origin(key: &PublicKey, log: LogId) -> LogOrigin {
    LogOrigin { installation: key.installation(), log }
}

/// The proof that an event is included in its log at this size; `None` when it is not. One statement.
///
/// # Errors
/// When the database fails, or nodes of the tree are missing.
pub async fn prove_inclusion(
    db: impl PgExecutor<'_>,
    log: LogId,
    seq: Seq,
    size: i64,
) -> Result<Option<Vec<Sha256Hash>>, sqlx::Error> {
    let numbers = (u64::try_from(seq - 1), u64::try_from(size));
    let (Ok(index), Ok(size)) = numbers else { return Ok(None) };
    load_proof(db, log, ProofPlan::for_inclusion(index, size)).await
}

/// The proof that a log at size `new` begins with all that it was at size `old`; `None` when `old` is larger. One
/// statement.
///
/// # Errors
/// As [`prove_inclusion`].
pub async fn prove_consistency(
    db: impl PgExecutor<'_>,
    log: LogId,
    old: i64,
    new: i64,
) -> Result<Option<Vec<Sha256Hash>>, sqlx::Error> {
    let (Ok(old), Ok(new)) = (u64::try_from(old), u64::try_from(new)) else { return Ok(None) };
    load_proof(db, log, ProofPlan::for_consistency(old, new)).await
}

async fn load_proof(
    db: impl PgExecutor<'_>,
    log: LogId,
    plan: Option<ProofPlan>,
) -> Result<Option<Vec<Sha256Hash>>, sqlx::Error> {
    let Some(plan) = plan else { return Ok(None) };
    let nodes = append::load_nodes(db, log.uuid(), &plan.node_positions().collect::<Vec<NodePosition>>()).await?;
    let proof = plan.build_proof(|place| nodes.get(&place).copied());
    proof.map(Some).ok_or_else(|| sqlx::Error::Protocol(format!("the tree of log {log} lacks nodes of a proof")))
}

/// An event's bytes as text, with the proof that it is in the history.
#[derive(Debug, Clone)]
pub struct EventProof {
    /// The bytes that are hashed, which are UTF-8.
    pub event: String,
    /// The first checkpoint that covers the event, and the receipt under it; `None` while there is none.
    pub checkpoint_and_receipt: Option<(StoredCheckpoint, Receipt)>,
}

/// An event of a launch with its proof: two statements. `None` when there is no event with this number.
///
/// # Errors
/// [`RecordError`] when the database fails or the history is damaged.
pub async fn load_event_proof(db: &PgPool, launch: LaunchId, seq: Seq) -> Result<Option<EventProof>, RecordError> {
    let log = LogId::Launch(launch);
    let row = sqlx::query!(
        r#"SELECT e.bytes, c.size AS "size?", c.root AS "root?", c.text AS "text?", k.vkey AS "vkey?",
                  c.cause AS "cause?: CheckpointCause", c.at AS "at?: Moment",
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
    let event = String::from_utf8(row.bytes).map_err(|error| RecordError::Unreadable(launch, error.to_string()))?;
    let checkpoint = || {
        let (size, root, text, vkey) = (row.size?, row.root?, row.text?, row.vkey?);
        Some(CheckpointRow {
            size,
            root,
            text,
            vkey,
            cause: row.cause?,
            at: row.at?,
            names: row.names,
            times: row.times,
        })
    };
    let Some(checkpoint) = checkpoint() else { return Ok(Some(EventProof { event, checkpoint_and_receipt: None })) };
    let stored = StoredCheckpoint::try_from(checkpoint)?;
    let proof = prove_inclusion(db, log, seq, stored.size).await?.unwrap_or_default();
    let receipt = Receipt::new(stored.key.clone(), stored.text.clone(), event.clone(), proof);
    Ok(Some(EventProof { event, checkpoint_and_receipt: Some((stored, receipt)) }))
}

/// Records who received a checkpoint; only the first delivery to a person counts.
pub async fn add_witness(
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
