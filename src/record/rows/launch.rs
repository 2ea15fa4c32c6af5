//! The rows of a launch itself, its people, its tags and its signatures.

use serde::Serialize;
use uuid::Uuid;

use super::Bytea;
use crate::domain::{
    ids::{LaunchId, SignatureId, UserId},
    launch::{
        event::{ProofMethod, Seq, SignatureMeaning, Vote},
        state::{self, LaunchState},
    },
    launch_summary::{RoleSignature, summarize_launch},
    readiness::Verdict,
    role::RoleSlug,
    time::{Moment, Zone},
};

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

/// A row of `launch_summaries`.
#[derive(Debug, Serialize)]
pub struct SummaryRow {
    launch_id: LaunchId,
    seq: Seq,
    stage: &'static str,
    target_at: Moment,
    computed_at: Moment,
    holds_until: Option<Moment>,
    verdict: Option<Verdict>,
    resolved: usize,
    total: usize,
    signatures: Vec<RoleSignature>,
}

impl SummaryRow {
    /// The summary of a launch at a moment.
    #[must_use]
    pub fn from_state(state: &LaunchState, at: Moment) -> Self {
        let summary = summarize_launch(state, at);
        Self {
            launch_id: state.id,
            seq: state.seq,
            stage: state.stage.name().slug(),
            target_at: state.details.target.to_moment(),
            computed_at: at,
            holds_until: summary.holds_until,
            verdict: summary.verdict,
            resolved: summary.resolved,
            total: summary.total,
            signatures: summary.signatures,
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
