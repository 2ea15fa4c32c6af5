//! Texts that may have to be redacted one day.
//!
//! Events, digests and hashes contain a *commitment* instead of a text: SHA-256(32-byte salt ‖ UTF-8). Value and salt
//! are stored once, outside the events, so that they can be destroyed without changing anything that is hashed. If the
//! same text is entered again in the same field of the same thing, its commitment is reused. So an undone change gives
//! exactly the earlier state, including the digest.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    fmt,
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{domain::canonical::Sha256Hash, texts};

/// The hash that replaces a text in everything that is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Commitment(pub Sha256Hash);

impl fmt::Display for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// 32 random bytes, drawn outside the core. They prevent guessing a short text from its commitment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; 32]);

/// An accepted text in a command, with a salt in case the text is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewText {
    pub value: String,
    /// Used only if the text is new in its field.
    pub salt: Salt,
}

/// The kind of field into which a text was entered.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type, strum::EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum TextField {
    Name,
    Summary,
    Notes,
    /// Why a launch was held, resumed, reopened, cancelled, or given to another owner.
    Reason,
    /// How a condition was settled.
    Settlement,
    /// Why an item has its state.
    ItemReason,
    /// Why a critical "not applicable" was agreed to or refused.
    AgreementReason,
    FileName,
    Link,
    EvidenceNote,
    /// Why evidence was withdrawn.
    EvidenceWithdrawal,
    /// What an auditor asked to see.
    EvidenceRequest,
    Comment,
    WaiverReason,
    /// The compensating control of a waiver: what is done instead.
    WaiverControl,
    /// Why a waiver was approved, refused or revoked.
    WaiverDecision,
    SignatureComment,
    /// The network address from which a signature came.
    Address,
    /// The browser with which a signature was made.
    UserAgent,
    /// Why a signature was withdrawn.
    SignatureWithdrawal,
    /// Why a text or a file was destroyed.
    RedactionReason,
}

impl TextField {
    #[must_use]
    pub const fn search_scope(self) -> SearchScope {
        match self {
            Self::Name | Self::Summary | Self::Comment | Self::FileName | Self::Link | Self::EvidenceNote => {
                SearchScope::Everywhere
            }
            Self::Notes
            | Self::Reason
            | Self::Settlement
            | Self::ItemReason
            | Self::AgreementReason
            | Self::EvidenceWithdrawal
            | Self::EvidenceRequest
            | Self::WaiverReason
            | Self::WaiverControl
            | Self::WaiverDecision
            | Self::SignatureComment
            | Self::SignatureWithdrawal => SearchScope::HistoryOnly,
            Self::Address | Self::UserAgent | Self::RedactionReason => SearchScope::Nowhere,
        }
    }

    /// A description of the text for pages.
    #[must_use]
    pub fn description(self) -> Cow<'static, str> {
        match self {
            Self::Name => texts::text_is_launch_name(),
            Self::Summary => texts::text_is_summary(),
            Self::Notes => texts::text_is_notes(),
            Self::Reason => texts::text_is_reason(),
            Self::Settlement => texts::text_is_settlement(),
            Self::ItemReason => texts::text_is_item_reason(),
            Self::AgreementReason => texts::text_is_agreement_reason(),
            Self::FileName => texts::text_is_file_name(),
            Self::Link => texts::text_is_link(),
            Self::EvidenceNote => texts::text_is_evidence_note(),
            Self::EvidenceWithdrawal => texts::text_is_evidence_withdrawal(),
            Self::EvidenceRequest => texts::text_is_evidence_request(),
            Self::Comment => texts::text_is_comment(),
            Self::WaiverReason => texts::text_is_waiver_reason(),
            Self::WaiverControl => texts::text_is_waiver_control(),
            Self::WaiverDecision => texts::text_is_waiver_decision(),
            Self::SignatureComment => texts::text_is_signature_comment(),
            Self::Address => texts::text_is_network_address(),
            Self::UserAgent => texts::text_is_browser(),
            Self::SignatureWithdrawal => texts::text_is_signature_withdrawal(),
            Self::RedactionReason => texts::text_is_redaction_reason(),
        }
    }
}

/// Where texts of a field can be searched. Queries use the SQL functions `is_searchable` and
/// `is_searchable_in_history_only`, which a test compares with this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchScope {
    /// On the search page and in histories.
    Everywhere,
    HistoryOnly,
    /// Nobody finds out by searching where a signature came from, or why something had to be redacted.
    Nowhere,
}

/// A field of one thing, such as an item's reason or a waiver's control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextLocation {
    pub field: TextField,
    /// The id of the thing that has the field.
    pub subject_id: Uuid,
}

/// A text with everything that is needed to verify its commitment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub commitment: Commitment,
    pub location: TextLocation,
    pub salt: Salt,
    pub value: String,
}

impl Text {
    #[must_use]
    pub fn commit(place: TextLocation, new: NewText) -> Self {
        Self {
            commitment: compute_commitment(&new.salt, &new.value),
            location: place,
            salt: new.salt,
            value: new.value,
        }
    }
}

/// SHA-256 of the salt followed by the text in UTF-8.
#[must_use]
pub fn compute_commitment(salt: &Salt, value: &str) -> Commitment {
    Commitment(Sha256Hash::compute_from_parts(&[&salt.0, value.as_bytes()]))
}

/// The texts of one launch that are in memory; redacted texts are not among them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Texts {
    texts_by_commitment: HashMap<Commitment, Arc<Text>>,
    commitments_by_location: BTreeMap<TextLocation, Vec<Commitment>>,
}

impl Texts {
    pub fn insert(&mut self, text: Text) {
        let entered = self.commitments_by_location.entry(text.location).or_default();
        if !entered.contains(&text.commitment) {
            entered.push(text.commitment);
        }
        self.texts_by_commitment.insert(text.commitment, Arc::new(text));
    }

    /// Removes a redacted text. If the same text is entered again, it gets another commitment.
    pub fn remove(&mut self, commitment: &Commitment) {
        if let Some(text) = self.texts_by_commitment.remove(commitment)
            && let Some(entered) = self.commitments_by_location.get_mut(&text.location)
        {
            entered.retain(|entered| entered != commitment);
        }
    }

    /// The text of a commitment. `None` if it was redacted, or is not in memory (a comment's body).
    #[must_use]
    pub fn get(&self, commitment: &Commitment) -> Option<&str> {
        self.texts_by_commitment.get(commitment).map(|text| text.value.as_str())
    }

    /// The commitment of this text if it was entered at this location before.
    #[must_use]
    pub fn find_commitment(&self, place: TextLocation, value: &str) -> Option<Commitment> {
        let entered = self.commitments_by_location.get(&place)?;
        entered.iter().copied().find(|commitment| self.get(commitment) == Some(value))
    }

    /// The approximate size in bytes, for the limit of a cache.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.texts_by_commitment.values().map(|text| text.value.len() + 200).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commitment_hashes_salt_then_text() {
        let salt = Salt([7; 32]);
        let mut bytes = vec![7; 32];
        bytes.extend("naïve".bytes());
        assert_eq!(compute_commitment(&salt, "naïve").0, Sha256Hash::compute(&bytes));
    }

    #[test]
    fn texts_find_the_commitment_of_the_same_text_in_the_same_location() {
        let place = TextLocation { field: TextField::ItemReason, subject_id: Uuid::from_u128(1) };
        let elsewhere = TextLocation { subject_id: Uuid::from_u128(2), ..place };
        let mut texts = Texts::default();
        let text = Text::commit(place, NewText { value: "because".into(), salt: Salt([1; 32]) });
        texts.insert(text.clone());
        assert_eq!(texts.find_commitment(place, "because"), Some(text.commitment));
        assert_eq!(texts.find_commitment(place, "Because"), None);
        assert_eq!(texts.find_commitment(elsewhere, "because"), None);
    }
}
