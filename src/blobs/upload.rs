//! Streams of unknown length that are stored in parts, whole or not at all.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _};
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt as _, path::Path as Key};
use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;

use crate::domain::canonical::Sha256Hash;

/// Bytes that are collected before they are written: the minimum that S3 accepts as a part.
const MIN_PART_BYTES: usize = 5 * 1024 * 1024;

/// How many parts have one size, before the next ones have twice as many bytes. S3 takes 10,000 parts at most, and the dump
/// of a large database has more bytes than so many of the smallest.
const PARTS_OF_ONE_SIZE: usize = 1_000;

/// How often the size is doubled. Doubled once more, a part could have more than the 5 GiB that S3 takes.
const MAX_DOUBLINGS: usize = 9;

/// The size of the part that follows this many others.
fn next_part_bytes(parts: usize) -> usize {
    MIN_PART_BYTES << (parts / PARTS_OF_ONE_SIZE).min(MAX_DOUBLINGS)
}

/// Bytes of a file's beginning from which its type is detected.
pub(super) const BEGINNING_BYTES: usize = 4 * 1024;

/// A file that has been stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBlob {
    pub sha256: Sha256Hash,
    /// The size of the whole file in bytes.
    pub size: u64,
    /// At most the first 4 KiB, from which the type is detected.
    pub beginning: Bytes,
}

/// Why a file was not stored. Nothing of it is left in the store.
#[derive(Debug, thiserror::Error)]
pub enum PutError {
    /// The limit is in bytes.
    #[error("the file is larger than {0} bytes")]
    TooLarge(u64),
    /// The client stopped in the middle of the upload.
    #[error("the upload was interrupted")]
    Interrupted(#[source] anyhow::Error),
    #[error("the evidence store failed")]
    Store(#[from] object_store::Error),
}

/// Stores at most `limit` bytes of a stream as this object. Memory use is one part at a time: 5 MiB for the first
/// 4.8 GiB, and later at most a five-hundredth of what is stored. After an error, or when this is dropped, nothing is stored.
pub async fn upload_stream<S, E>(
    store: &dyn ObjectStore,
    key: &Key,
    stream: S,
    limit: u64,
) -> Result<StoredBlob, PutError>
where
    S: Stream<Item = Result<Bytes, E>> + Send,
    E: Into<anyhow::Error>,
{
    let mut upload = UnfinishedUpload::new(store.put_multipart(key).await?);
    let written = write_parts(upload.parts.lock().await.as_mut(), stream, limit).await;
    match &written {
        Ok(_) => upload.ended = true,
        Err(_) => upload.abort().await,
    }
    written
}

/// An upload that is aborted when it is dropped, as when the client leaves: a bucket would keep its parts, and charge
/// for them.
struct UnfinishedUpload {
    parts: Arc<Mutex<Box<dyn MultipartUpload>>>,
    ended: bool,
}

impl UnfinishedUpload {
    fn new(upload: Box<dyn MultipartUpload>) -> Self {
        Self { parts: Arc::new(Mutex::new(upload)), ended: false }
    }

    async fn abort(&mut self) {
        self.ended = true;
        abort_upload(&self.parts).await;
    }
}

async fn abort_upload(parts: &Mutex<Box<dyn MultipartUpload>>) {
    if let Err(error) = parts.lock().await.abort().await {
        tracing::warn!(%error, "an unfinished upload could not be removed");
    }
}

impl Drop for UnfinishedUpload {
    fn drop(&mut self) {
        if !self.ended
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            // Not a guard again: a runtime that ends drops what is spawned at once, and that would be endless.
            let parts = Arc::clone(&self.parts);
            runtime.spawn(async move { abort_upload(&parts).await });
        }
    }
}

async fn write_parts<S, E>(upload: &mut dyn MultipartUpload, stream: S, limit: u64) -> Result<StoredBlob, PutError>
where
    S: Stream<Item = Result<Bytes, E>> + Send,
    E: Into<anyhow::Error>,
{
    let mut stream = std::pin::pin!(stream);
    let mut sha = Sha256::new();
    let mut size = 0;
    let mut beginning = BytesMut::new();
    let mut piece = BytesMut::new();
    let mut parts = 0;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|error| PutError::Interrupted(error.into()))?;
        size += chunk.len() as u64;
        if size > limit {
            return Err(PutError::TooLarge(limit));
        }
        let missing = BEGINNING_BYTES.saturating_sub(beginning.len()).min(chunk.len());
        beginning.extend_from_slice(&chunk[..missing]);
        sha.update(&chunk);
        piece.extend_from_slice(&chunk);
        if piece.len() >= next_part_bytes(parts) {
            upload.put_part(piece.split().freeze().into()).await?;
            parts += 1;
        }
    }
    // An empty file gets one empty part.
    if !piece.is_empty() || size == 0 {
        upload.put_part(piece.freeze().into()).await?;
    }
    upload.complete().await?;
    Ok(StoredBlob { sha256: Sha256Hash(sha.finalize().into()), size, beginning: beginning.freeze() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_s3_takes_have_room_for_four_tebibytes() {
        const GIB: u64 = 1024 * 1024 * 1024;
        let mut whole = 0;
        for parts in 0..10_000 {
            let bytes = next_part_bytes(parts) as u64;
            assert!((5 * 1024 * 1024..=5 * GIB).contains(&bytes), "{parts}: {bytes}");
            // What is held in memory is little beside what is stored.
            assert!(parts < PARTS_OF_ONE_SIZE || bytes <= whole / 500, "{parts}: {bytes}");
            whole += bytes;
        }
        assert!(whole > 4 * 1024 * GIB, "{whole}");
        // An evidence file has at most 5 GB in a bucket, so its parts are the smallest.
        assert_eq!(next_part_bytes(999), MIN_PART_BYTES);
        const { assert!(PARTS_OF_ONE_SIZE * MIN_PART_BYTES > 5_000_000_000) };
    }
}
