//! The cookies of a session: starting, continuing and ending it.

use axum::response::{IntoResponse, Response};
use http::HeaderValue;

use super::{
    account::Account,
    current_user::{CurrentUser, SESSION_COOKIE},
    return_path::ReturnPath,
    session, store,
    token::Token,
    visitor::{BROWSER_COOKIE, Visitor},
};
use crate::{
    domain::{
        installation::InstallationEvent,
        launch::event::{PersonRef, ProofMethod},
        time::Moment,
    },
    record,
    state::AppState,
    texts,
    web::{
        Error,
        cookie::{self, Cookie},
        response::SeeOther,
    },
};

/// The longest lifetime that browsers allow for a cookie (RFC 6265bis, section 5.5): 400 days.
const BROWSER_COOKIE_SECONDS: i64 = 400 * 86_400;

/// Starts a session for somebody who has just proved their identity, and redirects. The session has a new secret, so a
/// secret planted in the browser before is useless; the browser's former session is ended.
pub async fn start_session(
    state: &AppState,
    visitor: &Visitor,
    account: &Account,
    to: impl IntoResponse,
) -> Result<Response, Error> {
    set_session_cookies(state, visitor, (account, Some(state.clock.now())), to).await
}

/// Like [`start_session`], for somebody whose sessions were all ended and who continues in this browser without a new
/// proof of identity.
pub async fn continue_session(
    state: &AppState,
    visitor: &Visitor,
    (user, account): (&CurrentUser, &Account),
    to: impl IntoResponse,
) -> Result<Response, Error> {
    set_session_cookies(state, visitor, (account, user.proved()), to).await
}

async fn set_session_cookies(
    state: &AppState,
    visitor: &Visitor,
    (account, proved): (&Account, Option<Moment>),
    to: impl IntoResponse,
) -> Result<Response, Error> {
    let now = state.clock.now();
    end_former_session(state, visitor).await?;
    let device_and_address = (visitor.device.clone(), visitor.address.to_string());
    let token = session::replace(&state.redis, account, device_and_address, proved, now).await?;
    let drawn = visitor.browser.is_none().then(Token::generate);
    let browser = visitor.browser.as_ref().or(drawn.as_ref());
    let mut response = to.into_response();
    Cookie::new(&cookie::prefixed_name(state, SESSION_COOKIE), &token.to_text()).add_to(state, response.headers_mut());
    if let Some(browser) = browser {
        store::remember_browser(&mut *state.db.acquire().await?, account.id, browser.hash(), now).await?;
        Cookie::new(&cookie::prefixed_name(state, BROWSER_COOKIE), &browser.to_text())
            .with_max_age(BROWSER_COOKIE_SECONDS)
            .add_to(state, response.headers_mut());
    }
    Ok(response)
}

/// Like [`start_session`], for somebody who has signed in; also logs `SignedIn`.
pub async fn sign_in(
    state: &AppState,
    visitor: &Visitor,
    (account, method): (&Account, ProofMethod),
    to: SeeOther,
) -> Result<Response, Error> {
    let response = start_session(state, visitor, account, to).await?;
    let actor = PersonRef { id: account.id, name: account.name.clone() };
    let event = InstallationEvent::SignedIn { user: account.id, method };
    record::installation_log::record_event(&state.db, Some(&actor), &event, visitor.request, state.clock.now()).await?;
    Ok(response)
}

/// Ends the session of the browser and removes its cookie.
///
/// # Errors
/// When Redis does not answer: the session then continues, and a page that says otherwise would be wrong.
pub async fn sign_out(state: &AppState, visitor: &Visitor, user: Option<&CurrentUser>) -> Result<Response, Error> {
    end_former_session(state, visitor).await?;
    if let Some(user) = user {
        let event = InstallationEvent::SignedOut { user: user.id };
        record::installation_log::record_event(
            &state.db,
            Some(&user.to_person_ref()),
            &event,
            visitor.request,
            state.clock.now(),
        )
        .await?;
    }
    let mut response =
        SeeOther::to(ReturnPath::home().login_address()).with_success(texts::you_are_signed_out()).into_response();
    Cookie::removal(&cookie::prefixed_name(state, SESSION_COOKIE)).add_to(state, response.headers_mut());
    // This also clears what scripts stored (drafts, folded sections). The cookie that identifies this browser stays.
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"storage\""));
    Ok(response)
}

async fn end_former_session(state: &AppState, visitor: &Visitor) -> Result<(), Error> {
    if let Some(key) = visitor.former_session {
        session::end_by_key(&state.redis, key).await?;
    }
    Ok(())
}
