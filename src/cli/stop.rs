//! The end of the server's process, which is certain: whatever hangs, it has ended after a time that is set.
//!
//! Signals are waited for on a thread of their own, with nothing on it that can block: no log, no store, no task of the
//! server's. So the end needs neither the server's threads nor a reader of its log.

use std::{process, thread, time::Duration};

use anyhow::Context as _;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// The status of a process whose end was forced by a second signal, as a shell would report the signal.
const FORCED: i32 = 128 + 15;

/// The status of a process that did not end in time by itself.
const OUT_OF_TIME: i32 = 1;

/// From now on the first SIGTERM or SIGINT cancels `stop` and gives the process this long to end; then it is ended. A
/// second signal ends it at once.
///
/// # Errors
/// When the system gives no thread or takes no handler.
pub(super) fn end_on_signal(stop: CancellationToken, bound: Duration) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // Registered before this returns, so that no signal is missed from here on.
    let (terminate, interrupt) = {
        let _inside = runtime.enter();
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?)
    };
    let wait = move || runtime.block_on(end(stop, bound, (terminate, interrupt)));
    thread::Builder::new().name("signals".to_owned()).spawn(wait).context("no thread can be started")?;
    Ok(())
}

async fn end(stop: CancellationToken, bound: Duration, (mut terminate, mut interrupt): (Signal, Signal)) {
    let mut next = async || {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    next().await;
    stop.cancel();
    let status = tokio::select! {
        () = next() => FORCED,
        () = tokio::time::sleep(bound) => OUT_OF_TIME,
    };
    process::exit(status);
}
