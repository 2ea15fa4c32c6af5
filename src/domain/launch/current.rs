//! What of a launch still holds, found without looking through all that there ever was.
//!
//! A decision costs what the launch is large, not what its history is long: otherwise a history of a few megabytes, which
//! anybody can make with a key of their own, keeps who verifies it busy for hours.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{
    event::{EvidenceContent, Seq},
    records::{Evidence, Waiver},
    texts::Commitment,
};
use crate::domain::{
    canonical::Sha256Hash,
    ids::{EvidenceId, SignatureId, UserId, WaiverId},
    role::RoleSlug,
    time::Day,
};

/// Where the things of a launch are that still hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Current {
    /// The place of each signature among all.
    pub(super) signatures: HashMap<SignatureId, usize>,
    /// The place of the newest signature of each person in each role. No earlier one of them stands.
    pub(super) newest: BTreeMap<UserId, BTreeMap<RoleSlug, usize>>,
    /// Of each evidence that was attached first, all its uses that are not withdrawn.
    pub(super) uses: HashMap<EvidenceId, BTreeSet<EvidenceId>>,
    /// Of the bytes of each file that was attached, the evidence of which they were not destroyed.
    pub(super) files: HashMap<Sha256Hash, Vec<EvidenceId>>,
    /// The texts that were destroyed.
    pub(super) redacted: HashSet<Commitment>,
}

/// What of an item still holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CurrentOfItem {
    /// Its evidence that is not withdrawn, by the event that attached it.
    pub(super) evidence: BTreeMap<Seq, EvidenceId>,
    /// Its waivers that are approved and not revoked, by the event that asked for them.
    pub(super) waivers: BTreeMap<Seq, WaiverId>,
    /// The last days of these.
    pub(super) last_days: BTreeSet<(Day, Seq)>,
}

impl Current {
    /// Adds a signature at the end of the list. Answers the place of the one that it replaces.
    pub(super) fn add_signature(
        &mut self,
        id: SignatureId,
        by: UserId,
        role: &RoleSlug,
        place: usize,
    ) -> Option<usize> {
        self.signatures.insert(id, place);
        self.newest.entry(by).or_default().insert(role.clone(), place)
    }

    pub(super) fn place_of(&self, signature: SignatureId) -> Option<usize> {
        self.signatures.get(&signature).copied()
    }

    pub(super) fn add_evidence(&mut self, evidence: &Evidence) {
        self.uses.entry(evidence.origin_id()).or_default().insert(evidence.id);
        if let EvidenceContent::File { sha256, .. } = evidence.content {
            self.files.entry(sha256).or_default().push(evidence.id);
        }
    }

    pub(super) fn remove_evidence(&mut self, evidence: &Evidence) {
        if let Some(uses) = self.uses.get_mut(&evidence.origin_id()) {
            uses.remove(&evidence.id);
        }
    }

    /// The bytes of a file are destroyed: the evidence that still had them; nothing when no evidence ever had.
    pub(super) fn destroy_file(&mut self, sha256: Sha256Hash) -> Option<Vec<EvidenceId>> {
        self.files.get_mut(&sha256).map(std::mem::take)
    }

    pub(super) fn destroy_text(&mut self, text: Commitment) {
        self.redacted.insert(text);
    }

    /// Whether a text was destroyed.
    #[must_use]
    pub fn is_destroyed(&self, text: &Commitment) -> bool {
        self.redacted.contains(text)
    }

    /// Whether the bytes of a file are there, as far as the history tells; nothing when it never was attached.
    #[must_use]
    pub fn has_file(&self, sha256: &Sha256Hash) -> Option<bool> {
        self.files.get(sha256).map(|evidence| !evidence.is_empty())
    }
}

impl CurrentOfItem {
    pub(super) fn add_evidence(&mut self, evidence: &Evidence) {
        self.evidence.insert(evidence.seq, evidence.id);
    }

    pub(super) fn remove_evidence(&mut self, evidence: &Evidence) {
        self.evidence.remove(&evidence.seq);
    }

    pub(super) fn approve(&mut self, waiver: &Waiver) {
        self.waivers.insert(waiver.seq, waiver.id);
        self.last_days.insert((waiver.expires_on, waiver.seq));
    }

    pub(super) fn revoke(&mut self, waiver: &Waiver) {
        self.waivers.remove(&waiver.seq);
        self.last_days.remove(&(waiver.expires_on, waiver.seq));
    }
}
