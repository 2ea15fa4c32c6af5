//! One item of a launch: its state and everything that belongs to it.
//!
//! The page shows guidance, evidence, waivers, evidence requests, comments, the assignment and the item's own history,
//! with a form for each thing that the reader may do. A refused form comes back on that same page with its input and
//! the reason. Evidence and waivers are therefore modules of this slice: slices of their own would have to import this
//! one to show the page. What each module adds to the page is in its own `view.rs`.
//!
//! Promises: a form that is sent twice creates one thing; two people who set the same item from the same page do not
//! overwrite each other, and the second one sees what the first one did; no input is lost.

mod actions;
mod availability;
mod comments;
mod evidence;
mod form_input;
mod pages;
mod state_view;
mod submission;
mod view;
mod waivers;

use crate::{
    domain::launch::access::ActKind,
    web::route::{Right, Route},
};

#[must_use]
pub fn routes() -> Vec<Route> {
    let own = vec![
        Route::get("/items/{id}", Right::Launch(ActKind::View), pages::show),
        Route::post("/items/{id}/state", Right::Launch(ActKind::Mark), actions::mark_item),
        Route::post("/items/{id}/agreement", Right::Launch(ActKind::Agree), actions::answer_agreement),
        Route::post("/items/{id}/assignment", Right::Launch(ActKind::Assign), actions::assign_item),
        Route::post("/items/{id}/comments", Right::Launch(ActKind::Comment), comments::add_comment),
        Route::post("/comments/{id}", Right::Launch(ActKind::EditComment), comments::edit_comment),
        Route::post("/comments/{id}/deletion", Right::Launch(ActKind::EditComment), comments::delete_comment),
        Route::post("/comments/{id}/hiding", Right::Launch(ActKind::HideComment), comments::hide_or_show_comment),
    ];
    [own, evidence::routes(), waivers::routes()].into_iter().flatten().collect()
}
