//! GET: the bytes of a file, as an attachment that can't run.

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderName, HeaderValue, header};

use super::media_type;
use crate::{
    access::launch_access::PartAccess,
    blobs::NotAsAttached,
    domain::{ids::EvidenceId, launch::event::EvidenceContent},
    state::AppState,
    web::{Error, page::Verbatim},
};

/// Stricter than the pages' own: should a browser show the file after all, it is a document of no origin in which
/// nothing is loaded and nothing runs.
pub(super) const SANDBOX: &str = "sandbox; default-src 'none'";

/// What the page says when the store has lost a file; the log says which.
const LOST: &str = "The bytes of this file are not in the evidence store as they should be. Tell whoever runs this \
                    installation; the record of the file is as it was.";

/// What the page says when the store has other bytes.
const ALTERED: &str = "This file is not the one that was attached: its bytes have changed since, so it is not handed out. Tell \
                       whoever runs this installation; the record of the file is as it was.";

/// The answer in the place of a file that is not as it was attached. The log says which.
pub(super) const fn not_as_attached(why: NotAsAttached) -> Error {
    Error::Unavailable(match why {
        NotAsAttached::Missing => LOST,
        NotAsAttached::Altered => ALTERED,
    })
}

/// What is said of a file that was destroyed.
pub(super) const REDACTED: &str = "This file was redacted: its bytes were destroyed. The history says why.";

/// It is for the one who asked, who may have no right to it tomorrow.
pub(super) const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-store");

/// `GET /evidence/{id}/file`. Withdrawn evidence can still be read; a link or a note has no file.
pub(super) async fn download(
    State(state): State<AppState>,
    evidence: PartAccess<EvidenceId>,
) -> Result<Response, Error> {
    let launch = &evidence.access.launch;
    let found = launch.evidence.get(&evidence.id).ok_or(Error::NotFound)?;
    let EvidenceContent::File { name, size, media_type, sha256 } = &found.content else {
        return Err(Error::Missing("This evidence is not a file.".into()));
    };
    if found.redacted.is_some() {
        return Err(Error::Missing(REDACTED.into()));
    }
    let bytes = state.blobs.open_attached(found.origin(), *sha256).await?.map_err(not_as_attached)?;
    let media_type = match media_type.as_str() {
        media_type::TEXT => "text/plain; charset=utf-8",
        other => other,
    };
    let headers: [(HeaderName, HeaderValue); 6] = [
        (header::CONTENT_TYPE, value(media_type)?),
        (header::CONTENT_LENGTH, HeaderValue::from(*size)),
        (header::CONTENT_DISPOSITION, value(&disposition(launch.text(name)))?),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX)),
        (header::CACHE_CONTROL, PRIVATE),
    ];
    let mut response = (headers, Body::from_stream(bytes)).into_response();
    response.extensions_mut().insert(Verbatim);
    Ok(response)
}

pub(super) fn value(text: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(text).map_err(|error| Error::Fault(error.into()))
}

/// `Content-Disposition` (RFC 6266): the name in ASCII for those who know no better, and as it is (RFC 8187).
pub(super) fn disposition(name: &str) -> String {
    let plain = |c: char| c.is_ascii_graphic() || c == ' ';
    // `%` is left out too: some browsers decode it though they should not.
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
    fn names_are_sent_in_ascii_and_as_they_are() {
        for (name, sent) in [
            ("report.pdf", r#"attachment; filename="report.pdf"; filename*=UTF-8''report.pdf"#),
            ("a b\"c%\\.txt", r#"attachment; filename="a b_c__.txt"; filename*=UTF-8''a%20b%22c%25%5C.txt"#),
            ("Prüfung.log", r#"attachment; filename="Pr_fung.log"; filename*=UTF-8''Pr%C3%BCfung.log"#),
        ] {
            assert_eq!(disposition(name), sent);
        }
    }
}
