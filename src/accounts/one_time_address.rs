//! The addresses that work once: the setup of the first admin, an invitation, a link to choose a new password. Each has a
//! token, of which the database has the hash.

use sqlx::PgConnection;

use super::store::{self, OpenInvitation, OpenReset};
use crate::{access::token::Token, domain::canonical::Sha256Hash, state::AppState, texts, web::Error};

pub(super) fn setup_gone() -> Error {
    Error::NotFoundBecause(texts::setup_address_gone())
}

pub(super) fn invitation_gone() -> Error {
    Error::NotFoundBecause(texts::invitation_gone())
}

pub(super) fn reset_gone() -> Error {
    Error::NotFoundBecause(texts::reset_link_gone())
}

/// The hash of the setup token, while nobody has an account.
pub(super) async fn find_setup(state: &AppState, token: &str) -> Result<Sha256Hash, Error> {
    let find = async |conn: &mut PgConnection, hash| {
        let is_open = store::is_setup_token(conn, hash).await?;
        Ok(is_open.then_some(()))
    };
    find_open(state, token, setup_gone, find).await.map(|(hash, ())| hash)
}

/// The hash of an invitation's token, and the invitation.
pub(super) async fn find_invitation(state: &AppState, token: &str) -> Result<(Sha256Hash, OpenInvitation), Error> {
    let now = state.clock.now();
    let find = async |conn: &mut PgConnection, hash| store::find_open_invitation(conn, hash, now).await;
    find_open(state, token, invitation_gone, find).await
}

/// The hash of the token of a link to choose a new password, and whose link it is.
pub(super) async fn find_reset(state: &AppState, token: &str) -> Result<(Sha256Hash, OpenReset), Error> {
    let now = state.clock.now();
    let find = async |conn: &mut PgConnection, hash| store::find_open_reset(conn, hash, now).await;
    find_open(state, token, reset_gone, find).await
}

/// Reads a token and finds what it opens, without using it up. A token that is malformed, unknown, used, superseded or
/// expired gets the same answer.
async fn find_open<T>(
    state: &AppState,
    token: &str,
    gone: fn() -> Error,
    find: impl AsyncFnOnce(&mut PgConnection, Sha256Hash) -> Result<Option<T>, sqlx::Error>,
) -> Result<(Sha256Hash, T), Error> {
    let hash = Token::parse(token).ok_or_else(gone)?.hash();
    let open = find(&mut *state.db.acquire().await?, hash).await?;
    open.map(|open| (hash, open)).ok_or_else(gone)
}
