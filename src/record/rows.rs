//! The rows of a launch's state in the tables.
//!
//! Each row is made as a whole from the state alone, so a table that is updated row by row equals one that is rebuilt
//! from the replayed history. Rows are sent as JSON, which PostgreSQL reads with `jsonb_populate_recordset`: one
//! statement a table, however many rows.
//!
//! The fields are written out, although a derive could make some of them: a row differs from the state in most fields
//! (flattened enums, commitments as `bytea`, counts), and a test compares every row with the replay.

mod items;
mod launch;

use serde::Serialize;

use crate::domain::{
    canonical::Sha256Hash,
    ids::UserId,
    launch::{
        state::{Attribution, LaunchState},
        texts::Commitment,
    },
    time::Moment,
};

pub use self::{
    items::{CommentRow, EvidenceRequestRow, EvidenceRow, ItemRow, WaiverRow},
    launch::{HolderRow, LaunchRow, ParticipantRow, SignatureRow, SignatureWithdrawalRow, SummaryRow, TagRow},
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

/// The rows of a launch in every table, as JSON, by the table's name: what a projection rebuilt from the history would
/// contain. The summary is that of the moment `summarized_at`.
///
/// # Errors
/// When a row can't be serialised as JSON, which its type rules out.
pub fn all(state: &LaunchState, summarized_at: Moment) -> serde_json::Result<Vec<(&'static str, serde_json::Value)>> {
    fn json<T: Serialize>(rows: impl Iterator<Item = T>) -> serde_json::Result<serde_json::Value> {
        serde_json::to_value(rows.collect::<Vec<_>>())
    }
    let signatures = || state.signatures.iter().map(|signature| signature.record.id);
    Ok(vec![
        ("launches", json(std::iter::once(LaunchRow::from_state(state)))?),
        ("launch_holders", json(HolderRow::projected_rows(state))?),
        ("launch_participants", json(ParticipantRow::all_from_state(state))?),
        ("launch_tags", json(TagRow::all_from_state(state))?),
        ("launch_summaries", json(std::iter::once(SummaryRow::from_state(state, summarized_at)))?),
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
