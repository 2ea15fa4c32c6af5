//! The headers of every response, errors included: those of security, and `Retry-After`. A handler that needs another
//! value (an evidence file is sandboxed) sets it itself, and it stays.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue, StatusCode, Version, header};

use super::request::MatchedRoute;
use crate::state::AppState;

/// Everything is loaded from, sent to and framed by this site only; there are no inline styles or scripts. `blob:` is
/// for previews of pictures before they are uploaded, `data:` for those in the style sheet.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' blob: data:; \
    script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const DEFAULT_HEADERS: [(HeaderName, &str); 8] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Not `no-referrer`: with it browsers send `Origin: null` from forms of this site.
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    // A response is for the person who asked for it. Assets set another value.
    (header::CACHE_CONTROL, "no-store"),
];

/// For pages whose address is a secret: what they load and where they lead sees no address, so that it is in no proxy's
/// log as a referrer. Their forms still have an `Origin`.
const ORIGIN_ONLY: HeaderValue = HeaderValue::from_static("strict-origin");

/// Two years, as the preload lists require.
const STRICT_TRANSPORT_SECURITY: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// Adds the headers that the response does not have yet.
pub async fn add_security_headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let has_secret_address = request.extensions().get().is_some_and(MatchedRoute::has_secret);
    let version = request.version();
    let mut response = next.run(request).await;
    let status = response.status();
    let headers = response.headers_mut();
    if has_secret_address {
        headers.insert(header::REFERRER_POLICY, ORIGIN_ONLY);
    }
    for (name, value) in DEFAULT_HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    // A proxy that keeps the connection would send its next request to a server that has ended by then.
    if state.leaving.is_cancelled() && version < Version::HTTP_2 {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if let Some(seconds) = retry_seconds(status) {
        headers.entry(header::RETRY_AFTER).or_insert(HeaderValue::from(seconds));
    }
    if state.config.public_url.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT_SECURITY);
    }
    response
}

/// `Retry-After` in seconds where nothing more is known; `None` for a response that trying again does not change.
fn retry_seconds(status: StatusCode) -> Option<u64> {
    match status {
        // A store is given up after seconds, and is used again as soon as it answers.
        StatusCode::SERVICE_UNAVAILABLE => Some(5),
        // The person first has to close something.
        StatusCode::TOO_MANY_REQUESTS => Some(30),
        // Somebody has to make room.
        StatusCode::INSUFFICIENT_STORAGE => Some(120),
        _ => None,
    }
}
