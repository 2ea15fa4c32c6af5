//! Live: what others do appears on every open page of a launch, from whichever server process, as server-sent events.
//!
//! Promises: each event carries the launch's newest `seq`, and what changed since the one that the page has seen, so
//! that a page that was away catches up by itself; what lapses with time is told as well; nothing is told once the session
//! has ended or the person may no longer see the launch, which is asked before each event, nor when it can't be asked; a
//! stream ends within seconds then, and when the server is asked to stop. A person has a bounded number open.
//!
//! `/launches/{id}/live` is of one launch, for programs. The pages of a browser share one stream of all launches that they
//! show (`/live`, `static/js/stream.js`), since over HTTP/1.1 a browser gives a site six connections.

mod browser;
mod change;
mod stream;

use crate::web::route::{Right, Route};

/// Every route of the slice.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/live", Right::SignedIn, browser::live).long(),
        Route::get("/launches/{id}/live", Right::Launch("see"), stream::live).long(),
    ]
}
