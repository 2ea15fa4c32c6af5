//! Shows the pages of the editor, with a form that comes back if one does.

use axum::{extract::State, response::Response};
use http::StatusCode;

use super::{
    current::CurrentDraft,
    form::{DraftAddress, OpenPage},
    parse::SentDraftForm,
    view::{DraftPage, DraftView},
};
use crate::{
    access::Admin,
    domain::ids::NodeId,
    state::AppState,
    texts,
    web::{
        Error,
        blocking::run_blocking,
        chrome::{Nav, PageContext},
        form::Path,
        response::render_with_status,
        route::{Right, Route},
    },
};

/// The route of a page; `open` makes the page from the id in the address.
pub(super) fn page_route(path: &'static str, open: fn(NodeId) -> OpenPage) -> Route {
    let handler =
        async move |State(state): State<AppState>, _: Admin, Path(address): Path<DraftAddress>, page: PageContext| {
            let (current, open) = (CurrentDraft::load(&state, address.id).await?, open(address.node));
            if current.archived && open != OpenPage::Discard {
                return Err(Error::Conflict(texts::restore_before_editing()));
            }
            render_page(&state, &page, current, open, None, StatusCode::OK).await
        };
    Route::get(path, Right::Admin, handler)
}

/// Renders a page; `sent` is the form that it shows as it was typed.
pub(super) async fn render_page(
    state: &AppState,
    page: &PageContext,
    current: CurrentDraft,
    open: OpenPage,
    sent: Option<SentDraftForm>,
    status: StatusCode,
) -> Result<Response, Error> {
    let name = &current.draft.name;
    let (title, compares) = match open {
        OpenPage::Publication => (texts::publish_draft_title(name), true),
        OpenPage::Discard => (texts::discard_draft_title(name), true),
        OpenPage::Outline | OpenPage::Section(_) | OpenPage::Item(_) | OpenPage::LostInput => {
            (texts::draft_title(name), false)
        }
    };
    let roles = if compares { Vec::new() } else { current.load_roles(state).await? };
    let newest = if compares { Some(current.load_newest(state).await?) } else { None };
    let chrome = page.chrome(state, title, Nav::Checklists);
    run_blocking(move || {
        let view = DraftView::new(open, &current, newest.as_ref()).ok_or(Error::NotFound)?;
        render_with_status(status, &DraftPage::new(chrome, &current, view, roles, sent.as_ref()))
    })
    .await?
}
