//! The things of a launch that one event replaces as a whole, and who changed each last.

use std::collections::BTreeMap;

use super::event::Seq;
use crate::domain::{
    ids::{ItemId, UserId},
    role::RoleSlug,
    time::Moment,
};

/// A part of the state that one event replaces as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangedThing {
    Name,
    Summary,
    /// The planned time of the launch.
    Target,
    /// How many days the target may be in the past.
    SlipDays,
    /// Whether one person may sign in one role only.
    SeparationOfDuties,
    /// Whether only the people named on the launch may see it.
    Restriction,
    Tags,
    Notes,
    Owner,
    Stage,
    /// Whether a person holds a role.
    Holder(RoleSlug, UserId),
    Participant(UserId),
    /// Whether the holders of a role are asked to sign.
    SignatureRequest(RoleSlug),
    Assignee(ItemId),
    DueDay(ItemId),
}

/// Who changed each thing last, when, and with which event; nothing of what is still as the first event made it.
pub type LastChanges = BTreeMap<ChangedThing, (UserId, Moment, Seq)>;
