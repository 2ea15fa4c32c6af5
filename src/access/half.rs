//! Half way in: somebody whose password was right and whose code is still asked for.
//!
//! It is no session and opens nothing but the page that asks for the code, for five minutes. Its secret is in a cookie
//! of its own; Redis holds it under its hash. Like a session it ends with a new password, with deactivation, and with
//! whatever else ends all sessions.

use anyhow::Context as _;
use axum::response::Response;
use http::HeaderMap;
use serde::{Deserialize, Serialize};

use super::{account::Account, next::Next, store, token::Token};
use crate::{
    domain::{canonical::Sha256Hash, ids::UserId},
    redis::Down,
    state::AppState,
    web::{
        Error,
        cookie::{self, Cookie},
    },
};

/// The name of its cookie, before its prefix.
const COOKIE: &str = "signoff-half";

/// Seconds it lasts.
const LASTS: i64 = 300;

/// What Redis holds.
#[derive(Serialize, Deserialize)]
struct Kept {
    user: UserId,
    epoch: i32,
    credential_version: i32,
    next: String,
}

/// Somebody half way in.
pub struct Half {
    /// Who.
    pub account: Account,
    /// Where they are led once they are in.
    pub next: Next,
    key: Sha256Hash,
}

fn key_of(state: &AppState, key: Sha256Hash) -> String {
    state.redis.key(format_args!("half:{key}"))
}

/// Lets somebody half way in: puts the cookie into an answer.
///
/// # Errors
/// When Redis does not answer.
pub async fn begin(state: &AppState, account: &Account, next: &Next, mut answer: Response) -> Result<Response, Down> {
    let token = Token::draw();
    let kept = Kept {
        user: account.id,
        epoch: account.session_epoch,
        credential_version: account.credential_version,
        next: next.path().to_owned(),
    };
    let mut set = redis::cmd("SET");
    set.arg(key_of(state, token.hash())).arg(written(&kept)).arg("EX").arg(LASTS);
    state.redis.run::<()>(&set).await?;
    Cookie::new(&cookie::name(state, COOKIE), &token.text()).lasting(LASTS).set(state, answer.headers_mut());
    Ok(answer)
}

#[expect(clippy::expect_used, reason = "it has no map with keys that are not strings")]
fn written(kept: &Kept) -> String {
    serde_json::to_string(kept).expect("it is JSON")
}

/// Who is half way in at the browser of these headers, as their account is now.
///
/// # Errors
/// When a store fails.
pub async fn find(state: &AppState, headers: &HeaderMap) -> Result<Option<Half>, Error> {
    let token = cookie::read(headers, &cookie::name(state, COOKIE)).and_then(Token::read);
    let Some(key) = token.map(|token| token.hash()) else { return Ok(None) };
    let found: Option<String> = state.redis.run(redis::cmd("GET").arg(key_of(state, key))).await?;
    let Some(found) = found else { return Ok(None) };
    let kept: Kept = serde_json::from_str(&found).context("who is half way in can't be read")?;
    let account = store::account(&mut *state.db.acquire().await?, kept.user).await?;
    let same = |account: &Account| {
        account.active && account.session_epoch == kept.epoch && account.credential_version == kept.credential_version
    };
    Ok(account.filter(same).map(|account| Half { account, next: Next::new(&kept.next), key }))
}

/// Ends it: they are in now.
///
/// # Errors
/// When Redis does not answer.
pub async fn end(state: &AppState, half: &Half, answer: &mut Response) -> Result<(), Down> {
    state.redis.run::<()>(redis::cmd("DEL").arg(key_of(state, half.key))).await?;
    Cookie::removal(&cookie::name(state, COOKIE)).set(state, answer.headers_mut());
    Ok(())
}
