//! Verifying a bundle, fed piece by piece.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{CheckpointLine, Entry, Finding, Manifest, TextLine, signatures};
use crate::domain::{
    canonical::{self, Sha256Hash},
    checklist::Checklist,
    checkpoint::{BadCheckpoint, LogId, Origin, SignedCheckpoint},
    key::PublicKey,
    launch::{
        event::{self, Change, Event, EvidenceContent, Seq},
        state::{ChecklistVersion, LaunchState},
        texts::{Commitment, Salt, commitment},
    },
    merkle::{Edge, leaf_hash, proof::Head},
    receipt::Receipt,
    text::PersonName,
    time::Moment,
};

/// The most that is taken of what is read whole.
const MOST_WHOLE: u64 = 64 * 1024 * 1024;
/// The longest line.
const MOST_LINE: usize = 4 * 1024 * 1024;
/// The most that a report may have for each event, and at least.
const MOST_REPORT: u64 = 64 * 1024;

/// What whoever verifies has from elsewhere.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// The installation's public key.
    pub key: Option<PublicKey>,
    /// A checkpoint that was kept.
    pub held: Option<Held>,
}

/// A checkpoint that somebody kept, by itself or in a receipt.
#[derive(Debug, Clone)]
pub struct Held {
    note: SignedCheckpoint,
    receipt: Option<Receipt>,
}

/// A text that is neither a checkpoint nor a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotHeld {
    /// It is no checkpoint.
    #[error("this is no checkpoint: {0}")]
    Checkpoint(#[from] BadCheckpoint),
    /// It is no receipt.
    #[error("this is no receipt")]
    Receipt,
}

impl std::str::FromStr for Held {
    type Err = NotHeld;

    /// Reads a checkpoint's text or a receipt's file. A checkpoint that lost or gained white space at its end on the
    /// way, as texts do that are pasted, is taken for what it was.
    fn from_str(text: &str) -> Result<Self, NotHeld> {
        let text = text.replace("\r\n", "\n");
        let text = text.trim();
        if text.starts_with('{') {
            let receipt: Receipt = serde_json::from_str(text).map_err(|_| NotHeld::Receipt)?;
            return Ok(Self { note: receipt.checkpoint().parse()?, receipt: Some(receipt) });
        }
        Ok(Self { note: format!("{text}\n").parse()?, receipt: None })
    }
}

impl Held {
    /// Which log it says it is of.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        self.note.unverified().origin
    }

    /// What it says of this log, once its signature is checked.
    ///
    /// # Errors
    /// [`Finding`], when it is of another log or can't be believed.
    pub fn verified(&self, key: &PublicKey, origin: Origin) -> Result<Head, Finding> {
        let said = self.note.unverified().origin;
        if said != origin {
            return Err(Finding::HeldElsewhere(said.to_string()));
        }
        let checkpoint = self.note.verified(key).map_err(Finding::HeldNotSigned)?;
        if let Some(receipt) = &self.receipt {
            receipt.verify(key).map_err(|why| Finding::HeldReceipt(why.to_string()))?;
        }
        Ok(checkpoint.head)
    }
}

/// How an entry is to be fed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feed {
    /// Whole, with [`Verifier::whole`]: at most so many bytes.
    Whole(u64),
    /// Line by line, without the newline that ends each, with [`Verifier::line`]: each of at most so many bytes.
    Lines(usize),
    /// By its hash and size, with [`Verifier::file`]: at most so many bytes.
    Hash(u64),
    /// Not at all, since it is for reading: at most so many bytes.
    Nothing(u64),
}

/// What was destroyed, as the history tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redaction {
    /// The event that tells of it.
    pub seq: Seq,
    /// What: `a comment`, `a file (SHA-256 …)`.
    pub what: String,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: PersonName,
    /// Why; nothing, when that is not in the bundle.
    pub why: Option<String>,
}

/// What makes one believe the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// Nothing from outside.
    Unconfirmed,
    /// It is the one that was given.
    Key,
    /// A checkpoint that was kept is signed with it, and this history contains it, up to this event.
    Held(u64),
    /// Both.
    KeyAndHeld(u64),
}

/// A bundle in which nothing is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What it is of.
    pub manifest: Manifest,
    /// The launch's name, unless it was redacted.
    pub name: Option<String>,
    /// The key.
    pub key: PublicKey,
    /// What makes one believe it.
    pub trust: Trust,
    /// How many checkpoints there are.
    pub checkpoints: usize,
    /// How many signatures.
    pub signatures: usize,
    /// How many texts.
    pub texts: usize,
    /// How many files.
    pub files: usize,
    /// What was destroyed.
    pub redactions: Vec<Redaction>,
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
    edge: Edge,
    state: Option<LaunchState>,
    /// Up to where a checkpoint fits.
    fits: u64,
    texts: HashMap<Commitment, Named>,
    /// Texts that the last words need.
    kept: HashMap<Commitment, Option<String>>,
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
        if self.at.is_some_and(|before| before >= entry) {
            return Err(Finding::Order(name.to_owned()));
        }
        self.nothing_missing_before(Some(entry))?;
        self.at = Some(entry);
        self.lines = 0;
        let events = self.manifest.as_ref().map_or(0, |manifest| manifest.events.unsigned_abs());
        Ok(match entry {
            Entry::Manifest | Entry::Key => Feed::Whole(64 * 1024),
            Entry::Checklist | Entry::Signatures => Feed::Whole(MOST_WHOLE),
            Entry::Checkpoints | Entry::Events | Entry::Texts => Feed::Lines(MOST_LINE),
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
            Some(Entry::Signatures) => self.compare_signatures(bytes),
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
        let (Some(manifest), Some(key), Some(state)) = (self.manifest, self.key, self.state) else {
            return Err(Finding::NotABundle("it holds nothing".to_owned()));
        };
        let said = |of: &Commitment| self.kept.get(of).cloned().flatten();
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

    fn take_manifest(&mut self, bytes: &[u8]) -> Result<(), Finding> {
        let no_bundle = || Finding::NotABundle("bundle.json is none that this version of signoff knows".to_owned());
        self.manifest = Some(Manifest::read(bytes).ok_or_else(no_bundle)?);
        Ok(())
    }

    fn origin(&self) -> Result<Origin, Finding> {
        let manifest = self.manifest.as_ref().ok_or_else(|| Finding::MissingEntry(Entry::Manifest.name()))?;
        Ok(Origin { installation: manifest.installation, log: LogId::Launch(manifest.launch) })
    }

    fn take_key(&mut self, bytes: &[u8]) -> Result<(), Finding> {
        let unreadable = |why: String| Finding::Unreadable { name: Entry::Key.name(), why };
        let text = std::str::from_utf8(bytes).map_err(|error| unreadable(error.to_string()))?;
        let line = text.strip_suffix('\n').ok_or_else(|| unreadable("it is not one line".to_owned()))?;
        let key: PublicKey = line.parse().map_err(|error: crate::domain::key::BadKey| unreadable(error.to_string()))?;
        if let Some(given) = self.given.key.as_ref().filter(|given| **given != key) {
            return Err(Finding::KeyDiffers { given: given.to_string(), found: key.to_string() });
        }
        let origin = self.origin()?;
        if key.installation() != origin.installation {
            return Err(Finding::KeyElsewhere);
        }
        self.held = self.given.held.as_ref().map(|held| held.verified(&key, origin)).transpose()?;
        self.key = Some(key);
        Ok(())
    }

    fn take_checkpoint(&mut self, line: &[u8]) -> Result<(), Finding> {
        let (Some(key), origin) = (&self.key, self.origin()?) else { return Ok(()) };
        let name = Entry::Checkpoints.name();
        let read: CheckpointLine = serde_json::from_slice(line)
            .map_err(|error| Finding::Unreadable { name, why: format!("line {}, {error}", self.lines) })?;
        let note = read.note.parse::<SignedCheckpoint>();
        let note = note.map_err(|why| Finding::Checkpoint { number: self.lines, why })?;
        let (size, said) = (note.unverified().head.size, note.unverified().origin);
        if said != origin {
            return Err(Finding::CheckpointElsewhere { size, origin: said.to_string() });
        }
        let checkpoint = note.verified(key).map_err(|why| Finding::CheckpointNotSigned { size, why })?;
        let last = self.heads.last_key_value().map_or(0, |(size, _)| *size);
        let events = self.manifest.as_ref().map_or(0, |manifest| manifest.events.unsigned_abs());
        if size <= last || size > events {
            return Err(Finding::CheckpointOrder { size });
        }
        self.heads.insert(size, checkpoint.head.root);
        Ok(())
    }

    fn end_checkpoints(&self) -> Result<(), Finding> {
        let events = self.manifest.as_ref().map_or(0, |manifest| manifest.events);
        if !self.heads.contains_key(&events.unsigned_abs()) {
            return Err(Finding::NotCovered { events });
        }
        Ok(())
    }

    fn take_checklist(&mut self, bytes: &[u8]) -> Result<(), Finding> {
        let checklist: Checklist = canonical::read(bytes).map_err(|error| Finding::Checklist(error.to_string()))?;
        let Some(named) = self.manifest.as_ref().map(|manifest| manifest.checklist) else { return Ok(()) };
        let hash = Sha256Hash::of(bytes);
        let version = ChecklistVersion { id: named.version, of: named.id, number: named.number, hash, checklist };
        self.version = Some(Arc::new(version));
        Ok(())
    }

    fn take_event(&mut self, line: &[u8]) -> Result<(), Finding> {
        let expected = self.edge.size().cast_signed() + 1;
        let manifest = self.manifest.as_ref().ok_or_else(|| Finding::MissingEntry(Entry::Manifest.name()))?;
        if expected > manifest.events {
            return Err(Finding::EventCount { said: manifest.events, found: expected });
        }
        let unreadable = |error: serde_json::Error| Finding::Event { seq: expected, why: error.to_string() };
        let value: serde_json::Value = serde_json::from_slice(line).map_err(unreadable)?;
        if canonical::bytes(&value) != line {
            return Err(Finding::NotCanonical { seq: expected });
        }
        let event = Event::read(line).map_err(unreadable)?;
        if event.seq != expected {
            return Err(Finding::EventOrder { expected, found: event.seq });
        }
        if event.launch != manifest.launch {
            return Err(Finding::EventElsewhere { seq: expected });
        }
        self.edge.append(leaf_hash(line));
        self.measure()?;
        self.replay(&event)?;
        self.note(event);
        Ok(())
    }

    /// Compares the tree as it is with the checkpoints of this size.
    fn measure(&mut self) -> Result<(), Finding> {
        let size = self.edge.size();
        let (said, held) = (self.heads.get(&size), self.held.filter(|held| held.size == size));
        if said.is_none() && held.is_none() {
            return Ok(());
        }
        let root = self.edge.root();
        if said.is_some_and(|said| *said != root) {
            return Err(Finding::RootDiffers { from: self.fits + 1, size });
        }
        if held.is_some_and(|held| held.root != root) {
            return Err(Finding::HeldDiffers { size });
        }
        self.fits = size;
        Ok(())
    }

    fn replay(&mut self, event: &Event) -> Result<(), Finding> {
        let misfit = |why| Finding::Misfit { seq: event.seq, why };
        match &mut self.state {
            Some(state) => {
                if event.at < state.last_at {
                    return Err(Finding::EventEarlier { seq: event.seq });
                }
                state.apply(event).map_err(misfit)
            }
            None => {
                let version = self.version.clone().ok_or_else(|| Finding::MissingEntry(Entry::Checklist.name()))?;
                if let Change::LaunchCreated { checklist_hash, .. } = &event.change
                    && *checklist_hash != version.hash
                {
                    return Err(Finding::ChecklistDiffers { named: *checklist_hash, found: version.hash });
                }
                self.state = Some(LaunchState::create(event, version).map_err(misfit)?);
                Ok(())
            }
        }
    }

    /// Notes which texts and files an event names, and what it says was destroyed.
    fn note(&mut self, event: Event) {
        let seq = event.seq;
        for commitment in event.change.commitments() {
            self.texts.entry(commitment).or_insert(Named { by: seq, found: false, redacted: None });
        }
        match &event.change {
            Change::EvidenceAttached { content: EvidenceContent::File { sha256, size, .. }, .. } => {
                let file = self.files.entry(*sha256);
                // What is attached once more after it was destroyed is there again.
                file.and_modify(|file| file.redacted = None).or_insert(File {
                    by: seq,
                    size: *size,
                    found: false,
                    redacted: None,
                });
            }
            Change::Redacted { what, reason } => {
                match what {
                    event::Redaction::Text { commitment, .. } => {
                        self.texts.entry(*commitment).and_modify(|text| text.redacted = Some(seq));
                    }
                    event::Redaction::File { sha256 } => {
                        self.files.entry(*sha256).and_modify(|file| file.redacted = Some(seq));
                    }
                }
                self.kept.insert(*reason, None);
                self.redactions.push((event.clone(), *what, *reason));
            }
            _ => {}
        }
    }

    fn end_events(&mut self) -> Result<(), Finding> {
        let (said, found) =
            (self.manifest.as_ref().map_or(0, |manifest| manifest.events), self.edge.size().cast_signed());
        if let Some(held) = self.held.filter(|held| held.size > found.unsigned_abs()) {
            return Err(Finding::HeldLonger { size: held.size, events: found });
        }
        if said != found {
            return Err(Finding::EventCount { said, found });
        }
        if let Some(state) = &self.state {
            self.kept.insert(state.details.name, None);
            for signature in &state.signatures {
                self.kept.extend(signature.record.comment.map(|comment| (comment, None)));
                self.kept.extend(signature.withdrawn.map(|ended| (ended.reason, None)));
            }
        }
        Ok(())
    }

    fn take_text(&mut self, line: &[u8]) -> Result<(), Finding> {
        let unreadable =
            |why: String| Finding::Unreadable { name: Entry::Texts.name(), why: format!("line {}, {why}", self.lines) };
        let read: TextLine = serde_json::from_slice(line).map_err(|error| unreadable(error.to_string()))?;
        let mut salt = [0; 32];
        hex::decode_to_slice(&read.salt, &mut salt).map_err(|_| unreadable("the salt is none".to_owned()))?;
        let named = self.texts.get_mut(&read.commitment).ok_or(Finding::TextUnknown)?;
        if let Some(redacted) = named.redacted {
            return Err(Finding::TextNotGone { seq: named.by, redacted });
        }
        if named.found {
            return Err(Finding::TextTwice { seq: named.by });
        }
        if commitment(&Salt(salt), &read.value) != read.commitment {
            return Err(Finding::TextAltered { seq: named.by });
        }
        named.found = true;
        self.kept.entry(read.commitment).and_modify(|kept| *kept = Some(read.value));
        Ok(())
    }

    fn end_texts(&self) -> Result<(), Finding> {
        let lost = self.texts.values().filter(|text| !text.found && text.redacted.is_none()).map(|text| text.by).min();
        lost.map_or(Ok(()), |seq| Err(Finding::TextMissing { seq }))
    }

    fn compare_signatures(&mut self, bytes: &[u8]) -> Result<(), Finding> {
        let unreadable =
            |error: serde_json::Error| Finding::Unreadable { name: Entry::Signatures.name(), why: error.to_string() };
        let found: serde_json::Value = serde_json::from_slice(bytes).map_err(unreadable)?;
        let Some(state) = &self.state else { return Ok(()) };
        let expected = signatures(state, |of| self.kept.get(of).cloned().flatten());
        let expected = serde_json::to_value(expected).map_err(unreadable)?;
        if found == expected { Ok(()) } else { Err(Finding::Signatures) }
    }

    fn expected(&self, sha256: Sha256Hash) -> Result<File, Finding> {
        let file = self.files.get(&sha256).copied().ok_or(Finding::FileUnknown(sha256))?;
        match file.redacted {
            Some(redacted) => Err(Finding::FileNotGone { sha256, redacted }),
            None => Ok(file),
        }
    }
}
