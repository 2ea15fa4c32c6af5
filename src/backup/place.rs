//! The place of an installation's backups, in a folder or a bucket.

use std::{collections::HashMap, sync::Arc};

use anyhow::{Context as _, bail};
use futures_util::{TryStreamExt as _, stream::BoxStream};
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, PutPayload, path::Path as Key};
use serde::{Deserialize, Serialize};

use super::manifest::{BackupManifest, BackupName};
use crate::{
    blobs::FileBytes,
    domain::{canonical::Sha256Hash, ids::InstallationId},
    object_location::{ObjectLocation, S3Account},
};

const MARK: &str = "signoff-backups.json";
const BACKUPS: &str = "backups";
const FILES: &str = "files";
const MANIFEST: &str = "manifest.json";

/// A note for people who look into the folder.
const ABOUT: &str = "Backups of the installation of signoff named here. Leave this file where it is.";

/// The content of the mark.
#[derive(Serialize, Deserialize)]
struct PlaceMark {
    about: String,
    installation: InstallationId,
}

#[derive(Clone)]
pub struct BackupPlace {
    pub(super) store: Arc<dyn ObjectStore>,
    location: ObjectLocation,
}

impl BackupPlace {
    /// Opens a place. A folder is made only if `create`.
    pub fn open(location: &ObjectLocation, account: Option<&S3Account>, create: bool) -> anyhow::Result<Self> {
        if let ObjectLocation::Folder(folder) = location
            && !create
            && !folder.is_dir()
        {
            bail!("{} is no folder", folder.display());
        }
        Ok(Self { store: location.open(account)?, location: location.clone() })
    }

    #[must_use]
    pub const fn location(&self) -> &ObjectLocation {
        &self.location
    }

    /// Makes sure that these are this installation's backups; an empty place is marked.
    pub(super) async fn claim(&self, ours: InstallationId) -> anyhow::Result<()> {
        if let Some(owner) = self.read_owner().await? {
            return self.require_owner(owner, ours);
        }
        if self.store.list(None).try_next().await?.is_some() {
            bail!(
                "{} has files in it and does not say whose backups it has ({MARK} is not in it). Name an empty folder or \
                 prefix, or put the file back",
                self.location
            );
        }
        let text = serde_json::to_string_pretty(&PlaceMark { about: ABOUT.to_owned(), installation: ours })?;
        let create = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.store.put_opts(&Key::from(MARK), format!("{text}\n").into(), create).await {
            Ok(_) => Ok(()),
            Err(object_store::Error::AlreadyExists { .. }) => {
                let owner = self.read_owner().await?.context("the mark of the backups vanished")?;
                self.require_owner(owner, ours)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn require_owner(&self, owner: InstallationId, ours: InstallationId) -> anyhow::Result<()> {
        if owner != ours {
            bail!("{} has backups of another installation ({owner}; this one is {ours})", self.location);
        }
        Ok(())
    }

    async fn read_owner(&self) -> anyhow::Result<Option<InstallationId>> {
        let Some(bytes) = self.read_small(&Key::from(MARK)).await? else { return Ok(None) };
        let mark: PlaceMark = serde_json::from_slice(&bytes).with_context(|| format!("{MARK} is damaged"))?;
        Ok(Some(mark.installation))
    }

    /// An object that fits into memory; `None` when it is missing.
    pub(super) async fn read_small(&self, key: &Key) -> anyhow::Result<Option<bytes::Bytes>> {
        match self.store.get(key).await {
            Ok(object) => Ok(Some(object.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The size and bytes of an object as a stream; `None` when it is missing.
    pub(super) async fn read_stream(&self, key: &Key) -> object_store::Result<Option<(u64, FileBytes)>> {
        match self.store.get(key).await {
            Ok(object) => Ok(Some((object.meta.size, object.into_stream()))),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn put_small(&self, key: &Key, bytes: Vec<u8>) -> object_store::Result<()> {
        self.store.put(key, PutPayload::from(bytes)).await.map(drop)
    }

    /// The complete backups, the oldest first, and the names of folders without a manifest.
    pub async fn list_backups(&self) -> anyhow::Result<(Vec<BackupName>, Vec<BackupName>)> {
        let folders = self.store.list_with_delimiter(Some(&Key::from(BACKUPS))).await?;
        let (mut complete, mut unfinished) = (Vec::new(), Vec::new());
        for folder in folders.common_prefixes {
            let Some(name) = folder.filename().and_then(|name| name.parse().ok()) else { continue };
            match self.store.head(&Self::manifest_key(name)).await {
                Ok(_) => complete.push(name),
                Err(object_store::Error::NotFound { .. }) => unfinished.push(name),
                Err(error) => return Err(error.into()),
            }
        }
        complete.sort();
        Ok((complete, unfinished))
    }

    /// The manifest of this backup, or of the newest one.
    pub async fn read_manifest(&self, name: Option<BackupName>) -> anyhow::Result<(BackupName, BackupManifest)> {
        let name = match name {
            Some(name) => name,
            None => {
                let (complete, _) = self.list_backups().await?;
                complete.last().copied().with_context(|| format!("{} has no complete backup", self.location))?
            }
        };
        let bytes = self
            .read_small(&Self::manifest_key(name))
            .await?
            .with_context(|| format!("{} has no complete backup {name}", self.location))?;
        let manifest = BackupManifest::read(&bytes).with_context(|| format!("the manifest of {name} can't be read"))?;
        Ok((name, manifest))
    }

    /// Removes a backup, its manifest first: what is left of it if this is interrupted is no backup.
    pub(super) async fn remove_backup(&self, name: BackupName) -> object_store::Result<()> {
        self.remove(&Self::manifest_key(name)).await?;
        let objects: Vec<Key> =
            self.store.list(Some(&Self::folder(name))).map_ok(|object| object.location).try_collect().await?;
        for object in objects {
            self.remove(&object).await?;
        }
        // On a disk, what remains is the folder, and a file that was being written when a process was killed.
        if let ObjectLocation::Folder(folder) = &self.location {
            let folder = folder.join(Self::folder(name).as_ref());
            if let Err(error) = std::fs::remove_dir_all(&folder)
                && error.kind() != std::io::ErrorKind::NotFound
            {
                tracing::warn!(%error, folder = %folder.display(), "could not be removed");
            }
        }
        Ok(())
    }

    pub(super) async fn remove(&self, key: &Key) -> object_store::Result<()> {
        match self.store.delete(key).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The sizes in bytes of the evidence files of all backups, by hash.
    pub(super) async fn list_files(&self) -> object_store::Result<HashMap<Sha256Hash, u64>> {
        let files: BoxStream<'_, _> = self.store.list(Some(&Key::from(FILES)));
        let named = |object: object_store::ObjectMeta| {
            let sha256 = Sha256Hash::try_from(object.location.filename()?.to_owned()).ok()?;
            (Self::file_key(sha256) == object.location).then_some((sha256, object.size))
        };
        files.try_filter_map(move |object| std::future::ready(Ok(named(object)))).try_collect().await
    }

    /// Files are distributed over folders, so that none contains too many.
    pub(super) fn file_key(sha256: Sha256Hash) -> Key {
        let name = sha256.to_string();
        Key::from(format!("{FILES}/{}/{name}", &name[..2]))
    }

    fn folder(name: BackupName) -> Key {
        Key::from(format!("{BACKUPS}/{name}"))
    }

    pub(super) fn manifest_key(name: BackupName) -> Key {
        Self::folder(name).join(MANIFEST)
    }

    pub(super) fn dump_key(name: BackupName) -> Key {
        Self::folder(name).join("database.dump")
    }

    pub(super) fn keys_key(name: BackupName) -> Key {
        Self::folder(name).join("keys.age")
    }
}
