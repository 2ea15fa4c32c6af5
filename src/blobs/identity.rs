//! The owner of an evidence store, recorded in a small file that is written once, before the first evidence.

use object_store::{ObjectStoreExt as _, PutMode, PutOptions, PutPayload, path::Path as Key};
use serde::{Deserialize, Serialize};

use super::Blobs;
use crate::domain::ids::InstallationId;

pub const IDENTITY_FILE: &str = "signoff-store.json";

/// The content of the file.
#[derive(Serialize, Deserialize)]
struct StoreIdentity {
    /// A note for people who look into the folder.
    about: String,
    installation: InstallationId,
}

const IDENTITY_NOTE: &str = "Evidence of the installation of signoff named here. Leave this file where it is.";

/// Why the owner of a store can't be determined.
#[derive(Debug, thiserror::Error)]
pub enum StoreIdentityError {
    /// The file exists but can't be parsed.
    #[error(
        "{IDENTITY_FILE} in the evidence store is damaged, so that the owner of the store is not known. Move it away and \
         run `signoff evidence adopt`"
    )]
    Damaged,
    #[error("the evidence store failed")]
    Store(#[from] object_store::Error),
}

/// The error of a claimed store that is no longer the one that was claimed.
#[derive(Debug, thiserror::Error)]
#[error(
    "the evidence store is not the one it was at the start: {IDENTITY_FILE} is missing or names another installation. Is its disk still mounted?"
)]
struct StoreChanged;

impl Blobs {
    /// The installation that owns the store; `None` when the file is missing.
    pub async fn read_owner(&self) -> Result<Option<InstallationId>, StoreIdentityError> {
        let bytes = match self.store.get(&Key::from(IDENTITY_FILE)).await {
            Ok(object) => object.bytes().await?,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let identity: StoreIdentity = serde_json::from_slice(&bytes).map_err(|_| StoreIdentityError::Damaged)?;
        Ok(Some(identity.installation))
    }

    /// Records this installation as the owner of the store. Returns false and changes nothing when an owner is recorded
    /// already. Of several concurrent calls one succeeds. A server of S3 that does not know the condition lets the last one
    /// win: the others learn it here, or when they store a file.
    pub async fn write_owner(&self, installation: InstallationId) -> object_store::Result<bool> {
        let identity = StoreIdentity { about: IDENTITY_NOTE.to_owned(), installation };
        let text = serde_json::to_string_pretty(&identity)
            .map_err(|error| object_store::Error::Generic { store: "evidence", source: error.into() })?;
        let payload = PutPayload::from(format!("{text}\n").into_bytes());
        let create = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.store.put_opts(&Key::from(IDENTITY_FILE), payload, create).await {
            Ok(_) => match self.read_owner().await {
                Ok(owner) => Ok(owner == Some(installation)),
                Err(StoreIdentityError::Damaged) => Ok(false),
                Err(StoreIdentityError::Store(error)) => Err(error),
            },
            Err(object_store::Error::AlreadyExists { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The same store, which from now on accepts files only while it is owned by this installation: an unmounted disk
    /// leaves an empty folder in its place.
    #[must_use]
    pub fn with_owner(mut self, installation: InstallationId) -> Self {
        self.expected_owner = Some(installation);
        self
    }

    /// Fails when the store is not owned by the installation that claimed it.
    pub async fn check_owner(&self) -> object_store::Result<()> {
        let Some(installation) = self.expected_owner else { return Ok(()) };
        match self.read_owner().await {
            Ok(Some(owner)) if owner == installation => Ok(()),
            Err(StoreIdentityError::Store(error)) => Err(error),
            Ok(_) | Err(StoreIdentityError::Damaged) => {
                Err(object_store::Error::Generic { store: "evidence", source: StoreChanged.into() })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ambient;
    use crate::blobs::test_stores::TestStore;

    #[tokio::test]
    async fn store_identity_is_written_once_by_one_of_several() {
        for store in TestStore::all() {
            let blobs = store.blobs.clone();
            assert_eq!(blobs.read_owner().await.unwrap(), None);
            let ids: Vec<InstallationId> = (0..8).map(|_| ambient::new_opaque_id()).collect();
            let marks = futures_util::future::join_all(ids.iter().map(|id| blobs.write_owner(*id))).await;
            let won: Vec<_> = ids.iter().zip(marks).filter(|(_, mark)| *mark.as_ref().unwrap()).collect();
            assert_eq!(won.len(), 1);
            assert_eq!(blobs.read_owner().await.unwrap(), Some(*won[0].0));
            assert!(!blobs.write_owner(ids[0]).await.unwrap());
            std::fs::write(store.folder.join(IDENTITY_FILE), "{}").unwrap();
            assert!(matches!(blobs.read_owner().await, Err(StoreIdentityError::Damaged)));
        }
    }

    #[tokio::test]
    async fn store_that_is_gone_or_changed_takes_no_file() {
        for store in TestStore::all() {
            let folder = &store.folder;
            let ours: InstallationId = ambient::new_opaque_id();
            let blobs = store.blobs.clone().with_owner(ours);
            let put = async || {
                let bytes = futures_util::stream::iter([Ok::<_, std::io::Error>(bytes::Bytes::from_static(b"x"))]);
                blobs.put(ambient::new_id(), bytes, 10).await.is_ok()
            };
            // The state after the disk was unmounted.
            assert!(!put().await && blobs.check_ready().await.is_err());
            assert!(blobs.write_owner(ours).await.unwrap());
            assert!(put().await && blobs.check_ready().await.is_ok());
            std::fs::remove_file(folder.join(IDENTITY_FILE)).unwrap();
            assert!(blobs.write_owner(ambient::new_opaque_id()).await.unwrap());
            assert!(!put().await && blobs.check_ready().await.is_err());
        }
    }
}
