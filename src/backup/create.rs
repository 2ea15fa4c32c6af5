//! Making a backup: complete or not at all.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::{Context as _, bail, ensure};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::{PgPool, postgres::PgConnectOptions};
use tokio_util::io::ReaderStream;

use super::{
    keys::{BackedUpKeys, encrypt_keys},
    manifest::{BackupManifest, BackupName, MANIFEST_FORMAT, ManifestFile, StoredObject},
    place::BackupPlace,
    postgres::{collect_complaints, postgres_command},
    retention::Retention,
};
use crate::{
    blobs::{Blobs, PutError, upload_stream},
    config::Config,
    db,
    domain::{
        canonical::Sha256Hash,
        ids::{EvidenceId, InstallationId},
        key_chain::KeyChain,
        time::Moment,
    },
    key_file,
    record::{
        backup_snapshot::{BackupLock, DatabaseSnapshot},
        evidence_store::{self, ExpectedFile},
        operations_status::{OperationName, write_status},
        served_database,
    },
    schema,
};

/// How many evidence files are copied at once.
const COPIES_AT_ONCE: usize = 4;

/// How much of pg_dump's output is read at once, in bytes.
const DUMP_PIECE_BYTES: usize = 256 * 1024;

/// How many files are named in a message.
const MAX_LISTED: usize = 20;

/// What to back up, and where to.
pub struct BackupRequest<'a> {
    pub config: &'a Config,
    pub place: BackupPlace,
    pub retention: Retention,
    /// Makes the backup although evidence is missing or altered, without it.
    pub without_missing: bool,
    pub now: Moment,
}

/// What a backup has, and what was removed after it.
#[derive(Debug)]
pub struct BackupOutcome {
    pub name: BackupName,
    pub manifest: BackupManifest,
    /// The number of evidence files that were not in an earlier backup.
    pub new_files: usize,
    /// Older backups that are no longer kept.
    pub removed: Vec<BackupName>,
    /// Remarks for the operator.
    pub notes: Vec<String>,
}

/// Makes a backup, removes those that are no longer kept, and records how it ended.
///
/// # Errors
/// With a sentence that says what is wrong. Then there is no new backup, and no older one was removed.
pub async fn create(request: &BackupRequest<'_>) -> anyhow::Result<BackupOutcome> {
    let config = request.config;
    ensure!(
        !config.drill,
        "This is a drill (SIGNOFF_DRILL): a copy is not backed up among the backups of the original"
    );
    let pool = db::create_pool(db::connect_options(&config.database_url)?, 2);
    schema::check_ready(&pool).await?;
    let owner = owner_options(config)?;
    db::check_same_database(&pool.connect_options(), &owner).await?;
    let lock = BackupLock::try_acquire(owner.clone()).await.context("the database, at MIGRATION_DATABASE_URL")?;
    let Some(mut lock) = lock else { bail!("Another backup of this database is being made") };
    let made = create_locked(request, &pool, &owner, &mut lock).await;
    let (ok, detail) = match &made {
        Ok(outcome) => (true, outcome.describe(&request.place)),
        Err(error) => (false, format!("{error:#}")),
    };
    if let Err(error) = write_status(&pool, OperationName::Backup, ok, &detail, request.now).await {
        tracing::error!(%error, "how the backup ended could not be recorded");
    }
    pool.close().await;
    made
}

impl BackupOutcome {
    /// One line about it.
    #[must_use]
    pub fn describe(&self, place: &BackupPlace) -> String {
        let bytes: u64 = self.manifest.files.iter().map(|file| file.stored.size).sum();
        let keys = if self.manifest.keys.is_some() { "with the keys" } else { "WITHOUT THE KEYS" };
        format!(
            "{} in {}: database {} bytes, evidence {} files and {bytes} bytes ({} of them new), {keys}",
            self.name,
            place.location(),
            self.manifest.dump.size,
            self.manifest.files.len(),
            self.new_files,
        )
    }
}

pub(super) fn owner_options(config: &Config) -> anyhow::Result<PgConnectOptions> {
    config.migration_database_url.expose_secret().parse().context("MIGRATION_DATABASE_URL is not understood")
}

async fn create_locked(
    request: &BackupRequest<'_>,
    pool: &PgPool,
    owner: &PgConnectOptions,
    lock: &mut BackupLock,
) -> anyhow::Result<BackupOutcome> {
    let config = request.config;
    let installation = evidence_store::load_installation_id(pool)
        .await?
        .context("The database belongs to no key yet: a server has to start on it first")?;
    served_database::check_served(pool, &config.checkpoint_dir, installation, request.now).await?;
    let blobs = Blobs::from_config(config)?;
    evidence_store::check_owner(pool, &blobs).await?;
    let place = &request.place;
    place.claim(installation).await?;
    let (complete, unfinished) = place.list_backups().await?;
    for name in unfinished {
        place.remove_backup(name).await?;
    }
    let name = BackupName::at(request.now);
    ensure!(!complete.contains(&name), "There is a backup of this second already: {name}");
    let mut outcome = match write_backup(request, (owner, lock), &blobs, installation, name).await {
        Ok(outcome) => outcome,
        Err(error) => {
            if let Err(left) = place.remove_backup(name).await {
                tracing::warn!(error = %left, "what there is of the failed backup could not be removed");
            }
            return Err(error);
        }
    };
    if let Err(error) = remove_expired(request, lock, &mut outcome).await {
        outcome.notes.push(format!("Older backups could not be removed: {error:#}"));
    }
    Ok(outcome)
}

async fn write_backup(
    request: &BackupRequest<'_>,
    (owner, lock): (&PgConnectOptions, &mut BackupLock),
    blobs: &Blobs,
    installation: InstallationId,
    name: BackupName,
) -> anyhow::Result<BackupOutcome> {
    let (config, place) = (request.config, &request.place);
    let mut snapshot = DatabaseSnapshot::begin(owner.clone()).await?;
    let keys = match &config.backup_passphrase {
        Some(passphrase) => Some((read_keys(config, &snapshot.load_key_chain().await?)?, passphrase)),
        None => None,
    };
    let dump = dump_database(config, place, name, &snapshot).await?;
    let expected = snapshot.list_expected_files().await?;
    let postgres = snapshot.version.clone();
    snapshot.end().await?;
    let copied = copy_files(place, blobs, &expected).await?;
    let mut notes = copied.notes;
    if !copied.missing.is_empty() {
        let listed = describe_missing(&copied.missing);
        ensure!(
            request.without_missing,
            "The evidence store lacks {} of the {} files that the database names:\n{listed}Put them back, or record the loss \
             with `signoff redact`. Until then, --without-missing makes a backup without them",
            copied.missing.len(),
            expected.len()
        );
        notes.push(format!("The backup is without {} evidence files:\n{listed}", copied.missing.len()));
    }
    let keys = match keys {
        Some((keys, passphrase)) => Some(store_keys(place, name, keys, passphrase).await?),
        None => {
            notes.push(
                "THE KEYS ARE NOT IN THE BACKUP, because SIGNOFF_BACKUP_PASSPHRASE is not set. Without the key file and \
                 SIGNOFF_SECRET_KEY, nobody can go on with what is restored: keep copies of both elsewhere."
                    .to_owned(),
            );
            None
        }
    };
    let missing: HashSet<EvidenceId> = copied.missing.keys().copied().collect();
    let files = expected.iter().filter(|file| !missing.contains(&file.id));
    let manifest = BackupManifest {
        about: BackupManifest::note(),
        format: MANIFEST_FORMAT,
        installation,
        begun_at: request.now,
        signoff: env!("CARGO_PKG_VERSION").to_owned(),
        schema: schema::newest_version(),
        postgres,
        dump,
        keys,
        files: files
            .map(|file| ManifestFile { id: file.id, stored: StoredObject { sha256: file.sha256, size: file.size } })
            .collect(),
        missing: copied.missing.into_keys().collect(),
    };
    lock.check_held().await.context("the lock of the backup was lost")?;
    place.put_small(&BackupPlace::manifest_key(name), serde_json::to_vec_pretty(&manifest)?).await?;
    Ok(BackupOutcome { name, manifest, new_files: copied.new_files, removed: Vec::new(), notes })
}

/// Streams pg_dump's output of the moment of the snapshot.
async fn dump_database(
    config: &Config,
    place: &BackupPlace,
    name: BackupName,
    snapshot: &DatabaseSnapshot,
) -> anyhow::Result<StoredObject> {
    let mut command = postgres_command("pg_dump", snapshot.major, &config.migration_database_url).await?;
    command.arg("--format=custom").arg(format!("--snapshot={}", snapshot.id));
    let mut child = command.spawn().context("pg_dump can't be run")?;
    let complaints = collect_complaints(child.stderr.take());
    let output = child.stdout.take().context("pg_dump has no output")?;
    let output = ReaderStream::with_capacity(output, DUMP_PIECE_BYTES);
    let stored = upload_stream(place.store.as_ref(), &BackupPlace::dump_key(name), output, u64::MAX)
        .await
        .context("the dump of the database can't be stored")?;
    let status = child.wait().await?;
    ensure!(status.success(), "pg_dump could not dump the database: {}", complaints.await?);
    Ok(StoredObject { sha256: stored.sha256, size: stored.size })
}

/// Why a file is not in a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CopyDefect {
    Missing,
    /// It has other bytes than were attached.
    Altered,
}

/// What became of the evidence files.
struct CopiedFiles {
    new_files: usize,
    missing: BTreeMap<EvidenceId, CopyDefect>,
    notes: Vec<String>,
}

/// Stores the files that no earlier backup stored.
async fn copy_files(place: &BackupPlace, blobs: &Blobs, expected: &[ExpectedFile]) -> anyhow::Result<CopiedFiles> {
    let known: HashMap<Sha256Hash, u64> = place.list_files().await?;
    let present: HashSet<EvidenceId> = blobs
        .list()
        .try_filter_map(async |entry| Ok(entry.picture.is_none().then_some(entry.id)))
        .try_collect()
        .await
        .context("the evidence store can't be listed")?;
    let mut by_hash: BTreeMap<Sha256Hash, Vec<ExpectedFile>> = BTreeMap::new();
    let mut lost = 0;
    for file in expected {
        let is_known = known.get(&file.sha256) == Some(&file.size);
        lost += usize::from(is_known && !present.contains(&file.id));
        if !is_known {
            by_hash.entry(file.sha256).or_default().push(*file);
        }
    }
    let mut notes = Vec::new();
    if lost > 0 {
        notes.push(format!(
            "The evidence store lacks {lost} files that earlier backups have, and so has this one. `signoff verify --database` \
             names them."
        ));
    }
    let mut copied = CopiedFiles { new_files: 0, missing: BTreeMap::new(), notes };
    let results: Vec<_> = stream::iter(by_hash.into_values().map(|same| copy_file(place, blobs, same)))
        .buffer_unordered(COPIES_AT_ONCE)
        .try_collect()
        .await?;
    for (same, defect) in results {
        match defect {
            None => copied.new_files += 1,
            Some(defect) => copied.missing.extend(same.iter().map(|file| (file.id, defect))),
        }
    }
    Ok(copied)
}

/// Stores the bytes that all these files have, from the first one that is as it was attached.
async fn copy_file(
    place: &BackupPlace,
    blobs: &Blobs,
    same: Vec<ExpectedFile>,
) -> anyhow::Result<(Vec<ExpectedFile>, Option<CopyDefect>)> {
    let mut defect = CopyDefect::Missing;
    for ExpectedFile { id, sha256, size } in &same {
        let Some(bytes) = blobs.open_verifying(*id, *sha256).await.context("the evidence store can't be read")? else {
            continue;
        };
        match upload_stream(place.store.as_ref(), &BackupPlace::file_key(*sha256), bytes, *size).await {
            Ok(_) => return Ok((same, None)),
            // The stream ends with an error when the hash is another one, and when the store fails.
            Err(PutError::Interrupted(error)) => {
                if blobs.hash(*id).await? == Some(*sha256) {
                    return Err(error.context(format!("evidence {id} can't be read")));
                }
                defect = CopyDefect::Altered;
            }
            Err(PutError::TooLarge(_)) => defect = CopyDefect::Altered,
            Err(error) => return Err(anyhow::Error::from(error).context(format!("evidence {id} can't be stored"))),
        }
    }
    Ok((same, Some(defect)))
}

fn describe_missing(missing: &BTreeMap<EvidenceId, CopyDefect>) -> String {
    let mut listed = String::new();
    for (id, defect) in missing.iter().take(MAX_LISTED) {
        let how = match defect {
            CopyDefect::Missing => "is missing",
            CopyDefect::Altered => "has other bytes than were attached",
        };
        listed += &format!("  The evidence file {id} {how}.\n");
    }
    if missing.len() > MAX_LISTED {
        listed += &format!("  … and {} more.\n", missing.len() - MAX_LISTED);
    }
    listed
}

/// The keys that the settings name. Nobody could go on with a backup that has another key than the newest.
fn read_keys(config: &Config, chain: &KeyChain) -> anyhow::Result<BackedUpKeys> {
    let key = key_file::read(&config.key_file)?;
    let (file, newest) = (config.key_file.display(), chain.newest_number());
    match chain.number_of(&key.public_key()) {
        Some(number) if number == newest => {}
        Some(number) => bail!(
            "The key file {file} has key {number} of this installation, which is not used any more since there is key {newest}. \
             Name the file of key {newest} in SIGNOFF_KEY_FILE: it is what the backup needs"
        ),
        None => bail!(
            "The key file {file} has no key of this installation. Name the file of its newest key in SIGNOFF_KEY_FILE: it is \
             what the backup needs"
        ),
    }
    Ok(BackedUpKeys {
        key_file: key.to_text().to_string(),
        secret_key: config.secret_key.as_ref().map(|key| key.to_hex().to_string()),
    })
}

async fn store_keys(
    place: &BackupPlace,
    name: BackupName,
    keys: BackedUpKeys,
    passphrase: &SecretString,
) -> anyhow::Result<StoredObject> {
    let passphrase = passphrase.clone();
    // Making a key of a passphrase takes a second on purpose.
    let encrypted = tokio::task::spawn_blocking(move || encrypt_keys(&keys, &passphrase)).await??;
    let stored = StoredObject { sha256: Sha256Hash::compute(&encrypted), size: encrypted.len() as u64 };
    place.put_small(&BackupPlace::keys_key(name), encrypted).await?;
    Ok(stored)
}

/// Removes the backups that are no longer kept, and then the evidence files that no backup names any more.
async fn remove_expired(
    request: &BackupRequest<'_>,
    lock: &mut BackupLock,
    outcome: &mut BackupOutcome,
) -> anyhow::Result<()> {
    let place = &request.place;
    let (complete, _) = place.list_backups().await?;
    let mut manifests = Vec::new();
    let mut damaged = 0;
    for name in complete {
        match place.read_manifest(Some(name)).await {
            Ok((_, manifest)) => manifests.push((name, manifest)),
            Err(error) => {
                damaged += 1;
                outcome.notes.push(format!("The backup {name} is damaged, and was left as it is: {error:#}"));
            }
        }
    }
    let states: Vec<_> = manifests.iter().map(|(name, manifest)| (*name, manifest.missing.is_empty())).collect();
    lock.check_held().await?;
    outcome.removed = request.retention.find_expired(&states, request.now);
    for name in &outcome.removed {
        place.remove_backup(*name).await?;
    }
    // A manifest that can't be read may name any file.
    if damaged > 0 {
        return Ok(());
    }
    let named: HashSet<Sha256Hash> = manifests
        .iter()
        .filter(|(name, _)| !outcome.removed.contains(name))
        .flat_map(|(_, manifest)| manifest.files.iter().map(|file| file.stored.sha256))
        .collect();
    for sha256 in place.list_files().await?.into_keys().filter(|sha256| !named.contains(sha256)) {
        lock.check_held().await?;
        place.remove(&BackupPlace::file_key(sha256)).await?;
    }
    Ok(())
}
