//! Verifying that a backup is complete: everything that its manifest names is there, with the bytes that were stored.

use std::{collections::BTreeMap, fmt};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use object_store::path::Path as Key;
use sha2::{Digest as _, Sha256};

use super::{
    manifest::{BackupManifest, BackupName, StoredObject},
    place::BackupPlace,
};
use crate::{blobs::FileBytes, domain::canonical::Sha256Hash};

/// How many objects are read at once.
const READS_AT_ONCE: usize = 4;

/// What is wrong with an object of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupDefect {
    /// The object, by its path in the place of backups.
    pub object: String,
    pub kind: BackupDefectKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackupDefectKind {
    Missing,
    WrongSize,
    /// Its bytes have another hash.
    WrongBytes,
}

impl fmt::Display for BackupDefect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self.kind {
            BackupDefectKind::Missing => "is missing",
            BackupDefectKind::WrongSize => "has another size than the manifest says",
            BackupDefectKind::WrongBytes => "has other bytes than the manifest says",
        };
        write!(f, "{} {how}", self.object)
    }
}

/// Reads everything that the manifest of a backup names, and returns what is wrong with it.
///
/// # Errors
/// When an object that is there can't be read.
pub async fn verify(
    place: &BackupPlace,
    name: BackupName,
    manifest: &BackupManifest,
) -> anyhow::Result<Vec<BackupDefect>> {
    let mut objects = vec![(BackupPlace::dump_key(name), manifest.dump)];
    objects.extend(manifest.keys.map(|keys| (BackupPlace::keys_key(name), keys)));
    let files: BTreeMap<Sha256Hash, StoredObject> =
        manifest.files.iter().map(|file| (file.stored.sha256, file.stored)).collect();
    objects.extend(files.into_values().map(|stored| (BackupPlace::file_key(stored.sha256), stored)));
    let checked: Vec<Option<BackupDefect>> =
        stream::iter(objects.into_iter().map(|(key, stored)| check_object(place, key, stored)))
            .buffered(READS_AT_ONCE)
            .try_collect()
            .await?;
    Ok(checked.into_iter().flatten().collect())
}

pub(super) async fn check_object(
    place: &BackupPlace,
    key: Key,
    stored: StoredObject,
) -> object_store::Result<Option<BackupDefect>> {
    let kind = match place.read_stream(&key).await? {
        None => Some(BackupDefectKind::Missing),
        Some((size, _)) if size != stored.size => Some(BackupDefectKind::WrongSize),
        Some((_, bytes)) => (hash_stream(bytes).await? != stored.sha256).then_some(BackupDefectKind::WrongBytes),
    };
    Ok(kind.map(|kind| BackupDefect { object: key.to_string(), kind }))
}

async fn hash_stream(mut bytes: FileBytes) -> object_store::Result<Sha256Hash> {
    let mut sha = Sha256::new();
    while let Some(piece) = bytes.try_next().await? {
        sha.update(&piece);
    }
    Ok(Sha256Hash(sha.finalize().into()))
}
