//! Which addresses belong to the public internet.

use std::{net::IpAddr, sync::LazyLock};

use ipnet::IpNet;

/// What is no address of a host on the public internet (the registries of IANA for special purposes, RFC 6890), and
/// addresses at which the machines of a provider find their secrets.
const NOT_PUBLIC: [&str; 22] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    // Multicast, what is reserved, and broadcast.
    "224.0.0.0/3",
    // The wire server of Azure.
    "168.63.129.16/32",
    // Teredo and other protocols, documentation, and 6to4, which has an address of IPv4 in it.
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
    // Direct delegation of the servers of blackholes.
    "2620:4f:8000::/48",
    "192.31.196.0/24",
    "192.175.48.0/24",
];

/// Everything else of IPv6 is loopback, local, multicast, or translated to IPv4 (`64:ff9b::/96` and its like).
const PUBLIC_IPV6: &str = "2000::/3";

static NETWORKS: LazyLock<(Vec<IpNet>, Option<IpNet>)> =
    LazyLock::new(|| (NOT_PUBLIC.iter().filter_map(|text| text.parse().ok()).collect(), PUBLIC_IPV6.parse().ok()));

/// Whether this is an address of the public internet. An address of IPv4 that is written as one of IPv6 counts as itself.
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    let ip = ip.to_canonical();
    let (not_public, ipv6) = &*NETWORKS;
    let is_global = ip.is_ipv4() || ipv6.is_some_and(|network| network.contains(&ip));
    is_global && !not_public.iter().any(|network| network.contains(&ip))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_public_internet_are_public() {
        assert_eq!((NETWORKS.0.len(), NETWORKS.1.is_some()), (NOT_PUBLIC.len(), true), "each network is understood");
        for inside in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.31.0.1",
            "192.0.0.192",
            "192.168.1.1",
            "198.19.0.1",
            "224.0.0.1",
            "239.255.255.255",
            "255.255.255.255",
            "168.63.129.16",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "64:ff9b:1::a00:1",
            "2002:7f00:1::",
            "2001:0:7f00:1::",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "ff02::1",
            "2001:db8::1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for public in ["1.1.1.1", "100.63.0.1", "172.32.0.1", "192.1.0.1", "::ffff:9.9.9.9", "2606:4700::1111"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }
}
