//! The audit log across launches, and who has had which rights since when. For auditors and admins, who can read every
//! launch anyway; everyone else is refused.
//!
//! Guarantees: the histories of all launches and the audit log form one log, ordered by time. Its pages take a
//! fixed number of database round trips, and each filter reads from an index in that order. A filter with unknown
//! values shows an empty page with a link back. The time since which somebody has a right is read from the events that
//! granted it. An export of the log is itself an event of the log.

mod exports;
mod pages;
mod rights;
mod source;
mod store;

use crate::web::route::{RateLimitClass, Right, Route};

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/audit", Right::AuditReader, pages::show_log),
        Route::get("/audit/rights", Right::AuditReader, rights::show),
        Route::get("/audit/rights/{id}", Right::AuditReader, rights::show_person),
        Route::get("/audit/installation.csv", Right::AuditReader, exports::download_csv)
            .long()
            .rate_limited(RateLimitClass::Export),
        Route::get("/audit/installation.jsonl", Right::AuditReader, exports::download_json_lines)
            .long()
            .rate_limited(RateLimitClass::Export),
    ]
}
