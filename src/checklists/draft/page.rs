//! Shows the pages of the editor, with a form that comes back if one does.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;

use super::{
    current::CurrentDraft,
    draft_view::DraftView,
    form::{DraftAddress, OpenPage, OutlineQuery},
    parse::SentDraftForm,
    redirect::DraftNotice,
    view::{ChangedPieces, DraftPage},
};
use crate::{
    access::Admin,
    state::AppState,
    texts,
    web::{
        Error,
        blocking::run_blocking,
        chrome::{Nav, PageContext},
        form::{Path, Query},
        response::{SeeOther, render_with_status},
        route::{Right, Route},
    },
};

/// What a page shows of a form that was sent, and how much of the page the answer has.
#[derive(Debug, Default)]
pub(super) struct ShownForm {
    /// The form that comes back.
    pub sent: Option<SentDraftForm>,
    pub notice: Option<DraftNotice>,
    /// For a script: the version that its page shows. The answer has only what changed since.
    pub since: Option<i64>,
}

/// The route of a page; `open` makes the page from the address's query.
pub(super) fn page_route(path: &'static str, open: fn(&OutlineQuery) -> OpenPage) -> Route {
    let handler = async move |State(state): State<AppState>,
                              _: Admin,
                              Path(address): Path<DraftAddress>,
                              Query(query): Query<OutlineQuery>,
                              page: PageContext| {
        let (current, open) = (CurrentDraft::load(&state, address.id).await?, open(&query));
        if current.archived && open != OpenPage::Discard {
            return Err(Error::Conflict(texts::restore_before_editing()));
        }
        let shown = ShownForm { since: query.since, ..ShownForm::default() };
        render_page(&state, &page, current, open, shown, StatusCode::OK).await
    };
    Route::get(path, Right::Admin, handler)
}

/// The route of a section or item that once had a page: leads to its place on the outline.
pub(super) fn former_route(path: &'static str) -> Route {
    let handler = async move |State(state): State<AppState>, _: Admin, Path(address): Path<DraftAddress>| {
        let current = CurrentDraft::load(&state, address.id).await?;
        if !current.draft.contains(address.node) {
            return Err(Error::NotFound);
        }
        Ok(SeeOther::to(current.address_of(address.node)).into_response())
    };
    Route::get(path, Right::Admin, handler)
}

pub(super) async fn render_page(
    state: &AppState,
    page: &PageContext,
    current: CurrentDraft,
    open: OpenPage,
    shown: ShownForm,
    status: StatusCode,
) -> Result<Response, Error> {
    let name = &current.draft.name;
    let (title, compares) = match open {
        OpenPage::Publication => (texts::publish_draft_title(name), true),
        OpenPage::Discard => (texts::discard_draft_title(name), true),
        OpenPage::Outline(_) | OpenPage::LostInput => (texts::draft_title(name), false),
    };
    let roles = if compares { Vec::new() } else { current.load_roles(state).await? };
    let published = if compares { current.load_newest(state).await? } else { current.load_base(state).await? };
    let chrome = page.chrome(state, title, Nav::Checklists);
    run_blocking(move || {
        let (view, open) = DraftView::new(open, &current, &published).ok_or(Error::NotFound)?;
        let changed = current.draft.changed_nodes(current.checklist, &published);
        let page = DraftPage { changed, ..DraftPage::new(chrome, &current, (view, open), roles, shown.sent.as_ref()) };
        match shown.since.filter(|_| matches!(page.view, DraftView::Outline)) {
            Some(since) => render_with_status(status, &ChangedPieces { page, since, notice: shown.notice }),
            None => render_with_status(status, &page),
        }
    })
    .await?
}
