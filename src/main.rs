//! Parses the command line and runs the command.

use std::process::ExitCode;

use clap::Parser as _;
use signoff::cli::Cli;

fn main() -> ExitCode {
    Cli::parse().run()
}
