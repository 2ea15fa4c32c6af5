//! How each event changes the state of a launch.
//!
//! Events were decided before they were stored, so the rules are not checked again here. An event that does not fit the
//! state means a damaged history, and gives an error.

use super::{
    event::{Change, Event, PersonRef, Redaction, Seq},
    resolution_change::{ResolutionChange, ResolutionChangeKind},
    state::{
        Agreement, Attribution, Comment, Decision, Evidence, EvidenceRequest, Item, LaunchRecord, LaunchState,
        RedactionRecord, RevokedGo, Signature, Stage, Waiver, WaiverStatus,
    },
};
use crate::domain::{
    canonical::Sha256Hash,
    ids::{ChecklistVersionId, ItemId, SignatureId, UserId},
    time::Moment,
};

/// Why an event can't be applied to a launch: the history is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// The event does not have the next number.
    #[error("event {found} stands where {expected} should")]
    OutOfOrder { expected: i64, found: i64 },
    /// The event belongs to another launch, or a first event was expected.
    #[error("event {0} does not belong here")]
    NotThisLaunch(i64),
    /// The given checklist version is not the one that the first event names.
    #[error("event 1 says that the launch was made from the checklist version {named}, not from {found}")]
    OtherVersion { named: ChecklistVersionId, found: ChecklistVersionId },
    /// The content of the checklist version has changed since the launch was created.
    #[error("the checklist version {version} was altered: its SHA-256 is {found}, and event 1 says {named}")]
    VersionAltered {
        version: ChecklistVersionId,
        /// The hash in the first event.
        named: Sha256Hash,
        /// The hash of the given content.
        found: Sha256Hash,
    },
    /// The event names something that the launch does not have.
    #[error("event {0} names something that is not there")]
    UnknownReference(i64),
}

impl LaunchState {
    /// Applies the next event.
    pub fn apply(&mut self, event: &Event) -> Result<(), ApplyError> {
        self.check_is_next(event)?;
        self.note_changes(event);
        self.apply_change(event).ok_or(ApplyError::UnknownReference(event.seq))?;
        if let Some(item) = event.change.item() {
            self.note_item_change(item, event.seq);
        }
        self.record_person_name(&event.actor);
        self.seq = event.seq;
        self.last_at = event.at;
        Ok(())
    }

    /// Checks that an event is the next one of this launch: the right launch and the right number.
    pub(super) fn check_is_next(&self, event: &Event) -> Result<(), ApplyError> {
        if event.launch != self.id {
            return Err(ApplyError::NotThisLaunch(event.seq));
        }
        if event.seq != self.seq + 1 {
            return Err(ApplyError::OutOfOrder { expected: self.seq + 1, found: event.seq });
        }
        Ok(())
    }

    pub(super) fn record_person_name(&mut self, person: &PersonRef) {
        self.people.insert(person.id, person.name.clone());
    }

    fn item_mut(&mut self, id: ItemId) -> Option<&mut Item> {
        let at = *self.item_positions.get(&id)?;
        self.items.get_mut(at)
    }

    /// Records the newest event that changed an item or something that belongs to it.
    fn note_item_change(&mut self, item: ItemId, seq: Seq) {
        if let Some(item) = self.item_mut(item) {
            item.changed_seq = seq;
        }
    }

    fn apply_change(&mut self, event: &Event) -> Option<()> {
        let (by, at) = (event.actor.id, event.at);
        match &event.change {
            Change::LaunchCreated { .. } => return None,
            Change::DetailsChanged { new, .. } => {
                if new.target.zone != self.details.target.zone {
                    self.resolution_changes.push(ResolutionChange {
                        at,
                        kind: ResolutionChangeKind::ZoneChanged(new.target.zone.clone()),
                    });
                }
                self.details = new.clone();
            }
            Change::PolicyChanged { new, .. } => self.policy = *new,
            Change::RestrictionChanged { new, .. } => self.restricted = *new,
            Change::TagsChanged { new, .. } => self.tags = new.clone(),
            Change::NotesChanged { new, .. } => self.notes = *new,
            Change::OwnerChanged { new, .. } => {
                self.record_person_name(new);
                self.owner = new.id;
            }
            Change::HolderAdded { role, person } => {
                self.record_person_name(person);
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
                self.record_person_name(person);
                self.participants.insert(person.id);
            }
            Change::ParticipantRemoved { person } => {
                self.participants.remove(&person.id);
            }
            Change::ItemMarked { item, new, .. } => {
                let position = *self.item_positions.get(item)?;
                let item = self.items.get_mut(position)?;
                if item.status.state.resolves() != new.state.resolves() {
                    let redaction = ResolutionChangeKind::ItemMarked { item: position, resolved: new.state.resolves() };
                    self.resolution_changes.push(ResolutionChange { at, kind: redaction });
                }
                item.status = *new;
                // An agreement is for one state and one reason, so a rewritten reason ends it as well.
                item.agreement = Agreement::None;
                item.last_marked = Some((by, at));
                item.marked_seq = event.seq;
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
                    self.record_person_name(assignee);
                }
                self.item_mut(*item)?.assignment = new.clone();
            }
            Change::EvidenceAttached { .. } | Change::EvidenceWithdrawn { .. } => self.apply_evidence_change(event)?,
            Change::EvidenceRequested { item, evidence_request, text } => {
                let (id, item) = (*evidence_request, *item);
                self.item_mut(item)?.evidence_requests.push(id);
                self.evidence_requests.insert(id, EvidenceRequest { id, item, by, at, text: *text, answer: None });
            }
            Change::EvidenceRequestAnswered { evidence_request, text, .. } => {
                self.evidence_requests.get_mut(evidence_request)?.answer = Some(Attribution { by, at, reason: *text });
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
            | Change::WaiverRevoked { .. } => self.apply_waiver_change(event)?,
            Change::Signed(record) => {
                if let Some(lifted) = record.lifts {
                    self.signature_mut(lifted)?.lifted_by = Some(record.id);
                }
                let place = self.signatures.len();
                let replaced = self.current.add_signature(record.id, record.signer.id, &record.role, place);
                if let Some(earlier) = replaced.and_then(|place| self.signatures.get_mut(place)) {
                    earlier.superseded = true;
                }
                self.signature_requests.remove(&record.role);
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
                self.signature_mut(*signature)?.withdrawn = Some(Attribution { by, at, reason: *comment });
            }
            Change::SignaturesAsked { roles } => {
                self.signature_requests.extend(roles.iter().map(|role| (role.clone(), at)))
            }
            Change::Redacted { what: redaction, reason } => {
                self.apply_redaction(*redaction, event)?;
                self.redactions.push(RedactionRecord {
                    redaction: *redaction,
                    attribution: Attribution { by, at, reason: *reason },
                    seq: event.seq,
                });
            }
            Change::GoDeclared { .. }
            | Change::Held { .. }
            | Change::Resumed { .. }
            | Change::Reopened { .. }
            | Change::Launched { .. }
            | Change::Closed { .. }
            | Change::Cancelled { .. } => {
                let stage = self.next_stage(event, by, at)?;
                self.record_revoked_go(&event.change, by, at);
                self.stage = stage;
            }
        }
        Some(())
    }

    /// Remembers a GO that is taken back, until there is another.
    fn record_revoked_go(&mut self, change: &Change, by: UserId, at: Moment) {
        match (change, &self.stage) {
            (Change::GoDeclared { .. }, _) => self.revoked_go = None,
            (Change::Held { reason } | Change::Reopened { reason }, Stage::Go(go)) => {
                let revocation = Attribution { by, at, reason: *reason };
                self.revoked_go = Some(RevokedGo { go: go.clone(), revocation });
            }
            _ => {}
        }
    }

    fn signature_mut(&mut self, id: SignatureId) -> Option<&mut Signature> {
        self.signatures.get_mut(self.current.place_of(id)?)
    }

    fn apply_redaction(&mut self, what: Redaction, event: &Event) -> Option<()> {
        match what {
            Redaction::Text { commitment, .. } => {
                self.texts.remove(&commitment);
                self.current.destroy_text(commitment);
            }
            Redaction::File { sha256 } => {
                for id in self.current.destroy_file(sha256)? {
                    let evidence = self.evidence.get_mut(&id)?;
                    evidence.redacted.get_or_insert(event.at);
                    let item = evidence.item;
                    self.note_item_change(item, event.seq);
                }
            }
        }
        Some(())
    }

    fn apply_evidence_change(&mut self, event: &Event) -> Option<()> {
        let (by, at, seq) = (event.actor.id, event.at, event.seq);
        if let Change::EvidenceAttached { item, evidence, content, observed_on, valid_until, source } = &event.change {
            let (id, item, observed_on, valid_until) = (*evidence, *item, *observed_on, *valid_until);
            self.item_mut(item)?.evidence.push(id);
            let (content, source, withdrawn, redacted) = (content.clone(), *source, None, None);
            let attached = Evidence {
                id,
                item,
                content,
                source_id: source,
                by,
                at,
                seq,
                observed_on,
                valid_until,
                withdrawn,
                redacted,
            };
            self.current.add_evidence(&attached);
            self.item_mut(item)?.current.add_evidence(&attached);
            self.evidence.insert(id, attached);
        }
        if let Change::EvidenceWithdrawn { evidence, reason, .. } = &event.change {
            let evidence = self.evidence.get_mut(evidence)?;
            evidence.withdrawn = Some(Attribution { by, at, reason: *reason });
            self.current.remove_evidence(evidence);
            let position = *self.item_positions.get(&evidence.item)?;
            self.items.get_mut(position)?.current.remove_evidence(evidence);
        }
        Some(())
    }

    fn apply_waiver_change(&mut self, event: &Event) -> Option<()> {
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
            let (item, until) = (*self.item_positions.get(&waiver.item)?, waiver.expires_on);
            self.items.get_mut(item)?.current.approve(waiver);
            self.resolution_changes
                .push(ResolutionChange { at, kind: ResolutionChangeKind::WaiverApproved { item, waiver: *id, until } });
        }
        if let Change::WaiverRefused { waiver, reason, .. } = &event.change {
            self.waivers.get_mut(waiver)?.status = WaiverStatus::Refused(Attribution { by, at, reason: *reason });
        }
        if let Change::WaiverRevoked { waiver: id, reason, .. } = &event.change {
            let waiver = self.waivers.get_mut(id)?;
            waiver.status = WaiverStatus::Revoked(Attribution { by, at, reason: *reason });
            let item = *self.item_positions.get(&waiver.item)?;
            self.items.get_mut(item)?.current.revoke(waiver);
            self.resolution_changes
                .push(ResolutionChange { at, kind: ResolutionChangeKind::WaiverRevoked { item, waiver: *id } });
        }
        Some(())
    }

    /// The stage after an event that changes it. `None` if the event does not fit the current stage.
    fn next_stage(&self, event: &Event, by: UserId, at: Moment) -> Option<Stage> {
        match (&event.change, &self.stage) {
            (Change::GoDeclared { found, .. }, _) => {
                Some(Stage::Go(Decision { seq: event.seq, by, at, readiness: found.clone() }))
            }
            (Change::Held { reason }, _) => Some(Stage::Held { by, at, reason: *reason }),
            (Change::Resumed { .. } | Change::Reopened { .. }, _) => Some(Stage::Preparing),
            (Change::Launched { launched_at, found }, Stage::Go(decision)) => Some(Stage::Launched(LaunchRecord {
                decision: decision.clone(),
                seq: event.seq,
                by,
                at: *launched_at,
                readiness: found.clone(),
            })),
            (Change::Closed { settlements }, Stage::Launched(launched)) => {
                Some(Stage::Closed { launch_record: launched.clone(), by, at, settlements: settlements.clone() })
            }
            (Change::Cancelled { reason }, _) => Some(Stage::Cancelled { by, at, reason: *reason }),
            _ => None,
        }
    }
}
