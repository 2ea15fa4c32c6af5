//! The commands, one thin file each.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{config::Config, telemetry};

mod demo;
mod export;
mod healthcheck;
mod import;
mod keys;
mod migrate;
mod open;
mod serve;
mod user;

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
        match self.command.run() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                // The causes below the sentence, without a trace of the code: this is for operators.
                eprintln!("signoff: {error:#}");
                ExitCode::FAILURE
            }
        }
    }
}

impl Command {
    fn run(self) -> anyhow::Result<()> {
        // What needs no settings asks for none.
        if let Self::Import(args) = &self
            && args.dry_run
        {
            return import::dry_run(args);
        }
        if let Self::Keys(action) = &self {
            return keys::run(action);
        }
        let config = Config::from_environment()?;
        telemetry::start(&config);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            match self {
                Self::Serve => serve::run(config).await,
                Self::Migrate => migrate::run(&config).await,
                Self::Healthcheck => healthcheck::run(&config).await,
                Self::Import(args) => import::run(&config, &args).await,
                Self::Export(args) => export::run(&config, &args).await,
                Self::Keys(action) => keys::run(&action),
                Self::User(action) => user::run(config, &action).await,
                Self::Demo(args) => demo::run(config, &args).await,
            }
        })
    }
}
