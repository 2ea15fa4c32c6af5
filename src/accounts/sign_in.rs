//! Signing in and out: the password, and then the code of who has a second factor.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;

use crate::{
    access::{
        MaybeUser, enter, half,
        next::Next,
        proof,
        sign_in::{self, Attempt, Let, Refused},
        visitor::Visitor,
    },
    state::AppState,
    web::{
        Error,
        form::{Form, Query},
        page::{self, Chrome, Nav, Page, SeeOther},
    },
};

/// Where the code is asked for.
const CODE: &str = "/login/code";

#[derive(Template)]
#[template(path = "accounts/login.html")]
struct Login {
    chrome: Chrome,
    email: String,
    next: String,
    trouble: Option<String>,
}

#[derive(Template)]
#[template(path = "accounts/code.html")]
struct Code {
    chrome: Chrome,
    wrong: Option<&'static str>,
    trouble: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct LoginQuery {
    #[serde(default)]
    next: String,
}

/// `GET /login`
pub(super) async fn login(
    State(state): State<AppState>,
    page: Page,
    MaybeUser(user): MaybeUser,
    Query(query): Query<LoginQuery>,
) -> Result<Response, Error> {
    let next = Next::new(&query.next);
    if user.is_some() {
        return Ok(SeeOther::to(next.path()).into_response());
    }
    let chrome = page.chrome(&state, "Sign in", Nav::None);
    page::html(&Login { chrome, email: String::new(), next: next.path().to_owned(), trouble: None })
}

#[derive(Deserialize)]
pub(super) struct SignInForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    /// A code, for who gives it along at once.
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

/// `POST /login`
pub(super) async fn sign_in(
    State(state): State<AppState>,
    page: Page,
    visitor: Visitor,
    Form(form): Form<SignInForm>,
) -> Result<Response, Error> {
    let next = Next::new(&form.next);
    let attempt = Attempt { email: &form.email, password: &form.password, code: &form.code, visitor: &visitor };
    let (status, trouble, wait) = match sign_in::attempt(&state, attempt).await? {
        Ok(Let::In(account, method)) => {
            return enter::sign_in(&state, &visitor, (&account, method), SeeOther::to(next.path())).await;
        }
        Ok(Let::Half(account, wrong)) => {
            let answer = if wrong {
                code_again(&state, &page, StatusCode::UNPROCESSABLE_ENTITY, Some(proof::WRONG_CODE), None)?
            } else {
                SeeOther::to(CODE).into_response()
            };
            return Ok(half::begin(&state, &account, &next, answer).await?);
        }
        Err(Refused::Wrong) => {
            let sentence = "This e-mail address and password don't belong together.";
            (StatusCode::UNPROCESSABLE_ENTITY, sentence.to_owned(), None)
        }
        Err(Refused::TooOften(wait)) => (StatusCode::TOO_MANY_REQUESTS, too_often(wait.seconds), Some(wait.seconds)),
    };
    let chrome = page.chrome(&state, "Sign in", Nav::None);
    let view = Login { chrome, email: form.email, next: next.path().to_owned(), trouble: Some(trouble) };
    Ok(waiting(page::html_with(status, &view)?, wait))
}

/// `GET /login/code`
pub(super) async fn code(State(state): State<AppState>, page: Page, headers: HeaderMap) -> Result<Response, Error> {
    match half::find(&state, &headers).await? {
        Some(_) => code_again(&state, &page, StatusCode::OK, None, None),
        None => Ok(begin_anew()),
    }
}

#[derive(Deserialize)]
pub(super) struct CodeForm {
    #[serde(default)]
    code: String,
}

/// `POST /login/code`
pub(super) async fn enter_code(
    State(state): State<AppState>,
    page: Page,
    visitor: Visitor,
    headers: HeaderMap,
    Form(form): Form<CodeForm>,
) -> Result<Response, Error> {
    let Some(half) = half::find(&state, &headers).await? else { return Ok(begin_anew()) };
    match sign_in::attempt_code(&state, &half, &form.code, &visitor).await? {
        Ok(Some(method)) => {
            let to = SeeOther::to(half.next.path());
            let mut answer = enter::sign_in(&state, &visitor, (&half.account, method), to).await?;
            half::end(&state, &half, &mut answer).await?;
            Ok(answer)
        }
        Ok(None) | Err(Refused::Wrong) => {
            code_again(&state, &page, StatusCode::UNPROCESSABLE_ENTITY, Some(proof::WRONG_CODE), None)
        }
        Err(Refused::TooOften(wait)) => {
            let trouble = Some(too_often(wait.seconds));
            let answer = code_again(&state, &page, StatusCode::TOO_MANY_REQUESTS, None, trouble)?;
            Ok(waiting(answer, Some(wait.seconds)))
        }
    }
}

fn code_again(
    state: &AppState,
    page: &Page,
    status: StatusCode,
    wrong: Option<&'static str>,
    trouble: Option<String>,
) -> Result<Response, Error> {
    page::html_with(status, &Code { chrome: page.chrome(state, "One more step", Nav::None), wrong, trouble })
}

fn begin_anew() -> Response {
    SeeOther::to("/login").bad("That took too long, or something changed meanwhile. Sign in once more.").into_response()
}

fn too_often(seconds: u64) -> String {
    format!("That was tried too often. Try again in {seconds} seconds.")
}

fn waiting(mut answer: Response, seconds: Option<u64>) -> Response {
    if let Some(seconds) = seconds {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    answer
}

/// `POST /logout`
pub(super) async fn sign_out(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    visitor: Visitor,
) -> Result<Response, Error> {
    enter::leave(&state, &visitor, user.as_ref()).await
}
