//! What the signatures of a role amount to, as lists and pages draw it.

use crate::domain::readiness::SignatureStatus;

/// What the signatures of a role amount to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleMark {
    NoSignature,
    Go,
    NoGo,
    Stale,
}

impl RoleMark {
    /// By the status of the most significant signature that has not ended.
    #[must_use]
    pub const fn from_status(status: Option<SignatureStatus>) -> Self {
        match status {
            Some(SignatureStatus::Objects) => Self::NoGo,
            Some(SignatureStatus::Counts) => Self::Go,
            Some(SignatureStatus::Stale) => Self::Stale,
            // A signature of a former holder does not count, so the role has none.
            Some(
                SignatureStatus::NotHolder
                | SignatureStatus::Lifted
                | SignatureStatus::Superseded
                | SignatureStatus::Withdrawn,
            )
            | None => Self::NoSignature,
        }
    }

    /// For scripts and style sheets.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::NoSignature => "none",
            Self::Go => "go",
            Self::NoGo => "no_go",
            Self::Stale => "stale",
        }
    }
}
