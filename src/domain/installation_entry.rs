//! The stored form of an entry of the audit log. Its bytes are hashed, so a member is added and never renamed.

use serde::{Deserialize, Serialize};

use super::{
    ids::{LaunchId, RequestId},
    installation::InstallationEvent,
    launch::event::PersonRef,
    time::Moment,
};

/// An entry, as its bytes contain it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstallationEntry {
    /// The version of this format.
    pub version: u8,
    /// The number in the log, from 1.
    pub index: i64,
    pub at: Moment,
    /// `None` if nobody was signed in.
    pub actor: Option<PersonRef>,
    pub request: RequestId,
    /// The launch concerned, and the length of its history at that time.
    pub launch: Option<(LaunchId, i64)>,
    pub event: InstallationEvent,
}
