//! Whose an evidence store is: a small file in it, written once, before the first evidence.

use object_store::{ObjectStoreExt as _, PutMode, PutOptions, PutPayload, path::Path as Key};
use serde::{Deserialize, Serialize};

use super::Blobs;
use crate::domain::ids::InstallationId;

/// The name of the file.
pub const IDENTITY_FILE: &str = "signoff-store.json";

/// What is in it.
#[derive(Serialize, Deserialize)]
struct Identity {
    /// For whoever looks into the folder.
    about: String,
    installation: InstallationId,
}

const ABOUT: &str = "Evidence of the installation of signoff named here. Leave this file where it is.";

/// Why it can't be told whose a store is.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The file is there and can't be understood.
    #[error(
        "{IDENTITY_FILE} in the evidence store is damaged, so that it can't be told whose the store is. Put back the file \
         from a backup of the store, or remove it and run `signoff evidence adopt`"
    )]
    Damaged,
    /// The store failed.
    #[error("the evidence store failed")]
    Store(#[from] object_store::Error),
}

/// What a store that was claimed says once it is no longer the one that was claimed.
#[derive(Debug, thiserror::Error)]
#[error(
    "the evidence store is not the one it was at the start: {IDENTITY_FILE} is missing or names another installation. Is its disk still mounted?"
)]
struct NotTheSame;

impl Blobs {
    /// Which installation the store belongs to; `None`, when it does not say.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub async fn owner(&self) -> Result<Option<InstallationId>, IdentityError> {
        let bytes = match self.store.get(&Key::from(IDENTITY_FILE)).await {
            Ok(found) => found.bytes().await?,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let identity: Identity = serde_json::from_slice(&bytes).map_err(|_| IdentityError::Damaged)?;
        Ok(Some(identity.installation))
    }

    /// Writes down that the store belongs to this installation, unless it says already whose it is: then nothing changes,
    /// and the answer is false. Of several that do so at once, one succeeds.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn mark(&self, installation: InstallationId) -> object_store::Result<bool> {
        let identity = Identity { about: ABOUT.to_owned(), installation };
        let text = serde_json::to_string_pretty(&identity)
            .map_err(|error| object_store::Error::Generic { store: "evidence", source: error.into() })?;
        let payload = PutPayload::from(format!("{text}\n").into_bytes());
        let create = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.store.put_opts(&Key::from(IDENTITY_FILE), payload, create).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::AlreadyExists { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The same store, which takes files only as long as it says that it belongs to this installation: a disk that is
    /// unmounted leaves an empty folder in its place.
    #[must_use]
    pub fn belonging_to(mut self, installation: InstallationId) -> Self {
        self.installation = Some(installation);
        self
    }

    /// Refuses a store that no longer says what it said when it was claimed.
    ///
    /// # Errors
    /// When it does not, or fails.
    pub async fn require_same(&self) -> object_store::Result<()> {
        let Some(installation) = self.installation else { return Ok(()) };
        match self.owner().await {
            Ok(Some(owner)) if owner == installation => Ok(()),
            Err(IdentityError::Store(error)) => Err(error),
            Ok(_) | Err(IdentityError::Damaged) => {
                Err(object_store::Error::Generic { store: "evidence", source: NotTheSame.into() })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ambient;

    #[tokio::test]
    async fn a_store_is_marked_once_and_by_one_of_several() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::in_folder(folder.path()).unwrap();
        assert_eq!(blobs.owner().await.unwrap(), None);
        let ids: Vec<InstallationId> = (0..8).map(|_| ambient::opaque_id()).collect();
        let marks = futures_util::future::join_all(ids.iter().map(|id| blobs.mark(*id))).await;
        let won: Vec<_> = ids.iter().zip(marks).filter(|(_, mark)| *mark.as_ref().unwrap()).collect();
        assert_eq!(won.len(), 1);
        assert_eq!(blobs.owner().await.unwrap(), Some(*won[0].0));
        assert!(!blobs.mark(ids[0]).await.unwrap());
        std::fs::write(folder.path().join(IDENTITY_FILE), "{}").unwrap();
        assert!(matches!(blobs.owner().await, Err(IdentityError::Damaged)));
    }

    #[tokio::test]
    async fn a_claimed_store_that_is_gone_or_anothers_takes_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let ours: InstallationId = ambient::opaque_id();
        let blobs = Blobs::in_folder(folder.path()).unwrap().belonging_to(ours);
        let put = async || {
            let bytes = futures_util::stream::iter([Ok::<_, std::io::Error>(bytes::Bytes::from_static(b"x"))]);
            blobs.put(ambient::new_id(), bytes, 10).await.is_ok()
        };
        // As an unmounted disk leaves it.
        assert!(!put().await && blobs.ready().await.is_err());
        assert!(blobs.mark(ours).await.unwrap());
        assert!(put().await && blobs.ready().await.is_ok());
        std::fs::remove_file(folder.path().join(IDENTITY_FILE)).unwrap();
        assert!(blobs.mark(ambient::opaque_id()).await.unwrap());
        assert!(!put().await && blobs.ready().await.is_err());
    }
}
