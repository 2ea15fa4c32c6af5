//! Sends one mail.
//!
//! A mail is a job of the queue. A crash between the mail server's confirmation and the end of the job sends it twice; no
//! mail is lost.

use std::time::Duration;

use anyhow::Context as _;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::extension::ClientId,
};
use secrecy::ExposeSecret as _;

use crate::{config::MailSettings, mail::Mail, queue::LeasedJob, state::AppState};

/// Time limit for sending one mail.
const SMTP_TIMEOUT: Duration = Duration::from_secs(20);

/// Sends the mail of a job.
///
/// # Errors
/// When it can't be sent now, or is of no use any more because its link has ended.
pub(super) async fn send_mail(state: &AppState, job: &LeasedJob) -> anyhow::Result<()> {
    let (Some(settings), Some(key)) = (&state.config.mail, &state.config.secret_key) else {
        anyhow::bail!("no mail server is configured");
    };
    let Some(encrypted_mail) = &job.payload else { anyhow::bail!("the job has no mail") };
    if job.expires_at.is_some_and(|until| until <= state.clock.now()) {
        anyhow::bail!("it was of no use any more: its link had ended");
    }
    let mail = Mail::decrypt(key, job.id, encrypted_mail)
        .context("it does not open with SIGNOFF_SECRET_KEY: it was written under another key")?;
    let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(settings.smtp_url.expose_secret())
        .context("SIGNOFF_SMTP_URL is not understood")?
        .hello_name(ClientId::Domain(state.config.public_url.host().to_owned()))
        .timeout(Some(SMTP_TIMEOUT))
        .build();
    send(&server, settings, mail).await
}

async fn send(server: &AsyncSmtpTransport<Tokio1Executor>, settings: &MailSettings, mail: Mail) -> anyhow::Result<()> {
    let to = mail.to.as_str().parse().map_err(|_| anyhow::anyhow!("nobody can be written to at the address"))?;
    let message = build_message(settings, to, mail)?;
    // The mail server's answer may repeat the recipient's address, so only its code is kept.
    match server.send(message).await {
        Ok(_) => Ok(()),
        Err(error) => match error.status() {
            Some(code) => anyhow::bail!("the mail server answered {code}"),
            None => anyhow::bail!("the mail server can't be reached, or broke off"),
        },
    }
}

fn build_message(settings: &MailSettings, to: Mailbox, mail: Mail) -> anyhow::Result<Message> {
    let mut builder = Message::builder()
        .from(settings.from.clone())
        .to(to)
        .subject(mail.subject)
        // It was sent by a machine, so automatic replies are not wanted (RFC 3834).
        .header(AutoSubmitted);
    if let Some(thread) = mail.thread {
        builder = builder
            .message_id(Some(thread.message_id))
            .raw_header(raw_header("List-Unsubscribe", format!("<{}>", thread.unsubscribe)))
            .raw_header(raw_header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
        if let Some(id) = thread.thread_id {
            builder = builder.in_reply_to(id.clone()).references(id);
        }
    }
    Ok(match mail.html {
        Some(html) => builder.multipart(MultiPart::alternative_plain_html(mail.text, html))?,
        None => builder.header(ContentType::TEXT_PLAIN).body(mail.text)?,
    })
}

fn raw_header(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

/// The header `Auto-Submitted: auto-generated` (RFC 3834).
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
