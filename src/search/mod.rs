//! Search: launches, items, comments and evidence, in all launches that a person may see; and the command palette, which
//! goes to a page, a launch, an item or a person.
//!
//! Guarantees: what a person may not see is not found, counted or hinted at, and its page is the page of something that
//! does not exist. Nothing deleted or redacted is found. Whatever is typed is searched for as words, and never causes a
//! server error. The page takes the same small number of database queries however much data there is.
//!
//! A text is found when it has the words. If no text has them, parts of words are searched for; and if no text has
//! those, similar words. The syntax of `websearch_to_tsquery` works: `"these words together"`, `this or that`,
//! `-without`. A query that uses it gets exactly that, and no parts or similar words.

mod near;
mod pages;
mod palette;
mod query;
mod snippet;
mod store;
mod view;

use crate::web::route::{Right, Route};

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![Route::get("/search", Right::SignedIn, pages::show), Route::get("/go", Right::SignedIn, palette::show)]
}
