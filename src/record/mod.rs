//! The record: the one module that reads and changes launches.
//!
//! A launch has one origin, its events. [`Record::load`] takes the cached state and applies the later events to it,
//! which it loads with their texts in one statement; without a cached state it begins at event 1. Only
//! [`Record::execute`] and [`Record::create`] change a launch: they decide under a lock on the launch's row, append the
//! events, update the tables, sign a checkpoint where one is due, and commit, all in one transaction. The tables are
//! projections for lists, search and constraints; no decision on a launch is based on them. docs/architecture.md names the
//! questions outside of launches that they answer.

mod append;
pub mod backup_snapshot;
pub mod checkpoints;
mod current_readiness;
pub mod daily_checkpoints;
pub mod events;
pub mod evidence_store;
pub mod execute;
pub mod feed;
pub mod history_export;
pub mod inbox_feed;
pub mod installation_log;
mod installation_log_export;
pub mod keys;
pub mod load;
pub mod logs;
pub mod notifications;
pub mod operations_status;
mod project;
pub mod redact;
pub mod renewals;
pub mod rows;
pub mod scopes;
pub mod security_log;
pub mod served_database;
pub mod statements;
pub mod store_sizes;
pub mod summaries;
pub mod texts;
pub mod verified_logs;
pub mod verify;
mod webhook_outbox;

use std::sync::Arc;

use moka::sync::Cache;

use self::{checkpoints::StoredCheckpoint, current_readiness::CachedReadiness};
use crate::domain::{
    canonical::Sha256Hash,
    checkpoint::SignedCheckpoint,
    digest::Scope,
    ids::{ChecklistVersionId, LaunchId},
    key::{PrivateKey, PublicKey},
    launch::{
        apply::ApplyError,
        command::Refusal,
        event::Seq,
        state::{ChecklistVersion, LaunchState},
    },
    role::RoleSlug,
};

/// Reads and changes launches. It caches committed states, checklist versions and past scopes, and has the key that
/// signs checkpoints.
#[derive(Debug, Clone)]
pub struct Record {
    key: Option<Arc<PrivateKey>>,
    /// Whether nothing is signed, because this is a copy.
    is_drill: bool,
    states: Cache<LaunchId, CachedState>,
    /// The launches for which a contradiction between database and cache was logged.
    report_contradiction: Cache<LaunchId, ()>,
    readiness: Cache<LaunchId, CachedReadiness>,
    versions: Cache<ChecklistVersionId, Arc<ChecklistVersion>>,
    scopes: Cache<(LaunchId, Seq, RoleSlug), Arc<Scope>>,
    /// The waiting period in seconds after somebody else renewed a person's credentials.
    waiting_period_seconds: i64,
}

/// A cached committed state and the hash of its newest event. The database must contain that event for ever, so that a
/// history that was cut, restored or rewritten is noticed when it is next read.
#[derive(Debug, Clone)]
struct CachedState {
    state: Arc<LaunchState>,
    newest_event_hash: Sha256Hash,
}

/// The most memory for cached launches, in bytes.
const STATE_CACHE_BYTES: u64 = 64 * 1024 * 1024;
/// The most memory for their readiness, in bytes.
const READINESS_CACHE_BYTES: u64 = 8 * 1024 * 1024;
const VERSION_CACHE_SIZE: u64 = 64;
const SCOPE_CACHE_SIZE: u64 = 256;
/// The default waiting period after a renewal of credentials by somebody else: a day.
const DEFAULT_WAITING_PERIOD_SECONDS: i64 = 86_400;
/// How many launches are remembered as reported.
const MAX_REPORTED_CONTRADICTIONS: u64 = 10_000;

impl Default for Record {
    /// A record for reading. It has no key, so a change that needs a checkpoint fails.
    fn default() -> Self {
        let weigh = |_: &LaunchId, cached: &CachedState| u32::try_from(cached.state.weight()).unwrap_or(u32::MAX);
        let weigh_readiness =
            |_: &LaunchId, cached: &CachedReadiness| u32::try_from(cached.weight()).unwrap_or(u32::MAX);
        Self {
            key: None,
            is_drill: false,
            states: Cache::builder().weigher(weigh).max_capacity(STATE_CACHE_BYTES).build(),
            readiness: Cache::builder().weigher(weigh_readiness).max_capacity(READINESS_CACHE_BYTES).build(),
            versions: Cache::new(VERSION_CACHE_SIZE),
            report_contradiction: Cache::new(MAX_REPORTED_CONTRADICTIONS),
            scopes: Cache::new(SCOPE_CACHE_SIZE),
            waiting_period_seconds: DEFAULT_WAITING_PERIOD_SECONDS,
        }
    }
}

impl Record {
    /// How many launches are in memory.
    #[must_use]
    pub fn cached_launches(&self) -> u64 {
        self.states.entry_count()
    }

    /// A record that changes launches and signs their checkpoints with this key. The key must be registered in the
    /// database (see [`keys::register_key`]).
    #[must_use]
    pub fn new(key: Arc<PrivateKey>) -> Self {
        Self { key: Some(key), ..Self::default() }
    }

    /// Sets the waiting period in seconds after a renewal of credentials by somebody else.
    #[must_use]
    pub fn with_waiting_period(self, wait: i64) -> Self {
        Self { waiting_period_seconds: wait, ..self }
    }

    /// Signs nothing, if this is a drill: a copy that signs makes histories that contradict those of the original.
    #[must_use]
    pub fn with_drill(self, is_drill: bool) -> Self {
        Self { is_drill, ..self }
    }

    /// The key that signs checkpoints.
    fn key(&self) -> Result<&PrivateKey, RecordError> {
        if self.is_drill {
            return Err(RecordError::Drill);
        }
        self.key.as_deref().ok_or(RecordError::NoKey)
    }

    /// The key that verifies checkpoints, if there is one.
    #[must_use]
    pub fn public_key(&self) -> Option<PublicKey> {
        self.key.as_ref().map(|key| key.public_key())
    }

    /// The text of a checkpoint that is signed with this record's key: a stored one that an earlier key signed gets its
    /// signature too.
    ///
    /// # Errors
    /// When there is no key, or the text is damaged.
    pub fn cosign(&self, checkpoint: &StoredCheckpoint) -> anyhow::Result<String> {
        let key = self.key()?;
        if checkpoint.key == key.public_key() {
            return Ok(checkpoint.text.clone());
        }
        let note: SignedCheckpoint = checkpoint.text.parse()?;
        note.verify(&checkpoint.key)?;
        Ok(note.cosign(key).to_string())
    }

    fn evict_state(&self, launch: LaunchId) {
        self.states.invalidate(&launch);
    }

    /// Caches a committed state with the hash of its newest event, unless a newer one is cached.
    fn cache_state(&self, state: Arc<LaunchState>, newest: Sha256Hash) {
        self.states.entry(state.id).and_upsert_with(|cached| match cached {
            Some(cached) if cached.value().state.seq > state.seq => cached.into_value(),
            _ => CachedState { state, newest_event_hash: newest },
        });
    }

    /// The error that the database contradicts what was read of a launch before. A server (with a key) logs it for the
    /// operator, once for each launch; a command that only reads reports it itself.
    fn contradicted(&self, launch: LaunchId, how: Contradiction) -> RecordError {
        if self.key.is_some() && self.report_contradiction.entry(launch).or_insert(()).is_fresh() {
            tracing::error!(
                %launch,
                "the database no longer holds the history of a launch that this server has read: {how}. The launch is neither \
                 shown nor changed. Run `signoff verify --database`; after a backup was restored on purpose, restart the server"
            );
        }
        RecordError::Contradiction(launch, how)
    }

    /// The database agrees again: the next contradiction is logged again.
    fn clear_reported_contradiction(&self, launch: LaunchId) {
        if self.report_contradiction.contains_key(&launch) {
            self.report_contradiction.invalidate(&launch);
        }
    }
}

/// Why a launch could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// An event does not fit the history before it.
    #[error("the history of launch {0} is damaged: {1}")]
    Misfit(LaunchId, ApplyError),
    /// Stored bytes have the wrong format.
    #[error("stored bytes of launch {0} can't be read: {1}")]
    Unreadable(LaunchId, String),
    /// The database does not contain what was read from it before.
    #[error("the database no longer holds the history of launch {0} that was read before: {1}")]
    Contradiction(LaunchId, Contradiction),
    /// A checkpoint is due, and this record has no key.
    #[error("a checkpoint is due, and there is no key to sign it with")]
    NoKey,
    /// A checkpoint is due, and this is a copy, which signs none.
    #[error("a checkpoint is due, and this is a drill, in which nothing is signed")]
    Drill,
}

/// How the database contradicts itself or what was read from it before. A history only grows, so ordinary work of this
/// or another server never causes this: somebody restored an older database or altered this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    /// The launch's row is missing.
    #[error("it is gone")]
    Gone,
    /// The history is shorter than before.
    #[error("it has {counted} events, and {read_before} were read before")]
    Shorter {
        /// The number of events according to the launch's row.
        counted: Seq,
        /// The number of events read before.
        read_before: Seq,
    },
    /// The newest event that was read before is missing or different.
    #[error("event {0} is missing, or is not the one that was read before")]
    Rewritten(Seq),
    /// An event before the newest is missing.
    #[error("event {0} is missing")]
    Missing(Seq),
    /// The number in the launch's row is not that of the last event.
    #[error("its row counts {counted} events, and the last that there is has the number {last}")]
    Miscounted {
        /// The number of events according to the launch's row.
        counted: Seq,
        /// The number of the last event.
        last: Seq,
    },
}

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub enum ExecuteError {
    #[error("{0}")]
    Refused(CommandRefusals),
    #[error(transparent)]
    Failed(#[from] RecordError),
}

/// The commands that were refused, with the reasons: at least one.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{} of the commands were refused, first {}", .others.len() + 1, .first.0)]
pub struct CommandRefusals {
    first: Box<(usize, Refusal)>,
    others: Vec<(usize, Refusal)>,
}

impl CommandRefusals {
    #[must_use]
    pub fn single(at: usize, refusal: Refusal) -> Self {
        Self { first: Box::new((at, refusal)), others: Vec::new() }
    }

    /// `None` for an empty list.
    fn from_list(refused: Vec<(usize, Refusal)>) -> Option<Self> {
        let mut refused = refused.into_iter();
        refused.next().map(|first| Self { first: Box::new(first), others: refused.collect() })
    }

    /// The reason of the first refusal.
    #[must_use]
    pub fn into_first(self) -> Refusal {
        self.first.1
    }

    /// The index of each refused command in the list, from 0, and the reason.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Refusal)> {
        std::iter::once(&*self.first).chain(&self.others).map(|(at, refusal)| (*at, refusal))
    }
}

impl From<sqlx::Error> for ExecuteError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}
