//! Where the texts belong that an event commits to.

use uuid::Uuid;

use super::{
    event::{Change, Details, EvidenceContent},
    texts::{Commitment, Field},
};
use crate::domain::ids::LaunchId;

/// A text that an event names: its commitment, the field it was entered in, and the thing whose field that is, where the
/// event says so.
pub type TextPlace = (Commitment, Field, Option<Uuid>);

impl Change {
    /// The texts that are named by an event of this launch, as [`Change::commitments`] lists them.
    #[must_use]
    pub fn text_places(&self, launch: LaunchId) -> Vec<TextPlace> {
        let details = |details: &Details| {
            [Some(details.name).map(|it| (it, Field::Name)), details.summary.map(|it| (it, Field::Summary))]
        };
        let own = Some(launch.uuid());
        let (found, thing): (Vec<(Commitment, Field)>, Option<Uuid>) = match self {
            Self::LaunchCreated { details: new, .. } => (details(new).into_iter().flatten().collect(), own),
            Self::DetailsChanged { old, new } => {
                (details(old).into_iter().chain(details(new)).flatten().collect(), own)
            }
            Self::NotesChanged { old, new } => (old.iter().chain(new).map(|it| (*it, Field::Notes)).collect(), own),
            Self::OwnerChanged { reason, .. } | Self::Resumed { reason } => {
                (reason.iter().map(|it| (*it, Field::Reason)).collect(), own)
            }
            Self::Held { reason } | Self::Reopened { reason } | Self::Cancelled { reason } => {
                (vec![(*reason, Field::Reason)], own)
            }
            Self::ItemMarked { item, old, new } => {
                let reasons = old.reason.iter().chain(&new.reason);
                (reasons.map(|it| (*it, Field::ItemReason)).collect(), Some(item.uuid()))
            }
            Self::AgreementGiven { item, reason } => {
                (reason.iter().map(|it| (*it, Field::AgreementReason)).collect(), Some(item.uuid()))
            }
            Self::AgreementRefused { item, reason } => (vec![(*reason, Field::AgreementReason)], Some(item.uuid())),
            Self::EvidenceAttached { item, content, .. } => {
                let text = match content {
                    EvidenceContent::File { name, .. } => (*name, Field::FileName),
                    EvidenceContent::Link { url } => (*url, Field::Link),
                    EvidenceContent::Note { body } => (*body, Field::EvidenceNote),
                };
                (vec![text], Some(item.uuid()))
            }
            Self::EvidenceWithdrawn { evidence, reason, .. } => {
                (vec![(*reason, Field::EvidenceWithdrawal)], Some(evidence.uuid()))
            }
            Self::EvidenceRequested { evidence_request, text, .. }
            | Self::EvidenceRequestAnswered { evidence_request, text, .. } => {
                (vec![(*text, Field::EvidenceRequest)], Some(evidence_request.uuid()))
            }
            Self::CommentAdded { comment, body, .. } => (vec![(*body, Field::Comment)], Some(comment.uuid())),
            Self::CommentEdited { comment, old, new, .. } => {
                (vec![(*old, Field::Comment), (*new, Field::Comment)], Some(comment.uuid()))
            }
            Self::WaiverAsked { waiver, reason, control, .. } => {
                (vec![(*reason, Field::WaiverReason), (*control, Field::WaiverControl)], Some(waiver.uuid()))
            }
            Self::WaiverApproved { waiver, reason, .. } => {
                (reason.iter().map(|it| (*it, Field::WaiverDecision)).collect(), Some(waiver.uuid()))
            }
            Self::WaiverRefused { waiver, reason, .. } | Self::WaiverRevoked { waiver, reason, .. } => {
                (vec![(*reason, Field::WaiverDecision)], Some(waiver.uuid()))
            }
            Self::Signed(record) => {
                let comment = record.comment.map(|it| (it, Field::SignatureComment));
                let from = [(record.address, Field::Address), (record.user_agent, Field::UserAgent)];
                (comment.into_iter().chain(from).collect(), Some(record.id.uuid()))
            }
            Self::SignatureWithdrawn { signature, comment, .. } => {
                (vec![(*comment, Field::SignatureWithdrawal)], Some(signature.uuid()))
            }
            // The thing is the item of the condition, which the condition alone does not say.
            Self::Closed { settlements } => {
                (settlements.iter().map(|settled| (settled.note, Field::Settlement)).collect(), None)
            }
            Self::Redacted { reason, .. } => (vec![(*reason, Field::RedactionReason)], own),
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
