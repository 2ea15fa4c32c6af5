//! The text that was written with an event: a reason, a note, an answer.

use super::{body, text};
use crate::{
    domain::launch::{
        event::{Change, EvidenceContent},
        state::LaunchState,
    },
    record::texts::LoadedTexts,
};

pub(super) fn reason(state: &LaunchState, change: &Change, bodies: Option<&LoadedTexts>) -> Option<String> {
    let written = match change {
        Change::CommentAdded { body: of, .. } => return body(bodies, of),
        Change::OwnerChanged { reason, .. }
        | Change::AgreementGiven { reason, .. }
        | Change::WaiverApproved { reason, .. }
        | Change::Resumed { reason } => reason.as_ref(),
        Change::AgreementRefused { reason, .. }
        | Change::EvidenceWithdrawn { reason, .. }
        | Change::WaiverAsked { reason, .. }
        | Change::WaiverRefused { reason, .. }
        | Change::WaiverRevoked { reason, .. }
        | Change::Held { reason }
        | Change::Reopened { reason }
        | Change::Cancelled { reason }
        | Change::Redacted { reason, .. }
        | Change::EvidenceRequested { text: reason, .. }
        | Change::EvidenceRequestAnswered { text: reason, .. }
        | Change::SignatureWithdrawn { comment: reason, .. }
        | Change::EvidenceAttached { content: EvidenceContent::Note { body: reason }, .. } => Some(reason),
        // Another reason for the same state is shown as a value that changed.
        Change::ItemMarked { old, new, .. } if old.state != new.state => new.reason.as_ref(),
        Change::Signed(record) => record.comment.as_ref(),
        Change::ItemMarked { .. }
        | Change::EvidenceAttached { .. }
        | Change::LaunchCreated { .. }
        | Change::DetailsChanged { .. }
        | Change::PolicyChanged { .. }
        | Change::RestrictionChanged { .. }
        | Change::TagsChanged { .. }
        | Change::NotesChanged { .. }
        | Change::HolderAdded { .. }
        | Change::HolderRemoved { .. }
        | Change::ParticipantAdded { .. }
        | Change::ParticipantRemoved { .. }
        | Change::ItemAssigned { .. }
        | Change::CommentEdited { .. }
        | Change::CommentDeleted { .. }
        | Change::CommentHidden { .. }
        | Change::CommentShown { .. }
        | Change::SignaturesAsked { .. }
        | Change::GoDeclared { .. }
        | Change::Launched { .. }
        | Change::Closed { .. } => None,
    };
    text(state, written)
}
