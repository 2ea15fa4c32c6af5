//! The commands, one small file each.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use anyhow::anyhow;
use clap::{Parser, Subcommand};
use rustix::{fs::Mode, process::umask};
use serde_json::json;

use crate::{
    config::{Config, ConfigError, unknown_settings},
    env_file::EnvSettings,
    telemetry,
};

// First, since the others use its macros.
#[macro_use]
mod output;

mod adopt;
mod backup;
mod demo;
mod doctor;
mod evidence;
mod exec;
mod export;
mod healthcheck;
mod import;
mod keys;
mod migrate;
mod open_state;
mod printable;
mod redact;
mod restore;
mod serve;
mod stop;
mod user;
mod verify;
mod verify_backup;
mod verify_database;

/// The stack of a worker thread. The default, 2 MiB, is little for an unoptimised build, since a request passes through some
/// twenty layers.
const WORKER_STACK_BYTES: usize = 8 * 1024 * 1024;

/// Get a launch ready, sign it off, and show later who did what.
#[derive(Debug, Parser)]
#[command(name = "signoff", version, about)]
pub struct Cli {
    /// Read settings from this file too, as systemd reads an EnvironmentFile; what is set in the environment counts first
    /// [default: /etc/signoff/signoff.env, where it can be read and the environment names no database]
    #[arg(long, global = true, value_name = "FILE", env = "SIGNOFF_ENV_FILE", hide_env_values = true)]
    env_file: Option<PathBuf>,
    #[command(subcommand)]
    command: CliCommand,
}

#[derive(Debug, Subcommand)]
enum CliCommand {
    /// Serve the site. Settings are environment variables, and lines of a file (--env-file).
    Serve(serve::ServeArgs),
    /// Bring the database's schema up to date, with the owner's login (MIGRATION_DATABASE_URL).
    Migrate(migrate::MigrateArgs),
    /// Check the settings, the stores, the key, mail and the public address, and say what to do. Ends with 0 when all is
    /// well, 1 with warnings, 2 with failures.
    Doctor(doctor::DoctorArgs),
    /// Ask the server on this machine whether it lives: for containers. Succeeds when it does.
    Healthcheck,
    /// Publish a checklist that is written in Markdown.
    Import(import::ImportArgs),
    /// Print a checklist as Markdown, which imports as the same checklist again.
    Export(export::ExportArgs),
    /// Make the installation's key, show its public half, and change it.
    #[command(subcommand)]
    Keys(keys::KeysAction),
    /// Verify a launch's bundle, with no server, no database and no network; or everything that an installation has.
    /// Ends with 0 when nothing is wrong, 1 when something was altered, 2 when it is no bundle.
    Verify(Box<verify::VerifyArgs>),
    /// Destroy a text or a file of a launch for good, with a reason that its history records, under a database login
    /// of its own (REDACTION_DATABASE_URL).
    Redact(redact::RedactArgs),
    /// Back up the database, the evidence and the keys, while people work. Ends with 0 when there is a new backup: a complete
    /// one, or one that names what it lacks, if that was allowed. Ends with 1 when there is none.
    Backup(backup::BackupArgs),
    /// Restore a backup into an empty database and an empty evidence store, and verify it. Ends with 0 when nothing is
    /// missing.
    Restore(restore::RestoreArgs),
    /// Go on with this database as the installation's, after it was restored, moved or copied. No server may use the
    /// other one any more.
    Adopt,
    /// Look after the evidence store.
    #[command(subcommand)]
    Evidence(evidence::EvidenceAction),
    /// Make accounts, and renew the credentials of people whom no admin can help.
    #[command(subcommand)]
    User(user::UserAction),
    /// Run another program with the server's settings in its environment, and with those that PostgreSQL's own programs
    /// read (PGHOST, PGUSER, …) for the database as its owner.
    Exec(exec::ExecArgs),
    /// Make demo people and a launch half way through its items, in an installation where nobody has an account.
    Demo(demo::DemoArgs),
}

impl Cli {
    /// Runs the command. Errors are printed on standard error, with status 1.
    #[must_use]
    pub fn run(self) -> ExitCode {
        // Status 1 of a verification means that something is wrong, so a verification that could not be done has status
        // 2.
        let failed = if matches!(self.command, CliCommand::Verify(_)) { ExitCode::from(2) } else { ExitCode::FAILURE };
        let is_server = matches!(self.command, CliCommand::Serve(_));
        let status = self.run_command().unwrap_or_else(|error| {
            // Prints the chain of causes without a backtrace: this is for operators.
            eprintln!("signoff: {error:#}");
            failed
        });
        // The server's only output may still be waiting for a reader.
        if is_server {
            return status;
        }
        match output::check_written() {
            Ok(()) => status,
            Err(error) => {
                eprintln!("signoff: the output can't be written: {error}");
                failed
            }
        }
    }

    fn run_command(self) -> anyhow::Result<ExitCode> {
        if let CliCommand::Verify(args) = &self.command
            && !args.database
        {
            return Ok(match &args.backup.backup {
                Some(source) => verify_backup::run(source, &args.backup, self.env_file.as_deref()),
                None => verify::run(args),
            });
        }
        self.command.run(self.env_file)
    }
}

/// Reads the settings. The server refuses unknown ones, since a misspelt setting would have its default for years; the
/// other commands warn, since a line that another version knows must not keep anybody from a verification or a restore.
fn read_config(settings: &EnvSettings, is_server: bool) -> anyhow::Result<Config> {
    let names = settings.names();
    let unknown = unknown_settings(&Config::declarations(), names.iter().map(String::as_str));
    let mut config = Config::read(|name| settings.get(name));
    if is_server && !unknown.is_empty() {
        let problems = config.err().map_or_else(Vec::new, |ConfigError(problems)| problems);
        let unknown = unknown.iter().map(|setting| format!("{setting}."));
        config = Err(ConfigError(problems.into_iter().chain(unknown).collect()));
    } else {
        for setting in unknown {
            eprintln!("signoff: warning: {setting}");
        }
    }
    config.map_err(|wrong| anyhow!("{wrong}{}", settings.unreadable_hint()))
}

impl CliCommand {
    fn run(self, env_file: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        // Commands that need no settings do not read them.
        if let Self::Import(args) = &self
            && args.dry_run
        {
            return import::dry_run(args).map(|()| ExitCode::SUCCESS);
        }
        let settings = EnvSettings::read(env_file.as_deref())?;
        // A server whose log is JSON ends with JSON too, even when its settings are wrong.
        if matches!(self, Self::Serve(_))
            && settings.get("SIGNOFF_LOG_FORMAT").is_some_and(|format| format.trim() == "json")
        {
            return Ok(self.run_with(&settings).unwrap_or_else(|error| {
                let line = json!({ "level": "ERROR", "message": format!("{error:#}") });
                eprintln!("{line}");
                ExitCode::FAILURE
            }));
        }
        self.run_with(&settings)
    }

    fn run_with(&self, settings: &EnvSettings) -> anyhow::Result<ExitCode> {
        // They contain everything that an installation has. Set before there are threads.
        if matches!(self, Self::Backup(_) | Self::Restore(_)) {
            umask(Mode::RWXG | Mode::RWXO);
        }
        let config = || read_config(settings, matches!(self, Self::Serve(_)));
        match self {
            Self::Doctor(args) => doctor::run(settings, args),
            Self::Exec(args) => exec::run(&config()?, settings, args),
            Self::Keys(action) if !action.needs_database() => keys::run(action, settings).map(|()| ExitCode::SUCCESS),
            Self::Verify(args) => run_in_runtime(config()?, async |config| verify_database::run(&config, args).await),
            Self::Restore(args) => run_in_runtime(config()?, async |config| restore::run(&config, args).await),
            Self::Evidence(action) => run_in_runtime(config()?, async |config| evidence::run(&config, action).await),
            Self::Serve(args) => succeed_in_runtime(config()?, async |config| serve::run(config, args).await),
            Self::Backup(args) => succeed_in_runtime(config()?, async |config| backup::run(&config, args).await),
            Self::Adopt => succeed_in_runtime(config()?, async |config| adopt::run(&config).await),
            Self::Migrate(args) => succeed_in_runtime(config()?, async |config| migrate::run(&config, args).await),
            Self::Healthcheck => succeed_in_runtime(config()?, async |config| healthcheck::run(&config).await),
            Self::Import(args) => succeed_in_runtime(config()?, async |config| import::run(&config, args).await),
            Self::Export(args) => succeed_in_runtime(config()?, async |config| export::run(&config, args).await),
            Self::Keys(action) => {
                succeed_in_runtime(config()?, async |config| keys::run_with_database(&config, action).await)
            }
            Self::Redact(args) => succeed_in_runtime(config()?, async |config| redact::run(&config, args).await),
            Self::User(action) => succeed_in_runtime(config()?, async |config| user::run(config, action).await),
            Self::Demo(args) => succeed_in_runtime(config()?, async |config| demo::run(config, args).await),
        }
    }
}

/// Starts the log and runs a command that works with the stores.
fn run_in_runtime<T>(config: Config, command: impl AsyncFnOnce(Config) -> anyhow::Result<T>) -> anyhow::Result<T> {
    let _log = telemetry::start_logging(&config);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(WORKER_STACK_BYTES).build()?;
    let done = runtime.block_on(command(config));
    // Do not wait without limit for blocking threads, such as one that writes to a disk that hangs.
    runtime.shutdown_timeout(Duration::from_secs(1));
    done
}

/// Like [`run_in_runtime`], for a command that has succeeded when it ends without an error.
fn succeed_in_runtime(
    config: Config,
    command: impl AsyncFnOnce(Config) -> anyhow::Result<()>,
) -> anyhow::Result<ExitCode> {
    run_in_runtime(config, command).map(|()| ExitCode::SUCCESS)
}
