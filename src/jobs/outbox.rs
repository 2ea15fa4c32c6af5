//! Sends the mails that wait in the outbox.
//!
//! A server takes one mail at a time, in a transaction that locks its row until it is sent. Other servers skip it, and
//! a server that crashes in between leaves it to them. A crash between the mail server's confirmation and the commit
//! sends a mail twice; no mail is lost.

use std::time::Duration;

use anyhow::Context as _;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor, message::header::ContentType,
    transport::smtp::extension::ClientId,
};
use secrecy::ExposeSecret as _;

use crate::{
    config::MailSettings,
    encryption::EncryptionKey,
    mail::{self, Mail, QueuedMail},
    state::AppState,
};

/// How often the outbox is polled.
const POLL_INTERVAL: Duration = Duration::from_secs(5);

/// Time limit for sending one mail.
const SMTP_TIMEOUT: Duration = Duration::from_secs(20);

/// Seconds before the second attempt; each delay after it is twice as long, up to an hour.
const FIRST_RETRY_SECONDS: i64 = 30;
const MAX_RETRY_SECONDS: i64 = 3_600;

/// Sends due mails until the process is asked to stop.
pub async fn run(state: AppState) {
    if state.config.mail.is_none() {
        return;
    }
    let mut every = tokio::time::interval(POLL_INTERVAL);
    loop {
        tokio::select! {
            () = state.stop.cancelled() => return,
            _ = every.tick() => {}
        }
        // The stores are closed when the process ends. The next start sends the rest.
        if let Err(error) = send_due(&state).await
            && !state.stop.is_cancelled()
        {
            tracing::error!(error = format!("{error:#}"), "the outbox could not be read");
        }
    }
}

/// Sends due mails; returns how many were sent.
///
/// # Errors
/// When the database fails. A mail that can't be sent is postponed, which is not an error here.
pub async fn send_due(state: &AppState) -> anyhow::Result<usize> {
    let (Some(settings), Some(key)) = (&state.config.mail, &state.config.secret_key) else { return Ok(0) };
    let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(settings.smtp_url.expose_secret())
        .context("SIGNOFF_SMTP_URL is not understood")?
        .hello_name(ClientId::Domain(state.config.public_url.host().to_owned()))
        .timeout(Some(SMTP_TIMEOUT))
        .build();
    let mut gone = 0;
    while !state.stop.is_cancelled() {
        let now = state.clock.now();
        let mut transaction = state.db.begin().await?;
        let Some(waiting) = mail::take_due_mail(&mut transaction, now).await? else { break };
        let QueuedMail { id, tries, expires_at, .. } = waiting;
        if expires_at <= now {
            tracing::error!(%id, tries, "a letter was of no use any more and was not sent");
            mail::delete_mail(&mut transaction, id).await?;
        } else if let Err(error) = send(&server, (settings, key), &waiting).await {
            tracing::warn!(%id, tries, error = format!("{error:#}"), "a letter could not be sent; it is tried again");
            mail::postpone_mail(&mut transaction, id, now.plus_seconds(retry_delay(tries))).await?;
        } else {
            mail::delete_mail(&mut transaction, id).await?;
            gone += 1;
        }
        transaction.commit().await?;
    }
    Ok(gone)
}

async fn send(
    server: &AsyncSmtpTransport<Tokio1Executor>,
    (settings, key): (&MailSettings, &EncryptionKey),
    waiting: &QueuedMail,
) -> anyhow::Result<()> {
    let letter = Mail::decrypt(key, waiting.id, &waiting.letter)
        .context("it does not open with SIGNOFF_SECRET_KEY: it was written under another key")?;
    let to = letter.to.as_str().parse().map_err(|_| anyhow::anyhow!("nobody can be written to at the address"))?;
    let message = Message::builder()
        .from(settings.from.clone())
        .to(to)
        .subject(letter.subject)
        // It was sent by a machine, so automatic replies are not wanted (RFC 3834).
        .header(AutoSubmitted)
        .header(ContentType::TEXT_PLAIN)
        .body(letter.text)?;
    // The mail server's answer may repeat the recipient's address, so only its code is kept.
    match server.send(message).await {
        Ok(_) => Ok(()),
        Err(error) => match error.status() {
            Some(code) => anyhow::bail!("the mail server answered {code}"),
            None => anyhow::bail!("the mail server can't be reached, or broke off"),
        },
    }
}

/// Seconds until the next attempt, after this number of failed ones.
fn retry_delay(tries: i32) -> i64 {
    let doubled = u32::try_from(tries).ok().and_then(|tries| FIRST_RETRY_SECONDS.checked_shl(tries.min(20)));
    doubled.unwrap_or(MAX_RETRY_SECONDS).min(MAX_RETRY_SECONDS)
}

/// `Auto-Submitted: auto-generated`
#[derive(Clone)]
struct AutoSubmitted;

impl lettre::message::header::Header for AutoSubmitted {
    fn name() -> lettre::message::header::HeaderName {
        lettre::message::header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> lettre::message::header::HeaderValue {
        lettre::message::header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_delay_grows_to_an_hour() {
        assert_eq!([0, 1, 2, 6, 7, 1_000].map(retry_delay), [30, 60, 120, 1_920, 3_600, 3_600]);
    }
}
