//! The browser that sends a request, before anybody is signed in.

use std::{convert::Infallible, net::IpAddr};

use axum::extract::FromRequestParts;
use http::{header, request::Parts};

use super::{
    current_user::SESSION_COOKIE,
    session::{self, SessionKey},
    token::Token,
};
use crate::{
    domain::ids::RequestId,
    state::AppState,
    web::{client_address::ClientAddress, cookie, request::RequestNumber},
};

/// The cookie that identifies a browser that has signed in before, without its prefix.
pub(super) const BROWSER_COOKIE: &str = "signoff-browser";

pub struct Visitor {
    pub address: IpAddr,
    pub request: RequestId,
    /// The secret that the browser got at an earlier sign-in, as sent and not verified.
    pub browser: Option<Token>,
    /// The session that the browser sends, if any.
    pub(super) former_session: Option<SessionKey>,
    /// Browser and system in a few words.
    pub(super) device: String,
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let ClientAddress(address) = ClientAddress::from_request_parts(parts, state).await?;
        let RequestNumber(request) = RequestNumber::from_request_parts(parts, state).await?;
        let secret = |name| cookie::read(&parts.headers, &cookie::prefixed_name(state, name)).and_then(Token::parse);
        let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        Ok(Self {
            address,
            request,
            browser: secret(BROWSER_COOKIE),
            former_session: secret(SESSION_COOKIE).map(|token| token.hash()),
            device: session::describe_device(agent),
        })
    }
}
