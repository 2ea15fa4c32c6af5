//! Bringing the tables up to date: the rows of whatever the events touched, from the state they left.

use std::collections::BTreeSet;

use serde::Serialize;
use sqlx::{PgConnection, types::Json};

use super::rows::{
    CommentRow, EvidenceRequestRow, EvidenceRow, HolderRow, ItemRow, LaunchRow, ParticipantRow, SignatureRow,
    WaiverRow, WithdrawalRow,
};
use crate::domain::{
    ids::{CommentId, EvidenceId, EvidenceRequestId, ItemId, SignatureId, WaiverId},
    launch::{
        event::{Change, Event},
        state::LaunchState,
    },
};

/// What events touched.
#[derive(Debug, Default)]
struct Touched {
    items: BTreeSet<ItemId>,
    evidence: BTreeSet<EvidenceId>,
    requests: BTreeSet<EvidenceRequestId>,
    comments: BTreeSet<CommentId>,
    waivers: BTreeSet<WaiverId>,
    signatures: BTreeSet<SignatureId>,
    withdrawals: BTreeSet<SignatureId>,
    holders: bool,
    participants: bool,
}

impl Touched {
    fn by(events: &[Event], state: &LaunchState) -> Self {
        let mut touched = Self::default();
        for event in events {
            touched.add(&event.change, state);
        }
        touched
    }

    fn add(&mut self, change: &Change, state: &LaunchState) {
        match change {
            Change::LaunchCreated { .. } => self.items.extend(state.items.iter().map(|item| item.id)),
            Change::HolderAdded { .. } | Change::HolderRemoved { .. } => self.holders = true,
            Change::ParticipantAdded { .. } | Change::ParticipantRemoved { .. } => self.participants = true,
            Change::ItemMarked { item, .. }
            | Change::AgreementGiven { item, .. }
            | Change::AgreementRefused { item, .. }
            | Change::ItemAssigned { item, .. } => drop(self.items.insert(*item)),
            Change::EvidenceAttached { evidence, .. } | Change::EvidenceWithdrawn { evidence, .. } => {
                self.evidence.insert(*evidence);
            }
            Change::EvidenceRequested { evidence_request, .. }
            | Change::EvidenceRequestAnswered { evidence_request, .. } => {
                self.requests.insert(*evidence_request);
            }
            Change::CommentAdded { comment, .. }
            | Change::CommentEdited { comment, .. }
            | Change::CommentDeleted { comment, .. }
            | Change::CommentHidden { comment, .. }
            | Change::CommentShown { comment, .. } => {
                self.comments.insert(*comment);
            }
            Change::WaiverAsked { waiver, .. }
            | Change::WaiverApproved { waiver, .. }
            | Change::WaiverRefused { waiver, .. }
            | Change::WaiverRevoked { waiver, .. } => {
                self.waivers.insert(*waiver);
            }
            Change::Signed(record) => {
                self.signatures.insert(record.id);
            }
            Change::SignatureWithdrawn { signature, .. } => {
                self.withdrawals.insert(*signature);
            }
            // These show in the launch's own row, which is written with every event.
            Change::DetailsChanged { .. }
            | Change::PolicyChanged { .. }
            | Change::RestrictionChanged { .. }
            | Change::NotesChanged { .. }
            | Change::OwnerChanged { .. }
            | Change::SignaturesAsked { .. }
            | Change::GoDeclared { .. }
            | Change::Held { .. }
            | Change::Resumed { .. }
            | Change::Reopened { .. }
            | Change::Launched { .. }
            | Change::Closed { .. }
            | Change::Cancelled { .. }
            | Change::Redacted { .. } => {}
        }
    }
}

fn rows<T: Serialize>(rows: impl Iterator<Item = T>) -> Json<Vec<T>> {
    Json(rows.collect())
}

/// Writes the rows of everything that the events touched.
pub(super) async fn project(db: &mut PgConnection, events: &[Event], state: &LaunchState) -> Result<(), sqlx::Error> {
    let touched = Touched::by(events, state);
    launch(db, state).await?;
    if touched.holders {
        holders(db, state).await?;
    }
    if touched.participants {
        participants(db, state).await?;
    }
    if !touched.items.is_empty() {
        items(db, rows(touched.items.iter().filter_map(|id| ItemRow::of(state, *id)))).await?;
    }
    if !touched.evidence.is_empty() {
        evidence(db, rows(touched.evidence.iter().filter_map(|id| EvidenceRow::of(state, *id)))).await?;
    }
    if !touched.requests.is_empty() {
        requests(db, rows(touched.requests.iter().filter_map(|id| EvidenceRequestRow::of(state, *id)))).await?;
    }
    if !touched.comments.is_empty() {
        comments(db, rows(touched.comments.iter().filter_map(|id| CommentRow::of(state, *id)))).await?;
    }
    if !touched.waivers.is_empty() {
        waivers(db, rows(touched.waivers.iter().filter_map(|id| WaiverRow::of(state, *id)))).await?;
    }
    if !touched.signatures.is_empty() {
        signatures(db, rows(touched.signatures.iter().filter_map(|id| SignatureRow::of(state, *id)))).await?;
    }
    if !touched.withdrawals.is_empty() {
        withdrawals(db, rows(touched.withdrawals.iter().filter_map(|id| WithdrawalRow::of(state, *id)))).await?;
    }
    Ok(())
}

async fn launch(db: &mut PgConnection, state: &LaunchState) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO launches SELECT * FROM jsonb_populate_record(NULL::launches, $1)
         ON CONFLICT (id) DO UPDATE SET
            seq = EXCLUDED.seq, stage = EXCLUDED.stage, owner_id = EXCLUDED.owner_id,
            restricted = EXCLUDED.restricted, name = EXCLUDED.name, summary = EXCLUDED.summary,
            notes = EXCLUDED.notes, target_local = EXCLUDED.target_local, zone = EXCLUDED.zone,
            target_at = EXCLUDED.target_at, slip_days = EXCLUDED.slip_days,
            separation_of_duties = EXCLUDED.separation_of_duties, changed_at = EXCLUDED.changed_at,
            launched_at = EXCLUDED.launched_at",
        Json(LaunchRow::of(state)) as _,
    )
    .execute(db)
    .await
    .map(drop)
}

async fn holders(db: &mut PgConnection, state: &LaunchState) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM launch_holders WHERE launch_id = $1", state.id as _).execute(&mut *db).await?;
    sqlx::query!(
        "INSERT INTO launch_holders SELECT * FROM jsonb_populate_recordset(NULL::launch_holders, $1)",
        rows(HolderRow::all(state)) as _,
    )
    .execute(db)
    .await
    .map(drop)
}

async fn participants(db: &mut PgConnection, state: &LaunchState) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM launch_participants WHERE launch_id = $1", state.id as _).execute(&mut *db).await?;
    sqlx::query!(
        "INSERT INTO launch_participants SELECT * FROM jsonb_populate_recordset(NULL::launch_participants, $1)",
        rows(ParticipantRow::all(state)) as _,
    )
    .execute(db)
    .await
    .map(drop)
}

async fn items(db: &mut PgConnection, rows: Json<Vec<ItemRow>>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO items SELECT * FROM jsonb_populate_recordset(NULL::items, $1)
         ON CONFLICT (id) DO UPDATE SET
            state = EXCLUDED.state, reason = EXCLUDED.reason, agreement = EXCLUDED.agreement,
            version = EXCLUDED.version, marked_by = EXCLUDED.marked_by, marked_at = EXCLUDED.marked_at,
            assignee_id = EXCLUDED.assignee_id, due_on = EXCLUDED.due_on",
        rows as _,
    )
    .execute(db)
    .await
    .map(drop)
}

async fn evidence(db: &mut PgConnection, rows: Json<Vec<EvidenceRow>>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO evidence SELECT * FROM jsonb_populate_recordset(NULL::evidence, $1)
         ON CONFLICT (id) DO UPDATE SET
            withdrawn_by = EXCLUDED.withdrawn_by, withdrawn_at = EXCLUDED.withdrawn_at,
            withdrawal_reason = EXCLUDED.withdrawal_reason",
        rows as _,
    )
    .execute(db)
    .await
    .map(drop)
}

async fn requests(db: &mut PgConnection, rows: Json<Vec<EvidenceRequestRow>>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO evidence_requests SELECT * FROM jsonb_populate_recordset(NULL::evidence_requests, $1)
         ON CONFLICT (id) DO UPDATE SET
            answered_by = EXCLUDED.answered_by, answered_at = EXCLUDED.answered_at, answer = EXCLUDED.answer",
        rows as _,
    )
    .execute(db)
    .await
    .map(drop)
}

async fn comments(db: &mut PgConnection, rows: Json<Vec<CommentRow>>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO comments SELECT * FROM jsonb_populate_recordset(NULL::comments, $1)
         ON CONFLICT (id) DO UPDATE SET
            body = EXCLUDED.body, edited_at = EXCLUDED.edited_at, deleted_at = EXCLUDED.deleted_at,
            hidden_at = EXCLUDED.hidden_at",
        rows as _,
    )
    .execute(db)
    .await
    .map(drop)
}

async fn waivers(db: &mut PgConnection, rows: Json<Vec<WaiverRow>>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO waivers SELECT * FROM jsonb_populate_recordset(NULL::waivers, $1)
         ON CONFLICT (id) DO UPDATE SET
            status = EXCLUDED.status, decided_by = EXCLUDED.decided_by, decided_at = EXCLUDED.decided_at,
            decision_reason = EXCLUDED.decision_reason",
        rows as _,
    )
    .execute(db)
    .await
    .map(drop)
}

async fn signatures(db: &mut PgConnection, rows: Json<Vec<SignatureRow>>) -> Result<(), sqlx::Error> {
    sqlx::query!("INSERT INTO signatures SELECT * FROM jsonb_populate_recordset(NULL::signatures, $1)", rows as _)
        .execute(db)
        .await
        .map(drop)
}

async fn withdrawals(db: &mut PgConnection, rows: Json<Vec<WithdrawalRow>>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO signature_withdrawals
         SELECT * FROM jsonb_populate_recordset(NULL::signature_withdrawals, $1)",
        rows as _,
    )
    .execute(db)
    .await
    .map(drop)
}
