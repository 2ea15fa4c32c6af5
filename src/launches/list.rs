//! GET: the list of launches.
//!
//! SQL filters, sorts and cuts into pages, over all launches. Verdict, progress and signatures are in the launches'
//! summaries. Summaries that are out of date are computed again, some of them before a list is sorted or filtered by
//! them, and all of the launches that are shown.

use axum::{extract::State, response::Response};
use http::StatusCode;

use super::{
    board,
    list_frame::ListFrame,
    list_query::{LaunchListFilter, LaunchListQuery, PAGE_SIZE},
    list_store,
    list_view::{LaunchListPage, LaunchListRow},
    listed_launch::{complete_summaries, refresh_summaries},
};
use crate::{
    access::CurrentUser,
    state::AppState,
    texts,
    web::{
        Error,
        blocking::run_blocking,
        chrome::{Nav, PageContext},
        form::Query,
        response::render_with_status,
    },
};

/// `GET /launches`, with four database queries for any number of launches, and one more for a list by verdict or progress.
/// Summaries that are out of date take two more.
pub(super) async fn show(
    State(state): State<AppState>,
    user: CurrentUser,
    Query(sent): Query<LaunchListQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    let filter = LaunchListFilter::from_query(&sent);
    let errors = LaunchListFilter::errors(&sent);
    // A text that is too long is looked for nowhere.
    let status = if errors.has("q") { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let frame = ListFrame::load(&state, &user, filter.clone(), errors).await?;
    let now = state.clock.now();
    let is_incomplete = filter.needs_summaries() && refresh_summaries(&state, now).await?;
    if frame.is_board() && status == StatusCode::OK {
        return board::show_board(&state, &user, &page, frame).await;
    }
    // One more than a page shows, to know whether there are more.
    let mut launches = match status {
        StatusCode::OK => {
            list_store::list_launches(&state.db, &filter.to_criteria(&user), now, PAGE_SIZE as i64 + 1).await?
        }
        _ => Vec::new(),
    };
    let has_more = launches.len() > PAGE_SIZE;
    launches.truncate(PAGE_SIZE);
    complete_summaries(&state, &mut launches, now).await?;
    let chrome = page.chrome(&state, texts::launches(), Nav::Launches);
    run_blocking(move || {
        let lines = launches.iter().map(|launch| LaunchListRow::new(launch, now)).collect();
        render_with_status(status, &LaunchListPage::new(chrome, frame, lines, has_more, is_incomplete))
    })
    .await?
}
