//! Mail: its texts, and how it gets into the queue, from which [`crate::jobs`] sends it.
//!
//! A mail is put into the queue in the transaction of the change that it reports, so it exists exactly if the change
//! was made. It is stored encrypted, since it may contain a link with which somebody can sign in. It contains what the
//! person needs to know and whom to ask. Only mails about notifications ([`crate::notification_mail`]) say something about
//! a launch.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    ambient,
    domain::{
        text::{Email, PersonName},
        time::Moment,
    },
    encryption::{EncryptionKey, SecretPurpose},
    queue,
    state::AppState,
    texts::Language,
};

mod compose;
mod store;

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    pub to: Email,
    pub subject: String,
    /// The body, in plain text.
    pub text: String,
    /// The same as HTML, of mails about notifications.
    #[serde(default)]
    pub html: Option<String>,
    /// What mails about notifications say about themselves.
    #[serde(default)]
    pub thread: Option<ThreadHeaders>,
}

/// By which mail programs sort mails about notifications, and end them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadHeaders {
    /// `Message-ID`, in angle brackets.
    pub message_id: String,
    /// The same for all mails about one launch: what each answers to (`References`), though it was never sent.
    pub thread_id: Option<String>,
    /// The address at which one POST ends mails of this kind (RFC 8058).
    pub unsubscribe: String,
}

impl Mail {
    /// Decrypts a mail from the queue; `None` when it was encrypted with another key.
    #[must_use]
    pub fn decrypt(key: &EncryptionKey, id: Uuid, encrypted_mail: &[u8]) -> Option<Self> {
        serde_json::from_slice(&key.decrypt(SecretPurpose::Mail, id, encrypted_mail)?).ok()
    }
}

pub enum MailTopic<'a> {
    Invitation {
        by: &'a PersonName,
        /// The address at which the person creates the account.
        link: &'a str,
    },
    /// The person may choose a new password.
    ResetLink {
        link: &'a str,
    },
    /// An admin, or an operator of the server, made a link with which the person can choose a new password.
    ResetLinkMade {
        /// The admin; `None` when it was done at the server's command line.
        by: Option<&'a PersonName>,
    },
    PasswordChanged,
    NameChanged,
    /// The person confirms their new address, to which this goes.
    AddressLink {
        link: &'a str,
    },
    /// Somebody asked for this address, and another account has it, or one that looks like it.
    AddressIsNotFree,
    /// The person signs in with another address from now on; this goes to the old one.
    AddressChanged,
    /// A new password was chosen with a link that an admin, or an operator of the server, had made.
    PasswordReset {
        /// The admin; `None` when it was done at the server's command line.
        by: Option<&'a PersonName>,
    },
    SecondFactorSetUp,
    SecondFactorTurnedOff,
    /// The nightly verification has found this number of problems; to every admin.
    VerificationFailed {
        problems: i64,
        /// The address of the page that names them.
        page: &'a str,
    },
    /// Their second factor was removed by an admin, or by an operator of the server.
    SecondFactorRemoved {
        /// The admin; `None` when it was done at the server's command line.
        by: Option<&'a PersonName>,
    },
}

/// The message of an invitation, for an admin who sends the link themselves.
#[must_use]
pub fn compose_invitation(state: &AppState, name: &PersonName, by: &PersonName, link: &str) -> String {
    compose::compose(&state.config.public_url, name, &MailTopic::Invitation { by, link }).1
}

/// Puts a mail into the queue, if mail is configured. `until` is when the mail becomes useless, if it contains a link that
/// ends.
pub async fn enqueue(
    conn: &mut PgConnection,
    state: &AppState,
    (name, to): (&PersonName, &Email),
    about: MailTopic<'_>,
    until: Option<Moment>,
) -> Result<(), crate::web::Error> {
    if state.config.mail.is_none() {
        return Ok(());
    }
    // Somebody without an account, or without a choice, reads what the person reads who causes the mail.
    let language = store::find_language(conn, to).await?.unwrap_or_else(Language::current);
    let (subject, text) = language.sync_scope(|| compose::compose(&state.config.public_url, name, &about));
    let mail = Mail { to: to.clone(), subject, text, html: None, thread: None };
    Ok(enqueue_composed(conn, state, &mail, until).await?)
}

/// Puts a mail into the queue whose texts were composed elsewhere, if mail is configured.
///
/// # Errors
/// When the database fails.
pub async fn enqueue_composed(
    conn: &mut PgConnection,
    state: &AppState,
    mail: &Mail,
    until: Option<Moment>,
) -> anyhow::Result<()> {
    let (Some(_), Some(key)) = (&state.config.mail, &state.config.secret_key) else { return Ok(()) };
    let id: Uuid = ambient::new_id();
    let encrypted_mail = key.encrypt(SecretPurpose::Mail, id, &serde_json::to_vec(mail)?)?;
    Ok(queue::add_mail(conn, id, &encrypted_mail, state.clock.now(), until).await?)
}
