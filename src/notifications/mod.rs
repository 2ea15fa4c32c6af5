//! The inbox: what concerns a person, the newest first, by launch; how they hear of it, and what they watch.
//!
//! Guarantees: everybody sees their own notifications alone. What a notification says is made from the launch as it is now; of a
//! launch that the person may not see any more it names nothing. Opening one marks it as read, and every marking can be
//! undone. A page reads a fixed number of rows.

mod actions;
mod labels;
mod mention_people;
mod pages;
mod settings;
mod settings_store;
mod store;
mod view;
mod watch_store;
mod watching;

use crate::{
    domain::launch::access::ActKind,
    web::route::{Right, Route},
};

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/notifications", Right::SignedIn, pages::show),
        Route::post("/notifications/read", Right::SignedIn, actions::mark_all_read),
        Route::post("/notifications/undo", Right::SignedIn, actions::undo_read),
        Route::post("/notifications/{id}/open", Right::SignedIn, actions::open),
        Route::post("/notifications/{id}/read", Right::SignedIn, actions::mark_read),
        Route::post("/notifications/{id}/unread", Right::SignedIn, actions::mark_unread),
        Route::get("/account/notifications", Right::SignedIn, settings::show),
        Route::post("/account/notifications", Right::SignedIn, settings::save),
        Route::get("/launches/{id}/watch", Right::Launch(ActKind::View), watching::show),
        Route::get("/launches/{id}/mentions.json", Right::Launch(ActKind::View), mention_people::list_names),
        Route::post("/launches/{id}/watch", Right::Launch(ActKind::View), watching::choose),
    ]
}
