//! Requests to addresses that people enter, such as those of webhooks. They can't be led to what is inside.
//!
//! A name is resolved once, and the connection goes to exactly the addresses that were checked, so that no later answer
//! of the name's server counts. Everything that is not an address of the public internet is refused, unless the operator
//! allows the host or its network (`SIGNOFF_WEBHOOK_INSIDE`). No redirect is followed, the answer is read up to a
//! kilobyte and shown to nobody, and all of it takes ten seconds at most.

mod address;

use std::{io, net::SocketAddr, pin::Pin, sync::Arc, time::Duration};

use http::HeaderMap;
use url::{Host, Url};

pub use self::address::is_public;
use crate::config::AllowedInside;

/// How long a request may take, from resolving the name to the end of the answer.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// How much of an answer is read, in bytes.
const MAX_ANSWER_BYTES: usize = 1_024;

/// Why nothing was sent, or no good answer came. Its `Display` is for operators and admins, and repeats nothing that
/// was answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutgoingError {
    #[error("the address is not one of https://")]
    Scheme,
    #[error("the address has a user name or a password, or no host")]
    Form,
    #[error("the host's name can't be resolved")]
    Unresolved,
    #[error("the address leads inside, to what SIGNOFF_WEBHOOK_INSIDE does not allow")]
    Inside,
    #[error("no connection, or it broke off")]
    Connection,
    #[error("no answer within ten seconds")]
    Timeout,
    #[error("the answer was {0}")]
    Status(u16),
}

type Resolved = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Resolves a host's name and a port.
pub type Resolver = Arc<dyn Fn(String, u16) -> Resolved + Send + Sync>;

/// Sends requests to addresses that people enter.
#[derive(Clone)]
pub struct OutgoingClient {
    allowed: Arc<[AllowedInside]>,
    resolver: Resolver,
    timeout: Duration,
}

impl OutgoingClient {
    /// A client that asks the system for addresses.
    #[must_use]
    pub fn new(allowed: &[AllowedInside]) -> Self {
        let resolver: Resolver = Arc::new(|host, port| {
            Box::pin(async move {
                let found = tokio::net::lookup_host((host.as_str(), port)).await;
                found.map(Iterator::collect::<Vec<_>>)
            })
        });
        Self::with_resolver(allowed, resolver)
    }

    /// A client that asks this resolver for addresses.
    #[must_use]
    pub fn with_resolver(allowed: &[AllowedInside], resolver: Resolver) -> Self {
        // reqwest does not choose its TLS itself: it is built as the program needs it.
        drop(rustls::crypto::ring::default_provider().install_default());
        Self { allowed: allowed.into(), resolver, timeout: REQUEST_TIMEOUT }
    }

    /// Whether a request to this address would be tried, as far as its text alone decides: for the form in which it is
    /// entered.
    ///
    /// # Errors
    /// [`OutgoingError::Scheme`], [`OutgoingError::Form`], and [`OutgoingError::Inside`] for an address without a name.
    pub fn check_address(&self, address: &Url) -> Result<(), OutgoingError> {
        let host = address.host().ok_or(OutgoingError::Form)?;
        if !address.username().is_empty() || address.password().is_some() {
            return Err(OutgoingError::Form);
        }
        let literal = match host {
            Host::Ipv4(ip) => Some(ip.into()),
            Host::Ipv6(ip) => Some(std::net::IpAddr::from(ip).to_canonical()),
            Host::Domain(_) => None,
        };
        let is_allowed_inside = self.is_allowed_host(address) || literal.is_some_and(|ip| self.is_allowed_ip(ip));
        if literal.is_some_and(|ip| !is_public(ip)) && !is_allowed_inside {
            return Err(OutgoingError::Inside);
        }
        match address.scheme() {
            "https" => Ok(()),
            // Which network a name belongs to is known when it is resolved.
            "http"
                if is_allowed_inside
                    || self.allowed.iter().any(|inside| matches!(inside, AllowedInside::Network(_))) =>
            {
                Ok(())
            }
            _ => Err(OutgoingError::Scheme),
        }
    }

    /// Sends a POST and waits for an answer that says it was accepted (2xx); returns the beginning of its body.
    ///
    /// # Errors
    /// [`OutgoingError`].
    pub async fn post(&self, address: &Url, headers: HeaderMap, body: Vec<u8>) -> Result<Vec<u8>, OutgoingError> {
        tokio::time::timeout(self.timeout, self.send(address, headers, body))
            .await
            .unwrap_or(Err(OutgoingError::Timeout))
    }

    async fn send(&self, address: &Url, headers: HeaderMap, body: Vec<u8>) -> Result<Vec<u8>, OutgoingError> {
        self.check_address(address)?;
        let to = self.resolve(address).await?;
        let host = address.host_str().ok_or(OutgoingError::Form)?;
        let client = reqwest::Client::builder()
            .resolve_to_addrs(host, &to)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(self.timeout)
            .build()
            .map_err(|_| OutgoingError::Connection)?;
        let request = client.post(address.clone()).headers(headers).body(body);
        let mut answer = request.send().await.map_err(|error| to_outgoing_error(&error))?;
        let status = answer.status();
        if !status.is_success() {
            return Err(OutgoingError::Status(status.as_u16()));
        }
        let mut beginning = Vec::new();
        while beginning.len() < MAX_ANSWER_BYTES
            && let Ok(Some(chunk)) = answer.chunk().await
        {
            let rest = MAX_ANSWER_BYTES - beginning.len();
            beginning.extend_from_slice(&chunk[..chunk.len().min(rest)]);
        }
        Ok(beginning)
    }

    /// The addresses to connect to. A name of which one address leads inside is refused as a whole.
    async fn resolve(&self, address: &Url) -> Result<Vec<SocketAddr>, OutgoingError> {
        let port = address.port_or_known_default().ok_or(OutgoingError::Form)?;
        let found = match address.host() {
            Some(Host::Domain(name)) => {
                (self.resolver)(name.to_owned(), port).await.map_err(|_| OutgoingError::Unresolved)?
            }
            Some(Host::Ipv4(ip)) => vec![(ip, port).into()],
            Some(Host::Ipv6(ip)) => vec![(ip, port).into()],
            None => return Err(OutgoingError::Form),
        };
        if found.is_empty() {
            return Err(OutgoingError::Unresolved);
        }
        let is_allowed_host = self.is_allowed_host(address);
        let mut addresses = Vec::with_capacity(found.len());
        for at in found {
            let ip = at.ip().to_canonical();
            let is_allowed_inside = is_allowed_host || self.is_allowed_ip(ip);
            if !is_public(ip) && !is_allowed_inside {
                return Err(OutgoingError::Inside);
            }
            if address.scheme() != "https" && !is_allowed_inside {
                return Err(OutgoingError::Scheme);
            }
            addresses.push(SocketAddr::new(ip, port));
        }
        Ok(addresses)
    }

    fn is_allowed_host(&self, address: &Url) -> bool {
        let host = address.host_str().unwrap_or_default();
        self.allowed.iter().any(|inside| matches!(inside, AllowedInside::Host(name) if name.eq_ignore_ascii_case(host)))
    }

    fn is_allowed_ip(&self, ip: std::net::IpAddr) -> bool {
        self.allowed.iter().any(|inside| matches!(inside, AllowedInside::Network(network) if network.contains(&ip)))
    }
}

fn to_outgoing_error(error: &reqwest::Error) -> OutgoingError {
    if error.is_timeout() { OutgoingError::Timeout } else { OutgoingError::Connection }
}

#[cfg(test)]
mod tests;
