//! Settings of mail.

use lettre::message::Mailbox;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::{
    addresses::{check_encoding, is_loopback},
    reader::SettingReader,
    setting::{Setting, ValueRule, parsed},
};

#[derive(Debug, Clone)]
pub struct MailSettings {
    /// The mail server, with user name and password (`SIGNOFF_SMTP_URL`).
    pub smtp_url: SecretString,
    /// The sender's address, optionally with a name (`SIGNOFF_MAIL_FROM`).
    pub from: Mailbox,
}

fn smtp_url() -> Setting<SecretString> {
    let must = "must be an address such as smtps://name:password@mail.example.org";
    Setting::new(
        "SIGNOFF_SMTP_URL",
        ValueRule::new("an address that begins with smtps:// or smtp://", move |text| {
            check_encoding(text)?;
            let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "smtp" | "smtps") && url.has_host());
            let url = url.ok_or(must)?;
            let protected =
                url.scheme() == "smtps" || url.query_pairs().any(|(key, value)| key == "tls" && value == "required");
            if !protected && !is_loopback(url.host_str().unwrap_or_default()) {
                return Err("must begin with smtps:// or end with ?tls=required: letters hold links that let people in, \
                            and go over TLS or not at all, except to this machine"
                    .to_owned());
            }
            Ok(text.into())
        }),
        "The mail server, for invitations, password reset links, and notifications of changes to a person's account. It \
         must use TLS (smtps://, or smtp:// with ?tls=required at the end), unless it is on this machine. Needs \
         SIGNOFF_SECRET_KEY and SIGNOFF_MAIL_FROM.",
    )
    .secret()
    .optional("none; then admins hand the links over")
    .example("smtps://NAME:PASSWORD@mail.example.org")
}

fn mail_from() -> Setting<Mailbox> {
    Setting::new(
        "SIGNOFF_MAIL_FROM",
        parsed("whom mail is from, such as signoff <signoff@example.org>"),
        "The sender of mails.",
    )
    .optional("none; required with SIGNOFF_SMTP_URL")
    .example("signoff <signoff@example.org>")
}

impl MailSettings {
    /// `None` if no mail is sent.
    pub(super) fn read(reader: &mut SettingReader<'_>) -> Option<Self> {
        let smtp_url = reader.read(smtp_url());
        let from = reader.read(mail_from());
        let smtp_url = smtp_url?;
        if !reader.is_set("SIGNOFF_SECRET_KEY") {
            reader.add_problem(
                "SIGNOFF_SMTP_URL",
                "must be set along with SIGNOFF_SECRET_KEY: letters wait in the database encrypted",
            );
        }
        if !reader.is_set("SIGNOFF_MAIL_FROM") {
            reader.add_problem("SIGNOFF_MAIL_FROM", "must be whom mail is from, such as signoff <signoff@example.org>");
        }
        Some(Self { smtp_url, from: from? })
    }

    /// The mail server's host, for messages.
    #[must_use]
    pub fn host(&self) -> String {
        Url::parse(self.smtp_url.expose_secret())
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_default()
    }
}
