//! Parses the command line and hands over.

use std::process::ExitCode;

use clap::Parser as _;
use signoff::cli::Cli;

fn main() -> ExitCode {
    Cli::parse().run()
}
