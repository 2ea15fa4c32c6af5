//! Whether a piece of evidence still counts.

use crate::domain::{
    launch::state::{Evidence, LaunchState},
    time::Moment,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::items) enum EvidenceStatus {
    Valid,
    /// Past its `valid until` date.
    Lapsed,
    Withdrawn,
}

impl EvidenceStatus {
    pub(in crate::items) fn from_evidence(evidence: &Evidence, launch: &LaunchState, now: Moment) -> Self {
        match () {
            () if evidence.withdrawn.is_some() => Self::Withdrawn,
            () if evidence.has_lapsed(launch.zone(), now) => Self::Lapsed,
            () => Self::Valid,
        }
    }

    pub(in crate::items) const fn slug(self) -> &'static str {
        match self {
            Self::Valid => "standing",
            Self::Lapsed => "lapsed",
            Self::Withdrawn => "withdrawn",
        }
    }
}
