//! The log: one subscriber for the process. What is counted of it is in [`crate::metrics`].

use std::io::IsTerminal as _;

use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::{
    EnvFilter, Layer,
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer},
    layer::{Context, SubscriberExt as _},
    registry::LookupSpan,
    util::SubscriberInitExt as _,
};

use crate::{
    config::{Config, LogFormat},
    metrics::METRICS,
};

/// Maximum lines that wait to be written. Further lines are lost, so that nothing else has to wait.
const MAX_BUFFERED_LINES: usize = 20_000;

/// The target under which sqlx reports each connection that was taken from a pool.
const ACQUIRE_TARGET: &str = "sqlx::pool::acquire";

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
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(writer)
        .with_ansi(colours)
        // They would be printed to standard error, which can fail or block as well.
        .log_internal_errors(false);
    let lines = match config.log_format {
        LogFormat::Pretty => lines.with_target(false).map_event_format(WithoutAcquires).boxed(),
        // A request is the only span, so that the list of spans would repeat it.
        LogFormat::Json => {
            lines.json().flatten_event(true).with_span_list(false).map_event_format(WithoutAcquires).boxed()
        }
    };
    // One filter for both layers. With a filter of its own for each, tracing-subscriber loses warnings: a check whether
    // something would be logged, as sqlx makes it for every statement, leaves its answer for the next event.
    let acquires = format!("{ACQUIRE_TARGET}=trace").parse().map(|directive| filter.clone().add_directive(directive));
    let started =
        tracing_subscriber::registry().with(acquires.unwrap_or(filter)).with(lines).with(EventCounter).try_init();
    if started.is_err() {
        tracing::debug!("logging had already been started");
    }
    guard
}

/// Writes every event except the connections taken from a pool, which are only measured.
struct WithoutAcquires<F>(F);

impl<S, N, F> FormatEvent<S, N> for WithoutAcquires<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, writer: Writer<'_>, event: &Event<'_>) -> std::fmt::Result {
        if event.metadata().target() == ACQUIRE_TARGET {
            return Ok(());
        }
        self.0.format_event(context, writer, event)
    }
}

/// Logs panics instead of printing them to standard error, which may block.
pub fn install_panic_logger() {
    std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "a fault of the program")));
}

/// Counts the warnings and errors of the log, and measures how long connections to PostgreSQL were waited for.
struct EventCounter;

impl<S: Subscriber> Layer<S> for EventCounter {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == ACQUIRE_TARGET {
            event.record(&mut AcquireTime);
        }
        let level = match *event.metadata().level() {
            Level::ERROR => "error",
            Level::WARN => "warn",
            _ => return,
        };
        METRICS.log_lines.with_label_values(&[level]).inc();
    }
}

/// Reads the seconds that a connection was waited for.
struct AcquireTime;

impl Visit for AcquireTime {
    fn record_f64(&mut self, field: &Field, value: f64) {
        if field.name() == "acquired_after_secs" {
            METRICS.database_acquire_duration.observe(value);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}
