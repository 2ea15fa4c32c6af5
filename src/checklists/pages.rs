//! GET: the checklists there are, a version to read, and a version as Markdown.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, header};

use super::{
    store,
    view::{List, Show},
};
use crate::{
    access::{CurrentUser, launch_access::LaunchAccess},
    domain::{
        ids::ChecklistId,
        launch::state::ChecklistVersion,
        markdown_checklist::{key_of, write},
        role::InstallationRole,
    },
    state::AppState,
    web::{
        Error,
        apart::apart,
        form::Path,
        page::{Nav, Page, html},
    },
};

/// `GET /checklists`.
pub(super) async fn list(State(state): State<AppState>, user: CurrentUser, page: Page) -> Result<Response, Error> {
    let (archived, current) =
        store::shelf(&state.db).await?.into_iter().partition(|checklist| checklist.archived_at.is_some());
    html(&List {
        chrome: page.chrome(&state, "Checklists", Nav::Checklists),
        is_admin: user.is(InstallationRole::Admin),
        current,
        archived,
    })
}

/// `GET /checklists/{id}`: the newest version.
pub(super) async fn newest(
    State(state): State<AppState>,
    user: CurrentUser,
    Path(id): Path<ChecklistId>,
    page: Page,
) -> Result<Response, Error> {
    show(&state, &user, &page, id, None).await
}

/// `GET /checklists/{id}/versions/{number}`.
pub(super) async fn version(
    State(state): State<AppState>,
    user: CurrentUser,
    Path((id, number)): Path<(ChecklistId, i32)>,
    page: Page,
) -> Result<Response, Error> {
    show(&state, &user, &page, id, Some(number)).await
}

async fn show(
    state: &AppState,
    user: &CurrentUser,
    page: &Page,
    id: ChecklistId,
    number: Option<i32>,
) -> Result<Response, Error> {
    let versions = store::versions(&state.db, id).await?;
    let line = versions.iter().find(|line| number.is_none_or(|number| line.number == number)).ok_or(Error::NotFound)?;
    let version = state.record.version_by_id(&state.db, line.id).await?.ok_or(Error::NotFound)?;
    let chrome = page.chrome(state, version.checklist.name.as_str(), Nav::Checklists);
    let (is_admin, is_member) = (user.is(InstallationRole::Admin), user.is(InstallationRole::Member));
    apart(move || html(&Show::new(chrome, &version, versions, is_admin, is_member))).await?
}

/// `GET /checklists/{id}/versions/{number}/checklist.md`.
pub(super) async fn export(
    State(state): State<AppState>,
    _: CurrentUser,
    Path((id, number)): Path<(ChecklistId, i32)>,
) -> Result<Response, Error> {
    let version = super::version(&state.db, &state.record, id, Some(number)).await?;
    markdown(version.ok_or(Error::NotFound)?).await
}

/// `GET /launches/{id}/checklist.md`: the version that the launch was made from.
pub(super) async fn export_of_launch(access: LaunchAccess) -> Result<Response, Error> {
    markdown(Arc::clone(&access.launch.version)).await
}

/// A version as a file to keep, named after it: `production-readiness-v3.md`.
async fn markdown(version: Arc<ChecklistVersion>) -> Result<Response, Error> {
    let stem = key_of(version.checklist.name.as_str(), &BTreeSet::new());
    let disposition = format!("attachment; filename=\"{stem}-v{}.md\"", version.number);
    let disposition = HeaderValue::from_str(&disposition).map_err(|error| Error::Fault(error.into()))?;
    let text = apart(move || write(&version.checklist)).await?;
    let kind = HeaderValue::from_static("text/markdown; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)], text).into_response())
}
