//! The right that a route demands, asked before its handler runs.

use askama::Template;
use axum::{
    extract::{FromRequest as _, FromRequestParts as _, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};

use super::{
    Admin, CurrentUser,
    auditing::Auditing,
    next::Next as Return,
    rate_limit::{Bucket, Wait, charge_anyhow, refund},
};
use crate::{
    state::AppState,
    web::{
        Error,
        form::Form,
        page::{self, Chrome, Nav, Page, SeeOther},
        route::{Costly, Right},
    },
};

/// Lets the request through to a route of this right, or answers what stands against it.
pub async fn require(State((state, right)): State<(AppState, Right)>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let allowed = match right {
        Right::Public => Ok(()),
        Right::SignedIn | Right::Launch(_) => CurrentUser::from_request_parts(&mut parts, &state).await.map(drop),
        Right::Auditing => Auditing::from_request_parts(&mut parts, &state).await.map(drop),
        Right::Admin => Admin::from_request_parts(&mut parts, &state).await.map(drop),
    };
    let owes = right != Right::Public && allowed.is_ok() && owes(&mut parts).await;
    let request = Request::from_parts(parts, body);
    match allowed {
        Ok(()) if owes => second_factor_first(&request),
        Ok(()) => next.run(request).await,
        Err(Error::SignedOut) => signed_out(&state, request).await,
        Err(error) => error.into_response(),
    }
}

/// Lets the request through to a costly route, or answers that its account has asked for it too often.
pub async fn seldom(
    State((state, costly)): State<(AppState, Costly)>,
    user: CurrentUser,
    request: Request,
    next: Next,
) -> Response {
    let (bucket, now) = (Bucket::costly(user.id, costly), state.clock.now());
    if let Err(wait) = charge_anyhow(&state.redis, &bucket, now).await {
        return Error::from(wait).into_response();
    }
    let response = next.run(request).await;
    // What is not there, or not theirs, is answered so however often it is asked for, and cost nothing.
    if matches!(response.status(), StatusCode::NOT_FOUND | StatusCode::FORBIDDEN)
        && let Err(error) = refund(&state.redis, &[bucket], now).await
    {
        tracing::warn!(%error, "a try that cost nothing could not be given back");
    }
    response
}

/// Lets a change through, or answers that its account has made too many. What was typed comes back, to be sent again.
pub async fn paced(State(state): State<AppState>, user: CurrentUser, request: Request, next: Next) -> Response {
    let bucket = Bucket::changes(user.id, state.config.ceilings.changes_per_minute);
    match charge_anyhow(&state.redis, &bucket, state.clock.now()).await {
        Ok(()) => next.run(request).await,
        Err(wait) if wants_page(request.headers()) => too_often(&state, request, wait).await,
        Err(wait) => Error::from(wait).into_response(),
    }
}

#[derive(Template)]
#[template(path = "accounts/too_often.html")]
struct TooOften {
    chrome: Chrome,
    seconds: u64,
    action: String,
    fields: Vec<(String, String)>,
}

async fn too_often(state: &AppState, request: Request, wait: Wait) -> Response {
    let action = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str).to_owned();
    let (mut parts, body) = request.into_parts();
    let Ok(page) = Page::from_request_parts(&mut parts, state).await;
    let Some(fields) = typed(Request::from_parts(parts, body), state).await else {
        return Error::from(wait).into_response();
    };
    let chrome = page.chrome(state, "Too often", Nav::None);
    let view = TooOften { chrome, seconds: wait.seconds, action, fields };
    let mut answer = page::html_with(StatusCode::TOO_MANY_REQUESTS, &view).unwrap_or_else(IntoResponse::into_response);
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.seconds));
    answer
}

/// The fields of a form, but for passwords and codes; nothing when it sends files.
async fn typed(request: Request, state: &AppState) -> Option<Vec<(String, String)>> {
    let sent: Result<Form<Vec<(String, String)>>, _> = Form::from_request(request, state).await;
    let Form(fields) = sent.ok()?;
    Some(fields.into_iter().filter(|(name, _)| !name.contains("password") && name != "code").collect())
}

/// Where a second factor is set up.
const SETTING_UP: &str = "/account/second-factor";

/// Whether somebody must set up a second factor before they get at anything but their own account.
async fn owes(parts: &mut Parts) -> bool {
    let own = parts.uri.path() == "/account" || parts.uri.path().starts_with("/account/");
    !own && CurrentUser::from_request_parts(parts, &()).await.is_ok_and(|user| user.owes_second_factor)
}

/// Leads a page to where a second factor is set up, and from there on; refuses whatever else is asked for.
fn second_factor_first(request: &Request) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads && wants_page(request.headers()) {
        let here = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        return SeeOther::to(Return::new(here).after(SETTING_UP)).into_response();
    }
    let why = "This installation asks a second factor of whoever signs, decides or administrates, and you have none yet. \
               Nothing was done. Set one up under your account, then come back.";
    Error::Forbidden(why.into()).into_response()
}

#[derive(Template)]
#[template(path = "accounts/session_ended.html")]
struct SessionEnded {
    chrome: Chrome,
    login: String,
    action: String,
    /// What was typed; `None` when it can't be shown again (files were sent).
    fields: Option<Vec<(String, String)>>,
}

/// A page leads to where one signs in, and back. A form's values are shown again to be sent once signed in, since
/// the session ended while they were typed; passwords are not.
async fn signed_out(state: &AppState, request: Request) -> Response {
    let here = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str).to_owned();
    if !wants_page(request.headers()) {
        return Error::SignedOut.into_response();
    }
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return SeeOther::to(Return::new(&here).login()).into_response();
    }
    let (mut parts, body) = request.into_parts();
    let login = parts
        .headers
        .get(header::REFERER)
        .and_then(|referrer| url::Url::parse(referrer.to_str().ok()?).ok())
        .map_or_else(Return::home, |referrer| Return::new(&referrer[url::Position::BeforePath..]))
        .login();
    let Ok(page) = Page::from_request_parts(&mut parts, state).await;
    let fields = typed(Request::from_parts(parts, body), state).await;
    let chrome = page.chrome(state, "Your session has ended", Nav::None);
    page::html_with(StatusCode::UNAUTHORIZED, &SessionEnded { chrome, login, action: here, fields })
        .unwrap_or_else(IntoResponse::into_response)
}

/// Whether a page answers what was asked: not a script that wants JSON or a stream of events, which takes a redirect for a
/// broken connection.
fn wants_page(headers: &HeaderMap) -> bool {
    let Some(accept) = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()) else { return true };
    accept.contains("text/html") || !(accept.contains("application/json") || accept.contains("text/event-stream"))
}
