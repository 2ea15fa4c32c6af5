//! Administration: people, their roles and invitations; the statements that signers sign; the second-factor policy and
//! the security log; how the installation runs.
//!
//! Guarantees: nobody is ever deleted; there is always an admin left; an invitation's address is shown once, to the
//! admin who made it, and a newer one to the same person replaces it; a new statement does not change what was signed
//! under an old one; nobody gives themselves a right while there is another admin; and what an admin does to another
//! person's credentials is in the log for all admins to see, is reported to that person, and has to be confirmed by
//! another admin before the account may do binding acts at once.

use crate::web::route::{Right::Admin, Route};

mod account_recovery;
mod actions;
mod address_changes;
mod invitation_links;
mod invitation_list;
mod invitation_review;
mod invitations;
mod operations;
mod pages;
mod security;
mod stale_form;
mod statements;
mod store;
mod view;

/// Where the problems that a verification found are shown; its mail has the address.
pub const OPERATIONS_PATH: &str = "/admin/operations";

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/admin", Admin, pages::show_people),
        Route::post("/admin/invitations", Admin, invitations::invite),
        Route::post("/admin/invitations/{id}/link", Admin, invitations::renew_link),
        Route::post("/admin/invitations/{id}/withdrawal", Admin, invitations::withdraw_invitation),
        Route::post("/admin/people/{id}/roles", Admin, actions::change_roles),
        Route::post("/admin/people/{id}/deactivation", Admin, actions::deactivate),
        Route::post("/admin/people/{id}/reactivation", Admin, actions::reactivate),
        Route::post("/admin/people/{id}/sessions/revocation", Admin, actions::end_all_sessions),
        Route::post("/admin/people/{id}/password-reset", Admin, account_recovery::make_reset_link),
        Route::post("/admin/people/{id}/second-factor/removal", Admin, account_recovery::remove_second_factor),
        Route::post("/admin/address-changes/{id}/confirmation", Admin, address_changes::confirm),
        Route::post("/admin/renewals/{id}/confirmation", Admin, account_recovery::confirm),
        Route::get("/admin/security", Admin, security::show),
        Route::post("/admin/security/policy", Admin, security::change_policy),
        Route::get(OPERATIONS_PATH, Admin, operations::show),
        Route::post("/admin/operations/jobs/{id}/retry", Admin, operations::retry_job),
        Route::post("/admin/operations/jobs/{id}/removal", Admin, operations::discard_job),
        Route::post("/admin/operations/verification", Admin, operations::verify_now),
        Route::get("/admin/statements", Admin, statements::show),
        Route::post("/admin/statements", Admin, statements::publish),
    ]
}
