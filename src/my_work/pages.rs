//! GET: the page.

use axum::{extract::State, response::Response};

use super::{
    desk::{self, AuditorDesk, DeskQuery},
    launches_ahead::load_launches_ahead,
    pending_work::{MAX_LAUNCHES, collect_pending_work},
    store,
    view::{FirstSteps, MyWorkPage},
};
use crate::{
    access::CurrentUser,
    domain::role::InstallationRole,
    record,
    state::AppState,
    texts,
    web::{
        Error,
        blocking::run_blocking,
        chrome::{Nav, PageContext},
        form::Query,
        response::render,
        time::format_long_date,
    },
};

/// `GET /`: at most five database queries, and six more for an auditor.
pub(super) async fn show(
    State(state): State<AppState>,
    user: CurrentUser,
    Query(query): Query<DeskQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    let reads_all = user.reads_all();
    let is_member = user.has_role(InstallationRole::Member);
    let is_admin = user.has_role(InstallationRole::Admin);
    let now = state.clock.now();
    let ahead = load_launches_ahead(&state, &user, now).await?;
    // Nothing waits for somebody who takes part in nothing.
    let ids = match is_member {
        true => store::find_launches_of_person(&state.db, user.id, reads_all, now, MAX_LAUNCHES as i64).await?,
        false => Vec::new(),
    };
    let launches: Vec<_> = match ids.is_empty() {
        true => Vec::new(),
        false => state.record.load_many(&state.db, &ids).await?.into_values().collect(),
    };
    let first = if ids.is_empty() && ahead.cards.is_empty() {
        Some(FirstSteps::new(is_admin, is_member, store::load_setup_progress(&state.db).await?))
    } else {
        None
    };
    let owned: Vec<_> = launches.iter().filter(|launch| launch.owner == user.id).map(|launch| launch.id).collect();
    let wrong = match owned.is_empty() {
        true => Vec::new(),
        false => record::installation_log::find_wrong_passwords(&state.db, &owned, now).await?,
    };
    let desk = match user.has_role(InstallationRole::Auditor) {
        true => Some(desk::load_desk(&state, &user, &query, now).await?),
        false => None,
    };
    let chrome = page.chrome(&state, texts::my_work(), Nav::MyWork);
    let today = format_long_date(now.to_local(&user.zone()).date());
    let (actor, record) = (user.actor(), state.record.clone());
    run_blocking(move || {
        render(&MyWorkPage {
            chrome,
            today,
            is_member,
            first: first.filter(|_| desk.as_ref().is_none_or(AuditorDesk::is_empty)),
            ahead,
            reads_part: ids.len() == MAX_LAUNCHES,
            desk,
            work: collect_pending_work(&launches, &actor, &wrong, &record, now),
        })
    })
    .await?
}
