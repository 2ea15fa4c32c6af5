//! Launches: the list and the calendar, making one, its checklist page with the readiness wall, its settings and its notes.
//!
//! Promises: whoever may see a launch sees the same page, made from one `LaunchState`; a launch one may not know
//! of answers as one that is not there; a form that fails comes back with what was typed; nothing here changes a
//! launch but through the record.

mod actions;
mod bulk;
mod burn_up;
mod calendar;
mod filter;
mod list;
mod list_view;
mod pages;
mod selection;
mod settings;
mod show;
mod store;
mod view;

use crate::web::route::{Right, Route};

/// Every route of the slice.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/launches", Right::SignedIn, list::show),
        Route::get("/launches/calendar", Right::SignedIn, calendar::show),
        Route::get("/launches/new", Right::SignedIn, pages::new),
        Route::post("/launches", Right::SignedIn, actions::create),
        Route::get("/launches/{id}", Right::Launch("see"), pages::show),
        Route::get("/launches/{id}/as-of/{seq}", Right::Launch("see"), pages::as_it_stood),
        Route::post("/launches/{id}/items", Right::Launch("take_part"), bulk::change),
        Route::post("/launches/{id}/events/{seq}/undo", Right::Launch("take_part"), bulk::undo),
        Route::post("/launches/{id}/notes", Right::Launch("write_notes"), actions::write_notes),
        Route::get("/launches/{id}/settings", Right::Launch("see"), settings::show),
        Route::post("/launches/{id}/details", Right::Launch("change_settings"), settings::change_details),
        Route::post("/launches/{id}/policy", Right::Launch("change_settings"), settings::change_policy),
        Route::post("/launches/{id}/restriction", Right::Launch("manage_participants"), settings::change_restriction),
        Route::post("/launches/{id}/holders", Right::Launch("manage_holders"), settings::change_holder),
        Route::post("/launches/{id}/participants", Right::Launch("manage_participants"), settings::change_participant),
        Route::post("/launches/{id}/owner", Right::Launch("transfer"), settings::transfer).proved_by_admins(),
    ]
}
