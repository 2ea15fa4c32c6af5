//! Checkpoints: signed statements of how long a log is and what it hashes to (C2SP tlog-checkpoint), in the format of
//! signed notes (C2SP signed-note).
//!
//! ```text
//! signoff/<installation id>/<log id>
//! 214
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//!
//! — signoff/<installation id> Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp…
//! ```
//!
//! The parser accepts a text only in its canonical form, so that writing a parsed checkpoint gives the same text,
//! including the signatures of others (witnesses). Extension lines are refused: our logs write none, and a line that
//! nobody understands must not look as if it had been checked. A checkpoint contains no time, because a clock proves
//! nothing.

use std::{borrow::Cow, fmt, str::FromStr};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    canonical::Sha256Hash,
    ids::{InstallationId, LaunchId},
    key::{PrivateKey, PublicKey, parse_key_name},
    launch::event::Change,
    merkle::proof::TreeHead,
    signed_note::{MAX_NOTE_BYTES, NoteSignature, parse_signatures},
};
use crate::texts;

/// The limit of a log's size: sizes are numbers of events, which hashed JSON limits to below 2^53.
const SIZE_LIMIT: u64 = 1 << 53;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogId {
    Installation,
    Launch(LaunchId),
}

impl LogId {
    /// The id under which the tree of the log is stored.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        match self {
            Self::Installation => Uuid::nil(),
            Self::Launch(launch) => launch.uuid(),
        }
    }
}

impl fmt::Display for LogId {
    /// `installation`, or the launch's id.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Installation => f.write_str("installation"),
            Self::Launch(launch) => launch.fmt(f),
        }
    }
}

/// The log and its installation: the first line of a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LogOrigin {
    pub installation: InstallationId,
    pub log: LogId,
}

impl fmt::Display for LogOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "signoff/{}/{}", self.installation, self.log)
    }
}

impl FromStr for LogOrigin {
    type Err = CheckpointParseError;

    /// Accepts exactly the text that [`fmt::Display`] writes.
    fn from_str(text: &str) -> Result<Self, CheckpointParseError> {
        let (key, log) = text.rsplit_once('/').ok_or(CheckpointParseError::Origin)?;
        let installation = parse_key_name(key).ok_or(CheckpointParseError::Origin)?;
        let log = match log {
            "installation" => LogId::Installation,
            id => LogId::Launch(id.parse().map_err(|_| CheckpointParseError::Origin)?),
        };
        let origin = Self { installation, log };
        if origin.to_string() == text { Ok(origin) } else { Err(CheckpointParseError::Origin) }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum CheckpointCause {
    Signature,
    /// The launch moved from one stage to the next.
    Decision,
    Export,
    Daily,
}

impl CheckpointCause {
    /// The cause of a checkpoint after a change, or `None` if the change needs none. Only changes for which somebody
    /// may be held responsible later get their own checkpoint. All other changes are covered by the next one, or by the
    /// daily one.
    #[must_use]
    pub const fn from_change(change: &Change) -> Option<Self> {
        match change {
            Change::Signed(_) | Change::SignatureWithdrawn { .. } => Some(Self::Signature),
            Change::GoDeclared { .. }
            | Change::Held { .. }
            | Change::Resumed { .. }
            | Change::Reopened { .. }
            | Change::Launched { .. }
            | Change::Closed { .. }
            | Change::Cancelled { .. } => Some(Self::Decision),
            Change::LaunchCreated { .. }
            | Change::DetailsChanged { .. }
            | Change::PolicyChanged { .. }
            | Change::RestrictionChanged { .. }
            | Change::TagsChanged { .. }
            | Change::NotesChanged { .. }
            | Change::OwnerChanged { .. }
            | Change::HolderAdded { .. }
            | Change::HolderRemoved { .. }
            | Change::ParticipantAdded { .. }
            | Change::ParticipantRemoved { .. }
            | Change::ItemMarked { .. }
            | Change::AgreementGiven { .. }
            | Change::AgreementRefused { .. }
            | Change::ItemAssigned { .. }
            | Change::EvidenceAttached { .. }
            | Change::EvidenceWithdrawn { .. }
            | Change::EvidenceRequested { .. }
            | Change::EvidenceRequestAnswered { .. }
            | Change::CommentAdded { .. }
            | Change::CommentEdited { .. }
            | Change::CommentDeleted { .. }
            | Change::CommentHidden { .. }
            | Change::CommentShown { .. }
            | Change::WaiverAsked { .. }
            | Change::WaiverApproved { .. }
            | Change::WaiverRefused { .. }
            | Change::WaiverRevoked { .. }
            | Change::SignaturesAsked { .. }
            | Change::Redacted { .. } => None,
        }
    }

    #[must_use]
    pub fn label(self) -> Cow<'static, str> {
        match self {
            Self::Signature => texts::checkpoint_at_signature(),
            Self::Decision => texts::checkpoint_at_decision(),
            Self::Export => texts::checkpoint_at_export(),
            Self::Daily => texts::checkpoint_of_the_day(),
        }
    }
}

/// The signed part: three lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    pub origin: LogOrigin,
    /// The size of the log and the root of its tree.
    pub head: TreeHead,
}

impl Checkpoint {
    #[must_use]
    pub fn sign(self, key: &PrivateKey) -> SignedCheckpoint {
        SignedCheckpoint { checkpoint: self, signatures: Vec::new() }.cosign(key)
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}\n", self.origin, self.head.size, encode_root(self.head.root))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    signatures: Vec<NoteSignature>,
}

impl SignedCheckpoint {
    /// Adds the signature of a further key.
    #[must_use]
    pub fn cosign(mut self, key: &PrivateKey) -> Self {
        self.signatures.push(NoteSignature::sign(key, &self.checkpoint.to_string()));
        self
    }

    /// Verifies the signature and returns the checkpoint.
    pub fn verify(&self, key: &PublicKey) -> Result<Checkpoint, CheckpointSignatureError> {
        if self.checkpoint.origin.installation != key.installation() {
            return Err(CheckpointSignatureError::OtherInstallation);
        }
        let signed = self.checkpoint.to_string();
        let mut own = self.signatures.iter().filter(|signature| signature.names(key)).peekable();
        if own.peek().is_none() {
            return Err(CheckpointSignatureError::OtherKey);
        }
        // Every signature that names this key must be valid: a note with an invalid one was tampered with.
        if own.all(|signature| signature.is_valid(key, &signed)) {
            Ok(self.checkpoint)
        } else {
            Err(CheckpointSignatureError::InvalidSignature)
        }
    }

    /// The checkpoint without any verification.
    #[must_use]
    pub const fn unverified_checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.checkpoint)?;
        self.signatures.iter().try_for_each(|signature| signature.fmt(f))
    }
}

/// Why a checkpoint's signature is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointSignatureError {
    #[error("the checkpoint is of another installation than the key")]
    OtherInstallation,
    /// No signature names this key.
    #[error("the checkpoint is not signed with this key")]
    OtherKey,
    /// A signature names this key and is not valid.
    #[error("the signature on the checkpoint is false")]
    InvalidSignature,
}

/// Why a text is not a checkpoint of a `signoff` log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointParseError {
    #[error("it is too long to be a checkpoint")]
    TooLong,
    /// The text does not consist of three lines, a blank line and signatures, or it has a character that no checkpoint
    /// has.
    #[error("it does not have the form of a checkpoint")]
    Format,
    /// The first line does not name a log of an installation.
    #[error("its first line names no log of a signoff installation")]
    Origin,
    /// The second line is not a number in its canonical form.
    #[error("its second line is not the size of a log")]
    Size,
    /// The third line is not 32 bytes in base64.
    #[error("its third line is not the root of a log")]
    Root,
    /// There are more than three lines in the signed part.
    #[error("it says more than a checkpoint does")]
    Extension,
    /// A signature line is malformed, or there are too many.
    #[error("its signatures do not have the form of signatures")]
    Signature,
}

impl FromStr for SignedCheckpoint {
    type Err = CheckpointParseError;

    /// Accepts exactly the text that [`fmt::Display`] writes.
    fn from_str(text: &str) -> Result<Self, CheckpointParseError> {
        if text.len() > MAX_NOTE_BYTES {
            return Err(CheckpointParseError::TooLong);
        }
        if text.contains(|sign: char| sign < ' ' && sign != '\n') {
            return Err(CheckpointParseError::Format);
        }
        let (signed, signatures) = text.rsplit_once("\n\n").ok_or(CheckpointParseError::Format)?;
        let mut lines = signed.split('\n');
        let mut line = || lines.next().ok_or(CheckpointParseError::Format);
        let (origin, size, root) = (line()?.parse()?, line()?, line()?);
        if lines.next().is_some() {
            return Err(CheckpointParseError::Extension);
        }
        let head = TreeHead { size: parse_size(size)?, root: parse_root(root)? };
        if !signatures.ends_with('\n') {
            return Err(CheckpointParseError::Format);
        }
        let signatures = parse_signatures(signatures).ok_or(CheckpointParseError::Signature)?;
        Ok(Self { checkpoint: Checkpoint { origin, head }, signatures })
    }
}

pub(super) fn parse_size(text: &str) -> Result<u64, CheckpointParseError> {
    let number: u64 = text.parse().map_err(|_| CheckpointParseError::Size)?;
    let as_written = number < SIZE_LIMIT && number.to_string() == text;
    if as_written { Ok(number) } else { Err(CheckpointParseError::Size) }
}

pub(super) fn encode_root(root: Sha256Hash) -> String {
    BASE64_STANDARD.encode(root.to_bytes())
}

pub(super) fn parse_root(text: &str) -> Result<Sha256Hash, CheckpointParseError> {
    let bytes = BASE64_STANDARD.decode(text).map_err(|_| CheckpointParseError::Root)?;
    bytes.try_into().map_err(|_| CheckpointParseError::Root)
}

#[cfg(test)]
mod tests;
