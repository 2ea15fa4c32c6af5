//! GET: compares two versions of a checklist, item by item.

use axum::{extract::State, response::Response};
use http::StatusCode;
use serde::Deserialize;

use super::{
    comparison::ChecklistComparisonView,
    store::{self, ChecklistVersionRow},
    view::ChecklistComparePage,
};
use crate::{
    access::CurrentUser,
    domain::ids::ChecklistId,
    state::AppState,
    texts,
    web::{
        Error,
        blocking::run_blocking,
        chrome::{Nav, PageContext},
        form::{FieldErrors, Path, Query},
        response::{render, render_with_status},
    },
};

/// The numbers of the versions, as in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ChecklistCompareQuery {
    from: String,
    to: String,
}

/// Why the address names no version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum VersionNumberError {
    Absent,
    NoNumber,
}

/// The number of one of the versions; `default` if the text is empty.
fn find_number(versions: &[ChecklistVersionRow], text: &str, default: i32) -> Result<i32, VersionNumberError> {
    let number = match text.trim() {
        "" => default,
        text => text.parse().map_err(|_| VersionNumberError::NoNumber)?,
    };
    let exists = versions.iter().any(|line| line.number == number);
    if exists { Ok(number) } else { Err(VersionNumberError::Absent) }
}

/// `GET /checklists/{id}/compare?from=&to=`: by default, the newest version and the one before it. For a number that no
/// version has, the page is shown with a sentence at its field, and the other number stays chosen.
pub(super) async fn show_comparison(
    State(state): State<AppState>,
    _: CurrentUser,
    Path(id): Path<ChecklistId>,
    Query(query): Query<ChecklistCompareQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    let versions = store::list_versions(&state.db, id).await?;
    let newest = versions.first().ok_or(Error::NotFound)?.number;
    let to = find_number(&versions, &query.to, newest);
    // The first version has none before it, and is compared with itself.
    let from = find_number(&versions, &query.from, (to.unwrap_or(newest) - 1).max(1));
    let (Ok(from), Ok(to)) = (from, to) else {
        return render_without_comparison(&state, &page, id, versions, (from, to));
    };
    let version = async |number: i32| {
        let line = versions.iter().find(|line| line.number == number).ok_or(Error::NotFound)?;
        state.record.load_version(&state.db, line.id).await?.ok_or(Error::NotFound)
    };
    let (before, after) = (version(from).await?, version(to).await?);
    let chrome = page.chrome(&state, texts::compare_versions_title(&after.checklist.name), Nav::Checklists);
    run_blocking(move || {
        let comparison = ChecklistComparisonView::compare(&before.checklist, &after.checklist);
        let (name, errors) = (after.checklist.name.to_string(), FieldErrors::new());
        let (from, to, comparison) = (Some(from), Some(to), Some(comparison));
        render(&ChecklistComparePage { chrome, id, name, from, to, versions, errors, comparison })
    })
    .await?
}

/// The page when a number is wrong: 404 if no version has it, 422 if it is no number.
fn render_without_comparison(
    state: &AppState,
    page: &PageContext,
    id: ChecklistId,
    versions: Vec<ChecklistVersionRow>,
    (from, to): (Result<i32, VersionNumberError>, Result<i32, VersionNumberError>),
) -> Result<Response, Error> {
    let newest = versions.first().ok_or(Error::NotFound)?;
    let (name, number) = (newest.name.clone(), newest.number);
    let mut errors = FieldErrors::new();
    for (field, parsed) in [("from", from), ("to", to)] {
        if parsed.is_err() {
            errors.add(field, texts::no_such_version(number));
        }
    }
    let status = match from.err().max(to.err()) {
        Some(VersionNumberError::NoNumber) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(VersionNumberError::Absent) | None => StatusCode::NOT_FOUND,
    };
    let chrome = page.chrome(state, texts::compare_versions_title(&name), Nav::Checklists);
    let (from, to, comparison) = (from.ok(), to.ok(), None);
    render_with_status(status, &ChecklistComparePage { chrome, id, name, from, to, versions, errors, comparison })
}
