//! What files that are taken away have in common.

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, header};
use serde::Serialize;

use super::Error;
use crate::domain::installation::HistoryForm;

/// The media type of a form, and how names of such files end.
#[must_use]
pub const fn of_form(form: HistoryForm) -> (&'static str, &'static str) {
    match form {
        HistoryForm::Csv => ("text/csv; charset=utf-8", "csv"),
        HistoryForm::JsonLines => ("application/jsonl", "jsonl"),
        HistoryForm::Bundle => ("application/zip", "zip"),
    }
}

/// A file of this form that only who asked for it keeps. `stem` is its name without the ending, in ASCII and without
/// quotation marks.
///
/// # Errors
/// When the name can't stand in a header.
pub fn file(form: HistoryForm, stem: &str, body: Body) -> Result<Response, Error> {
    let (kind, ending) = of_form(form);
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{stem}.{ending}\""));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, name.map_err(|error| Error::Fault(error.into()))?),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, body).into_response())
}

/// Adds a line of JSON that has these bytes under this name as they are, so that whoever cuts them out of it again can hash
/// them, and the fields of `beside`, an object that is not empty, after them.
///
/// # Errors
/// When `beside` is no JSON.
pub fn json_line(lines: &mut Vec<u8>, name: &str, bytes: &[u8], beside: &impl Serialize) -> serde_json::Result<()> {
    lines.extend_from_slice(format!("{{\"{name}\":").as_bytes());
    lines.extend_from_slice(bytes);
    lines.push(b',');
    lines.extend_from_slice(serde_json::to_string(beside)?.trim_start_matches('{').as_bytes());
    lines.push(b'\n');
    Ok(())
}
