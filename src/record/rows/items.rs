//! The rows of the items of a launch, with their evidence, evidence requests, comments and waivers.

use serde::Serialize;

use super::{Bytea, to_ending_columns};
use crate::domain::{
    ids::{CommentId, EvidenceId, EvidenceRequestId, ItemId, LaunchId, UserId, WaiverId},
    launch::{
        event::{EvidenceContent, ItemState, Seq},
        state::{Agreement, LaunchState, WaiverStatus},
    },
    role::RoleSlug,
    time::{Day, Moment},
};

#[derive(Debug, Serialize)]
pub struct ItemRow {
    id: ItemId,
    launch_id: LaunchId,
    position: usize,
    key: String,
    title: String,
    importance: &'static str,
    phase: &'static str,
    role: Option<RoleSlug>,
    evidence_required: bool,
    state: ItemState,
    reason: Option<Bytea>,
    agreement: &'static str,
    version: i64,
    marked_by: Option<UserId>,
    marked_at: Option<Moment>,
    assignee_id: Option<UserId>,
    due_on: Option<Day>,
}

impl ItemRow {
    #[must_use]
    pub fn from_state(state: &LaunchState, id: ItemId) -> Option<Self> {
        use crate::domain::checklist::Phase;
        let position = *state.item_positions.get(&id)?;
        let item = state.items.get(position)?;
        let definition = state.definition(item);
        Some(Self {
            id,
            launch_id: state.id,
            position,
            key: definition.key.to_string(),
            title: definition.title.to_string(),
            importance: definition.importance.slug(),
            phase: match definition.phase {
                Phase::Before => "before",
                Phase::After(window) => window.slug(),
            },
            role: definition.role.clone(),
            evidence_required: definition.evidence_required,
            state: item.status.state,
            reason: item.status.reason.map(Into::into),
            agreement: match item.agreement {
                Agreement::None => "none",
                Agreement::Given { .. } => "given",
                Agreement::Refused { .. } => "refused",
            },
            version: item.version,
            marked_by: item.last_marked.map(|(by, _)| by),
            marked_at: item.last_marked.map(|(_, at)| at),
            assignee_id: item.assignment.assignee.as_ref().map(|person| person.id),
            due_on: item.assignment.due,
        })
    }
}

#[derive(Debug, Serialize)]
pub struct EvidenceRow {
    id: EvidenceId,
    launch_id: LaunchId,
    item_id: ItemId,
    seq: Seq,
    kind: &'static str,
    text: Bytea,
    sha256: Option<Bytea>,
    size: Option<u64>,
    media_type: Option<String>,
    attached_by: UserId,
    attached_at: Moment,
    observed_on: Day,
    valid_until: Option<Day>,
    withdrawn_by: Option<UserId>,
    withdrawn_at: Option<Moment>,
    withdrawal_reason: Option<Bytea>,
    source_id: Option<EvidenceId>,
}

impl EvidenceRow {
    #[must_use]
    pub fn from_state(state: &LaunchState, id: EvidenceId) -> Option<Self> {
        let evidence = state.evidence.get(&id)?;
        let (text, sha256, size, media_type) = match &evidence.content {
            EvidenceContent::File { name, sha256, size, media_type } => {
                (*name, Some((*sha256).into()), Some(*size), Some(media_type.clone()))
            }
            EvidenceContent::Link { url: text } | EvidenceContent::Note { body: text } => (*text, None, None, None),
        };
        let (withdrawn_by, withdrawn_at, withdrawal_reason) = to_ending_columns(evidence.withdrawn.as_ref());
        Some(Self {
            id,
            launch_id: state.id,
            item_id: evidence.item,
            seq: evidence.seq,
            kind: evidence.content.kind(),
            text: text.into(),
            sha256,
            size,
            media_type,
            attached_by: evidence.by,
            attached_at: evidence.at,
            observed_on: evidence.observed_on,
            valid_until: evidence.valid_until,
            withdrawn_by,
            withdrawn_at,
            withdrawal_reason,
            source_id: evidence.source_id,
        })
    }
}

/// A row of `evidence_requests`.
#[derive(Debug, Serialize)]
pub struct EvidenceRequestRow {
    id: EvidenceRequestId,
    launch_id: LaunchId,
    item_id: ItemId,
    requested_by: UserId,
    requested_at: Moment,
    text: Bytea,
    answered_by: Option<UserId>,
    answered_at: Option<Moment>,
    answer: Option<Bytea>,
}

impl EvidenceRequestRow {
    #[must_use]
    pub fn from_state(state: &LaunchState, id: EvidenceRequestId) -> Option<Self> {
        let request = state.evidence_requests.get(&id)?;
        let (answered_by, answered_at, answer) = to_ending_columns(request.answer.as_ref());
        Some(Self {
            id,
            launch_id: state.id,
            item_id: request.item,
            requested_by: request.by,
            requested_at: request.at,
            text: request.text.into(),
            answered_by,
            answered_at,
            answer,
        })
    }
}

#[derive(Debug, Serialize)]
pub struct CommentRow {
    id: CommentId,
    launch_id: LaunchId,
    item_id: ItemId,
    author_id: UserId,
    written_at: Moment,
    body: Bytea,
    edited_at: Option<Moment>,
    deleted_at: Option<Moment>,
    hidden_at: Option<Moment>,
}

impl CommentRow {
    #[must_use]
    pub fn from_state(state: &LaunchState, id: CommentId) -> Option<Self> {
        let comment = state.comments.get(&id)?;
        Some(Self {
            id,
            launch_id: state.id,
            item_id: comment.item,
            author_id: comment.by,
            written_at: comment.at,
            body: comment.body.into(),
            edited_at: comment.edited_at,
            deleted_at: comment.deleted_at,
            hidden_at: comment.hidden.map(|(_, at)| at),
        })
    }
}

#[derive(Debug, Serialize)]
pub struct WaiverRow {
    id: WaiverId,
    launch_id: LaunchId,
    item_id: ItemId,
    asked_by: UserId,
    asked_at: Moment,
    reason: Bytea,
    control: Bytea,
    expires_on: Day,
    status: &'static str,
    decided_by: Option<UserId>,
    decided_at: Option<Moment>,
    decision_reason: Option<Bytea>,
}

impl WaiverRow {
    #[must_use]
    pub fn from_state(state: &LaunchState, id: WaiverId) -> Option<Self> {
        let waiver = state.waivers.get(&id)?;
        let (status, (decided_by, decided_at, decision_reason)) = match &waiver.status {
            WaiverStatus::Asked => ("asked", to_ending_columns(None)),
            WaiverStatus::Approved { by, at, reason } => ("approved", (Some(*by), Some(*at), reason.map(Into::into))),
            WaiverStatus::Refused(ended) => ("refused", to_ending_columns(Some(ended))),
            WaiverStatus::Revoked(ended) => ("revoked", to_ending_columns(Some(ended))),
        };
        Some(Self {
            id,
            launch_id: state.id,
            item_id: waiver.item,
            asked_by: waiver.by,
            asked_at: waiver.at,
            reason: waiver.reason.into(),
            control: waiver.control.into(),
            expires_on: waiver.expires_on,
            status,
            decided_by,
            decided_at,
            decision_reason,
        })
    }
}
