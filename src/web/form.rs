//! Extractors for paths, queries and forms; whatever is wrong with the input is answered with a page of this site.
//!
//! A form's fields are read as text and parsed by the handler into domain types, which adds a sentence to
//! [`FieldErrors`] for each invalid one; the form is then shown again with its values and status 422.

use std::{borrow::Cow, collections::BTreeMap, error::Error as StdError, fmt, time::Duration};

use axum::{
    RequestPartsExt as _,
    body::{Body, BodyDataStream},
    extract::{
        FromRequest, FromRequestParts, Multipart, Request,
        multipart::{Field, MultipartError},
    },
};
use futures_util::StreamExt as _;
use http::{HeaderMap, StatusCode, header, request::Parts};
use serde::{Deserialize, de::DeserializeOwned};
use tower_http::timeout::TimeoutError;

use super::{
    error::Error,
    multipart::{GuardedForm, MAX_BOUNDARY, MultipartRefusal, SharedForm},
    route::FormLimit,
};
use crate::texts;

/// The parameters of the path. A parameter that does not parse is answered with 404.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send + 'static, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        match parts.extract::<axum::extract::Path<T>>().await {
            Ok(axum::extract::Path(value)) if !has_nul(parts.uri.path()) => Ok(Self(value)),
            _ => Err(Error::NotFound),
        }
    }
}

/// The query string. Repeated names give a list.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        match axum_extra::extract::Query::from_request_parts(parts, state).await {
            Ok(axum_extra::extract::Query(value)) if !parts.uri.query().is_some_and(has_nul) => Ok(Self(value)),
            _ => Err(Error::BadQuery { path: parts.uri.path().to_owned() }),
        }
    }
}

/// Whether a part of an address contains U+0000, which PostgreSQL can't store and nobody types.
fn has_nul(part: &str) -> bool {
    part.contains("%00")
}

/// A submitted form. Repeated names give a list.
#[derive(Debug, Clone, Copy)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let limit = FormLimit::of(request.extensions());
        match axum_extra::extract::Form::from_request(request, state).await {
            Ok(axum_extra::extract::Form(value)) => Ok(Self(value)),
            Err(rejection) => match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => Err(Error::FormTooLarge { limit }),
                StatusCode::BAD_REQUEST => Err(Error::BadRequest(texts::form_arrived_only_in_part())),
                _ if find_cause::<TimeoutError>(&rejection).is_some() => {
                    Err(Error::TimedOut(texts::form_arrived_only_in_part()))
                }
                _ => Err(Error::Unprocessable(describe_unreadable_form(&rejection.body_text()))),
            },
        }
    }
}

/// Describes why a form could not be deserialized, from serde's message.
fn describe_unreadable_form(why: &str) -> Cow<'static, str> {
    let missing = why.split_once("missing field `").and_then(|(_, rest)| rest.split_once('`')).map(|(name, _)| name);
    match missing {
        Some(name) => texts::form_lacks_field(name),
        None => texts::form_not_understood_go_back(),
    }
}

/// A field that is either on or off.
///
/// A browser sends nothing for a checkbox that is not ticked. So a form that changes existing values has a hidden field
/// of the same name with the value `off` before the box (`form::toggle`). A missing field is therefore no choice at
/// all, and the handler decides whether that is allowed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Toggle(Vec<String>);

/// A text field of a form that changes existing values: an empty text deletes the value, a missing field leaves it as
/// it is. (serde reads an empty `Option` as a missing one.)
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct OptionalText(Vec<String>);

impl OptionalText {
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(vec![text])
    }

    /// The submitted text; `None` when the field is missing.
    #[must_use]
    pub fn get(&self) -> Option<&str> {
        self.0.first().map(String::as_str)
    }

    /// The text, as a form that comes back shows it.
    #[must_use]
    pub fn text_or_empty(&self) -> &str {
        self.get().unwrap_or_default()
    }
}

/// A field holds something that is neither on nor off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", texts::either_on_or_off())]
pub struct ToggleError;

impl Toggle {
    #[must_use]
    pub fn new(on: bool) -> Self {
        Self(vec![if on { "on" } else { "off" }.to_owned()])
    }

    /// The field with this one value, in a form that is read part by part.
    #[must_use]
    pub fn from_text(value: String) -> Self {
        Self(vec![value])
    }

    /// The choice; `None` when the field is missing or empty.
    ///
    /// # Errors
    /// When the field has any other word, or words that contradict each other.
    pub fn parse(&self) -> Result<Option<bool>, ToggleError> {
        let words = self.0.iter().map(|word| word.trim()).filter(|word| !word.is_empty());
        let read = words.map(|word| match word {
            "on" | "true" | "yes" | "1" => Ok(true),
            "off" | "false" | "no" | "0" => Ok(false),
            _ => Err(ToggleError),
        });
        match read.collect::<Result<Vec<_>, _>>()?.as_slice() {
            [] => Ok(None),
            // A ticked box after the hidden field.
            [false, true] => Ok(Some(true)),
            [first, rest @ ..] if rest.iter().all(|other| other == first) => Ok(Some(*first)),
            _ => Err(ToggleError),
        }
    }

    /// Like [`Self::parse`], for a field that decides something and so has to be there.
    ///
    /// # Errors
    /// Also when the field is missing.
    pub fn parse_required(&self) -> Result<bool, ToggleError> {
        self.parse()?.ok_or(ToggleError)
    }

    /// Whether the form shows the field as on when it is shown again.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.parse() == Ok(Some(true))
    }
}

/// A form whose body has not been read yet: rights are checked before the input is.
#[derive(Debug)]
pub struct UnreadForm(Request);

impl UnreadForm {
    /// Fails if the body is not a form of fields, or is too large.
    pub async fn read_form<T: DeserializeOwned>(self) -> Result<T, Error> {
        Form::from_request(self.0, &()).await.map(|Form(fields)| fields)
    }

    /// Reads a `multipart/form-data` form of at most `limit` bytes in all. A form with a larger declared length is not
    /// read at all.
    ///
    /// # Errors
    /// When the body is not such a form, or is too large.
    pub async fn read_multipart(self, limit: u64) -> Result<MultipartForm, Error> {
        if declared_length(self.0.headers()).is_some_and(|length| length > limit) {
            return Err(Error::TooLarge { limit });
        }
        let kind = self.0.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let boundary = kind.and_then(|kind| multer::parse_boundary(kind).ok());
        let Some(boundary) = boundary.filter(|boundary| boundary.len() <= MAX_BOUNDARY) else {
            return Err(refuse_other_form());
        };
        let (head, body) = self.0.into_parts();
        let body = SharedForm::new(GuardedForm::new(body.into_data_stream(), &boundary, limit));
        let request = Request::from_parts(head, Body::from_stream(body.clone()));
        let parts = Multipart::from_request(request, &()).await.map_err(|_| refuse_other_form())?;
        Ok(MultipartForm { parts, body })
    }
}

impl<S: Send + Sync> FromRequest<S> for UnreadForm {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(request))
    }
}

pub struct MultipartForm {
    parts: Multipart,
    body: SharedForm<BodyDataStream>,
}

impl MultipartForm {
    /// Fails if the form breaks off, is malformed or is too large.
    pub async fn next_field(&mut self) -> Result<Option<Field<'_>>, Error> {
        Ok(self.parts.next_field().await?)
    }

    /// Reads the rest and discards it, for a limited time: a browser that is still sending when the connection closes
    /// shows an error of its own instead of the response.
    pub async fn drain(&self) {
        let _elapsed = tokio::time::timeout(DRAIN_TIMEOUT, self.body.drain()).await;
    }
}

/// How long the rest of a form is drained (nginx waits as long).
const DRAIN_TIMEOUT: Duration = Duration::from_secs(30);

fn refuse_other_form() -> Error {
    Error::Unprocessable(texts::form_must_send_files())
}

/// Reads a body that is not used, for a limited time, so that the browser shows the answer.
pub async fn drain(body: Body) {
    let mut pieces = body.into_data_stream();
    let read = async { while let Some(Ok(_)) = pieces.next().await {} };
    let _elapsed = tokio::time::timeout(DRAIN_TIMEOUT, read).await;
}

/// The length of the body according to the request's headers.
#[must_use]
pub fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

impl From<MultipartError> for Error {
    fn from(error: MultipartError) -> Self {
        match find_cause::<MultipartRefusal>(&error) {
            Some(MultipartRefusal::TooLarge { limit }) => return Self::TooLarge { limit: *limit },
            Some(MultipartRefusal::TooSlow) => {
                return Self::TimedOut(texts::upload_too_slow());
            }
            Some(MultipartRefusal::Broken(cause)) if find_cause::<TimeoutError>(cause.as_ref()).is_some() => {
                return Self::TimedOut(texts::upload_stopped());
            }
            Some(MultipartRefusal::Broken(_)) => {
                return Self::BadRequest(texts::upload_stopped());
            }
            None => {}
        }
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return Self::TooLarge { limit: super::route::FORM_BYTES };
        }
        // Invalid input is not the server's fault. Names of files are in the headers of parts, which may not contain
        // control characters (RFC 9110, section 5.5).
        tracing::debug!(%error, "a form with files was not understood");
        Self::BadRequest(texts::upload_not_understood())
    }
}

/// The first error of this type in the chain of causes.
fn find_cause<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    let mut causes = std::iter::successors(Some(error), |error| (*error).source());
    causes.find_map(|cause| cause.downcast_ref())
}

/// The sentences to show at a form's fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(BTreeMap<&'static str, String>);

impl FieldErrors {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn single(field: &'static str, sentence: impl fmt::Display) -> Self {
        let mut errors = Self::new();
        errors.add(field, sentence);
        errors
    }

    /// Adds a sentence at a field, unless the field already has one.
    pub fn add(&mut self, field: &'static str, sentence: impl fmt::Display) {
        self.0.entry(field).or_insert_with(|| sentence.to_string());
    }

    /// Returns the parsed value, or adds its error to the field.
    pub fn check<T, E: fmt::Display>(&mut self, field: &'static str, parsed: Result<T, E>) -> Option<T> {
        parsed.map_err(|error| self.add(field, error)).ok()
    }

    #[must_use]
    pub fn get(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }

    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(field, sentence)| (*field, sentence.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toggle_parses_every_spelling_and_rejects_unknown_words() {
        let read = |words: &[&str]| Toggle(words.iter().map(|word| (*word).to_owned()).collect()).parse();
        for on in ["on", "true", "yes", "1", " on "] {
            assert_eq!(read(&[on]), Ok(Some(true)), "{on}");
            assert_eq!(read(&["off", on]), Ok(Some(true)), "{on} after the hidden field");
        }
        for off in ["off", "false", "no", "0"] {
            assert_eq!(read(&[off]), Ok(Some(false)), "{off}");
        }
        assert_eq!((read(&[]), read(&[""]), read(&["", "on"])), (Ok(None), Ok(None), Ok(Some(true))));
        for unknown in [&["maybe"][..], &["On"], &["TRUE"], &["2"], &["-1"], &["on", "off"], &["off", "on", "off"]] {
            assert_eq!(read(unknown), Err(ToggleError), "{unknown:?}");
        }
        assert_eq!(Toggle::default().parse_required(), Err(ToggleError));
    }

    #[test]
    fn unreadable_form_sentence_names_the_missing_field() {
        let why = "Failed to deserialize form body: missing field `notes`";
        assert!(describe_unreadable_form(why).contains("“notes”"));
        assert!(describe_unreadable_form("invalid digit").contains("not understood"));
    }
}
