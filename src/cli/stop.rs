//! The guaranteed end of the server's process: whatever hangs, it ends within a configured time.
//!
//! A thread of its own waits for the signals, and nothing on it can block: no log, no store, no task of the server. So
//! the stop needs neither the server's threads nor a reader of its log.

use std::{process, thread, time::Duration};

use anyhow::Context as _;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// The exit status after a second signal, as a shell would report the signal.
const FORCED_STATUS: i32 = 128 + 15;

/// The exit status when the process did not stop in time.
const TIMEOUT_STATUS: i32 = 1;

/// From now on the first SIGTERM or SIGINT cancels `stop` and gives the process the time `bound` to end; then the
/// process is ended. A second signal ends it at once.
///
/// # Errors
/// When the system refuses the thread or the signal handlers.
pub(super) fn stop_on_signal(stop: CancellationToken, bound: Duration) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // Registered before this function returns, so that no signal after it is missed.
    let (terminate, interrupt) = {
        let _inside = runtime.enter();
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?)
    };
    let wait = move || runtime.block_on(stop_and_exit(stop, bound, (terminate, interrupt)));
    thread::Builder::new().name("signals".to_owned()).spawn(wait).context("no thread can be started")?;
    Ok(())
}

async fn stop_and_exit(stop: CancellationToken, bound: Duration, (mut terminate, mut interrupt): (Signal, Signal)) {
    let mut next = async || {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    next().await;
    stop.cancel();
    let status = tokio::select! {
        () = next() => FORCED_STATUS,
        () = tokio::time::sleep(bound) => TIMEOUT_STATUS,
    };
    process::exit(status);
}
