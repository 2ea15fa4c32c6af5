//! GET: an item's own page, in a fixed number of statements.

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    comments::view::comments,
    evidence::view::EvidenceBlock,
    store,
    typed::{At, Typed},
    view::{AgreementView, AssignmentView, History, ItemPage, Place, StateView, offers},
    waivers::view::WaiverBlock,
};
use crate::{
    access::{
        launch_access::{ItemAccess, LaunchAccess},
        store::{deactivated, members},
    },
    ambient,
    domain::{
        ids::ItemId,
        launch::access::{Act, Work},
    },
    state::AppState,
    web::{
        Error,
        form::Query,
        markdown::render_all,
        page::{Nav, Page, html},
    },
};

/// How many events of the item its page shows; the launch's history has all of them.
const EVENTS: i64 = 30;

/// What of the page is wanted besides, as the address says it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    /// All evidence of the launch that can be used again here.
    again: String,
}

/// `GET /items/{id}`.
pub(super) async fn show(
    State(state): State<AppState>,
    item: ItemAccess,
    Query(wanted): Query<Wanted>,
    page: Page,
) -> Result<Response, Error> {
    let attaches = offers(&item.access, item.item()?, &Act::Attach(item.id), Work::Prepare);
    let typed = if attaches && !wanted.again.is_empty() { Typed::at(At::Again, []) } else { Typed::nothing() };
    html(&self::page(&state, &item.access, &page, item.id, typed).await?)
}

/// The page, with what was typed into one of its forms.
pub(super) async fn page(
    state: &AppState,
    access: &LaunchAccess,
    page: &Page,
    id: ItemId,
    typed: Typed,
) -> Result<ItemPage, Error> {
    let launch = &*access.launch;
    let item = launch.item(id).ok_or(Error::NotFound)?;
    let definition = launch.definition(item);
    let bodies = store::bodies(&state.db, id).await?;
    let events = store::events(&state.db, launch.id, id, EVENTS).await?;
    let members = members(&state.db).await?;
    if let Some(guidance) = &definition.guidance {
        // It is kept, and the view finds it there.
        render_all(vec![((), guidance.to_string())]).await?;
    }
    // Whoever is a member is active.
    let assignee = item.assignment.assignee.as_ref().map(|person| person.id);
    let other = assignee.filter(|id| !members.iter().any(|(member, _)| member == id));
    let is_deactivated = !deactivated(&state.db, other).await?.is_empty();
    Ok(ItemPage {
        chrome: page.chrome(state, definition.title.to_string(), Nav::Launches),
        place: Place::new(access, item),
        mark: StateView::new(access, item),
        agreement: AgreementView::new(access, item),
        evidence: EvidenceBlock::new(access, item, state.config.evidence_max_bytes, typed.is(At::Again)),
        waivers: WaiverBlock::new(access, item),
        comments: comments(access, item, bodies).await?,
        can_comment: offers(access, item, &Act::Comment(id), Work::Accompany),
        assignment: AssignmentView::new(access, item, members, is_deactivated),
        history: History::new(access, item, &events, EVENTS),
        once: ambient::opaque_id::<uuid::Uuid>().to_string(),
        typed,
    })
}
