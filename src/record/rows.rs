//! The rows of a launch's state in the tables.
//!
//! Each row is made as a whole from the state alone, so a table that is updated row by row equals one that is rebuilt
//! from the replayed history. Rows are sent as JSON, which PostgreSQL reads with `jsonb_populate_recordset`: one
//! statement a table, however many rows.
//!
//! The fields are written out, although a derive could make some of them: a row differs from the state in most fields
//! (flattened enums, commitments as `bytea`, counts), and a test compares every row with the replay.

use serde::Serialize;
use uuid::Uuid;

use crate::domain::{
    canonical::Sha256Hash,
    ids::{CommentId, EvidenceId, EvidenceRequestId, ItemId, LaunchId, SignatureId, UserId, WaiverId},
    launch::{
        event::{EvidenceContent, ItemState, ProofMethod, Seq, SignatureMeaning, Vote},
        state::{self, Agreement, Attribution, LaunchState, WaiverStatus},
        texts::Commitment,
    },
    role::RoleSlug,
    time::{Day, Moment, Zone},
};

/// A `bytea` in the form in which PostgreSQL reads it from JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bytea(Sha256Hash);

impl Serialize for Bytea {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("\\x{}", self.0))
    }
}

impl From<Commitment> for Bytea {
    fn from(commitment: Commitment) -> Self {
        Self(commitment.0)
    }
}

impl From<Sha256Hash> for Bytea {
    fn from(hash: Sha256Hash) -> Self {
        Self(hash)
    }
}

fn to_ending_columns(ended: Option<&Attribution>) -> (Option<UserId>, Option<Moment>, Option<Bytea>) {
    ended.map_or((None, None, None), |ended| (Some(ended.by), Some(ended.at), Some(ended.reason.into())))
}

#[derive(Debug, Serialize)]
pub struct LaunchRow {
    id: LaunchId,
    version_id: Uuid,
    seq: Seq,
    stage: &'static str,
    owner_id: UserId,
    restricted: bool,
    name: Bytea,
    summary: Option<Bytea>,
    notes: Option<Bytea>,
    target_local: jiff::civil::DateTime,
    zone: Zone,
    target_at: Moment,
    slip_days: u16,
    separation_of_duties: bool,
    created_at: Moment,
    changed_at: Moment,
    launched_at: Option<Moment>,
}

impl LaunchRow {
    #[must_use]
    pub fn from_state(state: &LaunchState) -> Self {
        Self {
            id: state.id,
            version_id: state.version.id.uuid(),
            seq: state.seq,
            stage: state.stage.name().slug(),
            owner_id: state.owner,
            restricted: state.restricted,
            name: state.details.name.into(),
            summary: state.details.summary.map(Into::into),
            notes: state.notes.map(Into::into),
            target_local: state.details.target.local,
            zone: state.zone().clone(),
            target_at: state.details.target.to_moment(),
            slip_days: state.policy.slip_days,
            separation_of_duties: state.policy.separation_of_duties,
            created_at: state.created_at,
            changed_at: state.last_at,
            launched_at: state.stage.launched().map(|launched| launched.at),
        }
    }
}

/// A row of `launch_holders`.
#[derive(Debug, Serialize)]
pub struct HolderRow {
    launch_id: LaunchId,
    role: RoleSlug,
    user_id: UserId,
}

impl HolderRow {
    pub fn projected_rows(state: &LaunchState) -> impl Iterator<Item = Self> + '_ {
        state.holders.iter().flat_map(|(role, holders)| {
            holders.iter().map(|user| Self { launch_id: state.id, role: role.clone(), user_id: *user })
        })
    }
}

/// A row of `launch_participants`.
#[derive(Debug, Serialize)]
pub struct ParticipantRow {
    launch_id: LaunchId,
    user_id: UserId,
}

impl ParticipantRow {
    pub fn all_from_state(state: &LaunchState) -> impl Iterator<Item = Self> + '_ {
        state.participants.iter().map(|user| Self { launch_id: state.id, user_id: *user })
    }
}

/// A row of `launch_tags`.
#[derive(Debug, Serialize)]
pub struct TagRow {
    launch_id: LaunchId,
    /// Its place among the launch's tags, from 1.
    position: usize,
    tag: String,
    /// In lower case, by which it is found.
    folded: String,
}

impl TagRow {
    pub fn all_from_state(state: &LaunchState) -> impl Iterator<Item = Self> + '_ {
        state.tags.iter().zip(1..).map(|(tag, position)| Self {
            launch_id: state.id,
            position,
            tag: tag.to_string(),
            folded: tag.folded(),
        })
    }
}

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

/// A row of `signatures`.
#[derive(Debug, Serialize)]
pub struct SignatureRow {
    id: SignatureId,
    launch_id: LaunchId,
    seq: Seq,
    signer_id: UserId,
    signer_name: String,
    signer_email: String,
    role: RoleSlug,
    role_title: String,
    verdict: Vote,
    meaning: SignatureMeaning,
    statement_version: u32,
    statement: String,
    comment: Option<Bytea>,
    signed_at: Moment,
    zone: Zone,
    proof: ProofMethod,
    proved_at: Moment,
    address: Bytea,
    user_agent: Bytea,
    saw: Seq,
    digest: Bytea,
    lifts: Option<SignatureId>,
}

impl SignatureRow {
    #[must_use]
    pub fn from_state(state: &LaunchState, id: SignatureId) -> Option<Self> {
        let state::Signature { record, at, seq, .. } = state.signature(id)?;
        Some(Self {
            id,
            launch_id: state.id,
            seq: *seq,
            signer_id: record.signer.id,
            signer_name: record.signer.name.to_string(),
            signer_email: record.email.to_string(),
            role: record.role.clone(),
            role_title: record.role_title.to_string(),
            verdict: record.verdict,
            meaning: record.meaning,
            statement_version: record.statement_version,
            statement: record.statement.clone(),
            comment: record.comment.map(Into::into),
            signed_at: *at,
            zone: record.zone.clone(),
            proof: record.proof,
            proved_at: record.proved_at,
            address: record.address.into(),
            user_agent: record.user_agent.into(),
            saw: record.saw,
            digest: record.digest.into(),
            lifts: record.lifts,
        })
    }
}

/// A row of `signature_withdrawals`.
#[derive(Debug, Serialize)]
pub struct SignatureWithdrawalRow {
    signature_id: SignatureId,
    launch_id: LaunchId,
    withdrawn_by: UserId,
    withdrawn_at: Moment,
    comment: Bytea,
}

impl SignatureWithdrawalRow {
    #[must_use]
    pub fn from_state(state: &LaunchState, id: SignatureId) -> Option<Self> {
        let withdrawn = state.signature(id)?.withdrawn?;
        Some(Self {
            signature_id: id,
            launch_id: state.id,
            withdrawn_by: withdrawn.by,
            withdrawn_at: withdrawn.at,
            comment: withdrawn.reason.into(),
        })
    }
}

/// The rows of a launch in every table, as JSON, by the table's name: what a projection rebuilt from the history would
/// contain.
///
/// # Errors
/// When a row can't be serialised as JSON, which its type rules out.
pub fn all(state: &LaunchState) -> serde_json::Result<Vec<(&'static str, serde_json::Value)>> {
    fn json<T: Serialize>(rows: impl Iterator<Item = T>) -> serde_json::Result<serde_json::Value> {
        serde_json::to_value(rows.collect::<Vec<_>>())
    }
    let signatures = || state.signatures.iter().map(|signature| signature.record.id);
    Ok(vec![
        ("launches", json(std::iter::once(LaunchRow::from_state(state)))?),
        ("launch_holders", json(HolderRow::projected_rows(state))?),
        ("launch_participants", json(ParticipantRow::all_from_state(state))?),
        ("launch_tags", json(TagRow::all_from_state(state))?),
        ("items", json(state.items.iter().filter_map(|item| ItemRow::from_state(state, item.id)))?),
        ("evidence", json(state.evidence.keys().filter_map(|id| EvidenceRow::from_state(state, *id)))?),
        (
            "evidence_requests",
            json(state.evidence_requests.keys().filter_map(|id| EvidenceRequestRow::from_state(state, *id)))?,
        ),
        ("comments", json(state.comments.keys().filter_map(|id| CommentRow::from_state(state, *id)))?),
        ("waivers", json(state.waivers.keys().filter_map(|id| WaiverRow::from_state(state, *id)))?),
        ("signatures", json(signatures().filter_map(|id| SignatureRow::from_state(state, id)))?),
        ("signature_withdrawals", json(signatures().filter_map(|id| SignatureWithdrawalRow::from_state(state, id)))?),
    ])
}
