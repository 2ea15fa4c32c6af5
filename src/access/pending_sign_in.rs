//! Pending sign-ins: the password was right and the code of the second factor is still missing.
//!
//! A pending sign-in is not a session: for five minutes it gives access only to the page that asks for the code. Its
//! secret is in a cookie of its own; Redis stores it under the secret's hash. Like a session it ends with a new
//! password, with deactivation and with everything else that ends all sessions.

use anyhow::Context as _;
use axum::response::Response;
use http::HeaderMap;
use serde::{Deserialize, Serialize};

use super::{account::Account, return_path::ReturnPath, store, token::Token};
use crate::{
    domain::{canonical::Sha256Hash, ids::UserId},
    redis::{Redis, RedisUnavailable},
    state::AppState,
    web::{
        Error,
        cookie::{self, Cookie},
    },
};

/// The name of the cookie, without its prefix.
const PENDING_COOKIE: &str = "signoff-half";

const LIFETIME_SECONDS: i64 = 300;

/// The value in Redis.
#[derive(Serialize, Deserialize)]
struct StoredPendingSignIn {
    user: UserId,
    epoch: i32,
    credential_version: i32,
    next: String,
}

pub struct PendingSignIn {
    pub account: Account,
    /// Where to redirect after signing in.
    pub next: ReturnPath,
    key: Sha256Hash,
}

fn redis_key(state: &AppState, key: Sha256Hash) -> String {
    state.redis.key(format_args!("half:{key}"))
}

/// Starts a pending sign-in and adds its cookie to the response.
pub async fn start(
    state: &AppState,
    account: &Account,
    next: &ReturnPath,
    mut answer: Response,
) -> Result<Response, RedisUnavailable> {
    let token = Token::generate();
    let stored = StoredPendingSignIn {
        user: account.id,
        epoch: account.session_epoch,
        credential_version: account.credential_version,
        next: next.path().to_owned(),
    };
    let mut set = redis::cmd("SET");
    set.arg(redis_key(state, token.hash())).arg(to_json(&stored)).arg("EX").arg(LIFETIME_SECONDS);
    state.redis.run::<()>(&set).await?;
    Cookie::new(&cookie::prefixed_name(state, PENDING_COOKIE), &token.to_text())
        .with_max_age(LIFETIME_SECONDS)
        .add_to(state, answer.headers_mut());
    Ok(answer)
}

#[expect(clippy::expect_used, reason = "it has no map with keys that are not strings")]
fn to_json(stored: &StoredPendingSignIn) -> String {
    serde_json::to_string(stored).expect("it is JSON")
}

/// The pending sign-in of the browser with these headers, with the account as it is now.
pub async fn find(state: &AppState, headers: &HeaderMap) -> Result<Option<PendingSignIn>, Error> {
    let token = cookie::read(headers, &cookie::prefixed_name(state, PENDING_COOKIE)).and_then(Token::parse);
    let Some(key) = token.map(|token| token.hash()) else { return Ok(None) };
    let json: Option<String> = state.redis.run(redis::cmd("GET").arg(redis_key(state, key))).await?;
    let Some(json) = json else { return Ok(None) };
    let stored: StoredPendingSignIn = serde_json::from_str(&json).context("who is half way in can't be read")?;
    let account = store::find_account(&mut *state.db.acquire().await?, stored.user).await?;
    let same = |account: &Account| {
        account.active
            && account.session_epoch == stored.epoch
            && account.credential_version == stored.credential_version
    };
    Ok(account.filter(same).map(|account| PendingSignIn { account, next: ReturnPath::new(&stored.next), key }))
}

/// Ends a pending sign-in, after the code was right.
pub async fn end(state: &AppState, pending: &PendingSignIn, answer: &mut Response) -> Result<(), RedisUnavailable> {
    state.redis.run::<()>(redis::cmd("DEL").arg(redis_key(state, pending.key))).await?;
    Cookie::removal(&cookie::prefixed_name(state, PENDING_COOKIE)).add_to(state, answer.headers_mut());
    Ok(())
}

/// Ends the pending sign-ins of everybody, like [`super::session::end_all`].
pub async fn end_all(redis: &Redis) -> Result<(), RedisUnavailable> {
    redis.delete_keys("half:").await
}
