//! Search: launches, items, comments and evidence, across every launch that one may see.
//!
//! Promises: what one may not see is not found, not counted and not hinted at, and the page about it is the page about
//! what is not there; nothing that was deleted or redacted is found; whatever is typed is looked for as words, and is
//! never an error of the server's; the page takes the same few questions to the database however much there is.
//!
//! A text is found when it has the words asked for; when none has, by parts of words; and when none has those either, by
//! words that are like them. What `websearch_to_tsquery` understands works: `"these words together"`, `this or that`,
//! `-without`. Who writes that means it, and gets exactly that.

mod pages;
mod query;
mod snippet;
mod store;
mod view;

use crate::web::route::{Right, Route};

/// Every route of the slice.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![Route::get("/search", Right::SignedIn, pages::show)]
}
