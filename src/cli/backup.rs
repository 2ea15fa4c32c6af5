//! `signoff backup`

use anyhow::Context as _;

use crate::{
    ambient::Clock,
    backup::{self, BackupPlace, BackupRequest, Retention},
    config::Config,
    object_location::ObjectLocation,
};

#[derive(Debug, clap::Args)]
pub(super) struct BackupArgs {
    /// A folder or a bucket (s3://bucket/prefix) for this installation's backups [default: the one that the setting
    /// SIGNOFF_BACKUP_TO names]
    dest: Option<ObjectLocation>,
    /// Keep every backup for this many days. The newest complete one is kept always
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3_660))]
    keep_days: u32,
    /// Keep the newest backup of each of this many months
    #[arg(long, value_name = "MONTHS", default_value_t = 12, value_parser = clap::value_parser!(u32).range(0..=1_200))]
    keep_months: u32,
    /// Make the backup although evidence is missing or altered, and name that in it
    #[arg(long)]
    without_missing: bool,
}

pub(super) async fn run(config: &Config, args: &BackupArgs) -> anyhow::Result<()> {
    let dest = args.dest.as_ref().or(config.backup_to.as_ref());
    let dest = dest.context("Name the folder or bucket of the backups, or set SIGNOFF_BACKUP_TO")?;
    let request = BackupRequest {
        config,
        place: BackupPlace::open(dest, config.backup_s3.as_ref(), true)?,
        retention: Retention { days: args.keep_days, months: args.keep_months },
        without_missing: args.without_missing,
        now: Clock::default().now(),
    };
    let outcome = backup::create(&request).await?;
    for note in &outcome.notes {
        eprintln!("signoff: {note}");
    }
    println!("{}", outcome.describe(&request.place));
    for name in &outcome.removed {
        println!("Removed {name}, which is no longer kept.");
    }
    Ok(())
}
