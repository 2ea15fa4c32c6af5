//! A person's calendar: the dates of the launches that they may see, as a file (RFC 5545) at a secret address, which a
//! calendar program reads from time to time.
//!
//! Guarantees: who has the address reads what the person may see at that moment, and nothing else; only the hash of the
//! address is stored, and no log has it; an address that was replaced or removed, that of a deactivated person, and one
//! that never was get the same answer (404).

use crate::{
    state::AppState,
    web::route::{Right, Route},
};

mod actions;
mod feed;
mod icalendar;
mod pages;
mod store;

#[must_use]
pub fn routes() -> Vec<Route> {
    use Right::{Public, SignedIn};
    vec![
        Route::get("/calendars/{token}", Public, feed::send_calendar),
        Route::get("/account/calendar", SignedIn, pages::show_calendar_address),
        Route::post("/account/calendar", SignedIn, actions::make_address),
        Route::post("/account/calendar/removal", SignedIn, actions::remove_address),
    ]
}

/// The address of the feed with this token. Its ending is what some calendar programs look at.
fn feed_address(state: &AppState, token: &crate::access::token::Token) -> String {
    state.config.public_url.with_path(&format!("/calendars/{}.ics", token.to_text()))
}
