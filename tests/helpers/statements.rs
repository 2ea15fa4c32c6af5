//! Counts the statements that the application asks the database, by what sqlx tells the log. A process has one log, so
//! this is for tests that run alone in theirs, as they all do.

use std::{
    fmt::Debug,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    layer::{Context, Layer, SubscriberExt as _},
    util::SubscriberInitExt as _,
};

/// How many there have been.
#[derive(Clone, Default)]
pub(crate) struct Statements(Arc<AtomicUsize>);

impl Statements {
    /// Begins to count.
    pub(crate) fn count() -> Self {
        let statements = Self::default();
        tracing_subscriber::registry().with(statements.clone()).init();
        statements
    }

    /// How many since the last time.
    pub(crate) fn since(&self) -> usize {
        self.0.swap(0, Ordering::Relaxed)
    }
}

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut question = Question(true);
        event.record(&mut question);
        if event.metadata().target() == "sqlx::query" && question.0 {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Whether a statement is one that the answer waits for: the pool cleans a connection that it was given back with a
/// `ROLLBACK` of its own.
struct Question(bool);

impl Visit for Question {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "summary" && format!("{value:?}").contains("ROLLBACK") {
            self.0 = false;
        }
    }
}
