//! Live updates: other people's changes appear on every open page of a launch, from whichever server process, as
//! server-sent events.
//!
//! Guarantees: each event carries the launch's newest `seq` and what changed since the one that the page has seen, so
//! that a page that was disconnected catches up. Changes by time alone are sent too. Nothing is sent after the session
//! has ended or the person has lost access to the launch, which is checked before each event, nor while that can't be
//! checked; the stream then ends within seconds, as it does when the server is asked to stop. Each person may have a
//! limited number of streams open.
//!
//! The same stream says how many notifications the person has not read, on every page.
//!
//! `/launches/{id}/live` follows one launch, for programs. The pages of a browser share one stream of all launches that
//! they show (`/live`, `static/js/stream.js`), since over HTTP/1.1 a browser opens only six connections to a site.

mod browser_stream;
mod change;
mod launch_stream;
mod unread_stream;

use crate::{
    domain::launch::access::ActKind,
    web::route::{Right, Route},
};

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/live", Right::SignedIn, browser_stream::stream_launches).long(),
        Route::get("/launches/{id}/live", Right::Launch(ActKind::View), launch_stream::stream_launch).long(),
    ]
}
