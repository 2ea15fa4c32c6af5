//! The sentences of a launch's events, and the names in them.

use std::borrow::Cow;

use super::sentence::{DescriptionLink, FIRST, ITEM, SECOND, SentencePart};
use crate::{
    domain::{
        ids::{CommentId, EvidenceId, WaiverId},
        launch::{
            event::{Assignment, Change, EvidenceContent, ItemState, LaunchDetails, Redaction},
            state::LaunchState,
        },
    },
    presentation::formatting,
    texts,
    web::time::exact,
};

/// The sentence, with [`ITEM`] for the item.
pub(super) fn full_text(state: &LaunchState, change: &Change) -> Cow<'static, str> {
    match change {
        Change::LaunchCreated { .. } => texts::event_launch_created(FIRST),
        Change::DetailsChanged { old, new } => details_text(old, new),
        Change::PolicyChanged { .. } => texts::event_rules_changed(),
        Change::RestrictionChanged { new: true, .. } => texts::event_restricted(),
        Change::RestrictionChanged { new: false, .. } => texts::event_opened_to_everyone(),
        Change::TagsChanged { new, .. } if new.is_empty() => texts::event_tags_removed(),
        Change::TagsChanged { .. } => texts::event_tags_set(),
        Change::NotesChanged { .. } => texts::event_notes_edited(),
        Change::OwnerChanged { .. } => texts::event_ownership_transferred(),
        Change::HolderAdded { .. } => texts::event_holder_added(FIRST, SECOND),
        Change::HolderRemoved { .. } => texts::event_holder_removed(FIRST, SECOND),
        Change::ParticipantAdded { .. } => texts::event_participant_added(FIRST),
        Change::ParticipantRemoved { .. } => texts::event_participant_removed(FIRST),
        Change::ItemMarked { old, new, .. } if old.state == new.state => match new.state {
            ItemState::Open => texts::event_reason_changed_of_open(ITEM),
            ItemState::Done => texts::event_reason_changed_of_done(ITEM),
            ItemState::NotApplicable => texts::event_reason_changed_of_not_applicable(ITEM),
            ItemState::Blocked => texts::event_reason_changed_of_blocked(ITEM),
        },
        Change::ItemMarked { .. } => texts::event_marked(ITEM),
        Change::AgreementGiven { .. } => texts::event_agreed(ITEM),
        Change::AgreementRefused { .. } => texts::event_agreement_refused(ITEM),
        Change::ItemAssigned { old, new, .. } if has_same_assignee(old, new) => texts::event_due_date_set(ITEM),
        Change::ItemAssigned { new: Assignment { assignee: Some(_), .. }, .. } => texts::event_assigned(ITEM, FIRST),
        Change::ItemAssigned { .. } => texts::event_unassigned(ITEM),
        Change::EvidenceAttached { content: EvidenceContent::Note { .. }, .. } => texts::event_note_attached(ITEM),
        Change::EvidenceAttached { .. } => texts::event_attached(FIRST, ITEM),
        Change::EvidenceWithdrawn { evidence, .. } if is_note(state, *evidence) => texts::event_note_withdrawn(ITEM),
        Change::EvidenceWithdrawn { .. } => texts::event_evidence_withdrawn(FIRST, ITEM),
        Change::EvidenceRequested { .. } => texts::event_evidence_requested(ITEM),
        Change::EvidenceRequestAnswered { .. } => texts::event_evidence_request_answered(ITEM),
        Change::CommentAdded { .. } => texts::event_commented(ITEM),
        Change::CommentEdited { .. } => texts::event_comment_edited(ITEM),
        Change::CommentDeleted { .. } => texts::event_comment_deleted(ITEM),
        Change::CommentHidden { .. } => texts::event_comment_hidden(FIRST, ITEM),
        Change::CommentShown { .. } => texts::event_comment_shown(FIRST, ITEM),
        Change::WaiverAsked { expires_on, .. } => texts::event_waiver_asked(ITEM, formatting::format_day(*expires_on)),
        Change::WaiverApproved { waiver, .. } => texts::event_waiver_approved(ITEM, FIRST, last_day(state, *waiver)),
        Change::WaiverRefused { waiver, .. } => texts::event_waiver_refused(ITEM, FIRST, last_day(state, *waiver)),
        Change::WaiverRevoked { waiver, .. } => texts::event_waiver_revoked(ITEM, FIRST, last_day(state, *waiver)),
        Change::Signed(_) => texts::event_signed(FIRST, SECOND),
        Change::SignatureWithdrawn { .. } => texts::event_signature_withdrawn(FIRST, SECOND),
        Change::SignaturesAsked { .. } => texts::event_signatures_asked(FIRST),
        Change::GoDeclared { .. } => texts::event_go_declared(),
        Change::Held { .. } => texts::event_held(),
        Change::Resumed { .. } => texts::event_resumed(),
        Change::Reopened { .. } => texts::event_reopened(),
        Change::Launched { launched_at, .. } => texts::event_launched(exact(*launched_at, state.zone())),
        Change::Closed { .. } => texts::event_closed(),
        Change::Cancelled { .. } => texts::event_cancelled(),
        Change::Redacted { what: Redaction::Text { field, .. }, .. } => texts::event_text_redacted(field.description()),
        Change::Redacted { .. } if names(state, change).is_empty() => texts::event_unnamed_file_redacted(),
        Change::Redacted { .. } => texts::event_file_redacted(FIRST),
    }
}

/// The sentence on the item's own page; `None` for an event of no item.
pub(super) fn short_text(state: &LaunchState, change: &Change) -> Option<Cow<'static, str>> {
    Some(match change {
        Change::ItemMarked { old, new, .. } if old.state == new.state => match new.state {
            ItemState::Open => texts::event_reason_changed_of_open_here(),
            ItemState::Done => texts::event_reason_changed_of_done_here(),
            ItemState::NotApplicable => texts::event_reason_changed_of_not_applicable_here(),
            ItemState::Blocked => texts::event_reason_changed_of_blocked_here(),
        },
        Change::ItemMarked { .. } => texts::event_marked_here(),
        Change::AgreementGiven { .. } => texts::event_agreed_here(),
        Change::AgreementRefused { .. } => texts::event_agreement_refused_here(),
        Change::ItemAssigned { old, new, .. } if has_same_assignee(old, new) => texts::event_due_date_set_here(),
        Change::ItemAssigned { new: Assignment { assignee: Some(_), .. }, .. } => texts::event_assigned_here(FIRST),
        Change::ItemAssigned { .. } => texts::event_unassigned_here(),
        Change::EvidenceAttached { content: EvidenceContent::Note { .. }, .. } => texts::event_note_attached_here(),
        Change::EvidenceAttached { .. } => texts::event_attached_here(FIRST),
        Change::EvidenceWithdrawn { evidence, .. } if is_note(state, *evidence) => texts::event_note_withdrawn_here(),
        Change::EvidenceWithdrawn { .. } => texts::event_evidence_withdrawn_here(FIRST),
        Change::EvidenceRequested { .. } => texts::event_evidence_requested_here(),
        Change::EvidenceRequestAnswered { .. } => texts::event_evidence_request_answered_here(),
        Change::CommentAdded { .. } => texts::event_commented_here(),
        Change::CommentEdited { .. } => texts::event_comment_edited_here(),
        Change::CommentDeleted { .. } => texts::event_comment_deleted_here(),
        Change::CommentHidden { .. } => texts::event_comment_hidden_here(FIRST),
        Change::CommentShown { .. } => texts::event_comment_shown_here(FIRST),
        Change::WaiverAsked { expires_on, .. } => texts::event_waiver_asked_here(formatting::format_day(*expires_on)),
        Change::WaiverApproved { waiver, .. } => texts::event_waiver_approved_here(FIRST, last_day(state, *waiver)),
        Change::WaiverRefused { waiver, .. } => texts::event_waiver_refused_here(FIRST, last_day(state, *waiver)),
        Change::WaiverRevoked { waiver, .. } => texts::event_waiver_revoked_here(FIRST, last_day(state, *waiver)),
        _ => return None,
    })
}

/// The names at [`FIRST`] and [`SECOND`].
pub(super) fn names(state: &LaunchState, change: &Change) -> Vec<SentencePart> {
    let name = SentencePart::name;
    match change {
        Change::LaunchCreated { .. } => {
            let version = &state.version;
            vec![SentencePart::Name(DescriptionLink {
                text: texts::checklist_and_version(&version.checklist.name, version.number).into_owned(),
                href: format!("/checklists/{}/versions/{}", version.checklist_id, version.number),
            })]
        }
        Change::HolderAdded { role, person } | Change::HolderRemoved { role, person } => {
            vec![name(person.name.as_str()), name(&state.role_title(role))]
        }
        Change::ParticipantAdded { person } | Change::ParticipantRemoved { person } => vec![name(person.name.as_str())],
        Change::ItemAssigned { new, .. } => new.assignee.iter().map(|person| name(person.name.as_str())).collect(),
        Change::EvidenceAttached { evidence, content, .. } => vec![evidence_name(state, *evidence, content)],
        Change::EvidenceWithdrawn { evidence, .. } => state
            .evidence
            .get(evidence)
            .map(|attached| evidence_name(state, *evidence, &attached.content))
            .into_iter()
            .collect(),
        Change::CommentHidden { comment, .. } | Change::CommentShown { comment, .. } => vec![author(state, *comment)],
        Change::WaiverApproved { waiver, .. }
        | Change::WaiverRefused { waiver, .. }
        | Change::WaiverRevoked { waiver, .. } => vec![asker(state, *waiver)],
        Change::Signed(record) => vec![SentencePart::Vote(record.verdict), name(record.role_title.as_str())],
        Change::SignatureWithdrawn { signature, role, .. } => {
            let vote = state.signature(*signature).map(|signature| SentencePart::Vote(signature.record.verdict));
            vec![vote.unwrap_or_else(|| name("")), name(&state.role_title(role))]
        }
        Change::SignaturesAsked { roles } => {
            let title = |role| texts::isolate_direction(&state.role_title(role)).into_owned();
            let titles: Vec<_> = roles.iter().map(title).collect();
            vec![name(&titles.join(", "))]
        }
        Change::Redacted { what: Redaction::File { sha256 }, .. } => {
            let with_file = state.evidence.values().find_map(|evidence| match &evidence.content {
                EvidenceContent::File { name, sha256: of, .. } if of == sha256 => Some(state.text(name)),
                _ => None,
            });
            with_file.map(name).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// Compared by commitment, not by text: two different texts that were redacted read the same.
fn details_text(old: &LaunchDetails, new: &LaunchDetails) -> Cow<'static, str> {
    match (old.name != new.name, old.summary != new.summary, old.target != new.target) {
        (false, false, false) => texts::event_details_saved(),
        (true, false, false) => texts::event_name_changed(),
        (false, true, false) => texts::event_summary_changed(),
        (false, false, true) => texts::event_target_changed(),
        (true, true, false) => texts::event_name_and_summary_changed(),
        (true, false, true) => texts::event_name_and_target_changed(),
        (false, true, true) => texts::event_summary_and_target_changed(),
        (true, true, true) => texts::event_name_summary_and_target_changed(),
    }
}

fn has_same_assignee(old: &Assignment, new: &Assignment) -> bool {
    old.assignee.as_ref().map(|person| person.id) == new.assignee.as_ref().map(|person| person.id)
}

fn is_note(state: &LaunchState, id: EvidenceId) -> bool {
    state.evidence.get(&id).is_some_and(|evidence| matches!(evidence.content, EvidenceContent::Note { .. }))
}

/// The name of a file, with its address, or a link's address.
fn evidence_name(state: &LaunchState, id: EvidenceId, content: &EvidenceContent) -> SentencePart {
    match content {
        EvidenceContent::File { name, .. } => {
            let redacted = state.evidence.get(&id).is_some_and(|evidence| evidence.redacted.is_some());
            let href = if redacted { String::new() } else { format!("/evidence/{id}/file") };
            SentencePart::Name(DescriptionLink { text: state.text(name).to_owned(), href })
        }
        EvidenceContent::Link { url } => SentencePart::name(state.text(url)),
        EvidenceContent::Note { body } => SentencePart::name(state.text(body)),
    }
}

fn author(state: &LaunchState, comment: CommentId) -> SentencePart {
    match state.comments.get(&comment) {
        Some(comment) => SentencePart::name(state.person_name(comment.by)),
        None => SentencePart::name(&texts::somebody()),
    }
}

fn asker(state: &LaunchState, waiver: WaiverId) -> SentencePart {
    match state.waivers.get(&waiver) {
        Some(waiver) => SentencePart::name(state.person_name(waiver.by)),
        None => SentencePart::name(&texts::somebody()),
    }
}

fn last_day(state: &LaunchState, waiver: WaiverId) -> String {
    state.waivers.get(&waiver).map_or_else(String::new, |waiver| formatting::format_day(waiver.expires_on))
}
