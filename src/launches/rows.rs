//! `GET /launches/{id}/rows`: what a page with the checklist's rows shows of some items, without the page around it. The
//! script of the page puts it in where something has changed.

use std::collections::BTreeSet;

use askama::Template;
use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    burn_up::{BurnUpView, burn_up_view},
    checklist_page::{ChecklistPartView, SectionFolds, build_parts},
    item_filter::{ChecklistFilterLink, ChecklistItemFilter, filter_links},
    selection::Selection,
};
use crate::{
    access::launch_access::LaunchAccess,
    domain::ids::ItemId,
    presentation::head::{LaunchHead, Tab},
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        form::Query,
        response::render,
    },
};

/// The most items of one request. Their ids fit into the shortest address that proxies accept, of 8 kB.
const MAX_ITEMS: usize = 100;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RowsQuery {
    /// The ids of the items, separated by commas.
    items: String,
    /// Set if the page is in selection mode.
    select: String,
    /// The page's filter; all items, if it is none.
    show: String,
}

impl RowsQuery {
    fn parse_items(&self) -> Result<BTreeSet<ItemId>, Error> {
        let ids = self.items.split(',').filter(|id| !id.is_empty());
        let ids: Result<BTreeSet<ItemId>, _> = ids.map(str::parse).collect();
        let ids = ids.map_err(|_| Error::Unprocessable(texts::item_id_is_not_valid()))?;
        if ids.len() > MAX_ITEMS {
            return Err(Error::Unprocessable(texts::too_many_items_at_once(MAX_ITEMS)));
        }
        Ok(ids)
    }
}

/// The rows and cells of the items, and everything on the page that counts items. Items of other launches are not in it.
#[derive(Template)]
#[template(path = "launches/rows.html")]
struct ChangedRows {
    chrome: Chrome,
    head: LaunchHead,
    /// The parts and sections that the items are in, with only these items as rows and cells.
    parts: Vec<ChecklistPartView>,
    filters: Vec<ChecklistFilterLink>,
    filter: ChecklistItemFilter,
    burn_up: Option<BurnUpView>,
    /// Whether the rows can be selected.
    selecting: Option<()>,
}

pub(super) async fn show_rows(
    State(state): State<AppState>,
    access: LaunchAccess,
    Query(query): Query<RowsQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    let items = query.parse_items()?;
    let mut parts = build_parts(&access, &Selection::default(), SectionFolds::None, |item, _| items.contains(&item.id));
    for part in &mut parts {
        part.cells.retain(|cell| items.contains(&cell.id));
    }
    parts.retain(|part| !part.cells.is_empty());
    let burn_up = burn_up_view(&access);
    let filter = query.show.parse().unwrap_or(ChecklistItemFilter::All);
    render(&ChangedRows {
        chrome: page.chrome(&state, access.launch.name(), Nav::Launches),
        head: LaunchHead {
            pace: burn_up.as_ref().and_then(BurnUpView::pace),
            ..LaunchHead::new(&access, Tab::Checklist)
        },
        parts,
        filters: filter_links(&access.launch, access.user.id, access.now, filter),
        filter,
        burn_up,
        selecting: (!query.select.is_empty()).then_some(()),
    })
}
