//! Asking somebody to prove again who they are before what changes people, rights or policy: a session alone, left open or
//! stolen, does none of it.
//!
//! A proof holds for five minutes, signing in included. After that the form that was sent comes back, with everything in it
//! kept, and asks for the password, and for a code of who has a second factor; sent with them, it is done.

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
    proof::{self, Typed, Unproven},
};
use crate::{
    domain::{installation::Purpose, role::InstallationRole, time::Moment},
    state::AppState,
    web::{
        Error,
        form::{FieldErrors, Form},
        page::{self, Chrome, Nav, Page},
        route::{FORM_BYTES, Proving},
    },
};

/// Seconds that a proof holds.
const LASTS: i64 = 300;

/// The form as it comes back.
#[derive(Template)]
#[template(path = "accounts/proof_first.html")]
struct ProofFirst {
    chrome: Chrome,
    /// Where it goes.
    action: String,
    /// What was sent, without what proves who sent it.
    fields: Vec<(String, String)>,
    /// The address of who sends it, for password managers.
    email: String,
    second_factor: bool,
    /// What is wrong with the form as a whole: it was tried too often.
    trouble: Option<String>,
    errors: FieldErrors,
}

/// Lets a request through whose sender proved a short while ago who they are, or does so with it.
pub async fn ask_for_proof(
    State((state, asked)): State<(AppState, Proving)>,
    user: CurrentUser,
    request: Request,
    next: Next,
) -> Response {
    let asks = match asked {
        Proving::Nobody => false,
        Proving::Admins => user.is(InstallationRole::Admin),
        Proving::Everybody => true,
    };
    if !asks || holds(user.proved(), state.clock.now()) {
        return next.run(request).await;
    }
    prove(&state, &user, request, next).await.unwrap_or_else(IntoResponse::into_response)
}

/// Whether a proof given then holds. One from the future (a clock was set back) does not.
fn holds(proved: Option<Moment>, now: Moment) -> bool {
    proved.is_some_and(|proved| (0..LASTS).contains(&now.seconds_since(proved)))
}

/// Reads what proves who sent a form out of it, and lets it through, or brings it back.
async fn prove(state: &AppState, user: &CurrentUser, request: Request, next: Next) -> Result<Response, Error> {
    let (mut parts, body) = request.into_parts();
    let Ok(page) = Page::from_request_parts(&mut parts, state).await;
    let sent = Bytes::from_request(Request::from_parts(parts.clone(), body), &()).await;
    let sent = sent.map_err(|rejection| match rejection.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge { most: FORM_BYTES },
        _ => Error::BadRequest("The form arrived only in part. Send it again."),
    })?;
    let again = || Request::from_parts(parts.clone(), Body::from(sent.clone()));
    let Form(fields): Form<Vec<(String, String)>> = Form::from_request(again(), &()).await?;
    let field = |name: &str| fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let typed = Typed { password: field("password"), code: field("code") };
    let (mut errors, mut wait) = (FieldErrors::new(), None);
    if !typed.password.is_empty() {
        match proof::prove(state, user, typed, page.request_id, (Purpose::Administer, None)).await {
            Ok(Ok(_)) => return Ok(next.run(again()).await),
            Ok(Err(Unproven { field, sentence })) => errors.add(field, sentence),
            Err(Error::TooManyRequests { retry_after }) => wait = Some(retry_after),
            Err(error) => return Err(error),
        }
    }
    let kept = |(name, _): &(String, String)| !matches!(name.as_str(), "password" | "code");
    let view = ProofFirst {
        chrome: page.chrome(state, "Confirm that it is you", Nav::None),
        action: parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str).to_owned(),
        email: user.email.to_string(),
        second_factor: user.second_factor,
        trouble: wait.map(|wait| format!("That was tried too often. Try again in {wait} seconds.")),
        errors,
        fields: fields.into_iter().filter(kept).collect(),
    };
    let status = if wait.is_some() { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut answer = page::html_with(status, &view)?;
    if let Some(wait) = wait {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_holds_for_five_minutes_and_not_before_it_was_given() {
        let now: Moment = "2026-11-23T10:00:00Z".parse().unwrap();
        for (ago, expected) in [(0, true), (299, true), (300, false), (-1, false)] {
            assert_eq!(holds(Some(now.plus_seconds(-ago)), now), expected, "{ago}");
        }
        assert!(!holds(None, now));
    }
}
