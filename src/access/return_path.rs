//! The address to which a person returns after signing in: always a path of this site.

use url::Url;

/// A path of this site, with its query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnPath(String);

impl ReturnPath {
    #[must_use]
    pub fn home() -> Self {
        Self("/".to_owned())
    }

    /// Accepts a path if browsers treat it as one too: resolved against a site, it must stay on that site. The resolved
    /// form is stored, so that there is only one way to read it.
    #[must_use]
    pub fn new(sent: &str) -> Self {
        Self::parse(sent).unwrap_or_else(Self::home)
    }

    fn parse(sent: &str) -> Option<Self> {
        let plain = sent.starts_with('/') && !sent.contains('\\') && !sent.chars().any(char::is_control);
        if !plain || sent.len() > 2_000 {
            return None;
        }
        let site = Url::parse("https://signoff.invalid").ok()?;
        let resolved = site.join(sent).ok()?;
        let path = &resolved[url::Position::BeforePath..];
        // `/.//elsewhere` resolves to a path that begins with two slashes; alone, such a path names another host.
        let stays = resolved.origin() == site.origin() && !path.starts_with("//");
        // Returning to sign-in or sign-out would be a loop.
        let circle = matches!(resolved.path(), "/login" | "/logout");
        (stays && !circle).then(|| Self(path.to_owned()))
    }

    #[must_use]
    pub fn path(&self) -> &str {
        &self.0
    }

    /// The same path with a parameter; the same path alone if that would be too long.
    #[must_use]
    pub fn with_parameter(self, name: &str, value: &str) -> Self {
        let joint = if self.0.contains('?') { '&' } else { '?' };
        let value: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        Self::parse(&format!("{}{joint}{name}={value}", self.0)).unwrap_or(self)
    }

    /// The address of the sign-in page, which redirects here afterwards.
    #[must_use]
    pub fn login_address(&self) -> String {
        self.append_to("/login")
    }

    /// The address of a page that redirects here afterwards.
    #[must_use]
    pub fn append_to(&self, page: &str) -> String {
        if self.0 == "/" {
            return page.to_owned();
        }
        let next: String = url::form_urlencoded::byte_serialize(self.0.as_bytes()).collect();
        format!("{page}?next={next}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn return_path_to_another_site_becomes_home() {
        for good in ["/", "/launches", "/launches?state=open&q=%C3%A9", "/items/1#comments"] {
            assert_eq!(ReturnPath::new(good).path(), good);
        }
        for bad in [
            "",
            "launches",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "https://evil.example",
            "https:evil.example",
            "javascript:alert(1)",
            "/.//evil.example",
            "/a/..//evil.example",
            "/%2e//evil.example",
            " //evil.example",
            "/\n/evil.example",
            "/login",
            "/logout?x",
            "@evil.example",
        ] {
            assert_eq!(ReturnPath::new(bad), ReturnPath::home(), "{bad:?}");
        }
    }

    #[test]
    fn return_path_login_address_carries_the_path() {
        assert_eq!(ReturnPath::new("/a?b=c&d=e").login_address(), "/login?next=%2Fa%3Fb%3Dc%26d%3De");
        assert_eq!(ReturnPath::home().login_address(), "/login");
    }
}
