//! What the owner has decided, as one name for pages and programs. It follows from the stage, and is never mixed up with
//! readiness, which is computed.

use std::borrow::Cow;

use serde::Serialize;

use super::state::StageName;
use crate::texts;

/// The decision that a launch is at, as `readiness.json` and the HTML name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DecisionName {
    /// Nothing is decided: the launch is in preparation.
    None,
    Go,
    Held,
    Launched,
    Closed,
    Cancelled,
}

impl DecisionName {
    /// The name in the HTML and in JSON.
    #[must_use]
    pub fn slug(self) -> &'static str {
        self.into()
    }

    #[must_use]
    pub fn is_made(self) -> bool {
        self != Self::None
    }

    /// Whether readiness still means something: nobody asks whether a cancelled launch is ready.
    #[must_use]
    pub fn shows_readiness(self) -> bool {
        self != Self::Cancelled
    }

    #[must_use]
    pub fn label(self) -> Cow<'static, str> {
        match self {
            Self::None => texts::not_decided(),
            Self::Go => texts::decided_go(),
            Self::Held => texts::decided_hold(),
            Self::Launched => texts::decided_launched(),
            Self::Closed => texts::decided_closed(),
            Self::Cancelled => texts::decided_cancelled(),
        }
    }
}

impl From<StageName> for DecisionName {
    fn from(stage: StageName) -> Self {
        match stage {
            StageName::Preparing => Self::None,
            StageName::Go => Self::Go,
            StageName::Held => Self::Held,
            StageName::Launched => Self::Launched,
            StageName::Closed => Self::Closed,
            StageName::Cancelled => Self::Cancelled,
        }
    }
}
