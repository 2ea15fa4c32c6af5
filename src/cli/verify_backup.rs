//! `signoff verify --backup`

use std::{fmt::Write as _, path::Path, process::ExitCode};

use super::printable::print_line;
use crate::{
    backup::{self, BackupName, BackupPlace},
    config::Config,
    domain::plural::count_with_noun,
    env_file::EnvSettings,
    object_location::ObjectLocation,
};

#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct VerifyBackupArgs {
    /// Verify that a backup is complete, instead, in this folder or bucket of backups. A bucket needs the settings of
    /// its account
    #[arg(long, value_name = "SOURCE", conflicts_with_all = ["bundle", "key", "checkpoint", "database"])]
    pub(super) backup: Option<ObjectLocation>,
    /// The backup [default: the newest]
    #[arg(long, value_name = "NAME", requires = "backup", conflicts_with = "all")]
    name: Option<BackupName>,
    /// Every backup that is there
    #[arg(long, requires = "backup")]
    all: bool,
}

/// How many defects are listed.
const MAX_LISTED: usize = 20;

/// Verifies backups, and prints the result on standard output: status 0 when all are complete, 1 when one lacks
/// something, 2 when there is none or it can't be read.
pub(super) fn run(source: &ObjectLocation, args: &VerifyBackupArgs, env_file: Option<&Path>) -> ExitCode {
    let verified = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(verify(source, args, env_file)));
    match verified {
        Ok(is_whole) => ExitCode::from(u8::from(!is_whole)),
        Err(error) => {
            print_line(&format_args!("{error:#}"));
            ExitCode::from(2)
        }
    }
}

async fn verify(source: &ObjectLocation, args: &VerifyBackupArgs, env_file: Option<&Path>) -> anyhow::Result<bool> {
    let account = match source {
        ObjectLocation::Folder(_) => None,
        ObjectLocation::Bucket { .. } => {
            let settings = EnvSettings::read(env_file)?;
            Config::read(|name| settings.get(name))?.backup_s3
        }
    };
    let place = BackupPlace::open(source, account.as_ref(), false)?;
    let names = if args.all { place.list_backups().await?.0 } else { vec![place.read_manifest(args.name).await?.0] };
    anyhow::ensure!(!names.is_empty(), "{source} has no complete backup");
    let mut is_whole = true;
    for name in names {
        let (_, manifest) = place.read_manifest(Some(name)).await?;
        let defects = backup::verify(&place, name, &manifest).await?;
        is_whole &= defects.is_empty() && manifest.missing.is_empty();
        print_line(&describe(name, &manifest, &defects)?);
    }
    Ok(is_whole)
}

fn describe(
    name: BackupName,
    manifest: &backup::BackupManifest,
    defects: &[backup::BackupDefect],
) -> Result<String, std::fmt::Error> {
    let mut report = String::new();
    for defect in defects.iter().take(MAX_LISTED) {
        writeln!(report, "{defect}.")?;
    }
    if defects.len() > MAX_LISTED {
        writeln!(report, "… and {} more.", defects.len() - MAX_LISTED)?;
    }
    for id in &manifest.missing {
        writeln!(report, "The evidence file {id} was missing when the backup was made.")?;
    }
    let keys = if manifest.keys.is_some() { "and the keys, encrypted" } else { "WITHOUT THE KEYS" };
    let files = count_with_noun(manifest.files.len(), "evidence file");
    if defects.is_empty() && manifest.missing.is_empty() {
        write!(report, "Whole: the backup {name} has the database, {files}, {keys}.")?;
    } else {
        write!(report, "Incomplete: the backup {name} ({files}, {keys}).")?;
    }
    Ok(report)
}
