//! Errors of handlers.
//!
//! A handler returns [`Error`]; its response carries an [`ErrorContent`], which [`super::error_page`] turns into a page.

use std::{borrow::Cow, sync::Arc};

use axum::{
    extract::multipart::MultipartError,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};

use super::byte_size::format_bytes;
use crate::{domain::plural::count_with_noun, redis::RedisUnavailable};

#[derive(Debug)]
pub enum Error {
    /// It does not exist, or the viewer may not know that it exists.
    NotFound,
    /// Like [`Error::NotFound`], with a sentence of its own.
    NotFoundBecause(Cow<'static, str>),
    SignedOut,
    /// The viewer has no right to this; the sentence says why, and who has.
    Forbidden(Cow<'static, str>),
    /// The address or an upload could not be parsed.
    BadRequest(&'static str),
    /// What follows the question mark of an address could not be read; `path` is what is before it.
    BadQuery {
        path: String,
    },
    /// The state, version or verdict does not allow it.
    Conflict(Cow<'static, str>),
    /// The input is invalid, and there is no form in which to show that.
    Unprocessable(Cow<'static, str>),
    /// The request did not arrive in time.
    TimedOut(&'static str),
    TooLarge {
        /// Maximum number of bytes.
        most: u64,
    },
    /// The person's quota is used up; the sentence says until when.
    QuotaExceeded(Cow<'static, str>),
    /// The person has too many of something open; the sentence says of what.
    TooManyOpen(&'static str),
    TooManyRequests {
        /// Seconds until the next attempt is allowed.
        retry_after: u64,
    },
    /// A service that is needed (database, Redis, evidence store) does not answer, or the server is overloaded.
    Unavailable(&'static str),
    /// A defect, or a failure that nobody can do anything about now. It is logged.
    Fault(anyhow::Error),
}

impl Error {
    /// A defect, described by a sentence for the log.
    pub fn fault(what: &'static str) -> Self {
        Self::Fault(anyhow::Error::msg(what))
    }

    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::NotFoundBecause(_) => StatusCode::NOT_FOUND,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::BadRequest(_) | Self::BadQuery { .. } => StatusCode::BAD_REQUEST,
            Self::TimedOut(_) => StatusCode::REQUEST_TIMEOUT,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Unprocessable(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLarge { .. } | Self::QuotaExceeded(_) => StatusCode::PAYLOAD_TOO_LARGE,
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

impl From<RedisUnavailable> for Error {
    fn from(error: RedisUnavailable) -> Self {
        tracing::error!(error = &error as &dyn std::error::Error, "Redis does not answer");
        Self::Unavailable("The store of sessions does not answer just now.")
    }
}

impl From<object_store::Error> for Error {
    fn from(error: object_store::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// Work in a task of its own panicked.
impl From<tokio::task::JoinError> for Error {
    fn from(error: tokio::task::JoinError) -> Self {
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

/// `Retry-After` in seconds when the person first has to close something else.
const RETRY_SOON_SECONDS: u64 = 30;

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = self.status();
        let mut page = ErrorContent::for_status(status);
        let mut response = status.into_response();
        match self {
            Self::NotFoundBecause(sentence)
            | Self::Forbidden(sentence)
            | Self::Conflict(sentence)
            | Self::QuotaExceeded(sentence)
            | Self::Unprocessable(sentence) => page.sentence = sentence,
            Self::BadRequest(sentence) | Self::TimedOut(sentence) | Self::Unavailable(sentence) => {
                page.sentence = sentence.into();
            }
            Self::BadQuery { path } => {
                page.sentence =
                    "What follows the question mark in this address can’t be read: something in it is there \
                                 twice, or is no text. Open the page without it, and choose there."
                        .into();
                page.next_link = (path.into(), "Open the page");
            }
            Self::TooLarge { most } => {
                page.sentence = format!("This is too large: at most {} are taken.", format_bytes(most)).into();
            }
            Self::TooManyOpen(sentence) => {
                page.sentence = sentence.into();
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_SOON_SECONDS));
            }
            Self::TooManyRequests { retry_after } => {
                page.sentence = format!("Too often. Try again in {}.", count_with_noun(retry_after, "second")).into();
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after));
            }
            Self::Fault(cause) => page.cause = Some(Arc::new(cause)),
            Self::NotFound | Self::SignedOut => {}
        }
        response.extensions_mut().insert(page);
        response
    }
}

/// What an error page shows, carried as an extension of a response that has no body yet.
#[derive(Debug, Clone)]
pub struct ErrorContent {
    pub(super) status: StatusCode,
    pub(super) title: &'static str,
    pub(super) sentence: Cow<'static, str>,
    pub(super) next_link: (Cow<'static, str>, &'static str),
    pub(super) cause: Option<Arc<anyhow::Error>>,
}

impl ErrorContent {
    /// The content for a status about which nothing more is known.
    pub(super) fn for_status(status: StatusCode) -> Self {
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
        Self { status, title, sentence: sentence.into(), next_link: (next.0.into(), next.1), cause: None }
    }
}

/// Marks a response whose plain body must stay although its status is an error (`/readyz`).
#[derive(Debug, Clone, Copy)]
pub struct KeepBody;
