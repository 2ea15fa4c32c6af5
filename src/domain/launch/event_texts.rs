//! The locations of the texts in an event.

use uuid::Uuid;

use super::{
    event::{Change, EvidenceContent, LaunchDetails},
    texts::{Commitment, TextField},
};
use crate::domain::ids::LaunchId;

/// A text in an event: its commitment, its field, and the thing that has the field, if the event names it.
pub type EventText = (Commitment, TextField, Option<Uuid>);

/// What the field of a text belongs to.
enum Subject {
    Launch,
    Thing(Uuid),
    Unnamed,
}

impl Change {
    /// The texts in an event of this launch.
    #[must_use]
    pub fn event_texts(&self, launch: LaunchId) -> Vec<EventText> {
        let (texts, subject) = self.texts_and_subject();
        let subject_id = match subject {
            Subject::Launch => Some(launch.uuid()),
            Subject::Thing(id) => Some(id),
            Subject::Unnamed => None,
        };
        texts.into_iter().map(|(commitment, field)| (commitment, field, subject_id)).collect()
    }

    /// The commitments of all texts in the event. A commitment occurs twice where old and new text are the same.
    #[must_use]
    pub fn commitments(&self) -> Vec<Commitment> {
        self.texts_and_subject().0.into_iter().map(|(commitment, _)| commitment).collect()
    }

    fn texts_and_subject(&self) -> (Vec<(Commitment, TextField)>, Subject) {
        let details = |details: &LaunchDetails| {
            [Some(details.name).map(|it| (it, TextField::Name)), details.summary.map(|it| (it, TextField::Summary))]
        };
        match self {
            Self::LaunchCreated { details: new, .. } => (details(new).into_iter().flatten().collect(), Subject::Launch),
            Self::DetailsChanged { old, new } => {
                (details(old).into_iter().chain(details(new)).flatten().collect(), Subject::Launch)
            }
            Self::NotesChanged { old, new } => {
                (old.iter().chain(new).map(|it| (*it, TextField::Notes)).collect(), Subject::Launch)
            }
            Self::OwnerChanged { reason, .. } | Self::Resumed { reason } => {
                (reason.iter().map(|it| (*it, TextField::Reason)).collect(), Subject::Launch)
            }
            Self::Held { reason } | Self::Reopened { reason } | Self::Cancelled { reason } => {
                (vec![(*reason, TextField::Reason)], Subject::Launch)
            }
            Self::ItemMarked { item, old, new } => {
                let reasons = old.reason.iter().chain(&new.reason);
                (reasons.map(|it| (*it, TextField::ItemReason)).collect(), Subject::Thing(item.uuid()))
            }
            Self::AgreementGiven { item, reason } => {
                (reason.iter().map(|it| (*it, TextField::AgreementReason)).collect(), Subject::Thing(item.uuid()))
            }
            Self::AgreementRefused { item, reason } => {
                (vec![(*reason, TextField::AgreementReason)], Subject::Thing(item.uuid()))
            }
            Self::EvidenceAttached { item, content, .. } => {
                let text = match content {
                    EvidenceContent::File { name, .. } => (*name, TextField::FileName),
                    EvidenceContent::Link { url } => (*url, TextField::Link),
                    EvidenceContent::Note { body } => (*body, TextField::EvidenceNote),
                };
                (vec![text], Subject::Thing(item.uuid()))
            }
            Self::EvidenceWithdrawn { evidence, reason, .. } => {
                (vec![(*reason, TextField::EvidenceWithdrawal)], Subject::Thing(evidence.uuid()))
            }
            Self::EvidenceRequested { evidence_request, text, .. }
            | Self::EvidenceRequestAnswered { evidence_request, text, .. } => {
                (vec![(*text, TextField::EvidenceRequest)], Subject::Thing(evidence_request.uuid()))
            }
            Self::CommentAdded { comment, body, .. } => {
                (vec![(*body, TextField::Comment)], Subject::Thing(comment.uuid()))
            }
            Self::CommentEdited { comment, old, new, .. } => {
                (vec![(*old, TextField::Comment), (*new, TextField::Comment)], Subject::Thing(comment.uuid()))
            }
            Self::WaiverAsked { waiver, reason, control, .. } => (
                vec![(*reason, TextField::WaiverReason), (*control, TextField::WaiverControl)],
                Subject::Thing(waiver.uuid()),
            ),
            Self::WaiverApproved { waiver, reason, .. } => {
                (reason.iter().map(|it| (*it, TextField::WaiverDecision)).collect(), Subject::Thing(waiver.uuid()))
            }
            Self::WaiverRefused { waiver, reason, .. } | Self::WaiverRevoked { waiver, reason, .. } => {
                (vec![(*reason, TextField::WaiverDecision)], Subject::Thing(waiver.uuid()))
            }
            Self::Signed(record) => {
                let comment = record.comment.map(|it| (it, TextField::SignatureComment));
                let from = [(record.address, TextField::Address), (record.user_agent, TextField::UserAgent)];
                (comment.into_iter().chain(from).collect(), Subject::Thing(record.id.uuid()))
            }
            Self::SignatureWithdrawn { signature, comment, .. } => {
                (vec![(*comment, TextField::SignatureWithdrawal)], Subject::Thing(signature.uuid()))
            }
            // The subject is the item of the condition, which the condition's id alone does not name.
            Self::Closed { settlements } => {
                (settlements.iter().map(|settled| (settled.note, TextField::Settlement)).collect(), Subject::Unnamed)
            }
            Self::Redacted { reason, .. } => (vec![(*reason, TextField::RedactionReason)], Subject::Launch),
            Self::PolicyChanged { .. }
            | Self::RestrictionChanged { .. }
            | Self::TagsChanged { .. }
            | Self::HolderAdded { .. }
            | Self::HolderRemoved { .. }
            | Self::ParticipantAdded { .. }
            | Self::ParticipantRemoved { .. }
            | Self::ItemAssigned { .. }
            | Self::CommentDeleted { .. }
            | Self::CommentHidden { .. }
            | Self::CommentShown { .. }
            | Self::SignaturesAsked { .. }
            | Self::GoDeclared { .. }
            | Self::Launched { .. } => (Vec::new(), Subject::Unnamed),
        }
    }
}
