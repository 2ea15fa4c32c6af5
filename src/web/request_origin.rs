//! Where a request comes from, as a signature records it.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::{header, request::Parts};

use super::client_address::ClientAddress;
use crate::state::AppState;

/// Maximum number of characters stored of the browser's `User-Agent`.
const MAX_USER_AGENT_CHARS: usize = 500;

pub struct RequestOrigin {
    /// The client's network address: what a trusted proxy states, or else the other end of the connection.
    pub address: String,
    /// The browser's `User-Agent`, without control characters; empty if it sent none.
    pub user_agent: String,
}

impl FromRequestParts<AppState> for RequestOrigin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let ClientAddress(address) = ClientAddress::from_request_parts(parts, state).await?;
        let named = parts.headers.get(header::USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes()));
        let user_agent =
            named.iter().flat_map(|name| name.chars()).filter(|c| !c.is_control()).take(MAX_USER_AGENT_CHARS);
        Ok(Self { address: address.to_string(), user_agent: user_agent.collect() })
    }
}
