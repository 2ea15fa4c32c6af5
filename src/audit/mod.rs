//! Across launches: one log of everything that happened, and who may do what since when. For auditors and admins, who read
//! every launch anyway; for everyone else there is nothing here.
//!
//! Promises: the histories of all launches and the installation's log are one log, by time; its pages take a fixed number of
//! database round trips, and each filter reads by an index in that order; a filter that names nothing known shows nothing
//! and leads back; since when somebody may do something is read from the events that gave it to them; taking the log away
//! is an event of it.

mod exports;
mod filter;
mod pages;
mod rights;
mod store;
mod view;

use crate::web::route::{Costly, Right, Route};

/// Every route of the slice.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/audit", Right::Auditing, pages::log),
        Route::get("/audit/rights", Right::Auditing, rights::show),
        Route::get("/audit/rights/{id}", Right::Auditing, rights::of_person),
        Route::get("/audit/installation.csv", Right::Auditing, exports::table).long().costly(Costly::Export),
        Route::get("/audit/installation.jsonl", Right::Auditing, exports::lines).long().costly(Costly::Export),
    ]
}
