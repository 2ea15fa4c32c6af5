//! Signing in: address and password, and then, for who has one, the second factor.

use super::{
    account::Account,
    half::Half,
    password, proof,
    rate_limit::{self, Bucket, Wait},
    refusals::{self, Asked, What},
    store,
    token::Token,
    visitor::Visitor,
};
use crate::{
    domain::{
        canonical::Sha256Hash,
        installation::{Credential, Purpose},
        launch::event::ProofMethod,
        text::Email,
        time::Moment,
    },
    state::AppState,
    web::Error,
};

/// An attempt.
pub struct Attempt<'a> {
    /// The address typed.
    pub email: &'a str,
    /// The password typed.
    pub password: &'a str,
    /// A code of the second factor, where it was given along with them.
    pub code: &'a str,
    /// From which browser.
    pub visitor: &'a Visitor,
}

/// What came of an attempt that was not refused.
pub enum Let {
    /// They have proved who they are.
    In(Account, ProofMethod),
    /// Their password was right, and a code is still wanted; whether one was given, and was wrong.
    Half(Account, bool),
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
pub async fn attempt(state: &AppState, attempt: Attempt<'_>) -> Result<Result<Let, Refused>, Error> {
    let now = state.clock.now();
    let email = Email::new(attempt.email).ok();
    let Visitor { browser, address, .. } = attempt.visitor;
    let browser = browser.as_ref().map(Token::hash);
    let candidate = match &email {
        Some(email) => store::candidate(&mut *state.db.acquire().await?, email, browser).await?,
        None => None,
    };
    let own = browser.filter(|_| candidate.as_ref().is_some_and(|candidate| candidate.known_browser));
    let buckets = match (&candidate, own) {
        (Some(candidate), Some(browser)) => vec![Bucket::known_browser(candidate.account.id, browser)],
        _ => {
            let of_account =
                email.iter().flat_map(|email| [Bucket::account_from(email, *address), Bucket::account(email)]);
            of_account.chain(Bucket::address(*address)).collect()
        }
    };
    if let Err(wait) = rate_limit::charge(&state.redis, &buckets, now).await? {
        return Ok(Err(Refused::TooOften(wait)));
    }
    let (account, hash) = candidate
        .filter(|candidate| candidate.account.active)
        .map(|candidate| (candidate.account, candidate.password_hash))
        .unzip();
    let right = password::verify(attempt.password, hash).await?;
    let account = match account {
        Some(account) if right => account,
        account => {
            // The entry is written after the answer, whether there is such an account or not: an answer that waited for
            // it would tell the one from the other by how long it takes.
            let asked = asked(account.as_ref(), attempt.visitor, now);
            refusals::record_after_answer(state, asked, What::Proof(Purpose::SignIn, Credential::Password));
            return Ok(Err(Refused::Wrong));
        }
    };
    rate_limit::refund(&state.redis, &buckets, now).await?;
    if !account.second_factor {
        return Ok(Ok(Let::In(account, ProofMethod::Password)));
    }
    if attempt.code.trim().is_empty() {
        return Ok(Ok(Let::Half(account, false)));
    }
    match second(state, &account, (own, attempt.visitor), attempt.code).await {
        Ok(Some(method)) => Ok(Ok(Let::In(account, method))),
        Ok(None) => Ok(Ok(Let::Half(account, true))),
        Err(error) => or_wait(error),
    }
}

/// Tries the code of somebody who is half way in: how they have proved who they are, or nothing when it is wrong.
///
/// # Errors
/// When a store fails.
pub async fn attempt_code(
    state: &AppState,
    half: &Half,
    code: &str,
    visitor: &Visitor,
) -> Result<Result<Option<ProofMethod>, Refused>, Error> {
    let browser = visitor.browser.as_ref().map(Token::hash);
    let own = match browser {
        Some(browser) => {
            let known = store::knows_browser(&mut *state.db.acquire().await?, half.account.id, browser).await?;
            known.then_some(browser)
        }
        None => None,
    };
    match second(state, &half.account, (own, visitor), code).await {
        Ok(method) => Ok(Ok(method)),
        Err(error) => or_wait(error),
    }
}

async fn second(
    state: &AppState,
    account: &Account,
    (own, visitor): (Option<Sha256Hash>, &Visitor),
    code: &str,
) -> Result<Option<ProofMethod>, Error> {
    let asked = asked(Some(account), visitor, state.clock.now());
    proof::second(state, (account.id, own), code, asked, Purpose::SignIn).await
}

/// Nobody acts: whoever it is has not shown yet that they are this person.
fn asked<'a>(account: Option<&Account>, visitor: &Visitor, now: Moment) -> Asked<'a> {
    let (user, address) = (account.map(|account| account.id), Some(visitor.address));
    Asked { user, actor: None, about: None, request: visitor.request, address, now }
}

fn or_wait<T>(error: Error) -> Result<Result<T, Refused>, Error> {
    match error {
        Error::TooManyRequests { retry_after } => Ok(Err(Refused::TooOften(Wait { seconds: retry_after }))),
        error => Err(error),
    }
}
