//! The bundle of a launch: made while it is sent, and verified from its file; and the page that verifies a history in
//! place.
//!
//! Guarantees: everybody who may see a launch may export its bundle, and nobody else. Each export first makes a
//! checkpoint, records the exporter as its witness, and appends an event to the audit log, before the first
//! byte is sent. A bundle contains the history as it was then, whatever happens while it is sent. Neither the server
//! nor the verifier holds all events or a whole file in memory.

mod download;
mod page;
mod report;
mod store;
mod verify;
mod zip_layout;
mod zip_reader;

pub use self::{verify::verify_bundle, zip_reader::BundleReadError};
use crate::{
    domain::launch::access::ActKind,
    web::route::{RateLimitClass, Right, Route},
};

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/launches/{id}/bundle.zip", Right::Launch(ActKind::View), download::download_bundle)
            .long()
            .rate_limited(RateLimitClass::Export),
        Route::get("/launches/{id}/verification", Right::Launch(ActKind::View), page::show_verification)
            .rate_limited(RateLimitClass::Export),
    ]
}
