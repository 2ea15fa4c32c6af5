//! Coming in and going out: the cookies of a session.

use axum::response::{IntoResponse, Response};
use http::HeaderValue;

use super::{
    account::Account,
    current_user::{COOKIE, CurrentUser},
    next::Next,
    session, store,
    token::Token,
    visitor::{BROWSER, Visitor},
};
use crate::{
    domain::{
        installation::InstallationEvent,
        launch::event::{PersonRef, ProofMethod},
        time::Moment,
    },
    record,
    state::AppState,
    web::{
        Error,
        cookie::{self, Cookie},
        page::SeeOther,
    },
};

/// Seconds that browsers keep the cookie of a browser at the most (RFC 6265bis, section 5.5): 400 days.
const BROWSER_LASTS: i64 = 400 * 86_400;

/// Begins a session for someone who has just proved who they are, and leads them on. The session's secret is new, so
/// that one which was planted in the browser before opens nothing; the session that was there is ended.
///
/// # Errors
/// When a store fails.
pub async fn enter(
    state: &AppState,
    visitor: &Visitor,
    account: &Account,
    to: impl IntoResponse,
) -> Result<Response, Error> {
    begin(state, visitor, (account, Some(state.clock.now())), to).await
}

/// As [`enter`], for someone whose sessions were all ended, and who goes on at this browser without having proved anew who
/// they are.
///
/// # Errors
/// When a store fails.
pub async fn go_on(
    state: &AppState,
    visitor: &Visitor,
    (user, account): (&CurrentUser, &Account),
    to: impl IntoResponse,
) -> Result<Response, Error> {
    begin(state, visitor, (account, user.proved()), to).await
}

async fn begin(
    state: &AppState,
    visitor: &Visitor,
    (account, proved): (&Account, Option<Moment>),
    to: impl IntoResponse,
) -> Result<Response, Error> {
    let now = state.clock.now();
    leave_former(state, visitor).await?;
    let whence = (visitor.device.clone(), visitor.address.to_string());
    let token = session::replace(&state.redis, account, whence, proved, now).await?;
    let drawn = visitor.browser.is_none().then(Token::draw);
    let browser = visitor.browser.as_ref().or(drawn.as_ref());
    let mut response = to.into_response();
    Cookie::new(&cookie::name(state, COOKIE), &token.text()).set(state, response.headers_mut());
    if let Some(browser) = browser {
        store::remember_browser(&mut *state.db.acquire().await?, account.id, browser.hash(), now).await?;
        Cookie::new(&cookie::name(state, BROWSER), &browser.text())
            .lasting(BROWSER_LASTS)
            .set(state, response.headers_mut());
    }
    Ok(response)
}

/// As [`enter`], for who has signed in, which is told in the installation's log.
///
/// # Errors
/// When a store fails.
pub async fn sign_in(
    state: &AppState,
    visitor: &Visitor,
    (account, method): (&Account, ProofMethod),
    to: SeeOther,
) -> Result<Response, Error> {
    let response = enter(state, visitor, account, to).await?;
    let actor = PersonRef { id: account.id, name: account.name.clone() };
    let event = InstallationEvent::SignedIn { user: account.id, method };
    record::installation::tell(&state.db, Some(&actor), &event, visitor.request, state.clock.now()).await?;
    Ok(response)
}

/// Ends the session that the browser brings, and takes its cookie away.
///
/// # Errors
/// When Redis does not answer: then the session goes on, and saying otherwise would be false.
pub async fn leave(state: &AppState, visitor: &Visitor, user: Option<&CurrentUser>) -> Result<Response, Error> {
    leave_former(state, visitor).await?;
    if let Some(user) = user {
        let event = InstallationEvent::SignedOut { user: user.id };
        record::installation::tell(&state.db, Some(&user.named()), &event, visitor.request, state.clock.now()).await?;
    }
    let mut response = SeeOther::to(Next::home().login()).good("You are signed out.").into_response();
    Cookie::removal(&cookie::name(state, COOKIE)).set(state, response.headers_mut());
    // What scripts kept (drafts, which sections were folded) goes too; the cookie by which this browser is known stays.
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"storage\""));
    Ok(response)
}

async fn leave_former(state: &AppState, visitor: &Visitor) -> Result<(), Error> {
    if let Some(key) = visitor.former {
        session::end_unnamed(&state.redis, key).await?;
    }
    Ok(())
}
