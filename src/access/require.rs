//! Checks the right that a route requires, before its handler runs.

use askama::Template;
use axum::{
    extract::{FromRequest as _, FromRequestParts as _, Request, State},
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
        form::Form,
        response::{self, SeeOther},
        route::{RateLimitClass, Right},
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
        Ok(()) if owes => lead_to_second_factor(&request),
        Ok(()) => next.run(request).await,
        Err(Error::SignedOut) => answer_signed_out(&state, request).await,
        Err(error) => error.into_response(),
    }
}

/// Passes a request of a rate-limited route on, or answers that the account has sent too many.
pub async fn limit_rate(
    State((state, costly)): State<(AppState, RateLimitClass)>,
    user: CurrentUser,
    request: Request,
    next: Next,
) -> Response {
    let (bucket, now) = (Bucket::for_class(user.id, costly), state.clock.now());
    if let Err(wait) = charge_with_fallback(&state.redis, &bucket, now).await {
        return Error::from(wait).into_response();
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

/// Passes a change on, or answers that the account has made too many; the page then contains the values, to be sent
/// again.
pub async fn limit_changes(State(state): State<AppState>, user: CurrentUser, request: Request, next: Next) -> Response {
    let bucket = Bucket::changes(user.id, state.config.limits.changes_per_minute);
    match charge_with_fallback(&state.redis, &bucket, state.clock.now()).await {
        Ok(()) => next.run(request).await,
        Err(wait) if accepts_page(request.headers()) => answer_too_many_changes(&state, request, wait).await,
        Err(wait) => Error::from(wait).into_response(),
    }
}

#[derive(Template)]
#[template(path = "accounts/too_often.html")]
struct TooManyChangesPage {
    chrome: Chrome,
    seconds: u64,
    action: String,
    fields: Vec<(String, String)>,
}

async fn answer_too_many_changes(state: &AppState, request: Request, wait: RetryAfter) -> Response {
    let action = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str).to_owned();
    let (mut parts, body) = request.into_parts();
    let Ok(page) = PageContext::from_request_parts(&mut parts, state).await;
    let Some(fields) = read_safe_fields(Request::from_parts(parts, body), state).await else {
        return Error::from(wait).into_response();
    };
    let chrome = page.chrome(state, texts::too_many_requests(), Nav::None);
    let view = TooManyChangesPage { chrome, seconds: wait.seconds, action, fields };
    let mut answer =
        response::render_with_status(StatusCode::TOO_MANY_REQUESTS, &view).unwrap_or_else(IntoResponse::into_response);
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.seconds));
    answer
}

/// The fields of a form except passwords and codes; `None` for forms with files.
async fn read_safe_fields(request: Request, state: &AppState) -> Option<Vec<(String, String)>> {
    let sent: Result<Form<Vec<(String, String)>>, _> = Form::from_request(request, state).await;
    let Form(fields) = sent.ok()?;
    Some(fields.into_iter().filter(|(name, _)| !name.contains("password") && name != "code").collect())
}

const SECOND_FACTOR_PATH: &str = "/account/second-factor";

/// Whether the person must set up a second factor before they can use anything but their own account.
async fn must_set_up_second_factor(parts: &mut Parts) -> bool {
    let own = parts.uri.path() == "/account" || parts.uri.path().starts_with("/account/");
    !own && CurrentUser::from_request_parts(parts, &()).await.is_ok_and(|user| user.owes_second_factor)
}

/// Redirects a page request to the setup of the second factor, which leads back afterwards; rejects any other request.
fn lead_to_second_factor(request: &Request) -> Response {
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
    /// The values that were sent; `None` when they can't be shown again (files were sent).
    fields: Option<Vec<(String, String)>>,
}

impl SessionEndedPage {
    /// Whether a field has text that somebody typed, which the page shows; the others are sent along.
    fn is_typed(&self, name: &str, value: &str) -> bool {
        const TYPED: [&str; 15] = [
            "body",
            "checkpoint",
            "comment",
            "control",
            "guidance",
            "introduction",
            "markdown",
            "name",
            "note",
            "notes",
            "people",
            "reason",
            "summary",
            "text",
            "title",
        ];
        !value.trim().is_empty() && TYPED.contains(&name)
    }
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
    let fields = read_safe_fields(Request::from_parts(parts, body), state).await;
    let chrome = page.chrome(state, texts::your_session_has_ended(), Nav::None);
    response::render_with_status(
        StatusCode::UNAUTHORIZED,
        &SessionEndedPage { chrome, login, action: path_and_query, fields },
    )
    .unwrap_or_else(IntoResponse::into_response)
}

/// Whether the client expects a page. Scripts that expect JSON or an event stream would take a redirect for a broken
/// connection.
fn accepts_page(headers: &HeaderMap) -> bool {
    let Some(accept) = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()) else { return true };
    accept.contains("text/html") || !(accept.contains("application/json") || accept.contains("text/event-stream"))
}
