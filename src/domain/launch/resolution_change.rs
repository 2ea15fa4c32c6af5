//! Changes of the number of resolved items, as the state keeps them.
//!
//! A state does not show how it came about: once a waiver is revoked, the state no longer has the time of its approval.
//! The burn-up needs such past changes, so they are kept as they happen, and no page has to read the history again.
//! They take little memory, because there is one only when an item becomes resolved or stops being resolved.

use crate::domain::{
    ids::WaiverId,
    time::{Day, Moment, Zone},
};

/// A change of the number of resolved items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolutionChange {
    pub at: Moment,
    pub kind: ResolutionChangeKind,
}

/// Items are given by their position in [`LaunchState::items`](super::state::LaunchState::items).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResolutionChangeKind {
    /// An item was marked with a state that resolves it, or with one that does not.
    ItemMarked {
        item: usize,
        /// Whether the item is done or not applicable now.
        resolved: bool,
    },
    WaiverApproved {
        item: usize,
        waiver: WaiverId,
        /// The last day of the waiver.
        until: Day,
    },
    WaiverRevoked {
        item: usize,
        waiver: WaiverId,
    },
    /// The launch's zone changed, so its days changed too.
    ZoneChanged(Zone),
}
