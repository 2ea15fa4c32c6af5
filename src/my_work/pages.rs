//! GET: the page.

use axum::{extract::State, response::Response};

use super::{
    pending_work::collect_pending_work,
    store,
    view::{FirstSteps, MyWorkPage},
};
use crate::{
    access::{self, CurrentUser},
    domain::{launch::state::StageName, role::InstallationRole},
    record,
    state::AppState,
    texts,
    web::{
        Error,
        blocking::run_blocking,
        chrome::{Nav, PageContext},
        response::render,
        time::format_long_date,
    },
};

/// Maximum number of launches that are searched.
const MAX_LAUNCHES: i64 = 200;

/// `GET /`: at most four database queries.
pub(super) async fn show(
    State(state): State<AppState>,
    user: CurrentUser,
    page: PageContext,
) -> Result<Response, Error> {
    let stages = [StageName::Preparing, StageName::Go, StageName::Held, StageName::Launched];
    let reads_all = access::store::reads_all(|role| user.has_role(role));
    let ids = access::store::find_visible_launches(&state.db, user.id, reads_all, &stages, MAX_LAUNCHES).await?;
    let launches: Vec<_> = state.record.load_many(&state.db, &ids).await?.into_values().collect();
    let is_member = user.has_role(InstallationRole::Member);
    let is_admin = user.has_role(InstallationRole::Admin);
    let first = if ids.is_empty() {
        Some(FirstSteps::new(is_admin, is_member, store::load_setup_progress(&state.db).await?))
    } else {
        None
    };
    let now = state.clock.now();
    let owned: Vec<_> = launches.iter().filter(|launch| launch.owner == user.id).map(|launch| launch.id).collect();
    let wrong = match owned.is_empty() {
        true => Vec::new(),
        false => record::installation_log::find_wrong_passwords(&state.db, &owned, now).await?,
    };
    let chrome = page.chrome(&state, texts::my_work(), Nav::MyWork);
    let today = format_long_date(now.to_local(&user.zone()).date());
    let most = ids.len() as i64 == MAX_LAUNCHES;
    let actor = user.actor();
    run_blocking(move || {
        render(&MyWorkPage {
            chrome,
            today,
            is_member,
            first,
            most,
            work: collect_pending_work(&launches, &actor, &wrong, now),
        })
    })
    .await?
}
