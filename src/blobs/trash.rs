//! The trash of an evidence store, in which removed files stay for a while. A file's name contains its id and the time
//! of its removal: `trash/20261123T100000Z-<id>`.

use futures_util::{StreamExt as _, TryStreamExt as _, stream::BoxStream};
use object_store::{ObjectStoreExt as _, path::Path as Key};

use super::{Blobs, EvidencePicture, file_key, picture_key};
use crate::domain::{ids::EvidenceId, time::Moment};

/// The folder. It can't collide with evidence, which is in folders of two hexadecimal digits.
pub const TRASH_FOLDER: &str = "trash";

/// The format of the time in a file name, to the second.
const TIMESTAMP_FORMAT: &str = "%Y%m%dT%H%M%SZ";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrashedFile {
    pub id: EvidenceId,
    /// When the file was moved to the trash, to the second; the 30 days are counted from it.
    pub removed_at: Moment,
    key: Key,
}

impl Blobs {
    /// Moves a file to the trash. Its pictures are deleted, since they can be made again. A missing file is no error.
    ///
    /// # Errors
    /// When the store fails; the file is then in its place or in the trash.
    pub async fn move_to_trash(&self, id: EvidenceId, now: Moment) -> object_store::Result<()> {
        let at = now.timestamp().strftime(TIMESTAMP_FORMAT);
        let trashed = Key::from(format!("{TRASH_FOLDER}/{at}-{id}"));
        match self.store.rename_if_not_exists(&file_key(id), &trashed).await {
            Ok(()) | Err(object_store::Error::NotFound { .. } | object_store::Error::AlreadyExists { .. }) => {}
            Err(error) => return Err(error),
        }
        for picture in EvidencePicture::ALL {
            self.delete_key(&picture_key(id, picture)).await?;
        }
        Ok(())
    }

    pub fn list_trash(&self) -> BoxStream<'static, object_store::Result<TrashedFile>> {
        let listed = self.store.list(Some(&Key::from(TRASH_FOLDER)));
        listed.try_filter_map(|object| std::future::ready(Ok(parse_trash_key(object.location)))).boxed()
    }

    /// Restores a file from the trash. Returns false when another file is in its place, or it is not in the trash any
    /// more.
    pub async fn restore_from_trash(&self, trashed: &TrashedFile) -> object_store::Result<bool> {
        match self.store.rename_if_not_exists(&trashed.key, &file_key(trashed.id)).await {
            Ok(()) => Ok(true),
            Err(object_store::Error::AlreadyExists { .. } | object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Deletes a file from the trash permanently.
    pub async fn delete_from_trash(&self, trashed: &TrashedFile) -> object_store::Result<()> {
        self.delete_key(&trashed.key).await
    }

    /// Deletes a file with its pictures permanently, from its place and from the trash. A missing file is no error.
    pub async fn destroy(&self, id: EvidenceId) -> object_store::Result<()> {
        self.delete(id).await?;
        // After the file's place, so that a concurrent move to the trash is finished by now.
        let in_trash: Vec<TrashedFile> =
            self.list_trash().try_filter(|trashed| std::future::ready(trashed.id == id)).try_collect().await?;
        for trashed in in_trash {
            self.delete_from_trash(&trashed).await?;
        }
        Ok(())
    }
}

/// Parses a name in the trash; `None` when it is not one of ours.
fn parse_trash_key(key: Key) -> Option<TrashedFile> {
    let (at, id) = key.filename()?.split_once('-')?;
    let at =
        jiff::civil::DateTime::strptime(TIMESTAMP_FORMAT, at).ok()?.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok()?;
    let id = id.parse().ok()?;
    Some(TrashedFile { id, removed_at: Moment::new(at.timestamp()), key })
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::ambient;
    use crate::blobs::test_stores::TestStore;

    async fn put(blobs: &Blobs, id: EvidenceId) {
        let bytes = futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"evidence"))]);
        blobs.put(id, bytes, 100).await.unwrap();
    }

    async fn trash(blobs: &Blobs) -> Vec<TrashedFile> {
        blobs.list_trash().try_collect().await.unwrap()
    }

    #[tokio::test]
    async fn trash_takes_and_returns_files_and_destroy_reaches_it() {
        for store in TestStore::all() {
            let blobs = store.blobs.clone();
            let id = ambient::new_id();
            let now = Moment::new("2026-11-23T10:00:00.75Z".parse().unwrap());
            put(&blobs, id).await;
            blobs.store_picture(id, EvidencePicture::Preview, Bytes::from_static(b"small")).await.unwrap();
            blobs.move_to_trash(id, now).await.unwrap();
            assert!(
                blobs.open(id).await.unwrap().is_none()
                    && blobs.load_picture(id, EvidencePicture::Preview).await.unwrap().is_none()
            );
            assert!(blobs.list().next().await.is_none(), "the trash is no evidence");
            let in_trash = trash(&blobs).await;
            assert_eq!(
                in_trash.iter().map(|file| (file.id, file.removed_at.to_string())).collect::<Vec<_>>(),
                [(id, "2026-11-23T10:00:00.000000Z".to_owned())]
            );
            assert!(blobs.restore_from_trash(&in_trash[0]).await.unwrap());
            assert_eq!(blobs.open(id).await.unwrap().map(|(size, _)| size), Some(8));
            assert_eq!(trash(&blobs).await, []);

            blobs.move_to_trash(id, now).await.unwrap();
            put(&blobs, id).await;
            assert!(!blobs.restore_from_trash(&trash(&blobs).await[0]).await.unwrap(), "it replaces none");
            blobs.move_to_trash(id, now.plus_seconds(1)).await.unwrap();
            blobs.move_to_trash(id, now.plus_seconds(2)).await.unwrap();
            assert_eq!(trash(&blobs).await.len(), 2);
            let other = ambient::new_id();
            put(&blobs, other).await;
            blobs.move_to_trash(other, now).await.unwrap();
            put(&blobs, id).await;
            blobs.destroy(id).await.unwrap();
            assert!(blobs.open(id).await.unwrap().is_none());
            assert_eq!(trash(&blobs).await.iter().map(|file| file.id).collect::<Vec<_>>(), [other]);
        }
    }

    #[tokio::test]
    async fn trash_leaves_foreign_files_alone() {
        for store in TestStore::all() {
            let folder = &store.folder;
            let blobs = store.blobs.clone();
            std::fs::create_dir_all(folder.join(TRASH_FOLDER)).unwrap();
            for name in [
                "notes.txt",
                "20261123T100000Z-",
                "2026-11-23-0193",
                "20269923T100000Z-01936d35-0000-7000-8000-0000000000ab",
            ] {
                std::fs::write(folder.join(TRASH_FOLDER).join(name), "").unwrap();
            }
            assert_eq!(trash(&blobs).await, []);
        }
    }
}
