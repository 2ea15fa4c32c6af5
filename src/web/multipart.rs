//! A guard before the reader of forms with files (`multipart/form-data`, RFC 7578).
//!
//! `multer`, which axum reads such forms with, limits neither the heads of parts nor what stands before the first, and
//! looks through all of a head again with each piece that arrives: 128 MB of head took 15 s of CPU. The guard sees the
//! bytes before `multer` does. It follows the same grammar, bounds everything but the content of parts, hands a head on
//! only when it is whole, and so costs time in proportion to the bytes, in whatever pieces they come.

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

/// The most bytes of the head of one part.
pub const MOST_HEAD: usize = 16 * 1024;

/// The most bytes of the heads of all parts.
pub const MOST_HEADS: usize = 64 * 1024;

/// The most parts.
pub const MOST_PARTS: usize = 100;

/// The most bytes before the first part. Browsers send none.
const MOST_PREAMBLE: usize = 1024;

/// The most blanks behind a boundary.
const MOST_PADDING: usize = 64;

/// The most characters of a boundary (RFC 2046, section 5.1.1).
pub const MOST_BOUNDARY: usize = 70;

/// How many bytes are handed on before whoever reads gets a turn to write them away: `multer` takes what there is
/// before it gives any of it out.
const BEFORE_A_TURN: usize = 256 * 1024;

/// How long a window is in which a sender is measured. Only the time that is spent waiting for them counts.
const WINDOW: Duration = Duration::from_secs(30);

/// The fewest bytes that must arrive in a window: 1 kB a second.
const LEAST_BYTES: usize = 30_000;

/// Why a form is not read on.
#[derive(Debug)]
pub enum Refused {
    /// It is longer than everything that may be in it.
    TooLarge {
        /// The most bytes it may have.
        most: u64,
    },
    /// It arrives too slowly.
    TooSlow,
    /// It stopped arriving.
    Broken(Box<dyn StdError + Send + Sync>),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge { .. } => "the form is too large",
            Self::TooSlow => "the form arrives too slowly",
            Self::Broken(_) => "the form stopped arriving",
        })
    }
}

impl StdError for Refused {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Broken(error) => Some(error.as_ref()),
            Self::TooLarge { .. } | Self::TooSlow => None,
        }
    }
}

/// A head, the number of parts, or what stands between them, is not as a browser sends it.
#[derive(Debug)]
struct OutOfBounds;

/// What stands at the first byte that was not handed on.
#[derive(Debug, Clone, Copy)]
enum Reading {
    /// What is before the first boundary.
    Preamble,
    /// What follows a boundary: the end of the form, or of the line.
    Boundary,
    /// The head of a part, of which so many bytes were looked through.
    Head(usize),
    /// The content of a part.
    Content,
    /// What is after the last boundary.
    Epilogue,
}

/// How fast a form arrives.
#[derive(Debug)]
struct Rate {
    /// How long a window is.
    window: Duration,
    /// The bytes of this window.
    bytes: usize,
    /// How long they were waited for.
    waited: Duration,
    /// Since when one waits now.
    since: Option<Instant>,
    /// What ends the waiting.
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Rate {
    const fn new(window: Duration) -> Self {
        Self { window, bytes: 0, waited: Duration::ZERO, since: None, alarm: None }
    }

    /// Ends waiting; whether the sender has been too slow.
    fn stop_waiting(&mut self) -> bool {
        if let Some(since) = self.since.take() {
            self.waited += ambient::instant() - since;
        }
        if self.waited < self.window {
            return false;
        }
        let slow = self.bytes < LEAST_BYTES;
        (self.bytes, self.waited) = (0, Duration::ZERO);
        slow
    }

    /// Begins to wait, no longer than until the window's end. Whether that is there already.
    fn wait(&mut self, cx: &mut Context<'_>) -> bool {
        self.since = Some(ambient::instant());
        let left = self.window.saturating_sub(self.waited);
        let alarm = self.alarm.insert(Box::pin(sleep(left)));
        alarm.as_mut().poll(cx).is_ready()
    }
}

/// The guarded bytes of a form. What is out of bounds ends them, so that their reader finds the form cut off.
#[derive(Debug)]
pub struct Guarded<S> {
    stream: S,
    /// A line's end and the boundary.
    delimiter: Finder<'static>,
    most: u64,
    received: u64,
    reading: Reading,
    /// What was received and not handed on.
    held: BytesMut,
    heads: usize,
    parts: usize,
    /// How many bytes were handed on since the reader's last turn.
    handed: usize,
    rate: Rate,
    /// Whether nothing more is handed on.
    ended: bool,
    /// Whether nothing more is received either.
    exhausted: bool,
    /// Whether what comes next is out of bounds. What came before is handed on; then it ends.
    malformed: bool,
    /// Whether all that still comes is thrown away.
    rest_unwanted: bool,
}

impl<S> Guarded<S> {
    /// Guards a form with this boundary that may have so many bytes in all.
    pub fn new(stream: S, boundary: &str, most: u64) -> Self {
        let delimiter = format!("\r\n--{boundary}");
        Self {
            stream,
            delimiter: Finder::new(delimiter.as_bytes()).into_owned(),
            most,
            received: 0,
            reading: Reading::Preamble,
            held: BytesMut::new(),
            heads: 0,
            parts: 0,
            handed: 0,
            rate: Rate::new(WINDOW),
            ended: false,
            exhausted: false,
            malformed: false,
            rest_unwanted: false,
        }
    }

    fn refuse(&mut self, refused: Refused, exhausted: bool) -> Poll<Option<Result<Bytes, Refused>>> {
        self.ended = true;
        self.exhausted |= exhausted;
        Poll::Ready(Some(Err(refused)))
    }

    fn take(&mut self, piece: &Bytes) -> Result<(), Refused> {
        self.received += piece.len() as u64;
        if self.received > self.most {
            return Err(Refused::TooLarge { most: self.most });
        }
        self.rate.bytes += piece.len();
        self.held.extend_from_slice(piece);
        Ok(())
    }

    /// How many of the held bytes may be handed on.
    fn passed(&mut self) -> usize {
        let mut at = 0;
        while !self.malformed {
            match self.step(at) {
                Ok(Some(next)) => at = next,
                Ok(None) => break,
                Err(OutOfBounds) => self.malformed = true,
            }
        }
        if matches!(self.reading, Reading::Content) {
            // A boundary may have begun in the last bytes.
            at = at.max((self.held.len() + 1).saturating_sub(self.delimiter.needle().len()));
        }
        at
    }

    /// Reads on from `at`: where it came to, or nothing when more bytes are needed.
    fn step(&mut self, at: usize) -> Result<Option<usize>, OutOfBounds> {
        let rest = &self.held[at..];
        let delimiter = self.delimiter.needle();
        match self.reading {
            Reading::Preamble => match find(rest, &delimiter[2..]) {
                Some(start) if start <= MOST_PREAMBLE => {
                    self.reading = Reading::Boundary;
                    Ok(Some(at + start + delimiter.len() - 2))
                }
                None if rest.len() <= MOST_PREAMBLE + delimiter.len() => Ok(None),
                Some(_) | None => Err(OutOfBounds),
            },
            Reading::Boundary if rest.len() < 2 => Ok(None),
            Reading::Boundary if rest.starts_with(b"--") => {
                self.reading = Reading::Epilogue;
                Ok(Some(at + 2))
            }
            Reading::Boundary => {
                let padding = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
                self.parts += 1;
                if padding > MOST_PADDING || self.parts > MOST_PARTS {
                    return Err(OutOfBounds);
                }
                match rest.get(padding..padding + 2) {
                    None => {
                        self.parts -= 1;
                        Ok(None)
                    }
                    Some(b"\r\n") => {
                        self.reading = Reading::Head(0);
                        Ok(Some(at + padding + 2))
                    }
                    Some(_) => Err(OutOfBounds),
                }
            }
            Reading::Head(seen) => {
                let from = seen.saturating_sub(3);
                let end = find(&rest[from..], b"\r\n\r\n").map(|end| from + end + 4);
                if end.unwrap_or(rest.len()) > MOST_HEAD || self.heads + end.unwrap_or(rest.len()) > MOST_HEADS {
                    return Err(OutOfBounds);
                }
                self.reading = end.map_or(Reading::Head(rest.len()), |_| Reading::Content);
                self.heads += end.unwrap_or_default();
                Ok(end.map(|end| at + end))
            }
            Reading::Content => {
                let end = self.delimiter.find(rest).map(|start| at + start + delimiter.len());
                if end.is_some() {
                    self.reading = Reading::Boundary;
                }
                Ok(end)
            }
            Reading::Epilogue => Ok((!rest.is_empty()).then_some(self.held.len())),
        }
    }
}

impl<S, E> Stream for Guarded<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    type Item = Result<Bytes, Refused>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let unwanted = this.rest_unwanted;
        if this.rate.stop_waiting() {
            return this.refuse(Refused::TooSlow, true);
        }
        while !this.exhausted && (unwanted || !this.ended) {
            if unwanted {
                this.handed += this.held.len();
                this.held.clear();
            } else {
                let passed = this.passed();
                if passed > 0 {
                    this.handed += passed;
                    return Poll::Ready(Some(Ok(this.held.split_to(passed).freeze())));
                }
                if this.malformed {
                    // The reader gets to what it has of the form, and then finds that the form is not whole.
                    this.ended = true;
                    break;
                }
            }
            if this.handed >= BEFORE_A_TURN {
                this.handed = 0;
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            match Pin::new(&mut this.stream).poll_next(cx) {
                Poll::Ready(Some(Ok(piece))) => {
                    if let Err(refused) = this.take(&piece) {
                        return this.refuse(refused, unwanted);
                    }
                }
                Poll::Ready(Some(Err(error))) => return this.refuse(Refused::Broken(error.into()), true),
                Poll::Ready(None) => {
                    (this.ended, this.exhausted) = (true, true);
                    // The reader finds that the form is not whole.
                    let rest = this.held.split().freeze();
                    return Poll::Ready((!rest.is_empty()).then_some(Ok(rest)));
                }
                Poll::Pending => {
                    this.handed = 0;
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

/// A guarded form in two hands: whoever reads it, and whoever throws away the rest of it when its answer is known.
#[derive(Debug)]
pub struct Shared<S>(Arc<Mutex<Guarded<S>>>);

impl<S> Clone for Shared<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S, E> Shared<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    /// Shares a form.
    pub fn new(guarded: Guarded<S>) -> Self {
        Self(Arc::new(Mutex::new(guarded)))
    }

    /// Reads to the end, or as far as a form may be long, and keeps nothing.
    pub async fn let_pass(&self) {
        self.lock().rest_unwanted = true;
        while std::future::poll_fn(|cx| Pin::new(&mut *self.lock()).poll_next(cx)).await.is_some() {}
    }

    fn lock(&self) -> MutexGuard<'_, Guarded<S>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S, E> Stream for Shared<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    type Item = Result<Bytes, Refused>;

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

    /// What is handed on of a form that comes in pieces, and whether it was out of bounds.
    async fn guarded(body: &[u8], size: usize, most: u64) -> Result<(Vec<u8>, bool), Refused> {
        let pieces: Vec<_> =
            body.chunks(size).map(|piece| Ok::<_, Infallible>(Bytes::copy_from_slice(piece))).collect();
        let mut guarded = Guarded::new(stream::iter(pieces), BOUNDARY, most);
        let mut out = Vec::new();
        while let Some(piece) = guarded.next().await {
            out.extend_from_slice(&piece?);
        }
        Ok((out, guarded.malformed))
    }

    #[tokio::test]
    async fn a_form_passes_unchanged_in_pieces_of_any_size() {
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
    async fn what_is_out_of_bounds_is_refused_in_pieces_of_any_size() {
        let head = |length: usize| format!("{}\r\nX: {}", field("a"), "a".repeat(length));
        let padded = format!("--{BOUNDARY}{}\r\n{}\r\n\r\n", " ".repeat(MOST_PADDING + 1), field("a"));
        for (what, body) in [
            ("a head", whole(&part(&head(MOST_HEAD), "x"))),
            ("an endless head", format!("--{BOUNDARY}\r\n{}", head(MOST_HEAD + 100))),
            ("a name", whole(&part(&field(&"n".repeat(MOST_HEAD)), "x"))),
            ("all heads", whole(&part(&head(14_000), "x").repeat(5))),
            ("parts", whole(&part(&field("a"), "").repeat(MOST_PARTS + 1))),
            ("the preamble", format!("{}{}", "p".repeat(MOST_PREAMBLE + 1), whole(&part(&field("a"), "x")))),
            ("an endless preamble", "p".repeat(MOST_PREAMBLE + 200)),
            ("blanks", padded),
            ("no line's end", format!("--{BOUNDARY}x\r\n{}\r\n\r\n", field("a"))),
        ] {
            for size in [1, 1_000, 1 << 20] {
                let (handed, malformed) = guarded(body.as_bytes(), size, 1 << 20).await.unwrap();
                assert!(malformed && body.as_bytes().starts_with(&handed), "{what} in pieces of {size}");
                assert!(handed.len() < body.len(), "{what} in pieces of {size}");
            }
        }
        let long = whole(&part(&field("a"), &"x".repeat(5_000)));
        assert!(matches!(guarded(long.as_bytes(), 100, 5_000).await, Err(Refused::TooLarge { most: 5_000 })));
        let (_, malformed) =
            guarded(whole(&part(&head(12_000), "x").repeat(5)).as_bytes(), 100, 1 << 20).await.unwrap();
        assert!(!malformed);
        // What comes before what is out of bounds is handed on whole.
        let parts = whole(&part(&field("a"), "").repeat(MOST_PARTS + 50));
        let (handed, _) = guarded(parts.as_bytes(), 1 << 20, 1 << 20).await.unwrap();
        assert!(handed.starts_with(part(&field("a"), "").repeat(MOST_PARTS).as_bytes()));
    }

    #[tokio::test]
    async fn a_sender_that_falls_silent_is_refused_and_one_that_sends_enough_is_not() {
        let start = part(&field("a"), "").into_bytes();
        for (bytes, slow) in [(0, true), (LEAST_BYTES / 2, true), (LEAST_BYTES + 1_000, false)] {
            let sent = [start.clone(), vec![b'x'; bytes]].map(|piece| Ok::<_, Infallible>(Bytes::from(piece)));
            let rest = stream::once(async {
                sleep(Duration::from_millis(60)).await;
                Ok(Bytes::from(vec![b'y'; 100]))
            });
            let body = Box::pin(stream::iter(sent).chain(rest).chain(stream::pending()));
            let mut guarded = Guarded::new(body, BOUNDARY, 1 << 20);
            guarded.rate = Rate::new(Duration::from_millis(50));
            let mut heard_again = false;
            while let Some(Ok(piece)) = guarded.next().await {
                heard_again |= piece.windows(2).any(|two| two == b"yy");
            }
            assert_eq!(heard_again, !slow, "{bytes} bytes");
        }
    }

    #[tokio::test]
    async fn a_reader_that_takes_its_time_does_not_make_the_sender_slow() {
        let body = whole(&part(&field("a"), &"x".repeat(1_000)));
        let pieces: Vec<_> =
            body.as_bytes().chunks(200).map(|piece| Ok::<_, Infallible>(Bytes::copy_from_slice(piece))).collect();
        let mut guarded = Guarded::new(stream::iter(pieces), BOUNDARY, 1 << 20);
        guarded.rate = Rate::new(Duration::from_millis(20));
        while let Some(piece) = guarded.next().await {
            piece.unwrap();
            sleep(Duration::from_millis(30)).await;
        }
    }
}
