//! Figures over time, for those who lead several launches: how long it takes from the start to GO, what is blocked for
//! how long, which signatures are stale, what is late, and which waivers run out.
//!
//! Guarantees: only launches that the reader may see are counted; a number of database queries that does not depend on
//! how many launches there are; each picture has the same figures in a table. What is open now is counted in the 200
//! launches whose target is nearest, and the page says so if there are more.

mod counting;
mod pages;
mod store;
mod view;

use crate::web::route::{Right, Route};

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![Route::get("/figures", Right::SignedIn, pages::show)]
}
