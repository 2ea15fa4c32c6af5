//! The responses of handlers: a rendered page, or a redirect to one.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use super::{
    error::Error,
    flash::{Flash, OutgoingFlash},
};

/// Renders a page with status 200.
pub fn render(template: &impl Template) -> Result<Response, Error> {
    Ok(Html(template.render()?).into_response())
}

/// Renders a page with another status, such as a form with errors (422).
pub fn render_with_status(status: StatusCode, template: &impl Template) -> Result<Response, Error> {
    Ok((status, render(template)?).into_response())
}

/// A redirect (303) to a page, with a message to show there.
#[derive(Debug)]
pub struct SeeOther {
    to: String,
    flash: Option<Flash>,
}

impl SeeOther {
    /// Redirects to this path of the site.
    #[must_use]
    pub fn to(path: impl Into<String>) -> Self {
        Self { to: path.into(), flash: None }
    }

    /// Adds a message that the change succeeded.
    #[must_use]
    pub fn with_success(mut self, text: impl Into<String>) -> Self {
        self.flash = Some(Flash { kind: "good", text: text.into(), link: None, undo: None });
        self
    }

    /// Adds a message that the change failed.
    #[must_use]
    pub fn with_failure(mut self, text: impl Into<String>) -> Self {
        self.flash = Some(Flash { kind: "bad", text: text.into(), link: None, undo: None });
        self
    }

    /// Adds an undo button to the message.
    #[must_use]
    pub fn with_undo(mut self, undo: Option<String>) -> Self {
        if let Some(flash) = &mut self.flash {
            flash.undo = undo;
        }
        self
    }

    /// Adds an address to copy to the message.
    #[must_use]
    pub fn with_link(mut self, link: impl Into<String>) -> Self {
        if let Some(flash) = &mut self.flash {
            flash.link = Some(link.into());
        }
        self
    }
}

impl IntoResponse for SeeOther {
    fn into_response(self) -> Response {
        let mut response = StatusCode::SEE_OTHER.into_response();
        // A path of this site is ASCII; if it were not, going to the start page would be better than an error.
        let to = HeaderValue::from_str(&self.to).unwrap_or(HeaderValue::from_static("/"));
        response.headers_mut().insert(header::LOCATION, to);
        if let Some(flash) = self.flash {
            response.extensions_mut().insert(OutgoingFlash(flash));
        }
        response
    }
}

/// Marks a response that must not be compressed: its bytes are sent as they are, with their length.
#[derive(Debug, Clone, Copy)]
pub struct Uncompressed;
