//! Signing in with address and password.

use std::net::IpAddr;

use super::{
    account::Account,
    password,
    rate_limit::{self, Bucket, Wait},
    refusals::{self, Asked},
    store,
    token::Token,
};
use crate::{
    domain::{ids::RequestId, installation::Purpose, text::Email},
    state::AppState,
    web::Error,
};

/// An attempt.
pub struct Attempt<'a> {
    /// The address typed.
    pub email: &'a str,
    /// The password typed.
    pub password: &'a str,
    /// The browser, when it has signed in before.
    pub browser: Option<Token>,
    /// Where it comes from.
    pub from: IpAddr,
    /// In which request.
    pub request: RequestId,
}

/// Why it was refused. Whether there is such an account is never told.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// Address and password do not belong together, or the account is closed.
    Wrong,
    /// Too often.
    TooOften(Wait),
}

/// Tries. Redis is asked first, and without it nothing is hashed: an attempt that can't be counted is not made.
///
/// # Errors
/// When a store fails (503 without Redis).
pub async fn attempt(state: &AppState, attempt: Attempt<'_>) -> Result<Result<Account, Refused>, Error> {
    let now = state.clock.now();
    let email = Email::new(attempt.email).ok();
    let browser = attempt.browser.as_ref().map(Token::hash);
    let candidate = match &email {
        Some(email) => store::candidate(&mut *state.db.acquire().await?, email, browser).await?,
        None => None,
    };
    let buckets = match (&candidate, browser) {
        (Some(candidate), Some(browser)) if candidate.known_browser => {
            vec![Bucket::known_browser(candidate.account.id, browser)]
        }
        _ => email
            .iter()
            .map(|email| Bucket::account_from(email, attempt.from))
            .chain([Bucket::address(attempt.from)])
            .collect(),
    };
    if let Err(wait) = rate_limit::charge(&state.redis, &buckets, now).await? {
        return Ok(Err(Refused::TooOften(wait)));
    }
    let (account, hash) = candidate
        .filter(|candidate| candidate.account.active)
        .map(|candidate| (candidate.account, candidate.password_hash))
        .unzip();
    let right = password::verify(attempt.password, hash).await?;
    match account {
        Some(account) if right => {
            rate_limit::refund(&state.redis, &buckets, now).await?;
            Ok(Ok(account))
        }
        account => {
            let user = account.map(|account| account.id);
            let asked = Asked { user, actor: None, about: None, request: attempt.request, now };
            refusals::tell(state, asked, refusals::What::Password(Purpose::SignIn)).await?;
            Ok(Err(Refused::Wrong))
        }
    }
}
