//! `signoff doctor`: whether an installation is set up as it should be, a line for each thing and what to do about it.
//!
//! It changes nothing: it registers no key and marks no folder. It writes and removes probes, which is how a folder is
//! known to be writable.

use std::process::ExitCode;

use lettre::Address;

use self::report::{DoctorReport, FindingStatus};
use super::read_config;
use crate::{ambient::Clock, config::Config, env_file::EnvSettings};

mod database;
mod files;
mod http_client;
mod mail;
mod operation;
mod public_url;
mod redis;
mod report;

#[derive(Debug, clap::Args)]
pub(super) struct DoctorArgs {
    /// Send a mail to this address, to see whether it arrives
    #[arg(long, value_name = "ADDRESS")]
    mail_to: Option<Address>,
    /// Print one JSON object instead of lines
    #[arg(long)]
    json: bool,
}

/// Checks everything and prints it: status 0 when all is well, 1 with warnings, 2 with failures.
pub(super) fn run(settings: &EnvSettings, args: &DoctorArgs) -> anyhow::Result<ExitCode> {
    let mut report = DoctorReport::default();
    match read_config(settings, true) {
        Err(wrong) => report.fail("settings", wrong.to_string(), "docs/configuration.md has every setting."),
        Ok(config) => {
            check_settings(&config, &mut report);
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(check_installation(&config, args, &mut report));
        }
    }
    if args.json {
        println!("{:#}", report.to_json());
    } else {
        print!("{}", report.to_text());
    }
    Ok(ExitCode::from(match report.worst() {
        FindingStatus::Ok => 0,
        FindingStatus::Warning => 1,
        FindingStatus::Failure => 2,
    }))
}

fn check_settings(config: &Config, report: &mut DoctorReport) {
    let open = config.unencrypted_settings();
    if open.is_empty() {
        report.ok("settings", "all are understood");
    } else {
        report.warn(
            "settings",
            format!("{} leads to another machine without TLS that checks whom it talks to", open.join(", ")),
            "Use sslmode=verify-full and rediss://, unless the network between the machines is private (docs/security.md).",
        );
    }
    if config.secret_key.is_none() {
        report.warn(
            "secret key",
            "SIGNOFF_SECRET_KEY is not set, so nobody can have a second factor and no mail is sent",
            "Set it to what `openssl rand -hex 32` prints, and keep a copy.",
        );
    }
}

async fn check_installation(config: &Config, args: &DoctorArgs, report: &mut DoctorReport) {
    let clock = &Clock::default();
    let database = database::check(config, clock, report).await;
    let redis = redis::check(config, clock, report).await;
    files::check_key(config, database.as_ref(), report).await;
    files::check_evidence(config, database.as_ref(), clock, report).await;
    files::check_checkpoints(config, clock, report).await;
    if let Some(database) = &database {
        operation::check_served(config, database, report).await;
        operation::check_backup(config, database, clock, report).await;
    }
    mail::check(config, args.mail_to.as_ref(), report).await;
    public_url::check(config, redis.as_ref(), report).await;
}
