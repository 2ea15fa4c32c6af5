//! The listening socket: connections, their time limits, and their graceful end.
//!
//! `axum::serve` sets no timer, so that hyper's limit on reading a request's head never fires (axum issue 2741);
//! here it does, and also before the first byte, which hyper-util reads without a limit to tell HTTP/1 from HTTP/2.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{Router, body::Body};
use http::Request;
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    time::{Sleep, sleep},
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::web::address::Peer;

/// The limits of time.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For the head of a request, from its connection or the end of the request before.
    pub head: Duration,
    /// For requests under way to end, once the process is asked to.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { head: Duration::from_secs(15), drain: Duration::from_secs(20) }
    }
}

/// Serves until `stop` is cancelled; then takes no more connections, lets requests under way end, and returns when
/// they have or when the limit is reached.
pub async fn serve(listener: TcpListener, app: Router, stop: CancellationToken, limits: Limits) {
    let graceful = GracefulShutdown::new();
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(limits.head).max_buf_size(64 * 1024);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(20))
        .max_concurrent_streams(200)
        .max_header_list_size(64 * 1024);
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Either that client left already, or this process has too many files open: then a pause lets some
                // be closed, and an error a pass would fill the log.
                if !matches!(error.kind(), io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted) {
                    tracing::error!(%error, "a connection can't be accepted");
                    sleep(Duration::from_millis(200)).await;
                }
                continue;
            }
        };
        let connection = connection(&builder, app.clone(), stream, peer, limits.head);
        tokio::spawn(graceful.watch(connection));
    }
    drop(listener);
    if tokio::time::timeout(limits.drain, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time and were cut off");
    }
}

/// One connection, ready to be driven.
fn connection(
    builder: &auto::Builder<TokioExecutor>,
    app: Router,
    stream: TcpStream,
    peer: SocketAddr,
    head: Duration,
) -> impl hyper_util::server::graceful::GracefulConnection<Error: Send> + Send + use<> {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection keeps its delay");
    }
    let service = app.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        request.map(Body::new)
    });
    let stream = TokioIo::new(FirstBytes::new(stream, head));
    builder.serve_connection(stream, TowerToHyperService::new(service)).into_owned()
}

/// How many bytes tell HTTP/2 from HTTP/1: the length of its preface (RFC 9113, section 3.4).
const PREFACE: usize = 24;

/// A connection whose first bytes must come in time.
struct FirstBytes {
    stream: TcpStream,
    waiting: Option<(Pin<Box<Sleep>>, usize)>,
}

impl FirstBytes {
    fn new(stream: TcpStream, limit: Duration) -> Self {
        Self { stream, waiting: Some((Box::pin(sleep(limit)), 0)) }
    }
}

impl AsyncRead for FirstBytes {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        if let Poll::Ready(done) = Pin::new(&mut self.stream).poll_read(cx, buf) {
            if let Some((_, count)) = &mut self.waiting {
                *count += buf.filled().len() - before;
                if *count >= PREFACE {
                    self.waiting = None;
                }
            }
            return Poll::Ready(done);
        }
        if let Some((deadline, _)) = &mut self.waiting {
            ready!(deadline.as_mut().poll(cx));
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Poll::Pending
    }
}

impl AsyncWrite for FirstBytes {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
