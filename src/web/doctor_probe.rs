//! The answer to `signoff doctor`, which asks through the proxy: what the server sees of a client, and a stream like that
//! of a live page.
//!
//! The command proves itself with a token that it has stored in Redis; from anybody else the header means nothing.

use std::{convert::Infallible, net::IpAddr, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response, Sse, sse::Event},
};
use futures_util::{StreamExt as _, stream};
use http::HeaderMap;

use super::client_address::{ClientAddress, ForwardedByProxy};
use crate::state::AppState;

/// The path that the command asks for: that of live pages, whose answers a proxy must not collect.
pub const PROBED_PATH: &str = "/live";

/// The request header with the token.
pub const TOKEN_HEADER: &str = "signoff-doctor";

/// The client address that the server sees, in the answer.
pub const CLIENT_ADDRESS_HEADER: &str = "signoff-client-address";

/// Whether a trusted proxy reported that address: `yes` or `no`.
pub const FORWARDED_HEADER: &str = "signoff-forwarded";

/// How long the end of the stream is held back.
const STREAM_TIME: Duration = Duration::from_secs(10);

/// How often it is checked whether the command has what it waited for.
const POLL_INTERVAL: Duration = Duration::from_millis(200);

/// The name of a token's key in Redis.
#[must_use]
pub fn token_key(token: &str) -> String {
    format!("doctor:{token}")
}

/// Answers the command, and passes every other request on.
pub async fn answer_doctor(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    ForwardedByProxy(is_forwarded): ForwardedByProxy,
    request: Request,
    next: Next,
) -> Response {
    if request.uri().path() != PROBED_PATH {
        return next.run(request).await;
    }
    match find_token_key(&state, request.headers()).await {
        Some(key) => respond(state, key, address, is_forwarded),
        None => next.run(request).await,
    }
}

/// The key of the request's token, if it is the command's.
async fn find_token_key(state: &AppState, headers: &HeaderMap) -> Option<String> {
    let token = headers.get(TOKEN_HEADER)?.to_str().ok()?;
    if token.len() != 32 || !token.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let key = state.redis.key(token_key(token));
    is_known(state, &key).await.then_some(key)
}

async fn is_known(state: &AppState, key: &str) -> bool {
    state.redis.run(redis::cmd("EXISTS").arg(key)).await.unwrap_or(false)
}

/// Sends the first part of a stream at once, and the rest when the command has removed its token, or much later.
fn respond(state: AppState, key: String, address: IpAddr, is_forwarded: bool) -> Response {
    let first = stream::once(async { Ok::<_, Infallible>(Event::default().data("first")) });
    let rest = stream::once(async move {
        let wait = async {
            while !state.stop.is_cancelled() && is_known(&state, &key).await {
                tokio::time::sleep(POLL_INTERVAL).await;
            }
        };
        drop(tokio::time::timeout(STREAM_TIME, wait).await);
        Ok(Event::default().data("last"))
    });
    let forwarded = if is_forwarded { "yes" } else { "no" };
    let headers = [(CLIENT_ADDRESS_HEADER, address.to_string()), (FORWARDED_HEADER, forwarded.to_owned())];
    (headers, Sse::new(first.chain(rest))).into_response()
}
