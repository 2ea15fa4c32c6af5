//! Evidence: files, links and notes that show that an item is really done.
//!
//! A file is on the disk and flushed before the event that names it is written; a failure leaves no bytes behind. Its
//! type is detected from its bytes, never from its name. It is served so that it cannot run: as an attachment, in a
//! sandbox; pictures of images are drawn from their pixels. Evidence does not change: it is withdrawn with a reason,
//! and stays readable. The evidence of one item can be reused on another, which then refers to the same bytes.

mod actions;
mod archive;
mod attach;
mod attach_request;
mod file;
mod index;
mod media_type;
mod picture;
mod reuse;
pub(super) mod status;
mod store;
mod upload;
pub(super) mod view;

use crate::{
    domain::launch::access::ActKind,
    web::route::{RateLimitClass, Right, Route},
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::post("/items/{id}/evidence", Right::Launch(ActKind::Attach), attach::attach_evidence)
            .long()
            .rate_limited(RateLimitClass::Upload),
        Route::get("/evidence/{id}/file", Right::Launch(ActKind::View), file::download_file).long(),
        Route::get("/evidence/{id}/thumbnail", Right::Launch(ActKind::View), picture::show_thumbnail),
        Route::get("/evidence/{id}/preview", Right::Launch(ActKind::View), picture::show_preview),
        Route::post("/evidence/{id}/withdrawal", Right::Launch(ActKind::WithdrawEvidence), actions::withdraw_evidence),
        Route::get("/launches/{id}/evidence", Right::Launch(ActKind::View), index::show),
        Route::get("/launches/{id}/as-of/{seq}/evidence", Right::Launch(ActKind::View), index::show_past),
        Route::get("/launches/{id}/evidence.zip", Right::Launch(ActKind::View), archive::download_archive)
            .long()
            .rate_limited(RateLimitClass::Export),
        Route::post(
            "/items/{id}/evidence-requests",
            Right::Launch(ActKind::RequestEvidence),
            actions::request_evidence,
        ),
        Route::post("/evidence-requests/{id}/answer", Right::Launch(ActKind::AnswerRequest), actions::answer_request),
    ]
}
