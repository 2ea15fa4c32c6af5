//! GET: the page.

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{counting, store, view};
use crate::{
    access::{self, CurrentUser},
    presentation::tags::{fold_tag, offer_tags},
    state::AppState,
    texts,
    web::{
        Error,
        blocking::run_blocking,
        chrome::{Nav, PageContext},
        form::Query,
        response::render,
    },
};

/// Maximum number of launches in which open things are counted.
pub(super) const MAX_LAUNCHES: usize = 200;

/// Maximum number of GOs that are counted.
const MAX_GOS: i64 = 5_000;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FiguresQuery {
    tag: String,
}

/// `GET /figures`, with four database queries for any number of launches.
pub(super) async fn show(
    State(state): State<AppState>,
    user: CurrentUser,
    Query(query): Query<FiguresQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    let (now, zone) = (state.clock.now(), user.zone());
    let reads_all = user.reads_all();
    let folded = fold_tag(&query.tag);
    let problem = (folded.is_none() && !query.tag.trim().is_empty()).then(texts::no_such_tag);
    let since = counting::first_month(now, &zone);
    let gos = store::load_declared_gos(&state.db, user.id, reads_all, folded.as_deref(), since, MAX_GOS).await?;
    let limit = MAX_LAUNCHES as i64 + 1;
    let mut ids = store::find_current_launches(&state.db, user.id, reads_all, folded.as_deref(), now, limit).await?;
    let cut_off = (ids.len() > MAX_LAUNCHES).then_some(MAX_LAUNCHES);
    ids.truncate(MAX_LAUNCHES);
    let launches = state.record.load_many(&state.db, &ids).await?;
    let tags = access::store::load_visible_tags(&state.db, user.id, reads_all).await?;
    let chrome = page.chrome(&state, texts::figures(), Nav::Figures);
    run_blocking(move || {
        let launches = ids.iter().filter_map(|id| launches.get(id)).map(|launch| &**launch);
        let counts = counting::count_current(launches, now);
        render(&view::FiguresPage {
            chrome,
            tags: offer_tags(tags, &query.tag),
            problem,
            figures: view::build_figures(&counting::count_gos_by_month(&gos, &zone), &counts),
            cut_off,
        })
    })
    .await?
}
