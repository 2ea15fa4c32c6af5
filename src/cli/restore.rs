//! `signoff restore`

use std::process::ExitCode;

use super::{printable::print_line, verify_database::print_report};
use crate::{
    ambient::Clock,
    backup::{self, BackupName, BackupPlace, RestoreRequest},
    config::Config,
    domain::plural::count_with_noun,
    object_location::ObjectLocation,
};

#[derive(Debug, clap::Args)]
pub(super) struct RestoreArgs {
    /// The folder or bucket (s3://bucket/prefix) of the backups
    source: ObjectLocation,
    /// The backup [default: the newest]
    #[arg(long, value_name = "NAME")]
    name: Option<BackupName>,
}

/// Restores, and prints what was restored and what is missing: status 1 when something is missing or wrong.
pub(super) async fn run(config: &Config, args: &RestoreArgs) -> anyhow::Result<ExitCode> {
    let place = BackupPlace::open(&args.source, config.backup_s3.as_ref(), false)?;
    let request = RestoreRequest { config, place, name: args.name, now: Clock::default().now() };
    let outcome = backup::restore(&request).await?;
    let files = count_with_noun(outcome.manifest.files.len(), "evidence file");
    println!("Restored the backup {}, with {files}.", outcome.name);
    for note in &outcome.notes {
        println!("{note}");
    }
    for id in &outcome.missing {
        println!("Missing: the evidence file {id}.");
    }
    print_report(&outcome.report, &outcome.keys);
    print_line(
        &"To look at it: signoff serve --drill. To go on with it, once no server uses the original any more: signoff adopt.",
    );
    let is_whole = outcome.missing.is_empty() && outcome.report.problems.is_empty();
    Ok(ExitCode::from(u8::from(!is_whole)))
}
