//! The pages that show errors.
//!
//! A response with an [`ErrorContent`] becomes a page of the site (or JSON, for a script that asked for it) once the viewer
//! is known. A fault is logged here, once, with the request's id; the person sees a fixed sentence and that id, never the
//! cause. When a form was refused without its page, its texts are on the error page, to be copied.

use std::{borrow::Cow, time::Duration};

use askama::Template;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{Method, StatusCode, header};

use super::{
    chrome::{Chrome, Nav, PageContext},
    error::{ErrorContent, KeepBody},
    request::{MatchedRoute, wants_json},
    response::render,
    sent_form::SentForm,
};
use crate::{
    config::PublicUrl,
    domain::{ids::RequestId, installation::RejectionReason},
    state::AppState,
    texts,
};

/// How long a form is read for the texts in it: of somebody who is signed in, and of anybody else.
const FORM_TIME: Duration = Duration::from_secs(30);
const FORM_TIME_OF_STRANGERS: Duration = Duration::from_secs(5);

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    chrome: Chrome,
    status: u16,
    sentence: Cow<'static, str>,
    next_href: Cow<'static, str>,
    next_label: Cow<'static, str>,
    request_id: RequestId,
    /// The texts of the form that was refused. They are shown and not put into a form: another website may have written
    /// them, and it must not get somebody to send them from here.
    typed: Vec<String>,
    is_from_elsewhere: bool,
}

/// Gives every error response its page, and logs faults.
pub async fn render_errors(State(state): State<AppState>, page: PageContext, request: Request, next: Next) -> Response {
    let id = page.request_id;
    let wants_json = wants_json(request.headers());
    let route = request.extensions().get::<MatchedRoute>().cloned().unwrap_or_default();
    let form = form_page(&request, &state.config.public_url);
    let (request, sent) = SentForm::share(request);
    let mut response = next.run(request).await;
    let status = response.status();
    let content = response.extensions_mut().remove::<ErrorContent>();
    // axum and tower-http answer some failures themselves, with plain text or without a body.
    let bare = (status.is_client_error() || status.is_server_error())
        && response.extensions().get::<KeepBody>().is_none()
        && response.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    let Some(mut error) = content.or_else(|| bare.then(|| ErrorContent::for_status(status))) else { return response };
    if let Some(cause) = &error.cause {
        tracing::error!(request_id = %id, route = route.name(), error = format!("{cause:#}"), "a request failed");
    }
    if let Some(address) = form.filter(|_| keeps_form_open(status)) {
        error.next_link = (address.into(), texts::back_to_the_form());
    }
    let mut answer = if wants_json {
        let body = serde_json::json!({ "error": error.sentence, "status": status.as_u16(), "request_id": id });
        axum::Json(body).into_response()
    } else {
        let chrome = page.chrome(&state, error.title, Nav::None);
        let time = if chrome.user.is_some() { FORM_TIME } else { FORM_TIME_OF_STRANGERS };
        let copy = match sent.filter(|_| returns_texts(status)) {
            Some(sent) => sent.read(time).await,
            None => None,
        };
        // Nothing is here for somebody who is not signed in, and they have no start page.
        let (next_href, next_label) = match error.next_link {
            (href, _) if status == StatusCode::NOT_FOUND && href == "/" && chrome.user.is_none() => {
                ("/login".into(), texts::sign_in())
            }
            next => next,
        };
        let template = ErrorPage {
            chrome,
            status: error.status.as_u16(),
            sentence: error.sentence,
            next_href,
            next_label,
            request_id: id,
            typed: copy.unwrap_or_default().into_typed_texts(),
            is_from_elsewhere: matches!(response.extensions().get(), Some(RejectionReason::FromElsewhere)),
        };
        match render(&template) {
            Ok(answer) => answer,
            Err(_) => texts::something_went_wrong().into_response(),
        }
    };
    *answer.status_mut() = status;
    // The other headers of the error response (Retry-After, Allow, cookies) stay.
    for (name, value) in response.headers() {
        if !matches!(*name, header::CONTENT_TYPE | header::CONTENT_LENGTH) {
            answer.headers_mut().append(name, value.clone());
        }
    }
    answer
}

/// The page of this site whose form was sent.
fn form_page(request: &Request, public_url: &PublicUrl) -> Option<String> {
    let referrer = request.headers().get(header::REFERER).filter(|_| request.method() == Method::POST)?;
    let referrer = url::Url::parse(referrer.to_str().ok()?).ok()?;
    let is_own = referrer.scheme() == public_url.scheme() && public_url.is_own_host(referrer.authority());
    is_own.then(|| referrer[url::Position::BeforePath..].to_owned())
}

/// Whether a form was not used at all, so that it can be sent again from its page.
fn keeps_form_open(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::REQUEST_TIMEOUT
            | StatusCode::TOO_MANY_REQUESTS
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::INSUFFICIENT_STORAGE
    )
}

/// Whether the texts of a form are shown with this status. They are not for a form that is damaged, too large or too
/// slow, at an address that is gone, and in a request for another host.
fn returns_texts(status: StatusCode) -> bool {
    !matches!(
        status,
        StatusCode::BAD_REQUEST
            | StatusCode::GONE
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::REQUEST_TIMEOUT
            | StatusCode::MISDIRECTED_REQUEST
    )
}
