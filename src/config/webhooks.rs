//! Settings of webhooks.

use std::net::IpAddr;

use ipnet::IpNet;
use url::Host;

use super::setting::{Setting, ValueRule};

/// What inside may be reached: a host by its name, or every address of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowedInside {
    Host(String),
    Network(IpNet),
}

pub(super) fn webhooks_inside() -> Setting<Vec<AllowedInside>> {
    let must = "must be a list of host names, addresses or networks, such as chat.internal, 10.1.0.0/16";
    Setting::new(
        "SIGNOFF_WEBHOOK_INSIDE",
        ValueRule::new("a list of host names, addresses or networks, separated by commas", |text| {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            parts.map(parse_inside).collect::<Option<_>>().ok_or_else(|| must.to_owned())
        }),
        "What webhooks may reach besides the public internet, and over http:// too: host names, addresses or networks, \
         separated by commas.",
    )
    .optional("none; then webhooks reach the public internet only, over https://")
    .example("chat.internal,10.1.0.0/16")
}

fn parse_inside(part: &str) -> Option<AllowedInside> {
    let network = part.parse().ok().or_else(|| part.parse::<IpAddr>().ok().map(IpNet::from));
    network.map(AllowedInside::Network).or_else(|| match Host::parse(part) {
        Ok(Host::Domain(name)) if !name.is_empty() => Some(AllowedInside::Host(name)),
        _ => None,
    })
}
