//! The address that a request came from.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use axum::extract::FromRequestParts;
use http::{HeaderMap, request::Parts};
use ipnet::IpNet;

use crate::state::AppState;

/// The address of the connection's other end. The server adds it to each request.
#[derive(Debug, Clone, Copy)]
pub struct PeerAddress(pub SocketAddr);

/// The client's address: the address of the connection's other end or, behind trusted proxies, the one that they
/// report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let peer = parts.extensions.get().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |PeerAddress(peer)| peer.ip());
        Ok(Self(find_client_address(peer.to_canonical(), &parts.headers, &state.config.trusted_proxies)))
    }
}

/// Whether a trusted proxy reports the client's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForwardedByProxy(pub bool);

impl FromRequestParts<AppState> for ForwardedByProxy {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let is_trusted = parts.extensions.get().is_some_and(|PeerAddress(peer)| {
            state.config.trusted_proxies.iter().any(|network| network.contains(&peer.ip().to_canonical()))
        });
        Ok(Self(is_trusted && parts.headers.contains_key("x-forwarded-for")))
    }
}

/// Reads `X-Forwarded-For` from the right for as long as the proxy that added the entry is trusted: each proxy appends
/// the address of its client. Entries further left may have been sent by the client itself.
fn find_client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .collect();
    let mut client = peer;
    for address in forwarded.into_iter().rev() {
        if !trusted.iter().any(|network| network.contains(&client)) {
            break;
        }
        let Ok(address) = address.parse::<IpAddr>() else { break };
        client = address.to_canonical();
    }
    client
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn client_address_is_taken_from_trusted_proxies_only() {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        for (peer, forwarded, client_is) in [
            ("192.0.2.1", vec![], "192.0.2.1"),
            ("192.0.2.1", vec!["203.0.113.9"], "192.0.2.1"),
            ("10.0.0.1", vec!["203.0.113.9"], "203.0.113.9"),
            ("10.0.0.1", vec!["1.1.1.1, 203.0.113.9"], "203.0.113.9"),
            ("10.0.0.1", vec!["1.1.1.1", "203.0.113.9, 10.0.0.2"], "203.0.113.9"),
            ("10.0.0.1", vec!["nonsense"], "10.0.0.1"),
            ("10.0.0.1", vec!["203.0.113.9, nonsense"], "10.0.0.1"),
            ("10.0.0.1", vec!["::ffff:203.0.113.9"], "203.0.113.9"),
            ("10.0.0.1", vec![], "10.0.0.1"),
        ] {
            let mut headers = HeaderMap::new();
            for line in &forwarded {
                headers.append("x-forwarded-for", HeaderValue::from_static(line));
            }
            let client = find_client_address(peer.parse().unwrap(), &headers, &trusted);
            assert_eq!(client.to_string(), client_is, "{peer} {forwarded:?}");
        }
    }
}
