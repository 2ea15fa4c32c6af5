//! GET: the list of launches.
//!
//! SQL filters, sorts and cuts into pages what the tables have (stage, owner, people, name, target, newest change), and
//! only the launches of one page are loaded. The verdict and the progress are computed and never stored. To filter or
//! sort by them, up to [`MAX_EVALUATED`] launches are loaded, those with the nearest target first, and the page says so
//! if there are more.

use axum::{extract::State, response::Response};
use http::StatusCode;

use super::{
    board,
    list_frame::ListFrame,
    list_query::{LaunchListFilter, LaunchListQuery, LaunchSort, MAX_EVALUATED, PAGE_SIZE},
    list_view::{LaunchListPage, LaunchListRow},
    store,
};
use crate::{
    access::CurrentUser,
    domain::readiness::Verdict,
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

/// Filters, sorts and pages evaluated launches; also returns whether there are more.
fn take_page(filter: &LaunchListFilter, mut lines: Vec<LaunchListRow>) -> (Vec<LaunchListRow>, bool) {
    lines.retain(|line| filter.verdict.is_none_or(|verdict| line.verdict == Some(verdict)));
    match filter.sort {
        // The least ready come first; the stable sort keeps the order by target within a verdict.
        LaunchSort::Verdict => lines.sort_by_key(|line| line.verdict.map_or(u8::MAX, verdict_rank)),
        LaunchSort::Progress => lines.sort_by_key(LaunchListRow::share_resolved),
        LaunchSort::Target | LaunchSort::Name | LaunchSort::Changed => {}
    }
    let from = lines.iter().position(|line| Some(line.id) == filter.after).map_or(0, |at| at + 1);
    let mut lines = lines.split_off(from);
    let more = lines.len() > PAGE_SIZE;
    lines.truncate(PAGE_SIZE);
    (lines, more)
}

const fn verdict_rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::NoGo => 0,
        Verdict::ConditionalGo => 1,
        Verdict::Go => 2,
    }
}

/// `GET /launches`, with four database queries for any number of launches.
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
    if frame.is_board() && status == StatusCode::OK {
        return board::show_board(&state, &user, &page, frame).await;
    }
    let mut ids = match status {
        StatusCode::OK => store::list_launches(&state.db, &filter.to_criteria(&user)).await?,
        _ => Vec::new(),
    };
    let judges = filter.needs_readiness();
    let limit = if judges { MAX_EVALUATED } else { PAGE_SIZE };
    let cut_off = ids.len() > limit;
    ids.truncate(limit);
    let mut loaded = state.record.load_many(&state.db, &ids).await?;
    let launches: Vec<_> = ids.iter().filter_map(|id| loaded.remove(id)).collect();
    let now = state.clock.now();
    let chrome = page.chrome(&state, texts::launches(), Nav::Launches);
    run_blocking(move || {
        let lines: Vec<_> = launches.iter().map(|launch| LaunchListRow::new(launch, now)).collect();
        let (lines, more) = if judges { take_page(&filter, lines) } else { (lines, cut_off) };
        render_with_status(status, &LaunchListPage::new(chrome, frame, lines, more, judges && cut_off))
    })
    .await?
}
