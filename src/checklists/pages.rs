//! GET: the list of checklists, a version to read, and a version as Markdown.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, header};

use super::{
    store,
    view::{ChecklistListPage, ChecklistVersionPage, UnpublishedChecklistView},
};
use crate::{
    access::{CurrentUser, launch_access::LaunchAccess},
    domain::{
        ids::ChecklistId,
        launch::state::ChecklistVersion,
        markdown_checklist::{key_from_title, write_markdown},
        role::InstallationRole,
        text::Title,
    },
    state::AppState,
    texts,
    web::{
        Error,
        blocking::run_blocking,
        chrome::{Nav, PageContext},
        form::Path,
        response::{SeeOther, render},
    },
};

/// `GET /checklists`: all checklists, the archived ones apart.
pub(super) async fn show_list(
    State(state): State<AppState>,
    user: CurrentUser,
    page: PageContext,
) -> Result<Response, Error> {
    let is_admin = user.has_role(InstallationRole::Admin);
    let unpublished = if is_admin { list_unpublished(&state).await? } else { Vec::new() };
    let (archived, current) =
        store::list_checklists(&state.db).await?.into_iter().partition(|checklist| checklist.archived_at.is_some());
    render(&ChecklistListPage {
        chrome: page.chrome(&state, texts::checklists(), Nav::Checklists),
        is_admin,
        unpublished,
        current,
        archived,
    })
}

/// The checklists that were not published yet, by the names in their drafts.
async fn list_unpublished(state: &AppState) -> Result<Vec<UnpublishedChecklistView>, Error> {
    /// The part of a draft that the list shows.
    #[derive(serde::Deserialize)]
    struct DraftName {
        name: Title,
    }
    let rows = store::list_unpublished_checklists(&state.db).await?;
    let read = move || {
        let view = |row: store::UnpublishedChecklistRow| -> Result<_, serde_json::Error> {
            let DraftName { name } = serde_json::from_slice(&row.content)?;
            Ok(UnpublishedChecklistView {
                id: row.id,
                name: name.to_string(),
                edited_at: row.edited_at,
                edited_by: row.edited_by,
            })
        };
        rows.into_iter().map(view).collect::<Result<Vec<_>, _>>()
    };
    run_blocking(read).await?.map_err(|error| Error::Fault(anyhow::Error::new(error).context("a draft can't be read")))
}

/// `GET /checklists/{id}`: the newest version, or the draft if none was published yet.
pub(super) async fn show_newest(
    State(state): State<AppState>,
    user: CurrentUser,
    Path(id): Path<ChecklistId>,
    page: PageContext,
) -> Result<Response, Error> {
    let answer = render_version(&state, &user, &page, id, None).await;
    let is_missing = matches!(answer, Err(Error::NotFound));
    if is_missing && user.has_role(InstallationRole::Admin) && is_unpublished(&state, id).await? {
        return Ok(SeeOther::to(format!("/checklists/{id}/draft")).into_response());
    }
    answer
}

async fn is_unpublished(state: &AppState, id: ChecklistId) -> Result<bool, sqlx::Error> {
    Ok(store::list_unpublished_checklists(&state.db).await?.iter().any(|row| row.id == id))
}

pub(super) async fn show_version(
    State(state): State<AppState>,
    user: CurrentUser,
    Path((id, number)): Path<(ChecklistId, i32)>,
    page: PageContext,
) -> Result<Response, Error> {
    render_version(&state, &user, &page, id, Some(number)).await
}

async fn render_version(
    state: &AppState,
    user: &CurrentUser,
    page: &PageContext,
    id: ChecklistId,
    number: Option<i32>,
) -> Result<Response, Error> {
    let versions = store::list_versions(&state.db, id).await?;
    let line = versions.iter().find(|line| number.is_none_or(|number| line.number == number)).ok_or(Error::NotFound)?;
    let version = state.record.load_version(&state.db, line.id).await?.ok_or(Error::NotFound)?;
    let chrome = page.chrome(state, version.checklist.name.as_str(), Nav::Checklists);
    let (is_admin, is_member) = (user.has_role(InstallationRole::Admin), user.has_role(InstallationRole::Member));
    run_blocking(move || render(&ChecklistVersionPage::new(chrome, &version, versions, is_admin, is_member))).await?
}

pub(super) async fn export_version(
    State(state): State<AppState>,
    _: CurrentUser,
    Path((id, number)): Path<(ChecklistId, i32)>,
) -> Result<Response, Error> {
    let version = super::load_version(&state.db, &state.record, id, Some(number)).await?;
    markdown_response(version.ok_or(Error::NotFound)?).await
}

/// `GET /launches/{id}/checklist.md`: the version that the launch was made from.
pub(super) async fn export_launch_checklist(access: LaunchAccess) -> Result<Response, Error> {
    markdown_response(Arc::clone(&access.launch.version)).await
}

/// A version as a file with a name such as `production-readiness-v3.md`.
async fn markdown_response(version: Arc<ChecklistVersion>) -> Result<Response, Error> {
    let stem = key_from_title(version.checklist.name.as_str(), &BTreeSet::new());
    let disposition = format!("attachment; filename=\"{stem}-v{}.md\"", version.number);
    let disposition = HeaderValue::from_str(&disposition).map_err(|error| Error::Fault(error.into()))?;
    let text = run_blocking(move || write_markdown(&version.checklist)).await?;
    let kind = HeaderValue::from_static("text/markdown; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)], text).into_response())
}
