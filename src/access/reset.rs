//! The way back to a forgotten password: a link that works once, for a while, until a newer one is made.
//!
//! It says who may choose a new password and nothing more: a second factor is asked for as before.

use sqlx::PgConnection;

use super::{
    account::Account,
    store::{self, NewReset},
    token::Token,
};
use crate::{
    ambient,
    domain::{ids::RequestId, installation::InstallationEvent, launch::event::PersonRef, time::Moment},
    record,
    state::AppState,
};

/// Seconds that a link lasts which an admin hands over: a day.
pub const HANDED_OVER: i64 = 86_400;

/// Seconds that one lasts which goes by mail to whoever asked for it: an hour.
pub const BY_MAIL: i64 = 3_600;

/// A link, to be shown or sent once.
pub struct Link {
    /// The address.
    pub address: String,
    /// Until when it works.
    pub until: Moment,
}

/// Makes a link with which somebody chooses a new password, in place of any before it, and tells of it in the
/// installation's log: as made by an admin, or by nobody who was signed in.
///
/// # Errors
/// When the database fails.
pub async fn make(
    conn: &mut PgConnection,
    state: &AppState,
    account: &Account,
    (by, lasts): (Option<&PersonRef>, i64),
    request: RequestId,
) -> Result<Link, sqlx::Error> {
    let (token, at) = (Token::draw(), state.clock.now());
    let until = at.plus_seconds(lasts);
    let new = NewReset {
        id: ambient::new_id(),
        user: account.id,
        token: token.hash(),
        by: by.map(|by| by.id),
        at,
        expires_at: until,
    };
    store::replace_reset(conn, new).await?;
    let event = InstallationEvent::ResetMade { user: account.id };
    record::installation::append(conn, by, &event, None, request, at).await?;
    let address = state.config.public_url.with_path(&format!("/password-resets/{}", token.text()));
    Ok(Link { address, until })
}
