//! Administration: who is here, what they may do, and who is invited; what signers declare; of whom a second factor is
//! demanded, and the security log.
//!
//! What it promises: nobody is ever deleted; there is always an admin left; an invitation's address is shown once, to
//! the admin who made it, and a newer one to the same person replaces it; what was ever signed under a wording is not
//! changed by a new one; nobody gives themselves a right while there is another admin; and whatever an admin does about
//! another's way in is in the log for all of them to see, is told to that person, and has to be confirmed by another admin
//! before the account does at once what others rely on.

use crate::web::route::{Right::Admin, Route};

mod actions;
mod pages;
mod security;
mod statements;
mod store;
mod view;
mod ways_in;

/// The routes.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/admin", Admin, pages::people),
        Route::post("/admin/invitations", Admin, actions::invite),
        Route::post("/admin/invitations/{id}/withdrawal", Admin, actions::withdraw_invitation),
        Route::post("/admin/people/{id}/roles", Admin, actions::change_roles),
        Route::post("/admin/people/{id}/deactivation", Admin, actions::deactivate),
        Route::post("/admin/people/{id}/reactivation", Admin, actions::reactivate),
        Route::post("/admin/people/{id}/sessions/revocation", Admin, actions::end_all_sessions),
        Route::post("/admin/people/{id}/password-reset", Admin, ways_in::make_reset),
        Route::post("/admin/people/{id}/second-factor/removal", Admin, ways_in::remove_second_factor),
        Route::post("/admin/renewals/{id}/confirmation", Admin, ways_in::confirm),
        Route::get("/admin/security", Admin, security::show),
        Route::post("/admin/security/policy", Admin, security::change_policy),
        Route::get("/admin/statements", Admin, statements::show),
        Route::post("/admin/statements", Admin, statements::publish),
    ]
}
