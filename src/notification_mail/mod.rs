//! Mails about notifications: one for each launch that has something new for a person, or one digest of several launches.
//!
//! Guarantees: a notification is in one mail, whichever server composes it, since both are written in one transaction that
//! has locked the notification; whether the person may see the launch is asked again when the mail is composed; a mail
//! that can't be composed for one person is logged and tried again later, and keeps nobody else from theirs; what one
//! click ends (RFC 8058) is this kind of mail, and needs no session.

use crate::{
    state::AppState,
    web::route::{Right, Route},
};

mod compose;
mod queue_mails;
mod store;
mod unsubscribe;

pub use queue_mails::queue_due_mails;
pub use unsubscribe::unsubscribe_address;

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/unsubscribe/{token}", Right::Public, unsubscribe::show),
        Route::post("/unsubscribe/{token}", Right::Public, unsubscribe::end_mails),
    ]
}

/// The address of the settings of notifications.
fn settings_address(state: &AppState) -> String {
    state.config.public_url.with_path("/account/notifications")
}
