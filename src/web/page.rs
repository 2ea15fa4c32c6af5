//! The chrome around every page, messages that survive a redirect, and the answers that handlers give.

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
    renewed::RenewedNotice,
    request::{Number, ViewerSlot},
    time::TimeTag,
};
use crate::{
    domain::{
        ids::{RequestId, UserId},
        role::{InstallationRole, InstallationRoles},
        text::PersonName,
        time::{Moment, Zone},
    },
    record::renewals::Renewal,
    state::AppState,
};

/// Who a page is shown to, as far as the chrome needs to know.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// Whose account.
    pub id: UserId,
    /// Their name.
    pub name: PersonName,
    /// What they may do in the installation.
    pub roles: InstallationRoles,
    /// The zone in which they read times.
    pub zone: Zone,
    /// What others renewed of their way in that they have not seen yet.
    pub renewals: Vec<Renewal>,
}

/// The parts of the site, to mark the one that a page is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nav {
    /// `/`
    MyWork,
    /// `/launches`
    Launches,
    /// `/checklists`
    Checklists,
    /// `/audit`
    Audit,
    /// `/admin`
    Admin,
    /// `/account`
    Account,
    /// `/search`
    Search,
    /// None of them.
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
    /// The page's title.
    pub title: String,
    /// Who is signed in.
    pub user: Option<ChromeUser>,
    /// The part of the site it is in.
    pub current: Nav,
    /// A message from the request before.
    pub flash: Option<Flash>,
    /// The moment the page was made, from which relative times are told.
    pub now: Moment,
    /// The zone times are shown in.
    pub zone: Zone,
    /// Whether every time is shown exact: on a page of the past nothing was "just now".
    pub exact: bool,
}

/// The signed-in person, in the chrome.
#[derive(Debug, Clone)]
pub struct ChromeUser {
    /// Their name.
    pub name: String,
    /// Whether they are an admin.
    pub is_admin: bool,
    /// Whether they are an auditor.
    pub is_auditor: bool,
    /// What others renewed of their way in that they have not seen yet.
    pub renewed: Vec<RenewedNotice>,
}

impl ChromeUser {
    /// Up to two letters that stand for them.
    #[must_use]
    pub fn initials(&self) -> String {
        initials(&self.name)
    }
}

/// Up to two letters that stand for a name: the first of its first and last word.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

impl Chrome {
    /// Whether the page is in this part of the site, by its slug (`launches`).
    #[must_use]
    pub fn is_current(&self, slug: &str) -> bool {
        self.current.slug() == slug
    }

    /// The address of a file under `static/`, or of the stylesheet `app.css`.
    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    /// That of a page which shows something as it stood after this event, if it does.
    #[must_use]
    pub fn as_of(self, event: Option<i64>) -> Self {
        match event {
            Some(seq) => Self { title: format!("{} · as of event {seq}", self.title), exact: true, ..self },
            None => self,
        }
    }

    /// A moment, relative where nothing else is asked for, with the exact time and zone on hover.
    #[must_use]
    pub fn time(&self, at: &Moment) -> TimeTag {
        if self.exact { self.exact_time(at) } else { TimeTag::relative(*at, self.now, &self.zone) }
    }

    /// A moment, exact.
    #[must_use]
    pub fn exact_time(&self, at: &Moment) -> TimeTag {
        TimeTag::exact(*at, &self.zone)
    }
}

/// A message shown once, on the page after a redirect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// `good` or `bad`.
    pub kind: &'static str,
    /// What it says.
    pub text: String,
    /// An address to hand on, such as an invitation's.
    pub link: Option<String>,
    /// The address that takes back what was done: a path of this site, to which an empty form is posted.
    pub undo: Option<String>,
}

impl Flash {
    /// Its cookie is short-lived, out of scripts' reach and not signed: it says nothing to anyone but who brings
    /// it, and is escaped where it is shown.
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
        // Nothing but a launch's own undoing is ever made a form of.
        let undo = undo.filter(|path| {
            let path = path.split('?').next().unwrap_or_default();
            let plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-'));
            plain && path.starts_with("/launches/") && path.ends_with("/undo")
        });
        Some(Self { kind, text, link, undo })
    }
}

/// What a page needs besides its own data: the viewer, the message, the time and the request's number.
#[derive(Debug, Clone)]
pub struct Page {
    /// The request's number.
    pub request_id: RequestId,
    slot: ViewerSlot,
    flash: Option<Flash>,
}

impl Page {
    /// The chrome of a page.
    #[must_use]
    pub fn chrome(&self, state: &AppState, title: impl Into<String>, current: Nav) -> Chrome {
        let viewer = self.slot.get();
        Chrome {
            title: title.into(),
            user: viewer.map(|viewer| ChromeUser {
                name: viewer.name.to_string(),
                is_admin: viewer.roles.has(InstallationRole::Admin),
                is_auditor: viewer.roles.has(InstallationRole::Auditor),
                renewed: viewer.renewals.iter().map(|renewal| RenewedNotice::new(renewal, &viewer.zone)).collect(),
            }),
            current,
            flash: self.flash.clone(),
            now: state.clock.now(),
            zone: viewer.map_or(Zone::UTC, |viewer| viewer.zone.clone()),
            exact: false,
        }
    }
}

impl FromRequestParts<AppState> for Page {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let Number(request_id) = Number::from_request_parts(parts, state).await?;
        let slot = parts.extensions.get().cloned().unwrap_or_default();
        let flash = cookie::read(&parts.headers, &cookie::name(state, Flash::COOKIE)).and_then(Flash::from_cookie);
        Ok(Self { request_id, slot, flash })
    }
}

/// A page, with status 200.
///
/// # Errors
/// When the template fails, which is a defect.
pub fn html(template: &impl Template) -> Result<Response, Error> {
    Ok(Html(template.render()?).into_response())
}

/// A page with another status, such as a form that failed (422).
///
/// # Errors
/// When the template fails, which is a defect.
pub fn html_with(status: StatusCode, template: &impl Template) -> Result<Response, Error> {
    Ok((status, html(template)?).into_response())
}

/// A redirect (303) to a page, with a message to show there.
#[derive(Debug)]
pub struct SeeOther {
    to: String,
    flash: Option<Flash>,
}

impl SeeOther {
    /// To this path of the site.
    #[must_use]
    pub fn to(path: impl Into<String>) -> Self {
        Self { to: path.into(), flash: None }
    }

    /// With a message that it went well.
    #[must_use]
    pub fn good(mut self, text: impl Into<String>) -> Self {
        self.flash = Some(Flash { kind: "good", text: text.into(), link: None, undo: None });
        self
    }

    /// With a message that it did not.
    #[must_use]
    pub fn bad(mut self, text: impl Into<String>) -> Self {
        self.flash = Some(Flash { kind: "bad", text: text.into(), link: None, undo: None });
        self
    }

    /// With a way to take it back, beside the message.
    #[must_use]
    pub fn with_undo(mut self, undo: Option<String>) -> Self {
        if let Some(flash) = &mut self.flash {
            flash.undo = undo;
        }
        self
    }

    /// With an address to hand on, beside the message.
    #[must_use]
    pub fn with_link(mut self, link: impl Into<String>) -> Self {
        if let Some(flash) = &mut self.flash {
            flash.link = Some(link.into());
        }
        self
    }
}

/// Marks an answer whose bytes go out as they are, with their length: it is not compressed.
#[derive(Debug, Clone, Copy)]
pub struct Verbatim;

/// A message on its way into a cookie.
#[derive(Debug, Clone)]
struct Outgoing(Flash);

impl IntoResponse for SeeOther {
    fn into_response(self) -> Response {
        let mut response = StatusCode::SEE_OTHER.into_response();
        // A path of this site is ASCII; were it not, the way home is better than a fault.
        let to = HeaderValue::from_str(&self.to).unwrap_or(HeaderValue::from_static("/"));
        response.headers_mut().insert(header::LOCATION, to);
        if let Some(flash) = self.flash {
            response.extensions_mut().insert(Outgoing(flash));
        }
        response
    }
}

/// Puts a redirect's message into its cookie, and takes the cookie away once a page has shown it. A script that stays where
/// it is (`Prefer: return=minimal`, RFC 7240) is answered with 204, so that it takes no redirect for success.
pub async fn carry_flash(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let name = cookie::name(&state, Flash::COOKIE);
    let brought = cookie::read(request.headers(), &name).is_some();
    let minimal = request.headers().get("prefer").is_some_and(|prefer| prefer == "return=minimal");
    let mut response = next.run(request).await;
    if minimal && response.status() == StatusCode::SEE_OTHER {
        return StatusCode::NO_CONTENT.into_response();
    }
    let cookie = match response.extensions_mut().remove::<Outgoing>() {
        Some(Outgoing(flash)) => Cookie::new(&name, &flash.to_cookie()).lasting(60),
        None if brought && is_page(response.headers()) => Cookie::removal(&name),
        None => return response,
    };
    cookie.set(&state, response.headers_mut());
    response
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// A number of bytes as people read it: `50 MB`, `1.4 kB`.
#[must_use]
pub fn bytes(count: u64) -> String {
    let units = ["kB", "MB", "GB", "TB"];
    if count < 1_000 {
        return if count == 1 { "1 byte".to_owned() } else { format!("{count} bytes") };
    }
    let mut tenths = count / 100;
    let mut unit = 0;
    while tenths >= 10_000 && unit + 1 < units.len() {
        tenths /= 1_000;
        unit += 1;
    }
    let (whole, tenth) = (tenths / 10, tenths % 10);
    let unit = units[unit];
    if tenth == 0 || whole >= 100 { format!("{whole} {unit}") } else { format!("{whole}.{tenth} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_survives_its_cookie_and_others_are_not_taken() {
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
    fn a_message_that_others_planted_makes_no_form_that_does_something_else() {
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

    #[test]
    fn sizes_read_well() {
        for (count, text) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_400, "1.4 kB"),
            (50_000_000, "50 MB"),
            (123_456_789, "123 MB"),
            (1_000_000_000, "1 GB"),
        ] {
            assert_eq!(bytes(count), text);
        }
    }
}
