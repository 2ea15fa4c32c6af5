//! `signatures.json`: who signed what, for who does not read events. It says nothing that the events do not, and is
//! compared with them.

use serde::Serialize;

use crate::domain::{
    canonical::Sha256Hash,
    ids::SignatureId,
    launch::{
        event::{Meaning, PersonRef, ProofMethod, Seq, Vote},
        state::{LaunchState, Signature},
        texts::Commitment,
        way_in::RenewedWayIn,
    },
    role::RoleSlug,
    text::{Email, Title},
    time::{Moment, Zone},
};

/// A signature, as its event has it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the fields are those of `domain::launch::event::SignatureRecord`")]
pub struct SignatureEntry {
    pub id: SignatureId,
    pub event: Seq,
    pub at: Moment,
    pub signer: PersonRef,
    pub email: Email,
    pub role: RoleSlug,
    pub role_title: Title,
    pub verdict: Vote,
    pub meaning: Meaning,
    pub statement_version: u32,
    pub statement: String,
    pub comment: Option<Word>,
    pub zone: Zone,
    pub proof: ProofMethod,
    pub proved_at: Moment,
    pub saw: Seq,
    pub digest: Sha256Hash,
    pub lifts: Option<SignatureId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub renewed: Vec<RenewedWayIn>,
    pub withdrawn: Option<Withdrawn>,
}

/// That a signature was withdrawn.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Withdrawn {
    at: Moment,
    comment: Word,
}

/// A text: its value, or `{"redacted": true}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Word {
    /// As it was written.
    Said(String),
    /// Destroyed.
    Redacted {
        /// True.
        redacted: bool,
    },
}

/// The signatures of a launch in the order of their events, with the texts that are still there.
pub fn signatures(
    state: &LaunchState,
    text: impl Fn(&Commitment) -> Option<String>,
) -> impl Iterator<Item = SignatureEntry> {
    let word = move |of: &Commitment| text(of).map_or(Word::Redacted { redacted: true }, Word::Said);
    state.signatures.iter().map(move |signature| entry(signature, &word))
}

fn entry(signature: &Signature, word: &impl Fn(&Commitment) -> Word) -> SignatureEntry {
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
        withdrawn: signature.withdrawn.map(|ended| Withdrawn { at: ended.at, comment: word(&ended.reason) }),
    }
}
