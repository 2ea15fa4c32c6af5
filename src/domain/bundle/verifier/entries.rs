//! Each entry, as it is taken in.

use std::{io::Read, sync::Arc};

use serde::de::DeserializeOwned;

use super::{File, Named, Verifier};
use crate::domain::{
    bundle::{
        CheckpointLine, Entry, Finding, Manifest, TextLine,
        compare::{Difference, compare},
        read_object, signatures, words_of,
    },
    canonical::{self, Sha256Hash},
    checklist::Checklist,
    checkpoint::{Cause, LogId, Origin, SignedCheckpoint},
    exact::{self, NotExact},
    key::{BadKey, PublicKey},
    launch::{
        apply::Misfit,
        event::{Change, Event, EvidenceContent, Redaction},
        replay::{BrokenRule, Replay},
        state::ChecklistVersion,
        texts::{Salt, commitment},
    },
    merkle::leaf_hash,
};

impl Verifier {
    pub(super) fn take_manifest(&mut self, bytes: &[u8]) -> Result<(), Finding> {
        self.manifest = Some(Manifest::read(bytes)?);
        Ok(())
    }

    fn origin(&self) -> Result<Origin, Finding> {
        let manifest = self.manifest.as_ref().ok_or_else(|| Finding::MissingEntry(Entry::Manifest.name()))?;
        Ok(Origin { installation: manifest.installation, log: LogId::Launch(manifest.launch) })
    }

    pub(super) fn take_key(&mut self, bytes: &[u8]) -> Result<(), Finding> {
        let unreadable = |why: String| Finding::Unreadable { name: Entry::Key.name(), why };
        let text = std::str::from_utf8(bytes).map_err(|error| unreadable(error.to_string()))?;
        let line = text.strip_suffix('\n').ok_or_else(|| unreadable("it is not one line".to_owned()))?;
        let key: PublicKey = line.parse().map_err(|error: BadKey| unreadable(error.to_string()))?;
        if let Some(given) = self.given.key.as_ref().filter(|given| **given != key) {
            return Err(Finding::KeyDiffers { given: given.to_string(), found: key.to_string() });
        }
        let origin = self.origin()?;
        if key.installation() != origin.installation {
            return Err(Finding::KeyElsewhere);
        }
        self.held = match &self.given.held {
            None => None,
            Some(Ok(held)) => Some(held.verified(&key, origin)?),
            Some(Err(why)) => return Err(Finding::HeldUnreadable(*why)),
        };
        self.key = Some(key);
        Ok(())
    }

    pub(super) fn take_checkpoint(&mut self, line: &[u8]) -> Result<(), Finding> {
        let (Some(key), origin) = (&self.key, self.origin()?) else { return Ok(()) };
        let name = Entry::Checkpoints.name();
        let read: CheckpointLine = self.read_line(&name, line)?;
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

    fn read_line<T: DeserializeOwned>(&self, name: &str, line: &[u8]) -> Result<T, Finding> {
        let unreadable =
            |why| Finding::Unreadable { name: name.to_owned(), why: format!("line {}: {why}", self.lines) };
        read_object(line).map_err(unreadable)
    }

    pub(super) fn end_checkpoints(&self) -> Result<(), Finding> {
        let events = self.manifest.as_ref().map_or(0, |manifest| manifest.events);
        if !self.heads.contains_key(&events.unsigned_abs()) {
            return Err(Finding::NotCovered { events });
        }
        Ok(())
    }

    pub(super) fn take_checklist(&mut self, bytes: &[u8]) -> Result<(), Finding> {
        if commas(bytes) > MOST_COMMAS {
            return Err(Finding::Checklist("it has more values than the largest checklist has".to_owned()));
        }
        let checklist: Checklist = canonical::read(bytes).map_err(|error| Finding::Checklist(words_of(&error)))?;
        // That it is another than the launch was made from is said first, once event 1 is there.
        let written = exact::read::<Checklist>(bytes).err().map(|why| why.to_string());
        self.checklist_fault = written.or_else(|| checklist.check().err().map(|why| why.to_string()));
        let Some(named) = self.manifest.as_ref().map(|manifest| manifest.checklist) else { return Ok(()) };
        let hash = Sha256Hash::of(bytes);
        let version = ChecklistVersion { id: named.version, of: named.id, number: named.number, hash, checklist };
        self.version = Some(Arc::new(version));
        Ok(())
    }

    pub(super) fn take_event(&mut self, line: &[u8]) -> Result<(), Finding> {
        let expected = self.edge.size().cast_signed() + 1;
        let manifest = self.manifest.as_ref().ok_or_else(|| Finding::MissingEntry(Entry::Manifest.name()))?;
        if expected > manifest.events {
            return Err(Finding::EventCount { said: manifest.events, found: expected });
        }
        let event = Event::read_exact(line).map_err(|why| match why {
            NotExact::NotCanonical(_) => Finding::NotCanonical { seq: expected },
            why => Finding::Event { seq: expected, why: why.to_string() },
        })?;
        if event.seq != expected {
            return Err(Finding::EventOrder { expected, found: event.seq });
        }
        if event.launch != manifest.launch {
            return Err(Finding::EventElsewhere { seq: expected });
        }
        self.edge.append(leaf_hash(line));
        self.measure()?;
        self.require_checkpoint(&event)?;
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

    /// Refuses an event that has to have a checkpoint and has none. That of the last event is looked for before.
    fn require_checkpoint(&self, event: &Event) -> Result<(), Finding> {
        let missing = Cause::of(&event.change).is_some() && !self.heads.contains_key(&self.edge.size());
        if missing {
            return Err(Finding::CheckpointMissing { seq: event.seq, kind: event.change.kind() });
        }
        Ok(())
    }

    fn replay(&mut self, event: &Event) -> Result<(), Finding> {
        let broken = |why| match why {
            BrokenRule::Earlier => Finding::EventEarlier { seq: event.seq },
            BrokenRule::Misfit(Misfit::VersionAltered { named, found, .. }) => {
                Finding::ChecklistDiffers { named, found }
            }
            why => Finding::BrokenRule { seq: event.seq, why },
        };
        if let Some(replay) = &mut self.replay {
            return replay.take(event).map_err(broken);
        }
        let version = self.version.clone().ok_or_else(|| Finding::MissingEntry(Entry::Checklist.name()))?;
        self.replay = Some(Replay::begin(event, version).map_err(broken)?);
        self.checklist_fault.take().map_or(Ok(()), |why| Err(Finding::Checklist(why)))
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
                    Redaction::Text { commitment, .. } => {
                        self.texts.entry(*commitment).and_modify(|text| text.redacted = Some(seq));
                    }
                    Redaction::File { sha256 } => {
                        self.files.entry(*sha256).and_modify(|file| file.redacted = Some(seq));
                    }
                }
                self.shown.insert(*reason, None);
                self.redactions.push((event.clone(), *what, *reason));
            }
            _ => {}
        }
    }

    pub(super) fn end_events(&mut self) -> Result<(), Finding> {
        let (said, found) =
            (self.manifest.as_ref().map_or(0, |manifest| manifest.events), self.edge.size().cast_signed());
        if let Some(held) = self.held.filter(|held| held.size > found.unsigned_abs()) {
            return Err(Finding::HeldLonger { size: held.size, events: found });
        }
        if said != found {
            return Err(Finding::EventCount { said, found });
        }
        if let Some(state) = self.replay.as_ref().map(Replay::state) {
            self.shown.insert(state.details.name, None);
            for signature in &state.signatures {
                self.compared.extend(signature.record.comment.map(|comment| (comment, None)));
                self.compared.extend(signature.withdrawn.map(|ended| (ended.reason, None)));
            }
        }
        Ok(())
    }

    pub(super) fn take_text(&mut self, line: &[u8]) -> Result<(), Finding> {
        let name = Entry::Texts.name();
        let read: TextLine = self.read_line(&name, line)?;
        let named = self.texts.get_mut(&read.commitment).ok_or(Finding::TextUnknown)?;
        if let Some(redacted) = named.redacted {
            return Err(Finding::TextNotGone { seq: named.by, redacted });
        }
        if named.found {
            return Err(Finding::TextTwice { seq: named.by });
        }
        if commitment(&Salt(*read.salt.bytes()), &read.value) != read.commitment {
            return Err(Finding::TextAltered { seq: named.by });
        }
        named.found = true;
        let hash = Sha256Hash::of(read.value.as_bytes());
        self.compared.entry(read.commitment).and_modify(|compared| *compared = Some(hash));
        self.shown.entry(read.commitment).and_modify(|shown| *shown = Some(excerpt(read.value)));
        Ok(())
    }

    pub(super) fn end_texts(&self) -> Result<(), Finding> {
        let lost = self.texts.values().filter(|text| !text.found && text.redacted.is_none()).map(|text| text.by).min();
        lost.map_or(Ok(()), |seq| Err(Finding::TextMissing { seq }))
    }

    pub(super) fn compare_signatures(&self, reader: impl Read) -> Result<(), Finding> {
        let Some(state) = self.replay.as_ref().map(Replay::state) else { return Ok(()) };
        let expected = signatures(state, |text| Some(text.to_string()));
        compare(reader, expected, &self.compared).map_err(|difference| match difference {
            Difference::Unreadable(why) => Finding::Unreadable { name: Entry::Signatures.name(), why },
            Difference::First(first) => Finding::Signatures { first },
        })
    }

    pub(super) fn expected(&self, sha256: Sha256Hash) -> Result<File, Finding> {
        let file = self.files.get(&sha256).copied().ok_or(Finding::FileUnknown(sha256))?;
        match file.redacted {
            Some(redacted) => Err(Finding::FileNotGone { sha256, redacted }),
            None => Ok(file),
        }
    }
}

/// The most commas outside of strings in a checklist, of which there is one for each further value: 5,000 items with ten
/// headings above each, each in a section and a part of its own, have 105,000. Values take far more memory than bytes.
const MOST_COMMAS: usize = 150_000;

/// How many commas there are in JSON outside of its strings.
fn commas(json: &[u8]) -> usize {
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
const SHOWN: usize = 4_000;

/// A text as it is shown, cut when it is longer than any that signoff takes.
fn excerpt(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(SHOWN) {
        text.truncate(end);
        text.push('…');
        text.shrink_to_fit();
    }
    text
}
