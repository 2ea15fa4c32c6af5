//! The stored form of readiness: what the events of a GO and of a launch record. These types are part of hashed events, so
//! their names and members never change.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

use super::item_state::ItemState;
use crate::{
    domain::{
        ids::{ItemId, SignatureId, UserId, WaiverId},
        role::RoleSlug,
        time::{Day, Moment},
    },
    texts,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Verdict {
    Go,
    /// There are conditions to be acknowledged, and nothing else.
    ConditionalGo,
    NoGo,
}

impl Verdict {
    /// The name in the HTML and in JSON.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Go => "go",
            Self::ConditionalGo => "conditional_go",
            Self::NoGo => "no_go",
        }
    }

    #[must_use]
    pub fn label(self) -> Cow<'static, str> {
        match self {
            Self::Go => texts::ready(),
            Self::ConditionalGo => texts::ready_with_conditions(),
            Self::NoGo => texts::not_ready(),
        }
    }
}

/// Why an item's waiver has no effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaiverProblem {
    Asked,
    Refused,
    Revoked,
    Expired,
}

/// Why a role has no current `go`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureProblem {
    /// The role has no signature.
    NotSigned,
    Withdrawn,
    /// The scope has changed since the signature.
    Stale,
    /// The signer no longer holds the role.
    NotHolder,
    /// A holder of the role objects.
    Objects,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ReadinessRule {
    Items,
    Evidence,
    Justification,
    Signatures,
    Objection,
    Window,
}

impl ReadinessRule {
    /// The name in JSON, and for scripts and style sheets.
    #[must_use]
    pub fn slug(self) -> &'static str {
        self.into()
    }
}

/// A reason why the launch is not ready: the rule, and the thing that breaks it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Reason {
    /// A critical or required item is not resolved.
    Items {
        item: ItemId,
        /// The item's state: open or blocked.
        state: ItemState,
        /// The item's newest waiver, if it has one without effect.
        waiver: Option<(WaiverId, WaiverProblem)>,
    },
    /// A critical or required item is done without the evidence that it requires.
    Evidence {
        item: ItemId,
        /// The last day of validity of lapsed evidence.
        lapsed_on: Option<Day>,
    },
    /// A critical item is not applicable without agreement.
    Justification {
        item: ItemId,
        /// Whether somebody refused to agree.
        refused: bool,
    },
    /// A required role has no current `go`.
    Signatures {
        role: RoleSlug,
        lack: SignatureProblem,
        /// The signature that does not count, if there is one.
        signature: Option<SignatureId>,
    },
    /// There is an open objection.
    Objection { role: RoleSlug, signature: SignatureId },
    /// The target passed too long ago.
    Window {
        /// The moment at which the allowed slip was used up.
        since: Moment,
    },
}

impl Reason {
    /// The name of the rule in the HTML and in JSON.
    #[must_use]
    pub const fn rule(&self) -> ReadinessRule {
        match self {
            Self::Items { .. } => ReadinessRule::Items,
            Self::Evidence { .. } => ReadinessRule::Evidence,
            Self::Justification { .. } => ReadinessRule::Justification,
            Self::Signatures { .. } => ReadinessRule::Signatures,
            Self::Objection { .. } => ReadinessRule::Objection,
            Self::Window { .. } => ReadinessRule::Window,
        }
    }

    #[must_use]
    pub const fn item(&self) -> Option<ItemId> {
        match self {
            Self::Items { item, .. } | Self::Evidence { item, .. } | Self::Justification { item, .. } => Some(*item),
            Self::Signatures { .. } | Self::Objection { .. } | Self::Window { .. } => None,
        }
    }

    #[must_use]
    pub const fn role(&self) -> Option<&RoleSlug> {
        match self {
            Self::Signatures { role, .. } | Self::Objection { role, .. } => Some(role),
            Self::Items { .. } | Self::Evidence { .. } | Self::Justification { .. } | Self::Window { .. } => None,
        }
    }
}

/// The id by which a condition is acknowledged: `waiver:<id>` or `advisory:<item>:<open|blocked|no_evidence>`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConditionId(pub String);

impl fmt::Display for ConditionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is missing on an advisory item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdvisoryProblem {
    Open,
    Blocked,
    /// The item is done without the evidence that it requires.
    NoEvidence,
}

impl AdvisoryProblem {
    pub(in crate::domain) const fn slug(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Blocked => "blocked",
            Self::NoEvidence => "no_evidence",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ConditionKind {
    /// The item depends on a waiver.
    Waiver {
        waiver: WaiverId,
        /// The last day of the waiver.
        expires_on: Day,
    },
    /// An advisory item is not resolved.
    Advisory { lack: AdvisoryProblem },
}

/// Something open that a GO has to acknowledge.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Condition {
    pub id: ConditionId,
    pub item: ItemId,
    /// The person responsible: the item's assignee, otherwise the person who asked for the waiver. `None` means the
    /// item's role.
    pub owner: Option<UserId>,
    #[serde(flatten)]
    pub kind: ConditionKind,
}
