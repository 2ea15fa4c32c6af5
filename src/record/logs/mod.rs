//! Reads the pages of a log, newest first: a launch's history ([`history`]), or all histories and the audit log together
//! ([`audit`]). The two have the same filters, and differ in their order and therefore in their cursors and statements.
//!
//! # How the statements stay fast at any length
//!
//! The statement that lists entries in order has one branch for each filter that has an index of its own: items, person,
//! kinds, or none. Each of these indexes ends with the order of the log, such as `events (launch_id, kind, seq)` or
//! `events (kind, at, launch_id, seq)`, so a branch reads one page of rows from the end of the index and stops. Several
//! kinds or items are read with a `LATERAL` join, a page of rows for each, and merged. The filters without an index of
//! their own are applied to the rows that a branch reads.
//!
//! Only one of the branches runs. Which one is a parameter (`index_to_use`), so that one checked statement serves all
//! filters. `EXPLAIN (ANALYZE)` of the prepared statement shows this: with a generic plan, each branch is below a
//! `Result` with `One-Time Filter: ($7 = 'kinds')`, and the index scans of the other branches are `(never executed)`; with
//! a custom plan, which knows the parameters, the other branches are `One-Time Filter: false` without a scan. A branch
//! that runs has an `Index Scan Backward` below a `Limit`. `tests/slices/history.rs` counts the rows that a page reads.

pub mod audit;
pub mod history;

use super::{RecordError, events::parse_event};
use crate::domain::{
    canonical,
    ids::{ItemId, LaunchId, UserId},
    installation_entry::InstallationEntry,
    launch::event::Event,
    time::Moment,
};

/// What a page of a log shows: entries older than a cursor `C` that match all of these; `None` is no filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFilter<C> {
    pub kinds: Option<Vec<String>>,
    pub actor: Option<UserId>,
    /// Only in the history of a launch.
    pub items: Option<Vec<ItemId>>,
    pub text: Option<LogTextFilter>,
    /// The earliest time, inclusive.
    pub from: Option<Moment>,
    /// The end of the time, exclusive.
    pub until: Option<Moment>,
    pub before: Option<C>,
}

/// Words to search for in texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogTextFilter {
    /// `ILIKE` patterns. A text must match all of them; words may be parts of longer words.
    pub patterns: Vec<String>,
    /// A complete hash, of a file or a text's commitment, in lower case. Only in the history of a launch.
    pub hash: Option<String>,
    /// The items with all words in their titles, in the history of a launch.
    pub items: Vec<ItemId>,
}

impl<C> LogFilter<C> {
    /// The filter whose index the log is read by; the others are applied to the rows found.
    const fn index_to_use(&self) -> &'static str {
        match self {
            Self { items: Some(_), .. } => "items",
            Self { actor: Some(_), .. } => "actor",
            Self { kinds: Some(_), .. } => "kinds",
            Self { items: None, actor: None, kinds: None, .. } => "all",
        }
    }
}

#[derive(Debug, Clone)]
pub enum LogEntry {
    LaunchEvent(Event),
    InstallationEntry(InstallationEntry),
}

impl LogEntry {
    #[must_use]
    pub const fn event(&self) -> Option<&Event> {
        match self {
            Self::LaunchEvent(event) => Some(event),
            Self::InstallationEntry(_) => None,
        }
    }

    /// The launch that it belongs to or is about.
    #[must_use]
    pub fn launch(&self) -> Option<LaunchId> {
        match self {
            Self::LaunchEvent(event) => Some(event.launch),
            Self::InstallationEntry(entry) => entry.launch.map(|(launch, _)| launch),
        }
    }

    fn parse_launch_event(launch: LaunchId, bytes: &[u8]) -> Result<Self, RecordError> {
        parse_event(launch, bytes).map(Self::LaunchEvent)
    }

    fn parse_installation_entry(bytes: &[u8]) -> Result<Self, RecordError> {
        let entry = canonical::from_bytes(bytes).map_err(|error| sqlx::Error::Decode(error.into()))?;
        Ok(Self::InstallationEntry(entry))
    }
}

/// An entry and its place in the order of the log.
#[derive(Debug, Clone)]
pub struct PlacedLogEntry<C> {
    pub cursor: C,
    pub entry: LogEntry,
}

/// Entries, newest first; `None` when a text search took too long.
pub type LogEntries<C> = Option<Vec<PlacedLogEntry<C>>>;
