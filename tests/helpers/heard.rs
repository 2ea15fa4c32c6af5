//! What the application tells its log, as this thread hears it: a test and its application run in a thread by themselves.

use std::{cell::RefCell, fmt::Write as _};

use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    span,
};
use tracing_subscriber::layer::{Context, Layer};

use super::statements;

thread_local! {
    static HEARD: RefCell<Option<Vec<(String, String)>>> = const { RefCell::new(None) };
}

/// What is heard of this thread's log.
pub(crate) struct Heard(());

impl Heard {
    /// Begins to listen.
    pub(crate) fn listen() -> Self {
        statements::listen();
        HEARD.set(Some(Vec::new()));
        Self(())
    }

    /// The lines of one target.
    #[expect(clippy::unused_self, reason = "nothing is heard before one listens")]
    pub(crate) fn of_target(&self, target: &str) -> Vec<String> {
        let all = HEARD.with_borrow(|heard| heard.clone().unwrap_or_default());
        all.into_iter().filter(|(of, _)| of == target).map(|(_, line)| line).collect()
    }

    /// All lines, and the fields of the spans around them.
    #[expect(clippy::unused_self, reason = "nothing is heard before one listens")]
    pub(crate) fn everything(&self) -> String {
        HEARD.with_borrow(|heard| heard.iter().flatten().map(|(of, line)| format!("{of}: {line}\n")).collect())
    }
}

/// Hears it.
pub(super) struct Ears;

impl<S: Subscriber> Layer<S> for Ears {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        hear(event.metadata().target(), |line| event.record(line));
    }

    fn on_new_span(&self, span: &span::Attributes<'_>, _: &span::Id, _: Context<'_, S>) {
        hear(span.metadata().target(), |line| span.record(line));
    }

    fn on_record(&self, _: &span::Id, values: &span::Record<'_>, _: Context<'_, S>) {
        hear("span", |line| values.record(line));
    }
}

fn hear(target: &str, record: impl FnOnce(&mut Line)) {
    HEARD.with_borrow_mut(|heard| {
        let Some(heard) = heard else { return };
        let mut line = Line(String::new());
        record(&mut line);
        heard.push((target.to_owned(), line.0));
    });
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, "{}={value:?} ", field.name()).unwrap();
    }
}
