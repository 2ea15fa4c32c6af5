//! One request to the public address, with the certificates of this machine. It is written by hand, as that of
//! `signoff healthcheck` is: the program has no HTTP client, so that the server fetches nothing.

use std::{net::IpAddr, sync::Arc, time::Duration};

use anyhow::{Context as _, anyhow, bail};
use http::StatusCode;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};

use crate::config::PublicUrl;

/// Time limit for a connection, and for the head of an answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The longest head of an answer that is read.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// The head of an answer, and the rest of its connection.
pub(super) struct HttpAnswer {
    pub(super) status: StatusCode,
    headers: Vec<(String, String)>,
    /// This machine's address in the connection.
    pub(super) local_address: IpAddr,
    body: Box<dyn AsyncRead + Send + Unpin>,
}

impl HttpAnswer {
    /// The values of a header, whose name is in small letters.
    pub(super) fn header_values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a part of the body arrives in this time.
    pub(super) async fn has_body_within(&mut self, limit: Duration) -> bool {
        matches!(timeout(limit, self.body.read_u8()).await, Ok(Ok(_)))
    }
}

/// A connection of either kind.
trait ByteStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> ByteStream for S {}

/// Asks for a path of the site, with more headers.
///
/// # Errors
/// With the cause, in words.
pub(super) async fn get(url: &PublicUrl, path: &str, headers: &[(&str, &str)]) -> anyhow::Result<HttpAnswer> {
    let host = url.host().trim_start_matches('[').trim_end_matches(']').to_owned();
    let tcp = timeout(TIMEOUT, TcpStream::connect((host.as_str(), url.port())))
        .await
        .context("no connection in time")?
        .context("no connection")?;
    let local_address = tcp.local_addr()?.ip().to_canonical();
    let origin = url.origin();
    let authority = origin.split_once("://").map_or("", |(_, authority)| authority);
    let more: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n{more}\r\n");
    let answered = async {
        let mut stream: Box<dyn ByteStream> = if url.is_https() {
            let name = ServerName::try_from(host).context("no name for a certificate")?;
            let tls = TlsConnector::from(Arc::new(tls_settings()?)).connect(name, tcp).await;
            Box::new(tls.context("TLS failed")?)
        } else {
            Box::new(tcp)
        };
        stream.write_all(request.as_bytes()).await?;
        let head = read_head(&mut stream).await?;
        anyhow::Ok((head, stream))
    };
    let (head, stream) = timeout(TIMEOUT, answered).await.context("no answer in time")??;
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
    let status = status.context("the answer is not HTTP")?;
    let headers = lines.filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
    Ok(HttpAnswer { status, headers, local_address, body: Box::new(stream) })
}

/// Reads up to the empty line, and nothing of the body.
async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> anyhow::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() == MAX_HEAD_BYTES {
            bail!("the head of the answer does not end");
        }
        head.push(stream.read_u8().await.context("the answer broke off")?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

fn tls_settings() -> anyhow::Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        bail!("this machine has no certificates to compare with (package ca-certificates)");
    }
    let settings = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| anyhow!(error))?;
    Ok(settings.with_root_certificates(roots).with_no_client_auth())
}
