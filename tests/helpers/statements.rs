//! Hears the statements that the application asks the database, by what sqlx tells the log.
//!
//! A test and its application run in a thread by themselves, and only that thread's statements are heard: tests may run
//! beside each other in one process.

use std::{cell::RefCell, fmt::Debug, sync::Once};

use tracing::{Event, Level, Subscriber, field::Field};
use tracing_subscriber::{
    filter::Targets,
    layer::{Context, Layer, SubscriberExt as _},
    util::SubscriberInitExt as _,
};

use super::heard;

thread_local! {
    static SENT: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// What is heard of this thread's statements.
pub(crate) struct Statements(());

impl Statements {
    /// Begins to listen: in the whole process, since what listens in one thread alone may hear nothing of a statement
    /// that another thread has sent first.
    pub(crate) fn count() -> Self {
        listen();
        SENT.take();
        Self(())
    }

    /// How many since the last time.
    pub(crate) fn since(&self) -> usize {
        self.take().len()
    }

    /// Their beginnings, since the last time.
    #[expect(clippy::unused_self, reason = "nothing is heard before one listens")]
    pub(crate) fn take(&self) -> Vec<String> {
        SENT.take()
    }
}

/// Begins to listen, to statements and to the log ([`super::heard`]): a process has one that listens.
pub(super) fn listen() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let statements = Ears.with_filter(Targets::new().with_target("sqlx::query", Level::DEBUG));
        // What a browser of the tests says of itself is no part of it.
        let log = Targets::new().with_default(Level::INFO).with_target("sqlx", Level::DEBUG);
        let log = log.with_target("signoff", Level::TRACE).with_target("lettre", Level::TRACE);
        let log = heard::Ears.with_filter(log.with_target("tower_http", Level::DEBUG));
        tracing_subscriber::registry().with(statements).with(log).init();
    });
}

struct Ears;

impl<S: Subscriber> Layer<S> for Ears {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut statement = String::new();
        event.record(&mut |field: &Field, value: &dyn Debug| {
            if field.name() == "summary" {
                statement = format!("{value:?}");
            }
        });
        // No answer waits for the first: the pool cleans a connection that it was given back (see `db::pool`). The second
        // is sqlx's own, which asks once a connection what number a type has; not once a page.
        if !statement.contains("ROLLBACK") && !statement.contains("pg_type.oid") {
            SENT.with_borrow_mut(|sent| sent.push(statement));
        }
    }
}
