//! What a bundle comes to in which nothing is wrong.

use super::Manifest;
use crate::domain::{key::PublicKey, launch::event::Seq, text::PersonName, time::Moment};

/// What was destroyed, as the history tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedRedaction {
    /// The event that records it.
    pub seq: Seq,
    /// What: `a comment`, `a file (SHA-256 …)`.
    pub subject: String,
    pub at: Moment,
    pub by: PersonName,
    /// Why; nothing, when that is not in the bundle.
    pub reason: Option<String>,
}

/// What makes one believe the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyTrust {
    /// Neither a key nor a checkpoint was given: the bundle is only consistent.
    Unconfirmed,
    /// It is the one that was given.
    Key,
    /// A checkpoint that was kept is signed with it, and this history contains it, up to this event.
    Checkpoint(u64),
    /// Both hold; the checkpoint covers the events up to this one.
    KeyAndCheckpoint(u64),
}

/// A bundle in which nothing is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedBundle {
    /// What it is of.
    pub manifest: Manifest,
    /// The launch's name, unless it was redacted.
    pub name: Option<String>,
    pub key: PublicKey,
    /// What makes one believe it.
    pub trust: KeyTrust,
    /// How many checkpoints there are.
    pub checkpoints: usize,
    pub signatures: usize,
    pub texts: usize,
    pub files: usize,
    pub redactions: Vec<VerifiedRedaction>,
}
