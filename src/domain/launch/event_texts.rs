//! The locations of the texts in an event.

use uuid::Uuid;

use super::{
    event::{Change, EvidenceContent, LaunchDetails},
    texts::{Commitment, TextField},
};
use crate::domain::ids::LaunchId;

/// A text in an event: its commitment, its field, and the thing that has the field, if the event names it.
pub type EventText = (Commitment, TextField, Option<Uuid>);

impl Change {
    /// The texts in an event of this launch, in the order of [`Change::commitments`].
    #[must_use]
    pub fn event_texts(&self, launch: LaunchId) -> Vec<EventText> {
        let details = |details: &LaunchDetails| {
            [Some(details.name).map(|it| (it, TextField::Name)), details.summary.map(|it| (it, TextField::Summary))]
        };
        let own = Some(launch.uuid());
        let (found, thing): (Vec<(Commitment, TextField)>, Option<Uuid>) = match self {
            Self::LaunchCreated { details: new, .. } => (details(new).into_iter().flatten().collect(), own),
            Self::DetailsChanged { old, new } => {
                (details(old).into_iter().chain(details(new)).flatten().collect(), own)
            }
            Self::NotesChanged { old, new } => (old.iter().chain(new).map(|it| (*it, TextField::Notes)).collect(), own),
            Self::OwnerChanged { reason, .. } | Self::Resumed { reason } => {
                (reason.iter().map(|it| (*it, TextField::Reason)).collect(), own)
            }
            Self::Held { reason } | Self::Reopened { reason } | Self::Cancelled { reason } => {
                (vec![(*reason, TextField::Reason)], own)
            }
            Self::ItemMarked { item, old, new } => {
                let reasons = old.reason.iter().chain(&new.reason);
                (reasons.map(|it| (*it, TextField::ItemReason)).collect(), Some(item.uuid()))
            }
            Self::AgreementGiven { item, reason } => {
                (reason.iter().map(|it| (*it, TextField::AgreementReason)).collect(), Some(item.uuid()))
            }
            Self::AgreementRefused { item, reason } => (vec![(*reason, TextField::AgreementReason)], Some(item.uuid())),
            Self::EvidenceAttached { item, content, .. } => {
                let text = match content {
                    EvidenceContent::File { name, .. } => (*name, TextField::FileName),
                    EvidenceContent::Link { url } => (*url, TextField::Link),
                    EvidenceContent::Note { body } => (*body, TextField::EvidenceNote),
                };
                (vec![text], Some(item.uuid()))
            }
            Self::EvidenceWithdrawn { evidence, reason, .. } => {
                (vec![(*reason, TextField::EvidenceWithdrawal)], Some(evidence.uuid()))
            }
            Self::EvidenceRequested { evidence_request, text, .. }
            | Self::EvidenceRequestAnswered { evidence_request, text, .. } => {
                (vec![(*text, TextField::EvidenceRequest)], Some(evidence_request.uuid()))
            }
            Self::CommentAdded { comment, body, .. } => (vec![(*body, TextField::Comment)], Some(comment.uuid())),
            Self::CommentEdited { comment, old, new, .. } => {
                (vec![(*old, TextField::Comment), (*new, TextField::Comment)], Some(comment.uuid()))
            }
            Self::WaiverAsked { waiver, reason, control, .. } => {
                (vec![(*reason, TextField::WaiverReason), (*control, TextField::WaiverControl)], Some(waiver.uuid()))
            }
            Self::WaiverApproved { waiver, reason, .. } => {
                (reason.iter().map(|it| (*it, TextField::WaiverDecision)).collect(), Some(waiver.uuid()))
            }
            Self::WaiverRefused { waiver, reason, .. } | Self::WaiverRevoked { waiver, reason, .. } => {
                (vec![(*reason, TextField::WaiverDecision)], Some(waiver.uuid()))
            }
            Self::Signed(record) => {
                let comment = record.comment.map(|it| (it, TextField::SignatureComment));
                let from = [(record.address, TextField::Address), (record.user_agent, TextField::UserAgent)];
                (comment.into_iter().chain(from).collect(), Some(record.id.uuid()))
            }
            Self::SignatureWithdrawn { signature, comment, .. } => {
                (vec![(*comment, TextField::SignatureWithdrawal)], Some(signature.uuid()))
            }
            // The subject is the item of the condition, which the condition's id alone does not name.
            Self::Closed { settlements } => {
                (settlements.iter().map(|settled| (settled.note, TextField::Settlement)).collect(), None)
            }
            Self::Redacted { reason, .. } => (vec![(*reason, TextField::RedactionReason)], own),
            Self::PolicyChanged { .. }
            | Self::RestrictionChanged { .. }
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
            | Self::Launched { .. } => (Vec::new(), None),
        };
        found.into_iter().map(|(commitment, field)| (commitment, field, thing)).collect()
    }
}
