//! Verifying a bundle, fed piece by piece.

mod entries;

use std::{
    collections::{BTreeMap, HashMap},
    io::Read,
    sync::Arc,
};

use super::{
    BundleDefect, BundleEntry, KeyTrust, Manifest, TrustAnchors, VerifiedBundle, VerifiedRedaction,
    signatures_check::TextHashes,
};
use crate::domain::{
    canonical::Sha256Hash,
    key::PublicKey,
    key_chain::KeyChain,
    launch::{
        event::{self, Event, Seq},
        replay::LaunchReplay,
        state::ChecklistVersion,
        texts::Commitment,
    },
    merkle::{RightEdge, proof::TreeHead},
};

/// The most bytes of a bundle's own description, and of a key.
const MAX_DESCRIPTION_BYTES: u64 = 64 * 1024;
/// The most bytes of a checklist: three times what its texts may have, and its items.
const MAX_CHECKLIST_BYTES: u64 = 16 * 1024 * 1024;
/// The most bytes of the signatures, which are not kept.
const MAX_SIGNATURES_BYTES: u64 = 64 * 1024 * 1024;
/// The longest line of a statement about keys.
const MAX_KEY_LINE: usize = 4 * 1024;
/// The longest line of a checkpoint, with all to whom it was delivered.
const MAX_CHECKPOINT_LINE: usize = 4 * 1024 * 1024;
/// The longest line of an event: one that closes a launch says how each condition was settled.
const MAX_EVENT_LINE: usize = 2 * 1024 * 1024;
/// The longest line of a text: the longest text has 20,000 characters.
const MAX_TEXT_LINE: usize = 256 * 1024;
/// The most that a report may have for each event, and at least.
const MAX_REPORT_BYTES_PER_EVENT: u64 = 64 * 1024;

/// How an entry is to be fed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BundleEntryInput {
    /// Whole, with [`BundleVerifier::accept_whole`]: at most so many bytes.
    Whole(u64),
    /// As it is read, with [`BundleVerifier::accept_stream`]: at most so many bytes.
    Stream(u64),
    /// Line by line, without the newline that ends each, with [`BundleVerifier::accept_line`]: each of at most so many bytes.
    Lines(usize),
    /// By its hash and size, with [`BundleVerifier::accept_file_hash`]: at most so many bytes.
    Hash(u64),
    /// Not at all, since it is for reading: at most so many bytes.
    Skip(u64),
}

/// What is known of a text.
#[derive(Debug, Clone, Copy)]
struct BundleTextStatus {
    named_by: Seq,
    is_present: bool,
    redacted_by: Option<Seq>,
}

/// What is known of a file.
#[derive(Debug, Clone, Copy)]
struct BundleFileStatus {
    named_by: Seq,
    size: u64,
    is_present: bool,
    redacted_by: Option<Seq>,
}

/// Takes a bundle in, entry by entry, and says the first thing that is wrong.
#[derive(Debug, Default)]
pub struct BundleVerifier {
    trust_anchors: TrustAnchors,
    current_entry: Option<BundleEntry>,
    line_number: usize,
    manifest: Option<Manifest>,
    key: Option<PublicKey>,
    /// The keys up to that one; built from their statements, where there are any.
    keys: Option<KeyChain>,
    /// The checkpoints' roots, by size.
    checkpoint_roots: BTreeMap<u64, Sha256Hash>,
    /// The number of the key that signed the last checkpoint.
    checkpoint_key: u32,
    /// The checkpoint that was kept, with the number of the key that signed it.
    held: Option<(u32, TreeHead)>,
    version: Option<Arc<ChecklistVersion>>,
    /// What is wrong with the form of the checklist.
    checklist_error: Option<String>,
    edge: RightEdge,
    replay: Option<LaunchReplay>,
    /// Up to where a checkpoint fits.
    verified_size: u64,
    texts: HashMap<Commitment, BundleTextStatus>,
    /// Texts that the last words need: the launch's name, and why something was redacted.
    shown_texts: HashMap<Commitment, Option<String>>,
    /// The hashes of texts that are compared with `signatures.json`.
    signature_texts: TextHashes,
    files: BTreeMap<Sha256Hash, BundleFileStatus>,
    redactions: Vec<(Event, event::Redaction, Commitment)>,
}

impl BundleVerifier {
    /// One that measures what it is fed against this.
    #[must_use]
    pub fn new(given: TrustAnchors) -> Self {
        Self { trust_anchors: given, ..Self::default() }
    }

    /// The next entry, by its name: how it is to be fed. [`Self::end_entry`] ends it.
    ///
    /// # Errors
    /// [`BundleDefect`].
    pub fn begin_entry(&mut self, name: &str) -> Result<BundleEntryInput, BundleDefect> {
        if self.current_entry.is_none() && name != BundleEntry::Manifest.name() {
            return Err(BundleDefect::NotABundle("it does not begin with bundle.json".to_owned()));
        }
        let entry = BundleEntry::from_name(name).ok_or_else(|| BundleDefect::UnknownEntry(name.to_owned()))?;
        if self.current_entry == Some(entry)
            || (BundleEntry::REQUIRED.contains(&entry) && self.current_entry.is_some_and(|before| before > entry))
        {
            return Err(BundleDefect::DuplicateEntry(name.to_owned()));
        }
        if self.current_entry.is_some_and(|before| before > entry) {
            return Err(BundleDefect::MisplacedEntry(name.to_owned()));
        }
        self.check_required_entries_before(Some(entry))?;
        self.current_entry = Some(entry);
        self.line_number = 0;
        if entry == BundleEntry::Checkpoints {
            self.settle_keys()?;
        }
        let events = self.manifest.as_ref().map_or(0, |manifest| manifest.events.unsigned_abs());
        Ok(match entry {
            BundleEntry::Manifest | BundleEntry::Key => BundleEntryInput::Whole(MAX_DESCRIPTION_BYTES),
            BundleEntry::Checklist => BundleEntryInput::Whole(MAX_CHECKLIST_BYTES),
            BundleEntry::Signatures => BundleEntryInput::Stream(MAX_SIGNATURES_BYTES),
            BundleEntry::EarlierKeys => BundleEntryInput::Lines(MAX_KEY_LINE),
            BundleEntry::Checkpoints => BundleEntryInput::Lines(MAX_CHECKPOINT_LINE),
            BundleEntry::Events => BundleEntryInput::Lines(MAX_EVENT_LINE),
            BundleEntry::Texts => BundleEntryInput::Lines(MAX_TEXT_LINE),
            BundleEntry::Evidence(sha256) => BundleEntryInput::Hash(self.expected_file(sha256)?.size),
            BundleEntry::Report => BundleEntryInput::Skip(MAX_REPORT_BYTES_PER_EVENT.saturating_mul(events + 1_000)),
        })
    }

    /// Checks that every required entry that belongs before this one was read; all of them, before the end (`None`).
    fn check_required_entries_before(&self, entry: Option<BundleEntry>) -> Result<(), BundleDefect> {
        let mut always = BundleEntry::REQUIRED.into_iter();
        let missing = always
            .find(|must| self.current_entry.is_none_or(|at| *must > at) && entry.is_none_or(|entry| *must < entry));
        match missing {
            None => Ok(()),
            Some(BundleEntry::Manifest) => {
                Err(BundleDefect::NotABundle("it does not begin with bundle.json".to_owned()))
            }
            Some(missing) => Err(BundleDefect::MissingEntry(missing.name())),
        }
    }

    /// An entry that is fed whole.
    ///
    /// # Errors
    /// [`BundleDefect`].
    pub fn accept_whole(&mut self, bytes: &[u8]) -> Result<(), BundleDefect> {
        match self.current_entry {
            Some(BundleEntry::Manifest) => self.read_manifest(bytes),
            Some(BundleEntry::Key) => self.read_key(bytes),
            Some(BundleEntry::Checklist) => self.read_checklist(bytes),
            _ => Ok(()),
        }
    }

    /// An entry that is fed as it is read.
    ///
    /// # Errors
    /// [`BundleDefect`]; that the reader failed is one, too.
    pub fn accept_stream(&self, reader: impl Read) -> Result<(), BundleDefect> {
        match self.current_entry {
            Some(BundleEntry::Signatures) => self.compare_signatures(reader),
            _ => Ok(()),
        }
    }

    /// A line of an entry that is fed by lines.
    ///
    /// # Errors
    /// [`BundleDefect`].
    pub fn accept_line(&mut self, line: &[u8]) -> Result<(), BundleDefect> {
        self.line_number += 1;
        match self.current_entry {
            Some(BundleEntry::EarlierKeys) => self.read_key_statement(line),
            Some(BundleEntry::Checkpoints) => self.read_checkpoint(line),
            Some(BundleEntry::Events) => self.read_event(line),
            Some(BundleEntry::Texts) => self.read_text(line),
            _ => Ok(()),
        }
    }

    /// The hash and the size of an entry that is fed by them.
    ///
    /// # Errors
    /// [`BundleDefect`].
    pub fn accept_file_hash(&mut self, hash: Sha256Hash, size: u64) -> Result<(), BundleDefect> {
        let Some(BundleEntry::Evidence(named)) = self.current_entry else { return Ok(()) };
        let expected = self.expected_file(named)?;
        if size != expected.size {
            return Err(BundleDefect::FileSize { seq: expected.named_by, stated: expected.size, found: size });
        }
        if hash != named {
            return Err(BundleDefect::FileAltered { seq: expected.named_by, named, found: hash });
        }
        self.files.entry(named).and_modify(|file| file.is_present = true);
        Ok(())
    }

    /// The entry has ended.
    ///
    /// # Errors
    /// [`BundleDefect`].
    pub fn end_entry(&mut self) -> Result<(), BundleDefect> {
        match self.current_entry {
            Some(BundleEntry::EarlierKeys) => self.end_key_statements(),
            Some(BundleEntry::Checkpoints) => self.end_checkpoints(),
            Some(BundleEntry::Events) => self.end_events(),
            Some(BundleEntry::Texts) => self.end_texts(),
            _ => Ok(()),
        }
    }

    /// Ends the verification after the last entry, and returns the findings.
    ///
    /// # Errors
    /// [`BundleDefect`].
    pub fn finish(self) -> Result<VerifiedBundle, BundleDefect> {
        self.check_required_entries_before(None)?;
        let lost = self.files.iter().find(|(_, file)| !file.is_present && file.redacted_by.is_none());
        if let Some((sha256, file)) = lost {
            return Err(BundleDefect::FileMissing { seq: file.named_by, sha256: *sha256 });
        }
        let (Some(manifest), Some(keys), Some(replay)) = (self.manifest, self.keys, self.replay) else {
            return Err(BundleDefect::NotABundle("it holds nothing".to_owned()));
        };
        let state = replay.state();
        let shown = |of: &Commitment| self.shown_texts.get(of).cloned().flatten();
        let redactions = self.redactions.into_iter().map(|(event, redaction, why)| VerifiedRedaction {
            seq: event.seq,
            subject: match redaction {
                event::Redaction::Text { field, .. } => field.description().into_owned(),
                event::Redaction::File { sha256 } => format!("the file {sha256}"),
            },
            at: event.at,
            by: event.actor.name,
            reason: shown(&why),
        });
        Ok(VerifiedBundle {
            name: shown(&state.details.name),
            trust: match (self.trust_anchors.key, self.held) {
                (None, None) => KeyTrust::Unconfirmed,
                (Some(_), None) => KeyTrust::Key,
                (None, Some((_, head))) => KeyTrust::Checkpoint(head.size),
                (Some(_), Some((_, head))) => KeyTrust::KeyAndCheckpoint(head.size),
            },
            held_key: self.held.map(|(number, _)| number),
            checkpoints: self.checkpoint_roots.len(),
            signatures: state.signatures.len(),
            texts: self.texts.values().filter(|text| text.is_present).count(),
            files: self.files.values().filter(|file| file.is_present).count(),
            redactions: redactions.collect(),
            manifest,
            keys,
        })
    }
}
