//! The stage of a launch: where it is in its life, with the decision that led there.

use std::borrow::Cow;

use super::{
    event::{ReadinessSnapshot, Seq, Settlement},
    records::Attribution,
    texts::Commitment,
};
use crate::{
    domain::{ids::UserId, time::Moment},
    texts,
};

/// The stage of a launch, with its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    Preparing,
    Go(Decision),
    Held {
        by: UserId,
        at: Moment,
        reason: Commitment,
    },
    Launched(LaunchRecord),
    Closed {
        launch_record: LaunchRecord,
        by: UserId,
        at: Moment,
        /// How each condition was settled.
        settlements: Vec<Settlement>,
    },
    Cancelled {
        by: UserId,
        at: Moment,
        reason: Commitment,
    },
}

/// The owner's declaration of GO.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The event that declared it.
    pub seq: Seq,
    pub by: UserId,
    pub at: Moment,
    /// Readiness at that moment.
    pub readiness: ReadinessSnapshot,
}

/// A GO that its owner took back, by reopening the launch or by putting it on hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokedGo {
    pub go: Decision,
    pub revocation: Attribution,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchRecord {
    /// The decision on which the launch is based.
    pub decision: Decision,
    /// The event that recorded it.
    pub seq: Seq,
    /// The person who recorded it.
    pub by: UserId,
    /// The moment of launch, not of recording.
    pub at: Moment,
    /// Readiness at the moment of launch.
    pub readiness: ReadinessSnapshot,
}

/// The name of a stage, for the database, forms and lists.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::EnumIter,
    sqlx::Type,
)]
#[strum(serialize_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum StageName {
    Preparing,
    Go,
    Held,
    Launched,
    Closed,
    Cancelled,
}

impl StageName {
    /// The name in the database and in addresses.
    #[must_use]
    pub fn slug(self) -> &'static str {
        self.into()
    }

    #[must_use]
    pub fn label(self) -> Cow<'static, str> {
        match self {
            Self::Preparing => texts::stage_preparing(),
            Self::Go => texts::stage_go(),
            Self::Held => texts::stage_held(),
            Self::Launched => texts::stage_launched(),
            Self::Closed => texts::stage_closed(),
            Self::Cancelled => texts::stage_cancelled(),
        }
    }
}

impl Stage {
    #[must_use]
    pub const fn name(&self) -> StageName {
        match self {
            Self::Preparing => StageName::Preparing,
            Self::Go(_) => StageName::Go,
            Self::Held { .. } => StageName::Held,
            Self::Launched(_) => StageName::Launched,
            Self::Closed { .. } => StageName::Closed,
            Self::Cancelled { .. } => StageName::Cancelled,
        }
    }

    /// The recorded launch, if it has happened.
    #[must_use]
    pub const fn launched(&self) -> Option<&LaunchRecord> {
        match self {
            Self::Launched(launched) | Self::Closed { launch_record: launched, .. } => Some(launched),
            Self::Preparing | Self::Go(_) | Self::Held { .. } | Self::Cancelled { .. } => None,
        }
    }

    /// The GO decision that is in force.
    #[must_use]
    pub const fn decision(&self) -> Option<&Decision> {
        match self {
            Self::Go(decision) => Some(decision),
            Self::Launched(launched) | Self::Closed { launch_record: launched, .. } => Some(&launched.decision),
            Self::Preparing | Self::Held { .. } | Self::Cancelled { .. } => None,
        }
    }
}
