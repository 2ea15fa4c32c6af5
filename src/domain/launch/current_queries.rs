//! Queries of a launch's state for what still holds.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::{
    changed_thing::ChangedThing,
    records::{Evidence, EvidenceRequest, Signature, Waiver, WaiverStatus},
    state::{Item, LaunchState},
};
use crate::domain::{
    ids::{EvidenceId, ItemId, SignatureId, UserId},
    role::RoleSlug,
    time::Moment,
};

impl LaunchState {
    /// The unanswered request for evidence on an item that asks for the same.
    #[must_use]
    pub fn find_open_request(&self, item: ItemId, text: &str) -> Option<&EvidenceRequest> {
        let requests = self.item(item)?.evidence_requests.iter().filter_map(|id| self.evidence_requests.get(id));
        requests.into_iter().find(|request| request.answer.is_none() && self.texts.get(&request.text) == Some(text))
    }

    /// Who last asked for signatures that are still missing, and when.
    #[must_use]
    pub fn newest_signature_request(&self) -> Option<(UserId, Moment)> {
        let roles = self.signature_requests.keys().cloned();
        roles.filter_map(|role| self.last_change(&ChangedThing::SignatureRequest(role))).max_by_key(|(_, at)| *at)
    }

    #[must_use]
    pub fn signature(&self, id: SignatureId) -> Option<&Signature> {
        self.signatures.get(self.current.place_of(id)?)
    }

    /// The newest signature of a person in a role, the only one of theirs there that can stand.
    #[must_use]
    pub fn newest_signature(&self, by: UserId, role: &RoleSlug) -> Option<&Signature> {
        self.signatures.get(*self.current.newest.get(&by)?.get(role)?)
    }

    /// The newest signature of a person in each role.
    pub fn newest_signatures_of(&self, by: UserId) -> impl Iterator<Item = &Signature> {
        let places = self.current.newest.get(&by).into_iter().flat_map(BTreeMap::values);
        places.filter_map(|place| self.signatures.get(*place))
    }

    /// The newest signature of each person in each role, in order: all that stand are among them.
    pub fn newest_signatures(&self) -> impl Iterator<Item = &Signature> {
        let places: BTreeSet<usize> = self.current.newest.values().flat_map(BTreeMap::values).copied().collect();
        places.into_iter().filter_map(|place| self.signatures.get(place))
    }

    /// An item's evidence that is not withdrawn, in the order attached.
    pub fn unwithdrawn_evidence_of(&self, item: &Item) -> impl Iterator<Item = &Evidence> {
        item.current.evidence.values().filter_map(|id| self.evidence.get(id))
    }

    /// Everything that evidence is used as and that is not withdrawn, itself included, by what was attached first.
    pub fn uses_of(&self, origin: EvidenceId) -> impl Iterator<Item = &Evidence> {
        let uses = self.current.uses.get(&origin).into_iter().flatten();
        uses.filter_map(|id| self.evidence.get(id))
    }

    /// An item's waivers that are approved and not revoked, expired or not, in the order asked for.
    pub fn approved_waivers_of(&self, item: &Item) -> impl DoubleEndedIterator<Item = &Waiver> {
        item.current.waivers.values().filter_map(|id| self.waivers.get(id))
    }

    /// Whether a waiver of an item is asked for and not answered, or holds.
    #[must_use]
    pub fn has_waiver_pending_or_in_force(&self, item: &Item, now: Moment) -> bool {
        // None is asked for while another is not answered, so that one is the last.
        let pending = self.waivers_of(item).next_back().is_some_and(|waiver| waiver.status == WaiverStatus::Asked);
        let last_day = item.current.last_days.last();
        pending || last_day.is_some_and(|(day, _)| day.end(self.zone()) > now)
    }
}
