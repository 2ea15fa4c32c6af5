//! GET: two versions of a checklist, item by item.

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{comparison::Comparison, store, view::Compare};
use crate::{
    access::CurrentUser,
    domain::ids::ChecklistId,
    state::AppState,
    web::{
        Error,
        apart::apart,
        form::{Path, Query},
        page::{Nav, Page, html},
    },
};

/// Which versions, by their numbers.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    from: Option<i32>,
    to: Option<i32>,
}

/// `GET /checklists/{id}/compare?from=&to=`: without numbers, the newest version with the one before it.
pub(super) async fn compare(
    State(state): State<AppState>,
    _: CurrentUser,
    Path(id): Path<ChecklistId>,
    Query(wanted): Query<Wanted>,
    page: Page,
) -> Result<Response, Error> {
    let versions = store::versions(&state.db, id).await?;
    let newest = versions.first().ok_or(Error::NotFound)?.number;
    let to = wanted.to.unwrap_or(newest);
    // The first version has none before it, and is compared with itself.
    let from = wanted.from.unwrap_or_else(|| (to - 1).max(1));
    let version = async |number: i32| {
        let line = versions.iter().find(|line| line.number == number).ok_or(Error::NotFound)?;
        state.record.version_by_id(&state.db, line.id).await?.ok_or(Error::NotFound)
    };
    let (before, after) = (version(from).await?, version(to).await?);
    let chrome = page.chrome(&state, format!("Compare · {}", after.checklist.name), Nav::Checklists);
    apart(move || {
        let comparison = Comparison::between(&before.checklist, &after.checklist);
        let name = after.checklist.name.to_string();
        html(&Compare { chrome, id, name, from, to, versions, comparison })
    })
    .await?
}
