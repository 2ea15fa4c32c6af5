//! The history of a launch: every change, newest first, with who, when, old and new value, and the reason. Among the
//! events are the entries of the audit log about the launch, each after the event that was the newest at that
//! time. The page links to the launch at any past time, to a comparison of two moments, and to exports of the history.
//!
//! Guarantees: every event is shown, read from the bytes that are hashed; a filter with unknown values shows an empty
//! page with a link back, and is never an error. A page takes a fixed number of database round trips after the user is
//! known: the launch, its events, the texts of comments that they name, the checkpoints that end with one of them, and
//! one more when days are given. Each filter reads from an index in history order, so that a page costs the same for a
//! thousand events and for a hundred thousand. Text searches have a time limit.

mod exports;
mod moments;
mod pages;
mod source;
mod view;

use crate::{
    domain::launch::access::ActKind,
    web::route::{RateLimitClass, Right, Route},
};

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/launches/{id}/history", Right::Launch(ActKind::View), pages::show_history),
        Route::get("/launches/{id}/history/{seq}", Right::Launch(ActKind::View), pages::show_event),
        Route::get("/launches/{id}/history.csv", Right::Launch(ActKind::View), exports::download_csv)
            .long()
            .rate_limited(RateLimitClass::Export),
        Route::get("/launches/{id}/history.jsonl", Right::Launch(ActKind::View), exports::download_json_lines)
            .long()
            .rate_limited(RateLimitClass::Export),
        Route::get("/launches/{id}/as-of", Right::Launch(ActKind::View), moments::redirect_to_past),
        Route::get("/launches/{id}/compare", Right::Launch(ActKind::View), moments::show_comparison),
    ]
}
