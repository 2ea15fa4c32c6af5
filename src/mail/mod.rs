//! Mail: what is written, and the outbox it waits in until [`crate::jobs::letters`] sends it.
//!
//! A letter is put into the outbox in the transaction that it tells of, so that there is one exactly when that was done.
//! It waits encrypted, since it may hold a link that lets somebody in. In it is what the person needs to know, and whom
//! they would ask; nothing of any launch.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    ambient,
    domain::{
        text::{Email, PersonName},
        time::Moment,
    },
    sealed::{For, SealingKey},
    state::AppState,
};

mod store;
mod texts;

pub use store::{Waiting, later, next, take_out};

/// Seconds that a letter without a link of its own is tried for: two days.
const NEWS_LASTS: i64 = 2 * 86_400;

/// A letter.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// To whom.
    pub to: Email,
    /// What it is about.
    pub subject: String,
    /// What it says: plain text.
    pub text: String,
}

impl Letter {
    /// Reads one from the outbox; nothing when it was sealed with another key.
    #[must_use]
    pub fn open(key: &SealingKey, id: Uuid, sealed: &[u8]) -> Option<Self> {
        serde_json::from_slice(&key.open(For::Letter, id, sealed)?).ok()
    }
}

/// What somebody is written about.
pub enum About<'a> {
    /// They are invited.
    Invitation {
        /// Who invites them.
        by: &'a PersonName,
        /// The address at which they make their account.
        link: &'a str,
    },
    /// They may choose a new password.
    Reset {
        /// The address at which they do.
        link: &'a str,
    },
    /// An admin, or whoever runs the server, made a link with which a new password can be chosen for them.
    ResetMade {
        /// The admin; nobody at the server's command line.
        by: Option<&'a PersonName>,
    },
    /// A new password was chosen.
    PasswordChanged,
    /// A new password was chosen by a link that an admin, or whoever runs the server, had made.
    PasswordReset {
        /// The admin; nobody at the server's command line.
        by: Option<&'a PersonName>,
    },
    /// A second factor was set up.
    SecondFactorSetUp,
    /// They turned their second factor off.
    SecondFactorTurnedOff,
    /// Their second factor was removed by an admin, or by whoever runs the server.
    SecondFactorRemoved {
        /// The admin; nobody at the server's command line.
        by: Option<&'a PersonName>,
    },
}

/// Puts a letter into the outbox, where mail is sent at all. `until`: when it is of no use any more.
///
/// # Errors
/// When the database fails.
pub async fn post(
    conn: &mut PgConnection,
    state: &AppState,
    (name, to): (&PersonName, &Email),
    about: About<'_>,
    until: Option<Moment>,
) -> Result<(), crate::web::Error> {
    let (Some(_), Some(key)) = (&state.config.mail, &state.config.secret_key) else { return Ok(()) };
    let now = state.clock.now();
    let (subject, text) = texts::written(&state.config.public_url, name, &about);
    let letter = Letter { to: to.clone(), subject, text };
    let id: Uuid = ambient::new_id();
    let open = serde_json::to_vec(&letter).map_err(anyhow::Error::from)?;
    let sealed = key.seal(For::Letter, id, &open)?;
    let until = until.unwrap_or_else(|| now.plus_seconds(NEWS_LASTS));
    Ok(store::put(conn, id, &sealed, now, until).await?)
}
