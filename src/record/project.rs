//! Updates the tables: writes the rows of everything that the events changed, from the resulting state.

use std::collections::BTreeSet;

use serde::Serialize;
use sqlx::{PgConnection, types::Json};

use super::rows::{
    CommentRow, EvidenceRequestRow, EvidenceRow, HolderRow, ItemRow, LaunchRow, ParticipantRow, SignatureRow,
    SignatureWithdrawalRow, SummaryRow, TagRow, WaiverRow,
};
use crate::domain::{
    ids::{CommentId, EvidenceId, EvidenceRequestId, ItemId, SignatureId, WaiverId},
    launch::{
        event::{Change, Event},
        state::LaunchState,
    },
};

/// The rows of the projections that events changed, and so have to be written again.
#[derive(Debug, Default)]
struct TouchedRows {
    items: BTreeSet<ItemId>,
    evidence: BTreeSet<EvidenceId>,
    evidence_requests: BTreeSet<EvidenceRequestId>,
    comments: BTreeSet<CommentId>,
    waivers: BTreeSet<WaiverId>,
    signatures: BTreeSet<SignatureId>,
    withdrawals: BTreeSet<SignatureId>,
    holders: bool,
    participants: bool,
    tags: bool,
}

impl TouchedRows {
    fn from_events(events: &[Event], state: &LaunchState) -> Self {
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
            Change::TagsChanged { .. } => self.tags = true,
            Change::ItemMarked { item, .. }
            | Change::AgreementGiven { item, .. }
            | Change::AgreementRefused { item, .. }
            | Change::ItemAssigned { item, .. } => drop(self.items.insert(*item)),
            Change::EvidenceAttached { evidence, .. } | Change::EvidenceWithdrawn { evidence, .. } => {
                self.evidence.insert(*evidence);
            }
            Change::EvidenceRequested { evidence_request, .. }
            | Change::EvidenceRequestAnswered { evidence_request, .. } => {
                self.evidence_requests.insert(*evidence_request);
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
            // These only change the launch's own row, which is written with every event.
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

fn to_json_rows<T: Serialize>(rows: impl Iterator<Item = T>) -> Json<Vec<T>> {
    Json(rows.collect())
}

pub(super) async fn project_events(
    db: &mut PgConnection,
    events: &[Event],
    state: &LaunchState,
) -> Result<(), sqlx::Error> {
    let touched = TouchedRows::from_events(events, state);
    // The summary comes before the launch's row, whose trigger marks a summary of an earlier event as out of date; of a
    // new launch the trigger makes it.
    let is_new = events.iter().any(|event| matches!(event.change, Change::LaunchCreated { .. }));
    if !is_new {
        write_summary(db, state).await?;
    }
    upsert_launch(db, state).await?;
    if is_new {
        write_summary(db, state).await?;
    }
    if touched.holders {
        replace_holders(db, state).await?;
    }
    if touched.participants {
        replace_participants(db, state).await?;
    }
    if touched.tags {
        replace_tags(db, state).await?;
    }
    if !touched.items.is_empty() {
        upsert_items(db, to_json_rows(touched.items.iter().filter_map(|id| ItemRow::from_state(state, *id)))).await?;
    }
    if !touched.evidence.is_empty() {
        upsert_evidence(db, to_json_rows(touched.evidence.iter().filter_map(|id| EvidenceRow::from_state(state, *id))))
            .await?;
    }
    if !touched.evidence_requests.is_empty() {
        upsert_evidence_requests(
            db,
            to_json_rows(touched.evidence_requests.iter().filter_map(|id| EvidenceRequestRow::from_state(state, *id))),
        )
        .await?;
    }
    if !touched.comments.is_empty() {
        upsert_comments(db, to_json_rows(touched.comments.iter().filter_map(|id| CommentRow::from_state(state, *id))))
            .await?;
    }
    if !touched.waivers.is_empty() {
        upsert_waivers(db, to_json_rows(touched.waivers.iter().filter_map(|id| WaiverRow::from_state(state, *id))))
            .await?;
    }
    if !touched.signatures.is_empty() {
        insert_signatures(
            db,
            to_json_rows(touched.signatures.iter().filter_map(|id| SignatureRow::from_state(state, *id))),
        )
        .await?;
    }
    if !touched.withdrawals.is_empty() {
        insert_withdrawals(
            db,
            to_json_rows(touched.withdrawals.iter().filter_map(|id| SignatureWithdrawalRow::from_state(state, *id))),
        )
        .await?;
    }
    Ok(())
}

async fn upsert_launch(db: &mut PgConnection, state: &LaunchState) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO launches SELECT * FROM jsonb_populate_record(NULL::launches, $1)
         ON CONFLICT (id) DO UPDATE SET
            seq = EXCLUDED.seq, stage = EXCLUDED.stage, owner_id = EXCLUDED.owner_id,
            restricted = EXCLUDED.restricted, name = EXCLUDED.name, summary = EXCLUDED.summary,
            notes = EXCLUDED.notes, target_local = EXCLUDED.target_local, zone = EXCLUDED.zone,
            target_at = EXCLUDED.target_at, slip_days = EXCLUDED.slip_days,
            separation_of_duties = EXCLUDED.separation_of_duties, changed_at = EXCLUDED.changed_at,
            launched_at = EXCLUDED.launched_at",
        Json(LaunchRow::from_state(state)) as _,
    )
    .execute(db)
    .await
    .map(drop)
}

/// Writes the summary at the time of the newest event.
async fn write_summary(db: &mut PgConnection, state: &LaunchState) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE launch_summaries s SET
            seq = r.seq, stage = r.stage, target_at = r.target_at, computed_at = r.computed_at,
            holds_until = r.holds_until, verdict = r.verdict, resolved = r.resolved, total = r.total,
            signatures = r.signatures
         FROM jsonb_populate_record(NULL::launch_summaries, $1) r WHERE s.launch_id = r.launch_id",
        Json(SummaryRow::from_state(state, state.last_at)) as _,
    )
    .execute(db)
    .await
    .map(drop)
}

async fn replace_holders(db: &mut PgConnection, state: &LaunchState) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM launch_holders WHERE launch_id = $1", state.id as _).execute(&mut *db).await?;
    sqlx::query!(
        "INSERT INTO launch_holders SELECT * FROM jsonb_populate_recordset(NULL::launch_holders, $1)",
        to_json_rows(HolderRow::projected_rows(state)) as _,
    )
    .execute(db)
    .await
    .map(drop)
}

async fn replace_participants(db: &mut PgConnection, state: &LaunchState) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM launch_participants WHERE launch_id = $1", state.id as _).execute(&mut *db).await?;
    sqlx::query!(
        "INSERT INTO launch_participants SELECT * FROM jsonb_populate_recordset(NULL::launch_participants, $1)",
        to_json_rows(ParticipantRow::all_from_state(state)) as _,
    )
    .execute(db)
    .await
    .map(drop)
}

async fn replace_tags(db: &mut PgConnection, state: &LaunchState) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM launch_tags WHERE launch_id = $1", state.id as _).execute(&mut *db).await?;
    sqlx::query!(
        "INSERT INTO launch_tags SELECT * FROM jsonb_populate_recordset(NULL::launch_tags, $1)",
        to_json_rows(TagRow::all_from_state(state)) as _,
    )
    .execute(db)
    .await
    .map(drop)
}

async fn upsert_items(db: &mut PgConnection, rows: Json<Vec<ItemRow>>) -> Result<(), sqlx::Error> {
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

async fn upsert_evidence(db: &mut PgConnection, rows: Json<Vec<EvidenceRow>>) -> Result<(), sqlx::Error> {
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

async fn upsert_evidence_requests(
    db: &mut PgConnection,
    rows: Json<Vec<EvidenceRequestRow>>,
) -> Result<(), sqlx::Error> {
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

async fn upsert_comments(db: &mut PgConnection, rows: Json<Vec<CommentRow>>) -> Result<(), sqlx::Error> {
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

async fn upsert_waivers(db: &mut PgConnection, rows: Json<Vec<WaiverRow>>) -> Result<(), sqlx::Error> {
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

async fn insert_signatures(db: &mut PgConnection, rows: Json<Vec<SignatureRow>>) -> Result<(), sqlx::Error> {
    sqlx::query!("INSERT INTO signatures SELECT * FROM jsonb_populate_recordset(NULL::signatures, $1)", rows as _)
        .execute(db)
        .await
        .map(drop)
}

async fn insert_withdrawals(db: &mut PgConnection, rows: Json<Vec<SignatureWithdrawalRow>>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO signature_withdrawals
         SELECT * FROM jsonb_populate_recordset(NULL::signature_withdrawals, $1)",
        rows as _,
    )
    .execute(db)
    .await
    .map(drop)
}
