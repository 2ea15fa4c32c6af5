//! In which field each text of an event was entered.

use crate::domain::launch::{
    event::{Change, Details, EvidenceContent},
    texts::{Commitment, Field},
};

/// Every text that an event names, with its field.
pub(super) fn texts(change: &Change) -> Vec<(Commitment, Field)> {
    let all = |field| change.commitments().into_iter().map(|text| (text, field)).collect::<Vec<_>>();
    let details = |details: &Details| {
        let summary = details.summary.map(|summary| (summary, Field::Summary));
        std::iter::once((details.name, Field::Name)).chain(summary).collect::<Vec<_>>()
    };
    match change {
        Change::LaunchCreated { details: new, .. } => details(new),
        Change::DetailsChanged { old, new } => [details(old), details(new)].concat(),
        Change::NotesChanged { .. } => all(Field::Notes),
        Change::OwnerChanged { .. }
        | Change::Held { .. }
        | Change::Resumed { .. }
        | Change::Reopened { .. }
        | Change::Cancelled { .. } => all(Field::Reason),
        Change::ItemMarked { .. } => all(Field::ItemReason),
        Change::AgreementGiven { .. } | Change::AgreementRefused { .. } => all(Field::AgreementReason),
        Change::EvidenceAttached { content, .. } => all(match content {
            EvidenceContent::File { .. } => Field::FileName,
            EvidenceContent::Link { .. } => Field::Link,
            EvidenceContent::Note { .. } => Field::EvidenceNote,
        }),
        Change::EvidenceWithdrawn { .. } => all(Field::EvidenceWithdrawal),
        Change::EvidenceRequested { .. } | Change::EvidenceRequestAnswered { .. } => all(Field::EvidenceRequest),
        Change::CommentAdded { .. } | Change::CommentEdited { .. } => all(Field::Comment),
        Change::WaiverAsked { reason, control, .. } => {
            vec![(*reason, Field::WaiverReason), (*control, Field::WaiverControl)]
        }
        Change::WaiverApproved { .. } | Change::WaiverRefused { .. } | Change::WaiverRevoked { .. } => {
            all(Field::WaiverDecision)
        }
        Change::Signed(record) => {
            let comment = record.comment.map(|comment| (comment, Field::SignatureComment));
            let origin = [(record.address, Field::Address), (record.user_agent, Field::UserAgent)];
            comment.into_iter().chain(origin).collect()
        }
        Change::SignatureWithdrawn { .. } => all(Field::SignatureWithdrawal),
        Change::Closed { .. } => all(Field::Settlement),
        Change::Redacted { .. } => all(Field::RedactionReason),
        Change::PolicyChanged { .. }
        | Change::RestrictionChanged { .. }
        | Change::HolderAdded { .. }
        | Change::HolderRemoved { .. }
        | Change::ParticipantAdded { .. }
        | Change::ParticipantRemoved { .. }
        | Change::ItemAssigned { .. }
        | Change::CommentDeleted { .. }
        | Change::CommentHidden { .. }
        | Change::CommentShown { .. }
        | Change::SignaturesAsked { .. }
        | Change::GoDeclared { .. }
        | Change::Launched { .. } => Vec::new(),
    }
}
