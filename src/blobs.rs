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
#[cfg(test)]
#[path = "../tests/helpers/s3_server.rs"]
mod s3_server;
#[cfg(test)]
mod test_stores;
mod trash;
mod upload;
mod verified;

use std::{path::Path, sync::Arc};

use anyhow::Context as _;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream::BoxStream};
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _, PutPayload, path::Path as Key};

pub use self::{
    identity::{IDENTITY_FILE, StoreIdentityError},
    trash::{TRASH_FOLDER, TrashedFile},
    upload::{PutError, StoredBlob, upload_stream},
    verified::{FileBytes, FileDefect, verify_stream},
};
use crate::{
    config::Config,
    domain::{
        ids::{EvidenceId, InstallationId},
        time::Moment,
    },
    object_location::{ObjectLocation, S3Account},
};

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

impl Blobs {
    /// Opens a folder, and creates it if it does not exist.
    pub fn in_folder(folder: &Path) -> anyhow::Result<Self> {
        Self::open_at(&ObjectLocation::Folder(folder.to_owned()), None)
    }

    /// Opens the store that the settings name.
    pub fn from_config(config: &Config) -> anyhow::Result<Self> {
        Self::open_at(&config.evidence_location(), config.s3.as_ref())
    }

    /// Opens a folder or a bucket; a bucket needs an account.
    pub fn open_at(location: &ObjectLocation, account: Option<&S3Account>) -> anyhow::Result<Self> {
        let store = location.open(account).context("the evidence store")?;
        Ok(Self { store, expected_owner: None })
    }

    /// Stores at most `limit` bytes of a stream (such as a multipart field) under this id. Memory use is one part of 5
    /// MiB at a time, whatever the size of the file. After an error nothing is stored.
    pub async fn put<S, E>(&self, id: EvidenceId, stream: S, limit: u64) -> Result<StoredBlob, PutError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
        E: Into<anyhow::Error>,
    {
        self.check_owner().await?;
        upload_stream(self.store.as_ref(), &file_key(id), stream, limit).await
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

    /// Whether nothing at all is in the store.
    pub async fn is_empty(&self) -> object_store::Result<bool> {
        Ok(self.store.list(None).try_next().await?.is_none())
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

#[cfg(test)]
mod tests {
    use std::io;

    use futures_util::stream;

    use super::{test_stores::TestStore, upload::BEGINNING_BYTES, *};
    use crate::{ambient, domain::canonical::Sha256Hash};

    fn chunks(of: &'static [u8], times: usize) -> impl Stream<Item = Result<Bytes, io::Error>> + Send {
        stream::iter((0..times).map(move |_| Ok(Bytes::from_static(of))))
    }

    #[tokio::test]
    async fn blob_that_was_put_can_be_opened_and_deleted() {
        for store in TestStore::all() {
            let blobs = &store.blobs;
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
    }

    #[tokio::test]
    async fn blob_put_that_fails_leaves_no_bytes() {
        for store in TestStore::all() {
            let blobs = &store.blobs;
            let over = blobs.put(ambient::new_id(), chunks(&[7; 16_000], 700), 10_000_000).await;
            assert!(matches!(over, Err(PutError::TooLarge(10_000_000))), "{over:?}");
            let cut = chunks(&[7; 16_000], 700).chain(stream::iter([Err(io::Error::other("gone"))]));
            let cut = blobs.put(ambient::new_id(), cut, 100_000_000).await;
            assert!(matches!(cut, Err(PutError::Interrupted(_))), "{cut:?}");
            assert_eq!(store.files(), Vec::<std::path::PathBuf>::new());
        }
    }

    #[tokio::test]
    async fn blob_rename_replaces_no_file() {
        for store in TestStore::all() {
            let blobs = &store.blobs;
            let (first, second, id) = (ambient::new_id(), ambient::new_id(), ambient::new_id());
            blobs.put(first, chunks(b"one", 1), 100).await.unwrap();
            blobs.put(second, chunks(b"another", 1), 100).await.unwrap();
            assert!(blobs.rename(first, id).await.unwrap());
            assert!(!blobs.rename(second, id).await.unwrap());
            assert_eq!(blobs.open(id).await.unwrap().map(|(size, _)| size), Some(3));
            assert!(blobs.open(first).await.unwrap().is_none());
            assert_eq!(blobs.open(second).await.unwrap().map(|(size, _)| size), Some(7));
        }
    }

    #[tokio::test]
    async fn blob_pictures_are_deleted_with_their_file() {
        for store in TestStore::all() {
            let blobs = &store.blobs;
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
            assert_eq!(store.files(), Vec::<std::path::PathBuf>::new());
            // The file was destroyed while its picture was being made.
            blobs.store_picture(id, EvidencePicture::Thumbnail, Bytes::from_static(b"late")).await.unwrap();
            assert_eq!(store.files(), Vec::<std::path::PathBuf>::new());
        }
    }

    #[tokio::test]
    async fn blob_readiness_fails_when_files_cannot_be_stored() {
        let folder = tempfile::tempdir().unwrap();
        let evidence = folder.path().join("evidence");
        let blobs = Blobs::in_folder(&evidence).unwrap();
        blobs.check_ready().await.unwrap();
        assert_eq!(std::fs::read_dir(&evidence).unwrap().count(), 0);
        std::fs::remove_dir(&evidence).unwrap();
        std::fs::write(&evidence, "in the way").unwrap();
        assert!(blobs.check_ready().await.is_err());
    }

    #[tokio::test]
    async fn blob_put_that_is_abandoned_leaves_no_bytes() {
        for store in TestStore::all() {
            // It waits for more in the middle of its second part, and is dropped there.
            let (send, receive) = tokio::sync::oneshot::channel::<()>();
            let mut send = Some(send);
            let pieces = chunks(&[7; 16_000], 700).chain(stream::once(async move {
                drop(send.take());
                std::future::pending().await
            }));
            let put = store.blobs.put(ambient::new_id(), pieces, 100_000_000);
            tokio::select! {
                stored = put => panic!("{stored:?}"),
                _ = receive => {}
            }
            // The abort is a task of its own.
            for _ in 0..1_000 {
                if files_left(&store) == 0 {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
            assert_eq!(files_left(&store), 0);
        }
    }

    fn files_left(store: &TestStore) -> usize {
        let unfinished = store.server.as_ref().map_or(0, s3_server::S3Server::count_unfinished_uploads);
        if unfinished > 0 { unfinished } else { store.files().len() }
    }
}
