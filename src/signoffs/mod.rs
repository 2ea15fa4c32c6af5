//! The go/no-go page: the verdict with every reason, the signatures, the conditions and the decision; and what is done
//! there: signing, withdrawing, deciding, launching, closing.
//!
//! Promises: verdict and decision are never mixed up; a signature is bound to the digest that was on the screen, and
//! is refused with the difference when that is no longer so; what one may not do is explained, not offered; a form
//! that fails comes back with what was typed, passwords excepted; whoever was refused a signature is told of in the
//! installation's log. The page takes a fixed number of database round trips beyond knowing who asks: the launch; its
//! newest checkpoint; who has looked, with the mark that this reader does; for who may sign, what signers declare; for the owner, wrong
//! passwords; and, where something changed since it was signed or looked at, what it was then.
//!
//! Every signature has a receipt: its event with the proof that it is in the history under a signed checkpoint. To take
//! one away makes that checkpoint a witnessed one, and is all that a GET here notes.

mod checkpoint;
mod decide;
mod forms;
mod owner;
mod pages;
mod receipt;
mod seen;
mod sheet;
mod sign;
mod signatures;
mod store;
mod view;

use crate::web::route::{Right, Route};

/// Every route of the slice.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/launches/{id}/go-no-go", Right::Launch("see"), pages::show),
        Route::get("/launches/{id}/as-of/{seq}/go-no-go", Right::Launch("see"), pages::as_it_stood),
        Route::get("/launches/{id}/readiness.json", Right::Launch("see"), pages::readiness_json),
        Route::post("/launches/{id}/signatures", Right::Launch("sign"), sign::sign),
        Route::get("/signatures/{id}", Right::Launch("see"), receipt::show),
        Route::get("/signatures/{id}/receipt.json", Right::Launch("see"), receipt::download),
        Route::post("/signatures/{id}/withdrawal", Right::Launch("withdraw_signature"), sign::withdraw),
        Route::post("/launches/{id}/signature-requests", Right::Launch("ask_signatures"), decide::ask),
        Route::post("/launches/{id}/decision", Right::Launch("decide"), decide::decide),
        Route::post("/launches/{id}/lifecycle", Right::Launch("live"), decide::live),
    ]
}
