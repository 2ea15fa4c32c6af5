//! A guard in front of the parser of forms with files (`multipart/form-data`, RFC 7578).
//!
//! `multer`, with which axum reads such forms, limits neither the headers of parts nor the bytes before the first part,
//! and scans a whole header again with each piece that arrives: 128 MB of header took 15 s of CPU. The guard sees the
//! bytes before `multer` does. It follows the same grammar, bounds everything but the content of parts, and passes a
//! header on only when it is complete. So the cost is proportional to the bytes, whatever pieces they arrive in.

use std::{
    error::Error as StdError,
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use futures_util::Stream;
use memchr::memmem::{Finder, find};
use tokio::time::{Instant, Sleep, sleep};

use crate::ambient;

/// Maximum bytes of the headers of one part.
pub const MAX_HEAD_BYTES: usize = 16 * 1024;

/// Maximum bytes of the headers of all parts.
pub const MAX_HEADS_BYTES: usize = 64 * 1024;

pub const MAX_PARTS: usize = 100;

/// Maximum bytes before the first part. Browsers send none.
const MAX_PREAMBLE_BYTES: usize = 1024;

/// Maximum blanks after a boundary.
const MAX_PADDING: usize = 64;

/// Maximum characters of a boundary (RFC 2046, section 5.1.1).
pub const MAX_BOUNDARY: usize = 70;

/// How many bytes are passed on before the stream yields, so that the reader can write them: `multer` buffers
/// everything that is available before it returns any of it.
const YIELD_AFTER_BYTES: usize = 256 * 1024;

/// The time window over which a sender's rate is measured. Only the time spent waiting for the sender counts.
const RATE_WINDOW: Duration = Duration::from_secs(30);

/// Minimum bytes in a window: 1 kB per second.
const MIN_WINDOW_BYTES: usize = 30_000;

/// Why the reading of a form stopped.
#[derive(Debug)]
pub enum MultipartRefusal {
    /// The form is longer than the limit.
    TooLarge {
        /// Maximum number of bytes.
        limit: u64,
    },
    TooSlow,
    /// The connection broke off.
    Broken(Box<dyn StdError + Send + Sync>),
}

impl fmt::Display for MultipartRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge { .. } => "the form is too large",
            Self::TooSlow => "the form arrives too slowly",
            Self::Broken(_) => "the form stopped arriving",
        })
    }
}

impl StdError for MultipartRefusal {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Broken(error) => Some(error.as_ref()),
            Self::TooLarge { .. } | Self::TooSlow => None,
        }
    }
}

/// A header, the number of parts, or the bytes between them are not as a browser sends them.
#[derive(Debug)]
struct MalformedMultipart;

/// Position in the grammar at the first byte that was not passed on.
#[derive(Debug, Clone, Copy)]
enum MultipartState {
    /// Before the first boundary.
    Preamble,
    /// After a boundary: the end of the form or of the line follows.
    Boundary,
    /// The headers of a part, with the number of bytes already scanned.
    Head(usize),
    Content,
    /// After the last boundary.
    Epilogue,
}

/// Measures how fast a form arrives.
#[derive(Debug)]
struct ArrivalRate {
    window: Duration,
    /// Bytes received in this window.
    bytes: usize,
    /// Time spent waiting in this window.
    waited: Duration,
    /// Start of the current wait.
    waiting_since: Option<Instant>,
    /// Timer that ends the wait.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl ArrivalRate {
    const fn new(window: Duration) -> Self {
        Self { window, bytes: 0, waited: Duration::ZERO, waiting_since: None, deadline: None }
    }

    /// Ends the wait. Returns whether the sender has been too slow.
    fn stop_waiting(&mut self) -> bool {
        if let Some(since) = self.waiting_since.take() {
            self.waited += ambient::monotonic_now() - since;
        }
        if self.waited < self.window {
            return false;
        }
        let slow = self.bytes < MIN_WINDOW_BYTES;
        (self.bytes, self.waited) = (0, Duration::ZERO);
        slow
    }

    /// Starts to wait, at most until the window's end. Returns whether that end is reached already.
    fn wait(&mut self, cx: &mut Context<'_>) -> bool {
        self.waiting_since = Some(ambient::monotonic_now());
        let left = self.window.saturating_sub(self.waited);
        let alarm = self.deadline.insert(Box::pin(sleep(left)));
        alarm.as_mut().poll(cx).is_ready()
    }
}

/// The guarded bytes of a form. Bytes out of bounds end the stream, so that its reader finds the form truncated.
#[derive(Debug)]
pub struct GuardedForm<S> {
    stream: S,
    /// A line break and the boundary.
    delimiter: Finder<'static>,
    limit: u64,
    received: u64,
    state: MultipartState,
    /// Received but not yet passed on.
    buffer: BytesMut,
    heads: usize,
    parts: usize,
    /// Bytes passed on since the stream last yielded.
    passed_on: usize,
    rate: ArrivalRate,
    /// Whether nothing more is passed on.
    ended: bool,
    /// Whether nothing more is received either.
    exhausted: bool,
    /// Whether the bytes that follow are out of bounds. The bytes before them are passed on; then the stream ends.
    malformed: bool,
    /// Whether all further bytes are discarded.
    draining: bool,
}

impl<S> GuardedForm<S> {
    /// Guards a form with this boundary; `limit` is its maximum length in bytes.
    pub fn new(stream: S, boundary: &str, limit: u64) -> Self {
        let delimiter = format!("\r\n--{boundary}");
        Self {
            stream,
            delimiter: Finder::new(delimiter.as_bytes()).into_owned(),
            limit,
            received: 0,
            state: MultipartState::Preamble,
            buffer: BytesMut::new(),
            heads: 0,
            parts: 0,
            passed_on: 0,
            rate: ArrivalRate::new(RATE_WINDOW),
            ended: false,
            exhausted: false,
            malformed: false,
            draining: false,
        }
    }

    fn refuse(&mut self, refused: MultipartRefusal, exhausted: bool) -> Poll<Option<Result<Bytes, MultipartRefusal>>> {
        self.ended = true;
        self.exhausted |= exhausted;
        Poll::Ready(Some(Err(refused)))
    }

    fn receive(&mut self, piece: &Bytes) -> Result<(), MultipartRefusal> {
        self.received += piece.len() as u64;
        if self.received > self.limit {
            return Err(MultipartRefusal::TooLarge { limit: self.limit });
        }
        self.rate.bytes += piece.len();
        self.buffer.extend_from_slice(piece);
        Ok(())
    }

    /// Returns how many bytes of the buffer may be passed on.
    fn count_releasable(&mut self) -> usize {
        let mut at = 0;
        while !self.malformed {
            match self.step(at) {
                Ok(Some(next)) => at = next,
                Ok(None) => break,
                Err(MalformedMultipart) => self.malformed = true,
            }
        }
        if matches!(self.state, MultipartState::Content) {
            // A boundary may have begun in the last bytes.
            at = at.max((self.buffer.len() + 1).saturating_sub(self.delimiter.needle().len()));
        }
        at
    }

    /// Advances from `at`. Returns the new position, or `None` when more bytes are needed.
    fn step(&mut self, at: usize) -> Result<Option<usize>, MalformedMultipart> {
        let rest = &self.buffer[at..];
        let delimiter = self.delimiter.needle();
        match self.state {
            MultipartState::Preamble => match find(rest, &delimiter[2..]) {
                Some(start) if start <= MAX_PREAMBLE_BYTES => {
                    self.state = MultipartState::Boundary;
                    Ok(Some(at + start + delimiter.len() - 2))
                }
                None if rest.len() <= MAX_PREAMBLE_BYTES + delimiter.len() => Ok(None),
                Some(_) | None => Err(MalformedMultipart),
            },
            MultipartState::Boundary if rest.len() < 2 => Ok(None),
            MultipartState::Boundary if rest.starts_with(b"--") => {
                self.state = MultipartState::Epilogue;
                Ok(Some(at + 2))
            }
            MultipartState::Boundary => {
                let padding = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
                self.parts += 1;
                if padding > MAX_PADDING || self.parts > MAX_PARTS {
                    return Err(MalformedMultipart);
                }
                match rest.get(padding..padding + 2) {
                    None => {
                        self.parts -= 1;
                        Ok(None)
                    }
                    Some(b"\r\n") => {
                        self.state = MultipartState::Head(0);
                        Ok(Some(at + padding + 2))
                    }
                    Some(_) => Err(MalformedMultipart),
                }
            }
            MultipartState::Head(seen) => {
                let from = seen.saturating_sub(3);
                let end = find(&rest[from..], b"\r\n\r\n").map(|end| from + end + 4);
                if end.unwrap_or(rest.len()) > MAX_HEAD_BYTES
                    || self.heads + end.unwrap_or(rest.len()) > MAX_HEADS_BYTES
                {
                    return Err(MalformedMultipart);
                }
                self.state = end.map_or(MultipartState::Head(rest.len()), |_| MultipartState::Content);
                self.heads += end.unwrap_or_default();
                Ok(end.map(|end| at + end))
            }
            MultipartState::Content => {
                let end = self.delimiter.find(rest).map(|start| at + start + delimiter.len());
                if end.is_some() {
                    self.state = MultipartState::Boundary;
                }
                Ok(end)
            }
            MultipartState::Epilogue => Ok((!rest.is_empty()).then_some(self.buffer.len())),
        }
    }
}

impl<S, E> Stream for GuardedForm<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    type Item = Result<Bytes, MultipartRefusal>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let unwanted = this.draining;
        if this.rate.stop_waiting() {
            return this.refuse(MultipartRefusal::TooSlow, true);
        }
        while !this.exhausted && (unwanted || !this.ended) {
            if unwanted {
                this.passed_on += this.buffer.len();
                this.buffer.clear();
            } else {
                let passed = this.count_releasable();
                if passed > 0 {
                    this.passed_on += passed;
                    return Poll::Ready(Some(Ok(this.buffer.split_to(passed).freeze())));
                }
                if this.malformed {
                    // The reader gets the form up to here, and then finds that it is truncated.
                    this.ended = true;
                    break;
                }
            }
            if this.passed_on >= YIELD_AFTER_BYTES {
                this.passed_on = 0;
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            match Pin::new(&mut this.stream).poll_next(cx) {
                Poll::Ready(Some(Ok(piece))) => {
                    if let Err(refused) = this.receive(&piece) {
                        return this.refuse(refused, unwanted);
                    }
                }
                Poll::Ready(Some(Err(error))) => return this.refuse(MultipartRefusal::Broken(error.into()), true),
                Poll::Ready(None) => {
                    (this.ended, this.exhausted) = (true, true);
                    // The reader finds that the form is truncated.
                    let rest = this.buffer.split().freeze();
                    return Poll::Ready((!rest.is_empty()).then_some(Ok(rest)));
                }
                Poll::Pending => {
                    this.passed_on = 0;
                    if this.rate.wait(cx) {
                        cx.waker().wake_by_ref();
                    }
                    return Poll::Pending;
                }
            }
        }
        Poll::Ready(None)
    }
}

/// A guarded form with two users: its reader, and the code that drains the rest once the response is known.
#[derive(Debug)]
pub struct SharedForm<S>(Arc<Mutex<GuardedForm<S>>>);

impl<S> Clone for SharedForm<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S, E> SharedForm<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    pub fn new(guarded: GuardedForm<S>) -> Self {
        Self(Arc::new(Mutex::new(guarded)))
    }

    /// Reads to the end, or to the length limit, and discards everything.
    pub async fn drain(&self) {
        self.lock().draining = true;
        while std::future::poll_fn(|cx| Pin::new(&mut *self.lock()).poll_next(cx)).await.is_some() {}
    }

    fn lock(&self) -> MutexGuard<'_, GuardedForm<S>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S, E> Stream for SharedForm<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    type Item = Result<Bytes, MultipartRefusal>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut *self.lock()).poll_next(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::{StreamExt as _, stream};

    use super::*;

    const BOUNDARY: &str = "----WebKitFormBoundaryX";

    fn part(head: &str, content: &str) -> String {
        format!("--{BOUNDARY}\r\n{head}\r\n\r\n{content}\r\n")
    }

    fn field(name: &str) -> String {
        format!("Content-Disposition: form-data; name=\"{name}\"")
    }

    fn whole(parts: &str) -> String {
        format!("{parts}--{BOUNDARY}--\r\n")
    }

    /// Returns the bytes passed on of a form that comes in pieces, and whether it was out of bounds.
    async fn guarded(body: &[u8], size: usize, limit: u64) -> Result<(Vec<u8>, bool), MultipartRefusal> {
        let pieces: Vec<_> =
            body.chunks(size).map(|piece| Ok::<_, Infallible>(Bytes::copy_from_slice(piece))).collect();
        let mut guarded = GuardedForm::new(stream::iter(pieces), BOUNDARY, limit);
        let mut out = Vec::new();
        while let Some(piece) = guarded.next().await {
            out.extend_from_slice(&piece?);
        }
        Ok((out, guarded.malformed))
    }

    #[tokio::test]
    async fn guarded_form_passes_unchanged_in_pieces_of_any_size() {
        let tricky = format!("\r\n--{}\r\n--\r\r\n--", &BOUNDARY[..BOUNDARY.len() - 1]);
        let long = "x".repeat(10_000);
        let parts = [part(&field("a"), ""), part(&field("b"), &tricky), part(&field("c"), &long)].concat();
        for body in
            [whole(&parts), format!("preamble\r\n{}epilogue", whole(&parts)), parts[..parts.len() - 5].to_owned()]
        {
            for size in [1, 2, 3, 7, 24, 25, 26, 1_000, 100_000] {
                assert_eq!(
                    guarded(body.as_bytes(), size, 1 << 20).await.unwrap(),
                    (body.clone().into_bytes(), false),
                    "{size}"
                );
            }
        }
    }

    #[tokio::test]
    async fn guarded_form_out_of_bounds_is_cut_off_in_pieces_of_any_size() {
        let head = |length: usize| format!("{}\r\nX: {}", field("a"), "a".repeat(length));
        let padded = format!("--{BOUNDARY}{}\r\n{}\r\n\r\n", " ".repeat(MAX_PADDING + 1), field("a"));
        for (case, body) in [
            ("a head", whole(&part(&head(MAX_HEAD_BYTES), "x"))),
            ("an endless head", format!("--{BOUNDARY}\r\n{}", head(MAX_HEAD_BYTES + 100))),
            ("a name", whole(&part(&field(&"n".repeat(MAX_HEAD_BYTES)), "x"))),
            ("all heads", whole(&part(&head(14_000), "x").repeat(5))),
            ("parts", whole(&part(&field("a"), "").repeat(MAX_PARTS + 1))),
            ("the preamble", format!("{}{}", "p".repeat(MAX_PREAMBLE_BYTES + 1), whole(&part(&field("a"), "x")))),
            ("an endless preamble", "p".repeat(MAX_PREAMBLE_BYTES + 200)),
            ("blanks", padded),
            ("no line's end", format!("--{BOUNDARY}x\r\n{}\r\n\r\n", field("a"))),
        ] {
            for size in [1, 1_000, 1 << 20] {
                let (handed, malformed) = guarded(body.as_bytes(), size, 1 << 20).await.unwrap();
                assert!(malformed && body.as_bytes().starts_with(&handed), "{case} in pieces of {size}");
                assert!(handed.len() < body.len(), "{case} in pieces of {size}");
            }
        }
        let long = whole(&part(&field("a"), &"x".repeat(5_000)));
        assert!(matches!(guarded(long.as_bytes(), 100, 5_000).await, Err(MultipartRefusal::TooLarge { limit: 5_000 })));
        let (_, malformed) =
            guarded(whole(&part(&head(12_000), "x").repeat(5)).as_bytes(), 100, 1 << 20).await.unwrap();
        assert!(!malformed);
        // Everything before the bytes out of bounds is passed on.
        let parts = whole(&part(&field("a"), "").repeat(MAX_PARTS + 50));
        let (handed, _) = guarded(parts.as_bytes(), 1 << 20, 1 << 20).await.unwrap();
        assert!(handed.starts_with(part(&field("a"), "").repeat(MAX_PARTS).as_bytes()));
    }

    #[tokio::test]
    async fn guarded_form_from_a_slow_sender_is_refused() {
        let start = part(&field("a"), "").into_bytes();
        for (bytes, slow) in [(0, true), (MIN_WINDOW_BYTES / 2, true), (MIN_WINDOW_BYTES + 1_000, false)] {
            let sent = [start.clone(), vec![b'x'; bytes]].map(|piece| Ok::<_, Infallible>(Bytes::from(piece)));
            let rest = stream::once(async {
                sleep(Duration::from_millis(60)).await;
                Ok(Bytes::from(vec![b'y'; 100]))
            });
            let body = Box::pin(stream::iter(sent).chain(rest).chain(stream::pending()));
            let mut guarded = GuardedForm::new(body, BOUNDARY, 1 << 20);
            guarded.rate = ArrivalRate::new(Duration::from_millis(50));
            let mut heard_again = false;
            while let Some(Ok(piece)) = guarded.next().await {
                heard_again |= piece.windows(2).any(|two| two == b"yy");
            }
            assert_eq!(heard_again, !slow, "{bytes} bytes");
        }
    }

    #[tokio::test]
    async fn guarded_form_with_a_slow_reader_is_not_refused() {
        let body = whole(&part(&field("a"), &"x".repeat(1_000)));
        let pieces: Vec<_> =
            body.as_bytes().chunks(200).map(|piece| Ok::<_, Infallible>(Bytes::copy_from_slice(piece))).collect();
        let mut guarded = GuardedForm::new(stream::iter(pieces), BOUNDARY, 1 << 20);
        guarded.rate = ArrivalRate::new(Duration::from_millis(20));
        while let Some(piece) = guarded.next().await {
            piece.unwrap();
            sleep(Duration::from_millis(30)).await;
        }
    }
}
