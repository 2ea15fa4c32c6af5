//! One item of a launch: whether it is really done, and everything that says so.
//!
//! The page shows guidance, evidence, waivers, requests, comments, whose the item is and its own history, and has a
//! form for each thing that the reader may do. Whatever is refused comes back on that same page, with what was
//! typed and the reason why; so evidence and waivers are rooms of this slice and not slices beside it, which could
//! not show the page without importing it. What each room adds to the page stands in its own `view.rs`.
//!
//! Promises: a form that is sent twice makes one thing; two people who set the same item from the same page do not
//! overwrite each other, and whoever comes second is told who did what; nothing typed is lost.

mod actions;
mod comments;
mod evidence;
mod pages;
mod store;
mod submission;
mod typed;
mod view;
mod waivers;

use crate::web::route::{Right, Route};

/// Every route of the slice.
#[must_use]
pub fn routes() -> Vec<Route> {
    let own = vec![
        Route::get("/items/{id}", Right::Launch("see"), pages::show),
        Route::post("/items/{id}/state", Right::Launch("mark"), actions::mark),
        Route::post("/items/{id}/agreement", Right::Launch("agree"), actions::agree),
        Route::post("/items/{id}/assignment", Right::Launch("assign"), actions::assign),
        Route::post("/items/{id}/comments", Right::Launch("comment"), comments::add),
        Route::post("/comments/{id}", Right::Launch("edit_comment"), comments::edit),
        Route::post("/comments/{id}/deletion", Right::Launch("edit_comment"), comments::delete),
        Route::post("/comments/{id}/hiding", Right::Launch("hide_comment"), comments::hide),
    ];
    [own, evidence::routes(), waivers::routes()].into_iter().flatten().collect()
}
