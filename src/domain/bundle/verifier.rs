//! Verifying a bundle, fed piece by piece.

mod entries;

use std::{
    collections::{BTreeMap, HashMap},
    io::Read,
    sync::Arc,
};

use super::{Entry, Finding, Given, Manifest, Redaction, Trust, Verified, compare::TextHashes};
use crate::domain::{
    canonical::Sha256Hash,
    key::PublicKey,
    launch::{
        event::{self, Event, Seq},
        replay::Replay,
        state::ChecklistVersion,
        texts::Commitment,
    },
    merkle::{Edge, proof::Head},
};

/// The most bytes of a bundle's own description, and of a key.
const MOST_DESCRIPTION: u64 = 64 * 1024;
/// The most bytes of a checklist: three times what its texts may have, and its items.
const MOST_CHECKLIST: u64 = 16 * 1024 * 1024;
/// The most bytes of the signatures, which are not kept.
const MOST_SIGNATURES: u64 = 64 * 1024 * 1024;
/// The longest line of a checkpoint, with all to whom it was delivered.
const LONGEST_CHECKPOINT: usize = 4 * 1024 * 1024;
/// The longest line of an event: one that closes a launch says how each condition was settled.
const LONGEST_EVENT: usize = 2 * 1024 * 1024;
/// The longest line of a text: the longest text has 20,000 characters.
const LONGEST_TEXT: usize = 256 * 1024;
/// The most that a report may have for each event, and at least.
const MOST_REPORT: u64 = 64 * 1024;

/// How an entry is to be fed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feed {
    /// Whole, with [`Verifier::whole`]: at most so many bytes.
    Whole(u64),
    /// As it is read, with [`Verifier::read`]: at most so many bytes.
    Read(u64),
    /// Line by line, without the newline that ends each, with [`Verifier::line`]: each of at most so many bytes.
    Lines(usize),
    /// By its hash and size, with [`Verifier::file`]: at most so many bytes.
    Hash(u64),
    /// Not at all, since it is for reading: at most so many bytes.
    Nothing(u64),
}

/// What is known of a text.
#[derive(Debug, Clone, Copy)]
struct Named {
    by: Seq,
    found: bool,
    redacted: Option<Seq>,
}

/// What is known of a file.
#[derive(Debug, Clone, Copy)]
struct File {
    by: Seq,
    size: u64,
    found: bool,
    redacted: Option<Seq>,
}

/// Takes a bundle in, entry by entry, and says the first thing that is wrong.
#[derive(Debug, Default)]
pub struct Verifier {
    given: Given,
    at: Option<Entry>,
    lines: usize,
    manifest: Option<Manifest>,
    key: Option<PublicKey>,
    /// The checkpoints' roots, by size.
    heads: BTreeMap<u64, Sha256Hash>,
    held: Option<Head>,
    version: Option<Arc<ChecklistVersion>>,
    /// What is wrong with the form of the checklist.
    checklist_fault: Option<String>,
    edge: Edge,
    replay: Option<Replay>,
    /// Up to where a checkpoint fits.
    fits: u64,
    texts: HashMap<Commitment, Named>,
    /// Texts that the last words need: the launch's name, and why something was redacted.
    shown: HashMap<Commitment, Option<String>>,
    /// The hashes of texts that are compared with `signatures.json`.
    compared: TextHashes,
    files: BTreeMap<Sha256Hash, File>,
    redactions: Vec<(Event, event::Redaction, Commitment)>,
}

impl Verifier {
    /// One that measures what it is fed against this.
    #[must_use]
    pub fn new(given: Given) -> Self {
        Self { given, ..Self::default() }
    }

    /// The next entry, by its name: how it is to be fed. [`Self::end`] ends it.
    ///
    /// # Errors
    /// [`Finding`].
    pub fn begin(&mut self, name: &str) -> Result<Feed, Finding> {
        if self.at.is_none() && name != Entry::Manifest.name() {
            return Err(Finding::NotABundle("it does not begin with bundle.json".to_owned()));
        }
        let entry = Entry::named(name).ok_or_else(|| Finding::UnknownEntry(name.to_owned()))?;
        if self.at == Some(entry) || (Entry::ALWAYS.contains(&entry) && self.at.is_some_and(|before| before > entry)) {
            return Err(Finding::Twice(name.to_owned()));
        }
        if self.at.is_some_and(|before| before > entry) {
            return Err(Finding::Order(name.to_owned()));
        }
        self.nothing_missing_before(Some(entry))?;
        self.at = Some(entry);
        self.lines = 0;
        let events = self.manifest.as_ref().map_or(0, |manifest| manifest.events.unsigned_abs());
        Ok(match entry {
            Entry::Manifest | Entry::Key => Feed::Whole(MOST_DESCRIPTION),
            Entry::Checklist => Feed::Whole(MOST_CHECKLIST),
            Entry::Signatures => Feed::Read(MOST_SIGNATURES),
            Entry::Checkpoints => Feed::Lines(LONGEST_CHECKPOINT),
            Entry::Events => Feed::Lines(LONGEST_EVENT),
            Entry::Texts => Feed::Lines(LONGEST_TEXT),
            Entry::Evidence(sha256) => Feed::Hash(self.expected(sha256)?.size),
            Entry::Report => Feed::Nothing(MOST_REPORT.saturating_mul(events + 1_000)),
        })
    }

    /// That every entry has come that comes before this one; before the end, when it is none.
    fn nothing_missing_before(&self, entry: Option<Entry>) -> Result<(), Finding> {
        let mut always = Entry::ALWAYS.into_iter();
        let missing =
            always.find(|must| self.at.is_none_or(|at| *must > at) && entry.is_none_or(|entry| *must < entry));
        match missing {
            None => Ok(()),
            Some(Entry::Manifest) => Err(Finding::NotABundle("it does not begin with bundle.json".to_owned())),
            Some(missing) => Err(Finding::MissingEntry(missing.name())),
        }
    }

    /// An entry that is fed whole.
    ///
    /// # Errors
    /// [`Finding`].
    pub fn whole(&mut self, bytes: &[u8]) -> Result<(), Finding> {
        match self.at {
            Some(Entry::Manifest) => self.take_manifest(bytes),
            Some(Entry::Key) => self.take_key(bytes),
            Some(Entry::Checklist) => self.take_checklist(bytes),
            _ => Ok(()),
        }
    }

    /// An entry that is fed as it is read.
    ///
    /// # Errors
    /// [`Finding`]; that the reader failed is one, too.
    pub fn read(&self, reader: impl Read) -> Result<(), Finding> {
        match self.at {
            Some(Entry::Signatures) => self.compare_signatures(reader),
            _ => Ok(()),
        }
    }

    /// A line of an entry that is fed by lines.
    ///
    /// # Errors
    /// [`Finding`].
    pub fn line(&mut self, line: &[u8]) -> Result<(), Finding> {
        self.lines += 1;
        match self.at {
            Some(Entry::Checkpoints) => self.take_checkpoint(line),
            Some(Entry::Events) => self.take_event(line),
            Some(Entry::Texts) => self.take_text(line),
            _ => Ok(()),
        }
    }

    /// The hash and the size of an entry that is fed by them.
    ///
    /// # Errors
    /// [`Finding`].
    pub fn file(&mut self, found: Sha256Hash, size: u64) -> Result<(), Finding> {
        let Some(Entry::Evidence(named)) = self.at else { return Ok(()) };
        let expected = self.expected(named)?;
        if size != expected.size {
            return Err(Finding::FileSize { seq: expected.by, said: expected.size, found: size });
        }
        if found != named {
            return Err(Finding::FileAltered { seq: expected.by, named, found });
        }
        self.files.entry(named).and_modify(|file| file.found = true);
        Ok(())
    }

    /// The entry has ended.
    ///
    /// # Errors
    /// [`Finding`].
    pub fn end(&mut self) -> Result<(), Finding> {
        match self.at {
            Some(Entry::Checkpoints) => self.end_checkpoints(),
            Some(Entry::Events) => self.end_events(),
            Some(Entry::Texts) => self.end_texts(),
            _ => Ok(()),
        }
    }

    /// The bundle has ended: what it comes to.
    ///
    /// # Errors
    /// [`Finding`].
    pub fn finish(self) -> Result<Verified, Finding> {
        self.nothing_missing_before(None)?;
        let lost = self.files.iter().find(|(_, file)| !file.found && file.redacted.is_none());
        if let Some((sha256, file)) = lost {
            return Err(Finding::FileMissing { seq: file.by, sha256: *sha256 });
        }
        let (Some(manifest), Some(key), Some(replay)) = (self.manifest, self.key, self.replay) else {
            return Err(Finding::NotABundle("it holds nothing".to_owned()));
        };
        let state = replay.state();
        let said = |of: &Commitment| self.shown.get(of).cloned().flatten();
        let redactions = self.redactions.into_iter().map(|(event, what, why)| Redaction {
            seq: event.seq,
            what: match what {
                event::Redaction::Text { field, .. } => field.words().to_owned(),
                event::Redaction::File { sha256 } => format!("the file {sha256}"),
            },
            at: event.at,
            by: event.actor.name,
            why: said(&why),
        });
        Ok(Verified {
            name: said(&state.details.name),
            trust: match (self.given.key, self.held) {
                (None, None) => Trust::Unconfirmed,
                (Some(_), None) => Trust::Key,
                (None, Some(head)) => Trust::Held(head.size),
                (Some(_), Some(head)) => Trust::KeyAndHeld(head.size),
            },
            checkpoints: self.heads.len(),
            signatures: state.signatures.len(),
            texts: self.texts.values().filter(|text| text.found).count(),
            files: self.files.values().filter(|file| file.found).count(),
            redactions: redactions.collect(),
            manifest,
            key,
        })
    }
}
