//! The evidence store: the bytes of evidence files, each under the id of the evidence as which it was attached, and
//! pictures made from them.
//!
//! Evidence that is reused on another item has no bytes of its own: it refers to those of the original. So the bytes
//! exist and are destroyed once, and are never swept while anything refers to them, since the row of the original stays
//! for ever.
//!
//! A picture is stored next to its file and is deleted with it: [`Blobs::delete`] deletes the file first, and
//! [`Blobs::store_picture`] checks for the file last, so that whichever runs later finds what the other left.
//!
//! Files are streamed in parts and flushed to disk before they get their names, so that a file that an event mentions
//! survives a power cut; an upload that fails or is abandoned leaves nothing behind.

mod identity;
mod trash;
mod verified;

use std::{path::Path, sync::Arc};

use anyhow::Context as _;
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream::BoxStream};
use object_store::{
    MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt as _, PutPayload, local::LocalFileSystem,
    path::Path as Key,
};
use sha2::{Digest as _, Sha256};

pub use self::{
    identity::{IDENTITY_FILE, StoreIdentityError},
    trash::{TRASH_FOLDER, TrashedFile},
    verified::{FileBytes, FileDefect},
};
use crate::domain::{
    canonical::Sha256Hash,
    ids::{EvidenceId, InstallationId},
    time::Moment,
};

/// Bytes that are collected before they are written: the minimum that S3 accepts as a part.
const PART_BYTES: usize = 5 * 1024 * 1024;

/// Bytes of a file's beginning from which its type is detected.
const BEGINNING_BYTES: usize = 4 * 1024;

/// The evidence store: each file is stored under its evidence's id, never under a name that somebody sent.
#[derive(Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    /// The installation that has to own the store, once it was claimed.
    expected_owner: Option<InstallationId>,
}

/// A picture made from a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvidencePicture {
    /// Small, for lists of evidence.
    Thumbnail,
    /// Large enough to look at on an item's page.
    Preview,
}

impl EvidencePicture {
    pub const ALL: [Self; 2] = [Self::Thumbnail, Self::Preview];

    /// The suffix after the file's name.
    const fn suffix(self) -> &'static str {
        match self {
            Self::Thumbnail => ".thumbnail",
            Self::Preview => ".preview",
        }
    }
}

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

impl Blobs {
    /// Opens a folder, and creates it if it does not exist.
    pub fn in_folder(folder: &Path) -> anyhow::Result<Self> {
        let named = || format!("the evidence folder {}", folder.display());
        std::fs::create_dir_all(folder).with_context(named)?;
        let store = LocalFileSystem::new_with_prefix(folder).with_context(named)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), expected_owner: None })
    }

    /// Stores at most `limit` bytes of a stream (such as a multipart field) under this id. Memory use is one part of 5
    /// MiB at a time, whatever the size of the file. After an error nothing is stored.
    pub async fn put<S, E>(&self, id: EvidenceId, stream: S, limit: u64) -> Result<StoredBlob, PutError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
        E: Into<anyhow::Error>,
    {
        self.check_owner().await?;
        let mut upload = self.store.put_multipart(&file_key(id)).await?;
        // If this future is dropped (the client left), an upload to disk removes its staging file.
        match write_parts(upload.as_mut(), stream, limit).await {
            Ok(stored) => Ok(stored),
            Err(error) => {
                if let Err(left) = upload.abort().await {
                    tracing::warn!(error = %left, "an unfinished upload could not be removed");
                }
                Err(error)
            }
        }
    }

    /// Opens a file: its size, and its bytes as a stream. `None` when there is no file with this id.
    pub async fn open(
        &self,
        id: EvidenceId,
    ) -> object_store::Result<Option<(u64, BoxStream<'static, object_store::Result<Bytes>>)>> {
        match self.store.get(&file_key(id)).await {
            Ok(object) => Ok(Some((object.meta.size, object.into_stream()))),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Gives a file another id. Returns false and changes nothing when that id is taken.
    pub async fn rename(&self, from: EvidenceId, to: EvidenceId) -> object_store::Result<bool> {
        match self.store.rename_if_not_exists(&file_key(from), &file_key(to)).await {
            Ok(()) => Ok(true),
            Err(object_store::Error::AlreadyExists { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Deletes a file with its pictures. A missing file is no error.
    pub async fn delete(&self, id: EvidenceId) -> object_store::Result<()> {
        self.delete_key(&file_key(id)).await?;
        for picture in EvidencePicture::ALL {
            self.delete_key(&picture_key(id, picture)).await?;
        }
        Ok(())
    }

    /// A picture of a file, if there is one. It is small enough for memory.
    pub async fn load_picture(&self, id: EvidenceId, picture: EvidencePicture) -> object_store::Result<Option<Bytes>> {
        match self.store.get(&picture_key(id, picture)).await {
            Ok(object) => object.bytes().await.map(Some),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Stores a picture of a file, unless the file was deleted meanwhile.
    pub async fn store_picture(
        &self,
        id: EvidenceId,
        picture: EvidencePicture,
        bytes: Bytes,
    ) -> object_store::Result<()> {
        let key = picture_key(id, picture);
        self.store.put(&key, bytes.into()).await?;
        match self.store.head(&self::file_key(id)).await {
            Ok(_) => Ok(()),
            Err(object_store::Error::NotFound { .. }) => self.delete_key(&key).await,
            Err(error) => Err(error),
        }
    }

    async fn delete_key(&self, key: &Key) -> object_store::Result<()> {
        match self.store.delete(key).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Checks that files can be stored now, by writing and deleting a small one.
    pub async fn check_ready(&self) -> object_store::Result<()> {
        self.check_owner().await?;
        // A random name: several servers may check at the same time.
        let probe = Key::from(format!("ready-{}", hex::encode(crate::ambient::random_bytes::<8>())));
        self.store.put(&probe, PutPayload::from_static(b"ready")).await?;
        self.store.delete(&probe).await
    }

    /// The files and pictures in the store. Files in the trash and foreign files are not listed.
    pub fn list(&self) -> BoxStream<'static, object_store::Result<BlobEntry>> {
        let named = |object: ObjectMeta| {
            let name = object.location.filename()?;
            let picture = EvidencePicture::ALL.into_iter().find(|picture| name.ends_with(picture.suffix()));
            let id = name.strip_suffix(picture.map_or("", EvidencePicture::suffix))?.parse().ok()?;
            let since = jiff::Timestamp::from_microsecond(object.last_modified.timestamp_micros()).ok()?;
            let expected = picture.map_or_else(|| file_key(id), |picture| picture_key(id, picture));
            (expected == object.location).then(|| BlobEntry { id, picture, stored_at: Moment::new(since) })
        };
        self.store.list(None).try_filter_map(move |object| std::future::ready(Ok(named(object)))).boxed()
    }
}

/// A file or picture in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlobEntry {
    pub id: EvidenceId,
    /// Which picture of the evidence this is; `None` for the evidence file itself.
    pub picture: Option<EvidencePicture>,
    pub stored_at: Moment,
}

/// The path of an evidence file in the folder of a store.
#[must_use]
pub fn path_in_store(id: EvidenceId) -> String {
    file_key(id).to_string()
}

/// Files are distributed over folders, so that none contains too many. The last two digits of a UUIDv7 are random.
fn file_key(id: EvidenceId) -> Key {
    let name = id.to_string();
    Key::from(format!("{}/{name}", &name[34..]))
}

fn picture_key(id: EvidenceId, picture: EvidencePicture) -> Key {
    Key::from(format!("{}{}", file_key(id), picture.suffix()))
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

#[cfg(test)]
mod tests {
    use std::{io, path::PathBuf};

    use futures_util::stream;

    use super::*;
    use crate::ambient;

    fn files(folder: &Path) -> Vec<PathBuf> {
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { paths.extend(files(&path)) } else { paths.push(path) }
        }
        paths
    }

    fn chunks(of: &'static [u8], times: usize) -> impl Stream<Item = Result<Bytes, io::Error>> + Send {
        stream::iter((0..times).map(move |_| Ok(Bytes::from_static(of))))
    }

    #[tokio::test]
    async fn blob_that_was_put_can_be_opened_and_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::in_folder(folder.path()).unwrap();
        for times in [0, 1, 700] {
            // 700 times 16 kB makes three parts.
            let id = ambient::new_id();
            let stored = blobs.put(id, chunks(&[7; 16_000], times), 100_000_000).await.unwrap();
            let whole = vec![7; 16_000 * times];
            assert_eq!((stored.size, stored.sha256), (whole.len() as u64, Sha256Hash::compute(&whole)));
            assert_eq!(stored.beginning.len(), whole.len().min(BEGINNING_BYTES));
            let (size, bytes) = blobs.open(id).await.unwrap().unwrap();
            assert_eq!(size, stored.size);
            let read: Vec<Bytes> = bytes.try_collect().await.unwrap();
            assert_eq!(read.concat(), whole);
            let listed: Vec<_> = blobs.list().try_collect().await.unwrap();
            assert_eq!(listed.iter().map(|file| file.id).collect::<Vec<_>>(), [id]);
            blobs.delete(id).await.unwrap();
            blobs.delete(id).await.unwrap();
            assert!(blobs.open(id).await.unwrap().is_none());
        }
    }

    #[tokio::test]
    async fn blob_put_that_fails_leaves_no_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::in_folder(folder.path()).unwrap();
        let over = blobs.put(ambient::new_id(), chunks(&[7; 16_000], 700), 10_000_000).await;
        assert!(matches!(over, Err(PutError::TooLarge(10_000_000))), "{over:?}");
        let cut = chunks(&[7; 16_000], 700).chain(stream::iter([Err(io::Error::other("gone"))]));
        let cut = blobs.put(ambient::new_id(), cut, 100_000_000).await;
        assert!(matches!(cut, Err(PutError::Interrupted(_))), "{cut:?}");
        assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
    }

    #[tokio::test]
    async fn blob_rename_replaces_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::in_folder(folder.path()).unwrap();
        let (first, second, id) = (ambient::new_id(), ambient::new_id(), ambient::new_id());
        blobs.put(first, chunks(b"one", 1), 100).await.unwrap();
        blobs.put(second, chunks(b"another", 1), 100).await.unwrap();
        assert!(blobs.rename(first, id).await.unwrap());
        assert!(!blobs.rename(second, id).await.unwrap());
        assert_eq!(blobs.open(id).await.unwrap().map(|(size, _)| size), Some(3));
        assert!(blobs.open(first).await.unwrap().is_none());
        assert_eq!(blobs.open(second).await.unwrap().map(|(size, _)| size), Some(7));
    }

    #[tokio::test]
    async fn blob_pictures_are_deleted_with_their_file() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::in_folder(folder.path()).unwrap();
        let id = ambient::new_id();
        blobs.put(id, chunks(b"file", 1), 100).await.unwrap();
        for picture in EvidencePicture::ALL {
            assert_eq!(blobs.load_picture(id, picture).await.unwrap(), None);
            blobs.store_picture(id, picture, Bytes::from_static(b"small")).await.unwrap();
            assert_eq!(blobs.load_picture(id, picture).await.unwrap(), Some(Bytes::from_static(b"small")));
        }
        // The sweep lists pictures too, with the id of their file.
        let listed: Vec<_> = blobs.list().map_ok(|file| file.id).try_collect().await.unwrap();
        assert_eq!(listed, [id; 3]);
        blobs.delete(id).await.unwrap();
        assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
        // The file was destroyed while its picture was being made.
        blobs.store_picture(id, EvidencePicture::Thumbnail, Bytes::from_static(b"late")).await.unwrap();
        assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
    }

    #[tokio::test]
    async fn blob_readiness_fails_when_files_cannot_be_stored() {
        let folder = tempfile::tempdir().unwrap();
        let evidence = folder.path().join("evidence");
        let blobs = Blobs::in_folder(&evidence).unwrap();
        blobs.check_ready().await.unwrap();
        assert_eq!(files(&evidence), Vec::<PathBuf>::new());
        std::fs::remove_dir(&evidence).unwrap();
        std::fs::write(&evidence, "in the way").unwrap();
        assert!(blobs.check_ready().await.is_err());
    }
}
