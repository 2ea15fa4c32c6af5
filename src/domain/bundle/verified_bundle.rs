//! The findings of the verifier about a bundle in which nothing is wrong.

use super::Manifest;
use crate::domain::{key_chain::KeyChain, launch::event::Seq, text::PersonName, time::Moment};

/// What was destroyed, as the history records it.
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

/// Why the key in the bundle can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyTrust {
    /// Neither a key nor a checkpoint was given: the bundle is only consistent.
    Unconfirmed,
    /// It is the given key, or follows from it by rotations.
    Key,
    /// The given checkpoint is signed with it, and covers this history up to this event.
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
    /// The keys of the installation, of which the newest has signed the whole.
    pub keys: KeyChain,
    /// What makes one believe the newest.
    pub trust: KeyTrust,
    /// The number of the key that signed the checkpoint that was kept.
    pub held_key: Option<u32>,
    /// How many checkpoints there are.
    pub checkpoints: usize,
    pub signatures: usize,
    pub texts: usize,
    pub files: usize,
    pub redactions: Vec<VerifiedRedaction>,
}
