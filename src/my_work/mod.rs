//! My work: what a person has to do next, in all launches that they may see.
//!
//! Guarantees: what nobody else can do comes first (signatures, answers, decisions), then the open items of the person
//! and of their roles, the most urgent first. Nothing is listed that the person can't do now. The page takes the same
//! small number of database queries however many launches, items and roles there are.

mod open_items;
mod pages;
mod pending_work;
mod person_launch;
mod store;
mod view;

use crate::web::route::{Right, Route};

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![Route::get("/", Right::SignedIn, pages::show)]
}
