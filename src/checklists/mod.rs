//! Checklists: what there is to make launches from, reading a version, comparing two, editing the next one, bringing one
//! in from Markdown, taking one away as Markdown, and putting one out of use.
//!
//! Promises: everyone who is signed in reads every checklist, and admins alone change them; a published version never
//! changes; an import is shown line by line before anything is published, with what was left out and why, and nothing
//! typed or chosen has to be given twice; what is edited is saved with every change, seen by all admins, and published
//! only after what it changes was shown; what is exported imports as the same checklist.

mod actions;
mod compare;
mod comparison;
mod draft;
mod import;
mod pages;
mod preview;
pub mod publish;
pub mod shipped;
mod store;
pub mod understand;
pub mod upload;
mod view;

use std::sync::Arc;

use sqlx::PgPool;

use crate::{
    domain::{ids::ChecklistId, launch::state::ChecklistVersion},
    record::Record,
    web::route::{Right, Route},
};

/// The most bytes a checklist's Markdown may have.
pub const MOST_BYTES: usize = 2_000_000;

/// Every route of the slice.
#[must_use]
pub fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::get("/checklists", Right::SignedIn, pages::list),
        Route::get("/checklists/import", Right::Admin, import::form),
        Route::post("/checklists/import", Right::Admin, import::import).long(),
        Route::get("/checklists/{id}", Right::SignedIn, pages::newest),
        Route::get("/checklists/{id}/compare", Right::SignedIn, compare::compare),
        Route::post("/checklists/{id}/archive", Right::Admin, actions::archive),
        Route::get("/checklists/{id}/versions/{number}", Right::SignedIn, pages::version),
        Route::get("/checklists/{id}/versions/{number}/checklist.md", Right::SignedIn, pages::export),
        Route::get("/launches/{id}/checklist.md", Right::Launch("see"), pages::export_of_launch),
    ];
    routes.extend(draft::routes());
    // A checklist is nobody's right: what is published is seen by all, and old launches keep theirs.
    routes.into_iter().map(Route::unproved).collect()
}

/// A version of a checklist: the one of this number, or the newest.
///
/// # Errors
/// When the database fails.
pub async fn version(
    db: &PgPool,
    record: &Record,
    checklist: ChecklistId,
    number: Option<i32>,
) -> Result<Option<Arc<ChecklistVersion>>, sqlx::Error> {
    let versions = store::versions(db, checklist).await?;
    let line = versions.into_iter().find(|line| number.is_none_or(|number| line.number == number));
    match line {
        Some(line) => record.version_by_id(db, line.id).await,
        None => Ok(None),
    }
}
