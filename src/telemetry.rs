//! The log: one subscriber for the process.

use std::io::IsTerminal as _;

use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};

/// How many lines wait for whoever reads the log. What comes while so many wait is lost, and nothing else waits for it.
const WAITING_LINES: usize = 20_000;

/// Starts logging to standard error, so that standard output holds only what a command answers. Called once; a
/// second call changes nothing. When the guard is dropped, lines that wait are written, for at most about a second.
///
/// The lines are written by a thread of their own, so that no request, and not the end of the process, ever waits for a
/// reader who is slow or gone.
pub fn start(config: &Config) -> WorkerGuard {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let colours = std::io::stderr().is_terminal();
    let (writer, guard) = NonBlockingBuilder::default()
        .lossy(true)
        .buffered_lines_limit(WAITING_LINES)
        .thread_name("log")
        .finish(std::io::stderr());
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer)
        .with_ansi(colours)
        // They would be printed to standard error, which can fail or block as well.
        .log_internal_errors(false);
    let started = match config.log_format {
        LogFormat::Pretty => subscriber.with_target(false).try_init(),
        LogFormat::Json => subscriber.json().flatten_event(true).try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging had already been started");
    }
    guard
}

/// Has panics logged, instead of printed to standard error, which may block.
pub fn log_panics() {
    std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "a fault of the program")));
}
