//! The listening socket: connections, their time limits, and the graceful stop.
//!
//! `axum::serve` sets no timer, so hyper's time limit for reading a request's head is never applied (axum issue 2741).
//! It is applied here, and also before the first byte, which hyper-util reads without a limit to distinguish HTTP/1
//! from HTTP/2.

use std::{
    convert::Infallible,
    io,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, HttpBody},
};
use bytes::Bytes;
use http::Request;
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use ipnet::IpNet;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    time::{Instant, Sleep, sleep},
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::{
    ambient,
    open_count::{OpenCount, OpenGuard},
    web::client_address::PeerAddress,
};

/// Limits of time and of connections.
#[derive(Debug, Clone)]
pub struct ServerLimits {
    /// For the head of a request, from the connection or the end of the previous request.
    pub head_timeout: Duration,
    /// For running requests, once the process is asked to stop.
    pub drain_timeout: Duration,
    /// For a connection without requests.
    pub idle_timeout: Duration,
    /// Maximum connections in all.
    pub connections: usize,
    /// Maximum connections from one address, except from the networks in `proxies`.
    pub connections_per_address: usize,
    pub proxies: Vec<IpNet>,
}

impl Default for ServerLimits {
    fn default() -> Self {
        Self {
            head_timeout: Duration::from_secs(15),
            drain_timeout: Duration::from_secs(20),
            idle_timeout: Duration::from_secs(60),
            connections: 10_000,
            connections_per_address: 2_000,
            proxies: Vec::new(),
        }
    }
}

/// Serves until `stop` is cancelled. Then it accepts no more connections, and returns when running requests have ended
/// or the time limit is reached.
pub async fn serve(listener: TcpListener, app: Router, stop: CancellationToken, limits: ServerLimits) {
    let graceful = GracefulShutdown::new();
    let seats = ConnectionCounts::default();
    let cut_off = CancellationToken::new();
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(limits.head_timeout).max_buf_size(64 * 1024);
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
                // Either the client has left already, or this process has too many open files. In that case a pause
                // lets some close, and prevents an error per loop from filling the log.
                if !matches!(error.kind(), io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted) {
                    tracing::error!(%error, "a connection can't be accepted");
                    sleep(Duration::from_millis(200)).await;
                }
                continue;
            }
        };
        let Some(seat) = seats.acquire(peer.ip(), &limits) else {
            // Closed at once. A log line for each would fill the log.
            tracing::debug!(%peer, "a connection is one too many");
            continue;
        };
        let connection = serve_connection(&builder, app.clone(), (stream, peer), seat, &limits);
        let (connection, cut_off) = (graceful.watch(connection), cut_off.clone());
        tokio::spawn(async move {
            tokio::select! {
                _ = connection => {}
                () = cut_off.cancelled() => {}
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.drain_timeout, graceful.shutdown()).await.is_err() {
        // A change that reads from such a connection continues in a task of its own, and notices that the connection
        // was closed.
        cut_off.cancel();
        tracing::warn!("some requests did not end in time and were cut off");
    }
}

fn serve_connection(
    builder: &auto::Builder<TokioExecutor>,
    app: Router,
    (stream, peer): (TcpStream, SocketAddr),
    seat: ConnectionSlot,
    limits: &ServerLimits,
) -> impl hyper_util::server::graceful::GracefulConnection<Error: Send> + Send + use<> {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection keeps its delay");
    }
    let activity = ConnectionActivity::default();
    let service_activity = activity.clone();
    let service = tower::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(PeerAddress(peer));
        let under_way = service_activity.begin_request();
        let answer = app.clone().oneshot(request.map(Body::new));
        async move {
            let answer = answer.await?;
            Ok::<_, Infallible>(answer.map(|body| Body::new(TrackedBody { body, _under_way: under_way })))
        }
    });
    let stream = TokioIo::new(TimedStream::new(stream, limits, activity, seat));
    builder.serve_connection(stream, TowerToHyperService::new(service)).into_owned()
}

#[derive(Debug, Default)]
struct ConnectionCounts {
    all: OpenCount<()>,
    of_address: OpenCount<IpAddr>,
}

/// Counts a connection, in total and for its address, until it is dropped.
struct ConnectionSlot {
    _of_all: OpenGuard<()>,
    _of_address: Option<OpenGuard<IpAddr>>,
}

impl ConnectionCounts {
    fn acquire(&self, from: IpAddr, limits: &ServerLimits) -> Option<ConnectionSlot> {
        let of_all = self.all.open((), limits.connections)?;
        let from = from.to_canonical();
        let of_address = if limits.proxies.iter().any(|network| network.contains(&from)) {
            None
        } else {
            Some(self.of_address.open(to_network(from), limits.connections_per_address)?)
        };
        Some(ConnectionSlot { _of_all: of_all, _of_address: of_address })
    }
}

/// An IPv6 client has a whole /64 network, and could use another address each time.
fn to_network(from: IpAddr) -> IpAddr {
    match from {
        IpAddr::V4(_) => from,
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64)),
    }
}

/// The requests of a connection: how many are running, and when the last one ended.
#[derive(Debug, Clone)]
struct ConnectionActivity(Arc<Mutex<(usize, Instant)>>);

impl Default for ConnectionActivity {
    fn default() -> Self {
        Self(Arc::new(Mutex::new((0, ambient::monotonic_now()))))
    }
}

impl ConnectionActivity {
    fn lock(&self) -> MutexGuard<'_, (usize, Instant)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin_request(&self) -> RequestGuard {
        self.lock().0 += 1;
        RequestGuard(self.clone())
    }

    /// Since when no request is running; `None` while one is.
    fn idle_since(&self) -> Option<Instant> {
        let (under_way, since) = *self.lock();
        (under_way == 0).then_some(since)
    }
}

/// A request that runs until this is dropped.
struct RequestGuard(ConnectionActivity);

impl Drop for RequestGuard {
    fn drop(&mut self) {
        let mut activity = self.0.lock();
        *activity = (activity.0 - 1, ambient::monotonic_now());
    }
}

/// The body of a response; the request ends with it.
struct TrackedBody {
    body: Body,
    _under_way: RequestGuard,
}

impl HttpBody for TrackedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        self.body.size_hint()
    }
}

/// Bytes needed to distinguish HTTP/2 from HTTP/1: the length of its preface (RFC 9113, section 3.4).
const PREFACE_BYTES: usize = 24;

/// A connection whose first bytes must arrive in time, and that is closed when it has no requests for long: an HTTP/2
/// client could keep it open for ever by answering pings.
struct TimedStream {
    stream: TcpStream,
    /// Bytes received so far; `None` once the preface has arrived.
    preface_received: Option<usize>,
    deadline: Pin<Box<Sleep>>,
    idle: Duration,
    activity: ConnectionActivity,
    _seat: ConnectionSlot,
}

impl TimedStream {
    fn new(stream: TcpStream, limits: &ServerLimits, activity: ConnectionActivity, seat: ConnectionSlot) -> Self {
        let alarm = Box::pin(sleep(limits.head_timeout));
        Self { stream, preface_received: Some(0), deadline: alarm, idle: limits.idle_timeout, activity, _seat: seat }
    }

    /// Whether the time limit is reached; otherwise the task is woken when it may be.
    fn is_late(&mut self, cx: &mut Context<'_>) -> bool {
        loop {
            if self.deadline.as_mut().poll(cx).is_pending() {
                return false;
            }
            if self.preface_received.is_some() {
                return true;
            }
            let now = ambient::monotonic_now();
            let until = self.activity.idle_since().unwrap_or(now) + self.idle;
            if until <= now {
                return true;
            }
            self.deadline.as_mut().reset(until);
        }
    }
}

impl AsyncRead for TimedStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buf.filled().len();
        if let Poll::Ready(done) = Pin::new(&mut this.stream).poll_read(cx, buf) {
            if let Some(count) = &mut this.preface_received {
                *count += buf.filled().len() - before;
                if *count >= PREFACE_BYTES {
                    this.preface_received = None;
                    this.deadline.as_mut().reset(ambient::monotonic_now() + this.idle);
                }
            }
            return Poll::Ready(done);
        }
        if this.is_late(cx) { Poll::Ready(Err(io::ErrorKind::TimedOut.into())) } else { Poll::Pending }
    }
}

impl AsyncWrite for TimedStream {
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
