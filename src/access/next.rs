//! Where to go after signing in: only ever to a path of this site.

use url::Url;

/// A path of this site, with its query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next(String);

impl Next {
    /// The start page.
    #[must_use]
    pub fn home() -> Self {
        Self("/".to_owned())
    }

    /// Takes a path if that is what it is to a browser too: resolved against some site, it stays on that site. What
    /// it resolves to is kept, so that nothing is left to be read in two ways.
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
        let there = site.join(sent).ok()?;
        let path = &there[url::Position::BeforePath..];
        // `/.//elsewhere` resolves to a path that begins with two slashes, which by itself names another host.
        let stays = there.origin() == site.origin() && !path.starts_with("//");
        // Back to signing in or out would go in a circle.
        let circle = matches!(there.path(), "/login" | "/logout");
        (stays && !circle).then(|| Self(path.to_owned()))
    }

    /// The path.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0
    }

    /// The address of the page to sign in at, which leads here afterwards.
    #[must_use]
    pub fn login(&self) -> String {
        self.after("/login")
    }

    /// The address of a page that leads here afterwards.
    #[must_use]
    pub fn after(&self, page: &str) -> String {
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
    fn only_paths_of_this_site_are_taken() {
        for good in ["/", "/launches", "/launches?state=open&q=%C3%A9", "/items/1#comments"] {
            assert_eq!(Next::new(good).path(), good);
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
            assert_eq!(Next::new(bad), Next::home(), "{bad:?}");
        }
    }

    #[test]
    fn the_way_back_survives_signing_in() {
        assert_eq!(Next::new("/a?b=c&d=e").login(), "/login?next=%2Fa%3Fb%3Dc%26d%3De");
        assert_eq!(Next::home().login(), "/login");
    }
}
