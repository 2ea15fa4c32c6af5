//! Signing in and out: the password, then the code for people who have a second factor.

use std::borrow::Cow;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;

use crate::{
    access::{
        MaybeUser, pending_sign_in,
        return_path::ReturnPath,
        session_cookies,
        sign_in::{self, SignInAttempt, SignInRefusal, SignInResult},
        visitor::Visitor,
    },
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        form::{Form, Query},
        response::{self, SeeOther},
    },
};

/// The address of the page that asks for the code.
const CODE_PATH: &str = "/login/code";

#[derive(Template)]
#[template(path = "accounts/login.html")]
struct SignInPage {
    chrome: Chrome,
    email: String,
    next: String,
    problem: Option<Cow<'static, str>>,
}

#[derive(Template)]
#[template(path = "accounts/code.html")]
struct CodePage {
    chrome: Chrome,
    code_error: Option<Cow<'static, str>>,
    problem: Option<Cow<'static, str>>,
}

#[derive(Deserialize)]
pub(super) struct LoginQuery {
    #[serde(default)]
    next: String,
}

/// `GET /login`: the sign-in form, or a redirect for a person who is signed in.
pub(super) async fn show_sign_in(
    State(state): State<AppState>,
    page: PageContext,
    MaybeUser(user): MaybeUser,
    Query(query): Query<LoginQuery>,
) -> Result<Response, Error> {
    let next = ReturnPath::new(&query.next);
    if user.is_some() {
        return Ok(SeeOther::to(next.path()).into_response());
    }
    let chrome = page.chrome(&state, texts::sign_in(), Nav::None);
    response::render(&SignInPage { chrome, email: String::new(), next: next.path().to_owned(), problem: None })
}

#[derive(Deserialize)]
pub(super) struct SignInForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    /// A code, if the client sends it together with the password.
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

/// `POST /login`: checks address and password; then signs in, or asks for the second factor.
pub(super) async fn sign_in(
    State(state): State<AppState>,
    page: PageContext,
    visitor: Visitor,
    Form(form): Form<SignInForm>,
) -> Result<Response, Error> {
    let next = ReturnPath::new(&form.next);
    let attempt = SignInAttempt { email: &form.email, password: &form.password, code: &form.code, visitor: &visitor };
    let (status, problem, retry_after) = match sign_in::try_password(&state, attempt).await? {
        Ok(SignInResult::Complete(account, method)) => {
            return session_cookies::sign_in(&state, &visitor, (&account, method), SeeOther::to(next.path())).await;
        }
        Ok(SignInResult::CodeNeeded(account, is_wrong_code)) => {
            let response = if is_wrong_code {
                render_code_page(&state, &page, StatusCode::UNPROCESSABLE_ENTITY, Some(texts::wrong_code()), None)?
            } else {
                SeeOther::to(CODE_PATH).into_response()
            };
            return Ok(pending_sign_in::start(&state, &account, &next, response).await?);
        }
        Err(SignInRefusal::WrongCredentials) => (StatusCode::UNPROCESSABLE_ENTITY, texts::wrong_credentials(), None),
        Err(SignInRefusal::TooManyAttempts(wait)) => {
            (StatusCode::TOO_MANY_REQUESTS, texts::tried_too_often_try_in(wait.seconds), Some(wait.seconds))
        }
    };
    let chrome = page.chrome(&state, texts::sign_in(), Nav::None);
    let view = SignInPage { chrome, email: form.email, next: next.path().to_owned(), problem: Some(problem) };
    Ok(with_retry_after(response::render_with_status(status, &view)?, retry_after))
}

/// `GET /login/code`: the form for the second factor, for a browser whose password was right.
pub(super) async fn show_code_page(
    State(state): State<AppState>,
    page: PageContext,
    headers: HeaderMap,
) -> Result<Response, Error> {
    match pending_sign_in::find(&state, &headers).await? {
        Some(_) => render_code_page(&state, &page, StatusCode::OK, None, None),
        None => Ok(redirect_to_login()),
    }
}

#[derive(Deserialize)]
pub(super) struct CodeForm {
    #[serde(default)]
    code: String,
}

/// `POST /login/code`: checks the second factor, and signs in.
pub(super) async fn submit_code(
    State(state): State<AppState>,
    page: PageContext,
    visitor: Visitor,
    headers: HeaderMap,
    Form(form): Form<CodeForm>,
) -> Result<Response, Error> {
    let Some(pending) = pending_sign_in::find(&state, &headers).await? else { return Ok(redirect_to_login()) };
    match sign_in::try_code(&state, &pending, &form.code, &visitor).await? {
        Ok(Some(method)) => {
            let redirect = SeeOther::to(pending.next.path());
            let mut response = session_cookies::sign_in(&state, &visitor, (&pending.account, method), redirect).await?;
            pending_sign_in::end(&state, &pending, &mut response).await?;
            Ok(response)
        }
        Ok(None) | Err(SignInRefusal::WrongCredentials) => {
            render_code_page(&state, &page, StatusCode::UNPROCESSABLE_ENTITY, Some(texts::wrong_code()), None)
        }
        Err(SignInRefusal::TooManyAttempts(wait)) => {
            let problem = Some(texts::tried_too_often_try_in(wait.seconds));
            let response = render_code_page(&state, &page, StatusCode::TOO_MANY_REQUESTS, None, problem)?;
            Ok(with_retry_after(response, Some(wait.seconds)))
        }
    }
}

fn render_code_page(
    state: &AppState,
    page: &PageContext,
    status: StatusCode,
    code_error: Option<Cow<'static, str>>,
    problem: Option<Cow<'static, str>>,
) -> Result<Response, Error> {
    response::render_with_status(
        status,
        &CodePage { chrome: page.chrome(state, texts::one_more_step(), Nav::None), code_error, problem },
    )
}

fn redirect_to_login() -> Response {
    SeeOther::to("/login").with_failure(texts::sign_in_again_took_too_long()).into_response()
}

fn with_retry_after(mut response: Response, seconds: Option<u64>) -> Response {
    if let Some(seconds) = seconds {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// `POST /logout`: ends the session, and makes the browser delete what scripts stored.
pub(super) async fn sign_out(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    visitor: Visitor,
) -> Result<Response, Error> {
    session_cookies::sign_out(&state, &visitor, user.as_ref()).await
}
