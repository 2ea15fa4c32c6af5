//! The log: one subscriber for the process.

use std::io::IsTerminal as _;

use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};

/// Maximum lines that wait to be written. Further lines are lost, so that nothing else has to wait.
const MAX_BUFFERED_LINES: usize = 20_000;

/// Starts logging to standard error, so that standard output has only the results of commands. It is called once; a
/// second call changes nothing. When the guard is dropped, waiting lines are written, for at most about a second.
///
/// A thread of its own writes the lines, so that no request, and not the end of the process, waits for a slow or
/// missing reader of the log.
pub fn start_logging(config: &Config) -> WorkerGuard {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let colours = std::io::stderr().is_terminal();
    let (writer, guard) = NonBlockingBuilder::default()
        .lossy(true)
        .buffered_lines_limit(MAX_BUFFERED_LINES)
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

/// Logs panics instead of printing them to standard error, which may block.
pub fn install_panic_logger() {
    std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "a fault of the program")));
}
