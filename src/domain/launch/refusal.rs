//! Why a command on a launch was refused.

use std::borrow::Cow;

use super::{changed_thing::ChangedThing, credential_renewal::WaitingPeriod};
use crate::domain::{
    ids::{ItemId, UserId},
    readiness::{Condition, Reason},
    role::RoleSlug,
};

/// Why a command was refused. A refused command changes nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// The thing does not exist, or the actor may not see it.
    NotFound,
    /// The actor lacks the right.
    Forbidden(Cow<'static, str>),
    /// A field is wrong: its name, and the sentence shown there.
    Invalid(&'static str, Cow<'static, str>),
    /// The proof of identity is missing or no longer valid.
    Unproven,
    /// The state of the launch does not allow the command.
    Conflict(Conflict),
}

/// Why the state of the launch does not allow the command.
#[derive(Debug, Clone, PartialEq)]
pub enum Conflict {
    /// The stage does not allow it; the sentence explains why.
    Stage(Cow<'static, str>),
    /// The item has changed since the page was made.
    StaleItem(ItemId),
    /// These were changed since the page was made, each by whom.
    ChangedSince(Vec<(ChangedThing, UserId)>),
    /// The scope of the role changed since the page was made.
    StaleScope(RoleSlug),
    /// There are reasons against GO.
    NotReady(Vec<Reason>),
    /// The acknowledged conditions are not exactly the current ones.
    Conditions(Vec<Condition>),
    /// Somebody else renewed the actor's credentials too recently for an action that others rely on.
    Waiting(Box<WaitingPeriod>),
    /// Another conflict, which the sentence explains.
    Other(Cow<'static, str>),
}

impl Conflict {
    /// Whether it names what was changed since the page was made. A person who is answered with anything else, also with
    /// an invalid field, has not been told: their form is still one from before the change.
    #[must_use]
    pub const fn says_what_changed(&self) -> bool {
        match self {
            Self::StaleItem(_) | Self::ChangedSince(_) | Self::StaleScope(_) | Self::Conditions(_) => true,
            Self::Stage(_) | Self::NotReady(_) | Self::Waiting(_) | Self::Other(_) => false,
        }
    }
}
