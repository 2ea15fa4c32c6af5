//! The history of a launch: every change, newest first, with who, when, old and new, and why; and among them what the
//! installation's log tells of it, each after the event that was the newest then. From it lead the ways to the launch as it
//! stood at any time, to two moments compared, and to the history as a file.
//!
//! Promises: it shows every event, read from the bytes that are hashed; a filter that names
//! nothing known shows nothing and leads back, and is never an error; a page takes a fixed number of database round
//! trips beyond knowing who asks: the launch, its events, the bodies of the comments that these name, and the checkpoints
//! that end with one of them; and one more where days are asked for. Each filter reads by an index in the history's order,
//! so that a page costs the same at a thousand events and at a hundred thousand. Words are looked for within a limit of time.

mod exports;
mod filter;
mod moments;
mod pages;
mod store;
mod view;

use crate::web::route::{Costly, Right, Route};

/// Every route of the slice.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/launches/{id}/history", Right::Launch("see"), pages::list),
        Route::get("/launches/{id}/history/{seq}", Right::Launch("see"), pages::event),
        Route::get("/launches/{id}/history.csv", Right::Launch("see"), exports::table).long().costly(Costly::Export),
        Route::get("/launches/{id}/history.jsonl", Right::Launch("see"), exports::lines).long().costly(Costly::Export),
        Route::get("/launches/{id}/as-of", Right::Launch("see"), moments::as_of),
        Route::get("/launches/{id}/compare", Right::Launch("see"), moments::show),
    ]
}
