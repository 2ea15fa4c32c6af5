//! The go/no-go page: the verdict with every reason, the signatures, the conditions and the decision; and the actions
//! there: signing, withdrawing, deciding, launching, closing.
//!
//! Promises: verdict and decision are never mixed up; a signature is bound to the digest that was on the screen, and is
//! refused with the difference if that digest is outdated; what the reader may not do is explained, not offered; an
//! invalid form comes back with its input, except passwords; the audit log records everyone who was refused a
//! signature. The page takes a fixed number of database round trips beyond authenticating the reader: the launch; its
//! newest checkpoint; the visits of the page, together with the record of this one; for a reader who may sign, the
//! statements; for the owner, wrong passwords; and, if something changed since a signature or the last visit, the
//! scopes of that time.
//!
//! Every signature has a receipt: its event with the proof that it is in the history under a signed checkpoint.
//! Downloading a receipt records a witness of that checkpoint. A GET here stores nothing else, except visits.

mod blocking_reasons;
mod checkpoint;
mod decisions;
mod forms;
mod owner;
mod pages;
mod printed_sheet;
mod receipt;
mod reminders;
mod shown_readiness;
mod sign;
mod sign_form;
mod signature_input;
mod signatures;
mod signing_proof;
mod since_last_visit;
mod store;
mod view;
mod withdrawal;

use crate::{
    domain::launch::access::ActKind,
    web::route::{Right, Route},
};

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/launches/{id}/go-no-go", Right::Launch(ActKind::View), pages::show),
        Route::get("/launches/{id}/as-of/{seq}/go-no-go", Right::Launch(ActKind::View), pages::show_past),
        Route::get("/launches/{id}/readiness.json", Right::Launch(ActKind::View), pages::show_readiness_json),
        Route::post("/launches/{id}/signatures", Right::Launch(ActKind::Sign), sign::sign),
        Route::get("/signatures/{id}", Right::Launch(ActKind::View), receipt::show),
        Route::get("/signatures/{id}/receipt.json", Right::Launch(ActKind::View), receipt::download_receipt),
        Route::post(
            "/signatures/{id}/withdrawal",
            Right::Launch(ActKind::WithdrawSignature),
            withdrawal::withdraw_signature,
        ),
        Route::post(
            "/launches/{id}/signature-requests",
            Right::Launch(ActKind::AskSignatures),
            decisions::request_signatures,
        ),
        Route::post("/launches/{id}/reminders", Right::Launch(ActKind::AskSignatures), reminders::remind_signers),
        Route::post("/launches/{id}/decision", Right::Launch(ActKind::Decide), decisions::decide_launch),
        Route::post("/launches/{id}/lifecycle", Right::Launch(ActKind::ManageLifecycle), decisions::advance_stage),
    ]
}
