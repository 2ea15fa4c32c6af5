//! Checklists: the list of them, reading a version, comparing two, editing the next one, importing and exporting
//! Markdown, and archiving.
//!
//! Guarantees: everyone who is signed in can read every checklist, and only admins can change them. A published version
//! never changes. An import is shown line by line before anything is published, with what was left out and why, and
//! nothing has to be typed or chosen twice. An edit is saved with every change, visible to all admins, and published
//! only after its changes were shown. An exported checklist imports as the same checklist.

mod actions;
mod compare_page;
mod comparison;
mod draft;
mod import;
mod import_choices;
mod new_checklist;
mod pages;
mod preview;
pub mod publish;
pub mod read_import;
pub mod shipped;
mod starters;
mod store;
pub mod upload;
mod view;

use std::sync::Arc;

use sqlx::PgPool;

use crate::{
    domain::{
        ids::ChecklistId,
        launch::{access::ActKind, state::ChecklistVersion},
    },
    record::Record,
    web::route::{Right, Route},
};

pub const MAX_MARKDOWN_BYTES: usize = 2_000_000;

#[must_use]
pub fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::get("/checklists", Right::SignedIn, pages::show_list),
        Route::get("/checklists/new", Right::Admin, new_checklist::show_new_checklist),
        Route::post("/checklists/new", Right::Admin, new_checklist::create_checklist),
        Route::get("/checklists/import", Right::Admin, import::show_import),
        Route::post("/checklists/import", Right::Admin, import::import_checklist).long(),
        Route::get("/checklists/{id}", Right::SignedIn, pages::show_newest),
        Route::get("/checklists/{id}/compare", Right::SignedIn, compare_page::show_comparison),
        Route::post("/checklists/{id}/archive", Right::Admin, actions::set_archived),
        Route::get("/checklists/{id}/versions/{number}", Right::SignedIn, pages::show_version),
        Route::get("/checklists/{id}/versions/{number}/checklist.md", Right::SignedIn, pages::export_version),
        Route::get("/launches/{id}/checklist.md", Right::Launch(ActKind::View), pages::export_launch_checklist),
    ];
    routes.extend(draft::routes());
    // Nobody's rights depend on a checklist: what is published is visible to all, and existing launches keep their
    // version.
    routes.into_iter().map(Route::without_proof).collect()
}

/// The version with this number, or the newest.
pub async fn load_version(
    db: &PgPool,
    record: &Record,
    checklist: ChecklistId,
    number: Option<i32>,
) -> Result<Option<Arc<ChecklistVersion>>, sqlx::Error> {
    let versions = store::list_versions(db, checklist).await?;
    let line = versions.into_iter().find(|line| number.is_none_or(|number| line.number == number));
    match line {
        Some(line) => record.load_version(db, line.id).await,
        None => Ok(None),
    }
}
