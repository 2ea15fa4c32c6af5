//! GET: the bytes of a file, as an attachment that cannot run.

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderName, HeaderValue, header};

use super::media_type;
use crate::{
    access::launch_access::LaunchChildAccess,
    blobs::FileDefect,
    domain::{ids::EvidenceId, launch::event::EvidenceContent},
    state::AppState,
    texts,
    web::{Error, response::Uncompressed},
};

/// Stricter than the policy of the pages: if a browser shows the file after all, it is a document without an origin
/// that loads and runs nothing.
pub(super) const SANDBOX_POLICY: &str = "sandbox; default-src 'none'";

/// Error in the place of a file whose bytes are missing or altered. The log names the file.
pub(super) fn file_defect_error(why: FileDefect) -> Error {
    Error::Unavailable(match why {
        FileDefect::Missing => texts::file_is_lost(),
        FileDefect::Altered => texts::file_is_altered(),
    })
}

/// No cache may store the file: it is for this reader, who may lose the right to it.
pub(super) const CACHE_PRIVATE: HeaderValue = HeaderValue::from_static("private, no-store");

/// `GET /evidence/{id}/file`. Withdrawn evidence can still be read; a link or a note has no file.
pub(super) async fn download_file(
    State(state): State<AppState>,
    evidence: LaunchChildAccess<EvidenceId>,
) -> Result<Response, Error> {
    let launch = &evidence.access.launch;
    let attached = launch.evidence.get(&evidence.id).ok_or(Error::NotFound)?;
    let EvidenceContent::File { name, size, media_type, sha256 } = &attached.content else {
        return Err(Error::NotFoundBecause(texts::evidence_is_no_file()));
    };
    if attached.redacted.is_some() {
        return Err(Error::NotFoundBecause(texts::file_was_redacted()));
    }
    let bytes = state.blobs.open_attached(attached.origin_id(), *sha256).await?.map_err(file_defect_error)?;
    let media_type = match media_type.as_str() {
        media_type::TEXT_PLAIN => "text/plain; charset=utf-8",
        other => other,
    };
    let headers: [(HeaderName, HeaderValue); 6] = [
        (header::CONTENT_TYPE, to_header_value(media_type)?),
        (header::CONTENT_LENGTH, HeaderValue::from(*size)),
        (header::CONTENT_DISPOSITION, to_header_value(&content_disposition(launch.text(name)))?),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX_POLICY)),
        (header::CACHE_CONTROL, CACHE_PRIVATE),
    ];
    let mut response = (headers, Body::from_stream(bytes)).into_response();
    response.extensions_mut().insert(Uncompressed);
    Ok(response)
}

pub(super) fn to_header_value(text: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(text).map_err(|error| Error::Fault(error.into()))
}

/// `Content-Disposition` (RFC 6266) with two names: in ASCII as a fallback, and exactly (RFC 8187).
pub(super) fn content_disposition(name: &str) -> String {
    let plain = |c: char| c.is_ascii_graphic() || c == ' ';
    // `%` is replaced too: some browsers decode it although they should not.
    let fallback: String =
        name.chars().map(|c| if plain(c) && !matches!(c, '"' | '\\' | '%') { c } else { '_' }).collect();
    let mut exact = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        // attr-char of RFC 8187, section 3.2.1.
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            exact.push(char::from(byte));
        } else {
            exact.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{fallback}\"; filename*=UTF-8''{exact}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_disposition_has_the_name_in_ascii_and_exactly() {
        for (name, sent) in [
            ("report.pdf", r#"attachment; filename="report.pdf"; filename*=UTF-8''report.pdf"#),
            ("a b\"c%\\.txt", r#"attachment; filename="a b_c__.txt"; filename*=UTF-8''a%20b%22c%25%5C.txt"#),
            ("Prüfung.log", r#"attachment; filename="Pr_fung.log"; filename*=UTF-8''Pr%C3%BCfung.log"#),
        ] {
            assert_eq!(content_disposition(name), sent);
        }
    }
}
