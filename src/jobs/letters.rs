//! Sending the letters that wait in the outbox.
//!
//! A server takes one letter at a time, in a transaction that holds its row until it was sent: others pass over it, and
//! a server that dies in the middle leaves it to them. A crash between the mail server's yes and the commit sends a
//! letter twice; none is lost.

use std::time::Duration;

use anyhow::Context as _;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor, message::header::ContentType,
    transport::smtp::extension::ClientId,
};
use secrecy::ExposeSecret as _;

use crate::{
    config::MailSettings,
    mail::{self, Letter, Waiting},
    sealed::SealingKey,
    state::AppState,
};

/// How often it is looked whether there are any.
const EVERY: Duration = Duration::from_secs(5);

/// How long the mail server may take over one.
const PATIENCE: Duration = Duration::from_secs(20);

/// Seconds until the second try; each pause after it is twice as long, up to an hour.
const FIRST_PAUSE: i64 = 30;
const LONGEST_PAUSE: i64 = 3_600;

/// Sends what is due, until the process is asked to end.
pub async fn run(state: AppState) {
    if state.config.mail.is_none() {
        return;
    }
    let mut every = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            () = state.stop.cancelled() => return,
            _ = every.tick() => {}
        }
        if let Err(error) = once(&state).await {
            tracing::error!(error = format!("{error:#}"), "the outbox could not be looked through");
        }
    }
}

/// Sends what is due; answers how many letters went out.
///
/// # Errors
/// When the database fails. A letter that can't be sent is put off, which is no error of this.
pub async fn once(state: &AppState) -> anyhow::Result<usize> {
    let (Some(settings), Some(key)) = (&state.config.mail, &state.config.secret_key) else { return Ok(0) };
    let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(settings.smtp_url.expose_secret())
        .context("SIGNOFF_SMTP_URL is not understood")?
        .hello_name(ClientId::Domain(state.config.public_url.host().to_owned()))
        .timeout(Some(PATIENCE))
        .build();
    let mut gone = 0;
    while !state.stop.is_cancelled() {
        let now = state.clock.now();
        let mut transaction = state.db.begin().await?;
        let Some(waiting) = mail::next(&mut transaction, now).await? else { break };
        let Waiting { id, tries, expires_at, .. } = waiting;
        if expires_at <= now {
            tracing::error!(%id, tries, "a letter was of no use any more and was not sent");
            mail::take_out(&mut transaction, id).await?;
        } else if let Err(error) = send(&server, (settings, key), &waiting).await {
            tracing::warn!(%id, tries, error = format!("{error:#}"), "a letter could not be sent; it is tried again");
            mail::later(&mut transaction, id, now.plus_seconds(pause(tries))).await?;
        } else {
            mail::take_out(&mut transaction, id).await?;
            gone += 1;
        }
        transaction.commit().await?;
    }
    Ok(gone)
}

async fn send(
    server: &AsyncSmtpTransport<Tokio1Executor>,
    (settings, key): (&MailSettings, &SealingKey),
    waiting: &Waiting,
) -> anyhow::Result<()> {
    let letter = Letter::open(key, waiting.id, &waiting.letter)
        .context("it does not open with SIGNOFF_SECRET_KEY: it was written under another key")?;
    let to = letter.to.as_str().parse().map_err(|_| anyhow::anyhow!("nobody can be written to at the address"))?;
    let message = Message::builder()
        .from(settings.from.clone())
        .to(to)
        .subject(letter.subject)
        // A machine wrote it: whoever is away does not answer it (RFC 3834).
        .header(AutoSubmitted)
        .header(ContentType::TEXT_PLAIN)
        .body(letter.text)?;
    // What the server answers may repeat the address it was given, so that only its code is kept.
    match server.send(message).await {
        Ok(_) => Ok(()),
        Err(error) => match error.status() {
            Some(code) => anyhow::bail!("the mail server answered {code}"),
            None => anyhow::bail!("the mail server can't be reached, or broke off"),
        },
    }
}

/// Seconds until a letter is tried again that was tried so often before.
fn pause(tries: i32) -> i64 {
    let doubled = u32::try_from(tries).ok().and_then(|tries| FIRST_PAUSE.checked_shl(tries.min(20)));
    doubled.unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE)
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
    fn pauses_grow_to_an_hour() {
        assert_eq!([0, 1, 2, 6, 7, 1_000].map(pause), [30, 60, 120, 1_920, 3_600, 3_600]);
    }
}
