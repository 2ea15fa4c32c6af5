//! Cookies: one way to name, read and set them, so that none lacks an attribute.

use http::{HeaderMap, HeaderValue, header};

use crate::state::AppState;

/// The name of a cookie here: with the prefix `__Host-` on https, which binds it to this host alone. Plain http is
/// served on this machine only, without the prefix, since it demands `Secure`, which Safari and ordinary HTTP
/// clients would not send back there.
#[must_use]
pub fn name(state: &AppState, base: &str) -> String {
    if state.config.public_url.is_https() { format!("__Host-{base}") } else { base.to_owned() }
}

/// The value of a cookie that the browser sent.
#[must_use]
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(known, value)| (known == name).then_some(value))
}

/// A cookie to set: for the whole site, out of scripts' reach, not sent along from other sites' forms.
#[derive(Debug)]
pub struct Cookie {
    line: String,
}

impl Cookie {
    /// A cookie that lasts as long as the browser's session. The value is ASCII without separators.
    #[must_use]
    pub fn new(name: &str, value: &str) -> Self {
        Self { line: format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax") }
    }

    /// One that lasts this many seconds.
    #[must_use]
    pub fn lasting(mut self, seconds: i64) -> Self {
        self.line.push_str(&format!("; Max-Age={seconds}"));
        self
    }

    /// The cookie taken away.
    #[must_use]
    pub fn removal(name: &str) -> Self {
        Self::new(name, "").lasting(0)
    }

    /// Adds it to an answer.
    pub fn set(mut self, state: &AppState, headers: &mut HeaderMap) {
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
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; signoff=x=y"));
        headers.append(header::COOKIE, HeaderValue::from_static("b=2"));
        assert_eq!(read(&headers, "signoff"), Some("x=y"));
        assert_eq!(read(&headers, "b"), Some("2"));
        assert_eq!(read(&headers, "sign"), None);
    }
}
