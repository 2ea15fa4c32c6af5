//! Settings of the addresses at which the site is, and of the server that serves it.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use ipnet::IpNet;
use url::Url;

use super::{
    public_url::PublicUrl,
    reader::SettingReader,
    setting::{Setting, ValueRule, parsed, whole_number},
};

pub(super) fn listen() -> Setting<SocketAddr> {
    Setting::new(
        "SIGNOFF_LISTEN",
        parsed("an address and port, such as 127.0.0.1:8080"),
        "Address and port on which the server listens (in compose always 0.0.0.0:8080, inside its network).",
    )
    .default("127.0.0.1:8080")
}

pub(super) fn metrics_listen() -> Setting<SocketAddr> {
    Setting::new(
        "SIGNOFF_METRICS_LISTEN",
        parsed("an address and port, such as 127.0.0.1:9184"),
        "Address and port of the metrics for Prometheus (docs/monitoring.md). Whoever reaches it may read them, so it is \
         one that only the monitoring reaches.",
    )
    .optional("no metrics are served")
    .example("127.0.0.1:9184")
}

pub(super) fn otlp_endpoint() -> Setting<Url> {
    let allowed = "an http:// or https:// address without a name, a password or a query, such as http://127.0.0.1:4318";
    Setting::new(
        "SIGNOFF_OTLP_ENDPOINT",
        ValueRule::new(allowed, move |text| {
            let url = Url::parse(text).ok().filter(|url| {
                let is_plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
                matches!(url.scheme(), "http" | "https") && is_plain
            });
            url.ok_or_else(|| format!("must be {allowed}"))
        }),
        "The OpenTelemetry collector that traces of requests are sent to, over OTLP/HTTP (docs/monitoring.md). \
         `/v1/traces` is added to the address.",
    )
    .optional("no traces are made")
    .example("http://127.0.0.1:4318")
}

/// The public address; without the setting that of the socket.
pub(super) fn read_public_url(reader: &mut SettingReader<'_>, listen: Option<SocketAddr>) -> Option<PublicUrl> {
    let name = "SIGNOFF_PUBLIC_URL";
    let setting = Setting::new(
        name,
        ValueRule::new("an https:// address, or on this machine alone http://, without a path", |text| {
            PublicUrl::new(text).map_err(str::to_owned)
        }),
        "The address in the browser: scheme, host and, if it is not the scheme's usual one, port; no path. Except for \
         this machine itself it must be https, because passwords would otherwise cross the network unencrypted.",
    )
    .optional("http:// and SIGNOFF_LISTEN (in compose: http://localhost:8080)")
    .example("https://signoff.example.org");
    let given = reader.read(setting);
    if given.is_some() || reader.is_set(name) {
        return given;
    }
    let listen = listen?;
    let host = match listen.ip() {
        ip if ip.is_unspecified() => "127.0.0.1".to_owned(),
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    };
    let url = PublicUrl::new(&format!("http://{host}:{}", listen.port()));
    if url.is_err() {
        reader.add_problem(
            name,
            "must be set when SIGNOFF_LISTEN is not on this machine alone, such as https://signoff.example.org",
        );
    }
    url.ok()
}

pub(super) fn trusted_proxies() -> Setting<Vec<IpNet>> {
    let must = "must be a list of addresses or networks, such as 127.0.0.1, 10.0.0.0/8";
    Setting::new(
        "SIGNOFF_TRUSTED_PROXIES",
        ValueRule::new("a list of addresses or networks, separated by commas", |text| {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            parts
                .map(|part| part.parse().ok().or_else(|| part.parse::<IpAddr>().ok().map(IpNet::from)))
                .collect::<Option<_>>()
                .ok_or_else(|| must.to_owned())
        }),
        "Proxies whose X-Forwarded-For is trusted: addresses or networks, separated by commas.",
    )
    .example("127.0.0.1,10.0.0.0/8")
}

/// How many seconds a stop of the server may take by default.
pub const DEFAULT_STOP_SECONDS: &str = "30";

pub(super) fn stop_time() -> Setting<Duration> {
    Setting::new(
        "SIGNOFF_STOP_SECONDS",
        whole_number(1..=3_600).map(Duration::from_secs),
        "The time in seconds that the server may take to stop. TimeoutStopSec of the unit and stop_grace_period of \
         compose have to be longer.",
    )
    .default(DEFAULT_STOP_SECONDS)
}

pub(super) fn stop_delay() -> Setting<Duration> {
    Setting::new(
        "SIGNOFF_STOP_DELAY_SECONDS",
        whole_number(0..=1_800).map(Duration::from_secs),
        "How many of these seconds, at most half, the server still serves after it is asked to stop, while /readyz says \
         503: for a proxy that asks /readyz and sends the requests to another server.",
    )
    .default("0")
}
