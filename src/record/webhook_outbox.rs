//! Messages to webhooks, written in the transaction of the events that they are about.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    ambient,
    domain::{
        launch::{event::Event, state::LaunchState},
        text::Tag,
        time::Moment,
        webhook_rules::WebhookTopic,
    },
};

/// Writes a message for each webhook that hears of these events. A restricted launch is heard of by its own webhooks only.
pub(super) async fn write_messages(
    db: &mut PgConnection,
    events: &[Event],
    after: &LaunchState,
) -> Result<(), sqlx::Error> {
    let mut topics: Vec<String> = events
        .iter()
        .filter_map(|event| WebhookTopic::of_change(&event.change))
        .map(|topic| topic.name().to_owned())
        .collect();
    topics.sort();
    topics.dedup();
    let (Some(first), Some(last), false) = (events.first(), events.last(), topics.is_empty()) else { return Ok(()) };
    let tags: Vec<String> = after.tags.iter().map(Tag::folded).collect();
    let hearing = sqlx::query_scalar!(
        "SELECT id FROM webhooks
         WHERE removed_at IS NULL AND topics && $1
           AND (launch_id = $2 OR (launch_id IS NULL AND NOT $3 AND (tag IS NULL OR tag = ANY ($4))))",
        &topics,
        after.id.uuid(),
        after.restricted,
        &tags,
    )
    .fetch_all(&mut *db)
    .await?;
    if hearing.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = hearing.iter().map(|_| ambient::new_id()).collect();
    sqlx::query!(
        "INSERT INTO webhook_deliveries (id, webhook_id, launch_id, first_seq, last_seq, made_at, due_at)
         SELECT made, hook, $3, $4, $5, $6, $6 FROM unnest($1::uuid[], $2::uuid[]) AS u (made, hook)",
        &ids,
        &hearing,
        after.id.uuid(),
        first.seq,
        last.seq,
        last.at as _,
    )
    .execute(db)
    .await
    .map(drop)
}

/// Gives up the messages that are not sent yet: in a copy that becomes an installation of its own, since the original may
/// have sent them. An admin can still send each.
pub(super) async fn give_up_pending_messages(db: &mut PgConnection, now: Moment) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE webhook_deliveries SET due_at = NULL, dead_at = $1 WHERE due_at IS NOT NULL", now as Moment,)
        .execute(db)
        .await
        .map(drop)
}
