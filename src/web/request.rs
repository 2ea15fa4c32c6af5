//! What is known of a request before anything else: its number, which route it took, and who it is answered to.

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

use super::page::Viewer;
use crate::{ambient, domain::ids::RequestId};

/// The route that a request matched, as it is written in the code: an address itself may hold a secret, and is
/// never logged.
#[derive(Debug, Clone, Default)]
pub struct Route(Option<MatchedPath>);

impl Route {
    /// Such as `/launches/{id}`.
    #[must_use]
    pub fn known(&self) -> Option<&str> {
        self.0.as_ref().map(MatchedPath::as_str)
    }

    /// As [`Self::known`]; `-` when none matched.
    #[must_use]
    pub fn name(&self) -> &str {
        self.known().unwrap_or("-")
    }
}

/// A place for the viewer, put into the request by the outermost layer and filled by the one that knows sessions:
/// so an error's page can greet them, wherever the error came from.
#[derive(Debug, Clone, Default)]
pub struct ViewerSlot(Arc<OnceLock<Viewer>>);

impl ViewerSlot {
    /// Fills it. The first one stays.
    pub fn fill(&self, viewer: Viewer) {
        self.0.get_or_init(|| viewer);
    }

    /// The viewer, when somebody is signed in.
    #[must_use]
    pub fn get(&self) -> Option<&Viewer> {
        self.0.get()
    }
}

/// Whether a script asks, which wants JSON for its answer and no page.
#[must_use]
pub fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("application/json") && !accept.contains("text/html"))
}

/// Numbers the request and its answer (`x-request-id`). A number that a client sends is not taken over: events
/// carry it.
pub async fn number(mut request: Request, next: Next) -> Response {
    let id: RequestId = ambient::new_id();
    let route = Route(request.extensions().get::<MatchedPath>().cloned());
    let extensions = request.extensions_mut();
    extensions.insert(Number(id));
    extensions.insert(route);
    extensions.insert(ViewerSlot::default());
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// The request's number, as an extractor.
#[derive(Debug, Clone, Copy)]
pub struct Number(pub RequestId);

impl<S: Sync> FromRequestParts<S> for Number {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or_else(|| Self(ambient::new_id())))
    }
}
