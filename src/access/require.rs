//! Checks the right that a route requires, before its handler runs.

use std::time::Duration;

use askama::Template;
use axum::{
    extract::{FromRequestParts as _, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};

use super::{
    Admin, CurrentUser,
    audit_reader::AuditReader,
    rate_limit::{Bucket, RetryAfter, charge_with_fallback, refund},
    return_path::ReturnPath as Return,
};
use crate::{
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        response::{self, SeeOther},
        route::{RateLimitClass, Right},
        sent_form::FormCopy,
    },
};

/// Passes a request on if the person has the right, or answers why not.
pub async fn require_right(State((state, right)): State<(AppState, Right)>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let allowed = match right {
        Right::Public => Ok(()),
        Right::SignedIn | Right::Launch(_) => CurrentUser::from_request_parts(&mut parts, &state).await.map(drop),
        Right::AuditReader => AuditReader::from_request_parts(&mut parts, &state).await.map(drop),
        Right::Admin => Admin::from_request_parts(&mut parts, &state).await.map(drop),
    };
    let owes = right != Right::Public && allowed.is_ok() && must_set_up_second_factor(&mut parts).await;
    let request = Request::from_parts(parts, body);
    match allowed {
        Ok(()) if owes => redirect_to_second_factor(&request),
        Ok(()) => next.run(request).await,
        Err(Error::SignedOut) => answer_signed_out(&state, request).await,
        Err(error) => error.into_response(),
    }
}

/// Passes a request of a rate-limited route on, or answers that the account has sent too many.
pub async fn limit_rate(
    State((state, class)): State<(AppState, RateLimitClass)>,
    user: CurrentUser,
    request: Request,
    next: Next,
) -> Response {
    let (bucket, now) = (Bucket::for_class(user.id, class), state.clock.now());
    if let Err(wait) = charge_with_fallback(&state.redis, &bucket, now).await {
        return answer_too_many(&state, request, wait).await;
    }
    let response = next.run(request).await;
    // A request that was answered with not found or forbidden cost nothing, so it does not count against the limit.
    if matches!(response.status(), StatusCode::NOT_FOUND | StatusCode::FORBIDDEN)
        && let Err(error) = refund(&state.redis, &[bucket], now).await
    {
        tracing::warn!(%error, "a try that cost nothing could not be given back");
    }
    response
}

/// Passes a change on, or answers that the account has made too many.
pub async fn limit_changes(State(state): State<AppState>, user: CurrentUser, request: Request, next: Next) -> Response {
    let bucket = Bucket::changes(user.id, state.config.limits.changes_per_minute);
    match charge_with_fallback(&state.redis, &bucket, state.clock.now()).await {
        Ok(()) => next.run(request).await,
        Err(wait) => answer_too_many(&state, request, wait).await,
    }
}

#[derive(Template)]
#[template(path = "accounts/too_often.html")]
struct TooManyChangesPage {
    chrome: Chrome,
    seconds: u64,
    action: String,
    copy: FormCopy,
    /// Limit of one file, in bytes.
    most: u64,
}

/// How long a form is read that is shown again.
const FORM_TIME: Duration = Duration::from_secs(30);

/// The same, of somebody who is not signed in.
const FORM_TIME_OF_STRANGERS: Duration = Duration::from_secs(5);

/// Answers that there were too many requests. The page of a form contains its values, to be sent again.
async fn answer_too_many(state: &AppState, request: Request, wait: RetryAfter) -> Response {
    if request.method() != Method::POST || !accepts_page(request.headers()) {
        return Error::from(wait).into_response();
    }
    let action = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str).to_owned();
    let (mut parts, body) = request.into_parts();
    let Ok(page) = PageContext::from_request_parts(&mut parts, state).await;
    let Some(copy) = FormCopy::read(Request::from_parts(parts, body), FORM_TIME).await else {
        return Error::from(wait).into_response();
    };
    let chrome = page.chrome(state, texts::too_many_requests(), Nav::None);
    let most = state.config.evidence_max_bytes;
    let view = TooManyChangesPage { chrome, seconds: wait.seconds, action, copy, most };
    let mut answer =
        response::render_with_status(StatusCode::TOO_MANY_REQUESTS, &view).unwrap_or_else(IntoResponse::into_response);
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.seconds));
    answer
}

const SECOND_FACTOR_PATH: &str = "/account/second-factor";

/// Whether the person must set up a second factor before they can use anything but their own account.
async fn must_set_up_second_factor(parts: &mut Parts) -> bool {
    let own = parts.uri.path() == "/account" || parts.uri.path().starts_with("/account/");
    !own && CurrentUser::from_request_parts(parts, &()).await.is_ok_and(|user| user.owes_second_factor)
}

/// Redirects a page request to the setup of the second factor, which leads back afterwards; rejects any other request.
fn redirect_to_second_factor(request: &Request) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads && accepts_page(request.headers()) {
        let path_and_query = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        return SeeOther::to(Return::new(path_and_query).append_to(SECOND_FACTOR_PATH)).into_response();
    }
    Error::Forbidden(texts::set_up_second_factor_first()).into_response()
}

#[derive(Template)]
#[template(path = "accounts/session_ended.html")]
struct SessionEndedPage {
    chrome: Chrome,
    login: String,
    action: String,
    /// What was sent; `None` when it could not be read.
    copy: Option<FormCopy>,
    /// Limit of one file, in bytes.
    most: u64,
}

/// Redirects a page request to sign-in, which leads back afterwards. A form is shown again with its values, except
/// passwords, to be sent once signed in, since the session ended while they were typed.
async fn answer_signed_out(state: &AppState, request: Request) -> Response {
    let path_and_query = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str).to_owned();
    if !accepts_page(request.headers()) {
        return Error::SignedOut.into_response();
    }
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return SeeOther::to(Return::new(&path_and_query).login_address()).into_response();
    }
    let (mut parts, body) = request.into_parts();
    let login = parts
        .headers
        .get(header::REFERER)
        .and_then(|referrer| url::Url::parse(referrer.to_str().ok()?).ok())
        .map_or_else(Return::home, |referrer| Return::new(&referrer[url::Position::BeforePath..]))
        .login_address();
    let Ok(page) = PageContext::from_request_parts(&mut parts, state).await;
    let copy = FormCopy::read(Request::from_parts(parts, body), FORM_TIME_OF_STRANGERS).await;
    let most = state.config.evidence_max_bytes;
    let chrome = page.chrome(state, texts::your_session_has_ended(), Nav::None);
    response::render_with_status(
        StatusCode::UNAUTHORIZED,
        &SessionEndedPage { chrome, login, action: path_and_query, copy, most },
    )
    .unwrap_or_else(IntoResponse::into_response)
}

/// Whether the client expects a page. Scripts that expect JSON or an event stream would take a redirect for a broken
/// connection.
fn accepts_page(headers: &HeaderMap) -> bool {
    let Some(accept) = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()) else { return true };
    accept.contains("text/html") || !(accept.contains("application/json") || accept.contains("text/event-stream"))
}
