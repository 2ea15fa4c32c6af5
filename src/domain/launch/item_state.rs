//! The stored form of an item's state. It is part of hashed events.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::texts;

/// The stored state of an item. *Waived* is not among them, because it is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ItemState {
    Open,
    Done,
    /// Does not apply to this launch; needs a justification.
    NotApplicable,
    /// Can't be done for a reason.
    Blocked,
}

impl ItemState {
    /// All states, in the order in which pages show them.
    pub const ALL: [Self; 4] = [Self::Open, Self::Done, Self::NotApplicable, Self::Blocked];

    /// The name in forms and in the HTML.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::NotApplicable => "not_applicable",
            Self::Blocked => "blocked",
        }
    }

    #[must_use]
    pub fn label(self) -> Cow<'static, str> {
        match self {
            Self::Open => texts::state_word_open(),
            Self::Done => texts::state_word_done(),
            Self::NotApplicable => texts::state_word_not_applicable(),
            Self::Blocked => texts::state_word_blocked(),
        }
    }

    /// Whether it resolves an item without a waiver.
    #[must_use]
    pub const fn resolves(self) -> bool {
        match self {
            Self::Done | Self::NotApplicable => true,
            Self::Open | Self::Blocked => false,
        }
    }

    #[must_use]
    pub const fn needs_reason(self) -> bool {
        match self {
            Self::NotApplicable | Self::Blocked => true,
            Self::Open | Self::Done => false,
        }
    }
}
