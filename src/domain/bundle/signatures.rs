//! `signatures.json`: who signed what, for who does not read events. It says nothing that the events do not, and is
//! compared with them.

use serde::Serialize;

use crate::domain::{
    canonical::Sha256Hash,
    ids::SignatureId,
    launch::{
        credential_renewal::CredentialRenewal,
        event::{PersonRef, ProofMethod, Seq, SignatureMeaning, Vote},
        state::{LaunchState, Signature},
        texts::Commitment,
    },
    role::RoleSlug,
    text::{Email, Title},
    time::{Moment, Zone},
};

/// A signature, as its event has it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SignatureEntry {
    pub id: SignatureId,
    pub event: Seq,
    pub at: Moment,
    pub signer: PersonRef,
    pub email: Email,
    pub role: RoleSlug,
    pub role_title: Title,
    pub verdict: Vote,
    pub meaning: SignatureMeaning,
    pub statement_version: u32,
    pub statement: String,
    pub comment: Option<SignatureEntryText>,
    pub zone: Zone,
    pub proof: ProofMethod,
    pub proved_at: Moment,
    pub saw: Seq,
    pub digest: Sha256Hash,
    pub lifts: Option<SignatureId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub renewed: Vec<CredentialRenewal>,
    pub withdrawn: Option<SignatureEntryWithdrawal>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SignatureEntryWithdrawal {
    at: Moment,
    comment: SignatureEntryText,
}

/// A text: its value, or `{"redacted": true}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum SignatureEntryText {
    Written(String),
    /// The text was destroyed by a redaction.
    Redacted {
        /// Always `true`; a redacted text has no other value here.
        redacted: bool,
    },
}

/// The signatures of a launch in the order of their events, with the texts that are still there.
pub fn to_signature_entries(
    state: &LaunchState,
    text: impl Fn(&Commitment) -> Option<String>,
) -> impl Iterator<Item = SignatureEntry> {
    let word = move |of: &Commitment| {
        text(of).map_or(SignatureEntryText::Redacted { redacted: true }, SignatureEntryText::Written)
    };
    state.signatures.iter().map(move |signature| to_signature_entry(signature, &word))
}

fn to_signature_entry(signature: &Signature, word: &impl Fn(&Commitment) -> SignatureEntryText) -> SignatureEntry {
    let record = signature.record.clone();
    SignatureEntry {
        id: record.id,
        event: signature.seq,
        at: signature.at,
        signer: record.signer,
        email: record.email,
        role: record.role,
        role_title: record.role_title,
        verdict: record.verdict,
        meaning: record.meaning,
        statement_version: record.statement_version,
        statement: record.statement,
        comment: record.comment.as_ref().map(word),
        zone: record.zone,
        proof: record.proof,
        proved_at: record.proved_at,
        saw: record.saw,
        digest: record.digest,
        lifts: record.lifts,
        renewed: record.renewed,
        withdrawn: signature
            .withdrawn
            .map(|ended| SignatureEntryWithdrawal { at: ended.at, comment: word(&ended.reason) }),
    }
}
