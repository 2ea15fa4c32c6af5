//! What the files of all exports have in common.

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, header};
use serde::Serialize;

use super::Error;
use crate::domain::installation::ExportFormat;

/// The media type of an export, and the extension of its file.
#[must_use]
pub const fn media_type_and_extension(form: ExportFormat) -> (&'static str, &'static str) {
    match form {
        ExportFormat::Csv => ("text/csv; charset=utf-8", "csv"),
        ExportFormat::JsonLines => ("application/jsonl", "jsonl"),
        ExportFormat::Bundle => ("application/zip", "zip"),
    }
}

/// A response with an export file, which no shared cache stores. `stem` is the file's name without extension, in ASCII
/// and without quotation marks.
///
/// # Errors
/// When the name can't be put into a header.
pub fn to_file_response(form: ExportFormat, stem: &str, body: Body) -> Result<Response, Error> {
    let (kind, ending) = media_type_and_extension(form);
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{stem}.{ending}\""));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, name.map_err(|error| Error::Fault(error.into()))?),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, body).into_response())
}

/// Adds a line of JSON: first `bytes`, unchanged, under `name`, so that a reader can cut them out and hash them; then
/// the fields of `beside`, an object that is not empty.
///
/// # Errors
/// When `beside` can't be serialized as JSON.
pub fn append_json_line(
    lines: &mut Vec<u8>,
    name: &str,
    bytes: &[u8],
    beside: &impl Serialize,
) -> serde_json::Result<()> {
    lines.extend_from_slice(format!("{{\"{name}\":").as_bytes());
    lines.extend_from_slice(bytes);
    lines.push(b',');
    lines.extend_from_slice(serde_json::to_string(beside)?.trim_start_matches('{').as_bytes());
    lines.push(b'\n');
    Ok(())
}
