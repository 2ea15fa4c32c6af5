//! What a state keeps of its past: the turns that its items took.
//!
//! A state forgets how it came about: who revokes a waiver leaves no trace in it of when it was approved. The burn-up
//! asks for just that, so what it asks for is kept as it happens, and no page reads the history a second time. It is
//! little: an item turns only when it is resolved, or no longer.

use crate::domain::{
    ids::WaiverId,
    time::{Day, Moment, Zone},
};

/// Something that changed how many items are resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// When.
    pub at: Moment,
    /// What.
    pub what: Turned,
}

/// What turned; items by where they stand in [`LaunchState::items`](super::state::LaunchState::items).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turned {
    /// An item was marked as something that resolves it, or as something that does not.
    Marked {
        /// Which.
        item: usize,
        /// Whether it is done or not applicable now.
        resolved: bool,
    },
    /// A waiver was approved.
    Waived {
        /// Of which item.
        item: usize,
        /// Which.
        waiver: WaiverId,
        /// Through which day it holds.
        until: Day,
    },
    /// An approved waiver was revoked.
    Unwaived {
        /// Of which item.
        item: usize,
        /// Which.
        waiver: WaiverId,
    },
    /// The launch's days are reckoned in another zone.
    Zone(Zone),
}
