//! The address that people use.

use url::{Host, Url};

/// The address that people use: https anywhere, or plain http on this machine, and nothing after the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(Url);

impl PublicUrl {
    /// The error says what the address must be.
    pub fn new(text: &str) -> Result<Self, &'static str> {
        let url = Url::parse(text).map_err(|_| "must be an address such as https://signoff.example.org")?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err("must begin with https://, or on this machine alone http://");
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
            return Err("must end after the host and port: the site is served at the root");
        }
        let url = Self(url);
        if !url.is_https() && !url.is_loopback() {
            return Err(
                "must begin with https://: plain http is served on this machine alone (localhost, 127.0.0.1), since the session would cross the network unprotected",
            );
        }
        Ok(url)
    }

    /// Whether it is served over TLS, so that cookies are `Secure`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The scheme of the address: `http` or `https`.
    #[must_use]
    pub fn scheme(&self) -> &str {
        self.0.scheme()
    }

    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            None => false,
        }
    }

    /// The host's name or address, without the port.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The port, or the default one of the scheme.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or_default()
    }

    /// The origin as browsers send it: scheme, host, and the port unless it is the scheme's default.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// Whether a `Host` header (or HTTP/2 authority) means this site. On this machine any loopback name and port is
    /// accepted, since forwarded ports are common there; elsewhere only the configured one, so that another name made
    /// to point here (DNS rebinding) reaches nothing.
    #[must_use]
    pub fn is_own_host(&self, host: &str) -> bool {
        let Ok(requested) = Url::parse(&format!("{}://{host}", self.0.scheme())) else { return false };
        if self.is_loopback() {
            return Self(requested).is_loopback();
        }
        requested.host() == self.0.host() && requested.port_or_known_default() == self.0.port_or_known_default()
    }

    /// The full address of a path of this site.
    #[must_use]
    pub fn with_path(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_url_recognises_its_own_host() {
        let loopback_url = PublicUrl::new("http://127.0.0.1:8080").unwrap();
        for (host, ours) in [
            ("127.0.0.1:8080", true),
            ("localhost:9999", true),
            ("[::1]:8080", true),
            ("evil.example:8080", false),
            ("127.0.0.1.evil.example", false),
            ("", false),
            ("a b", false),
        ] {
            assert_eq!(loopback_url.is_own_host(host), ours, "{host}");
        }
        let site_url = PublicUrl::new("https://signoff.example.org").unwrap();
        for (host, ours) in [
            ("signoff.example.org", true),
            ("SIGNOFF.example.org:443", true),
            ("signoff.example.org:8080", false),
            ("localhost", false),
        ] {
            assert_eq!(site_url.is_own_host(host), ours, "{host}");
        }
    }
}
