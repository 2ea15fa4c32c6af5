//! Texts that may one day have to be forgotten.
//!
//! Events, digests and hashes carry a *commitment* in a text's place: SHA-256(32-byte salt ‖ UTF-8). Value and
//! salt stand beside them, once, so that they can be destroyed and everything hashed stays as it was. The same
//! text entered again in the same field of the same thing reuses its commitment: an undone change is the same
//! state again, down to the digest.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::canonical::Sha256Hash;

/// What stands for a text in everything that is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Commitment(pub Sha256Hash);

impl fmt::Display for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// 32 random bytes, drawn outside the core, that keep a short text from being guessed from its commitment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; 32]);

/// A text as a command brings it: accepted, with a salt for the case that it is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewText {
    /// The text as accepted.
    pub value: String,
    /// The salt it is committed with, if it is new in its field.
    pub salt: Salt,
}

/// Which field of a thing a text was entered in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Field {
    /// A launch's name.
    Name,
    /// A launch's summary.
    Summary,
    /// A launch's notes, exceptions and special considerations.
    Notes,
    /// Why a launch was held, resumed, reopened, cancelled, or given to another owner.
    Reason,
    /// How a condition was settled.
    Settlement,
    /// Why an item has its state.
    ItemReason,
    /// Why a critical "not applicable" was agreed to or refused.
    AgreementReason,
    /// The name of a file.
    FileName,
    /// A link given as evidence.
    Link,
    /// A note given as evidence.
    EvidenceNote,
    /// Why evidence was withdrawn.
    EvidenceWithdrawal,
    /// What an auditor asked to see.
    EvidenceRequest,
    /// The body of a comment.
    Comment,
    /// Why a waiver is asked for.
    WaiverReason,
    /// What is done instead.
    WaiverControl,
    /// Why a waiver was approved, refused or revoked.
    WaiverDecision,
    /// What a signer wrote.
    SignatureComment,
    /// The network address a signature came from.
    Address,
    /// The browser a signature came from.
    UserAgent,
    /// Why a signature was withdrawn.
    SignatureWithdrawal,
    /// Why a text or a file was destroyed.
    RedactionReason,
}

impl Field {
    /// What a text of it is called.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Name => "the name of the launch",
            Self::Summary => "a summary",
            Self::Notes => "the notes",
            Self::Reason => "a reason",
            Self::Settlement => "how a condition was settled",
            Self::ItemReason => "the reason for an item's state",
            Self::AgreementReason => "a remark on “not applicable”",
            Self::FileName => "the name of a file",
            Self::Link => "a link",
            Self::EvidenceNote => "a note given as evidence",
            Self::EvidenceWithdrawal => "why evidence was withdrawn",
            Self::EvidenceRequest => "a request for evidence, or its answer",
            Self::Comment => "a comment",
            Self::WaiverReason => "the reason for a waiver",
            Self::WaiverControl => "what is done instead of an item",
            Self::WaiverDecision => "a remark on a waiver",
            Self::SignatureComment => "the comment of a signature",
            Self::Address => "the network address of a signature",
            Self::UserAgent => "the browser of a signature",
            Self::SignatureWithdrawal => "why a signature was withdrawn",
            Self::RedactionReason => "why something was redacted",
        }
    }
}

/// A field of one thing: an item's reason, a waiver's control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The field.
    pub field: Field,
    /// The id of the thing it is a field of.
    pub thing: Uuid,
}

/// A text with what it takes to check its commitment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// What stands for it.
    pub commitment: Commitment,
    /// Where it was entered.
    pub place: Place,
    /// Its salt.
    pub salt: Salt,
    /// Its value.
    pub value: String,
}

impl Text {
    /// Commits to a new text.
    #[must_use]
    pub fn commit(place: Place, new: NewText) -> Self {
        Self { commitment: commitment(&new.salt, &new.value), place, salt: new.salt, value: new.value }
    }
}

/// SHA-256(salt ‖ UTF-8).
#[must_use]
pub fn commitment(salt: &Salt, value: &str) -> Commitment {
    Commitment(Sha256Hash::of_parts(&[&salt.0, value.as_bytes()]))
}

/// The texts of one launch that are known; what was redacted is not among them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Texts {
    known: HashMap<Commitment, Arc<Text>>,
    entered: BTreeMap<Place, Vec<Commitment>>,
}

impl Texts {
    /// Adds a text.
    pub fn insert(&mut self, text: Text) {
        let entered = self.entered.entry(text.place).or_default();
        if !entered.contains(&text.commitment) {
            entered.push(text.commitment);
        }
        self.known.insert(text.commitment, Arc::new(text));
    }

    /// Forgets a text that was destroyed. The same text entered again is another one.
    pub fn forget(&mut self, commitment: &Commitment) {
        if let Some(text) = self.known.remove(commitment)
            && let Some(entered) = self.entered.get_mut(&text.place)
        {
            entered.retain(|entered| entered != commitment);
        }
    }

    /// The value behind a commitment; nothing when it was redacted, or is not kept in memory (a comment's body).
    #[must_use]
    pub fn get(&self, commitment: &Commitment) -> Option<&str> {
        self.known.get(commitment).map(|text| text.value.as_str())
    }

    /// The commitment of this very text, if it was entered in this place before.
    #[must_use]
    pub fn find(&self, place: Place, value: &str) -> Option<Commitment> {
        let entered = self.entered.get(&place)?;
        entered.iter().copied().find(|commitment| self.get(commitment) == Some(value))
    }

    /// The bytes of text kept, roughly: what a cache is bounded by.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.known.values().map(|text| text.value.len() + 200).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commitment_is_over_salt_then_text() {
        let salt = Salt([7; 32]);
        let mut bytes = vec![7; 32];
        bytes.extend("naïve".bytes());
        assert_eq!(commitment(&salt, "naïve").0, Sha256Hash::of(&bytes));
    }

    #[test]
    fn the_same_text_in_the_same_place_is_found_again() {
        let place = Place { field: Field::ItemReason, thing: Uuid::from_u128(1) };
        let elsewhere = Place { thing: Uuid::from_u128(2), ..place };
        let mut texts = Texts::default();
        let text = Text::commit(place, NewText { value: "because".into(), salt: Salt([1; 32]) });
        texts.insert(text.clone());
        assert_eq!(texts.find(place, "because"), Some(text.commitment));
        assert_eq!(texts.find(place, "Because"), None);
        assert_eq!(texts.find(elsewhere, "because"), None);
    }
}
