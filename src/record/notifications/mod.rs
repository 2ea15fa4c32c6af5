//! Notifications: they are written in the transaction of the events that cause them, so there is a notification exactly when
//! the change was made.
//!
//! The number of statements does not depend on how many people are notified: one for each of the names in new texts, what is
//! watched, the recipients and their settings, and two inserts. A person who may not see the launch gets none. No part of any
//! history: nothing is decided from these tables, and they are not compared with the events.

mod store;
mod time;

use std::collections::HashMap;

use serde::Serialize;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use crate::{
    ambient,
    domain::{
        ids::{CommentId, ItemId, LaunchId, UserId},
        launch::{
            access::{Actor, may_view},
            event::{Event, Seq},
            state::LaunchState,
            texts::{Commitment, Text, TextField},
        },
        notification::{
            Audience, Cause, MailDelivery, Mention, Notification, NotificationFacts, NotificationReason, ReasonGroup,
            address_causes, find_causes,
            mentions::{can_mention, find_mentions},
            schedule::{MailSchedule, mail_due_at},
        },
        role::RoleSlug,
        time::{Moment, Zone},
    },
};

use super::inbox_feed::announce_inbox_change;

pub use self::{
    store::{stop_pending_mails, to_schedule},
    time::{RETENTION_DAYS, delete_old_notifications, write_time_notifications},
};

/// A change of a launch in the transaction that makes it.
pub(super) struct NewChange<'a> {
    /// The launch before; `None` when it is new.
    pub before: Option<&'a LaunchState>,
    pub events: &'a [Event],
    /// The texts that are new.
    pub texts: &'a [Text],
    pub after: &'a LaunchState,
}

/// Somebody to whom a notification is addressed.
struct Recipient {
    actor: Actor,
    zone: Zone,
    schedule: MailSchedule,
    /// When mails say so, by what they chose themselves or an admin chose for everybody.
    deliveries: HashMap<ReasonGroup, MailDelivery>,
}

/// Writes the notifications of a change.
pub(super) async fn write_notifications(db: &mut PgConnection, change: &NewChange<'_>) -> Result<(), sqlx::Error> {
    let mentions = load_mentions(db, change).await?;
    let causes = find_causes(change.before, change.events, change.after, &mentions);
    write_causes(db, change.after, &causes).await.map(drop)
}

/// Addresses causes to people, and writes a notification for each; returns how many there are.
async fn write_causes(db: &mut PgConnection, state: &LaunchState, causes: &[Cause]) -> Result<usize, sqlx::Error> {
    if causes.is_empty() {
        return Ok(0);
    }
    let to_watchers = causes.iter().any(|cause| !matches!(cause.audience, Audience::People(_)));
    let watches = if to_watchers { store::load_watches(&mut *db, state.id).await? } else { Vec::new() };
    insert_notifications(db, state, address_causes(causes, state, &watches)).await
}

/// Writes notifications of a launch for those who may see it, and says when mails are due; returns how many.
///
/// # Errors
/// When the database fails.
pub async fn insert_notifications(
    db: &mut PgConnection,
    state: &LaunchState,
    mut notifications: Vec<Notification>,
) -> Result<usize, sqlx::Error> {
    if notifications.is_empty() {
        return Ok(0);
    }
    // In one order, so that transactions that write for the same people wait for each other and do not block each other.
    notifications.sort_by_key(|notification| (notification.user, notification.reason));
    let mut users: Vec<UserId> = notifications.iter().map(|notification| notification.user).collect();
    users.dedup();
    let recipients = store::load_recipients(db, &users).await?;
    let rows = notifications.into_iter().filter_map(|notification| {
        let recipient = recipients.get(&notification.user)?;
        let may_know = may_view(state, &recipient.actor) || notification.reason.is_about_leaving();
        (recipient.actor.active && may_know).then(|| NotificationRow::new(state.id, notification, recipient))
    });
    let (growing, single): (Vec<_>, Vec<_>) = rows.partition(|row| row.merge_key.is_some());
    let written = growing.len() + single.len();
    if !single.is_empty() {
        store::insert_rows(db, Json(single)).await?;
    }
    if !growing.is_empty() {
        store::merge_rows(db, Json(growing)).await?;
    }
    if written > 0 {
        announce_inbox_change(db).await?;
    }
    Ok(written)
}

/// Gives the mails of a person that are not sent yet the time that the person's settings have now, or none.
///
/// # Errors
/// When the database fails.
pub async fn reschedule_mails(db: &mut PgConnection, user: UserId) -> Result<(), sqlx::Error> {
    let recipients = store::load_recipients(db, &[user]).await?;
    let Some(recipient) = recipients.get(&user) else { return Ok(()) };
    let pending = store::load_pending_mails(&mut *db, user).await?;
    let due = pending.into_iter().map(|(id, reason, at)| (id, recipient.mail_due_at(reason, at)));
    let (ids, times): (Vec<Uuid>, Vec<Option<Moment>>) = due.unzip();
    store::set_mail_times(db, &ids, &times).await
}

impl Recipient {
    /// When a mail about something of this reason is due; `None` if none is.
    fn mail_due_at(&self, reason: NotificationReason, at: Moment) -> Option<Moment> {
        let delivery = self.deliveries.get(&reason.group()).copied();
        let delivery = delivery.unwrap_or_else(|| reason.group().default_delivery());
        mail_due_at(delivery, self.schedule, &self.zone, at)
    }
}

/// A row of `notifications`.
#[derive(Debug, Serialize)]
struct NotificationRow {
    id: Uuid,
    user_id: UserId,
    launch_id: LaunchId,
    reason: &'static str,
    must_act: bool,
    actor_id: Option<UserId>,
    seq: Option<Seq>,
    item_id: Option<ItemId>,
    role: Option<RoleSlug>,
    things: usize,
    facts: NotificationFacts,
    occasion: Option<String>,
    merge_key: Option<String>,
    at: Moment,
    mail_due_at: Option<Moment>,
}

impl NotificationRow {
    fn new(launch: LaunchId, notification: Notification, recipient: &Recipient) -> Self {
        let reason: NotificationReason = notification.reason;
        Self {
            id: ambient::new_id(),
            user_id: notification.user,
            launch_id: launch,
            reason: reason.name(),
            must_act: reason.must_act(),
            actor_id: notification.actor,
            seq: notification.seq,
            item_id: notification.item,
            role: notification.role,
            things: notification.things,
            facts: notification.facts,
            occasion: notification.occasion,
            merge_key: notification.merge_key,
            at: notification.at,
            mail_due_at: recipient.mail_due_at(reason, notification.at),
        }
    }
}

/// Finds who is named with an `@` in the new texts of a change, except in notes where the name was before.
async fn load_mentions(db: &mut PgConnection, change: &NewChange<'_>) -> Result<Vec<Mention>, sqlx::Error> {
    let may_name = |text: &&Text| can_mention(text.location.field) && text.value.contains('@');
    let texts: Vec<&Text> = change.texts.iter().filter(may_name).collect();
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<String> = texts.iter().map(|text| text.value.clone()).collect();
    values.sort();
    values.dedup();
    let people = store::find_named_people(db, &values).await?;
    let places = locate_texts(change.events);
    let old_notes = change.before.and_then(|state| Some(state.text(&state.notes?))).unwrap_or_default();
    let mut mentions = Vec::new();
    for text in texts {
        let Some((seq, comment)) = places.get(&text.commitment).copied() else { continue };
        let is_notes = text.location.field == TextField::Notes;
        let old = if is_notes { find_mentions(old_notes, &people) } else { Vec::new() };
        let new = find_mentions(&text.value, &people).into_iter().filter(|user| !old.contains(user));
        mentions.extend(new.map(|user| Mention { user, seq, comment }));
    }
    Ok(mentions)
}

/// The names of the people who are named with an `@` in a text and may not see the launch. Without an `@`, no query is made.
///
/// # Errors
/// When the database fails.
pub async fn find_mentioned_without_access(
    db: &sqlx::PgPool,
    state: &LaunchState,
    text: &str,
) -> Result<Vec<String>, sqlx::Error> {
    if !text.contains('@') {
        return Ok(Vec::new());
    }
    let people = store::find_named_people(db, &[text.to_owned()]).await?;
    let mentioned = find_mentions(text, &people);
    let recipients = store::load_recipients(&mut *db.acquire().await?, &mentioned).await?;
    let may_see = |user: &UserId| recipients.get(user).is_some_and(|recipient| may_view(state, &recipient.actor));
    let without = mentioned.iter().filter(|user| !may_see(user));
    Ok(without.filter_map(|user| people.iter().find(|(id, _)| id == user)).map(|(_, name)| name.clone()).collect())
}

/// The event that has each text, and the comment if it is the text of one.
fn locate_texts(events: &[Event]) -> HashMap<Commitment, (Seq, Option<CommentId>)> {
    let mut places = HashMap::new();
    for event in events {
        for (commitment, field, thing) in event.change.event_texts(event.launch) {
            let comment = thing.filter(|_| field == TextField::Comment).map(CommentId);
            places.insert(commitment, (event.seq, comment));
        }
    }
    places
}
