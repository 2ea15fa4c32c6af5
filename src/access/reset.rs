//! The way back to a forgotten password: a link that works once, for a while, until the password is changed otherwise.
//!
//! It says who may choose a new password and nothing more: a second factor is asked for as before. A link that somebody else
//! made and could have used is a renewal ([`crate::domain::launch::way_in`]): the person is told when it is made, and waits
//! after its use.

use sqlx::PgConnection;

use super::{
    account::Account,
    store::{self, NewReset},
    token::Token,
};
use crate::{
    ambient,
    domain::{
        ids::{RenewalId, RequestId},
        installation::InstallationEvent,
        launch::{event::PersonRef, way_in::RenewalKind},
        time::Moment,
    },
    mail::{self, About},
    record::{
        self,
        renewals::{self, NewRenewal},
    },
    state::AppState,
    web::Error,
};

/// Seconds that a link lasts which somebody else hands over: a day.
pub const HANDED_OVER: i64 = 86_400;

/// Seconds that one lasts which goes by mail to whoever asked for it: an hour.
const BY_MAIL: i64 = 3_600;

/// Who makes a link.
#[derive(Debug, Clone, Copy)]
pub enum Maker<'a> {
    /// An admin, who hands it over.
    Admin(&'a PersonRef),
    /// Whoever runs the server, at its command line.
    CommandLine,
    /// The person asked for it themselves, and it goes to them by mail.
    Mail,
}

impl<'a> Maker<'a> {
    /// The admin, where it is one.
    const fn admin(self) -> Option<&'a PersonRef> {
        match self {
            Self::Admin(by) => Some(by),
            Self::CommandLine | Self::Mail => None,
        }
    }
}

/// A link, to be shown or sent once.
pub struct Link {
    /// The address.
    pub address: String,
    /// Until when it works.
    pub until: Moment,
}

/// Makes a link with which somebody chooses a new password, tells of it in the installation's log, and, where somebody
/// else made it, tells the person by mail. Links that others made before work no more.
///
/// # Errors
/// When the database fails.
pub async fn make(
    conn: &mut PgConnection,
    state: &AppState,
    account: &Account,
    maker: Maker<'_>,
    request: RequestId,
) -> Result<Link, Error> {
    let (token, at, by) = (Token::draw(), state.clock.now(), maker.admin());
    let (lasts, renewal) = match maker {
        Maker::Admin(_) | Maker::CommandLine => (HANDED_OVER, Some(ambient::new_id::<RenewalId>())),
        Maker::Mail => (BY_MAIL, None),
    };
    if let Some(id) = renewal {
        let (user, by) = (account.id, by.map(|by| by.id));
        let new = NewRenewal { id, user, how: RenewalKind::ResetLink, by, at, at_once: false };
        renewals::add(conn, new).await?;
        let about = About::ResetMade { by: maker.admin().map(|by| &by.name) };
        mail::post(conn, state, (&account.name, &account.email), about, None).await?;
    }
    let until = at.plus_seconds(lasts);
    let new = NewReset {
        id: ambient::new_id(),
        user: account.id,
        token: token.hash(),
        by: by.map(|by| by.id),
        at,
        expires_at: until,
        renewal,
    };
    store::add_reset(conn, new).await?;
    let event = InstallationEvent::ResetMade { user: account.id };
    record::installation::append(conn, by, &event, None, request, at).await?;
    let address = state.config.public_url.with_path(&format!("/password-resets/{}", token.text()));
    Ok(Link { address, until })
}
