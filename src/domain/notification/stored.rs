//! A notification as it is stored.

use uuid::Uuid;

use super::{NotificationFacts, NotificationReason};
use crate::domain::{
    ids::{ItemId, LaunchId, UserId},
    role::RoleSlug,
    time::Moment,
};

/// A notification as it is stored: of one person, about one launch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredNotification {
    pub id: Uuid,
    pub launch: LaunchId,
    pub reason: NotificationReason,
    pub must_act: bool,
    /// Who caused it; `None` where time alone did.
    pub actor: Option<UserId>,
    /// The only item that it is about.
    pub item: Option<ItemId>,
    pub role: Option<RoleSlug>,
    /// How many things it is about.
    pub things: i32,
    pub facts: NotificationFacts,
    pub at: Moment,
    pub read_at: Option<Moment>,
}
