//! What requests bring, read so that whatever is wrong with it ends on a page of ours.
//!
//! A form's fields are read as text and parsed by the handler into domain types, which gives each wrong one a
//! sentence in [`FieldErrors`]; the form then comes back with its values and status 422.

use std::{borrow::Cow, collections::BTreeMap, error::Error as StdError, fmt, time::Duration};

use axum::{
    RequestPartsExt as _,
    body::{Body, BodyDataStream},
    extract::{
        FromRequest, FromRequestParts, Multipart, Request,
        multipart::{Field, MultipartError},
    },
};
use http::{HeaderMap, StatusCode, header, request::Parts};
use serde::{Deserialize, de::DeserializeOwned};
use tower_http::timeout::TimeoutError;

use super::{
    error::Error,
    multipart::{Guarded, MOST_BOUNDARY, Refused, Shared},
};

/// The parts of the path. One that does not parse means that there is nothing here.
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

/// The part of the address after `?`. Repeated names give a list.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        match axum_extra::extract::Query::from_request_parts(parts, state).await {
            Ok(axum_extra::extract::Query(value)) if !parts.uri.query().is_some_and(has_nul) => Ok(Self(value)),
            _ => Err(Error::BadRequest("What follows the question mark in this address was not understood.")),
        }
    }
}

/// Whether a part of an address holds U+0000, which PostgreSQL can't keep and nobody types.
fn has_nul(part: &str) -> bool {
    part.contains("%00")
}

/// A form that was sent. Repeated names give a list.
#[derive(Debug, Clone, Copy)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        match axum_extra::extract::Form::from_request(request, state).await {
            Ok(axum_extra::extract::Form(value)) => Ok(Self(value)),
            Err(rejection) => match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => Err(Error::TooLarge { most: super::route::FORM_BYTES }),
                StatusCode::BAD_REQUEST => Err(Error::BadRequest("The form arrived only in part. Send it again.")),
                _ if find::<TimeoutError>(&rejection).is_some() => {
                    Err(Error::TimedOut("The form arrived only in part. Send it again."))
                }
                _ => Err(Error::Unprocessable(not_understood(&rejection.body_text()).into())),
            },
        }
    }
}

/// The sentence about a form that is not of the expected fields, from what serde says about it.
fn not_understood(why: &str) -> String {
    let missing = why.split_once("missing field `").and_then(|(_, rest)| rest.split_once('`')).map(|(name, _)| name);
    match missing {
        Some(name) => format!("The form came without its field “{name}”, so nothing was changed. Send it whole."),
        None => "The form was not understood. Go back, look it over and send it again.".to_owned(),
    }
}

/// A field that is either on or off.
///
/// A browser sends nothing for a checkbox that is not ticked, so a form that changes what there is has a hidden field of
/// the same name and the value `off` before the box (`form::toggle`). A field that is missing is thus no choice at all,
/// and it is for the handler to say whether that may be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Toggle(Vec<String>);

/// A text field of a form that changes what there is: an empty one takes away, a missing one leaves as it is.
/// (serde reads an empty `Option` as a missing one.)
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Sometimes(Vec<String>);

impl Sometimes {
    /// With this text.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(vec![text])
    }

    /// The text that was sent; nothing when the field is missing.
    #[must_use]
    pub fn sent(&self) -> Option<&str> {
        self.0.first().map(String::as_str)
    }

    /// The number from 1 that was sent, as a hidden field has it: `Some(None)` when the field is missing, `None` when it
    /// holds anything else.
    #[must_use]
    pub fn number(&self) -> Option<Option<i64>> {
        match self.sent() {
            None => Some(None),
            Some(text) => text.parse().ok().filter(|number| *number >= 1).map(Some),
        }
    }

    /// The text, as a form that comes back shows it.
    #[must_use]
    pub fn shown(&self) -> &str {
        self.sent().unwrap_or_default()
    }
}

/// What is said of a form whose hidden number is none.
pub const NOT_A_NUMBER: &str = "The form did not say what it was made from. Look again, then decide.";

/// A field holds something that is neither on nor off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This is either on or off.")]
pub struct NotAToggle;

impl Toggle {
    /// On or off.
    #[must_use]
    pub fn new(on: bool) -> Self {
        Self(vec![if on { "on" } else { "off" }.to_owned()])
    }

    /// Whether it is on; nothing when the field is missing or empty.
    ///
    /// # Errors
    /// [`NotAToggle`] for any other word, and for words that contradict each other.
    pub fn read(&self) -> Result<Option<bool>, NotAToggle> {
        let words = self.0.iter().map(|word| word.trim()).filter(|word| !word.is_empty());
        let read = words.map(|word| match word {
            "on" | "true" | "yes" | "1" => Ok(true),
            "off" | "false" | "no" | "0" => Ok(false),
            _ => Err(NotAToggle),
        });
        match read.collect::<Result<Vec<_>, _>>()?.as_slice() {
            [] => Ok(None),
            // A ticked box, after the hidden field.
            [false, true] => Ok(Some(true)),
            [first, rest @ ..] if rest.iter().all(|other| other == first) => Ok(Some(*first)),
            _ => Err(NotAToggle),
        }
    }

    /// As [`Self::read`], where the field decides something and so has to be there.
    ///
    /// # Errors
    /// [`NotAToggle`] when it is missing, too.
    pub fn required(&self) -> Result<bool, NotAToggle> {
        self.read()?.ok_or(NotAToggle)
    }

    /// Whether a form that comes back shows it as on.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.read() == Ok(Some(true))
    }
}

/// A form that has not been read yet: whether the person may do what they ask comes before what they wrote.
#[derive(Debug)]
pub struct Sent(Request);

impl Sent {
    /// Reads it as a form of fields.
    ///
    /// # Errors
    /// When it is not one, or is too large.
    pub async fn form<T: DeserializeOwned>(self) -> Result<T, Error> {
        Form::from_request(self.0, &()).await.map(|Form(fields)| fields)
    }

    /// Reads it as a form with files, of at most so many bytes in all. One that is declared longer is not read at all.
    ///
    /// # Errors
    /// When it is not one, or is too large.
    pub async fn multipart(self, most: u64) -> Result<FormWithFiles, Error> {
        if declared_length(self.0.headers()).is_some_and(|length| length > most) {
            return Err(Error::TooLarge { most });
        }
        let kind = self.0.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let boundary = kind.and_then(|kind| multer::parse_boundary(kind).ok());
        let Some(boundary) = boundary.filter(|boundary| boundary.len() <= MOST_BOUNDARY) else { return Err(NO_FILES) };
        let (head, body) = self.0.into_parts();
        let body = Shared::new(Guarded::new(body.into_data_stream(), &boundary, most));
        let request = Request::from_parts(head, Body::from_stream(body.clone()));
        let parts = Multipart::from_request(request, &()).await.map_err(|_| NO_FILES)?;
        Ok(FormWithFiles { parts, body })
    }
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(request))
    }
}

/// A form with files, read part by part.
pub struct FormWithFiles {
    parts: Multipart,
    body: Shared<BodyDataStream>,
}

impl FormWithFiles {
    /// The next part.
    ///
    /// # Errors
    /// When the form is broken, malformed or too large.
    pub async fn next_field(&mut self) -> Result<Option<Field<'_>>, Error> {
        Ok(self.parts.next_field().await?)
    }

    /// Reads on without keeping anything, for a while: a browser that is still sending when the connection closes shows
    /// an error of its own instead of the answer.
    pub async fn let_pass(&self) {
        let _elapsed = tokio::time::timeout(PATIENCE, self.body.let_pass()).await;
    }
}

/// How long what is no longer wanted is still read (nginx waits as long).
const PATIENCE: Duration = Duration::from_secs(30);

const NO_FILES: Error =
    Error::Unprocessable(Cow::Borrowed("This form sends files, and must be sent as one that does."));

/// The length that the head of a request says its body has.
#[must_use]
pub fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

impl From<MultipartError> for Error {
    fn from(error: MultipartError) -> Self {
        match find::<Refused>(&error) {
            Some(Refused::TooLarge { most }) => return Self::TooLarge { most: *most },
            Some(Refused::TooSlow) => {
                return Self::TimedOut("The upload came too slowly, and nothing of it was kept. Send it again.");
            }
            Some(Refused::Broken(cause)) if find::<TimeoutError>(cause.as_ref()).is_some() => {
                return Self::TimedOut("The upload stopped half way, and nothing of it was kept. Send it again.");
            }
            Some(Refused::Broken(_)) => {
                return Self::BadRequest("The upload stopped half way, and nothing of it was kept. Send it again.");
            }
            None => {}
        }
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return Self::TooLarge { most: super::route::FORM_BYTES };
        }
        // Whatever is wrong with what was sent is no fault of the server's. The names of files stand in the heads of
        // parts, which take no control characters (RFC 9110, 5.5).
        tracing::debug!(%error, "a form with files was not understood");
        Self::BadRequest(
            "The upload arrived only in part, or was not understood. Send it again; if a file has unusual characters \
             in its name, rename it first.",
        )
    }
}

/// The first of an error's causes that is of this type.
fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    let mut causes = std::iter::successors(Some(error), |error| (*error).source());
    causes.find_map(|cause| cause.downcast_ref())
}

/// The sentences to show at a form's fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(BTreeMap<&'static str, String>);

impl FieldErrors {
    /// None so far.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Just this one.
    #[must_use]
    pub fn one(field: &'static str, sentence: impl fmt::Display) -> Self {
        let mut errors = Self::new();
        errors.add(field, sentence);
        errors
    }

    /// Adds a sentence at a field. The first at a field stays.
    pub fn add(&mut self, field: &'static str, sentence: impl fmt::Display) {
        self.0.entry(field).or_insert_with(|| sentence.to_string());
    }

    /// The parsed value, or its error noted at the field.
    pub fn take<T, E: fmt::Display>(&mut self, field: &'static str, parsed: Result<T, E>) -> Option<T> {
        parsed.map_err(|error| self.add(field, error)).ok()
    }

    /// The sentence at a field.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }

    /// Whether a field has one.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, by field.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(field, sentence)| (*field, sentence.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toggle_is_read_in_every_spelling_and_nothing_unknown_is_taken_for_off() {
        let read = |words: &[&str]| Toggle(words.iter().map(|word| (*word).to_owned()).collect()).read();
        for on in ["on", "true", "yes", "1", " on "] {
            assert_eq!(read(&[on]), Ok(Some(true)), "{on}");
            assert_eq!(read(&["off", on]), Ok(Some(true)), "{on} after the hidden field");
        }
        for off in ["off", "false", "no", "0"] {
            assert_eq!(read(&[off]), Ok(Some(false)), "{off}");
        }
        assert_eq!((read(&[]), read(&[""]), read(&["", "on"])), (Ok(None), Ok(None), Ok(Some(true))));
        for unknown in [&["maybe"][..], &["On"], &["TRUE"], &["2"], &["-1"], &["on", "off"], &["off", "on", "off"]] {
            assert_eq!(read(unknown), Err(NotAToggle), "{unknown:?}");
        }
        assert_eq!(Toggle::default().required(), Err(NotAToggle));
    }

    #[test]
    fn a_missing_field_is_named() {
        let why = "Failed to deserialize form body: missing field `notes`";
        assert!(not_understood(why).contains("“notes”"));
        assert!(not_understood("invalid digit").contains("not understood"));
    }
}
