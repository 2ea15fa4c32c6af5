//! Streams of unknown length that are stored in parts, whole or not at all.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _};
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt as _, path::Path as Key};
use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;

use crate::domain::canonical::Sha256Hash;

/// Bytes that are collected before they are written: the minimum that S3 accepts as a part.
const PART_BYTES: usize = 5 * 1024 * 1024;

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

/// Stores at most `limit` bytes of a stream as this object. Memory use is one part of 5 MiB at a time. After an error,
/// or when this is dropped, nothing is stored.
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
        if let Err(left) = self.parts.lock().await.abort().await {
            tracing::warn!(error = %left, "an unfinished upload could not be removed");
        }
    }
}

impl Drop for UnfinishedUpload {
    fn drop(&mut self) {
        if !self.ended
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let mut left = Self { parts: Arc::clone(&self.parts), ended: false };
            runtime.spawn(async move { left.abort().await });
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
        if piece.len() >= PART_BYTES {
            upload.put_part(piece.split().freeze().into()).await?;
        }
    }
    // An empty file gets one empty part.
    if !piece.is_empty() || size == 0 {
        upload.put_part(piece.freeze().into()).await?;
    }
    upload.complete().await?;
    Ok(StoredBlob { sha256: Sha256Hash(sha.finalize().into()), size, beginning: beginning.freeze() })
}
