//! Checks of mail: the server, its TLS and its login, and with an address a real mail.

use std::time::Duration;

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor, message::header::ContentType,
    transport::smtp::extension::ClientId,
};
use secrecy::ExposeSecret as _;

use super::report::DoctorReport;
use crate::config::{Config, MailSettings};

/// Time limit for a step of the conversation with the mail server.
const SMTP_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) async fn check(config: &Config, to: Option<&Address>, report: &mut DoctorReport) {
    let check = "mail";
    let Some(mail) = &config.mail else {
        match to {
            Some(_) => report.fail(check, "no mail can be sent", "Set SIGNOFF_SMTP_URL and SIGNOFF_MAIL_FROM."),
            None => report.ok(check, "none is sent; admins hand links over"),
        }
        return;
    };
    let done = match to {
        Some(to) => send(config, mail, to).await,
        None => connect(config, mail).await,
    };
    match done {
        Ok(message) => report.ok(check, message),
        Err(error) => report.fail(
            check,
            format!("{}: {}", mail.host(), describe(&error)),
            "Correct SIGNOFF_SMTP_URL: scheme (smtps:// for port 465), port, name and password.",
        ),
    }
}

fn transport(config: &Config, mail: &MailSettings) -> Result<AsyncSmtpTransport<Tokio1Executor>, anyhow::Error> {
    Ok(AsyncSmtpTransport::<Tokio1Executor>::from_url(mail.smtp_url.expose_secret())?
        .hello_name(ClientId::Domain(config.public_url.host().to_owned()))
        .timeout(Some(SMTP_TIMEOUT))
        .build())
}

/// Connects, which includes EHLO, TLS and the login.
async fn connect(config: &Config, mail: &MailSettings) -> anyhow::Result<String> {
    if transport(config, mail)?.test_connection().await? {
        Ok(format!("{} accepts the connection and the login; --mail-to ADDRESS sends a mail", mail.host()))
    } else {
        anyhow::bail!("the mail server broke off")
    }
}

async fn send(config: &Config, mail: &MailSettings, to: &Address) -> anyhow::Result<String> {
    let site = config.public_url.origin();
    let message = Message::builder()
        .from(mail.from.clone())
        .to(to.clone().into())
        .subject(format!("Test mail of {site}"))
        .header(ContentType::TEXT_PLAIN)
        .body(format!("`signoff doctor` of {site} sent this mail, to see whether mails arrive.\n"))?;
    transport(config, mail)?.send(message).await?;
    Ok(format!("{} took the mail to {to}; look whether it arrives", mail.host()))
}

/// The causes in one line.
fn describe(error: &anyhow::Error) -> String {
    let mut causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    // An error repeats its cause in its own text.
    causes.dedup_by(|cause, before| before.contains(cause.as_str()));
    causes.join(": ")
}
