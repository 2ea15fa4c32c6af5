//! GET: the page.

use axum::{extract::State, response::Response};
use http::StatusCode;
use serde::Deserialize;

use super::{
    query::{Asked, NotAsked},
    store::{self, Wanted},
    view::{Results, Show, slug},
};
use crate::{
    access::{
        self, CurrentUser,
        rate_limit::{Bucket, charge_anyhow},
    },
    domain::text::BadText,
    state::AppState,
    web::{
        Error,
        form::Query,
        page::{Nav, Page, html, html_with},
    },
};

/// What is looked for, as the address says it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    q: String,
    kind: String,
    page: String,
}

impl Sent {
    /// Which of it is wanted; words that mean nothing want everything.
    fn wanted(&self) -> Wanted {
        let page = self.page.parse().unwrap_or(1).clamp(1, LAST_PAGE);
        self.kind.parse().map_or(Wanted::All, |kind| Wanted::Page(kind, page))
    }
}

/// The highest number of a page that is understood: more than any search can have.
const LAST_PAGE: i64 = 1_000_000;

/// What the person is told when finding it takes too long.
const TOO_LONG: &str = "This takes too long to find. Write a longer or a rarer word.";

/// `GET /search`: two questions to the database, and none before something is typed.
pub(super) async fn show(
    State(state): State<AppState>,
    user: CurrentUser,
    Query(sent): Query<Sent>,
    page: Page,
) -> Result<Response, Error> {
    let wanted = sent.wanted();
    let mut show = Show {
        chrome: page.chrome(&state, "Search", Nav::Search),
        query: sent.q.clone(),
        kind: slug(wanted),
        error: None,
        results: None,
    };
    let asked = match Asked::new(&sent.q) {
        Ok(asked) => asked,
        Err(NotAsked::Text(BadText::Empty)) => return html(&show),
        Err(error) => {
            show.error = Some(error.to_string());
            return html_with(StatusCode::UNPROCESSABLE_ENTITY, &show);
        }
    };
    charge_anyhow(&state.redis, &Bucket::search(user.id), state.clock.now()).await?;
    let reads_all = access::store::reads_all(|role| user.is(role));
    let Some(found) = store::find(&state.db, user.id, reads_all, &asked, wanted).await? else {
        show.error = Some(TOO_LONG.to_owned());
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &show);
    };
    show.results = Some(Results::new(&asked, wanted, found));
    html(&show)
}
