//! Evidence: files, links and notes that say an item is really done.
//!
//! A file is on the disk, flushed, before the event that names it is written; what fails leaves no bytes behind.
//! Its type is told from its bytes and never from its name, and it is served so that it can't run: as an
//! attachment, in a sandbox; of images there are pictures drawn anew. Evidence does not change: it is withdrawn with a
//! reason, and stays readable. What one item has can be used again on another, and then rests on the same bytes.

mod actions;
mod again;
mod archive;
mod attach;
mod file;
mod index;
mod media_type;
mod picture;
mod store;
mod upload;
pub(super) mod view;

use crate::web::route::{Costly, Right, Route};

/// The routes of evidence.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::post("/items/{id}/evidence", Right::Launch("attach"), attach::attach).long().costly(Costly::Upload),
        Route::get("/evidence/{id}/file", Right::Launch("see"), file::download).long(),
        Route::get("/evidence/{id}/thumbnail", Right::Launch("see"), picture::thumbnail),
        Route::get("/evidence/{id}/preview", Right::Launch("see"), picture::preview),
        Route::post("/evidence/{id}/withdrawal", Right::Launch("withdraw_evidence"), actions::withdraw),
        Route::get("/launches/{id}/evidence", Right::Launch("see"), index::show),
        Route::get("/launches/{id}/as-of/{seq}/evidence", Right::Launch("see"), index::as_it_stood),
        Route::get("/launches/{id}/evidence.zip", Right::Launch("see"), archive::download)
            .long()
            .costly(Costly::Export),
        Route::post("/items/{id}/evidence-requests", Right::Launch("request_evidence"), actions::request),
        Route::post("/evidence-requests/{id}/answer", Right::Launch("answer_request"), actions::answer),
    ]
}
