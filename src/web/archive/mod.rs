//! A ZIP archive that is made while it is sent.
//!
//! Nothing of it is ever whole anywhere: what goes in is compressed a piece at a time, and what comes out waits, a few
//! pieces long, until the client has taken it. So memory does not depend on how much is packed, a client that is slow
//! slows the packing, and one that leaves ends it.
//!
//! The packing runs on the async threads: a piece takes the compressor less than a millisecond, while a thread of its
//! own would be held for as long as somebody's download takes, and there would be an end of those.

mod names;

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _, stream};
use tokio::sync::mpsc;
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions, write::StreamWriter};

pub use self::names::Names;
use crate::domain::time::{Moment, Zone};

/// How much is gathered before it is sent on.
const PIECE: usize = 64 * 1024;

/// How many pieces wait for the client.
const WAITING: usize = 4;

/// Files of more bytes are written in the form that has room for any size (ZIP64). The format's own limit is 4 GiB,
/// for the compressed bytes too, which can be a little more than what was compressed.
const LARGE: u64 = 0xF000_0000;

/// An archive in the making. What it is made of comes out of the body that [`Archive::new`] gives with it.
pub struct Archive {
    zip: ZipWriter<StreamWriter<Output>>,
    output: Output,
    client: mpsc::Sender<Option<Bytes>>,
    zone: Zone,
}

/// Why an archive was not finished. Its body ends in an error then, so that nobody takes what they have for all of it.
#[derive(Debug, thiserror::Error)]
pub enum Unfinished {
    /// The client has left.
    #[error("the client has left")]
    Left,
    /// What was to be packed could not be read, or not be packed.
    #[error("the archive could not be made")]
    Fault(#[source] anyhow::Error),
}

impl From<io::Error> for Unfinished {
    fn from(error: io::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<zip::result::ZipError> for Unfinished {
    fn from(error: zip::result::ZipError) -> Self {
        Self::Fault(error.into())
    }
}

impl Archive {
    /// An archive, and the body that it is sent with. Times in it, which the format keeps without a zone, are those of
    /// `zone`.
    pub fn new(zone: Zone) -> (Self, Body) {
        let (client, pieces) = mpsc::channel(WAITING);
        let output = Output::default();
        let zip = ZipWriter::new_stream(output.clone());
        (Self { zip, output, client, zone }, Body::from_stream(sent(pieces)))
    }

    /// Packs a file that comes as a stream. `size` need be no more than about right.
    ///
    /// # Errors
    /// [`Unfinished`]; the archive is of no use after that.
    pub async fn file<S, E>(&mut self, name: &str, at: Moment, size: u64, bytes: S) -> Result<(), Unfinished>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
        E: Into<anyhow::Error>,
    {
        self.start(name, at, size)?;
        let mut bytes = std::pin::pin!(bytes);
        while let Some(piece) = bytes.next().await {
            let piece = piece.map_err(|error| Unfinished::Fault(error.into()))?;
            self.zip.write_all(&piece)?;
            self.pass(PIECE).await?;
        }
        Ok(())
    }

    /// Packs a file that is there whole.
    ///
    /// # Errors
    /// [`Unfinished`].
    pub async fn whole(&mut self, name: &str, at: Moment, bytes: &[u8]) -> Result<(), Unfinished> {
        self.start(name, at, bytes.len() as u64)?;
        self.zip.write_all(bytes)?;
        self.pass(PIECE).await
    }

    /// Writes the directory at the archive's end, without which it is none.
    ///
    /// # Errors
    /// [`Unfinished`].
    pub async fn finish(self) -> Result<(), Unfinished> {
        let Self { zip, output, client, .. } = self;
        zip.finish()?;
        for last in [Some(output.take()), None] {
            client.send(last).await.map_err(|_| Unfinished::Left)?;
        }
        Ok(())
    }

    fn start(&mut self, name: &str, at: Moment, size: u64) -> Result<(), Unfinished> {
        // Deflated, all of them: what reads an archive from its beginning can't tell where a file ends that is merely
        // stored, since its size follows it. The quickest level, since most evidence is compressed already.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(1))
            .unix_permissions(0o644)
            .large_file(size >= LARGE)
            .last_modified_time(self.time(at));
        Ok(self.zip.start_file(name, options)?)
    }

    /// A moment as the format keeps it: years from 1980, to two seconds.
    fn time(&self, at: Moment) -> DateTime {
        let at = at.local(&self.zone);
        let small = |n: i8| u8::try_from(n).unwrap_or_default();
        DateTime::from_date_and_time(
            u16::try_from(at.year()).unwrap_or_default(),
            small(at.month()),
            small(at.day()),
            small(at.hour()),
            small(at.minute()),
            small(at.second()),
        )
        .unwrap_or_default()
    }

    /// Sends on what came out, when it is enough; waits while the client has not taken what came before.
    async fn pass(&mut self, enough: usize) -> Result<(), Unfinished> {
        if self.client.is_closed() {
            return Err(Unfinished::Left);
        }
        if self.output.len() < enough {
            return Ok(());
        }
        self.client.send(Some(self.output.take())).await.map_err(|_| Unfinished::Left)
    }
}

/// The pieces as they are sent. That there are no more is said; if it is not, their maker failed.
fn sent(pieces: mpsc::Receiver<Option<Bytes>>) -> impl Stream<Item = io::Result<Bytes>> {
    stream::try_unfold(pieces, async |mut pieces| match pieces.recv().await {
        Some(Some(piece)) => Ok(Some((piece, pieces))),
        Some(None) => Ok(None),
        None => Err(io::Error::other("the archive was not finished")),
    })
}

/// Where the packing writes, and from where it is taken.
#[derive(Clone, Default)]
struct Output(Arc<Mutex<BytesMut>>);

impl Output {
    fn with<T>(&self, does: impl FnOnce(&mut BytesMut) -> T) -> T {
        does(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn len(&self) -> usize {
        self.with(|bytes| bytes.len())
    }

    fn take(&self) -> Bytes {
        self.with(|bytes| bytes.split().freeze())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.with(|written| written.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Cursor, Read as _},
        sync::atomic::{AtomicUsize, Ordering},
    };

    use futures_util::TryStreamExt as _;

    use super::*;
    use crate::ambient;

    /// So many pieces of noise, which does not compress, and a count of those taken.
    fn noise(pieces: usize, taken: &Arc<AtomicUsize>) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
        let taken = Arc::clone(taken);
        stream::iter(0..pieces).map(move |_| {
            taken.fetch_add(1, Ordering::SeqCst);
            Ok(Bytes::copy_from_slice(&ambient::random::<PIECE>()))
        })
    }

    /// Lets the other tasks of this thread run until they wait.
    async fn settle() {
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
    }

    fn at() -> Moment {
        "2026-11-23T17:00:00.000000Z".parse().unwrap()
    }

    #[tokio::test]
    async fn what_is_packed_is_unpacked() {
        let (mut archive, body) = Archive::new("Asia/Kolkata".parse().unwrap());
        let packing = tokio::spawn(async move {
            let pieces =
                stream::iter([Ok::<_, io::Error>(Bytes::from_static(b"all ")), Ok(Bytes::from_static(b"well"))]);
            archive.file("a/report.txt", at(), 8, pieces).await?;
            archive.file("empty", at(), 0, stream::empty::<io::Result<Bytes>>()).await?;
            archive.whole("Prüfung.csv", at(), &b"x".repeat(300_000)).await?;
            archive.finish().await
        });
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        packing.await.unwrap().unwrap();
        let mut found = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let names: Vec<String> = found.file_names().map(|name| name.unwrap().into_owned()).collect();
        assert_eq!(names, ["a/report.txt", "empty", "Prüfung.csv"]);
        let mut read = |name: &str| {
            let mut text = String::new();
            let mut file = found.by_name(name).unwrap();
            file.read_to_string(&mut text).unwrap();
            (text, file.last_modified().unwrap().to_string())
        };
        assert_eq!(read("a/report.txt"), ("all well".to_owned(), "2026-11-23 22:30:00".to_owned()));
        assert_eq!(read("empty").0, "");
        assert_eq!(read("Prüfung.csv").0, "x".repeat(300_000));
    }

    #[tokio::test]
    async fn no_more_is_packed_than_the_client_has_taken_and_a_little() {
        let taken = Arc::new(AtomicUsize::new(0));
        let (mut archive, body) = Archive::new(Zone::UTC);
        let pieces = noise(1_000, &taken);
        let packing = tokio::spawn(async move {
            archive.file("noise", at(), 0, pieces).await?;
            archive.finish().await
        });
        let mut body = body.into_data_stream();
        settle().await;
        // What waits, what waits to wait, and what the compressor holds; up to two pieces go in for one that comes out.
        let least = taken.load(Ordering::SeqCst);
        assert!((1..=2 * (WAITING + 2)).contains(&least), "{least}");
        for more in 1..=5 {
            assert!(body.try_next().await.unwrap().is_some(), "the first bytes come before the last are read");
            settle().await;
            assert!(taken.load(Ordering::SeqCst) <= least + 2 * more);
        }
        // The client leaves, and the packing with it.
        drop(body);
        assert!(matches!(packing.await.unwrap(), Err(Unfinished::Left)));
        assert!(taken.load(Ordering::SeqCst) <= least + 12);
    }

    #[tokio::test]
    async fn a_client_that_leaves_is_noticed_though_nothing_comes_out() {
        let (mut archive, body) = Archive::new(Zone::UTC);
        drop(body);
        // Zeros compress to almost nothing, so for long there is no piece to send.
        let zeros = stream::repeat_with(|| Ok::<_, io::Error>(Bytes::from_static(&[0; 1_000])));
        assert!(matches!(archive.file("zeros", at(), 0, zeros).await, Err(Unfinished::Left)));
    }

    #[tokio::test]
    async fn what_was_not_finished_does_not_pass_for_whole() {
        let (mut archive, body) = Archive::new(Zone::UTC);
        let broken = stream::iter([Ok(Bytes::from_static(b"half")), Err(io::Error::other("the disk is gone"))]);
        assert!(matches!(archive.file("half", at(), 8, broken).await, Err(Unfinished::Fault(_))));
        drop(archive);
        assert!(axum::body::to_bytes(body, usize::MAX).await.is_err());
    }
}
