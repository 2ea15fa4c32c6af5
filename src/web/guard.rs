//! What is refused before any handler sees it: requests meant for another site, and changes not sent from a page of
//! this one.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, StatusCode, header};
use tower_http::csrf::{CsrfLayer, ProtectionError};

use super::error::Error;
use crate::{config::PublicUrl, domain::installation::TurnedAway, state::AppState};

const NOT_FROM_HERE: &str = "This was not sent from a page of this site, so nothing was changed. Open the page \
    here and try again.";

/// Refuses a request whose `Host` is not this site, so that another name pointed at this machine (DNS rebinding)
/// reaches nothing. Monitors ask by whatever name they have.
pub async fn right_host(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let host = request
        .uri()
        .authority()
        .map(http::uri::Authority::as_str)
        .or_else(|| request.headers().get(header::HOST).and_then(|host| host.to_str().ok()));
    let monitor = matches!(request.uri().path(), "/healthz" | "/readyz");
    if monitor || host.is_some_and(|host| state.config.public_url.serves(host)) {
        next.run(request).await
    } else {
        StatusCode::MISDIRECTED_REQUEST.into_response()
    }
}

/// Refuses a change unless the browser says that a page of this site sent it (`Sec-Fetch-Site: same-origin`), or,
/// without that header, names this site's own `Origin`, scheme and all. [`same_origin`] compares the origin with the
/// `Host` besides, but not its scheme, and by itself would let pass what carries neither header, and what a person typed
/// or a bookmark sent (`none`).
pub async fn says_where_from(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || is_from_here(request.headers(), &state.config.public_url) { next.run(request).await } else { refuse() }
}

fn is_from_here(headers: &HeaderMap, here: &PublicUrl) -> bool {
    let mut sites = headers.get_all("sec-fetch-site").iter().peekable();
    if sites.peek().is_some() {
        return sites.all(|site| site == "same-origin");
    }
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let origin = origins.next().and_then(|origin| origin.to_str().ok()).and_then(|origin| origin.split_once("://"));
    let Some((scheme, host)) = origin else { return false };
    origins.next().is_none() && scheme == here.scheme() && here.serves(host)
}

/// The comparison of origins, with the public address trusted though a proxy may have changed `Host`.
///
/// # Errors
/// Never for a [`PublicUrl`], whose origin is of the form asked for.
pub fn same_origin(
    public_url: &PublicUrl,
) -> anyhow::Result<CsrfLayer<impl Fn(ProtectionError) -> Response + Clone + use<>>> {
    let layer = CsrfLayer::new().add_trusted_origin(public_url.origin())?;
    Ok(layer.with_rejection_response(|_: ProtectionError| refuse()))
}

fn refuse() -> Response {
    let mut response = Error::Forbidden(NOT_FROM_HERE.into()).into_response();
    response.extensions_mut().insert(TurnedAway::FromElsewhere);
    response
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn is_from_here_each_combination_of_headers() {
        let here = PublicUrl::new("http://127.0.0.1:8080").unwrap();
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
            assert_eq!(is_from_here(&headers, &here), passes, "{sent:?}");
        }
    }
}
