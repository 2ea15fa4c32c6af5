//! The bundle of a launch: made while it is sent, and verified from its file; and the page that verifies a history on
//! the spot.
//!
//! Promises: whoever may see a launch may take its bundle, and nobody else; each taking leaves a checkpoint, its taker
//! as a witness, and an event of the installation, before the first byte; a bundle is of the history as it stood then,
//! whatever happens while it is sent; memory holds neither all events nor any file, on the server and in the verifier.

mod pack;
mod page;
mod report;
mod store;
mod unzip;
mod verify;
mod zip_form;

pub use self::{unzip::Trouble, verify::verify};
use crate::web::route::{Costly, Right, Route};

/// Every route of the slice.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/launches/{id}/bundle.zip", Right::Launch("see"), pack::download).long().costly(Costly::Export),
        Route::get("/launches/{id}/verification", Right::Launch("see"), page::show).costly(Costly::Export),
    ]
}
