//! Restoring a backup into an empty database and an empty evidence store.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};
use futures_util::TryStreamExt as _;
use sqlx::postgres::PgConnectOptions;
use tokio::io::AsyncWriteExt as _;

use super::{
    create::owner_options,
    keys::{BackedUpKeys, decrypt_keys},
    manifest::{BackupManifest, BackupName, ManifestFile},
    place::BackupPlace,
    postgres::{collect_complaints, postgres_command},
    verify::check_object,
};
use crate::{
    blobs::{Blobs, FileBytes, PutError, verify_stream},
    config::Config,
    db,
    domain::{ids::EvidenceId, key::PrivateKey, key_chain::KeyChain, time::Moment},
    key_file,
    record::{
        backup_snapshot::{count_tables, read_major_version},
        operations_status::{OperationName, write_status},
        verify::{InstallationReport, KeyPeriods, verify_installation},
    },
    schema,
};

/// The name of the file with SIGNOFF_SECRET_KEY, beside the key file.
const SECRET_KEY_FILE: &str = "signoff-secret-key";

/// What to restore, and into what: the settings name the database, the evidence store and the key file.
pub struct RestoreRequest<'a> {
    pub config: &'a Config,
    pub place: BackupPlace,
    /// The backup; `None` for the newest.
    pub name: Option<BackupName>,
    pub now: Moment,
}

#[derive(Debug)]
pub struct RestoreOutcome {
    pub name: BackupName,
    pub manifest: BackupManifest,
    /// Evidence whose file is missing in the backup or damaged.
    pub missing: Vec<EvidenceId>,
    /// The verification of everything that was restored.
    pub report: InstallationReport,
    /// The keys of the installation by which it was verified.
    pub keys: KeyChain,
    /// Remarks for the operator.
    pub notes: Vec<String>,
}

/// Restores a backup and verifies it.
///
/// # Errors
/// With a sentence that says what to do. What is wrong with the backup's keys, manifest and dump, and with the places
/// that have to be empty, is found before anything is written.
pub async fn restore(request: &RestoreRequest<'_>) -> anyhow::Result<RestoreOutcome> {
    let (config, place) = (request.config, &request.place);
    let (name, manifest) = place.read_manifest(request.name).await?;
    ensure!(
        manifest.schema <= schema::newest_version(),
        "The backup {name} is of a newer signoff ({}): restore it with that version, or a later one",
        manifest.signoff
    );
    if let Some(defect) = check_object(place, BackupPlace::dump_key(name), manifest.dump).await? {
        bail!("The backup can't be restored: {defect}");
    }
    let keys = open_keys(config, place, name, &manifest).await?;
    let (key, write_key) = choose_key(config, keys.as_ref(), &manifest)?;
    let secret_key = choose_secret_key(config, keys.as_ref())?;
    let owner = owner_options(config)?;
    db::check_same_database(&db::connect_options(&config.database_url)?, &owner).await?;
    let blobs = Blobs::from_config(config)?;
    require_empty(config, &owner, &blobs).await?;
    drop(schema::connect_as_owner(owner.clone()).await?);

    let mut notes = Vec::new();
    if let Some(text) = write_key {
        write_secret(&config.key_file, &text)?;
        notes.push(format!("The key file was written to {}.", config.key_file.display()));
    }
    if let Some(text) = secret_key {
        let path: PathBuf = config.key_file.with_file_name(SECRET_KEY_FILE);
        write_secret(&path, text)?;
        notes.push(format!(
            "SIGNOFF_SECRET_KEY of the backup was written to {}: set SIGNOFF_SECRET_KEY_FILE to it.",
            path.display()
        ));
    }
    restore_database(config, place, name, &manifest, &owner).await?;
    schema::migrate(owner).await?;
    let files = restore_files(place, &blobs, &manifest).await.context(
        "The database is restored and the evidence is not complete. Empty both, and restore once more when this is mended",
    )?;
    let pool = db::create_pool(db::connect_options(&config.database_url)?, 2);
    schema::check_ready(&pool).await?;
    let report = verify_installation(&pool, &blobs, &key.public_key(), &[]).await?;
    let keys = KeyPeriods::load(&pool, &key.public_key()).await?.chain().clone();
    if *keys.newest() != key.public_key() {
        notes.push(format!(
            "THE KEY IN {} IS NOT THE NEWEST of the installation, and no server starts with it: put key {} there.",
            config.key_file.display(),
            keys.newest_number()
        ));
    }
    let mut missing = manifest.missing.clone();
    missing.extend(files);
    let ok = missing.is_empty() && report.problems.is_empty();
    let detail = format!(
        "{name} from {}: {} evidence files missing, {} problems found",
        place.location(),
        missing.len(),
        report.problems.len()
    );
    write_status(&pool, OperationName::Restore, ok, &detail, request.now).await?;
    pool.close().await;
    Ok(RestoreOutcome { name, manifest, missing, report, keys, notes })
}

/// The keys in the backup; `None` when it has none, or the passphrase is not set.
async fn open_keys(
    config: &Config,
    place: &BackupPlace,
    name: BackupName,
    manifest: &BackupManifest,
) -> anyhow::Result<Option<BackedUpKeys>> {
    let (Some(_), Some(passphrase)) = (manifest.keys, config.backup_passphrase.clone()) else { return Ok(None) };
    let encrypted =
        place.read_small(&BackupPlace::keys_key(name)).await?.context("keys.age is missing in the backup")?;
    tokio::task::spawn_blocking(move || decrypt_keys(&encrypted, &passphrase)).await?.map(Some)
}

/// The key of the installation: that of the key file, or else that of the backup, with the text to write to the file.
fn choose_key(
    config: &Config,
    keys: Option<&BackedUpKeys>,
    manifest: &BackupManifest,
) -> anyhow::Result<(PrivateKey, Option<String>)> {
    let file = config.key_file.display();
    let backed_up = keys.map(|keys| {
        PrivateKey::from_text(&keys.key_file).map_err(|error| anyhow::anyhow!("keys.age has no key: {error}"))
    });
    let backed_up = backed_up.transpose()?;
    let (key, text) = if config.key_file.try_exists().with_context(|| format!("the key file {file}"))? {
        let key = key_file::read(&config.key_file)?;
        if backed_up.is_some_and(|other| other.public_key() != key.public_key()) {
            bail!("The key file {file} has another key than the backup. Move it away, and the backup's is written");
        }
        (key, None)
    } else {
        let why = if manifest.keys.is_some() {
            "set SIGNOFF_BACKUP_PASSPHRASE, and the backup's key is written to it"
        } else {
            "the backup has no keys, so put your own copy there"
        };
        let key = backed_up.with_context(|| format!("The key file {file} does not exist: {why}"))?;
        (key, keys.map(|keys| keys.key_file.clone()))
    };
    ensure!(
        key.public_key().installation() == manifest.installation,
        "The key in {file} is of another installation than the backup ({})",
        manifest.installation
    );
    Ok((key, text))
}

/// Refuses a database with tables, and an evidence store with anything in it.
async fn require_empty(config: &Config, owner: &PgConnectOptions, blobs: &Blobs) -> anyhow::Result<()> {
    let tables = count_tables(owner).await.context("the database, at MIGRATION_DATABASE_URL")?;
    ensure!(
        tables == 0,
        "The database in MIGRATION_DATABASE_URL is not empty. A backup is restored into an empty one only"
    );
    ensure!(
        blobs.is_empty().await.context("the evidence store can't be listed")?,
        "The evidence store {} is not empty. A backup is restored into an empty one only",
        config.evidence_location()
    );
    Ok(())
}

/// Writes a new file that only its owner may read. One with the same content is left as it is: an earlier restore wrote it,
/// and failed after that.
fn write_secret(path: &Path, text: &str) -> anyhow::Result<()> {
    let named = || format!("{} can't be written", path.display());
    let mut file = match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && has_text(path, text) => return Ok(()),
        opened => opened.with_context(named)?,
    };
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).with_context(named)
}

fn has_text(path: &Path, text: &str) -> bool {
    fs::read(path).is_ok_and(|there| there == text.as_bytes())
}

/// The backup's SIGNOFF_SECRET_KEY, if none is set here. It must not be another than the one that is set.
fn choose_secret_key<'a>(config: &Config, keys: Option<&'a BackedUpKeys>) -> anyhow::Result<Option<&'a str>> {
    let Some(backed_up) = keys.and_then(|keys| keys.secret_key.as_deref()) else { return Ok(None) };
    match &config.secret_key {
        None => Ok(Some(backed_up)),
        Some(set) if set.to_hex().as_str() == backed_up => Ok(None),
        Some(_) => bail!(
            "SIGNOFF_SECRET_KEY is another than that of the backup, which the restored secrets need. Remove the setting, and \
             the backup's is written to a file"
        ),
    }
}

/// Streams the dump into pg_restore, in one transaction.
async fn restore_database(
    config: &Config,
    place: &BackupPlace,
    name: BackupName,
    manifest: &BackupManifest,
    owner: &PgConnectOptions,
) -> anyhow::Result<()> {
    let key = BackupPlace::dump_key(name);
    let (_, dump) = place.read_stream(&key).await?.with_context(|| format!("{key} is missing"))?;
    let dump = verify_stream(key.to_string(), dump, manifest.dump.sha256);
    let mut dump = std::pin::pin!(dump);
    let major = read_major_version(owner).await?;
    let mut command = postgres_command("pg_restore", major, &config.migration_database_url).await?;
    // Roles have other names elsewhere: what is restored belongs to the owner of the database.
    command.args(["--exit-on-error", "--single-transaction", "--no-owner", "--no-comments"]);
    command.arg(format!("--dbname={}", owner.get_database().unwrap_or_default()));
    command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::null());
    let mut child = command.spawn().context("pg_restore can't be run")?;
    let complaints = collect_complaints(child.stderr.take());
    let mut input = child.stdin.take().context("pg_restore has no input")?;
    while let Some(piece) = dump.try_next().await.context("the dump can't be read")? {
        // When it ends early, it says why.
        if input.write_all(&piece).await.is_err() {
            break;
        }
    }
    drop(input);
    let status = child.wait().await?;
    ensure!(status.success(), "pg_restore could not restore the database: {}", complaints.await?);
    Ok(())
}

/// Stores the evidence files. Returns those that are missing in the backup or damaged.
async fn restore_files(
    place: &BackupPlace,
    blobs: &Blobs,
    manifest: &BackupManifest,
) -> anyhow::Result<Vec<EvidenceId>> {
    ensure!(blobs.write_owner(manifest.installation).await?, "the evidence store was taken meanwhile");
    let mut missing = Vec::new();
    for ManifestFile { id, stored } in &manifest.files {
        let key = BackupPlace::file_key(stored.sha256);
        let Some((_, bytes)) = place.read_stream(&key).await? else {
            missing.push(*id);
            continue;
        };
        let bytes: FileBytes = Box::pin(verify_stream(key.to_string(), bytes, stored.sha256));
        match blobs.put(*id, bytes, stored.size).await {
            Ok(_) => {}
            Err(PutError::TooLarge(_)) => missing.push(*id),
            Err(PutError::Interrupted(error)) => {
                // Damaged bytes are missing; a store that can't be read is not.
                if check_object(place, key, *stored).await?.is_none() {
                    return Err(error);
                }
                missing.push(*id);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(missing)
}
