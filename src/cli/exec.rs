//! `signoff exec`

use std::{ffi::OsString, os::unix::process::CommandExt as _, path, process::ExitCode};

use anyhow::Context as _;
use secrecy::ExposeSecret as _;

use crate::{backup::postgres_variables, config::Config, env_file::EnvSettings};

#[derive(Debug, clap::Args)]
pub(super) struct ExecArgs {
    /// The program, with its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "PROGRAM")]
    program: Vec<OsString>,
}

/// Replaces this process by the program.
pub(super) fn run(config: &Config, settings: &EnvSettings, args: &ExecArgs) -> anyhow::Result<ExitCode> {
    let (program, arguments) = args.program.split_first().context("no program was named")?;
    let mut command = std::process::Command::new(program);
    command.args(arguments).envs(settings.only_in_file());
    command.envs(postgres_variables(config.migration_database_url.expose_secret())?);
    // Absolute paths as the server resolves them, even where the settings file does not set them.
    command.env("SIGNOFF_EVIDENCE_DIR", path::absolute(&config.evidence_dir)?);
    command.env("SIGNOFF_KEY_FILE", path::absolute(&config.key_file)?);
    let error = command.exec();
    Err(error).with_context(|| format!("{} can't be run", program.display()))
}
