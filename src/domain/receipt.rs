//! A signer's receipt. It proves, without the server, that their signature is in the launch's history that a checkpoint
//! commits to.

use serde::{Deserialize, Serialize};

use super::{
    bundle::spelling::each_exactly,
    canonical::Sha256Hash,
    checkpoint::{Checkpoint, CheckpointParseError, CheckpointSignatureError, LogId, SignedCheckpoint},
    key::PublicKey,
    launch::event::{Change, Event, SignatureRecord},
    merkle::{hash_leaf, proof::verify_inclusion},
};

/// The format identifier of a receipt's file.
const FORMAT: &str = "signoff/receipt/v1";

/// A receipt as its file contains it. Nothing is stored twice, so that no two fields can contradict each other: the
/// signer, the signature and the time are in the event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The identifier of the format: always `signoff/receipt/v1`.
    format: String,
    /// An explanation for people who open the file.
    about: String,
    key: PublicKey,
    /// The checkpoint's text, a signed note.
    checkpoint: String,
    /// The event of the signature, as the text whose UTF-8 bytes are hashed.
    event: String,
    /// The proof that the event is in the tree, from the leaf up.
    #[serde(deserialize_with = "each_exactly")]
    inclusion: Vec<Sha256Hash>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct VerifiedReceipt {
    pub event: Event,
    /// The checkpoint that covers the event.
    pub checkpoint: Checkpoint,
}

impl VerifiedReceipt {
    #[must_use]
    pub fn signature(&self) -> Option<&SignatureRecord> {
        match &self.event.change {
            Change::Signed(record) => Some(record),
            _ => None,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    #[error("it is no receipt that this version of signoff knows")]
    Format,
    /// The text of its checkpoint is malformed.
    #[error("its checkpoint can't be read: {0}")]
    Checkpoint(#[from] CheckpointParseError),
    #[error(transparent)]
    CheckpointSignature(#[from] CheckpointSignatureError),
    /// The event is not a signature of the launch to whose log the checkpoint belongs.
    #[error("its event is no signature of the launch that the checkpoint is of")]
    Event,
    /// The proof does not lead from the event to the checkpoint's root.
    #[error("its event is not in the history that the checkpoint is of: one of them was altered")]
    NotIncluded,
}

impl Receipt {
    /// A receipt for an event, given the event's stored bytes.
    #[must_use]
    pub fn new(key: PublicKey, checkpoint: String, event: String, inclusion: Vec<Sha256Hash>) -> Self {
        let about = "Shows that this event is in the history which the checkpoint is of, and that whoever holds the \
                     key signed that checkpoint. Compare the key with one you have from elsewhere. It does not show \
                     when: neither event nor checkpoint has a time that somebody independent vouches for.";
        Self { format: FORMAT.to_owned(), about: about.to_owned(), key, checkpoint, event, inclusion }
    }

    /// The key in the receipt. The reader has to know from elsewhere whose key it is.
    #[must_use]
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    #[must_use]
    pub fn checkpoint(&self) -> &str {
        &self.checkpoint
    }

    /// The proof, from the leaf up.
    #[must_use]
    pub fn inclusion(&self) -> &[Sha256Hash] {
        &self.inclusion
    }

    /// Verifies the receipt with a key: the one in the receipt, or better one from elsewhere. Returns the first error.
    pub fn verify(&self, key: &PublicKey) -> Result<VerifiedReceipt, ReceiptError> {
        if self.format != FORMAT {
            return Err(ReceiptError::Format);
        }
        let checkpoint = self.checkpoint.parse::<SignedCheckpoint>()?.verify(key)?;
        let event = Event::from_bytes(self.event.as_bytes()).map_err(|_| ReceiptError::Event)?;
        let index = event.seq.checked_sub(1).and_then(|index| u64::try_from(index).ok());
        let (Some(index), true) = (index, checkpoint.origin.log == LogId::Launch(event.launch)) else {
            return Err(ReceiptError::Event);
        };
        let leaf = hash_leaf(self.event.as_bytes());
        if !verify_inclusion(index, leaf, checkpoint.head.size, checkpoint.head.root, &self.inclusion) {
            return Err(ReceiptError::NotIncluded);
        }
        let verified = VerifiedReceipt { event, checkpoint };
        if verified.signature().is_some() { Ok(verified) } else { Err(ReceiptError::Event) }
    }
}
