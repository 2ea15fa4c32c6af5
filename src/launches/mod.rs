//! Launches: the list and the calendar, creating a launch, its checklist page with the readiness wall, its settings and
//! its notes, another launch like it, and two launches side by side.
//!
//! Promises: everybody who may see a launch sees the same page, made from one `LaunchState`; a launch that the reader
//! may not see answers like one that does not exist; an invalid form comes back with its input; only the record changes
//! a launch.

mod actions;
mod another;
mod board;
mod bulk;
mod burn_up;
mod calendar;
mod checklist_page;
mod compare_with;
mod date_question;
mod forms;
mod item_filter;
mod list;
mod list_frame;
mod list_query;
mod list_store;
mod list_view;
mod listed_launch;
mod new_launch;
mod pages;
mod people_choice;
mod people_form;
mod rows;
mod saved_filters;
mod selection;
mod settings;
mod settings_actions;
mod store;
mod title_search;
mod view;

use crate::{
    domain::launch::access::ActKind,
    web::route::{Right, Route},
};

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/launches", Right::SignedIn, list::show),
        Route::get("/launches/calendar", Right::SignedIn, calendar::show),
        Route::post("/saved-filters", Right::SignedIn, saved_filters::save_filter),
        Route::post("/saved-filters/{id}/name", Right::SignedIn, saved_filters::rename_filter),
        Route::post("/saved-filters/{id}/removal", Right::SignedIn, saved_filters::remove_filter),
        Route::get("/launches/new", Right::SignedIn, new_launch::show_form),
        Route::post("/launches", Right::SignedIn, new_launch::create_launch),
        Route::get("/launches/{id}", Right::Launch(ActKind::View), pages::show),
        Route::get("/launches/{id}/as-of/{seq}", Right::Launch(ActKind::View), pages::show_past),
        Route::get("/launches/{id}/rows", Right::Launch(ActKind::View), rows::show_rows),
        Route::post("/launches/{id}/items", Right::Launch(ActKind::Participate), bulk::change_items),
        Route::post("/launches/{id}/events/{seq}/undo", Right::Launch(ActKind::Participate), bulk::undo_changes),
        Route::post("/launches/{id}/notes", Right::Launch(ActKind::WriteNotes), actions::write_notes),
        Route::get("/launches/{id}/another", Right::Launch(ActKind::Participate), another::show_form),
        Route::post("/launches/{id}/another", Right::Launch(ActKind::Participate), another::create_another),
        Route::get("/launches/{id}/compare-with", Right::Launch(ActKind::View), compare_with::show),
        Route::get("/launches/{id}/settings", Right::Launch(ActKind::View), settings::show),
        Route::post("/launches/{id}/details", Right::Launch(ActKind::ChangeSettings), settings_actions::change_details),
        Route::post("/launches/{id}/policy", Right::Launch(ActKind::ChangeSettings), settings_actions::change_policy),
        Route::post("/launches/{id}/tags", Right::Launch(ActKind::ChangeSettings), settings_actions::change_tags),
        Route::post(
            "/launches/{id}/restriction",
            Right::Launch(ActKind::ManageParticipants),
            settings_actions::change_restriction,
        ),
        Route::post("/launches/{id}/holders", Right::Launch(ActKind::ManageHolders), settings_actions::change_holders),
        Route::post(
            "/launches/{id}/participants",
            Right::Launch(ActKind::ManageParticipants),
            settings_actions::change_participants,
        ),
        Route::post("/launches/{id}/owner", Right::Launch(ActKind::Transfer), settings_actions::transfer_ownership)
            .with_admin_proof(),
    ]
}
