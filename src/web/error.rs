//! Errors of handlers.
//!
//! A handler returns [`Error`]; its response carries an [`ErrorContent`], which [`super::error_page`] turns into a page.

use std::{borrow::Cow, sync::Arc};

use axum::{
    extract::multipart::MultipartError,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};

use super::{byte_size::format_bytes, store_failure::find_store_failure};
use crate::{db_watch::DatabaseSilent, redis::RedisUnavailable, state::UnfinishedWork, texts};

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
    BadRequest(Cow<'static, str>),
    /// What follows the question mark of an address could not be read; `path` is what is before it.
    BadQuery {
        path: String,
    },
    /// The address worked once and no longer does: it was used, replaced or withdrawn, or its time is over.
    Gone {
        title: Cow<'static, str>,
        sentence: Cow<'static, str>,
        /// The address and label of the way on.
        next_link: (&'static str, Cow<'static, str>),
    },
    /// The state, version or verdict does not allow it.
    Conflict(Cow<'static, str>),
    /// The input is invalid, and there is no form in which to show that.
    Unprocessable(Cow<'static, str>),
    /// The request did not arrive in time.
    TimedOut(Cow<'static, str>),
    TooLarge {
        /// Maximum number of bytes.
        limit: u64,
    },
    /// An ordinary form, whose fields are typed, has more than the maximum number of bytes.
    FormTooLarge {
        limit: u64,
    },
    /// The person's quota is used up; the sentence says until when.
    QuotaExceeded(Cow<'static, str>),
    /// The person has too many of something open; the sentence says of what.
    TooManyOpen(Cow<'static, str>),
    TooManyRequests {
        /// Seconds until the next attempt is allowed.
        retry_after: u64,
    },
    /// A service that is needed (database, Redis, evidence store) does not answer, or the server is overloaded.
    Unavailable(Cow<'static, str>),
    /// The disk of the database or of the evidence store is full; the sentence says which.
    StorageFull(Cow<'static, str>),
    /// A defect, or a failure that nobody can do anything about now. It is logged.
    Fault(anyhow::Error),
}

impl Error {
    /// A defect, described by a sentence for the log.
    pub fn fault(description: &'static str) -> Self {
        Self::Fault(anyhow::Error::msg(description))
    }

    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::NotFoundBecause(_) => StatusCode::NOT_FOUND,
            Self::Gone { .. } => StatusCode::GONE,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::BadRequest(_) | Self::BadQuery { .. } => StatusCode::BAD_REQUEST,
            Self::TimedOut(_) => StatusCode::REQUEST_TIMEOUT,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Unprocessable(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLarge { .. } | Self::FormTooLarge { .. } | Self::QuotaExceeded(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooManyRequests { .. } | Self::TooManyOpen(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::StorageFull(_) => StatusCode::INSUFFICIENT_STORAGE,
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// A failure of a store among the causes is answered as such.
impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        find_store_failure(error.as_ref()).unwrap_or(Self::Fault(error))
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        anyhow::Error::new(error).into()
    }
}

impl From<RedisUnavailable> for Error {
    fn from(error: RedisUnavailable) -> Self {
        anyhow::Error::new(error).into()
    }
}

impl From<object_store::Error> for Error {
    fn from(error: object_store::Error) -> Self {
        anyhow::Error::new(error).into()
    }
}

/// It was logged when it was detected.
impl From<DatabaseSilent> for Error {
    fn from(_: DatabaseSilent) -> Self {
        Self::Unavailable(texts::database_does_not_answer())
    }
}

impl From<UnfinishedWork> for Error {
    fn from(error: UnfinishedWork) -> Self {
        match error {
            UnfinishedWork::DatabaseSilent(silent) => silent.into(),
            UnfinishedWork::Panicked(error) => error.into(),
        }
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
            crate::blobs::PutError::TooLarge(limit) => Self::TooLarge { limit },
            crate::blobs::PutError::Interrupted(error) => match error.downcast::<MultipartError>() {
                Ok(error) => error.into(),
                Err(_) => Self::BadRequest(texts::upload_stopped()),
            },
            crate::blobs::PutError::Store(error) => error.into(),
        }
    }
}

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
            | Self::Unprocessable(sentence)
            | Self::BadRequest(sentence)
            | Self::TimedOut(sentence)
            | Self::TooManyOpen(sentence)
            | Self::Unavailable(sentence)
            | Self::StorageFull(sentence) => page.sentence = sentence,
            Self::Gone { title, sentence, next_link: (href, label) } => {
                (page.title, page.sentence) = (title, sentence);
                page.next_link = (href.into(), label);
            }
            Self::BadQuery { path } => {
                page.sentence = texts::query_not_understood();
                page.next_link = (path.into(), texts::open_the_page());
            }
            Self::FormTooLarge { limit } => page.sentence = texts::form_too_large(format_bytes(limit)),
            Self::TooLarge { limit } => page.sentence = texts::at_most_accepted(format_bytes(limit)),
            Self::TooManyRequests { retry_after } => {
                page.sentence = texts::tried_too_often_try_in(retry_after);
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
    pub(super) title: Cow<'static, str>,
    pub(super) sentence: Cow<'static, str>,
    pub(super) next_link: (Cow<'static, str>, Cow<'static, str>),
    pub(super) cause: Option<Arc<anyhow::Error>>,
}

impl ErrorContent {
    /// The content for a status about which nothing more is known.
    pub(super) fn for_status(status: StatusCode) -> Self {
        let home = ("/", texts::go_to_my_work());
        let (title, sentence, next) = match status {
            StatusCode::NOT_FOUND => (texts::not_found(), texts::nothing_at_this_address(), home),
            StatusCode::UNAUTHORIZED => {
                (texts::sign_in(), texts::signed_out_or_session_ended(), ("/login", texts::sign_in()))
            }
            StatusCode::FORBIDDEN => (texts::not_allowed(), texts::you_may_not_do_this(), home),
            StatusCode::METHOD_NOT_ALLOWED => {
                (texts::not_possible_here(), texts::address_cannot_be_used_this_way(), home)
            }
            StatusCode::CONFLICT => (texts::not_possible_now(), texts::cannot_be_done_now(), home),
            StatusCode::PAYLOAD_TOO_LARGE => (texts::too_large(), texts::more_than_accepted(), home),
            StatusCode::UNPROCESSABLE_ENTITY | StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                (texts::not_understood(), texts::form_not_understood(), home)
            }
            StatusCode::TOO_MANY_REQUESTS => (texts::too_many_requests(), texts::tried_too_often_wait(), home),
            StatusCode::MISDIRECTED_REQUEST => (
                texts::wrong_address(),
                texts::not_served_under_this_name(),
                ("/healthz", texts::check_whether_it_runs()),
            ),
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT => {
                (texts::not_available_now(), texts::takes_too_long(), home)
            }
            StatusCode::INSUFFICIENT_STORAGE => (texts::no_space_left(), texts::evidence_store_is_full(), home),
            other if other.is_server_error() => (texts::something_went_wrong(), texts::not_your_fault(), home),
            _ => (texts::not_understood(), texts::request_not_understood(), home),
        };
        Self { status, title, sentence, next_link: (next.0.into(), next.1), cause: None }
    }
}

/// Marks a response whose plain body must stay although its status is an error (`/readyz`).
#[derive(Debug, Clone, Copy)]
pub struct KeepBody;
