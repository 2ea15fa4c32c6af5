//! A ZIP archive that is made while it is sent.
//!
//! The whole archive never exists anywhere: input is compressed in pieces, and a few pieces of output wait until the
//! client has received them. So memory use does not depend on the size of the archive, a slow client slows the packing
//! down, and a client that leaves ends it.
//!
//! The packing runs on the async threads: the compressor needs less than a millisecond for a piece, while a thread of
//! its own would be occupied for as long as the download takes, and there are only so many threads.

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

pub use self::names::ArchiveNames;
use crate::domain::time::{Moment, Zone};

/// Output is sent to the client in pieces of this size.
const PIECE_BYTES: usize = 64 * 1024;

/// Number of pieces that may wait for the client.
const QUEUED_PIECES: usize = 4;

/// Larger files are written in the ZIP64 form, which has room for any size. The limit of the plain format is 4 GiB; it
/// also holds for the compressed bytes, which can be a little more than the uncompressed ones.
const ZIP64_THRESHOLD: u64 = 0xF000_0000;

/// An archive that is being made. Its bytes come out of the body that [`Archive::new`] returns with it.
pub struct Archive {
    zip: ZipWriter<StreamWriter<ArchiveOutput>>,
    output: ArchiveOutput,
    client: mpsc::Sender<Option<Bytes>>,
    zone: Zone,
}

/// Why an archive was not finished. Its body then ends in an error, so that nobody takes the part for the whole.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error("the client has left")]
    ClientLeft,
    /// The input could not be read or packed.
    #[error("the archive could not be made")]
    Failed(#[source] anyhow::Error),
}

impl From<io::Error> for ArchiveError {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<zip::result::ZipError> for ArchiveError {
    fn from(error: zip::result::ZipError) -> Self {
        Self::Failed(error.into())
    }
}

impl Archive {
    /// Returns an archive and the response body that sends it. The ZIP format stores times without a zone; they are
    /// local times in `zone`.
    pub fn new(zone: Zone) -> (Self, Body) {
        let (client, pieces) = mpsc::channel(QUEUED_PIECES);
        let output = ArchiveOutput::default();
        let zip = ZipWriter::new_stream(output.clone());
        (Self { zip, output, client, zone }, Body::from_stream(to_body_stream(pieces)))
    }

    /// Packs a file that comes as a stream. `size` may be approximate.
    ///
    /// # Errors
    /// After an error the archive can't be used any more.
    pub async fn add_stream<S, E>(&mut self, name: &str, at: Moment, size: u64, bytes: S) -> Result<(), ArchiveError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
        E: Into<anyhow::Error>,
    {
        self.start_file(name, at, size)?;
        let mut bytes = std::pin::pin!(bytes);
        while let Some(piece) = bytes.next().await {
            let piece = piece.map_err(|error| ArchiveError::Failed(error.into()))?;
            self.zip.write_all(&piece)?;
            self.send_when_full(PIECE_BYTES).await?;
        }
        Ok(())
    }

    /// Packs a file that is in memory.
    pub async fn add_bytes(&mut self, name: &str, at: Moment, bytes: &[u8]) -> Result<(), ArchiveError> {
        self.start_file(name, at, bytes.len() as u64)?;
        self.zip.write_all(bytes)?;
        self.send_when_full(PIECE_BYTES).await
    }

    /// Writes the central directory at the end, without which the archive can't be read.
    pub async fn finish(self) -> Result<(), ArchiveError> {
        let Self { zip, output, client, .. } = self;
        zip.finish()?;
        for last in [Some(output.take()), None] {
            client.send(last).await.map_err(|_| ArchiveError::ClientLeft)?;
        }
        Ok(())
    }

    fn start_file(&mut self, name: &str, at: Moment, size: u64) -> Result<(), ArchiveError> {
        // Every file is deflated: a reader that starts at the beginning can't tell where a merely stored file ends,
        // since its size follows it. The level is the fastest, since most evidence is compressed already.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(1))
            .unix_permissions(0o644)
            .large_file(size >= ZIP64_THRESHOLD)
            .last_modified_time(self.to_zip_time(at));
        Ok(self.zip.start_file(name, options)?)
    }

    /// Converts to the format's own time: years from 1980, a resolution of two seconds.
    fn to_zip_time(&self, at: Moment) -> DateTime {
        let at = at.to_local(&self.zone);
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

    /// Sends the output when there is enough of it; waits while the client has not received the output before it.
    async fn send_when_full(&mut self, enough: usize) -> Result<(), ArchiveError> {
        if self.client.is_closed() {
            return Err(ArchiveError::ClientLeft);
        }
        if self.output.len() < enough {
            return Ok(());
        }
        self.client.send(Some(self.output.take())).await.map_err(|_| ArchiveError::ClientLeft)
    }
}

/// Yields the pieces. The end is an explicit `None`; a channel that closes without it means that the packing failed.
fn to_body_stream(pieces: mpsc::Receiver<Option<Bytes>>) -> impl Stream<Item = io::Result<Bytes>> {
    stream::try_unfold(pieces, async |mut pieces| match pieces.recv().await {
        Some(Some(piece)) => Ok(Some((piece, pieces))),
        Some(None) => Ok(None),
        None => Err(io::Error::other("the archive was not finished")),
    })
}

#[derive(Clone, Default)]
struct ArchiveOutput(Arc<Mutex<BytesMut>>);

impl ArchiveOutput {
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

impl Write for ArchiveOutput {
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

    /// A stream of random bytes, which do not compress, that counts the pieces taken from it.
    fn noise(pieces: usize, taken: &Arc<AtomicUsize>) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
        let taken = Arc::clone(taken);
        stream::iter(0..pieces).map(move |_| {
            taken.fetch_add(1, Ordering::SeqCst);
            Ok(Bytes::copy_from_slice(&ambient::random_bytes::<PIECE_BYTES>()))
        })
    }

    async fn settle() {
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
    }

    fn at() -> Moment {
        "2026-11-23T17:00:00.000000Z".parse().unwrap()
    }

    #[tokio::test]
    async fn archive_unpacks_to_what_was_packed() {
        let (mut archive, body) = Archive::new("Asia/Kolkata".parse().unwrap());
        let packing = tokio::spawn(async move {
            let pieces =
                stream::iter([Ok::<_, io::Error>(Bytes::from_static(b"all ")), Ok(Bytes::from_static(b"well"))]);
            archive.add_stream("a/report.txt", at(), 8, pieces).await?;
            archive.add_stream("empty", at(), 0, stream::empty::<io::Result<Bytes>>()).await?;
            archive.add_bytes("Prüfung.csv", at(), &b"x".repeat(300_000)).await?;
            archive.finish().await
        });
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        packing.await.unwrap().unwrap();
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
        assert_eq!(names, ["a/report.txt", "empty", "Prüfung.csv"]);
        let mut read = |name: &str| {
            let mut text = String::new();
            let mut file = archive.by_name(name).unwrap();
            file.read_to_string(&mut text).unwrap();
            (text, file.last_modified().unwrap().to_string())
        };
        assert_eq!(read("a/report.txt"), ("all well".to_owned(), "2026-11-23 22:30:00".to_owned()));
        assert_eq!(read("empty").0, "");
        assert_eq!(read("Prüfung.csv").0, "x".repeat(300_000));
    }

    #[tokio::test]
    async fn archive_packs_little_more_than_the_client_has_taken() {
        let taken = Arc::new(AtomicUsize::new(0));
        let (mut archive, body) = Archive::new(Zone::UTC);
        let pieces = noise(1_000, &taken);
        let packing = tokio::spawn(async move {
            archive.add_stream("noise", at(), 0, pieces).await?;
            archive.finish().await
        });
        let mut body = body.into_data_stream();
        settle().await;
        // The pieces that are queued, the one that waits to be queued, and the one in the compressor; up to two pieces
        // of input make one of output.
        let least = taken.load(Ordering::SeqCst);
        assert!((1..=2 * (QUEUED_PIECES + 2)).contains(&least), "{least}");
        for more in 1..=5 {
            assert!(body.try_next().await.unwrap().is_some(), "the first bytes come before the last are read");
            settle().await;
            assert!(taken.load(Ordering::SeqCst) <= least + 2 * more);
        }
        // The packing ends when the client leaves.
        drop(body);
        assert!(matches!(packing.await.unwrap(), Err(ArchiveError::ClientLeft)));
        assert!(taken.load(Ordering::SeqCst) <= least + 12);
    }

    #[tokio::test]
    async fn archive_notices_that_the_client_left_though_nothing_comes_out() {
        let (mut archive, body) = Archive::new(Zone::UTC);
        drop(body);
        // Zeros compress to almost nothing, so there is no piece to send for a long time.
        let zeros = stream::repeat_with(|| Ok::<_, io::Error>(Bytes::from_static(&[0; 1_000])));
        assert!(matches!(archive.add_stream("zeros", at(), 0, zeros).await, Err(ArchiveError::ClientLeft)));
    }

    #[tokio::test]
    async fn archive_that_is_not_finished_ends_in_an_error() {
        let (mut archive, body) = Archive::new(Zone::UTC);
        let broken = stream::iter([Ok(Bytes::from_static(b"half")), Err(io::Error::other("the disk is gone"))]);
        assert!(matches!(archive.add_stream("half", at(), 8, broken).await, Err(ArchiveError::Failed(_))));
        drop(archive);
        assert!(axum::body::to_bytes(body, usize::MAX).await.is_err());
    }
}
