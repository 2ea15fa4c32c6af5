//! Webhooks: chats and other programs hear of what happens in launches.
//!
//! Guarantees: a message exists exactly when the change was committed; it says the launch's readiness as it is when it is
//! sent, what blocks and who is awaited; of a restricted launch only its own webhooks hear; the address and the secret are
//! encrypted in the database, and the secret is shown once; a request can't be led inside ([`crate::outgoing`]); a message
//! that fails is tried for about a day, and after that is kept for 30 days and can be sent again.

use crate::web::route::{Right::Admin, Route};

mod actions;
mod deliver;
mod input;
mod message;
mod pages;
mod signature;
mod store;

pub use deliver::{delete_old_messages, send_due_messages};

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/admin/webhooks", Admin, pages::show),
        Route::post("/admin/webhooks", Admin, actions::add),
        Route::post("/admin/webhooks/{id}/test", Admin, actions::send_test).without_proof(),
        Route::post("/admin/webhooks/{id}/removal", Admin, actions::remove),
        Route::post("/admin/webhooks/deliveries/{id}/retry", Admin, actions::send_again).without_proof(),
    ]
}
