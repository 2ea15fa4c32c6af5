//! GET: the page.

use std::borrow::Cow;

use axum::{extract::State, response::Response};
use http::StatusCode;
use serde::Deserialize;

use super::{
    query::{SearchTerms, SearchTermsError},
    store::{self, SearchKind, SearchSelection},
    view::{SearchPage, SearchResults, selection_slug},
};
use crate::{
    access::{
        CurrentUser,
        rate_limit::{Bucket, charge_with_fallback},
    },
    domain::text::TextError,
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Nav, PageContext},
        form::Query,
        response::{render, render_with_status},
    },
};

/// The query string, not parsed yet.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SearchQuery {
    q: String,
    kind: String,
    page: String,
}

impl SearchQuery {
    /// The kind and page to show; unknown values show all kinds.
    fn to_selection(&self) -> SearchSelection {
        let page = self.page.parse().unwrap_or(1).clamp(1, MAX_PAGE);
        self.kind.parse().map_or(SearchSelection::All, |kind| SearchSelection::Page(kind, page))
    }

    /// What the address asks for and the page does not know.
    fn problem(&self) -> Option<Cow<'static, str>> {
        let known_kind = self.kind.is_empty() || self.kind.parse::<SearchKind>().is_ok();
        let known_page = self.page.is_empty() || self.page.parse().is_ok_and(|page| (1..=MAX_PAGE).contains(&page));
        match (known_kind, known_page) {
            (true, true) => None,
            (false, _) => Some(texts::no_such_kind_of_results()),
            (true, false) => Some(texts::no_such_page_of_results()),
        }
    }
}

/// The highest page number that is accepted: more than any search can have.
const MAX_PAGE: i64 = 1_000_000;

/// `GET /search`: three database queries, and none before something is typed.
pub(super) async fn show(
    State(state): State<AppState>,
    user: CurrentUser,
    Query(sent): Query<SearchQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    let selection = sent.to_selection();
    let mut show = SearchPage {
        chrome: page.chrome(&state, texts::search(), Nav::Search),
        query: sent.q.clone(),
        kind: selection_slug(selection),
        problem: sent.problem(),
        error: None,
        results: None,
    };
    let terms = match SearchTerms::parse(&sent.q) {
        Ok(terms) => terms,
        Err(SearchTermsError::Text(TextError::Empty)) => return render(&show),
        Err(error) => {
            show.error = Some(error.to_string());
            return render_with_status(StatusCode::UNPROCESSABLE_ENTITY, &show);
        }
    };
    charge_with_fallback(&state.redis, &Bucket::search(user.id), state.clock.now()).await?;
    let reads_all = user.reads_all();
    let Some(hits) = store::find_hits(&state.db, user.id, reads_all, &terms, selection).await? else {
        show.error = Some(texts::search_takes_too_long().into_owned());
        return render_with_status(StatusCode::UNPROCESSABLE_ENTITY, &show);
    };
    // The state, the part and the assignee of an item are those of its launch now.
    let mut of_items: Vec<_> =
        hits.hits.iter().filter(|hit| hit.kind == SearchKind::Items).map(|hit| hit.launch).collect();
    of_items.sort_unstable();
    of_items.dedup();
    let launches = state.record.load_many(&state.db, &of_items).await?;
    show.results = Some(SearchResults::new(&terms, selection, hits, &launches, state.clock.now()));
    render(&show)
}
