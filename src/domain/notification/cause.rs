//! What happened that somebody is notified of, before it is known whom.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{NotificationFacts, NotificationReason};
use crate::domain::{
    ids::{ItemId, UserId},
    launch::event::{Event, Seq},
    role::RoleSlug,
    time::Moment,
};

/// One thing that happened, and whom it concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    pub reason: NotificationReason,
    /// Who caused it, and is not notified of it; `None` where time alone did.
    pub actor: Option<UserId>,
    pub seq: Option<Seq>,
    pub at: Moment,
    pub item: Option<ItemId>,
    pub role: Option<RoleSlug>,
    pub facts: NotificationFacts,
    /// What becomes [`super::Notification::occasion`].
    pub occasion: Option<String>,
    pub audience: Audience,
}

/// Whom a cause concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// These people, whether or not they watch or mute something.
    People(BTreeSet<UserId>),
    /// Whoever watches the item, without those who are notified of the same for a better reason.
    ItemWatchers { except: BTreeSet<UserId> },
    /// The owner, the holders, the participants, the assignees, and whoever watches the launch.
    Involved,
}

impl Cause {
    /// A cause of an event.
    pub(super) fn of_event(reason: NotificationReason, event: &Event, audience: Audience) -> Self {
        Self {
            reason,
            actor: Some(event.actor.id),
            seq: Some(event.seq),
            at: event.at,
            item: event.change.item(),
            role: None,
            facts: NotificationFacts::default(),
            occasion: None,
            audience,
        }
    }

    /// A cause of something that time alone brings, once.
    pub(super) fn of_time(reason: NotificationReason, at: Moment, occasion: String, audience: Audience) -> Self {
        Self {
            reason,
            actor: None,
            seq: None,
            at,
            item: None,
            role: None,
            facts: NotificationFacts::default(),
            occasion: Some(occasion),
            audience,
        }
    }

    pub(super) fn about_item(self, item: ItemId) -> Self {
        Self { item: Some(item), ..self }
    }

    pub(super) fn about_role(self, role: &RoleSlug) -> Self {
        Self { role: Some(role.clone()), ..self }
    }

    pub(super) fn about_thing(self, thing: Uuid) -> Self {
        Self { facts: NotificationFacts { thing: Some(thing), ..self.facts }, ..self }
    }
}

/// The people of an audience.
pub(super) fn people(ids: impl IntoIterator<Item = UserId>) -> Audience {
    Audience::People(ids.into_iter().collect())
}
