//! The launches as a board: a column for each stage, with the nearest targets of those ahead and the latest of the
//! others. Stage and order are in the tables, so only the launches that are shown are loaded.

use std::borrow::Cow;

use askama::Template;
use axum::response::Response;
use strum::IntoEnumIterator as _;

use super::{
    list_frame::ListFrame,
    list_query::{LaunchListFilter, LaunchListView, StageFilter},
    list_view::LaunchListRow,
    store::{self, BoardLaunch},
};
use crate::{
    access::CurrentUser,
    domain::launch::state::StageName,
    state::AppState,
    texts,
    web::{
        Error,
        blocking::run_blocking,
        chrome::{Chrome, Nav, PageContext},
        response::render,
    },
};

/// Maximum number of launches in a column.
const MAX_CARDS: i64 = 25;

#[derive(Template)]
#[template(path = "launches/board.html")]
struct BoardPage {
    chrome: Chrome,
    frame: ListFrame,
    columns: Vec<BoardColumn>,
}

struct BoardColumn {
    slug: &'static str,
    title: Cow<'static, str>,
    /// Number of launches in the stage that match the filters of name, owner and tag.
    total: i64,
    cards: Vec<LaunchListRow>,
    /// The list of this stage, if it has launches that the column does not show.
    all: String,
}

/// `GET /launches?view=board`, with four database queries for any number of launches.
pub(super) async fn show_board(
    state: &AppState,
    user: &CurrentUser,
    page: &PageContext,
    frame: ListFrame,
) -> Result<Response, Error> {
    let placed = store::list_board(&state.db, &frame.filter.to_criteria(user), MAX_CARDS).await?;
    let ids: Vec<_> = placed.iter().map(|launch| launch.id).collect();
    let mut loaded = state.record.load_many(&state.db, &ids).await?;
    let launches: Vec<_> = ids.iter().filter_map(|id| loaded.remove(id)).collect();
    let now = state.clock.now();
    let chrome = page.chrome(state, texts::launches(), Nav::Launches);
    run_blocking(move || {
        let mut rows: Vec<_> = launches.iter().map(|launch| LaunchListRow::new(launch, now)).collect();
        rows.retain(|row| frame.filter.verdict.is_none_or(|verdict| row.verdict == Some(verdict)));
        let columns = StageName::iter().map(|stage| build_column(&frame.filter, stage, &placed, &mut rows)).collect();
        render(&BoardPage { chrome, frame, columns })
    })
    .await?
}

fn build_column(
    filter: &LaunchListFilter,
    stage: StageName,
    placed: &[BoardLaunch],
    rows: &mut Vec<LaunchListRow>,
) -> BoardColumn {
    let in_stage = || placed.iter().filter(move |launch| launch.stage == stage);
    let total = in_stage().next().map_or(0, |launch| launch.total);
    let show = stage.slug().parse::<StageFilter>().unwrap_or_default();
    let all = LaunchListFilter { view: LaunchListView::List, show, after: None, ..filter.clone() };
    BoardColumn {
        slug: stage.slug(),
        title: show.label(),
        total,
        cards: rows.extract_if(.., |row| row.stage == stage).collect(),
        all: if in_stage().count() as i64 == total { String::new() } else { all.to_href() },
    }
}
