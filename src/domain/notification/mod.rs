//! Notifications: what concerns a person, and why.
//!
//! A notification has facts and no text: what it says is made when it is shown or sent, in the language of the reader and
//! from the launch as it is then, and whether the person may see the launch is asked again at that time.

pub mod audience;
pub mod cause;
mod changes;
pub mod mentions;
pub mod reason;
pub mod schedule;
mod stored;
mod time_causes;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    ids::{ItemId, UserId},
    launch::event::Seq,
    role::RoleSlug,
    time::{Day, Moment},
};

pub use audience::{Watch, WatchPlace, address_causes};
pub use cause::{Audience, Cause};
pub use changes::find_causes;
pub use mentions::Mention;
pub use reason::{MailDelivery, NotificationReason, ReasonGroup};
pub use stored::StoredNotification;
pub use time_causes::find_time_causes;

/// The most items that a notification names; [`Notification::things`] counts all.
pub const MAX_NAMED_ITEMS: usize = 20;

/// Up to how many unread notifications of a person are counted.
pub const MAX_COUNTED: i64 = 100;

/// A notification of one person about one launch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    pub user: UserId,
    pub reason: NotificationReason,
    /// Who caused it; `None` where time alone did.
    pub actor: Option<UserId>,
    /// The newest event that it is about; `None` where time alone caused it.
    pub seq: Option<Seq>,
    /// The only item that it is about.
    pub item: Option<ItemId>,
    pub role: Option<RoleSlug>,
    /// How many things it is about, such as items or comments: 1 if it is about the launch.
    pub things: usize,
    pub facts: NotificationFacts,
    /// What happens once only: a second notification of the same occasion is not written.
    pub occasion: Option<String>,
    /// Notifications with the same key are one until the person has read it or a mail has it.
    pub merge_key: Option<String>,
    pub at: Moment,
}

/// The facts of a notification that are not in a column of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NotificationFacts {
    /// The items that it is about, if there are several: the first [`MAX_NAMED_ITEMS`], in the checklist's order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemId>,
    /// The comment, waiver, evidence, evidence request or signature that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thing: Option<Uuid>,
    /// The day on which something is due, ends or is planned, in the launch's zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// How many days remain until then: 7, 1 or 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_left: Option<u8>,
    /// What was missing for a GO, as a number of reasons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<usize>,
}

#[cfg(test)]
mod tests;
