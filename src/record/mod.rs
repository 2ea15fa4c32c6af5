//! The one door: how launches are read and changed.
//!
//! A launch has one origin, its events. [`Record::load`] takes the state kept in memory and applies the later
//! events to it, fetched with their texts in one statement; cold, it begins at event 1. Nothing changes a launch
//! but [`Record::execute`] and [`Record::create`]: they decide under a lock on the launch's row, append the
//! events, bring the tables up to date, sign a checkpoint where one is due, and commit, all in one transaction. Tables are projections, for lists,
//! search and constraints; nothing is decided from them.

mod append;
pub mod checkpoints;
pub mod daily;
pub mod evidence_store;
pub mod execute;
pub mod exports;
pub mod feed;
pub mod installation;
pub mod keys;
pub mod load;
mod log_export;
mod project;
pub mod redact;
pub mod renewals;
pub mod rows;
pub mod scopes;
pub mod security;
pub mod statements;
pub mod verify;

use std::sync::Arc;

use moka::sync::Cache;

use crate::domain::{
    canonical::Sha256Hash,
    digest::Scope,
    ids::{ChecklistVersionId, LaunchId},
    key::{PrivateKey, PublicKey},
    launch::{
        apply::Misfit,
        command::Refusal,
        event::Seq,
        state::{ChecklistVersion, LaunchState},
    },
    role::RoleSlug,
};

/// The door: what is kept in memory (committed states, the checklist versions they are made from, scopes as they once
/// were), and the key that signs checkpoints.
#[derive(Debug, Clone)]
pub struct Record {
    key: Option<Arc<PrivateKey>>,
    states: Cache<LaunchId, Remembered>,
    /// The launches of which it was logged that the database contradicts what is kept.
    contradicted: Cache<LaunchId, ()>,
    versions: Cache<ChecklistVersionId, Arc<ChecklistVersion>>,
    scopes: Cache<(LaunchId, Seq, RoleSlug), Arc<Scope>>,
    /// Seconds that somebody waits whose way in another renewed.
    wait: i64,
}

/// A committed state that is kept in memory, and the hash of the event that it ends with: the database has to hold that
/// event for ever, so that a history which was cut, restored or rewritten is noticed when it is next read.
#[derive(Debug, Clone)]
struct Remembered {
    state: Arc<LaunchState>,
    newest: Sha256Hash,
}

/// How many bytes of states are kept.
const STATES: u64 = 64 * 1024 * 1024;
/// How many checklist versions are kept.
const VERSIONS: u64 = 64;
/// How many past scopes are kept.
const SCOPES: u64 = 256;
/// Seconds that somebody waits whose way in another renewed, where nothing else is set: a day.
const WAIT: i64 = 86_400;
/// Of how many launches it is kept in mind that they were reported.
const REPORTED: u64 = 10_000;

impl Default for Record {
    /// One that reads. It has no key, so that what a checkpoint is due for is not done.
    fn default() -> Self {
        let weigh = |_: &LaunchId, kept: &Remembered| u32::try_from(kept.state.weight()).unwrap_or(u32::MAX);
        Self {
            key: None,
            states: Cache::builder().weigher(weigh).max_capacity(STATES).build(),
            versions: Cache::new(VERSIONS),
            contradicted: Cache::new(REPORTED),
            scopes: Cache::new(SCOPES),
            wait: WAIT,
        }
    }
}

impl Record {
    /// One that changes launches, and signs their checkpoints with this key. The database knows the key already (see
    /// [`keys::take`]).
    #[must_use]
    pub fn new(key: Arc<PrivateKey>) -> Self {
        Self { key: Some(key), ..Self::default() }
    }

    /// The same, with which somebody waits for so many seconds after another renewed their way in.
    #[must_use]
    pub fn with_wait(self, wait: i64) -> Self {
        Self { wait, ..self }
    }

    /// The key that signs checkpoints.
    fn key(&self) -> Result<&PrivateKey, Fault> {
        self.key.as_deref().ok_or(Fault::NoKey)
    }

    /// The key that checkpoints are verified with, where there is one.
    #[must_use]
    pub fn public_key(&self) -> Option<PublicKey> {
        self.key.as_ref().map(|key| key.public())
    }

    /// Drops from memory what is kept of a launch.
    fn forget(&self, launch: LaunchId) {
        self.states.invalidate(&launch);
    }

    /// Keeps a committed state with the hash of its newest event, unless a newer one is kept already.
    fn keep(&self, state: Arc<LaunchState>, newest: Sha256Hash) {
        self.states.entry(state.id).and_upsert_with(|kept| match kept {
            Some(kept) if kept.value().state.seq > state.seq => kept.into_value(),
            _ => Remembered { state, newest },
        });
    }

    /// The fault that the database contradicts what was read of a launch. A server logs it for the operator, once a launch; what
    /// only reads says it itself.
    fn contradicted(&self, launch: LaunchId, how: Contradiction) -> Fault {
        if self.key.is_some() && self.contradicted.entry(launch).or_insert(()).is_fresh() {
            tracing::error!(
                %launch,
                "the database no longer holds the history of a launch that this server has read: {how}. The launch is neither \
                 shown nor changed. Run `signoff verify --database`; after a backup was restored on purpose, restart the server"
            );
        }
        Fault::Contradicted(launch, how)
    }

    /// The database agrees again: what contradicts it next is logged anew.
    fn agreed(&self, launch: LaunchId) {
        if self.contradicted.contains_key(&launch) {
            self.contradicted.invalidate(&launch);
        }
    }
}

/// Why a launch could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// An event does not fit its history.
    #[error("the history of launch {0} is damaged: {1}")]
    Misfit(LaunchId, Misfit),
    /// Stored bytes are not what they should be.
    #[error("stored bytes of launch {0} can't be read: {1}")]
    Unreadable(LaunchId, String),
    /// The database does not hold what was read from it before.
    #[error("the database no longer holds the history of launch {0} that was read before: {1}")]
    Contradicted(LaunchId, Contradiction),
    /// A checkpoint is due, and this record has no key.
    #[error("a checkpoint is due, and there is no key to sign it with")]
    NoKey,
}

/// How the database contradicts itself, or what was read from it before. A history only ever grows, so none of this comes
/// from ordinary work, of this server or of another: somebody restored an older database, or altered this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    /// Its row is gone.
    #[error("it is gone")]
    Gone,
    /// It is shorter than it was.
    #[error("it has {found} events, and {known} were read before")]
    Shorter {
        /// How many its row counts.
        found: Seq,
        /// How many there were.
        known: Seq,
    },
    /// The newest event that was read before is missing, or another.
    #[error("event {0} is missing, or is not the one that was read before")]
    Rewritten(Seq),
    /// An event before the newest is missing.
    #[error("event {0} is missing")]
    Missing(Seq),
    /// Events are missing at the end, or too many.
    #[error("its row counts {counted} events, and the last that there is has the number {found}")]
    Miscounted {
        /// How many its row counts.
        counted: Seq,
        /// Up to which there are.
        found: Seq,
    },
}

/// Why a change did not happen.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    /// It was refused.
    #[error("{0}")]
    Refused(Refusals),
    /// Something failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Which of the commands were refused, and why: at least one.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{} of the commands were refused, first {}", .others.len() + 1, .first.0)]
pub struct Refusals {
    first: Box<(usize, Refusal)>,
    others: Vec<(usize, Refusal)>,
}

impl Refusals {
    /// Just this command.
    #[must_use]
    pub fn one(at: usize, refusal: Refusal) -> Self {
        Self { first: Box::new((at, refusal)), others: Vec::new() }
    }

    /// All of these; nothing, when there is none.
    fn all(refused: Vec<(usize, Refusal)>) -> Option<Self> {
        let mut refused = refused.into_iter();
        refused.next().map(|first| Self { first: Box::new(first), others: refused.collect() })
    }

    /// Why the first of them was refused.
    #[must_use]
    pub fn into_first(self) -> Refusal {
        self.first.1
    }

    /// The number of each command in the list, from 0, and why it was refused.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Refusal)> {
        std::iter::once(&*self.first).chain(&self.others).map(|(at, refusal)| (*at, refusal))
    }
}

impl From<sqlx::Error> for NotDone {
    fn from(error: sqlx::Error) -> Self {
        Self::Fault(error.into())
    }
}
