//! Requires a fresh proof of identity before changes of people, rights or policy: a session that was left open or
//! stolen is not enough for them.
//!
//! A proof is valid for five minutes; signing in counts as one. After that the form is returned with all its values and
//! asks for the password, and for a code if the person has a second factor; sent with them, the change is made.

use std::borrow::Cow;

use askama::Template;
use axum::{
    body::{Body, Bytes},
    extract::{FromRequest as _, FromRequestParts as _, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};

use super::{
    CurrentUser,
    proof::{self, ProofFailure, ProofInput},
};
use crate::{
    domain::{installation::ProofPurpose, role::InstallationRole, time::Moment},
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        form::{FieldErrors, Form},
        response,
        route::{FormLimit, ProofRequirement},
    },
};

const PROOF_LIFETIME_SECONDS: i64 = 300;

/// The form as it is returned.
#[derive(Template)]
#[template(path = "accounts/proof_first.html")]
struct FreshProofPage {
    chrome: Chrome,
    /// Where the form is sent.
    action: String,
    /// The fields that were sent, without password and code.
    fields: Vec<(String, String)>,
    /// The person's address, for password managers.
    email: String,
    second_factor: bool,
    /// What is wrong with the form as a whole: too many tries.
    trouble: Option<Cow<'static, str>>,
    errors: FieldErrors,
}

/// Passes a request on if its sender proved their identity recently or does so with this request.
pub async fn require_fresh_proof(
    State((state, requirement)): State<(AppState, ProofRequirement)>,
    user: CurrentUser,
    request: Request,
    next: Next,
) -> Response {
    let asks = match requirement {
        ProofRequirement::Nobody => false,
        ProofRequirement::Admins => user.has_role(InstallationRole::Admin),
        ProofRequirement::Everybody => true,
    };
    if !asks || is_fresh(user.proved(), state.clock.now()) {
        return next.run(request).await;
    }
    prove_or_ask_again(&state, &user, request, next).await.unwrap_or_else(IntoResponse::into_response)
}

/// Whether a proof of that time is still fresh. One from the future (the clock was set back) is not.
fn is_fresh(proved: Option<Moment>, now: Moment) -> bool {
    proved.is_some_and(|proved| (0..PROOF_LIFETIME_SECONDS).contains(&now.seconds_since(proved)))
}

/// Verifies the password and code in a form and passes the request on, or returns the form.
async fn prove_or_ask_again(
    state: &AppState,
    user: &CurrentUser,
    request: Request,
    next: Next,
) -> Result<Response, Error> {
    let (mut parts, body) = request.into_parts();
    let Ok(page) = PageContext::from_request_parts(&mut parts, state).await;
    let sent = Bytes::from_request(Request::from_parts(parts.clone(), body), &()).await;
    let sent = sent.map_err(|rejection| match rejection.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::FormTooLarge { limit: FormLimit::of(&parts.extensions) },
        _ => Error::BadRequest(texts::form_arrived_only_in_part()),
    })?;
    let again = || Request::from_parts(parts.clone(), Body::from(sent.clone()));
    let Form(fields): Form<Vec<(String, String)>> = Form::from_request(again(), &()).await?;
    let field =
        |name: &str| fields.iter().find(|(field_name, _)| field_name == name).map_or("", |(_, value)| value.as_str());
    let input = ProofInput { password: field("password"), code: field("code") };
    let (mut errors, mut wait) = (FieldErrors::new(), None);
    if !input.password.is_empty() {
        match proof::verify_proof(state, user, input, page.request_id, (ProofPurpose::Administer, None)).await {
            Ok(Ok(_)) => return Ok(next.run(again()).await),
            Ok(Err(ProofFailure { field, sentence })) => errors.add(field, sentence),
            Err(Error::TooManyRequests { retry_after }) => wait = Some(retry_after),
            Err(error) => return Err(error),
        }
    }
    let is_no_proof = |(name, _): &(String, String)| !matches!(name.as_str(), "password" | "code");
    let view = FreshProofPage {
        chrome: page.chrome(state, texts::confirm_that_it_is_you(), Nav::None),
        action: parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str).to_owned(),
        email: user.email.to_string(),
        second_factor: user.second_factor,
        trouble: wait.map(texts::tried_too_often_try_in),
        errors,
        fields: fields.into_iter().filter(is_no_proof).collect(),
    };
    let status = if wait.is_some() { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut answer = response::render_with_status(status, &view)?;
    if let Some(wait) = wait {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proof_is_fresh_for_five_minutes_and_not_before_it_was_given() {
        let now: Moment = "2026-11-23T10:00:00Z".parse().unwrap();
        for (ago, expected) in [(0, true), (299, true), (300, false), (-1, false)] {
            assert_eq!(is_fresh(Some(now.plus_seconds(-ago)), now), expected, "{ago}");
        }
        assert!(!is_fresh(None, now));
    }
}
