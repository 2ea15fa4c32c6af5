//! The replay: how each event changes a launch.
//!
//! Events were decided before they were written, so nothing is judged here; an event that does not fit the state
//! it meets is a damaged history, and says so.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    current::{Current, CurrentOfItem},
    event::{Assignment, Change, Event, PersonRef, Redaction, Standing},
    state::{
        Agreement, ChecklistVersion, Comment, Decision, Ended, Evidence, EvidenceRequest, Item, LaunchState, Launched,
        Redacted, Signature, Stage, Waiver, WaiverStatus,
    },
    texts::Texts,
    turn::{Turn, Turned},
};
use crate::domain::{
    canonical::Sha256Hash,
    ids::{ChecklistVersionId, ItemId, SignatureId, UserId},
    time::Moment,
};

/// Why an event does not fit the launch it was applied to: the record is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// Its number is not the next one.
    #[error("event {found} stands where {expected} should")]
    Order {
        /// The number that should come.
        expected: i64,
        /// The number that came.
        found: i64,
    },
    /// It belongs to another launch, or is not the first event where that is wanted.
    #[error("event {0} does not belong here")]
    Foreign(i64),
    /// The first event names one checklist version, and another is at hand.
    #[error("event 1 says that the launch was made from the checklist version {named}, not from {found}")]
    OtherVersion {
        /// The one that it names.
        named: ChecklistVersionId,
        /// The one that is at hand.
        found: ChecklistVersionId,
    },
    /// The checklist version is not as it was when the launch was made.
    #[error("the checklist version {version} was altered: its SHA-256 is {found}, and event 1 says {named}")]
    VersionAltered {
        /// Which.
        version: ChecklistVersionId,
        /// The hash that the first event names.
        named: Sha256Hash,
        /// The hash of the content that is at hand.
        found: Sha256Hash,
    },
    /// It speaks of something that the launch does not have.
    #[error("event {0} names something that is not there")]
    Dangling(i64),
}

impl LaunchState {
    /// The launch that the first event makes, from the checklist version that it names.
    ///
    /// # Errors
    /// [`Misfit`] when the event is not a first event, or names another version.
    pub fn create(event: &Event, version: Arc<ChecklistVersion>) -> Result<Self, Misfit> {
        let Change::LaunchCreated { checklist, checklist_hash, details, policy, owner, restricted } = &event.change
        else {
            return Err(Misfit::Foreign(event.seq));
        };
        if event.seq != 1 {
            return Err(Misfit::Foreign(event.seq));
        }
        if version.id != *checklist {
            return Err(Misfit::OtherVersion { named: *checklist, found: version.id });
        }
        if version.hash != *checklist_hash {
            return Err(Misfit::VersionAltered { version: version.id, named: *checklist_hash, found: version.hash });
        }
        let mut items = Vec::new();
        for (p, part) in version.checklist.parts.iter().enumerate() {
            for (s, section) in part.sections.iter().enumerate() {
                for (i, definition) in section.items.iter().enumerate() {
                    items.push(Item {
                        id: ItemId::of(event.launch, &definition.key),
                        at: (p, s, i),
                        standing: Standing::OPEN,
                        marked: None,
                        agreement: Agreement::None,
                        version: 1,
                        assignment: Assignment::default(),
                        evidence: Vec::new(),
                        waivers: Vec::new(),
                        comments: Vec::new(),
                        requests: Vec::new(),
                        current: CurrentOfItem::default(),
                    });
                }
            }
        }
        let index = items.iter().enumerate().map(|(at, item)| (item.id, at)).collect();
        let mut state = Self {
            id: event.launch,
            seq: 1,
            last_at: event.at,
            created_at: event.at,
            details: details.clone(),
            policy: *policy,
            notes: None,
            notes_seq: 0,
            restricted: *restricted,
            owner: owner.id,
            participants: Default::default(),
            holders: BTreeMap::new(),
            stage: Stage::Preparing,
            version,
            items,
            index: Arc::new(index),
            evidence: BTreeMap::new(),
            waivers: BTreeMap::new(),
            comments: BTreeMap::new(),
            requests: BTreeMap::new(),
            signatures: Vec::new(),
            asked: BTreeMap::new(),
            redactions: Vec::new(),
            turns: vec![Turn { at: event.at, what: Turned::Zone(details.target.zone.clone()) }],
            last_changes: BTreeMap::new(),
            people: BTreeMap::new(),
            texts: Texts::default(),
            current: Current::default(),
        };
        state.name_person(&event.actor);
        state.name_person(owner);
        Ok(state)
    }

    /// The launch after one more event.
    ///
    /// # Errors
    /// [`Misfit`] when the event is not this launch's next, or names what is not there.
    pub fn apply(&mut self, event: &Event) -> Result<(), Misfit> {
        self.precedes(event)?;
        self.note_changes(event);
        self.change(event).ok_or(Misfit::Dangling(event.seq))?;
        self.name_person(&event.actor);
        self.seq = event.seq;
        self.last_at = event.at;
        Ok(())
    }

    /// Whether an event is this launch's next.
    ///
    /// # Errors
    /// [`Misfit`] when it is another launch's, or has another number.
    pub(super) fn precedes(&self, event: &Event) -> Result<(), Misfit> {
        if event.launch != self.id {
            return Err(Misfit::Foreign(event.seq));
        }
        if event.seq != self.seq + 1 {
            return Err(Misfit::Order { expected: self.seq + 1, found: event.seq });
        }
        Ok(())
    }

    fn name_person(&mut self, person: &PersonRef) {
        self.people.insert(person.id, person.name.clone());
    }

    fn item_mut(&mut self, id: ItemId) -> Option<&mut Item> {
        let at = *self.index.get(&id)?;
        self.items.get_mut(at)
    }

    fn change(&mut self, event: &Event) -> Option<()> {
        let (by, at) = (event.actor.id, event.at);
        match &event.change {
            Change::LaunchCreated { .. } => return None,
            Change::DetailsChanged { new, .. } => {
                if new.target.zone != self.details.target.zone {
                    self.turns.push(Turn { at, what: Turned::Zone(new.target.zone.clone()) });
                }
                self.details = new.clone();
            }
            Change::PolicyChanged { new, .. } => self.policy = *new,
            Change::RestrictionChanged { new, .. } => self.restricted = *new,
            Change::NotesChanged { new, .. } => {
                self.notes = *new;
                self.notes_seq = event.seq;
            }
            Change::OwnerChanged { new, .. } => {
                self.name_person(new);
                self.owner = new.id;
            }
            Change::HolderAdded { role, person } => {
                self.name_person(person);
                self.holders.entry(role.clone()).or_default().insert(person.id);
            }
            Change::HolderRemoved { role, person } => {
                let holders = self.holders.get_mut(role)?;
                holders.remove(&person.id);
                if holders.is_empty() {
                    self.holders.remove(role);
                }
            }
            Change::ParticipantAdded { person } => {
                self.name_person(person);
                self.participants.insert(person.id);
            }
            Change::ParticipantRemoved { person } => {
                self.participants.remove(&person.id);
            }
            Change::ItemMarked { item, new, .. } => {
                let position = *self.index.get(item)?;
                let item = self.items.get_mut(position)?;
                if item.standing.state.resolves() != new.state.resolves() {
                    let what = Turned::Marked { item: position, resolved: new.state.resolves() };
                    self.turns.push(Turn { at, what });
                }
                item.standing = *new;
                // Whoever agreed, agreed to that state for that reason: a rewritten reason ends it too.
                item.agreement = Agreement::None;
                item.marked = Some((by, at));
                item.version += 1;
            }
            Change::AgreementGiven { item, reason } => {
                let item = self.item_mut(*item)?;
                item.agreement = Agreement::Given { by, at, reason: *reason };
                item.version += 1;
            }
            Change::AgreementRefused { item, reason } => {
                let item = self.item_mut(*item)?;
                item.agreement = Agreement::Refused { by, at, reason: *reason };
                item.version += 1;
            }
            Change::ItemAssigned { item, new, .. } => {
                if let Some(assignee) = &new.assignee {
                    self.name_person(assignee);
                }
                self.item_mut(*item)?.assignment = new.clone();
            }
            Change::EvidenceAttached { .. } | Change::EvidenceWithdrawn { .. } => self.change_evidence(event)?,
            Change::EvidenceRequested { item, evidence_request, text } => {
                let (id, item) = (*evidence_request, *item);
                self.item_mut(item)?.requests.push(id);
                self.requests.insert(id, EvidenceRequest { id, item, by, at, text: *text, answer: None });
            }
            Change::EvidenceRequestAnswered { evidence_request, text, .. } => {
                self.requests.get_mut(evidence_request)?.answer = Some(Ended { by, at, reason: *text });
            }
            Change::CommentAdded { item, comment, body } => {
                let (id, item, body) = (*comment, *item, *body);
                self.item_mut(item)?.comments.push(id);
                let comment = Comment { id, item, by, at, body, edited_at: None, deleted_at: None, hidden: None };
                self.comments.insert(id, comment);
            }
            Change::CommentEdited { comment, new, .. } => {
                let comment = self.comments.get_mut(comment)?;
                comment.body = *new;
                comment.edited_at = Some(at);
            }
            Change::CommentDeleted { comment, .. } => self.comments.get_mut(comment)?.deleted_at = Some(at),
            Change::CommentHidden { comment, .. } => self.comments.get_mut(comment)?.hidden = Some((by, at)),
            Change::CommentShown { comment, .. } => self.comments.get_mut(comment)?.hidden = None,
            Change::WaiverAsked { .. }
            | Change::WaiverApproved { .. }
            | Change::WaiverRefused { .. }
            | Change::WaiverRevoked { .. } => self.change_waiver(event)?,
            Change::Signed(record) => {
                if let Some(lifted) = record.lifts {
                    self.signature_mut(lifted)?.lifted_by = Some(record.id);
                }
                let place = self.signatures.len();
                let replaced = self.current.add_signature(record.id, record.signer.id, &record.role, place);
                if let Some(earlier) = replaced.and_then(|place| self.signatures.get_mut(place)) {
                    earlier.superseded = true;
                }
                self.asked.remove(&record.role);
                self.signatures.push(Signature {
                    record: (**record).clone(),
                    at,
                    seq: event.seq,
                    withdrawn: None,
                    superseded: false,
                    lifted_by: None,
                });
            }
            Change::SignatureWithdrawn { signature, comment, .. } => {
                self.signature_mut(*signature)?.withdrawn = Some(Ended { by, at, reason: *comment });
            }
            Change::SignaturesAsked { roles } => self.asked.extend(roles.iter().map(|role| (role.clone(), at))),
            Change::Redacted { what, reason } => {
                self.redact(*what, at)?;
                self.redactions.push(Redacted {
                    what: *what,
                    ended: Ended { by, at, reason: *reason },
                    seq: event.seq,
                });
            }
            Change::GoDeclared { .. }
            | Change::Held { .. }
            | Change::Resumed { .. }
            | Change::Reopened { .. }
            | Change::Launched { .. }
            | Change::Closed { .. }
            | Change::Cancelled { .. } => self.stage = self.next_stage(event, by, at)?,
        }
        Some(())
    }

    fn signature_mut(&mut self, id: SignatureId) -> Option<&mut Signature> {
        self.signatures.get_mut(self.current.place_of(id)?)
    }

    fn redact(&mut self, what: Redaction, when: Moment) -> Option<()> {
        match what {
            Redaction::Text { commitment, .. } => {
                self.texts.forget(&commitment);
                self.current.destroy_text(commitment);
            }
            Redaction::File { sha256 } => {
                for id in self.current.destroy_file(sha256)? {
                    self.evidence.get_mut(&id)?.redacted.get_or_insert(when);
                }
            }
        }
        Some(())
    }

    fn change_evidence(&mut self, event: &Event) -> Option<()> {
        let (by, at, seq) = (event.actor.id, event.at, event.seq);
        if let Change::EvidenceAttached { item, evidence, content, observed_on, valid_until, source } = &event.change {
            let (id, item, observed_on, valid_until) = (*evidence, *item, *observed_on, *valid_until);
            self.item_mut(item)?.evidence.push(id);
            let (content, source, withdrawn, redacted) = (content.clone(), *source, None, None);
            let attached =
                Evidence { id, item, content, source, by, at, seq, observed_on, valid_until, withdrawn, redacted };
            self.current.add_evidence(&attached);
            self.item_mut(item)?.current.add_evidence(&attached);
            self.evidence.insert(id, attached);
        }
        if let Change::EvidenceWithdrawn { evidence, reason, .. } = &event.change {
            let evidence = self.evidence.get_mut(evidence)?;
            evidence.withdrawn = Some(Ended { by, at, reason: *reason });
            self.current.remove_evidence(evidence);
            let position = *self.index.get(&evidence.item)?;
            self.items.get_mut(position)?.current.remove_evidence(evidence);
        }
        Some(())
    }

    fn change_waiver(&mut self, event: &Event) -> Option<()> {
        let (by, at, seq) = (event.actor.id, event.at, event.seq);
        if let Change::WaiverAsked { item, waiver, reason, control, expires_on } = &event.change {
            let (id, item) = (*waiver, *item);
            self.item_mut(item)?.waivers.push(id);
            let (reason, control, expires_on, status) = (*reason, *control, *expires_on, WaiverStatus::Asked);
            self.waivers.insert(id, Waiver { id, item, by, at, seq, reason, control, expires_on, status });
        }
        if let Change::WaiverApproved { waiver: id, reason, .. } = &event.change {
            let waiver = self.waivers.get_mut(id)?;
            waiver.status = WaiverStatus::Approved { by, at, reason: *reason };
            let (item, until) = (*self.index.get(&waiver.item)?, waiver.expires_on);
            self.items.get_mut(item)?.current.approve(waiver);
            self.turns.push(Turn { at, what: Turned::Waived { item, waiver: *id, until } });
        }
        if let Change::WaiverRefused { waiver, reason, .. } = &event.change {
            self.waivers.get_mut(waiver)?.status = WaiverStatus::Refused(Ended { by, at, reason: *reason });
        }
        if let Change::WaiverRevoked { waiver: id, reason, .. } = &event.change {
            let waiver = self.waivers.get_mut(id)?;
            waiver.status = WaiverStatus::Revoked(Ended { by, at, reason: *reason });
            let item = *self.index.get(&waiver.item)?;
            self.items.get_mut(item)?.current.revoke(waiver);
            self.turns.push(Turn { at, what: Turned::Unwaived { item, waiver: *id } });
        }
        Some(())
    }

    /// The stage after an event of the launch's life; nothing when it does not follow from the present one.
    fn next_stage(&self, event: &Event, by: UserId, at: Moment) -> Option<Stage> {
        match (&event.change, &self.stage) {
            (Change::GoDeclared { found, .. }, _) => {
                Some(Stage::Go(Decision { seq: event.seq, by, at, found: found.clone() }))
            }
            (Change::Held { reason }, _) => Some(Stage::Held { by, at, reason: *reason }),
            (Change::Resumed { .. } | Change::Reopened { .. }, _) => Some(Stage::Preparing),
            (Change::Launched { launched_at, found }, Stage::Go(decision)) => Some(Stage::Launched(Launched {
                decision: decision.clone(),
                seq: event.seq,
                by,
                at: *launched_at,
                found: found.clone(),
            })),
            (Change::Closed { settlements }, Stage::Launched(launched)) => {
                Some(Stage::Closed { launched: launched.clone(), by, at, settlements: settlements.clone() })
            }
            (Change::Cancelled { reason }, _) => Some(Stage::Cancelled { by, at, reason: *reason }),
            _ => None,
        }
    }
}
