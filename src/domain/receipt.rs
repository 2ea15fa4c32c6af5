//! A signer's receipt: everything that it takes to show, without the server, that their signature is in the launch's
//! history as a checkpoint knows it.

use serde::{Deserialize, Serialize};

use super::{
    bundle::spelling::each_exactly,
    canonical::Sha256Hash,
    checkpoint::{BadCheckpoint, Checkpoint, LogId, NotSigned, SignedCheckpoint},
    key::PublicKey,
    launch::event::{Change, Event, SignatureRecord},
    merkle::{leaf_hash, proof::includes},
};

/// What a receipt's file begins with.
const FORMAT: &str = "signoff/receipt/v1";

/// A receipt, as its file holds it. It says nothing twice, so that nothing in it can contradict the rest: who signed
/// what, and when, is in the event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// `signoff/receipt/v1`.
    format: String,
    /// What it proves, for who opens the file.
    about: String,
    /// The public key of the installation.
    key: PublicKey,
    /// The checkpoint's text, a signed note.
    checkpoint: String,
    /// The event of the signature: the text whose UTF-8 bytes are hashed.
    event: String,
    /// The proof that it is in the tree, from the leaf up.
    #[serde(deserialize_with = "each_exactly")]
    inclusion: Vec<Sha256Hash>,
}

/// What a receipt shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The event of the signature.
    pub event: Event,
    /// The checkpoint that it is under.
    pub checkpoint: Checkpoint,
}

impl Shown {
    /// The signature itself.
    #[must_use]
    pub fn signature(&self) -> Option<&SignatureRecord> {
        match &self.event.change {
            Change::Signed(record) => Some(record),
            _ => None,
        }
    }
}

/// Why a receipt shows nothing.
#[derive(Debug, thiserror::Error)]
pub enum BadReceipt {
    /// It is not a receipt of this form.
    #[error("it is no receipt that this version of signoff knows")]
    Format,
    /// Its checkpoint is none.
    #[error("its checkpoint can't be read: {0}")]
    Checkpoint(#[from] BadCheckpoint),
    /// Its checkpoint can't be believed.
    #[error(transparent)]
    NotSigned(#[from] NotSigned),
    /// Its event is no signature of the launch whose log the checkpoint is of.
    #[error("its event is no signature of the launch that the checkpoint is of")]
    Event,
    /// The proof does not lead from the event to the checkpoint's root.
    #[error("its event is not in the history that the checkpoint is of: one of them was altered")]
    NotIncluded,
}

impl Receipt {
    /// The receipt of an event, with its stored bytes.
    #[must_use]
    pub fn new(key: PublicKey, checkpoint: String, event: String, inclusion: Vec<Sha256Hash>) -> Self {
        let about = "Shows that this event is in the history which the checkpoint is of, and that whoever holds the \
                     key signed that checkpoint. Compare the key with one you have from elsewhere. It does not show \
                     when: neither event nor checkpoint has a time that somebody independent vouches for.";
        Self { format: FORMAT.to_owned(), about: about.to_owned(), key, checkpoint, event, inclusion }
    }

    /// The key in it: whose it is must be known from elsewhere.
    #[must_use]
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The checkpoint's text.
    #[must_use]
    pub fn checkpoint(&self) -> &str {
        &self.checkpoint
    }

    /// The proof, from the leaf up.
    #[must_use]
    pub fn inclusion(&self) -> &[Sha256Hash] {
        &self.inclusion
    }

    /// Checks it with a key: the one in it, or better one from elsewhere.
    ///
    /// # Errors
    /// [`BadReceipt`], with the first thing that is wrong.
    pub fn verify(&self, key: &PublicKey) -> Result<Shown, BadReceipt> {
        if self.format != FORMAT {
            return Err(BadReceipt::Format);
        }
        let checkpoint = self.checkpoint.parse::<SignedCheckpoint>()?.verified(key)?;
        let event = Event::read(self.event.as_bytes()).map_err(|_| BadReceipt::Event)?;
        let index = event.seq.checked_sub(1).and_then(|index| u64::try_from(index).ok());
        let (Some(index), true) = (index, checkpoint.origin.log == LogId::Launch(event.launch)) else {
            return Err(BadReceipt::Event);
        };
        let leaf = leaf_hash(self.event.as_bytes());
        if !includes(index, leaf, checkpoint.head.size, checkpoint.head.root, &self.inclusion) {
            return Err(BadReceipt::NotIncluded);
        }
        let shown = Shown { event, checkpoint };
        if shown.signature().is_some() { Ok(shown) } else { Err(BadReceipt::Event) }
    }
}
