//! GET: the page on which a person makes, renews and removes the address of their calendar.

use askama::Template;
use axum::{extract::State, response::Response};

use super::store;
use crate::{
    access::CurrentUser,
    domain::time::Moment,
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        response::render,
    },
};

#[derive(Template)]
#[template(path = "calendar_feed/address.html")]
struct CalendarAddressPage {
    chrome: Chrome,
    /// When the present address was made; `None` without one.
    made_at: Option<Moment>,
}

impl CalendarAddressPage {
    /// A new address, on the one page that shows it.
    fn new_address(&self) -> Option<&str> {
        let link = self.chrome.flash.as_ref().and_then(|flash| flash.link.as_deref());
        link.filter(|link| link.contains("/calendars/"))
    }
}

pub(super) async fn show_calendar_address(
    State(state): State<AppState>,
    page: PageContext,
    user: CurrentUser,
) -> Result<Response, Error> {
    let made_at = store::find_address_time(&state.db, user.id).await?;
    render(&CalendarAddressPage { chrome: page.chrome(&state, texts::your_calendar(), Nav::Account), made_at })
}
