//! What whoever verifies a bundle has from elsewhere.

use super::BundleDefect;
use crate::domain::{
    checkpoint::{CheckpointParseError, LogOrigin, SignedCheckpoint},
    key::PublicKey,
    key_chain::KeyChain,
    merkle::proof::TreeHead,
    receipt::Receipt,
};

/// What whoever verifies has from elsewhere.
#[derive(Debug, Clone, Default)]
pub struct TrustAnchors {
    /// The installation's public key.
    pub key: Option<PublicKey>,
    /// A checkpoint that somebody has kept, or why the given file is none. That error is reported only for a bundle: a file
    /// that is no bundle is reported first.
    pub held: Option<Result<HeldCheckpoint, HeldCheckpointError>>,
}

/// A checkpoint that somebody kept, by itself or in a receipt.
#[derive(Debug, Clone)]
pub struct HeldCheckpoint {
    note: SignedCheckpoint,
    receipt: Option<Receipt>,
}

/// A text that is neither a checkpoint nor a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeldCheckpointError {
    /// It is no text in UTF-8, or too long.
    #[error("it is no text, or longer than 1 MiB")]
    Text,
    /// It is no checkpoint.
    #[error(transparent)]
    Checkpoint(CheckpointParseError),
    /// It is a checkpoint of an empty log.
    #[error("it covers no event")]
    Empty,
    /// It is no receipt.
    #[error("it begins as a receipt does, and does not have exactly the members that a receipt has")]
    Receipt,
    /// It is a receipt, and its member `checkpoint` is no checkpoint.
    #[error("the checkpoint in the receipt is none: {0}")]
    CheckpointOfReceipt(CheckpointParseError),
}

/// What may stand around a checkpoint or a receipt.
const WHITESPACE: [char; 4] = [' ', '\t', '\r', '\n'];

impl std::str::FromStr for HeldCheckpoint {
    type Err = HeldCheckpointError;

    /// Reads a checkpoint's text or a receipt's file. A checkpoint that lost or gained white space at its end on the
    /// way, as texts do that are pasted, is taken for what it was.
    fn from_str(text: &str) -> Result<Self, HeldCheckpointError> {
        let text = text.replace("\r\n", "\n");
        let text = text.trim_matches(WHITESPACE);
        if text.starts_with('{') {
            let receipt: Receipt = serde_json::from_str(text).map_err(|_| HeldCheckpointError::Receipt)?;
            let note = receipt.checkpoint().parse().map_err(HeldCheckpointError::CheckpointOfReceipt)?;
            return Self { note, receipt: Some(receipt) }.require_events();
        }
        let note = format!("{text}\n").parse().map_err(HeldCheckpointError::Checkpoint)?;
        Self { note, receipt: None }.require_events()
    }
}

impl HeldCheckpoint {
    /// The most bytes of a checkpoint's or a receipt's file.
    pub const MAX_BYTES: usize = 1024 * 1024;

    /// Reads the bytes of a file, of which one more than [`Self::MAX_BYTES`] are enough.
    ///
    /// # Errors
    /// [`HeldCheckpointError`].
    pub fn read(bytes: &[u8]) -> Result<Self, HeldCheckpointError> {
        let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= Self::MAX_BYTES);
        text.ok_or(HeldCheckpointError::Text)?.parse()
    }

    fn require_events(self) -> Result<Self, HeldCheckpointError> {
        if self.note.unverified_checkpoint().head.size == 0 { Err(HeldCheckpointError::Empty) } else { Ok(self) }
    }

    /// Which log it says it is of.
    #[must_use]
    pub const fn origin(&self) -> LogOrigin {
        self.note.unverified_checkpoint().origin
    }

    /// The number of the key that signed it, and what it says of this log, once its signature is checked.
    ///
    /// # Errors
    /// [`BundleDefect`], when it is of another log or can't be believed.
    pub fn verify(&self, keys: &KeyChain, origin: LogOrigin) -> Result<(u32, TreeHead), BundleDefect> {
        let note_origin = self.note.unverified_checkpoint().origin;
        if note_origin != origin {
            return Err(BundleDefect::HeldOfOtherLog(note_origin.to_string()));
        }
        let (number, checkpoint) = keys.verify(&self.note).map_err(BundleDefect::HeldNotSigned)?;
        if let Some(receipt) = &self.receipt {
            if keys.number_of(receipt.key()).is_none() {
                return Err(BundleDefect::HeldReceipt("its key is another than that of the history".to_owned()));
            }
            receipt.verify(receipt.key()).map_err(|why| BundleDefect::HeldReceipt(why.to_string()))?;
        }
        Ok((number, checkpoint.head))
    }
}
