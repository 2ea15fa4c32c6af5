//! Files that are still what was attached.
//!
//! The history says what a file hashes to, and nothing else may be handed out under its name. Bytes that were sent can't be
//! called back, so a file is read twice: once to hash it, before the first byte leaves, and once to send it. It is hashed
//! again while it is sent and its last piece is held back until that fits, so that a file which is altered between the two
//! breaks off instead of arriving whole.

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream, stream::BoxStream};
use sha2::{Digest as _, Sha256};

use super::Blobs;
use crate::domain::{canonical::Sha256Hash, ids::EvidenceId};

/// Why a file is not handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAsAttached {
    /// There are no bytes under its id.
    Missing,
    /// There are others than those that were attached.
    Altered,
}

/// The bytes of a file, piece by piece.
pub type FileBytes = BoxStream<'static, object_store::Result<Bytes>>;

impl Blobs {
    /// The hash of the bytes that are under an id; `None` when there are none. Reads the file to its end.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn hash(&self, id: EvidenceId) -> object_store::Result<Option<Sha256Hash>> {
        let Some((_, mut bytes)) = self.open(id).await? else { return Ok(None) };
        let mut sha = Sha256::new();
        while let Some(piece) = bytes.try_next().await? {
            sha.update(&piece);
        }
        Ok(Some(Sha256Hash(sha.finalize().into())))
    }

    /// Opens a file as a stream that ends with an error, before its last piece, when it does not hash to this. `None` when
    /// there is none.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn open_checking(&self, id: EvidenceId, sha256: Sha256Hash) -> object_store::Result<Option<FileBytes>> {
        Ok(self.open(id).await?.map(|(_, bytes)| checked(id, bytes, sha256).boxed()))
    }

    /// Opens a file that hashes to this, after reading it once to find out; then as a stream that ends with an error when it
    /// does not any more. What is found is logged as an error, for the operator.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn open_attached(
        &self,
        id: EvidenceId,
        sha256: Sha256Hash,
    ) -> object_store::Result<Result<FileBytes, NotAsAttached>> {
        let refused = match self.hash(id).await? {
            Some(found) if found == sha256 => match self.open_checking(id, sha256).await? {
                Some(bytes) => return Ok(Ok(bytes)),
                None => NotAsAttached::Missing,
            },
            Some(_) => NotAsAttached::Altered,
            None => NotAsAttached::Missing,
        };
        match refused {
            NotAsAttached::Missing => tracing::error!(evidence = %id, "a file of the evidence is missing"),
            NotAsAttached::Altered => tracing::error!(
                evidence = %id,
                "a file of the evidence is not the one that was attached: it is not handed out"
            ),
        }
        Ok(Err(refused))
    }
}

/// The same bytes, the last piece of which comes only when all of them hash to this.
fn checked(
    id: EvidenceId,
    bytes: FileBytes,
    sha256: Sha256Hash,
) -> impl Stream<Item = object_store::Result<Bytes>> + Send {
    let begin = (bytes.fuse(), Sha256::new(), None::<Bytes>);
    stream::try_unfold(begin, move |(mut bytes, mut sha, mut last)| async move {
        while let Some(piece) = bytes.try_next().await? {
            sha.update(&piece);
            if let Some(before) = last.replace(piece) {
                return Ok(Some((before, (bytes, sha, last))));
            }
        }
        let Some(piece) = last.take() else { return Ok(None) };
        if Sha256Hash(sha.clone().finalize().into()) != sha256 {
            tracing::error!(evidence = %id, "a file of the evidence was altered while it was sent");
            let source = "the file was altered while it was read".into();
            return Err(object_store::Error::Generic { store: "evidence", source });
        }
        Ok(Some((piece, (bytes, sha, last))))
    })
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::ambient;

    async fn put(blobs: &Blobs, id: EvidenceId, bytes: &'static [u8]) {
        let pieces = stream::iter([Ok::<_, io::Error>(Bytes::from_static(bytes))]);
        blobs.put(id, pieces, 1_000_000).await.unwrap();
    }

    #[tokio::test]
    async fn file_that_was_altered_or_lost_is_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::in_folder(folder.path()).unwrap();
        for bytes in [&b""[..], b"restored in 12 minutes", &[7; 300_000]] {
            let (id, sha256) = (ambient::new_id(), Sha256Hash::of(bytes));
            assert_eq!(blobs.hash(id).await.unwrap(), None);
            assert_eq!(blobs.open_attached(id, sha256).await.unwrap().err(), Some(NotAsAttached::Missing));
            put(&blobs, id, bytes).await;
            assert_eq!(blobs.hash(id).await.unwrap(), Some(sha256));
            let pieces: Vec<Bytes> =
                blobs.open_attached(id, sha256).await.unwrap().unwrap().try_collect().await.unwrap();
            assert_eq!(pieces.concat(), bytes);
            let other = Sha256Hash::of(b"another");
            assert_eq!(blobs.open_attached(id, other).await.unwrap().err(), Some(NotAsAttached::Altered));
        }
    }

    #[tokio::test]
    async fn stream_of_other_bytes_ends_with_an_error_before_its_last_piece() {
        let pieces = [&b"restored "[..], b"in 12 ", b"minutes"];
        let bytes = || stream::iter(pieces.map(|piece| Ok(Bytes::from_static(piece)))).boxed();
        let id = ambient::new_id();
        let sent: Vec<_> = checked(id, bytes(), Sha256Hash::of(&pieces.concat())).collect().await;
        assert_eq!(sent.len(), 3);
        assert!(sent.iter().all(Result::is_ok));
        let sent: Vec<_> = checked(id, bytes(), Sha256Hash::of(b"another")).collect().await;
        assert_eq!(sent.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, true, false]);
    }
}
