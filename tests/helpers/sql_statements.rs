//! Captures the statements that the application sends to the database, from sqlx's log messages.
//!
//! A test and its application run in one thread, and only that thread's statements are captured: tests may run
//! simultaneously in one process.

use std::{cell::RefCell, fmt::Debug, sync::Once};

use tracing::{Event, Level, Subscriber, field::Field};
use tracing_subscriber::{
    filter::Targets,
    layer::{Context, Layer, SubscriberExt as _},
    util::SubscriberInitExt as _,
};

use super::log_capture;

thread_local! {
    /// The beginning of each statement, and how many rows it returned.
    static SENT: RefCell<Vec<(String, u64)>> = const { RefCell::new(Vec::new()) };
}

/// Access to this thread's captured statements.
pub(crate) struct Statements(());

impl Statements {
    /// Starts capturing in the whole process: a subscriber of a single thread may miss a statement that another thread
    /// has logged first.
    pub(crate) fn count() -> Self {
        listen();
        SENT.take();
        Self(())
    }

    /// The number of statements since the last call.
    pub(crate) fn since(&self) -> usize {
        self.take().len()
    }

    /// The beginnings of the statements since the last call, without the check of a connection that was idle.
    #[expect(clippy::unused_self, reason = "nothing is heard before one listens")]
    pub(crate) fn take(&self) -> Vec<String> {
        SENT.take()
            .into_iter()
            .map(|(statement, _)| statement)
            .filter(|statement| statement != "\"SELECT 1\"")
            .collect()
    }

    /// The number of rows that the statements since the last call returned.
    #[expect(clippy::unused_self, reason = "nothing is heard before one listens")]
    pub(crate) fn rows_since(&self) -> u64 {
        SENT.take().iter().map(|(_, rows)| rows).sum()
    }
}

/// Installs the subscriber for statements and for the log ([`super::log_capture`]): a process can have only one.
pub(super) fn listen() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let statements = StatementLayer.with_filter(Targets::new().with_target("sqlx::query", Level::DEBUG));
        // Log lines of the tests' own browser are not part of it.
        let log = Targets::new().with_default(Level::INFO).with_target("sqlx", Level::DEBUG);
        let log = log.with_target("signoff", Level::TRACE).with_target("lettre", Level::TRACE);
        let log = log_capture::CaptureLayer.with_filter(log.with_target("tower_http", Level::DEBUG));
        tracing_subscriber::registry().with(statements).with(log).init();
    });
}

struct StatementLayer;

impl<S: Subscriber> Layer<S> for StatementLayer {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let (mut statement, mut rows) = (String::new(), 0);
        event.record(&mut |field: &Field, value: &dyn Debug| match field.name() {
            "summary" => statement = format!("{value:?}"),
            "rows_returned" => rows = format!("{value:?}").parse().unwrap(),
            _ => {}
        });
        // No answer waits for the first: the pool cleans a returned connection (see `db::create_pool`). The second is sqlx's
        // own, once for each connection, to look up a type's number; not once for each page.
        if !statement.contains("ROLLBACK") && !statement.contains("pg_type.oid") {
            SENT.with_borrow_mut(|sent| sent.push((statement, rows)));
        }
    }
}
