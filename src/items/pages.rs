//! GET: an item's page, with a fixed number of queries.

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    availability::is_available,
    comments::view::build_comments,
    evidence::view::EvidenceBlock,
    form_input::{ItemPageForm, ItemPageInput},
    state_view::{ItemAgreementView, ItemAssignmentView, ItemStateView},
    view::{ItemHeading, ItemHistory, LaunchItemPage},
    waivers::view::WaiverBlock,
};
use crate::{
    access::{
        launch_access::{ItemAccess, LaunchAccess},
        store::load_members,
    },
    ambient,
    domain::{
        ids::ItemId,
        launch::access::{Act, ActGroup},
    },
    record::{events::load_item_events, texts::load_texts},
    state::AppState,
    web::{
        Error,
        chrome::{Nav, PageContext},
        form::Query,
        markdown::render_all,
        response::render,
    },
};

/// Number of the item's events on its page; the launch's history has all of them.
const MAX_EVENTS: i64 = 30;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ItemPageQuery {
    /// Not empty: list all evidence of the launch that can be reused here.
    again: String,
}

/// `GET /items/{id}`: the page of an item, with all its forms.
pub(super) async fn show(
    State(state): State<AppState>,
    item: ItemAccess,
    Query(query): Query<ItemPageQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    let attaches = is_available(&item.access, item.item()?, &Act::Attach(item.id), ActGroup::Prepare);
    let input = if attaches && !query.again.is_empty() {
        ItemPageInput::at(ItemPageForm::ReuseEvidence, [])
    } else {
        ItemPageInput::empty()
    };
    render(&self::build_page(&state, &item.access, &page, item.id, input).await?)
}

pub(super) async fn build_page(
    state: &AppState,
    access: &LaunchAccess,
    page: &PageContext,
    id: ItemId,
    input: ItemPageInput,
) -> Result<LaunchItemPage, Error> {
    let launch = &*access.launch;
    let item = launch.item(id).ok_or(Error::NotFound)?;
    let definition = launch.definition(item);
    let comments = item.comments.iter().filter_map(|id| launch.comments.get(id));
    let bodies =
        load_texts(&state.db, comments.filter(|comment| comment.deleted_at.is_none()).map(|comment| comment.body))
            .await?;
    let events = load_item_events(&state.db, launch.id, id, MAX_EVENTS).await?;
    let members = load_members(&state.db).await?;
    if let Some(guidance) = &definition.guidance {
        // This fills the cache that the view reads.
        render_all(vec![((), guidance.to_string())]).await?;
    }
    Ok(LaunchItemPage {
        chrome: page.chrome(state, definition.shown_title(), Nav::Launches),
        place: ItemHeading::new(access, item),
        mark: ItemStateView::new(access, item),
        agreement: ItemAgreementView::new(access, item),
        evidence: EvidenceBlock::new(
            access,
            item,
            state.config.evidence_max_bytes,
            input.is_for(ItemPageForm::ReuseEvidence),
        ),
        waivers: WaiverBlock::new(access, item),
        comments: build_comments(access, item, &bodies).await?,
        can_comment: is_available(access, item, &Act::Comment(id), ActGroup::Collaborate),
        assignment: ItemAssignmentView::new(access, item, members),
        history: ItemHistory::new(access, item, &events, MAX_EVENTS),
        once: ambient::new_opaque_id::<uuid::Uuid>().to_string(),
        input,
    })
}
