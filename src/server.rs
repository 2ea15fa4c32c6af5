//! The listening socket: connections, their time limits, and their graceful end.
//!
//! `axum::serve` sets no timer, so that hyper's limit on reading a request's head never fires (axum issue 2741);
//! here it does, and also before the first byte, which hyper-util reads without a limit to tell HTTP/1 from HTTP/2.

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
    open_count::{OpenCount, Opened},
    web::address::Peer,
};

/// The limits of time, and of connections.
#[derive(Debug, Clone)]
pub struct Limits {
    /// For the head of a request, from its connection or the end of the request before.
    pub head: Duration,
    /// For requests under way to end, once the process is asked to.
    pub drain: Duration,
    /// For a connection over which nothing is asked.
    pub idle: Duration,
    /// How many connections there may be.
    pub connections: usize,
    /// How many there may be from one address, but for these networks, in which proxies are.
    pub connections_per_address: usize,
    /// The networks in which proxies are.
    pub proxies: Vec<IpNet>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(15),
            drain: Duration::from_secs(20),
            idle: Duration::from_secs(60),
            connections: 10_000,
            connections_per_address: 2_000,
            proxies: Vec::new(),
        }
    }
}

/// Serves until `stop` is cancelled; then takes no more connections, lets requests under way end, and returns when
/// they have or when the limit is reached.
pub async fn serve(listener: TcpListener, app: Router, stop: CancellationToken, limits: Limits) {
    let graceful = GracefulShutdown::new();
    let seats = Seats::default();
    let cut_off = CancellationToken::new();
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
        let Some(seat) = seats.take(peer.ip(), &limits) else {
            // Closed at once. A line each would fill the log.
            tracing::debug!(%peer, "a connection is one too many");
            continue;
        };
        let connection = connection(&builder, app.clone(), (stream, peer), seat, &limits);
        let (connection, cut_off) = (graceful.watch(connection), cut_off.clone());
        tokio::spawn(async move {
            tokio::select! {
                _ = connection => {}
                () = cut_off.cancelled() => {}
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.drain, graceful.shutdown()).await.is_err() {
        // A change that is read from such a connection goes on in a task of its own, and notices that it was cut off.
        cut_off.cancel();
        tracing::warn!("some requests did not end in time and were cut off");
    }
}

/// One connection, ready to be driven.
fn connection(
    builder: &auto::Builder<TokioExecutor>,
    app: Router,
    (stream, peer): (TcpStream, SocketAddr),
    seat: Seat,
    limits: &Limits,
) -> impl hyper_util::server::graceful::GracefulConnection<Error: Send> + Send + use<> {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection keeps its delay");
    }
    let activity = Activity::default();
    let asked = activity.clone();
    let service = tower::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        let under_way = asked.begin();
        let answer = app.clone().oneshot(request.map(Body::new));
        async move {
            let answer = answer.await?;
            Ok::<_, Infallible>(answer.map(|body| Body::new(Tracked { body, _under_way: under_way })))
        }
    });
    let stream = TokioIo::new(Watched::new(stream, limits, activity, seat));
    builder.serve_connection(stream, TowerToHyperService::new(service)).into_owned()
}

/// What counts connections.
#[derive(Debug, Default)]
struct Seats {
    all: OpenCount<()>,
    of_address: OpenCount<IpAddr>,
}

/// One connection's place among those there may be.
struct Seat {
    _of_all: Opened<()>,
    _of_address: Option<Opened<IpAddr>>,
}

impl Seats {
    fn take(&self, from: IpAddr, limits: &Limits) -> Option<Seat> {
        let of_all = self.all.open((), limits.connections)?;
        let from = from.to_canonical();
        let of_address = if limits.proxies.iter().any(|network| network.contains(&from)) {
            None
        } else {
            Some(self.of_address.open(network(from), limits.connections_per_address)?)
        };
        Some(Seat { _of_all: of_all, _of_address: of_address })
    }
}

/// An IPv6 client has a whole /64 to itself, and could come from another address each time.
fn network(from: IpAddr) -> IpAddr {
    match from {
        IpAddr::V4(_) => from,
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64)),
    }
}

/// What is asked over a connection: how many requests are under way, and when the last of them ended.
#[derive(Debug, Clone)]
struct Activity(Arc<Mutex<(usize, Instant)>>);

impl Default for Activity {
    fn default() -> Self {
        Self(Arc::new(Mutex::new((0, ambient::instant()))))
    }
}

impl Activity {
    fn lock(&self) -> MutexGuard<'_, (usize, Instant)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self) -> UnderWay {
        self.lock().0 += 1;
        UnderWay(self.clone())
    }

    /// Since when nothing is asked; nothing while something is.
    fn idle_since(&self) -> Option<Instant> {
        let (under_way, since) = *self.lock();
        (under_way == 0).then_some(since)
    }
}

/// A request that is under way until this is dropped.
struct UnderWay(Activity);

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut activity = self.0.lock();
        *activity = (activity.0 - 1, ambient::instant());
    }
}

/// The body of an answer, with which its request ends.
struct Tracked {
    body: Body,
    _under_way: UnderWay,
}

impl HttpBody for Tracked {
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

/// How many bytes tell HTTP/2 from HTTP/1: the length of its preface (RFC 9113, section 3.4).
const PREFACE: usize = 24;

/// A connection whose first bytes must come in time, and that ends when nothing is asked over it for long: an HTTP/2
/// client could keep it open for ever by answering pings.
struct Watched {
    stream: TcpStream,
    /// How many bytes have come, while it matters.
    first: Option<usize>,
    alarm: Pin<Box<Sleep>>,
    idle: Duration,
    activity: Activity,
    _seat: Seat,
}

impl Watched {
    fn new(stream: TcpStream, limits: &Limits, activity: Activity, seat: Seat) -> Self {
        let alarm = Box::pin(sleep(limits.head));
        Self { stream, first: Some(0), alarm, idle: limits.idle, activity, _seat: seat }
    }

    /// Whether the limit of time is reached; otherwise one is woken when it may be.
    fn is_late(&mut self, cx: &mut Context<'_>) -> bool {
        loop {
            if self.alarm.as_mut().poll(cx).is_pending() {
                return false;
            }
            if self.first.is_some() {
                return true;
            }
            let now = ambient::instant();
            let until = self.activity.idle_since().unwrap_or(now) + self.idle;
            if until <= now {
                return true;
            }
            self.alarm.as_mut().reset(until);
        }
    }
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buf.filled().len();
        if let Poll::Ready(done) = Pin::new(&mut this.stream).poll_read(cx, buf) {
            if let Some(count) = &mut this.first {
                *count += buf.filled().len() - before;
                if *count >= PREFACE {
                    this.first = None;
                    this.alarm.as_mut().reset(ambient::instant() + this.idle);
                }
            }
            return Poll::Ready(done);
        }
        if this.is_late(cx) { Poll::Ready(Err(io::ErrorKind::TimedOut.into())) } else { Poll::Pending }
    }
}

impl AsyncWrite for Watched {
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
