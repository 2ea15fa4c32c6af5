//! GET: the page.

use axum::{extract::State, response::Response};

use super::{
    gather::gather,
    store,
    view::{First, MyWork},
};
use crate::{
    access::{self, CurrentUser},
    domain::role::InstallationRole,
    record,
    state::AppState,
    web::{
        Error,
        apart::apart,
        page::{Nav, Page, html},
    },
};

/// The most launches that are looked through.
const MOST: i64 = 200;

/// `GET /`: four questions to the database at most.
pub(super) async fn show(State(state): State<AppState>, user: CurrentUser, page: Page) -> Result<Response, Error> {
    let stages = ["preparing", "go", "held", "launched"].map(str::to_owned);
    let reads_all = access::store::reads_all(|role| user.is(role));
    let ids = access::store::visible(&state.db, user.id, reads_all, &stages, MOST).await?;
    let launches: Vec<_> = state.record.load_many(&state.db, &ids).await?.into_values().collect();
    let is_member = user.is(InstallationRole::Member);
    let is_admin = user.is(InstallationRole::Admin);
    let first =
        if ids.is_empty() { Some(First::new(is_admin, is_member, store::beginnings(&state.db).await?)) } else { None };
    let now = state.clock.now();
    let owned: Vec<_> = launches.iter().filter(|launch| launch.owner == user.id).map(|launch| launch.id).collect();
    let wrong = match owned.is_empty() {
        true => Vec::new(),
        false => record::installation::wrong_passwords(&state.db, &owned, now).await?,
    };
    let chrome = page.chrome(&state, "My work", Nav::MyWork);
    let today = now.local(&user.zone()).strftime("%A %-d %B %Y").to_string();
    let most = ids.len() as i64 == MOST;
    let actor = user.actor();
    apart(move || html(&MyWork { chrome, today, is_member, first, most, work: gather(&launches, &actor, &wrong, now) }))
        .await?
}
