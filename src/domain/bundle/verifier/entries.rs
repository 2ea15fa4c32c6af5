//! Each entry, as it is taken in.

use std::{io::Read, sync::Arc};

use serde::de::DeserializeOwned;

use super::{BundleFileStatus, BundleTextStatus, BundleVerifier};
use crate::domain::{
    bundle::{
        BundleCheckpointLine, BundleDefect, BundleEntry, BundleKeyLine, BundleTextLine, Manifest, read_object,
        signatures_check::{SignaturesMismatch, compare_signatures},
        to_signature_entries,
    },
    canonical::{self, Sha256Hash},
    checklist::Checklist,
    checkpoint::{CheckpointCause, LogId, LogOrigin, SignedCheckpoint},
    exact_json::{self, ExactJsonError, describe_json_error},
    key::{KeyParseError, PublicKey},
    key_chain::{KeyChain, KeyChainError, KeyStanding, SignedKeyStatement},
    launch::{
        apply::ApplyError,
        event::{Change, Event, EvidenceContent, Redaction},
        replay::{LaunchReplay, ReplayError},
        state::ChecklistVersion,
        texts::{Salt, compute_commitment},
    },
    merkle::{hash_leaf, proof::TreeHead},
};

impl BundleVerifier {
    pub(super) fn read_manifest(&mut self, bytes: &[u8]) -> Result<(), BundleDefect> {
        self.manifest = Some(Manifest::read(bytes)?);
        Ok(())
    }

    fn expected_origin(&self) -> Result<LogOrigin, BundleDefect> {
        let manifest =
            self.manifest.as_ref().ok_or_else(|| BundleDefect::MissingEntry(BundleEntry::Manifest.name()))?;
        Ok(LogOrigin { installation: manifest.installation, log: LogId::Launch(manifest.launch) })
    }

    pub(super) fn read_key(&mut self, bytes: &[u8]) -> Result<(), BundleDefect> {
        let unreadable = |why: String| BundleDefect::Unreadable { name: BundleEntry::Key.name(), why };
        let text = std::str::from_utf8(bytes).map_err(|error| unreadable(error.to_string()))?;
        let line = text.strip_suffix('\n').ok_or_else(|| unreadable("it is not one line".to_owned()))?;
        let key: PublicKey = line.parse().map_err(|error: KeyParseError| unreadable(error.to_string()))?;
        if key.installation() != self.expected_origin()?.installation {
            return Err(BundleDefect::KeyOfOtherInstallation);
        }
        self.key = Some(key);
        Ok(())
    }

    pub(super) fn read_key_statement(&mut self, line: &[u8]) -> Result<(), BundleDefect> {
        let read: BundleKeyLine = self.parse_line(&BundleEntry::EarlierKeys.name(), line)?;
        let number = self.keys.as_ref().map_or(1, KeyChain::newest_number) + 1;
        let refused = |why| BundleDefect::KeyStatement { number, why };
        let statement: SignedKeyStatement = read.statement.parse().map_err(refused)?;
        let first = || KeyChain::new(statement.unverified_statement().old.clone());
        self.keys.get_or_insert_with(first).extend(statement.clone()).map_err(refused)
    }

    pub(super) fn end_key_statements(&self) -> Result<(), BundleDefect> {
        let empty = || BundleDefect::KeyStatement { number: 2, why: KeyChainError::Format };
        self.keys.as_ref().map(drop).ok_or_else(empty)
    }

    /// All keys are known: compares them with what was given.
    pub(super) fn settle_keys(&mut self) -> Result<(), BundleDefect> {
        let Some(key) = self.key.clone() else { return Ok(()) };
        let keys = self.keys.get_or_insert_with(|| KeyChain::new(key.clone())).clone();
        if *keys.newest() != key {
            let newest = keys.newest().to_string();
            return Err(BundleDefect::KeyStatementsOfOtherKey { newest, found: key.to_string() });
        }
        if let Some(given) = &self.trust_anchors.key {
            match (keys.standing_of(given), keys.newest_replacement()) {
                (KeyStanding::Connected, _) => {}
                (KeyStanding::BeforeReplacement(number), Some(replacement)) => {
                    return Err(BundleDefect::KeyWasReplaced { number, replacement });
                }
                (KeyStanding::BeforeReplacement(_) | KeyStanding::Unknown, _) => {
                    return Err(BundleDefect::KeyDiffers { given: given.to_string(), found: key.to_string() });
                }
            }
        }
        self.held = match &self.trust_anchors.held {
            None => None,
            Some(Ok(held)) => Some(held.verify(&keys, self.expected_origin()?)?),
            Some(Err(why)) => return Err(BundleDefect::HeldUnreadable(*why)),
        };
        Ok(())
    }

    pub(super) fn read_checkpoint(&mut self, line: &[u8]) -> Result<(), BundleDefect> {
        let (Some(keys), origin) = (&self.keys, self.expected_origin()?) else { return Ok(()) };
        let name = BundleEntry::Checkpoints.name();
        let read: BundleCheckpointLine = self.parse_line(&name, line)?;
        let note = read.note.parse::<SignedCheckpoint>();
        let note = note.map_err(|why| BundleDefect::Checkpoint { number: self.line_number, why })?;
        let (size, note_origin) = (note.unverified_checkpoint().head.size, note.unverified_checkpoint().origin);
        if note_origin != origin {
            return Err(BundleDefect::CheckpointOfOtherLog { size, origin: note_origin.to_string() });
        }
        let (number, checkpoint) = keys.verify(&note).map_err(|why| BundleDefect::CheckpointNotSigned { size, why })?;
        let last = self.checkpoint_roots.last_key_value().map_or(0, |(size, _)| *size);
        let events = self.manifest.as_ref().map_or(0, |manifest| manifest.events.unsigned_abs());
        if size <= last || size > events {
            return Err(BundleDefect::CheckpointOrder { size });
        }
        if number < self.checkpoint_key {
            return Err(BundleDefect::CheckpointOfEarlierKey { size, number });
        }
        self.checkpoint_key = number;
        self.checkpoint_roots.insert(size, checkpoint.head.root);
        Ok(())
    }

    fn parse_line<T: DeserializeOwned>(&self, name: &str, line: &[u8]) -> Result<T, BundleDefect> {
        let unreadable =
            |why| BundleDefect::Unreadable { name: name.to_owned(), why: format!("line {}: {why}", self.line_number) };
        read_object(line).map_err(unreadable)
    }

    pub(super) fn end_checkpoints(&self) -> Result<(), BundleDefect> {
        let events = self.manifest.as_ref().map_or(0, |manifest| manifest.events);
        if !self.checkpoint_roots.contains_key(&events.unsigned_abs()) {
            return Err(BundleDefect::NotCoveredByCheckpoint { events });
        }
        match self.keys.as_ref().map(KeyChain::newest_number) {
            Some(newest) if newest != self.checkpoint_key => Err(BundleDefect::LastCheckpointOfEarlierKey { newest }),
            _ => Ok(()),
        }
    }

    pub(super) fn read_checklist(&mut self, bytes: &[u8]) -> Result<(), BundleDefect> {
        if count_commas(bytes) > MAX_COMMAS {
            return Err(BundleDefect::Checklist("it has more values than the largest checklist has".to_owned()));
        }
        let checklist: Checklist =
            canonical::from_bytes(bytes).map_err(|error| BundleDefect::Checklist(describe_json_error(&error)))?;
        // That it is another than the launch was made from is said first, once event 1 is there.
        let written = exact_json::from_exact_bytes::<Checklist>(bytes).err().map(|why| why.to_string());
        self.checklist_error = written.or_else(|| checklist.check().err().map(|why| why.to_string()));
        let Some(named) = self.manifest.as_ref().map(|manifest| manifest.checklist) else { return Ok(()) };
        let hash = Sha256Hash::compute(bytes);
        let version =
            ChecklistVersion { id: named.version, checklist_id: named.id, number: named.number, hash, checklist };
        self.version = Some(Arc::new(version));
        Ok(())
    }

    pub(super) fn read_event(&mut self, line: &[u8]) -> Result<(), BundleDefect> {
        let expected = self.edge.size().cast_signed() + 1;
        let manifest =
            self.manifest.as_ref().ok_or_else(|| BundleDefect::MissingEntry(BundleEntry::Manifest.name()))?;
        if expected > manifest.events {
            return Err(BundleDefect::EventCount { stated: manifest.events, found: expected });
        }
        let event = Event::from_exact_bytes(line).map_err(|why| match why {
            ExactJsonError::NotJson(_) | ExactJsonError::NotCanonical => BundleDefect::NotCanonical { seq: expected },
            why => BundleDefect::Event { seq: expected, why: why.to_string() },
        })?;
        if event.seq != expected {
            return Err(BundleDefect::EventOrder { expected, found: event.seq });
        }
        if event.launch != manifest.launch {
            return Err(BundleDefect::EventOfOtherLaunch { seq: expected });
        }
        self.edge.append(hash_leaf(line));
        self.check_tree_root()?;
        self.require_checkpoint(&event)?;
        self.replay_event(&event)?;
        self.record_references(event);
        Ok(())
    }

    fn held_head(&self) -> Option<TreeHead> {
        self.held.map(|(_, head)| head)
    }

    /// Compares the tree as it is with the checkpoints of this size.
    fn check_tree_root(&mut self) -> Result<(), BundleDefect> {
        let size = self.edge.size();
        let (signed, held) = (self.checkpoint_roots.get(&size), self.held_head().filter(|held| held.size == size));
        if signed.is_none() && held.is_none() {
            return Ok(());
        }
        let root = self.edge.root();
        if signed.is_some_and(|signed| *signed != root) {
            return Err(BundleDefect::RootDiffers { from: self.verified_size + 1, size });
        }
        if held.is_some_and(|held| held.root != root) {
            return Err(BundleDefect::HeldDiffers { size });
        }
        self.verified_size = size;
        Ok(())
    }

    /// Refuses an event that has to have a checkpoint and has none. That of the last event is looked for before.
    fn require_checkpoint(&self, event: &Event) -> Result<(), BundleDefect> {
        let missing = CheckpointCause::from_change(&event.change).is_some()
            && !self.checkpoint_roots.contains_key(&self.edge.size());
        if missing {
            return Err(BundleDefect::CheckpointMissing { seq: event.seq, kind: event.change.kind() });
        }
        Ok(())
    }

    fn replay_event(&mut self, event: &Event) -> Result<(), BundleDefect> {
        let broken = |why| match why {
            ReplayError::TimeGoesBack => BundleDefect::EventEarlier { seq: event.seq },
            ReplayError::Apply(ApplyError::VersionAltered { named, found, .. }) => {
                BundleDefect::ChecklistDiffers { named, found }
            }
            why => BundleDefect::BrokenRule { seq: event.seq, why },
        };
        if let Some(replay) = &mut self.replay {
            return replay.apply_event(event).map_err(broken);
        }
        let version = self.version.clone().ok_or_else(|| BundleDefect::MissingEntry(BundleEntry::Checklist.name()))?;
        self.replay = Some(LaunchReplay::begin(event, version).map_err(broken)?);
        self.checklist_error.take().map_or(Ok(()), |why| Err(BundleDefect::Checklist(why)))
    }

    /// Notes which texts and files an event names, and what it says was destroyed.
    fn record_references(&mut self, event: Event) {
        let seq = event.seq;
        for commitment in event.change.commitments() {
            self.texts.entry(commitment).or_insert(BundleTextStatus {
                named_by: seq,
                is_present: false,
                redacted_by: None,
            });
        }
        match &event.change {
            Change::EvidenceAttached { content: EvidenceContent::File { sha256, size, .. }, .. } => {
                let file = self.files.entry(*sha256);
                // What is attached once more after it was destroyed is there again.
                file.and_modify(|file| file.redacted_by = None).or_insert(BundleFileStatus {
                    named_by: seq,
                    size: *size,
                    is_present: false,
                    redacted_by: None,
                });
            }
            Change::Redacted { what, reason } => {
                match what {
                    Redaction::Text { commitment, .. } => {
                        self.texts.entry(*commitment).and_modify(|text| text.redacted_by = Some(seq));
                    }
                    Redaction::File { sha256 } => {
                        self.files.entry(*sha256).and_modify(|file| file.redacted_by = Some(seq));
                    }
                }
                self.shown_texts.insert(*reason, None);
                self.redactions.push((event.clone(), *what, *reason));
            }
            _ => {}
        }
    }

    pub(super) fn end_events(&mut self) -> Result<(), BundleDefect> {
        let (listed, actual) =
            (self.manifest.as_ref().map_or(0, |manifest| manifest.events), self.edge.size().cast_signed());
        if let Some(held) = self.held_head().filter(|held| held.size > actual.unsigned_abs()) {
            return Err(BundleDefect::HeldLonger { size: held.size, events: actual });
        }
        if listed != actual {
            return Err(BundleDefect::EventCount { stated: listed, found: actual });
        }
        if let Some(state) = self.replay.as_ref().map(LaunchReplay::state) {
            self.shown_texts.insert(state.details.name, None);
            for signature in &state.signatures {
                self.signature_texts.extend(signature.record.comment.map(|comment| (comment, None)));
                self.signature_texts.extend(signature.withdrawn.map(|ended| (ended.reason, None)));
            }
        }
        Ok(())
    }

    pub(super) fn read_text(&mut self, line: &[u8]) -> Result<(), BundleDefect> {
        let name = BundleEntry::Texts.name();
        let read: BundleTextLine = self.parse_line(&name, line)?;
        let named = self.texts.get_mut(&read.commitment).ok_or(BundleDefect::TextUnknown)?;
        if let Some(redacted) = named.redacted_by {
            return Err(BundleDefect::RedactedTextPresent { seq: named.named_by, redacted });
        }
        if named.is_present {
            return Err(BundleDefect::DuplicateText { seq: named.named_by });
        }
        if compute_commitment(&Salt(*read.salt.to_bytes()), &read.value) != read.commitment {
            return Err(BundleDefect::TextAltered { seq: named.named_by });
        }
        named.is_present = true;
        let hash = Sha256Hash::compute(read.value.as_bytes());
        self.signature_texts.entry(read.commitment).and_modify(|compared| *compared = Some(hash));
        self.shown_texts.entry(read.commitment).and_modify(|text| *text = Some(shorten_text(read.value)));
        Ok(())
    }

    pub(super) fn end_texts(&self) -> Result<(), BundleDefect> {
        let lost = self
            .texts
            .values()
            .filter(|text| !text.is_present && text.redacted_by.is_none())
            .map(|text| text.named_by)
            .min();
        lost.map_or(Ok(()), |seq| Err(BundleDefect::TextMissing { seq }))
    }

    pub(super) fn compare_signatures(&self, reader: impl Read) -> Result<(), BundleDefect> {
        let Some(state) = self.replay.as_ref().map(LaunchReplay::state) else { return Ok(()) };
        let expected = to_signature_entries(state, |text| Some(text.to_string()));
        compare_signatures(reader, expected, &self.signature_texts).map_err(|difference| match difference {
            SignaturesMismatch::Unreadable(why) => {
                BundleDefect::Unreadable { name: BundleEntry::Signatures.name(), why }
            }
            SignaturesMismatch::Differs(first) => BundleDefect::Signatures { first },
        })
    }

    pub(super) fn expected_file(&self, sha256: Sha256Hash) -> Result<BundleFileStatus, BundleDefect> {
        let file = self.files.get(&sha256).copied().ok_or(BundleDefect::FileUnknown(sha256))?;
        match file.redacted_by {
            Some(redacted) => Err(BundleDefect::RedactedFilePresent { sha256, redacted }),
            None => Ok(file),
        }
    }
}

/// The most commas outside of strings in a checklist, of which there is one for each further value: 5,000 items with ten
/// headings above each, each in a section and a part of its own, have 105,000. Values take far more memory than bytes.
const MAX_COMMAS: usize = 150_000;

/// How many commas there are in JSON outside of its strings.
fn count_commas(json: &[u8]) -> usize {
    let (mut count, mut in_string, mut escaped) = (0, false, false);
    for byte in json {
        match byte {
            b'"' if !escaped => in_string = !in_string,
            b',' if !in_string => count += 1,
            _ => {}
        }
        escaped = in_string && *byte == b'\\' && !escaped;
    }
    count
}

/// The most characters of a text that are shown: a launch's name and a reason have fewer.
const MAX_SHOWN_CHARS: usize = 4_000;

/// A text as it is shown, cut when it is longer than any that signoff takes.
fn shorten_text(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MAX_SHOWN_CHARS) {
        text.truncate(end);
        text.push('…');
        text.shrink_to_fit();
    }
    text
}
