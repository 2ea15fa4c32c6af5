//! What is known of a request before a handler runs: its id, its route and its viewer.

use std::{
    convert::Infallible,
    sync::{Arc, OnceLock},
};

use axum::{
    extract::{FromRequestParts, MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderValue, header, request::Parts};

use super::viewer::Viewer;
use crate::{ambient, domain::ids::RequestId};

/// The pattern of the matched route, as it is written in the code. It is logged instead of the address, which may
/// contain a secret.
#[derive(Debug, Clone, Default)]
pub struct MatchedRoute(Option<MatchedPath>);

impl MatchedRoute {
    /// A pattern such as `/launches/{id}`.
    #[must_use]
    pub fn pattern(&self) -> Option<&str> {
        self.0.as_ref().map(MatchedPath::as_str)
    }

    /// Whether the address contains a secret, which whoever has it can use.
    #[must_use]
    pub fn has_secret(&self) -> bool {
        self.pattern().is_some_and(|pattern| pattern.contains("{token}"))
    }

    /// Whether mail programs send a POST there, for somebody who ends mails with one click.
    #[must_use]
    pub fn is_one_click(&self) -> bool {
        self.pattern() == Some("/unsubscribe/{token}")
    }

    /// Like [`Self::pattern`]; `-` when no route matched.
    #[must_use]
    pub fn name(&self) -> &str {
        self.pattern().unwrap_or("-")
    }
}

/// A slot for the viewer. The outermost layer adds it to the request and the session layer fills it, so that an error
/// page can show the viewer wherever the error came from.
#[derive(Debug, Clone, Default)]
pub struct ViewerSlot(Arc<OnceLock<Viewer>>);

impl ViewerSlot {
    /// Fills the slot, unless it is filled already.
    pub fn fill(&self, viewer: Viewer) {
        self.0.get_or_init(|| viewer);
    }

    /// The viewer, when signed in.
    #[must_use]
    pub fn get(&self) -> Option<&Viewer> {
        self.0.get()
    }
}

/// Whether a script asks that wants JSON instead of a page.
#[must_use]
pub fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("application/json") && !accept.contains("text/html"))
}

/// Gives the request and its response an id (`x-request-id`). An id sent by the client is ignored, since events store
/// it.
pub async fn number_request(mut request: Request, next: Next) -> Response {
    let id: RequestId = ambient::new_id();
    let route = MatchedRoute(request.extensions().get::<MatchedPath>().cloned());
    let extensions = request.extensions_mut();
    extensions.insert(RequestNumber(id));
    extensions.insert(route);
    extensions.insert(ViewerSlot::default());
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// The request's id, as an extractor.
#[derive(Debug, Clone, Copy)]
pub struct RequestNumber(pub RequestId);

impl<S: Sync> FromRequestParts<S> for RequestNumber {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or_else(|| Self(ambient::new_id())))
    }
}
