//! Discards a draft after a confirmation, since everything typed is lost.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    DraftContext,
    forms::parse_seen_version,
    store,
    view::{DraftDiscardPage, DraftHeadView},
};
use crate::{
    access::Admin,
    checklists::{self, comparison::ChecklistComparisonView},
    domain::ids::ChecklistId,
    state::AppState,
    web::{
        Error,
        blocking::run_blocking,
        form::{Path, UnreadForm},
        page::{Nav, PageContext, SeeOther, render_with_status},
    },
};

/// The draft that the confirmation page showed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DiscardForm {
    version: String,
}

/// `GET /checklists/{id}/draft/discard`.
pub(super) async fn show_discard(
    State(state): State<AppState>,
    _: Admin,
    Path(id): Path<ChecklistId>,
    page: PageContext,
) -> Result<Response, Error> {
    let desk = DraftContext::load(&state, id).await?;
    render_discard(&state, &page, desk, StatusCode::OK, None).await
}

async fn render_discard(
    state: &AppState,
    page: &PageContext,
    desk: DraftContext,
    status: StatusCode,
    problem: Option<String>,
) -> Result<Response, Error> {
    let newest = desk.newest(state).await?;
    let chrome = page.chrome(state, format!("Discard the draft · {}", desk.name()), Nav::Checklists);
    run_blocking(move || {
        let comparison = ChecklistComparisonView::compare(&newest, &desk.draft.checklist());
        render_with_status(status, &DraftDiscardPage { chrome, head: DraftHeadView::new(&desk), comparison, problem })
    })
    .await?
}

/// `POST /checklists/{id}/draft/discard`. Repeating it changes nothing.
pub(super) async fn discard_draft(
    State(state): State<AppState>,
    _: Admin,
    Path(id): Path<ChecklistId>,
    page: PageContext,
    sent: UnreadForm,
) -> Result<Response, Error> {
    DraftContext::load(&state, id).await?;
    let form: DiscardForm = sent.read_form().await?;
    let mut tx = state.db.begin().await?;
    checklists::store::lock_checklist(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let desk = DraftContext::load_in(&state, &mut tx, id).await?;
    if desk.last_saved.is_some() {
        if desk.draft.version != parse_seen_version(&form.version) {
            drop(tx);
            let problem = "The draft was changed since you looked. This is what it holds now.".to_owned();
            return render_discard(&state, &page, desk, StatusCode::CONFLICT, Some(problem)).await;
        }
        store::delete_draft(&mut tx, id).await?;
        tx.commit().await?;
    }
    Ok(SeeOther::to(format!("/checklists/{id}")).with_success("The draft is discarded.").into_response())
}
