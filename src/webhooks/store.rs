//! The rows of webhooks and of the messages to them.

use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use crate::domain::{
    ids::{LaunchId, UserId},
    time::Moment,
    webhook_rules::WebhookForm,
};

/// A webhook that was not removed.
#[derive(Debug, Clone)]
pub(super) struct Webhook {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) form: WebhookForm,
    pub(super) launch: Option<LaunchId>,
    pub(super) tag: Option<String>,
    pub(super) topics: Vec<String>,
    pub(super) host: String,
    pub(super) created_at: Moment,
}

pub(super) struct NewWebhook<'a> {
    pub(super) id: Uuid,
    pub(super) name: &'a str,
    pub(super) form: WebhookForm,
    pub(super) tag: Option<&'a str>,
    pub(super) launch: Option<LaunchId>,
    pub(super) topics: &'a [String],
    pub(super) language: &'a str,
    pub(super) address: &'a [u8],
    pub(super) host: &'a str,
    pub(super) secret: Option<&'a [u8]>,
    pub(super) at: Moment,
    pub(super) by: UserId,
}

/// A message that this server has leased.
#[derive(Debug)]
pub(super) struct LeasedMessage {
    pub(super) id: Uuid,
    pub(super) webhook: Uuid,
    pub(super) launch: Option<LaunchId>,
    pub(super) first_seq: Option<i64>,
    pub(super) last_seq: Option<i64>,
    /// The number of attempts, with this one.
    pub(super) attempts: i32,
    pub(super) form: WebhookForm,
    pub(super) scope_launch: Option<LaunchId>,
    pub(super) language: String,
    pub(super) address: Vec<u8>,
    pub(super) secret: Option<Vec<u8>>,
}

/// A message in the list of those that were made.
#[derive(Debug)]
pub(super) struct DeliveryRow {
    pub(super) id: Uuid,
    pub(super) webhook: String,
    pub(super) launch: Option<LaunchId>,
    pub(super) made_at: Moment,
    pub(super) attempts: i32,
    pub(super) error: Option<String>,
    pub(super) sent_at: Option<Moment>,
    pub(super) dead_at: Option<Moment>,
}

pub(super) async fn load_webhooks(db: impl PgExecutor<'_>) -> Result<Vec<Webhook>, sqlx::Error> {
    sqlx::query_as!(
        Webhook,
        r#"SELECT id, name, form AS "form: WebhookForm", launch_id AS "launch: LaunchId", tag, topics, host,
                  created_at AS "created_at: Moment"
           FROM webhooks WHERE removed_at IS NULL ORDER BY name, id"#
    )
    .fetch_all(db)
    .await
}

pub(super) async fn load_deliveries(db: impl PgExecutor<'_>, limit: i64) -> Result<Vec<DeliveryRow>, sqlx::Error> {
    sqlx::query_as!(
        DeliveryRow,
        r#"SELECT d.id, w.name AS webhook, d.launch_id AS "launch: LaunchId", d.made_at AS "made_at: Moment", d.attempts,
                  d.error, d.sent_at AS "sent_at: Moment", d.dead_at AS "dead_at: Moment"
           FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
           ORDER BY d.made_at DESC, d.id LIMIT $1"#,
        limit,
    )
    .fetch_all(db)
    .await
}

pub(super) async fn insert_webhook(conn: &mut PgConnection, new: &NewWebhook<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO webhooks
             (id, name, form, launch_id, tag, topics, language, address, host, secret, created_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        new.id,
        new.name,
        new.form.name(),
        new.launch as Option<LaunchId>,
        new.tag,
        new.topics,
        new.language,
        new.address,
        new.host,
        new.secret,
        new.at as Moment,
        new.by.uuid(),
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Marks a webhook as removed, and gives its messages up; `None` if there is none, or else its name.
pub(super) async fn remove_webhook(
    conn: &mut PgConnection,
    id: Uuid,
    now: Moment,
) -> Result<Option<String>, sqlx::Error> {
    let name = sqlx::query_scalar!(
        "UPDATE webhooks SET removed_at = $2, address = '', secret = NULL
         WHERE id = $1 AND removed_at IS NULL RETURNING name",
        id,
        now as Moment,
    )
    .fetch_optional(&mut *conn)
    .await?;
    sqlx::query!("DELETE FROM webhook_deliveries WHERE webhook_id = $1 AND sent_at IS NULL", id).execute(conn).await?;
    Ok(name)
}

/// Adds a test message; false if there is no such webhook.
pub(super) async fn insert_test(
    db: impl PgExecutor<'_>,
    id: Uuid,
    webhook: Uuid,
    now: Moment,
) -> Result<bool, sqlx::Error> {
    let added = sqlx::query!(
        "INSERT INTO webhook_deliveries (id, webhook_id, made_at, due_at)
         SELECT $1, id, $3, $3 FROM webhooks WHERE id = $2 AND removed_at IS NULL",
        id,
        webhook,
        now as Moment,
    )
    .execute(db)
    .await?;
    Ok(added.rows_affected() == 1)
}

/// Makes a message due that was given up; false if there is none.
pub(super) async fn make_due_again(db: impl PgExecutor<'_>, id: Uuid, now: Moment) -> Result<bool, sqlx::Error> {
    let due = sqlx::query!(
        "UPDATE webhook_deliveries SET dead_at = NULL, attempts = 0, due_at = $2 WHERE id = $1 AND dead_at IS NOT NULL",
        id,
        now as Moment,
    )
    .execute(db)
    .await?;
    Ok(due.rows_affected() == 1)
}

/// Leases the messages that are due and that no other server has, for a minute.
pub(super) async fn lease_due(
    db: impl PgExecutor<'_>,
    now: Moment,
    limit: i64,
) -> Result<Vec<LeasedMessage>, sqlx::Error> {
    sqlx::query_as!(
        LeasedMessage,
        r#"UPDATE webhook_deliveries d
           SET leased_until = statement_timestamp() + interval '1 minute', attempts = attempts + 1
           FROM webhooks w
           WHERE w.id = d.webhook_id AND d.id IN (
               SELECT id FROM webhook_deliveries
               WHERE due_at <= $1 AND (leased_until IS NULL OR leased_until <= statement_timestamp())
               ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED)
           RETURNING d.id, w.id AS webhook, d.launch_id AS "launch: LaunchId", d.first_seq, d.last_seq, d.attempts,
                     w.form AS "form: WebhookForm", w.launch_id AS "scope_launch: LaunchId", w.language, w.address,
                     w.secret"#,
        now as Moment,
        limit,
    )
    .fetch_all(db)
    .await
}

/// Ends an attempt: sent, due again, or given up.
pub(super) async fn end_attempt(
    db: impl PgExecutor<'_>,
    id: Uuid,
    error: Option<&str>,
    (sent_at, due_at, dead_at): (Option<Moment>, Option<Moment>, Option<Moment>),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE webhook_deliveries
         SET error = $2, sent_at = $3, due_at = $4, dead_at = $5, leased_until = NULL WHERE id = $1",
        id,
        error,
        sent_at as Option<Moment>,
        due_at as Option<Moment>,
        dead_at as Option<Moment>,
    )
    .execute(db)
    .await
    .map(drop)
}

/// Deletes the messages that were made before this.
pub(super) async fn delete_before(db: impl PgExecutor<'_>, before: Moment) -> Result<u64, sqlx::Error> {
    let gone = sqlx::query!("DELETE FROM webhook_deliveries WHERE made_at < $1 AND due_at IS NULL", before as Moment);
    Ok(gone.execute(db).await?.rows_affected())
}
