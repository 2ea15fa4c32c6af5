//! What went wrong, and the page that says so.
//!
//! A handler returns [`Error`]; its response carries an [`ErrorPage`], which [`render`] turns into a page of the
//! site (or JSON, for a script that asked for it) once the viewer is known. A fault is logged there, once, with the
//! request's id; the person is shown a fixed sentence and that id, never the cause.

use std::{borrow::Cow, sync::Arc};

use askama::Template;
use axum::{
    extract::{Request, State, multipart::MultipartError},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};

use super::{
    page::{self, Chrome, Nav, Page},
    request::Route,
};
use crate::{domain::ids::RequestId, redis::Down, state::AppState};

/// Everything that keeps a request from its answer.
#[derive(Debug)]
pub enum Error {
    /// It is not there, or not theirs to know of.
    NotFound,
    /// As [`Error::NotFound`], where there is more to say.
    Missing(Cow<'static, str>),
    /// Nobody is signed in.
    SignedOut,
    /// They may not; the sentence says why, and who may.
    Forbidden(Cow<'static, str>),
    /// The address was not understood.
    BadRequest(&'static str),
    /// State, version or verdict does not allow it.
    Conflict(Cow<'static, str>),
    /// What was sent is wrong, and there is no form to show it at.
    Unprocessable(Cow<'static, str>),
    /// It did not arrive in time.
    TimedOut(&'static str),
    /// More bytes than allowed.
    TooLarge {
        /// How many are.
        most: u64,
    },
    /// What one person may keep here is used up; the sentence says until when.
    Full(Cow<'static, str>),
    /// One person has too many of something open; the sentence says of what.
    TooManyOpen(&'static str),
    /// Too often.
    TooManyRequests {
        /// Seconds until it may be tried again.
        retry_after: u64,
    },
    /// A part that is needed does not answer.
    Unavailable(&'static str),
    /// A defect, or a failure nobody can do anything about now. Logged.
    Fault(anyhow::Error),
}

impl Error {
    /// A defect, told in a sentence for the log.
    pub fn fault(what: &'static str) -> Self {
        Self::Fault(anyhow::Error::msg(what))
    }

    /// The status it is answered with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::Missing(_) => StatusCode::NOT_FOUND,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::TimedOut(_) => StatusCode::REQUEST_TIMEOUT,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Unprocessable(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLarge { .. } | Self::Full(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooManyRequests { .. } | Self::TooManyOpen(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::Fault(error)
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) => {
                tracing::error!(%error, "PostgreSQL does not answer");
                Self::Unavailable("The database does not answer just now.")
            }
            other => Self::Fault(other.into()),
        }
    }
}

impl From<Down> for Error {
    fn from(error: Down) -> Self {
        tracing::error!(error = &error as &dyn std::error::Error, "Redis does not answer");
        Self::Unavailable("The store of sessions does not answer just now.")
    }
}

impl From<object_store::Error> for Error {
    fn from(error: object_store::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<crate::blobs::PutError> for Error {
    fn from(error: crate::blobs::PutError) -> Self {
        match error {
            crate::blobs::PutError::TooLarge(most) => Self::TooLarge { most },
            crate::blobs::PutError::Interrupted(error) => match error.downcast::<MultipartError>() {
                Ok(error) => error.into(),
                Err(_) => Self::BadRequest("The upload stopped half way, and nothing of it was kept. Send it again."),
            },
            crate::blobs::PutError::Store(error) => error.into(),
        }
    }
}

/// After how many seconds it may be tried again when something else has to be closed first.
const SOON: u64 = 30;

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = self.status();
        let mut page = ErrorPage::of(status);
        let mut response = status.into_response();
        match self {
            Self::Missing(sentence)
            | Self::Forbidden(sentence)
            | Self::Conflict(sentence)
            | Self::Full(sentence)
            | Self::Unprocessable(sentence) => page.sentence = sentence,
            Self::BadRequest(sentence) | Self::TimedOut(sentence) | Self::Unavailable(sentence) => {
                page.sentence = sentence.into();
            }
            Self::TooLarge { most } => {
                page.sentence = format!("This is too large: at most {} are taken.", page::bytes(most)).into();
            }
            Self::TooManyOpen(sentence) => {
                page.sentence = sentence.into();
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(SOON));
            }
            Self::TooManyRequests { retry_after } => {
                page.sentence = format!("Too often. Try again in {retry_after} seconds.").into();
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after));
            }
            Self::Fault(cause) => page.cause = Some(Arc::new(cause)),
            Self::NotFound | Self::SignedOut => {}
        }
        response.extensions_mut().insert(page);
        response
    }
}

/// What an error's page says, carried as an extension of a response that has no body yet.
#[derive(Debug, Clone)]
pub struct ErrorPage {
    status: StatusCode,
    title: &'static str,
    sentence: Cow<'static, str>,
    next: (&'static str, &'static str),
    cause: Option<Arc<anyhow::Error>>,
}

impl ErrorPage {
    /// The page for a status, when nothing more is known.
    fn of(status: StatusCode) -> Self {
        let home = ("/", "Go to my work");
        let (title, sentence, next) = match status {
            StatusCode::NOT_FOUND => {
                ("Not found", "There is nothing at this address, or nothing that you may see.", home)
            }
            StatusCode::UNAUTHORIZED => {
                ("Sign in", "You are not signed in, or your session has ended.", ("/login", "Sign in"))
            }
            StatusCode::FORBIDDEN => ("Not allowed", "You may not do this.", home),
            StatusCode::METHOD_NOT_ALLOWED => ("Not possible here", "This address can't be used in this way.", home),
            StatusCode::CONFLICT => ("Not possible now", "This can't be done as things stand now.", home),
            StatusCode::PAYLOAD_TOO_LARGE => ("Too large", "More was sent than is taken here.", home),
            StatusCode::UNPROCESSABLE_ENTITY | StatusCode::UNSUPPORTED_MEDIA_TYPE => (
                "Not understood",
                "What was sent was not understood. Go back, look over the form and send it again.",
                home,
            ),
            StatusCode::TOO_MANY_REQUESTS => ("Too often", "This was tried too often. Wait a little.", home),
            StatusCode::MISDIRECTED_REQUEST => (
                "Wrong address",
                "This site is not served under the name in your address bar.",
                ("/healthz", "See whether it runs"),
            ),
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT => {
                ("Not available just now", "This takes longer than it should. Try again in a moment.", home)
            }
            other if other.is_server_error() => (
                "Something went wrong",
                "It is not your doing, and nothing was half done. Try again; if it stays, tell your admin the number below.",
                home,
            ),
            _ => ("Not understood", "This request was not understood.", home),
        };
        Self { status, title, sentence: sentence.into(), next, cause: None }
    }
}

/// Marks a response whose plain body is its answer, though its status tells of a failure (`/readyz`).
#[derive(Debug, Clone, Copy)]
pub struct KeepBody;

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorTemplate {
    chrome: Chrome,
    status: u16,
    sentence: Cow<'static, str>,
    next_href: &'static str,
    next_label: &'static str,
    request_id: RequestId,
}

/// Gives every failed answer its page, and logs the faults.
pub async fn render(State(state): State<AppState>, page: Page, request: Request, next: Next) -> Response {
    let id = page.request_id;
    let wants_json = super::request::wants_json(request.headers());
    let route = request.extensions().get::<Route>().cloned().unwrap_or_default();
    let mut response = next.run(request).await;
    let status = response.status();
    let found = response.extensions_mut().remove::<ErrorPage>();
    // axum and tower-http answer some failures themselves, in plain text or nothing.
    let bare = (status.is_client_error() || status.is_server_error())
        && response.extensions().get::<KeepBody>().is_none()
        && response.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    let Some(error) = found.or_else(|| bare.then(|| ErrorPage::of(status))) else { return response };
    if let Some(cause) = &error.cause {
        tracing::error!(request_id = %id, route = route.name(), error = format!("{cause:#}"), "a request failed");
    }
    let mut answer = if wants_json {
        let body = serde_json::json!({ "error": error.sentence, "status": status.as_u16(), "request_id": id });
        axum::Json(body).into_response()
    } else {
        let template = ErrorTemplate {
            chrome: page.chrome(&state, error.title, Nav::None),
            status: error.status.as_u16(),
            sentence: error.sentence,
            next_href: error.next.0,
            next_label: error.next.1,
            request_id: id,
        };
        match page::html(&template) {
            Ok(answer) => answer,
            Err(_) => "Something went wrong.".into_response(),
        }
    };
    *answer.status_mut() = status;
    // What the failed answer said beside its body (Retry-After, Allow, cookies) still holds.
    for (name, value) in response.headers() {
        if !matches!(*name, header::CONTENT_TYPE | header::CONTENT_LENGTH) {
            answer.headers_mut().append(name, value.clone());
        }
    }
    answer
}
