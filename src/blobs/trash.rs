//! The trash of an evidence store: where removed files stay for a while, each under its id and the moment at which it was
//! removed, `trash/20261123T100000Z-<id>`.

use futures_util::{StreamExt as _, TryStreamExt as _, stream::BoxStream};
use object_store::{ObjectStoreExt as _, path::Path as Key};

use super::{Blobs, Picture, key, picture_key};
use crate::domain::{ids::EvidenceId, time::Moment};

/// The folder. Its name is no evidence's: those are in folders of two hexadecimal digits.
pub const TRASH_FOLDER: &str = "trash";

/// How the moment is written in a name, to the second.
const AT: &str = "%Y%m%dT%H%M%SZ";

/// A file in the trash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trashed {
    /// The evidence whose bytes it has.
    pub id: EvidenceId,
    /// When it was removed, to the second.
    pub at: Moment,
    key: Key,
}

impl Blobs {
    /// Moves a file to the trash. Its pictures are removed, since they can be made again. It is no error when there is
    /// none.
    ///
    /// # Errors
    /// When the store fails; the file is then where it was, or in the trash.
    pub async fn move_to_trash(&self, id: EvidenceId, now: Moment) -> object_store::Result<()> {
        let at = now.timestamp().strftime(AT);
        let trashed = Key::from(format!("{TRASH_FOLDER}/{at}-{id}"));
        match self.store.rename_if_not_exists(&key(id), &trashed).await {
            Ok(()) | Err(object_store::Error::NotFound { .. } | object_store::Error::AlreadyExists { .. }) => {}
            Err(error) => return Err(error),
        }
        for picture in Picture::ALL {
            self.remove(&picture_key(id, picture)).await?;
        }
        Ok(())
    }

    /// The files in the trash.
    pub fn trash(&self) -> BoxStream<'static, object_store::Result<Trashed>> {
        let listed = self.store.list(Some(&Key::from(TRASH_FOLDER)));
        listed.try_filter_map(|found| std::future::ready(Ok(trashed(found.location)))).boxed()
    }

    /// Puts a file back from the trash, unless there is one in its place: then the answer is false.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn put_back(&self, trashed: &Trashed) -> object_store::Result<bool> {
        match self.store.rename_if_not_exists(&trashed.key, &key(trashed.id)).await {
            Ok(()) => Ok(true),
            Err(object_store::Error::AlreadyExists { .. } | object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Removes a file from the trash, for good.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn empty_from_trash(&self, trashed: &Trashed) -> object_store::Result<()> {
        self.remove(&trashed.key).await
    }

    /// Removes a file for good, with its pictures, wherever in the store it is: from the trash too. It is no error when
    /// there is none.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn destroy(&self, id: EvidenceId) -> object_store::Result<()> {
        self.delete(id).await?;
        // After its place: whoever moves it from there to the trash meanwhile has done so by now.
        let in_trash: Vec<Trashed> =
            self.trash().try_filter(|trashed| std::future::ready(trashed.id == id)).try_collect().await?;
        for trashed in in_trash {
            self.empty_from_trash(&trashed).await?;
        }
        Ok(())
    }
}

/// What a name in the trash says; `None`, when nobody here gave it.
fn trashed(key: Key) -> Option<Trashed> {
    let (at, id) = key.filename()?.split_once('-')?;
    let at = jiff::civil::DateTime::strptime(AT, at).ok()?.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok()?;
    let id = id.parse().ok()?;
    Some(Trashed { id, at: Moment::new(at.timestamp()), key })
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::ambient;

    async fn put(blobs: &Blobs, id: EvidenceId) {
        let bytes = futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"evidence"))]);
        blobs.put(id, bytes, 100).await.unwrap();
    }

    async fn trash(blobs: &Blobs) -> Vec<Trashed> {
        blobs.trash().try_collect().await.unwrap()
    }

    #[tokio::test]
    async fn a_file_moves_to_the_trash_and_back_and_is_destroyed_in_both() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::in_folder(folder.path()).unwrap();
        let id = ambient::new_id();
        let now = Moment::new("2026-11-23T10:00:00.75Z".parse().unwrap());
        put(&blobs, id).await;
        blobs.keep_picture(id, Picture::Preview, Bytes::from_static(b"small")).await.unwrap();
        blobs.move_to_trash(id, now).await.unwrap();
        assert!(
            blobs.open(id).await.unwrap().is_none() && blobs.picture(id, Picture::Preview).await.unwrap().is_none()
        );
        assert!(blobs.ids().next().await.is_none(), "the trash is no evidence");
        let in_trash = trash(&blobs).await;
        assert_eq!(
            in_trash.iter().map(|file| (file.id, file.at.to_string())).collect::<Vec<_>>(),
            [(id, "2026-11-23T10:00:00.000000Z".to_owned())]
        );
        assert!(blobs.put_back(&in_trash[0]).await.unwrap());
        assert_eq!(blobs.open(id).await.unwrap().map(|(size, _)| size), Some(8));
        assert_eq!(trash(&blobs).await, []);

        blobs.move_to_trash(id, now).await.unwrap();
        put(&blobs, id).await;
        assert!(!blobs.put_back(&trash(&blobs).await[0]).await.unwrap(), "it replaces none");
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

    #[tokio::test]
    async fn what_nobody_here_put_into_the_trash_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::in_folder(folder.path()).unwrap();
        std::fs::create_dir(folder.path().join(TRASH_FOLDER)).unwrap();
        for name in [
            "notes.txt",
            "20261123T100000Z-",
            "2026-11-23-0193",
            "20269923T100000Z-01936d35-0000-7000-8000-0000000000ab",
        ] {
            std::fs::write(folder.path().join(TRASH_FOLDER).join(name), "").unwrap();
        }
        assert_eq!(trash(&blobs).await, []);
    }
}
