//! The commands, one thin file each.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{config::Config, telemetry};

mod demo;
mod evidence;
mod export;
mod healthcheck;
mod import;
mod keys;
mod migrate;
mod open;
mod printable;
mod redact;
mod serve;
mod user;
mod verify;
mod verify_database;

/// Get a launch ready, sign it off, and show later who did what.
#[derive(Debug, Parser)]
#[command(name = "signoff", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the site. Settings are environment variables.
    Serve,
    /// Bring the database's schema up to date, with the owner's login (MIGRATION_DATABASE_URL).
    Migrate,
    /// Ask the server on this machine whether it lives: for containers. Succeeds when it does.
    Healthcheck,
    /// Publish a checklist that is written in Markdown.
    Import(import::Args),
    /// Print a checklist as Markdown, which imports as the same checklist again.
    Export(export::Args),
    /// Make the installation's key, and show its public half.
    #[command(subcommand)]
    Keys(keys::Action),
    /// Verify a launch's bundle, with no server, no database and no network; or everything that an installation has.
    /// Ends with 0 when nothing is wrong, 1 when something was altered, 2 when it is no bundle.
    Verify(verify::Args),
    /// Destroy a text or a file of a launch for good, with a reason that its history then tells, under a database login
    /// of its own (REDACTION_DATABASE_URL).
    Redact(redact::Args),
    /// Look after the evidence store.
    #[command(subcommand)]
    Evidence(evidence::Action),
    /// Make accounts.
    #[command(subcommand)]
    User(user::Action),
    /// Make demo people and a launch half way through its items, in an installation where nobody has an account.
    Demo(demo::Args),
}

impl Cli {
    /// Runs the command. What went wrong is told on standard error, with status 1.
    #[must_use]
    pub fn run(self) -> ExitCode {
        if let Command::Verify(args) = &self.command
            && !args.database
        {
            return verify::run(args);
        }
        // Of a verification, 1 says that something is wrong, so that what could not be looked at says 2.
        let failed = if matches!(self.command, Command::Verify(_)) { ExitCode::from(2) } else { ExitCode::FAILURE };
        match self.command.run() {
            Ok(status) => status,
            Err(error) => {
                // The causes below the sentence, without a trace of the code: this is for operators.
                eprintln!("signoff: {error:#}");
                failed
            }
        }
    }
}

impl Command {
    fn run(self) -> anyhow::Result<ExitCode> {
        // What needs no settings asks for none.
        if let Self::Import(args) = &self
            && args.dry_run
        {
            return import::dry_run(args).map(|()| ExitCode::SUCCESS);
        }
        if let Self::Keys(action) = &self {
            return keys::run(action).map(|()| ExitCode::SUCCESS);
        }
        let config = Config::from_environment()?;
        telemetry::start(&config);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            match self {
                Self::Verify(args) => return verify_database::run(&config, &args).await,
                Self::Serve => serve::run(config).await,
                Self::Migrate => migrate::run(&config).await,
                Self::Healthcheck => healthcheck::run(&config).await,
                Self::Import(args) => import::run(&config, &args).await,
                Self::Export(args) => export::run(&config, &args).await,
                Self::Keys(action) => keys::run(&action),
                Self::Evidence(action) => evidence::run(&config, &action).await,
                Self::Redact(args) => redact::run(&config, &args).await,
                Self::User(action) => user::run(config, &action).await,
                Self::Demo(args) => demo::run(config, &args).await,
            }
            .map(|()| ExitCode::SUCCESS)
        })
    }
}
