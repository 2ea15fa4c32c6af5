//! Signing in: address and password, then the second factor for people who have one.

use super::{
    account::Account,
    password,
    pending_sign_in::PendingSignIn,
    proof,
    rate_limit::{self, Bucket, RetryAfter},
    refusals::{self, RefusalContext, RefusalKind},
    store,
    token::Token,
    visitor::Visitor,
};
use crate::{
    domain::{
        canonical::Sha256Hash,
        installation::{Credential, ProofPurpose},
        launch::event::ProofMethod,
        text::Email,
        time::Moment,
    },
    state::AppState,
    web::Error,
};

pub struct SignInAttempt<'a> {
    pub email: &'a str,
    pub password: &'a str,
    /// A code of the second factor, if it was sent along.
    pub code: &'a str,
    pub visitor: &'a Visitor,
}

/// The result of an attempt that was not refused.
pub enum SignInResult {
    /// The person has proved their identity.
    Complete(Account, ProofMethod),
    /// The password was right and a code is needed. True if a code was sent and was wrong.
    CodeNeeded(Account, bool),
}

/// Why an attempt was refused. It never reveals whether there is such an account.
#[derive(Debug, PartialEq, Eq)]
pub enum SignInRefusal {
    /// Address and password do not match, or the account is inactive.
    WrongCredentials,
    TooManyAttempts(RetryAfter),
}

/// Tries a password. The rate limit in Redis comes first, and without Redis nothing is hashed: an attempt that can't be
/// counted is not made.
///
/// # Errors
/// When a store fails (503 without Redis).
pub async fn try_password(
    state: &AppState,
    attempt: SignInAttempt<'_>,
) -> Result<Result<SignInResult, SignInRefusal>, Error> {
    let now = state.clock.now();
    let email = Email::new(attempt.email).ok();
    let Visitor { browser, address, .. } = attempt.visitor;
    let browser = browser.as_ref().map(Token::hash);
    let candidate = match &email {
        Some(email) => store::find_candidate(&mut *state.db.acquire().await?, email, browser).await?,
        None => None,
    };
    let own = browser.filter(|_| candidate.as_ref().is_some_and(|candidate| candidate.known_browser));
    let buckets = match (&candidate, own) {
        (Some(candidate), Some(browser)) => vec![Bucket::sign_in_from_browser(candidate.account.id, browser)],
        _ => {
            let of_account = email.iter().flat_map(|email| {
                [Bucket::sign_in_to_account_from(email, *address), Bucket::sign_in_to_account(email)]
            });
            of_account.chain(Bucket::sign_in_from_address(*address)).collect()
        }
    };
    if let Err(wait) = rate_limit::charge(&state.redis, &buckets, now).await? {
        return Ok(Err(SignInRefusal::TooManyAttempts(wait)));
    }
    let (account, hash) = candidate
        .filter(|candidate| candidate.account.active)
        .map(|candidate| (candidate.account, candidate.password_hash))
        .unzip();
    let right = password::verify(attempt.password, hash).await?;
    let account = match account {
        Some(account) if right => account,
        account => {
            // The entry is written after the response, whether there is such an account or not: otherwise the duration
            // of the response would reveal it.
            let context = refusal_context(account.as_ref(), attempt.visitor, now);
            refusals::record_refusal_in_background(
                state,
                context,
                RefusalKind::Proof(ProofPurpose::SignIn, Credential::Password),
            );
            return Ok(Err(SignInRefusal::WrongCredentials));
        }
    };
    rate_limit::refund(&state.redis, &buckets, now).await?;
    if !account.second_factor {
        return Ok(Ok(SignInResult::Complete(account, ProofMethod::Password)));
    }
    if attempt.code.trim().is_empty() {
        return Ok(Ok(SignInResult::CodeNeeded(account, false)));
    }
    match verify_code(state, &account, (own, attempt.visitor), attempt.code).await {
        Ok(Some(method)) => Ok(Ok(SignInResult::Complete(account, method))),
        Ok(None) => Ok(Ok(SignInResult::CodeNeeded(account, true))),
        Err(error) => to_refusal(error),
    }
}

/// Verifies the code of a pending sign-in; `None` when it is wrong.
pub async fn try_code(
    state: &AppState,
    pending: &PendingSignIn,
    code: &str,
    visitor: &Visitor,
) -> Result<Result<Option<ProofMethod>, SignInRefusal>, Error> {
    let browser = visitor.browser.as_ref().map(Token::hash);
    let own = match browser {
        Some(browser) => {
            let is_known =
                store::is_known_browser(&mut *state.db.acquire().await?, pending.account.id, browser).await?;
            is_known.then_some(browser)
        }
        None => None,
    };
    match verify_code(state, &pending.account, (own, visitor), code).await {
        Ok(method) => Ok(Ok(method)),
        Err(error) => to_refusal(error),
    }
}

async fn verify_code(
    state: &AppState,
    account: &Account,
    (own, visitor): (Option<Sha256Hash>, &Visitor),
    code: &str,
) -> Result<Option<ProofMethod>, Error> {
    let context = refusal_context(Some(account), visitor, state.clock.now());
    proof::verify_second_factor(state, (account.id, own), code, context, ProofPurpose::SignIn).await
}

/// The entry has no actor: the client has not proved to be this person.
fn refusal_context<'a>(account: Option<&Account>, visitor: &Visitor, now: Moment) -> RefusalContext<'a> {
    let (user, address) = (account.map(|account| account.id), Some(visitor.address));
    RefusalContext { user, actor: None, launch_position: None, request: visitor.request, client_ip: address, now }
}

fn to_refusal<T>(error: Error) -> Result<Result<T, SignInRefusal>, Error> {
    match error {
        Error::TooManyRequests { retry_after } => {
            Ok(Err(SignInRefusal::TooManyAttempts(RetryAfter { seconds: retry_after })))
        }
        error => Err(error),
    }
}
