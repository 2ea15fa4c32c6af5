//! What whoever verifies a bundle has from elsewhere.

use super::Finding;
use crate::domain::{
    checkpoint::{BadCheckpoint, Origin, SignedCheckpoint},
    key::PublicKey,
    merkle::proof::Head,
    receipt::Receipt,
};

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
