//! Captures the application's log lines of this thread: a test and its application run in one thread.

use std::{cell::RefCell, fmt::Write as _};

use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    span,
};
use tracing_subscriber::layer::{Context, Layer};

use super::sql_statements;

thread_local! {
    static CAPTURED: RefCell<Option<Vec<(String, String)>>> = const { RefCell::new(None) };
}

/// Access to this thread's captured log.
pub(crate) struct LogCapture(());

impl LogCapture {
    /// Starts capturing.
    pub(crate) fn listen() -> Self {
        sql_statements::listen();
        CAPTURED.set(Some(Vec::new()));
        Self(())
    }

    /// The lines of one target.
    #[expect(clippy::unused_self, reason = "nothing is heard before one listens")]
    pub(crate) fn of_target(&self, target: &str) -> Vec<String> {
        let all = CAPTURED.with_borrow(|heard| heard.clone().unwrap_or_default());
        all.into_iter().filter(|(of, _)| of == target).map(|(_, line)| line).collect()
    }

    /// All lines, and the fields of the spans around them.
    #[expect(clippy::unused_self, reason = "nothing is heard before one listens")]
    pub(crate) fn all(&self) -> String {
        CAPTURED.with_borrow(|heard| heard.iter().flatten().map(|(of, line)| format!("{of}: {line}\n")).collect())
    }
}

pub(super) struct CaptureLayer;

impl<S: Subscriber> Layer<S> for CaptureLayer {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        capture(event.metadata().target(), |line| event.record(line));
    }

    fn on_new_span(&self, span: &span::Attributes<'_>, _: &span::Id, _: Context<'_, S>) {
        capture(span.metadata().target(), |line| span.record(line));
    }

    fn on_record(&self, _: &span::Id, values: &span::Record<'_>, _: Context<'_, S>) {
        capture("span", |line| values.record(line));
    }
}

fn capture(target: &str, record: impl FnOnce(&mut FieldText)) {
    CAPTURED.with_borrow_mut(|heard| {
        let Some(heard) = heard else { return };
        let mut line = FieldText(String::new());
        record(&mut line);
        heard.push((target.to_owned(), line.0));
    });
}

struct FieldText(String);

impl Visit for FieldText {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, "{}={value:?} ", field.name()).unwrap();
    }
}
