//! The notice that a redirect leaves for the page that it leads to.
//!
//! The notice travels in a cookie, which every tab of the browser sends. So the cookie names the request that the notice
//! is for: the redirect's target, the page that the form was on (`Referer`, which browsers send again after a
//! redirect) and whether a script sent it (`Sec-Fetch-Dest`). Only such a request shows the notice and deletes the
//! cookie; the page of another tab, or a script that fetches the same page, leaves it alone. Nothing is added to the
//! address, which people share. Of several notices for the same request the oldest is shown first, in the order of the
//! changes.

use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderName, StatusCode, header};
use percent_encoding::percent_decode_str;

use super::cookie::{self, Cookie};
use crate::{ambient, domain::canonical::Sha256Hash, state::AppState};

/// A message shown once, on the page after a redirect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// The class of the message's colour: `good` or `bad`.
    pub kind: &'static str,
    pub text: String,
    /// An address to copy, such as an invitation's.
    pub link: Option<String>,
    /// The address that undoes the change: a path of this site, to which an empty form is posted.
    pub undo: Option<String>,
}

/// A message of a redirect that [`carry_flash`] puts into a cookie.
#[derive(Debug, Clone)]
pub(super) struct OutgoingFlash(pub(super) Flash);

/// The message for the page that is requested.
#[derive(Debug, Clone)]
pub(super) struct IncomingFlash(pub(super) Flash);

/// The cookies: at most so many notices wait at once, so that a program that loads no pages does not collect them. They
/// are short-lived, not readable by scripts and not signed: their content is shown only to the browser that sends it,
/// and is escaped.
const COOKIES: [&str; 4] = ["signoff-flash", "signoff-flash-1", "signoff-flash-2", "signoff-flash-3"];

const MAX_AGE_SECONDS: i64 = 60;

const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// What identifies the request that a notice is for. The values are shortened hashes; an empty one is unknown and
/// matches all.
#[derive(Debug, Clone, PartialEq, Eq)]
struct FlashRequest {
    target: String,
    /// The page that the form was on.
    referer: String,
    /// What the browser does with the answer: `document`, or `empty` for a script.
    destination: String,
}

impl FlashRequest {
    /// `target` is the path with the query; what follows `#` is not sent to the server.
    fn new(target: &str, headers: &HeaderMap) -> Self {
        let target = target.split('#').next().unwrap_or_default();
        // Browsers may encode more characters of an address than the server did.
        let target = percent_decode_str(target).collect::<Vec<u8>>();
        let value = |name| headers.get(name).map_or_else(String::new, |value| shorten(value.as_bytes()));
        Self { target: shorten(&target), referer: value(header::REFERER), destination: value(SEC_FETCH_DEST) }
    }

    fn matches(&self, other: &Self) -> bool {
        let same = |one: &String, other: &String| one.is_empty() || other.is_empty() || one == other;
        self.target == other.target
            && same(&self.referer, &other.referer)
            && same(&self.destination, &other.destination)
    }
}

fn shorten(value: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(&Sha256Hash::compute(value).to_bytes()[..9])
}

/// A notice in its cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
struct WaitingFlash {
    of: FlashRequest,
    /// When it was made, in microseconds since 1970.
    at: i64,
    flash: Flash,
}

impl WaitingFlash {
    fn to_cookie_value(&self) -> String {
        let optional = |line: &Option<String>| line.clone().unwrap_or_default();
        let Flash { kind, text, link, undo } = &self.flash;
        let (at, link, undo) = (self.at.to_string(), optional(link), optional(undo));
        let FlashRequest { target, referer, destination } = &self.of;
        BASE64_URL_SAFE_NO_PAD.encode([target, referer, destination, &at, *kind, &link, &undo, text].join("\n"))
    }

    fn from_cookie_value(value: &str) -> Option<Self> {
        let whole = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(value).ok()?).ok()?;
        let mut lines = whole.splitn(8, '\n').map(str::to_owned);
        let of = FlashRequest { target: lines.next()?, referer: lines.next()?, destination: lines.next()? };
        let at = lines.next()?.parse().ok()?;
        let kind = match lines.next()?.as_str() {
            "good" => "good",
            "bad" => "bad",
            _ => return None,
        };
        let link = lines.next().filter(|line| !line.is_empty());
        // Only the undo address of a launch, a draft or notifications becomes a form, since the cookie is not signed.
        let undo = lines.next().filter(|path| is_undo_path(path));
        Some(Self { of, at, flash: Flash { kind, text: lines.next()?, link, undo } })
    }
}

fn is_undo_path(path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-'));
    let undoes = ["/launches/", "/checklists/", "/notifications/"].iter().any(|subject| path.starts_with(subject));
    plain && undoes && path.ends_with("/undo")
}

/// Stores a redirect's message in a cookie, hands it to the page that it is for, and deletes the cookie once that page
/// has shown it. A script that does not leave its page (`Prefer: return=minimal`, RFC 7240) gets 204 instead, so that
/// it takes no other redirect for success.
pub async fn carry_flash(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let names = COOKIES.map(|name| cookie::prefixed_name(&state, name));
    let waiting = names.clone().map(|name| {
        let value = cookie::read(request.headers(), &name).map(WaitingFlash::from_cookie_value);
        (name, value)
    });
    let own_address = request.uri().path_and_query().map_or("/", |address| address.as_str());
    let this = FlashRequest::new(own_address, request.headers());
    let headers = request.headers().clone();
    let minimal = headers.get("prefer").is_some_and(|prefer| prefer == "return=minimal");
    let mine = waiting.iter().filter_map(|(name, value)| Some((name, value.as_ref()?.as_ref()?)));
    let mine = mine.filter(|(_, waiting)| waiting.of.matches(&this)).min_by_key(|(_, waiting)| waiting.at);
    let mine = mine.filter(|_| request.method() == Method::GET);
    if let Some((_, waiting)) = mine {
        request.extensions_mut().insert(IncomingFlash(waiting.flash.clone()));
    }
    let mut response = next.run(request).await;
    if minimal && response.status() == StatusCode::SEE_OTHER {
        return StatusCode::NO_CONTENT.into_response();
    }
    let cookie = if let Some(OutgoingFlash(flash)) = response.extensions_mut().remove() {
        let target = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or("/");
        let of = FlashRequest::new(target, &headers);
        let name = choose_name(&waiting, &of);
        let value = WaitingFlash { of, at: state.clock.now().timestamp().as_microsecond(), flash }.to_cookie_value();
        Cookie::new(name, &value).with_max_age(MAX_AGE_SECONDS)
    } else if let Some((name, _)) = mine
        && is_html(response.headers())
    {
        Cookie::removal(name)
    } else {
        return response;
    };
    cookie.add_to(&state, response.headers_mut());
    response
}

/// A cookie that holds no notice, at random, so that two answers at the same time hardly take the same one; if all are
/// taken, that of the oldest notice. A program that does not say where it is has one notice for each page, the newest.
fn choose_name<'a>(waiting: &'a [(String, Option<Option<WaitingFlash>>); COOKIES.len()], of: &FlashRequest) -> &'a str {
    let is_replaced = |waiting: &WaitingFlash| of.referer.is_empty() && waiting.of == *of;
    let replaced = waiting.iter().find(|(_, value)| value.as_ref().and_then(Option::as_ref).is_some_and(is_replaced));
    if let Some((name, _)) = replaced {
        return name;
    }
    let free: Vec<&str> = waiting.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| name.as_str()).collect();
    let [random] = ambient::random_bytes();
    match free.as_slice() {
        [] => {
            let age = |(_, value): &&(String, Option<Option<WaitingFlash>>)| {
                value.as_ref().and_then(Option::as_ref).map_or(i64::MIN, |waiting| waiting.at)
            };
            waiting.iter().min_by_key(age).map_or(waiting[0].0.as_str(), |(name, _)| name)
        }
        free => free[usize::from(random) % free.len()],
    }
}

fn is_html(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn waiting(flash: Flash) -> WaitingFlash {
        WaitingFlash { of: FlashRequest::new("/account", &HeaderMap::new()), at: 7, flash }
    }

    #[test]
    fn flash_survives_its_cookie_and_other_values_are_rejected() {
        let undo = Some("/launches/x/events/7/undo?next=%2F".to_owned());
        for (link, undo) in [(None, None), (Some("https://signoff.example.org/invitations/x".to_owned()), undo)] {
            let text = "Änderung\ngespeichert.".to_owned();
            let flash = waiting(Flash { kind: "good", text, link, undo });
            assert_eq!(WaitingFlash::from_cookie_value(&flash.to_cookie_value()), Some(flash));
        }
        let encoded = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
        for bad in ["", "x", "****", &encoded("a\nb\nc\n7\nevil\n\n\nx"), &encoded("a\nb\nc\nx\ngood\n\n\nx")] {
            assert_eq!(WaitingFlash::from_cookie_value(bad), None, "{bad}");
        }
        assert_eq!(WaitingFlash::from_cookie_value(&BASE64_URL_SAFE_NO_PAD.encode([0xFF])), None);
    }

    #[test]
    fn flash_undo_to_another_address_is_dropped() {
        for undo in [
            "/logout",
            "//elsewhere.example/launches/x/undo",
            "/launches/../logout",
            "/launches/x/notes",
            "/checklists/x",
        ] {
            let text = "Saved.".to_owned();
            let flash = waiting(Flash { kind: "good", text, link: None, undo: Some(undo.to_owned()) });
            let read = WaitingFlash::from_cookie_value(&flash.to_cookie_value()).unwrap();
            assert_eq!(read.flash.undo, None, "{undo}");
        }
    }

    #[test]
    fn flash_request_matches_only_its_target_page_and_kind_of_request() {
        let request = |target: &str, referer: &str, destination: &str| {
            let mut headers = HeaderMap::new();
            for (name, value) in [(header::REFERER, referer), (SEC_FETCH_DEST, destination)] {
                if !value.is_empty() {
                    headers.insert(name, HeaderValue::from_str(value).unwrap());
                }
            }
            FlashRequest::new(target, &headers)
        };
        let of = request("/items/1?next=a'b#comments", "https://x/items/1", "document");
        for (target, referer, destination, is_same) in [
            ("/items/1?next=a'b", "https://x/items/1", "document", true),
            ("/items/1?next=a%27b", "https://x/items/1", "document", true),
            ("/items/1?next=a'b", "", "", true),
            ("/items/1", "https://x/items/1", "document", false),
            ("/items/2?next=a'b", "https://x/items/1", "document", false),
            ("/items/1?next=a'b", "https://x/launches/1", "document", false),
            ("/items/1?next=a'b", "https://x/items/1", "empty", false),
        ] {
            assert_eq!(of.matches(&request(target, referer, destination)), is_same, "{target} {referer} {destination}");
        }
    }
}
