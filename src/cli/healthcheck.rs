//! `signoff healthcheck`

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use anyhow::{Context as _, bail};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::config::Config;

pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    tokio::time::timeout(Duration::from_secs(5), request_health(local_address(config.listen)))
        .await
        .context("no answer in time")?
}

/// The address at which this machine reaches a server that listens on `listen`.
pub(super) fn local_address(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

/// One small request, written by hand: an HTTP client would be the largest part of the program.
async fn request_health(address: SocketAddr) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect(address).await.with_context(|| format!("nothing listens on {address}"))?;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
    let mut answer = Vec::new();
    stream.take(4_096).read_to_end(&mut answer).await?;
    if !answer.starts_with(b"HTTP/1.1 200 ") {
        bail!("the server on {address} does not say that it lives");
    }
    Ok(())
}
