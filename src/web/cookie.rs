//! Cookies: one way to name, read and set them, so that no cookie lacks an attribute.
//!
//! `axum-extra` has cookie jars, but every cookie would still need the same attributes and the name that depends on the
//! public address; the values here are tokens and base64, which need no encoding.

use http::{HeaderMap, HeaderValue, header};

use crate::state::AppState;

/// The full name of a cookie. On https it has the prefix `__Host-`, which binds the cookie to this host alone. Plain
/// http is served on this machine only and has no prefix: the prefix requires `Secure`, and Safari and ordinary HTTP
/// clients would not send such a cookie back over http.
#[must_use]
pub fn prefixed_name(state: &AppState, base: &str) -> String {
    if state.config.public_url.is_https() { format!("__Host-{base}") } else { base.to_owned() }
}

#[must_use]
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(cookie_name, value)| (cookie_name == name).then_some(value))
}

/// A cookie to set: for the whole site, not readable by scripts (`HttpOnly`), not sent with other sites' forms
/// (`SameSite=Lax`).
#[derive(Debug)]
pub struct Cookie {
    line: String,
}

impl Cookie {
    /// A cookie that lasts as long as the browser's session. `value` is ASCII without separators.
    #[must_use]
    pub fn new(name: &str, value: &str) -> Self {
        Self { line: format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax") }
    }

    #[must_use]
    pub fn with_max_age(mut self, seconds: i64) -> Self {
        self.line.push_str(&format!("; Max-Age={seconds}"));
        self
    }

    /// A cookie that deletes the browser's cookie of this name.
    #[must_use]
    pub fn removal(name: &str) -> Self {
        Self::new(name, "").with_max_age(0)
    }

    pub fn add_to(mut self, state: &AppState, headers: &mut HeaderMap) {
        if state.config.public_url.is_https() {
            self.line.push_str("; Secure");
        }
        match HeaderValue::from_str(&self.line) {
            Ok(value) => {
                headers.append(header::SET_COOKIE, value);
            }
            Err(_) => tracing::error!("a cookie's value was not ASCII; it is not set"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookie_is_read_from_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; signoff=x=y"));
        headers.append(header::COOKIE, HeaderValue::from_static("b=2"));
        assert_eq!(read(&headers, "signoff"), Some("x=y"));
        assert_eq!(read(&headers, "b"), Some("2"));
        assert_eq!(read(&headers, "sign"), None);
    }
}
