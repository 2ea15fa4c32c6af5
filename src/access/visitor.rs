//! A browser that somebody comes in with or leaves by: what tells it from others, before anybody is signed in.

use std::{convert::Infallible, net::IpAddr};

use axum::extract::FromRequestParts;
use http::{header, request::Parts};

use super::{
    current_user::COOKIE,
    session::{self, SessionKey},
    token::Token,
};
use crate::{
    domain::ids::RequestId,
    state::AppState,
    web::{address::ClientAddress, cookie, request::Number},
};

/// The cookie that tells a browser which has signed in before, before its prefix.
pub(super) const BROWSER: &str = "signoff-browser";

/// A browser.
pub struct Visitor {
    /// Where it comes from.
    pub address: IpAddr,
    /// In which request.
    pub request: RequestId,
    /// Its own secret, if it has signed in here before, as far as it says.
    pub browser: Option<Token>,
    /// The session that it brings, if any.
    pub(super) former: Option<SessionKey>,
    /// What it is, in a few words.
    pub(super) device: String,
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let ClientAddress(address) = ClientAddress::from_request_parts(parts, state).await?;
        let Number(request) = Number::from_request_parts(parts, state).await?;
        let secret = |name| cookie::read(&parts.headers, &cookie::name(state, name)).and_then(Token::read);
        let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        Ok(Self {
            address,
            request,
            browser: secret(BROWSER),
            former: secret(COOKIE).map(|token| token.hash()),
            device: session::device(agent),
        })
    }
}
