//! The addresses that work once: the setup of the first admin, an invitation, a link to choose a new password or to confirm
//! an address. Each has a token, of which the database has the hash.
//!
//! An address that was used, replaced or withdrawn, or whose time is over, gets a page that says so and links on (410); an
//! address that never existed is not found (404). Whoever has a real one could have used it, so the page reveals nothing.

use std::borrow::Cow;

use sqlx::PgConnection;

use super::store::{self, OpenInvitation, OpenReset};
use crate::{
    access::{CurrentUser, token::Token},
    domain::{canonical::Sha256Hash, text::Email},
    state::AppState,
    texts,
    web::Error,
};

fn gone_to_sign_in(title: Cow<'static, str>, sentence: Cow<'static, str>) -> Error {
    Error::Gone { title, sentence, next_link: ("/login", texts::sign_in()) }
}

fn gone_to_own_account(title: Cow<'static, str>, sentence: Cow<'static, str>) -> Error {
    Error::Gone { title, sentence, next_link: ("/account", texts::your_account_title()) }
}

pub(super) fn setup_gone() -> Error {
    gone_to_sign_in(texts::address_no_longer_works(), texts::setup_address_gone())
}

pub(super) fn invitation_gone() -> Error {
    gone_to_sign_in(texts::invitation_no_longer_works(), texts::invitation_gone())
}

/// The account exists: the same person, or their form sent twice, asked again.
pub(super) fn invitation_used() -> Error {
    gone_to_sign_in(texts::account_is_ready(), texts::invitation_was_used())
}

fn reset_used() -> Error {
    gone_to_sign_in(texts::password_is_changed(), texts::reset_link_was_used())
}

pub(super) fn reset_gone() -> Error {
    let next_link = ("/forgotten-password", texts::forgotten_password());
    Error::Gone { title: texts::link_no_longer_works(), sentence: texts::reset_link_gone(), next_link }
}

/// The hash of the setup token, while nobody has an account. Earlier tokens are not stored; as a token can't be guessed, every
/// other one counts as such.
pub(super) async fn find_setup(state: &AppState, token: &str) -> Result<Sha256Hash, Error> {
    let hash = parse(token, texts::setup_address_gone)?;
    let is_open = store::is_setup_token(&mut *state.db.acquire().await?, hash).await?;
    if is_open { Ok(hash) } else { Err(setup_gone()) }
}

/// The hash of an invitation's token, and the invitation.
pub(super) async fn find_invitation(state: &AppState, token: &str) -> Result<(Sha256Hash, OpenInvitation), Error> {
    let hash = parse(token, texts::invitation_gone)?;
    let mut conn = state.db.acquire().await?;
    if let Some(open) = store::find_open_invitation(&mut conn, hash, state.clock.now()).await? {
        return Ok((hash, open));
    }
    Err(match store::is_used_invitation(&mut conn, hash).await? {
        Some(true) => invitation_used(),
        Some(false) => invitation_gone(),
        None => Error::NotFoundBecause(texts::invitation_gone()),
    })
}

/// The hash of the token of a link to choose a new password, and whose link it is.
pub(super) async fn find_reset(state: &AppState, token: &str) -> Result<(Sha256Hash, OpenReset), Error> {
    let hash = parse(token, texts::reset_link_gone)?;
    let mut conn = state.db.acquire().await?;
    if let Some(open) = store::find_open_reset(&mut conn, hash, state.clock.now()).await? {
        return Ok((hash, open));
    }
    Err(match store::is_used_reset(&mut conn, hash).await? {
        Some(true) => reset_used(),
        Some(false) => reset_gone(),
        None => Error::NotFoundBecause(texts::reset_link_gone()),
    })
}

fn address_change_gone() -> Error {
    gone_to_own_account(texts::link_no_longer_works(), texts::address_link_gone())
}

fn address_change_used() -> Error {
    gone_to_own_account(texts::address_is_confirmed(), texts::address_link_was_used())
}

/// The hash of the token of a link to confirm an address, and the address. The link of another person is not found.
pub(super) async fn find_address_change(
    state: &AppState,
    user: &CurrentUser,
    token: &str,
) -> Result<(Sha256Hash, Email), Error> {
    let hash = parse(token, texts::address_link_gone)?;
    let mut conn = state.db.acquire().await?;
    if let Some(open) = store::find_address_change(&mut conn, user.id, hash, state.clock.now()).await? {
        return Ok((hash, open));
    }
    Err(why_address_change_is_gone(&mut conn, user, hash).await?)
}

/// Why a link of this person to confirm an address does not work.
pub(super) async fn why_address_change_is_gone(
    conn: &mut PgConnection,
    user: &CurrentUser,
    hash: Sha256Hash,
) -> Result<Error, sqlx::Error> {
    Ok(match store::is_used_address_change(conn, user.id, hash).await? {
        Some(true) => address_change_used(),
        Some(false) => address_change_gone(),
        None => Error::NotFoundBecause(texts::address_link_gone()),
    })
}

/// The hash of a token, or the answer that nothing is at an address with a malformed one.
fn parse(token: &str, sentence: fn() -> Cow<'static, str>) -> Result<Sha256Hash, Error> {
    Token::parse(token).map(|token| token.hash()).ok_or_else(|| Error::NotFoundBecause(sentence()))
}
