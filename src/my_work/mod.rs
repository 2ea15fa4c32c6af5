//! My work: what one must do next, across every launch that one may see.
//!
//! Promises: what waits for nobody else comes first (signatures, answers, decisions), then the open items of one's own
//! and of one's roles, the most urgent first; nothing is listed that one could not do now; and the page takes the same
//! few questions to the database however many launches, items and roles there are.

mod gather;
mod items;
mod pages;
mod store;
mod view;

use crate::web::route::{Right, Route};

/// Every route of the slice.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![Route::get("/", Right::SignedIn, pages::show)]
}
