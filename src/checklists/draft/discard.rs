//! Discarding a draft, which is asked twice: what was typed is gone then.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    Desk,
    forms::seen,
    store,
    view::{Discard, Head},
};
use crate::{
    access::Admin,
    checklists::{self, comparison::Comparison},
    domain::ids::ChecklistId,
    state::AppState,
    web::{
        Error,
        apart::apart,
        form::{Path, Sent},
        page::{Nav, Page, SeeOther, html_with},
    },
};

/// What was looked at before it was discarded.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DiscardForm {
    version: String,
}

/// `GET /checklists/{id}/draft/discard`.
pub(super) async fn ask(
    State(state): State<AppState>,
    _: Admin,
    Path(id): Path<ChecklistId>,
    page: Page,
) -> Result<Response, Error> {
    let desk = Desk::open(&state, id).await?;
    asked(&state, &page, desk, StatusCode::OK, None).await
}

async fn asked(
    state: &AppState,
    page: &Page,
    desk: Desk,
    status: StatusCode,
    problem: Option<String>,
) -> Result<Response, Error> {
    let newest = desk.newest(state).await?;
    let chrome = page.chrome(state, format!("Discard the draft · {}", desk.name()), Nav::Checklists);
    apart(move || {
        let comparison = Comparison::between(&newest, &desk.draft.checklist());
        html_with(status, &Discard { chrome, head: Head::new(&desk), comparison, problem })
    })
    .await?
}

/// `POST /checklists/{id}/draft/discard`. Asked for again, it is gone, and nothing happens.
pub(super) async fn discard(
    State(state): State<AppState>,
    _: Admin,
    Path(id): Path<ChecklistId>,
    page: Page,
    sent: Sent,
) -> Result<Response, Error> {
    Desk::open(&state, id).await?;
    let form: DiscardForm = sent.form().await?;
    let mut tx = state.db.begin().await?;
    checklists::store::lock(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let desk = Desk::open_on(&state, &mut tx, id).await?;
    if desk.saved.is_some() {
        if desk.draft.version != seen(&form.version) {
            drop(tx);
            let problem = "The draft was changed since you looked. This is what it holds now.".to_owned();
            return asked(&state, &page, desk, StatusCode::CONFLICT, Some(problem)).await;
        }
        store::end(&mut tx, id).await?;
        tx.commit().await?;
    }
    Ok(SeeOther::to(format!("/checklists/{id}")).good("The draft is discarded.").into_response())
}
