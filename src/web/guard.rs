//! Requests that are rejected before any handler runs: those for another host, and changes that were not sent from a
//! page of this site.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, StatusCode, header};
use tower_http::csrf::{CsrfLayer, ProtectionError};

use super::{error::Error, request::MatchedRoute};
use crate::{config::PublicUrl, domain::installation::RejectionReason, state::AppState, texts};

/// Rejects a request whose `Host` is not this site, so that another name that points to this machine (DNS rebinding)
/// reaches nothing. Monitors may use any name.
pub async fn require_own_host(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let host = request
        .uri()
        .authority()
        .map(http::uri::Authority::as_str)
        .or_else(|| request.headers().get(header::HOST).and_then(|host| host.to_str().ok()));
    let is_health_check = matches!(request.uri().path(), "/healthz" | "/readyz");
    if is_health_check || host.is_some_and(|host| state.config.public_url.is_own_host(host)) {
        next.run(request).await
    } else {
        StatusCode::MISDIRECTED_REQUEST.into_response()
    }
}

/// Rejects a change unless the browser says that a page of this site sent it (`Sec-Fetch-Site: same-origin`) or,
/// without that header, the `Origin` is this site's own, including its scheme. [`same_origin_layer`] also compares the
/// origin with the `Host`, but not its scheme; alone it would accept requests with neither header, and those that
/// a person typed or a bookmark sent (`none`).
pub async fn require_own_origin(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let is_safe_method = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // A mail program, which has no origin, ends mails at an address that is the right to do so (RFC 8058).
    let is_one_click = request.extensions().get().is_some_and(MatchedRoute::is_one_click);
    if is_safe_method || is_one_click || is_own_origin(request.headers(), &state.config.public_url) {
        next.run(request).await
    } else {
        reject()
    }
}

fn is_own_origin(headers: &HeaderMap, public_url: &PublicUrl) -> bool {
    let mut sites = headers.get_all("sec-fetch-site").iter().peekable();
    if sites.peek().is_some() {
        return sites.all(|site| site == "same-origin");
    }
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let origin = origins.next().and_then(|origin| origin.to_str().ok()).and_then(|origin| origin.split_once("://"));
    let Some((scheme, host)) = origin else { return false };
    origins.next().is_none() && scheme == public_url.scheme() && public_url.is_own_host(host)
}

/// Compares the origin with the host. The public address is trusted, since a proxy may have changed `Host`.
///
/// # Errors
/// Never for a [`PublicUrl`], whose origin has the required form.
pub fn same_origin_layer(
    public_url: &PublicUrl,
) -> anyhow::Result<CsrfLayer<impl Fn(ProtectionError) -> Response + Clone + use<>>> {
    let layer = CsrfLayer::new().add_trusted_origin(public_url.origin())?;
    Ok(layer.with_rejection_response(|_: ProtectionError| reject()))
}

fn reject() -> Response {
    let mut response = Error::Forbidden(texts::not_sent_from_this_site()).into_response();
    response.extensions_mut().insert(RejectionReason::FromElsewhere);
    response
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn own_origin_is_decided_for_each_combination_of_headers() {
        let public_url = PublicUrl::new("http://127.0.0.1:8080").unwrap();
        for (sent, passes) in [
            (vec![], false),
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "same-site")], false),
            (vec![("sec-fetch-site", "cross-site")], false),
            (vec![("sec-fetch-site", "none")], false),
            (vec![("sec-fetch-site", "")], false),
            (vec![("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")], false),
            (vec![("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1")], false),
            (vec![("origin", "http://127.0.0.1")], true),
            (vec![("origin", "http://127.0.0.1:8080")], true),
            (vec![("origin", "https://127.0.0.1")], false),
            (vec![("origin", "https://127.0.0.1:8080")], false),
            (vec![("origin", "ftp://127.0.0.1")], false),
            (vec![("origin", "127.0.0.1")], false),
            (vec![("origin", "null")], false),
            (vec![("origin", "http://elsewhere.example")], false),
            (vec![("origin", "http://127.0.0.1"), ("origin", "http://elsewhere.example")], false),
            (vec![("origin", "")], false),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in &sent {
                headers.append(*name, HeaderValue::from_static(value));
            }
            assert_eq!(is_own_origin(&headers, &public_url), passes, "{sent:?}");
        }
    }
}
