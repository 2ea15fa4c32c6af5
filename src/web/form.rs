//! What requests bring, read so that whatever is wrong with it ends on a page of ours.
//!
//! A form's fields are read as text and parsed by the handler into domain types, which gives each wrong one a
//! sentence in [`FieldErrors`]; the form then comes back with its values and status 422.

use std::{collections::BTreeMap, fmt};

use axum::{
    RequestPartsExt as _,
    extract::{
        FromRequest, FromRequestParts, Request,
        multipart::{MultipartError, MultipartRejection},
    },
};
use http::{StatusCode, request::Parts};
use serde::{Deserialize, de::DeserializeOwned};

use super::error::Error;

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

    /// The text, as a form that comes back shows it.
    #[must_use]
    pub fn shown(&self) -> &str {
        self.sent().unwrap_or_default()
    }
}

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

    /// Reads it as a form with files.
    ///
    /// # Errors
    /// When it is not one.
    pub async fn multipart(self) -> Result<axum::extract::Multipart, Error> {
        Multipart::from_request(self.0, &()).await.map(|Multipart(parts)| parts)
    }
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(request))
    }
}

/// A form with files.
#[derive(Debug)]
pub struct Multipart(pub axum::extract::Multipart);

impl<S: Send + Sync> FromRequest<S> for Multipart {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let sent: Result<_, MultipartRejection> = axum::extract::Multipart::from_request(request, state).await;
        sent.map(Self)
            .map_err(|_| Error::Unprocessable("This form sends files, and must be sent as one that does.".into()))
    }
}

impl From<MultipartError> for Error {
    fn from(error: MultipartError) -> Self {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Self::TooLarge { most: super::route::FORM_BYTES }
        } else if error.status().is_client_error() {
            // The names of files stand in the heads of parts, which take no control characters (RFC 9110, 5.5).
            Self::BadRequest(
                "The upload arrived only in part, or was not understood. Send it again; if a file has unusual \
                 characters in its name, rename it first.",
            )
        } else {
            Self::Fault(error.into())
        }
    }
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
