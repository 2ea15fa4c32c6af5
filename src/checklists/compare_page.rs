//! GET: compares two versions of a checklist, item by item.

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{comparison::ChecklistComparisonView, store, view::ChecklistComparePage};
use crate::{
    access::CurrentUser,
    domain::ids::ChecklistId,
    state::AppState,
    web::{
        Error,
        blocking::run_blocking,
        form::{Path, Query},
        page::{Nav, PageContext, render},
    },
};

/// The numbers of the versions.
#[derive(Debug, Deserialize)]
pub(super) struct ChecklistCompareQuery {
    from: Option<i32>,
    to: Option<i32>,
}

/// `GET /checklists/{id}/compare?from=&to=`: by default, the newest version and the one before it.
pub(super) async fn show_comparison(
    State(state): State<AppState>,
    _: CurrentUser,
    Path(id): Path<ChecklistId>,
    Query(wanted): Query<ChecklistCompareQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    let versions = store::list_versions(&state.db, id).await?;
    let newest = versions.first().ok_or(Error::NotFound)?.number;
    let to = wanted.to.unwrap_or(newest);
    // The first version has none before it, and is compared with itself.
    let from = wanted.from.unwrap_or_else(|| (to - 1).max(1));
    let version = async |number: i32| {
        let line = versions.iter().find(|line| line.number == number).ok_or(Error::NotFound)?;
        state.record.load_version(&state.db, line.id).await?.ok_or(Error::NotFound)
    };
    let (before, after) = (version(from).await?, version(to).await?);
    let chrome = page.chrome(&state, format!("Compare · {}", after.checklist.name), Nav::Checklists);
    run_blocking(move || {
        let comparison = ChecklistComparisonView::compare(&before.checklist, &after.checklist);
        let name = after.checklist.name.to_string();
        render(&ChecklistComparePage { chrome, id, name, from, to, versions, comparison })
    })
    .await?
}
