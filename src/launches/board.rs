//! The launches as a board: a column for each stage, with the nearest targets of those ahead and the latest of the
//! others.

use std::borrow::Cow;

use askama::Template;
use axum::response::Response;
use strum::IntoEnumIterator as _;

use super::{
    list_frame::ListFrame,
    list_query::{LaunchListFilter, LaunchListView, StageFilter},
    list_store,
    list_view::LaunchListRow,
    listed_launch::complete_summaries,
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

/// Up to which number the launches of a column are counted.
const MAX_COUNTED: i64 = 500;

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
    /// Number of launches in the stage that match the filter, such as `500+` beyond [`MAX_COUNTED`].
    total: String,
    cards: Vec<LaunchListRow>,
    /// The list of this stage, if it has launches that the column does not show.
    all: String,
}

/// `GET /launches?view=board`, with five database queries for any number of launches, as the list if there are more.
pub(super) async fn show_board(
    state: &AppState,
    user: &CurrentUser,
    page: &PageContext,
    frame: ListFrame,
) -> Result<Response, Error> {
    let (now, criteria) = (state.clock.now(), frame.filter.to_criteria(user));
    let mut launches = list_store::list_board(&state.db, &criteria, now, MAX_CARDS).await?;
    complete_summaries(state, &mut launches, now).await?;
    let totals = list_store::count_by_stage(&state.db, &criteria, MAX_COUNTED + 1).await?;
    let chrome = page.chrome(state, texts::launches(), Nav::Launches);
    run_blocking(move || {
        let mut rows: Vec<_> = launches.iter().map(|launch| LaunchListRow::new(launch, now)).collect();
        let columns = StageName::iter().map(|stage| build_column(&frame.filter, stage, &totals, &mut rows)).collect();
        render(&BoardPage { chrome, frame, columns })
    })
    .await?
}

fn build_column(
    filter: &LaunchListFilter,
    stage: StageName,
    totals: &[(StageName, i64)],
    rows: &mut Vec<LaunchListRow>,
) -> BoardColumn {
    let total = totals.iter().find(|(of, _)| *of == stage).map_or(0, |(_, total)| *total);
    let show = stage.slug().parse::<StageFilter>().unwrap_or_default();
    let all = LaunchListFilter { view: LaunchListView::List, show, after: None, ..filter.clone() };
    let cards: Vec<_> = rows.extract_if(.., |row| row.stage == stage).collect();
    BoardColumn {
        slug: stage.slug(),
        title: show.label(),
        total: if total > MAX_COUNTED { format!("{MAX_COUNTED}+") } else { total.to_string() },
        all: if cards.len() as i64 >= total { String::new() } else { all.to_href() },
        cards,
    }
}
