//! What can be wrong with a bundle, in plain words.

use super::HeldCheckpointError;
use crate::domain::{
    canonical::Sha256Hash,
    checkpoint::{CheckpointParseError, CheckpointSignatureError},
    key_chain::KeyChainError,
    launch::{event::Seq, replay::ReplayError},
};

/// The first thing that is wrong. Its words are a sentence for whoever holds the bundle.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BundleDefect {
    #[error("This is not a bundle: {0}.")]
    NotABundle(String),
    #[error("The archive is not as signoff writes it: {0}.")]
    Archive(String),
    #[error("There are two entries of the name {0:?}.")]
    DuplicateEntry(String),
    #[error("The entry {0:?} would be unpacked outside of its folder.")]
    EntryOutsideFolder(String),
    #[error("The entry {0:?} is a link, not a file.")]
    LinkEntry(String),
    #[error("There is an entry {0:?}, which no bundle has.")]
    UnknownEntry(String),
    #[error("The entry {0:?} stands where it does not belong.")]
    MisplacedEntry(String),
    #[error("The entry {0:?} is missing.")]
    MissingEntry(String),
    #[error("The entry {name:?} unpacks to more than {limit} bytes, which is more than it can have.")]
    EntryTooLarge { name: String, limit: u64 },
    #[error("A line of {name:?} is longer than any can be.")]
    LineTooLong { name: String },
    #[error("The entry {name:?} can't be read: {why}.")]
    Unreadable { name: String, why: String },

    #[error("The key in the bundle is {found}, not the one that was given ({given}).")]
    KeyDiffers { given: String, found: String },
    #[error("The key in the bundle is of another installation than the bundle says it comes from.")]
    KeyOfOtherInstallation,

    #[error("The statement about key {number} does not hold good: {why}.")]
    KeyStatement { number: u32, why: KeyChainError },
    #[error("The statements about keys lead to {newest}, not to the key in the bundle ({found}).")]
    KeyStatementsOfOtherKey { newest: String, found: String },
    #[error(
        "The key that you gave is key {number} of this installation. It was lost, and key {replacement} replaced it \
         without its signature, so it does not vouch for what came after it. Give the new key, if you have it from \
         somebody you trust, and a checkpoint that was kept from before."
    )]
    KeyWasReplaced { number: u32, replacement: u32 },

    #[error("Checkpoint {number} can't be read: {why}.")]
    Checkpoint { number: usize, why: CheckpointParseError },
    #[error("The checkpoint at event {size} can't be believed: {why}.")]
    CheckpointNotSigned { size: u64, why: CheckpointSignatureError },
    #[error("The checkpoint at event {size} is of another log: {origin}.")]
    CheckpointOfOtherLog { size: u64, origin: String },
    #[error("The checkpoint at event {size} stands where it does not belong.")]
    CheckpointOrder { size: u64 },
    #[error("The checkpoint at event {size} is signed with key {number}, which was no longer in use.")]
    CheckpointOfEarlierKey { size: u64, number: u32 },
    #[error("The last checkpoint is not signed with the newest key of the installation, key {newest}.")]
    LastCheckpointOfEarlierKey { newest: u32 },
    #[error("No checkpoint covers the whole history: the last of {events} events is under none.")]
    NotCoveredByCheckpoint { events: i64 },
    #[error(
        "No checkpoint ends with event {seq} ({kind}), and one is made together with every event of this kind: it was \
         removed."
    )]
    CheckpointMissing { seq: Seq, kind: &'static str },

    #[error("What you hold is no checkpoint: {0}.")]
    HeldUnreadable(HeldCheckpointError),
    #[error("The checkpoint that you hold can't be believed: {0}.")]
    HeldNotSigned(CheckpointSignatureError),
    #[error("The checkpoint that you hold is of another log than this history: {0}.")]
    HeldOfOtherLog(String),
    #[error("The receipt that you hold does not hold good: {0}.")]
    HeldReceipt(String),
    #[error(
        "This history has {events} events, and the checkpoint that you hold covers {size}: events were removed from \
         its end, or the bundle was made before the checkpoint."
    )]
    HeldLonger { size: u64, events: i64 },
    #[error(
        "This history is not the one of the checkpoint that you hold: one of the events 1 to {size} was changed, \
             removed, inserted or moved."
    )]
    HeldDiffers { size: u64 },

    #[error("The checklist is not in the form of one: {0}.")]
    Checklist(String),
    #[error(
        "The checklist is not the one that the launch was made from: its hash is {found}, and event 1 names {named}."
    )]
    ChecklistDiffers { named: Sha256Hash, found: Sha256Hash },

    #[error("Event {seq} is not in the form of an event: {why}.")]
    Event { seq: Seq, why: String },
    #[error("Event {seq} is not canonical JSON.")]
    NotCanonical { seq: Seq },
    #[error("Event {found} stands where event {expected} should.")]
    EventOrder { expected: Seq, found: Seq },
    #[error("Event {seq} is of another launch.")]
    EventOfOtherLaunch { seq: Seq },
    #[error("Event {seq} is said to be earlier than the event before it.")]
    EventEarlier { seq: Seq },
    #[error("Event {seq} does not follow from the history before it: {why}.")]
    BrokenRule { seq: Seq, why: ReplayError },
    #[error("There are {found} events, and the bundle says that there are {stated}.")]
    EventCount { stated: i64, found: i64 },
    #[error(
        "The events 1 to {size} do not hash to what the checkpoint at event {size} says: one of the events {from} to \
         {size} was changed, removed, inserted or moved."
    )]
    RootDiffers { from: u64, size: u64 },

    #[error("A text that event {seq} names is not what was written: it was changed.")]
    TextAltered { seq: Seq },
    #[error("There is a text that no event names.")]
    TextUnknown,
    #[error("A text that event {seq} names is there twice.")]
    DuplicateText { seq: Seq },
    #[error("A text that event {seq} names is missing, and no event says that it was redacted.")]
    TextMissing { seq: Seq },
    #[error("A text that event {seq} names is there, though event {redacted} says that it was redacted.")]
    RedactedTextPresent { seq: Seq, redacted: Seq },

    #[error("The signatures in signatures.json are not those in the events.{}", .first.map(|seq| format!(" The first that differs is that of event {seq}.")).unwrap_or_default())]
    Signatures { first: Option<Seq> },

    #[error("There is a file {0} that no event names.")]
    FileUnknown(Sha256Hash),
    #[error(
        "The file that event {seq} attached is not the one that was attached: its SHA-256 is {found}, not {named}."
    )]
    FileAltered { seq: Seq, named: Sha256Hash, found: Sha256Hash },
    #[error("The file that event {seq} attached has {found} bytes, not {stated}.")]
    FileSize { seq: Seq, stated: u64, found: u64 },
    #[error("The file {sha256} that event {seq} attached is missing, and no event says that it was redacted.")]
    FileMissing { seq: Seq, sha256: Sha256Hash },
    #[error("The file {sha256} is there, though event {redacted} says that it was redacted.")]
    RedactedFilePresent { sha256: Sha256Hash, redacted: Seq },
}

impl BundleDefect {
    /// The status that the verifier ends with: 2 for what is no bundle, 1 for one that was altered.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::NotABundle(_) => 2,
            _ => 1,
        }
    }
}
