//! The bytes of evidence files, each under the id of the evidence it was attached as, and the pictures made of them.
//!
//! Evidence that is used again on another item has no bytes of its own: it rests on those of the first, which are
//! there once. So they are destroyed once, too, and never swept while anything rests on them, since the row of what
//! was attached first stays for ever.
//!
//! A picture is kept beside the file that it was made of and goes when that goes: [`Blobs::delete`] takes the file
//! away first, and [`Blobs::keep_picture`] looks for the file last, so that whichever of the two comes later finds
//! what the other left.
//!
//! They are streamed in pieces and flushed to the disk before they are named, so that what an event says is there
//! survives a power cut; an upload that fails or is left leaves nothing behind.

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
    identity::{IDENTITY_FILE, IdentityError},
    trash::{TRASH_FOLDER, Trashed},
    verified::{FileBytes, NotAsAttached},
};
use crate::domain::{
    canonical::Sha256Hash,
    ids::{EvidenceId, InstallationId},
    time::Moment,
};

/// How much is gathered before it is written: the least that S3 takes as one part.
const PIECE: usize = 5 * 1024 * 1024;

/// How much of a file's beginning is kept to tell its type from.
const BEGINNING: usize = 4 * 1024;

/// Where evidence files are.
#[derive(Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    /// Whose the store has to say that it is.
    installation: Option<InstallationId>,
}

/// A picture made of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture {
    /// To tell it by, in a list.
    Thumbnail,
    /// To look at.
    Preview,
}

impl Picture {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Thumbnail, Self::Preview];

    /// What its name ends in, after the file's.
    const fn ending(self) -> &'static str {
        match self {
            Self::Thumbnail => ".thumbnail",
            Self::Preview => ".preview",
        }
    }
}

/// A file that has been stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The hash of its bytes.
    pub sha256: Sha256Hash,
    /// How many they are.
    pub size: u64,
    /// The first of them (at most 4 KiB), from which the type is told.
    pub beginning: Bytes,
}

/// Why a file was not stored. Nothing of it is left.
#[derive(Debug, thiserror::Error)]
pub enum PutError {
    /// It has more bytes than allowed.
    #[error("the file is larger than {0} bytes")]
    TooLarge(u64),
    /// The sender stopped half way.
    #[error("the upload was interrupted")]
    Interrupted(#[source] anyhow::Error),
    /// The store failed.
    #[error("the evidence store failed")]
    Store(#[from] object_store::Error),
}

impl Blobs {
    /// Opens a folder, making it when it is not there.
    ///
    /// # Errors
    /// When it can't be made or is not a folder.
    pub fn in_folder(folder: &Path) -> anyhow::Result<Self> {
        let named = || format!("the evidence folder {}", folder.display());
        std::fs::create_dir_all(folder).with_context(named)?;
        let store = LocalFileSystem::new_with_prefix(folder).with_context(named)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), installation: None })
    }

    /// Stores a stream of bytes (a multipart field is one) under this id, at most `limit` of them. Memory holds
    /// one piece of 5 MiB at a time, whatever the size.
    ///
    /// # Errors
    /// [`PutError`]; then nothing is stored.
    pub async fn put<S, E>(&self, id: EvidenceId, stream: S, limit: u64) -> Result<Stored, PutError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
        E: Into<anyhow::Error>,
    {
        self.require_same().await?;
        let mut upload = self.store.put_multipart(&key(id)).await?;
        // Dropped half way (the client left and the task was stopped), an upload to disk removes its staging file.
        match write(upload.as_mut(), stream, limit).await {
            Ok(stored) => Ok(stored),
            Err(error) => {
                if let Err(left) = upload.abort().await {
                    tracing::warn!(error = %left, "an unfinished upload could not be removed");
                }
                Err(error)
            }
        }
    }

    /// Opens a file: its size, and its bytes as a stream. `None` when there is none under this id.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn open(
        &self,
        id: EvidenceId,
    ) -> object_store::Result<Option<(u64, BoxStream<'static, object_store::Result<Bytes>>)>> {
        match self.store.get(&key(id)).await {
            Ok(found) => Ok(Some((found.meta.size, found.into_stream()))),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Gives a file another id, unless there is one under it already: then nothing changes, and the answer is false.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn rename(&self, from: EvidenceId, to: EvidenceId) -> object_store::Result<bool> {
        match self.store.rename_if_not_exists(&key(from), &key(to)).await {
            Ok(()) => Ok(true),
            Err(object_store::Error::AlreadyExists { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Removes a file with its pictures. It is no error when there is none.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn delete(&self, id: EvidenceId) -> object_store::Result<()> {
        self.remove(&key(id)).await?;
        for picture in Picture::ALL {
            self.remove(&picture_key(id, picture)).await?;
        }
        Ok(())
    }

    /// The picture that is kept of a file, if one is. It is small.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn picture(&self, id: EvidenceId, picture: Picture) -> object_store::Result<Option<Bytes>> {
        match self.store.get(&picture_key(id, picture)).await {
            Ok(found) => found.bytes().await.map(Some),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps a picture of a file, unless the file has gone meanwhile.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn keep_picture(&self, id: EvidenceId, picture: Picture, bytes: Bytes) -> object_store::Result<()> {
        let key = picture_key(id, picture);
        self.store.put(&key, bytes.into()).await?;
        match self.store.head(&self::key(id)).await {
            Ok(_) => Ok(()),
            Err(object_store::Error::NotFound { .. }) => self.remove(&key).await,
            Err(error) => Err(error),
        }
    }

    async fn remove(&self, key: &Key) -> object_store::Result<()> {
        match self.store.delete(key).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Whether files can be stored now: writes a small one and removes it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn ready(&self) -> object_store::Result<()> {
        self.require_same().await?;
        // A name of its own each time: several servers may ask at once.
        let probe = Key::from(format!("ready-{}", hex::encode(crate::ambient::random::<8>())));
        self.store.put(&probe, PutPayload::from_static(b"ready")).await?;
        self.store.delete(&probe).await
    }

    /// The files and pictures there are, each with the moment at which it was stored. What is in the trash is none of
    /// them, nor is anything that this did not put there.
    pub fn ids(&self) -> BoxStream<'static, object_store::Result<Listed>> {
        let named = |found: ObjectMeta| {
            let name = found.location.filename()?;
            let picture = Picture::ALL.into_iter().find(|picture| name.ends_with(picture.ending()));
            let id = name.strip_suffix(picture.map_or("", Picture::ending))?.parse().ok()?;
            let since = jiff::Timestamp::from_microsecond(found.last_modified.timestamp_micros()).ok()?;
            let expected = picture.map_or_else(|| key(id), |picture| picture_key(id, picture));
            (expected == found.location).then(|| Listed { id, picture, stored: Moment::new(since) })
        };
        self.store.list(None).try_filter_map(move |found| std::future::ready(Ok(named(found)))).boxed()
    }
}

/// A file or picture in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// The evidence that it is of.
    pub id: EvidenceId,
    /// Which picture it is, when it is one.
    pub picture: Option<Picture>,
    /// When it was stored.
    pub stored: Moment,
}

/// Where the bytes of this evidence are, in the folder of a store.
#[must_use]
pub fn path_in_store(id: EvidenceId) -> String {
    key(id).to_string()
}

/// Two levels of folders, so that none holds too many files. The last two digits of a UUIDv7 are random.
fn key(id: EvidenceId) -> Key {
    let name = id.to_string();
    Key::from(format!("{}/{name}", &name[34..]))
}

fn picture_key(id: EvidenceId, picture: Picture) -> Key {
    Key::from(format!("{}{}", key(id), picture.ending()))
}

async fn write<S, E>(upload: &mut dyn MultipartUpload, stream: S, limit: u64) -> Result<Stored, PutError>
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
        let wanted = BEGINNING.saturating_sub(beginning.len()).min(chunk.len());
        beginning.extend_from_slice(&chunk[..wanted]);
        sha.update(&chunk);
        piece.extend_from_slice(&chunk);
        if piece.len() >= PIECE {
            upload.put_part(piece.split().freeze().into()).await?;
        }
    }
    // An empty file is a file: it has one part, of nothing.
    if !piece.is_empty() || size == 0 {
        upload.put_part(piece.freeze().into()).await?;
    }
    upload.complete().await?;
    Ok(Stored { sha256: Sha256Hash(sha.finalize().into()), size, beginning: beginning.freeze() })
}

#[cfg(test)]
mod tests {
    use std::{io, path::PathBuf};

    use futures_util::stream;

    use super::*;
    use crate::ambient;

    fn files(folder: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
        }
        found
    }

    fn chunks(of: &'static [u8], times: usize) -> impl Stream<Item = Result<Bytes, io::Error>> + Send {
        stream::iter((0..times).map(move |_| Ok(Bytes::from_static(of))))
    }

    #[tokio::test]
    async fn what_is_put_can_be_opened_and_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::in_folder(folder.path()).unwrap();
        for times in [0, 1, 700] {
            // 700 times 16 kB is three pieces.
            let id = ambient::new_id();
            let stored = blobs.put(id, chunks(&[7; 16_000], times), 100_000_000).await.unwrap();
            let whole = vec![7; 16_000 * times];
            assert_eq!((stored.size, stored.sha256), (whole.len() as u64, Sha256Hash::of(&whole)));
            assert_eq!(stored.beginning.len(), whole.len().min(BEGINNING));
            let (size, bytes) = blobs.open(id).await.unwrap().unwrap();
            assert_eq!(size, stored.size);
            let read: Vec<Bytes> = bytes.try_collect().await.unwrap();
            assert_eq!(read.concat(), whole);
            let listed: Vec<_> = blobs.ids().try_collect().await.unwrap();
            assert_eq!(listed.iter().map(|file| file.id).collect::<Vec<_>>(), [id]);
            blobs.delete(id).await.unwrap();
            blobs.delete(id).await.unwrap();
            assert!(blobs.open(id).await.unwrap().is_none());
        }
    }

    #[tokio::test]
    async fn what_fails_leaves_no_bytes() {
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
    async fn a_file_is_renamed_and_replaces_none() {
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
    async fn pictures_go_with_their_file_and_are_not_kept_without_it() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::in_folder(folder.path()).unwrap();
        let id = ambient::new_id();
        blobs.put(id, chunks(b"file", 1), 100).await.unwrap();
        for picture in Picture::ALL {
            assert_eq!(blobs.picture(id, picture).await.unwrap(), None);
            blobs.keep_picture(id, picture, Bytes::from_static(b"small")).await.unwrap();
            assert_eq!(blobs.picture(id, picture).await.unwrap(), Some(Bytes::from_static(b"small")));
        }
        // The sweep sees pictures too, under the id of their file.
        let listed: Vec<_> = blobs.ids().map_ok(|file| file.id).try_collect().await.unwrap();
        assert_eq!(listed, [id; 3]);
        blobs.delete(id).await.unwrap();
        assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
        // As when the file was destroyed while its picture was being made.
        blobs.keep_picture(id, Picture::Thumbnail, Bytes::from_static(b"late")).await.unwrap();
        assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
    }

    #[tokio::test]
    async fn readiness_tells_whether_files_can_be_stored() {
        let folder = tempfile::tempdir().unwrap();
        let evidence = folder.path().join("evidence");
        let blobs = Blobs::in_folder(&evidence).unwrap();
        blobs.ready().await.unwrap();
        assert_eq!(files(&evidence), Vec::<PathBuf>::new());
        std::fs::remove_dir(&evidence).unwrap();
        std::fs::write(&evidence, "in the way").unwrap();
        assert!(blobs.ready().await.is_err());
    }
}
