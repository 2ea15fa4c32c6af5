//! The chrome around every page, messages that survive a redirect, and the responses of handlers.

use std::convert::Infallible;

use askama::Template;
use axum::{
    extract::{FromRequestParts, Request, State},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};

use super::{
    assets,
    cookie::{self, Cookie},
    error::Error,
    renewal_notice::RenewalNotice,
    request::{RequestNumber, ViewerSlot},
    time::TimeTag,
};
use crate::{
    domain::{
        ids::RequestId,
        role::InstallationRole,
        time::{Moment, Zone},
    },
    state::AppState,
};

/// The sections of the site, to mark the one that a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nav {
    MyWork,
    Launches,
    Checklists,
    Audit,
    Admin,
    Account,
    Search,
    None,
}

impl Nav {
    const fn slug(self) -> &'static str {
        match self {
            Self::MyWork => "my_work",
            Self::Launches => "launches",
            Self::Checklists => "checklists",
            Self::Audit => "audit",
            Self::Admin => "admin",
            Self::Account => "account",
            Self::Search => "search",
            Self::None => "",
        }
    }
}

/// What the base template shows around a page. Every page's view struct has one, named `chrome`.
#[derive(Debug, Clone)]
pub struct Chrome {
    pub title: String,
    /// The viewer, when signed in.
    pub user: Option<ChromeUser>,
    pub current: Nav,
    /// A message from the previous request.
    pub flash: Option<Flash>,
    /// When the page was made; relative times are counted from it.
    pub now: Moment,
    /// The zone in which times are shown.
    pub zone: Zone,
    /// Whether every time is shown exactly: on a page of the past nothing was "just now".
    pub exact: bool,
}

#[derive(Debug, Clone)]
pub struct ChromeUser {
    pub name: String,
    pub is_admin: bool,
    pub is_auditor: bool,
    /// Renewals of their sign-in by others that they have not yet seen.
    pub renewed: Vec<RenewalNotice>,
}

impl ChromeUser {
    #[must_use]
    pub fn initials(&self) -> String {
        initials(&self.name)
    }
}

/// Up to two letters for a name: the first letters of its first and last word.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

impl Chrome {
    /// Whether the page belongs to the section with this slug (`launches`).
    #[must_use]
    pub fn is_current(&self, slug: &str) -> bool {
        self.current.slug() == slug
    }

    /// The address of a file under `static/`, or of the style sheet `app.css`.
    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    /// Turns the chrome into that of a page of the past, which shows the launch after this event.
    #[must_use]
    pub fn as_of(self, event: Option<i64>) -> Self {
        match event {
            Some(seq) => Self { title: format!("{} · as of event {seq}", self.title), exact: true, ..self },
            None => self,
        }
    }

    /// A relative time with the exact time and zone on hover; exact where [`Self::exact`] is set.
    #[must_use]
    pub fn time(&self, at: &Moment) -> TimeTag {
        if self.exact { self.exact_time(at) } else { TimeTag::format_relative(*at, self.now, &self.zone) }
    }

    #[must_use]
    pub fn exact_time(&self, at: &Moment) -> TimeTag {
        TimeTag::format_exact(*at, &self.zone)
    }
}

/// A message shown once, on the page after a redirect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// `good` or `bad`.
    pub kind: &'static str,
    pub text: String,
    /// An address to copy, such as an invitation's.
    pub link: Option<String>,
    /// The address that undoes the change: a path of this site, to which an empty form is posted.
    pub undo: Option<String>,
}

impl Flash {
    /// The cookie is short-lived, not readable by scripts and not signed: its content is shown only to the browser that
    /// sends it, and is escaped.
    const COOKIE: &'static str = "signoff-flash";

    fn to_cookie(&self) -> String {
        let optional = |line: &Option<String>| line.clone().unwrap_or_default();
        let whole = [self.kind, &self.text, &optional(&self.link), &optional(&self.undo)].join("\n");
        BASE64_URL_SAFE_NO_PAD.encode(whole)
    }

    fn from_cookie(value: &str) -> Option<Self> {
        let whole = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(value).ok()?).ok()?;
        let mut lines = whole.splitn(4, '\n');
        let kind = match lines.next()? {
            "good" => "good",
            "bad" => "bad",
            _ => return None,
        };
        let text = lines.next()?.to_owned();
        let mut optional = || lines.next().filter(|line| !line.is_empty()).map(str::to_owned);
        let (link, undo) = (optional(), optional());
        // Only the undo address of a launch becomes a form, since the cookie is not signed.
        let undo = undo.filter(|path| {
            let path = path.split('?').next().unwrap_or_default();
            let plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-'));
            plain && path.starts_with("/launches/") && path.ends_with("/undo")
        });
        Some(Self { kind, text, link, undo })
    }
}

/// What a page needs besides its own data: the viewer, the message, the time and the request id.
#[derive(Debug, Clone)]
pub struct PageContext {
    pub request_id: RequestId,
    viewer_slot: ViewerSlot,
    flash: Option<Flash>,
}

impl PageContext {
    #[must_use]
    pub fn chrome(&self, state: &AppState, title: impl Into<String>, current: Nav) -> Chrome {
        let viewer = self.viewer_slot.get();
        Chrome {
            title: title.into(),
            user: viewer.map(|viewer| ChromeUser {
                name: viewer.name.to_string(),
                is_admin: viewer.roles.contains(InstallationRole::Admin),
                is_auditor: viewer.roles.contains(InstallationRole::Auditor),
                renewed: viewer.renewals.iter().map(|renewal| RenewalNotice::new(renewal, &viewer.zone)).collect(),
            }),
            current,
            flash: self.flash.clone(),
            now: state.clock.now(),
            zone: viewer.map_or(Zone::UTC, |viewer| viewer.zone.clone()),
            exact: false,
        }
    }
}

impl FromRequestParts<AppState> for PageContext {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let RequestNumber(request_id) = RequestNumber::from_request_parts(parts, state).await?;
        let slot = parts.extensions.get().cloned().unwrap_or_default();
        let flash =
            cookie::read(&parts.headers, &cookie::prefixed_name(state, Flash::COOKIE)).and_then(Flash::from_cookie);
        Ok(Self { request_id, viewer_slot: slot, flash })
    }
}

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

/// Marks a response that must not be compressed: its bytes are sent as they are, with their length.
#[derive(Debug, Clone, Copy)]
pub struct Uncompressed;

/// A message that [`carry_flash`] puts into a cookie.
#[derive(Debug, Clone)]
struct OutgoingFlash(Flash);

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

/// Stores a redirect's message in a cookie, and deletes the cookie once a page has shown it. A script that does not
/// leave its page (`Prefer: return=minimal`, RFC 7240) gets 204 instead, so that it takes no other redirect for
/// success.
pub async fn carry_flash(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let name = cookie::prefixed_name(&state, Flash::COOKIE);
    let brought = cookie::read(request.headers(), &name).is_some();
    let minimal = request.headers().get("prefer").is_some_and(|prefer| prefer == "return=minimal");
    let mut response = next.run(request).await;
    if minimal && response.status() == StatusCode::SEE_OTHER {
        return StatusCode::NO_CONTENT.into_response();
    }
    let cookie = match response.extensions_mut().remove::<OutgoingFlash>() {
        Some(OutgoingFlash(flash)) => Cookie::new(&name, &flash.to_cookie()).with_max_age(60),
        None if brought && is_html(response.headers()) => Cookie::removal(&name),
        None => return response,
    };
    cookie.add_to(&state, response.headers_mut());
    response
}

fn is_html(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flash_survives_its_cookie_and_other_values_are_rejected() {
        let undo = Some("/launches/x/events/7/undo?next=%2F".to_owned());
        for (link, undo) in [(None, None), (Some("https://signoff.example.org/invitations/x".to_owned()), undo)] {
            let flash = Flash { kind: "good", text: "Änderung gespeichert.".to_owned(), link, undo };
            assert_eq!(Flash::from_cookie(&flash.to_cookie()), Some(flash));
        }
        for bad in ["", "x", "****", &BASE64_URL_SAFE_NO_PAD.encode("evil\nx"), &BASE64_URL_SAFE_NO_PAD.encode([0xFF])]
        {
            assert_eq!(Flash::from_cookie(bad), None, "{bad}");
        }
    }

    #[test]
    fn flash_undo_to_another_address_is_dropped() {
        for undo in ["/logout", "//elsewhere.example/launches/x/undo", "/launches/../logout", "/launches/x/notes"] {
            let flash = Flash { kind: "good", text: "Saved.".to_owned(), link: None, undo: Some(undo.to_owned()) };
            assert_eq!(Flash::from_cookie(&flash.to_cookie()).map(|flash| flash.undo), Some(None), "{undo}");
        }
    }

    #[test]
    fn initials_are_of_the_first_and_last_word() {
        for (name, letters) in [("Ana Maria Sousa", "AS"), ("madonna", "M"), ("Øystein å", "ØÅ"), ("", "")] {
            assert_eq!(initials(name), letters);
        }
    }
}
