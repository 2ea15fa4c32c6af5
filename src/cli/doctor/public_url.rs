//! Checks of the public address, as a browser reaches it: through the proxy, if there is one.
//!
//! The server recognises the request of this command by a token that it finds in Redis. It then says which client
//! address it sees, and streams: a proxy that collects answers holds the stream back.

use std::{net::IpAddr, time::Duration};

use http::StatusCode;
use redis::cmd;

use super::{
    http_client::{self, HttpAnswer},
    report::DoctorReport,
};
use crate::{
    ambient,
    cli::healthcheck::local_address,
    config::Config,
    redis::Redis,
    web::doctor_probe::{CLIENT_ADDRESS_HEADER, FORWARDED_HEADER, PROBED_PATH, TOKEN_HEADER, token_key},
};

/// How long the first part of a stream may take. The server holds the rest back for longer.
const FIRST_PART_TIMEOUT: Duration = Duration::from_secs(4);

/// An address of the documentation (RFC 5737), which is no client's.
const CLAIMED_ADDRESS: &str = "192.0.2.77";

/// Headers that every page has, once each.
const SECURITY_HEADERS: [&str; 4] =
    ["content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy"];

pub(super) async fn check(config: &Config, redis: Option<&Redis>, report: &mut DoctorReport) {
    let check = "public address";
    let url = &config.public_url;
    match http_client::get(url, "/login", &[]).await {
        Err(error) => {
            let local = local_address(config.listen);
            let why = format!("{} can't be reached: {error:#}", url.origin());
            if tokio::net::TcpStream::connect(local).await.is_err() {
                report.warn(
                    check,
                    format!("{why}. Nothing listens on {local} either"),
                    "Start the server, and run this again.",
                );
            } else {
                report.fail(
                    check,
                    format!("{why}. The server listens on {local}"),
                    "See to the proxy, its certificate, the name in the DNS and the firewall.",
                );
            }
            return;
        }
        Ok(answer) if !check_page(config, &answer, report) => return,
        Ok(_) => {}
    }
    if let Some(redis) = redis {
        check_proxy(config, redis, report).await;
    }
}

/// Whether the page is the server's.
fn check_page(config: &Config, answer: &HttpAnswer, report: &mut DoctorReport) -> bool {
    let check = "public address";
    let status = answer.status;
    let origin = config.public_url.origin();
    match status {
        StatusCode::OK => report.ok(check, format!("{origin} shows the page to sign in")),
        StatusCode::MISDIRECTED_REQUEST => report.fail(
            check,
            format!("{origin} is answered with 421: the proxy passes another Host on"),
            "Let the proxy pass the Host header on as it came, with the port (nginx: proxy_set_header Host $http_host).",
        ),
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => report.fail(
            check,
            format!("{origin} is answered with {status}"),
            "Does the server run, and does the proxy pass requests to SIGNOFF_LISTEN?",
        ),
        _ => report.fail(
            check,
            format!("{origin} is answered with {status}"),
            "Does the proxy pass requests to this server, without a redirect or a login of its own?",
        ),
    }
    if status != StatusCode::OK {
        return false;
    }
    let transport = config.public_url.is_https().then_some("strict-transport-security");
    let wrong: Vec<&str> =
        SECURITY_HEADERS.into_iter().chain(transport).filter(|name| answer.header_values(name).count() != 1).collect();
    if wrong.is_empty() {
        report.ok("security headers", "each arrives once");
    } else {
        report.fail(
            "security headers",
            format!("missing, or twice: {}", wrong.join(", ")),
            "Let the proxy neither remove nor add these headers.",
        );
    }
    true
}

async fn check_proxy(config: &Config, redis: &Redis, report: &mut DoctorReport) {
    let token = hex::encode(ambient::random_bytes::<16>());
    let key = redis.key(token_key(&token));
    let known: Result<(), _> = redis.run(cmd("SET").arg(&key).arg(1).arg("EX").arg(60)).await;
    let headers = [("x-forwarded-for", CLAIMED_ADDRESS), (TOKEN_HEADER, token.as_str())];
    let answered = match known {
        Ok(()) => http_client::get(&config.public_url, PROBED_PATH, &headers).await,
        Err(error) => Err(error.into()),
    };
    match answered {
        Ok(mut answer) => {
            if !check_client_address(config, &answer, report) {
                // The answer is not the one that streams.
            } else if answer.has_body_within(FIRST_PART_TIMEOUT).await {
                report.ok("live pages", "a stream arrives as it is sent");
            } else {
                report.warn(
                    "live pages",
                    "a stream arrives late: the proxy collects answers before it passes them on",
                    "Switch that off for event streams (nginx: proxy_buffering off).",
                );
            }
        }
        Err(error) => report.warn("proxy", format!("it can't be checked: {error:#}"), "Run this again."),
    }
    // The server ends the stream when the token is gone.
    drop(redis.run::<()>(cmd("DEL").arg(&key)).await);
}

/// Whether the server sees the client's address: not the proxy's, and not one that the client claims. Returns whether the
/// server knew the token.
fn check_client_address(config: &Config, answer: &HttpAnswer, report: &mut DoctorReport) -> bool {
    let check = "client address";
    let text = |name| answer.header_values(name).next();
    let Some(seen) = text(CLIENT_ADDRESS_HEADER).and_then(|text| text.parse::<IpAddr>().ok()) else {
        report.fail(
            check,
            "the server at the public address does not know this installation's Redis",
            "Do SIGNOFF_PUBLIC_URL and REDIS_URL belong to one installation? Is the server of the same version?",
        );
        return false;
    };
    let ours = answer.local_address;
    let is_trusted = |address: IpAddr| config.trusted_proxies.iter().any(|network| network.contains(&address));
    if seen.to_string() == CLAIMED_ADDRESS && !is_trusted(ours) {
        report.fail(
            check,
            "the server believes an address that a client claims",
            "Let the proxy replace X-Forwarded-For (nginx: proxy_set_header X-Forwarded-For $remote_addr), and SIGNOFF_TRUSTED_PROXIES \
             have its address alone.",
        );
    } else if config.public_url.is_https() && text(FORWARDED_HEADER) != Some("yes") {
        report.fail(
            check,
            format!("the server sees the address of the proxy, {seen}, for everybody"),
            "Let the proxy set X-Forwarded-For, and write its address into SIGNOFF_TRUSTED_PROXIES.",
        );
    } else if seen.to_string() == CLAIMED_ADDRESS {
        report.ok(check, "it can't be seen from a machine that is a trusted proxy itself");
    } else {
        report.ok(check, format!("the server sees {seen}"));
    }
    true
}
