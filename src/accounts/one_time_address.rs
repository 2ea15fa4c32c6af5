//! The addresses that work once: the setup of the first admin, an invitation, a link to choose a new password or to confirm
//! an address. Each has a token, of which the database has the hash.
//!
//! The address of an invitation or a new password that was used says so and leads to sign-in; one that is unknown,
//! superseded or expired is not found.

use sqlx::PgConnection;

use super::store::{self, OpenInvitation, OpenReset};
use crate::{
    access::{CurrentUser, token::Token},
    domain::{canonical::Sha256Hash, text::Email},
    state::AppState,
    texts,
    web::Error,
};

pub(super) fn setup_gone() -> Error {
    Error::NotFoundBecause(texts::setup_address_gone())
}

pub(super) fn invitation_gone() -> Error {
    Error::NotFoundBecause(texts::invitation_gone())
}

/// The account exists: the same person, or their form sent twice, asked again.
pub(super) fn invitation_used() -> Error {
    Error::AlreadyUsed(texts::account_is_ready(), texts::invitation_was_used())
}

fn reset_used() -> Error {
    Error::AlreadyUsed(texts::password_is_changed(), texts::reset_link_was_used())
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
    match find_open(state, token, invitation_gone, find).await {
        Err(Error::NotFoundBecause(_)) if is_used(state, token, OneTimeAddress::Invitation).await? => {
            Err(invitation_used())
        }
        found => found,
    }
}

/// The hash of the token of a link to choose a new password, and whose link it is.
pub(super) async fn find_reset(state: &AppState, token: &str) -> Result<(Sha256Hash, OpenReset), Error> {
    let now = state.clock.now();
    let find = async |conn: &mut PgConnection, hash| store::find_open_reset(conn, hash, now).await;
    match find_open(state, token, reset_gone, find).await {
        Err(Error::NotFoundBecause(_)) if is_used(state, token, OneTimeAddress::Reset).await? => Err(reset_used()),
        found => found,
    }
}

#[derive(Debug, Clone, Copy)]
enum OneTimeAddress {
    Invitation,
    Reset,
}

/// Whether somebody has done with the address what it is for, and can sign in. Who has the address could have done it
/// too, so the answer tells them nothing that they could not know.
async fn is_used(state: &AppState, token: &str, kind: OneTimeAddress) -> Result<bool, Error> {
    let Some(hash) = Token::parse(token).map(|token| token.hash()) else { return Ok(false) };
    let mut conn = state.db.acquire().await?;
    Ok(match kind {
        OneTimeAddress::Invitation => store::is_used_invitation(&mut conn, hash).await?,
        OneTimeAddress::Reset => store::is_used_reset(&mut conn, hash).await?,
    })
}

pub(super) fn address_change_gone() -> Error {
    Error::NotFoundBecause(texts::address_link_gone())
}

/// The hash of the token of a link to confirm an address, and the address. A link of somebody else is none.
pub(super) async fn find_address_change(
    state: &AppState,
    user: &CurrentUser,
    token: &str,
) -> Result<(Sha256Hash, Email), Error> {
    let now = state.clock.now();
    let find = async |conn: &mut PgConnection, hash| store::find_address_change(conn, user.id, hash, now).await;
    find_open(state, token, address_change_gone, find).await
}

/// Reads a token and finds what it opens, without using it up. A token that is malformed, unknown, superseded or expired
/// gets the same answer.
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
