//! The values of which the events of a launch are made. They are stored and hashed with the events.

use serde::{Deserialize, Serialize};

use super::{
    item_state::ItemState,
    person_ref::PersonRef,
    stored_readiness::{Condition, ConditionId, Reason, Verdict},
    texts::{Commitment, TextField},
};
use crate::domain::{
    canonical::Sha256Hash,
    time::{Day, LocalTime},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateWithReason {
    pub state: ItemState,
    pub reason: Option<Commitment>,
}

impl StateWithReason {
    pub const OPEN: Self = Self { state: ItemState::Open, reason: None };
}

/// Who is responsible for an item, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Assignment {
    pub assignee: Option<PersonRef>,
    /// The item is due at the end of this day.
    pub due: Option<Day>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaunchDetails {
    pub name: Commitment,
    /// What the launch is about.
    pub summary: Option<Commitment>,
    /// When the launch is planned.
    pub target: LocalTime,
}

/// The rules of a launch that its owner sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// How many days the target may be in the past before the launch is no longer ready: 0 to 365.
    pub slip_days: u16,
    /// Whether one person may sign in one role only.
    pub separation_of_duties: bool,
}

impl Policy {
    pub const MAX_SLIP_DAYS: u16 = 365;
}

impl Default for Policy {
    fn default() -> Self {
        Self { slip_days: 7, separation_of_duties: true }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EvidenceContent {
    /// A file. Its bytes are stored under the id of the evidence that was attached first.
    File {
        name: Commitment,
        sha256: Sha256Hash,
        size: u64,
        /// The media type (RFC 6838), detected from the bytes.
        media_type: String,
    },
    Link {
        url: Commitment,
    },
    Note {
        body: Commitment,
    },
}

impl EvidenceContent {
    /// `file`, `link` or `note`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::File { .. } => "file",
            Self::Link { .. } => "link",
            Self::Note { .. } => "note",
        }
    }
}

/// How a condition was settled, recorded when the launch is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    pub condition: ConditionId,
    pub note: Commitment,
}

/// Readiness at the time of a decision or of the launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadinessSnapshot {
    pub verdict: Verdict,
    pub reasons: Vec<Reason>,
    pub conditions: Vec<Condition>,
}

/// What was destroyed, so that nobody can read it any more. The hashed events do not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Redaction {
    Text {
        /// The text's commitment, which stays in the events.
        commitment: Commitment,
        /// The field into which the text was entered.
        field: TextField,
    },
    /// The bytes of a file, wherever in the launch it was attached.
    File { sha256: Sha256Hash },
}
