//! Files that are still what was attached.
//!
//! The history contains the hash of a file, and nothing else may be sent under its name. Bytes that were sent can't be
//! taken back, so a file is read twice: once to hash it, before the first byte is sent, and once to send it. It is
//! hashed again while it is sent, and its last piece is held back until the hash matches, so that the download of a
//! file that is altered between the two reads is aborted.

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream, stream::BoxStream};
use sha2::{Digest as _, Sha256};

use super::Blobs;
use crate::domain::{canonical::Sha256Hash, ids::EvidenceId};

/// Why a file is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileDefect {
    /// There are no bytes with its id.
    Missing,
    /// The bytes are not those that were attached.
    Altered,
}

/// The bytes of a file, in pieces.
pub type FileBytes = BoxStream<'static, object_store::Result<Bytes>>;

impl Blobs {
    /// The hash of a file's bytes; `None` when there is no file. Reads the whole file.
    pub async fn hash(&self, id: EvidenceId) -> object_store::Result<Option<Sha256Hash>> {
        let Some((_, mut bytes)) = self.open(id).await? else { return Ok(None) };
        let mut sha = Sha256::new();
        while let Some(piece) = bytes.try_next().await? {
            sha.update(&piece);
        }
        Ok(Some(Sha256Hash(sha.finalize().into())))
    }

    /// Opens a file as a stream that ends with an error, before its last piece, when the hash does not match. `None`
    /// when there is no file.
    pub async fn open_verifying(&self, id: EvidenceId, sha256: Sha256Hash) -> object_store::Result<Option<FileBytes>> {
        Ok(self.open(id).await?.map(|(_, bytes)| verify_stream(format!("evidence {id}"), bytes, sha256).boxed()))
    }

    /// Opens a file after reading it once to check its hash; the stream ends with an error when the hash does not match
    /// any more. A missing or altered file is logged as an error for the operator.
    pub async fn open_attached(
        &self,
        id: EvidenceId,
        sha256: Sha256Hash,
    ) -> object_store::Result<Result<FileBytes, FileDefect>> {
        let refused = match self.hash(id).await? {
            Some(stored) if stored == sha256 => match self.open_verifying(id, sha256).await? {
                Some(bytes) => return Ok(Ok(bytes)),
                None => FileDefect::Missing,
            },
            Some(_) => FileDefect::Altered,
            None => FileDefect::Missing,
        };
        match refused {
            FileDefect::Missing => tracing::error!(evidence = %id, "a file of the evidence is missing"),
            FileDefect::Altered => tracing::error!(
                evidence = %id,
                "a file of the evidence is not the one that was attached: it is not handed out"
            ),
        }
        Ok(Err(refused))
    }
}

/// The same bytes; the last piece is sent only when the hash of all matches. `subject` is for the log.
pub fn verify_stream(
    subject: String,
    bytes: FileBytes,
    sha256: Sha256Hash,
) -> impl Stream<Item = object_store::Result<Bytes>> + Send {
    let begin = (subject, bytes.fuse(), Sha256::new(), None::<Bytes>);
    stream::try_unfold(begin, move |(subject, mut bytes, mut sha, mut last)| async move {
        while let Some(piece) = bytes.try_next().await? {
            sha.update(&piece);
            if let Some(before) = last.replace(piece) {
                return Ok(Some((before, (subject, bytes, sha, last))));
            }
        }
        if Sha256Hash(sha.clone().finalize().into()) != sha256 {
            tracing::error!("{subject} was altered while it was read");
            let source = "the file was altered while it was read".into();
            return Err(object_store::Error::Generic { store: "evidence", source });
        }
        Ok(last.take().map(|piece| (piece, (subject, bytes, sha, last))))
    })
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::ambient;
    use crate::blobs::test_stores::TestStore;

    async fn put(blobs: &Blobs, id: EvidenceId, bytes: &'static [u8]) {
        let pieces = stream::iter([Ok::<_, io::Error>(Bytes::from_static(bytes))]);
        blobs.put(id, pieces, 1_000_000).await.unwrap();
    }

    #[tokio::test]
    async fn file_that_was_altered_or_lost_is_not_opened() {
        for store in TestStore::all() {
            let blobs = store.blobs.clone();
            for bytes in [&b""[..], b"restored in 12 minutes", &[7; 300_000]] {
                let (id, sha256) = (ambient::new_id(), Sha256Hash::compute(bytes));
                assert_eq!(blobs.hash(id).await.unwrap(), None);
                assert_eq!(blobs.open_attached(id, sha256).await.unwrap().err(), Some(FileDefect::Missing));
                put(&blobs, id, bytes).await;
                assert_eq!(blobs.hash(id).await.unwrap(), Some(sha256));
                let pieces: Vec<Bytes> =
                    blobs.open_attached(id, sha256).await.unwrap().unwrap().try_collect().await.unwrap();
                assert_eq!(pieces.concat(), bytes);
                let other = Sha256Hash::compute(b"another");
                assert_eq!(blobs.open_attached(id, other).await.unwrap().err(), Some(FileDefect::Altered));
            }
        }
    }

    #[tokio::test]
    async fn stream_of_other_bytes_ends_with_an_error_before_its_last_piece() {
        let pieces = [&b"restored "[..], b"in 12 ", b"minutes"];
        let bytes = || stream::iter(pieces.map(|piece| Ok(Bytes::from_static(piece)))).boxed();
        let subject = || "evidence".to_owned();
        let sent: Vec<_> = verify_stream(subject(), bytes(), Sha256Hash::compute(&pieces.concat())).collect().await;
        assert_eq!(sent.len(), 3);
        assert!(sent.iter().all(Result::is_ok));
        let sent: Vec<_> = verify_stream(subject(), bytes(), Sha256Hash::compute(b"another")).collect().await;
        assert_eq!(sent.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, true, false]);
    }
}
