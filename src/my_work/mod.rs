//! My work: what a person has to do next, in all launches that they may see.
//!
//! Guarantees: what nobody else can do comes first (signatures, answers, decisions), then the open items of the person
//! and of their roles, the most urgent first. Nothing is listed that the person can't do now. An owner sees what each of
//! their launches needs next. An auditor, who takes part in nothing, sees a desk: how many launches there are in each
//! stage, and what happened and waits since their last visit. The page takes the same small number of
//! database queries however many launches, items and roles there are, and loads only launches in which the person has a
//! part, up to a fixed number, those with the nearest targets.

mod desk;
mod launches_ahead;
mod open_items;
mod owned_launches;
mod pages;
mod pending_work;
mod person_launch;
mod store;
mod view;

use crate::web::route::{Right, Route};

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/", Right::SignedIn, pages::show),
        Route::post("/desk/visit", Right::AuditReader, desk::mark_as_seen),
    ]
}
