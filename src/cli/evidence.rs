//! `signoff evidence`

use std::process::ExitCode;

use anyhow::{Context as _, ensure};
use clap::Subcommand;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::{
    ambient::Clock,
    blobs::{Blobs, PutError},
    config::Config,
    db,
    domain::{ids::InstallationId, plural::count_with_noun},
    key_file,
    object_location::ObjectLocation,
    record::evidence_store::{ExpectedFile, compare_with_database, list_expected_files, mark_store},
    schema,
};

/// How many files are copied at once.
const COPIES_AT_ONCE: usize = 4;

/// What to do about the evidence store.
#[derive(Debug, Subcommand)]
pub(super) enum EvidenceAction {
    /// Take the store that the settings name as this installation's, when the server can't tell whose it is. Nothing in
    /// it is removed, and a store that says that it is another's is left alone.
    Adopt,
    /// Copy every evidence file that the database names to another folder or bucket, and verify each. Files that are
    /// there already are verified too and not copied again, so it can be repeated.
    Copy {
        /// The folder or bucket that has the files.
        #[arg(long)]
        from: ObjectLocation,
        /// An empty folder or bucket, or one that an earlier copy went to.
        #[arg(long)]
        to: ObjectLocation,
    },
}

pub(super) async fn run(config: &Config, action: &EvidenceAction) -> anyhow::Result<ExitCode> {
    match action {
        EvidenceAction::Adopt => adopt(config).await,
        EvidenceAction::Copy { from, to } => copy(config, from, to).await,
    }
}

async fn adopt(config: &Config) -> anyhow::Result<ExitCode> {
    ensure!(!config.drill, "This is a drill (SIGNOFF_DRILL): a copy to look at takes no evidence store");
    let installation = key_file::read(&config.key_file)?.public_key().installation();
    let pool = db::create_pool(db::connect_options(&config.database_url)?, 1);
    schema::check_ready(&pool).await?;
    let blobs = Blobs::from_config(config)?;
    mark_store(&blobs, installation).await?;
    let (census, _) = compare_with_database(&pool, &blobs, Clock::default().now()).await?;
    pool.close().await;
    println!("{} is the evidence store of installation {installation}.", config.evidence_location());
    let files = count_with_noun(census.files, "file");
    println!("It holds {files}, of which the database names {}.", census.referenced);
    Ok(ExitCode::SUCCESS)
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CopyResult {
    Copied,
    WasThere,
    /// It is missing in the first store, or has other bytes than were attached.
    Missing,
}

async fn copy(config: &Config, from: &ObjectLocation, to: &ObjectLocation) -> anyhow::Result<ExitCode> {
    ensure!(from != to, "--from and --to are the same");
    let installation = key_file::read(&config.key_file)?.public_key().installation();
    let pool = db::create_pool(db::connect_options(&config.database_url)?, 1);
    schema::check_ready(&pool).await?;
    let (source, target) = (open(config, from)?, open(config, to)?);
    require_owned(&source, from, installation).await?;
    if target.read_owner().await?.is_none() {
        ensure!(target.is_empty().await?, "{to} is not empty, and no evidence store. Name an empty folder or prefix");
        target.write_owner(installation).await?;
    }
    require_owned(&target, to, installation).await?;
    let expected = list_expected_files(&pool).await?;
    pool.close().await;
    let results: Vec<(ExpectedFile, CopyResult)> =
        stream::iter(expected.into_iter().map(|file| copy_file(&source, &target, file)))
            .buffer_unordered(COPIES_AT_ONCE)
            .try_collect()
            .await?;
    let count = |expected| results.iter().filter(|(_, result)| *result == expected).count();
    for (file, _) in results.iter().filter(|(_, result)| *result == CopyResult::Missing) {
        println!("The evidence file {} is missing in {from}, or altered.", file.id);
    }
    println!(
        "{} copied to {to}, {} were there; all were read again and have the bytes that were attached. {} missing.",
        count_with_noun(count(CopyResult::Copied), "file"),
        count(CopyResult::WasThere),
        count(CopyResult::Missing),
    );
    Ok(ExitCode::from(u8::from(count(CopyResult::Missing) > 0)))
}

fn open(config: &Config, location: &ObjectLocation) -> anyhow::Result<Blobs> {
    if let ObjectLocation::Folder(folder) = location
        && config.evidence_location() == *location
    {
        ensure!(folder.is_dir(), "{location} is no folder");
    }
    Blobs::open_at(location, config.s3.as_ref())
}

async fn require_owned(blobs: &Blobs, location: &ObjectLocation, ours: InstallationId) -> anyhow::Result<()> {
    let owner = blobs.read_owner().await?;
    let owner =
        owner.with_context(|| format!("{location} does not say whose evidence it has: signoff evidence adopt"))?;
    ensure!(owner == ours, "{location} has the evidence of another installation ({owner}; this one is {ours})");
    Ok(())
}

async fn copy_file(source: &Blobs, target: &Blobs, file: ExpectedFile) -> anyhow::Result<(ExpectedFile, CopyResult)> {
    let ExpectedFile { id, sha256, size } = file;
    let named = || format!("evidence {id}");
    if target.hash(id).await.with_context(named)? == Some(sha256) {
        return Ok((file, CopyResult::WasThere));
    }
    let Some(bytes) = source.open_verifying(id, sha256).await.with_context(named)? else {
        return Ok((file, CopyResult::Missing));
    };
    match target.put(id, bytes, size).await {
        Ok(_) => {}
        Err(PutError::TooLarge(_)) => return Ok((file, CopyResult::Missing)),
        // The stream ends with an error when the hash is another one, and when the store fails.
        Err(PutError::Interrupted(error)) => {
            if source.hash(id).await.with_context(named)? == Some(sha256) {
                return Err(error.context(named()));
            }
            return Ok((file, CopyResult::Missing));
        }
        Err(error) => return Err(anyhow::Error::from(error).context(named())),
    }
    let written = target.hash(id).await.with_context(named)?;
    ensure!(written == Some(sha256), "{}: what was written has other bytes when it is read again", named());
    Ok((file, CopyResult::Copied))
}
