//! Live: what others do appears on every open page of a launch, from whichever server process, as server-sent events.
//!
//! Promises: each event carries the launch's newest `seq`, and what changed since the one that the page has seen, so
//! that a page that was away catches up by itself; what lapses with time is told as well; a stream ends within seconds when the session does, when the
//! person may no longer see the launch, or when the server is asked to stop.

mod change;
mod stream;

use crate::web::route::{Right, Route};

/// Every route of the slice.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![Route::get("/launches/{id}/live", Right::Launch("see"), stream::live).long()]
}
