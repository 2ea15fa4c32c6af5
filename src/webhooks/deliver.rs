//! Sends the messages that are due.

use std::panic::AssertUnwindSafe;

use anyhow::Context as _;
use futures_util::{FutureExt as _, future::join_all};
use http::{HeaderMap, HeaderValue, header};
use serde_json::Value;
use url::Url;

use super::{
    message::WebhookMessage,
    signature,
    store::{self, LeasedMessage},
};
use crate::{
    domain::{
        launch::event::Event,
        time::DAY_SECONDS,
        webhook_rules::{MAX_ATTEMPTS, retry_delay},
    },
    encryption::SecretPurpose,
    outgoing::OutgoingClient,
    record::events::load_events,
    state::AppState,
    texts::Language,
};

/// How many messages are leased and sent at once: each takes ten seconds at most.
const AT_ONCE: usize = 16;

/// How many events a message is composed from.
const MAX_EVENTS: i64 = 500;

/// How long messages are kept, in seconds.
const RETENTION_SECONDS: i64 = 30 * DAY_SECONDS;

/// Sends what is due; returns how many messages were sent.
///
/// # Errors
/// When the database fails. A message that fails is tried again.
pub async fn send_due_messages(state: &AppState) -> anyhow::Result<usize> {
    let client = OutgoingClient::new(&state.config.webhooks_inside);
    let mut sent = 0;
    while !state.stop.is_cancelled() {
        let due = store::lease_due(&state.db, state.clock.now(), AT_ONCE as i64).await?;
        if due.is_empty() {
            break;
        }
        for end in join_all(due.into_iter().map(|message| deliver(state, &client, message))).await {
            sent += usize::from(end?);
        }
    }
    Ok(sent)
}

/// Deletes old messages.
///
/// # Errors
/// When the database fails.
pub async fn delete_old_messages(state: &AppState) -> Result<u64, sqlx::Error> {
    store::delete_before(&state.db, state.clock.now().plus_seconds(-RETENTION_SECONDS)).await
}

/// Tries a message and writes down how it ended; returns whether it was sent.
async fn deliver(state: &AppState, client: &OutgoingClient, message: LeasedMessage) -> Result<bool, sqlx::Error> {
    // A panic ends the attempt of one message, and not those of the others.
    let attempt = AssertUnwindSafe(send(state, client, &message)).catch_unwind().await;
    let result = attempt.unwrap_or_else(|_| Err(anyhow::anyhow!("a fault of the program")));
    let now = state.clock.now();
    let (error, end) = match result {
        Ok(()) => (None, (Some(now), None, None)),
        Err(error) => {
            let is_last = message.attempts >= MAX_ATTEMPTS;
            let next = now.plus_seconds(retry_delay(message.attempts));
            let error: String = format!("{error:#}").chars().take(300).collect();
            tracing::warn!(webhook = %message.webhook, id = %message.id, error, is_last, "a webhook was not reached");
            (Some(error), if is_last { (None, None, Some(now)) } else { (None, Some(next), None) })
        }
    };
    store::end_attempt(&state.db, message.id, error.as_deref(), end).await?;
    Ok(error.is_none())
}

async fn send(state: &AppState, client: &OutgoingClient, leased: &LeasedMessage) -> anyhow::Result<()> {
    let key = state.config.secret_key.as_ref().context("there is no SIGNOFF_SECRET_KEY")?;
    let address = key
        .decrypt(SecretPurpose::WebhookAddress, leased.webhook, &leased.address)
        .context("its address does not open with SIGNOFF_SECRET_KEY")?;
    let address = Url::parse(std::str::from_utf8(&address)?)?;
    let Some(body) = compose(state, leased).await? else { return Ok(()) };
    let body = serde_json::to_vec(&body)?;
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::USER_AGENT, HeaderValue::from_static(concat!("signoff/", env!("CARGO_PKG_VERSION"))));
    if let Some(secret) = &leased.secret {
        let secret = key
            .decrypt(SecretPurpose::WebhookSecret, leased.webhook, secret)
            .context("its secret does not open with SIGNOFF_SECRET_KEY")?;
        let (id, timestamp) = (leased.id.to_string(), state.clock.now().timestamp().as_second());
        let signed = signature::sign(&secret, &id, timestamp, &body).context("the secret can't sign")?;
        headers.insert("webhook-id", HeaderValue::from_str(&id)?);
        headers.insert("webhook-timestamp", HeaderValue::from(timestamp));
        headers.insert("webhook-signature", HeaderValue::from_str(&signed)?);
    }
    client.post(&address, headers, body).await?;
    Ok(())
}

/// The body of the message as it is now; `None` if it is not to be sent any more, because its launch was restricted meanwhile.
async fn compose(state: &AppState, leased: &LeasedMessage) -> anyhow::Result<Option<Value>> {
    let now = state.clock.now();
    let language = Language::from_tag(&leased.language).unwrap_or_default();
    let (Some(id), Some(first), Some(last)) = (leased.launch, leased.first_seq, leased.last_seq) else {
        return Ok(Some(language.sync_scope(|| WebhookMessage::test(leased.id, now).to_body(leased.form))));
    };
    let launch = state.record.load(&state.db, id).await?.context("there is no such launch")?;
    if launch.restricted && leased.scope_launch != Some(id) {
        return Ok(None);
    }
    let bytes = load_events(&state.db, id, (first, last), MAX_EVENTS).await?;
    let events: Vec<Event> = bytes.iter().map(|bytes| serde_json::from_slice(bytes)).collect::<Result<_, _>>()?;
    let site = &state.config.public_url;
    let message = || WebhookMessage::new(leased.id, site, &launch, &events, now).to_body(leased.form);
    Ok(Some(language.sync_scope(message)))
}
