//! Checkpoints: signed statements of how long a log is and what it hashes to (C2SP tlog-checkpoint), as signed notes
//! (C2SP signed-note).
//!
//! ```text
//! signoff/<installation id>/<log id>
//! 214
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//!
//! — signoff/<installation id> Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp…
//! ```
//!
//! A text is taken only when it is exactly as it would be written, and printed it is the same text again, signatures of
//! others (witnesses) included. Lines of extension are refused: no log of ours writes one, and what would not be
//! understood must not look as if it had been checked. A checkpoint holds no time: a clock's word proves nothing.

use std::{fmt, str::FromStr};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    canonical::Sha256Hash,
    ids::{InstallationId, LaunchId},
    key::{KeyHash, PrivateKey, PublicKey, installation_of},
    launch::event::Change,
    merkle::proof::Head,
};

/// The largest text that is looked at.
const MOST_BYTES: usize = 64 * 1_024;
/// The most signatures that one may have.
const MOST_SIGNATURES: usize = 16;
/// The longest log: sizes are numbers of events, which hashed JSON keeps below 2^53.
const LARGEST: u64 = 1 << 53;

/// A log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LogId {
    /// The installation's.
    Installation,
    /// A launch's.
    Launch(LaunchId),
}

impl LogId {
    /// The id under which its tree is kept.
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

/// Which log of which installation: the first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The installation.
    pub installation: InstallationId,
    /// Its log.
    pub log: LogId,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "signoff/{}/{}", self.installation, self.log)
    }
}

impl FromStr for Origin {
    type Err = BadCheckpoint;

    /// Takes exactly what [`fmt::Display`] writes.
    fn from_str(text: &str) -> Result<Self, BadCheckpoint> {
        let (key, log) = text.rsplit_once('/').ok_or(BadCheckpoint::Origin)?;
        let installation = installation_of(key).ok_or(BadCheckpoint::Origin)?;
        let log = match log {
            "installation" => LogId::Installation,
            id => LogId::Launch(id.parse().map_err(|_| BadCheckpoint::Origin)?),
        };
        let origin = Self { installation, log };
        if origin.to_string() == text { Ok(origin) } else { Err(BadCheckpoint::Origin) }
    }
}

/// Why a checkpoint was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Cause {
    /// Somebody signed, or withdrew their signature.
    Signature,
    /// Something was decided: the launch passed from one stage of its life to the next.
    Decision,
    /// The history was taken away.
    Export,
    /// The day.
    Daily,
}

impl Cause {
    /// The cause that a change is of a checkpoint, when it is one: what somebody will later be held to. Everything
    /// else is covered by the next of these, or by the day's.
    #[must_use]
    pub const fn of(change: &Change) -> Option<Self> {
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

    /// What it is told as.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Signature => "at a signature",
            Self::Decision => "at a decision",
            Self::Export => "at an export",
            Self::Daily => "of the day",
        }
    }
}

/// What is signed: three lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: Origin,
    /// How long it is, and what it hashes to.
    pub head: Head,
}

impl Checkpoint {
    /// The checkpoint signed with the installation's key.
    #[must_use]
    pub fn sign(self, key: &PrivateKey) -> SignedCheckpoint {
        let public = key.public();
        let bytes = key.sign(self.to_string().as_bytes()).to_vec();
        let signature = NoteSignature { name: public.name(), hash: public.hash(), bytes };
        SignedCheckpoint { checkpoint: self, signatures: vec![signature] }
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = BASE64_STANDARD.encode(self.head.root.bytes());
        write!(f, "{}\n{}\n{root}\n", self.origin, self.head.size)
    }
}

/// A line of signature: by which key, and the signature's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct NoteSignature {
    name: String,
    hash: KeyHash,
    bytes: Vec<u8>,
}

/// A checkpoint with its signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    signatures: Vec<NoteSignature>,
}

impl SignedCheckpoint {
    /// What it says, once its key's signature is checked.
    ///
    /// # Errors
    /// [`NotSigned`], when it can't be believed.
    pub fn verified(&self, key: &PublicKey) -> Result<Checkpoint, NotSigned> {
        if self.checkpoint.origin.installation != key.installation() {
            return Err(NotSigned::Elsewhere);
        }
        let signed = self.checkpoint.to_string();
        let (name, hash) = (key.name(), key.hash());
        let mut own = self.signatures.iter().filter(|it| it.name == name && it.hash == hash).peekable();
        if own.peek().is_none() {
            return Err(NotSigned::ByAnother);
        }
        // Every one that names the key has to be its: a note with a false one was tampered with.
        if own.all(|it| key.made(&it.bytes, signed.as_bytes())) { Ok(self.checkpoint) } else { Err(NotSigned::False) }
    }

    /// What it says, before anything is checked.
    #[must_use]
    pub const fn unverified(&self) -> &Checkpoint {
        &self.checkpoint
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.checkpoint)?;
        self.signatures.iter().try_for_each(|it| {
            let encoded = BASE64_STANDARD.encode([it.hash.as_slice(), &it.bytes].concat());
            writeln!(f, "— {} {encoded}", it.name)
        })
    }
}

/// Why a checkpoint can't be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSigned {
    /// It is of another installation.
    #[error("the checkpoint is of another installation than the key")]
    Elsewhere,
    /// No signature on it is the key's.
    #[error("the checkpoint is not signed with this key")]
    ByAnother,
    /// A signature on it names the key and is not its.
    #[error("the signature on the checkpoint is false")]
    False,
}

/// Why a text is not a checkpoint of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadCheckpoint {
    /// It is far too long.
    #[error("it is too long to be a checkpoint")]
    TooLong,
    /// It has not three lines, a blank one, and signatures; or has signs that none has.
    #[error("it does not have the form of a checkpoint")]
    Form,
    /// The first line names no log of an installation.
    #[error("its first line names no log of a signoff installation")]
    Origin,
    /// The second line is not a number as it would be written.
    #[error("its second line is not the size of a log")]
    Size,
    /// The third line is not 32 bytes in base64.
    #[error("its third line is not the root of a log")]
    Root,
    /// There are further lines in what is signed.
    #[error("it says more than a checkpoint does")]
    Extension,
    /// A line of signature is not one, or there are too many.
    #[error("its signatures do not have the form of signatures")]
    Signature,
}

impl FromStr for SignedCheckpoint {
    type Err = BadCheckpoint;

    /// Takes exactly what [`fmt::Display`] writes.
    fn from_str(text: &str) -> Result<Self, BadCheckpoint> {
        if text.len() > MOST_BYTES {
            return Err(BadCheckpoint::TooLong);
        }
        if text.contains(|sign: char| sign < ' ' && sign != '\n') {
            return Err(BadCheckpoint::Form);
        }
        let (signed, signatures) = text.rsplit_once("\n\n").ok_or(BadCheckpoint::Form)?;
        let mut lines = signed.split('\n');
        let mut line = || lines.next().ok_or(BadCheckpoint::Form);
        let (origin, size, root) = (line()?.parse()?, line()?, line()?);
        if lines.next().is_some() {
            return Err(BadCheckpoint::Extension);
        }
        let head = Head { size: number(size)?, root: hash(root)? };
        let signatures = signatures.strip_suffix('\n').ok_or(BadCheckpoint::Form)?;
        let signatures: Vec<NoteSignature> =
            signatures.split('\n').take(MOST_SIGNATURES + 1).map(signature).collect::<Result<_, _>>()?;
        if signatures.len() > MOST_SIGNATURES {
            return Err(BadCheckpoint::Signature);
        }
        Ok(Self { checkpoint: Checkpoint { origin, head }, signatures })
    }
}

fn number(text: &str) -> Result<u64, BadCheckpoint> {
    let number: u64 = text.parse().map_err(|_| BadCheckpoint::Size)?;
    let as_written = number < LARGEST && number.to_string() == text;
    if as_written { Ok(number) } else { Err(BadCheckpoint::Size) }
}

fn hash(text: &str) -> Result<Sha256Hash, BadCheckpoint> {
    let bytes = BASE64_STANDARD.decode(text).map_err(|_| BadCheckpoint::Root)?;
    bytes.try_into().map_err(|_| BadCheckpoint::Root)
}

fn signature(line: &str) -> Result<NoteSignature, BadCheckpoint> {
    let parts = line.strip_prefix("— ").and_then(|rest| rest.split_once(' '));
    let (name, encoded) = parts.ok_or(BadCheckpoint::Signature)?;
    let bytes = BASE64_STANDARD.decode(encoded).map_err(|_| BadCheckpoint::Signature)?;
    let (hash, bytes) = bytes.split_first_chunk().ok_or(BadCheckpoint::Signature)?;
    if name.is_empty() || name.contains(|sign: char| sign.is_whitespace() || sign == '+') || bytes.is_empty() {
        return Err(BadCheckpoint::Signature);
    }
    Ok(NoteSignature { name: name.to_owned(), hash: *hash, bytes: bytes.to_vec() })
}

#[cfg(test)]
mod tests;
