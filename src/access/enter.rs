//! Coming in and going out: the cookies of a session.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};

use super::{account::Account, current_user::COOKIE, next::Next, session, store, token::Token};
use crate::{
    domain::canonical::Sha256Hash,
    state::AppState,
    web::{
        Error,
        cookie::{self, Cookie},
        page::SeeOther,
    },
};

/// The cookie that tells a browser which has signed in before, before its prefix.
const BROWSER: &str = "signoff-browser";

/// Seconds that browsers keep such a cookie at the most (RFC 6265bis, section 5.5): 400 days.
const BROWSER_LASTS: i64 = 400 * 86_400;

/// The secret of a browser that has signed in here before, as far as it says.
#[must_use]
pub fn browser(state: &AppState, headers: &HeaderMap) -> Option<Token> {
    cookie::read(headers, &cookie::name(state, BROWSER)).and_then(Token::read)
}

/// Begins a session for someone who has just proved who they are, and leads them on. The session's secret is new, so
/// that one which was planted in the browser before opens nothing; the session that was there is ended.
///
/// # Errors
/// When a store fails.
pub async fn enter(state: &AppState, headers: &HeaderMap, account: &Account, to: SeeOther) -> Result<Response, Error> {
    let now = state.clock.now();
    leave_former(state, headers).await?;
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let token = session::begin(&state.redis, account, session::device(agent), now).await?;
    let browser = browser(state, headers).unwrap_or_else(Token::draw);
    store::remember_browser(&mut *state.db.acquire().await?, account.id, browser.hash(), now).await?;
    let mut response = to.into_response();
    Cookie::new(&cookie::name(state, COOKIE), &token.text()).set(state, response.headers_mut());
    Cookie::new(&cookie::name(state, BROWSER), &browser.text())
        .lasting(BROWSER_LASTS)
        .set(state, response.headers_mut());
    Ok(response)
}

/// Ends the session that the browser brings, and takes its cookie away.
///
/// # Errors
/// When Redis does not answer: then the session goes on, and saying otherwise would be false.
pub async fn leave(state: &AppState, headers: &HeaderMap) -> Result<Response, Error> {
    leave_former(state, headers).await?;
    let mut response = SeeOther::to(Next::home().login()).good("You are signed out.").into_response();
    Cookie::removal(&cookie::name(state, COOKIE)).set(state, response.headers_mut());
    Ok(response)
}

async fn leave_former(state: &AppState, headers: &HeaderMap) -> Result<(), Error> {
    let brought: Option<Sha256Hash> =
        cookie::read(headers, &cookie::name(state, COOKIE)).and_then(Token::read).map(|token| token.hash());
    if let Some(key) = brought {
        session::end_unnamed(&state.redis, key).await?;
    }
    Ok(())
}
