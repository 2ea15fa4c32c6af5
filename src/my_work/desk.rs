//! The auditor's desk: how the launches are spread over the stages, what happened since the auditor last looked, and what
//! waits for somebody outside the launches.
//!
//! The auditor says by a button that they have looked, so that a page that is opened by accident or loaded twice hides
//! nothing. Each list is short and links to the page that shows all of it.

use std::borrow::Cow;

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use strum::IntoEnumIterator as _;

use super::store::{self, ChangedLaunch, UnansweredRequest, UnwitnessedCheckpoint};
use crate::{
    access::CurrentUser,
    domain::{
        launch::state::StageName,
        time::{Day, Moment, Zone},
    },
    log::event_kinds::{LAUNCH_KIND_GROUPS, find_kinds},
    state::AppState,
    texts,
    web::{Error, form::Form, response::SeeOther},
};

/// Number of rows of each list.
const SHORT: i64 = 8;

/// Number of rows of the list that is shown in full.
const LONG: i64 = 500;

/// How far back the desk looks, at most: 30 days.
const MAX_PERIOD_SECONDS: i64 = 30 * 86_400;

/// How far back the desk looks for somebody without an earlier visit: 7 days.
const FIRST_PERIOD_SECONDS: i64 = 7 * 86_400;

/// Which list is shown in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub(super) enum DeskList {
    Changes,
    Checkpoints,
    Requests,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DeskQuery {
    /// The list that is shown in full; an unknown name means none.
    all: String,
}

impl DeskQuery {
    fn limit_of(&self, list: DeskList) -> i64 {
        if self.all.parse() == Ok(list) { LONG } else { SHORT }
    }
}

pub(super) struct AuditorDesk {
    pub stages: Vec<StageCount>,
    /// Events and refusals are counted from this time on: the auditor's last visit, if there was one.
    pub since: Moment,
    pub has_visited: bool,
    /// The first day since then, for addresses.
    pub since_day: String,
    /// Until when events are shown: what the button marks as seen.
    pub until: Moment,
    pub refusals: i64,
    pub changes: DeskRows<ChangedLaunch>,
    pub checkpoints: DeskRows<UnwitnessedCheckpoint>,
    pub requests: DeskRows<UnansweredRequest>,
}

impl AuditorDesk {
    /// Whether there has never been a launch.
    pub(super) fn is_empty(&self) -> bool {
        self.stages.iter().all(|stage| stage.number == 0)
    }
}

/// Launches in one stage.
pub(super) struct StageCount {
    pub label: Cow<'static, str>,
    pub href: String,
    pub number: i64,
}

pub(super) struct DeskRows<T> {
    pub rows: Vec<T>,
    pub total: i64,
}

impl<T> DeskRows<T> {
    fn new(rows: Vec<T>, total: impl Fn(&T) -> i64) -> Self {
        Self { total: rows.first().map_or(0, total), rows }
    }

    /// Whether some are not shown.
    pub(super) fn is_cut_off(&self) -> bool {
        (self.rows.len() as i64) < self.total
    }
}

/// Reads the desk with six database queries, however many launches there are.
pub(super) async fn load_desk(
    state: &AppState,
    user: &CurrentUser,
    query: &DeskQuery,
    now: Moment,
) -> Result<AuditorDesk, Error> {
    let db = &state.db;
    let visit = store::find_desk_visit(db, user.id).await?;
    let since =
        visit.map_or(now.plus_seconds(-FIRST_PERIOD_SECONDS), |at| at.max(now.plus_seconds(-MAX_PERIOD_SECONDS)));
    let counts = store::count_launches_by_stage(db, user.id, true).await?;
    let kinds = |group| find_kinds(LAUNCH_KIND_GROUPS.iter(), group).unwrap_or_default();
    let kinds = (kinds("signatures"), kinds("decisions"));
    let changes =
        store::load_changed_launches(db, since, (&kinds.0, &kinds.1), query.limit_of(DeskList::Changes)).await?;
    let checkpoints = store::load_unwitnessed_checkpoints(db, query.limit_of(DeskList::Checkpoints)).await?;
    let requests = store::load_unanswered_requests(db, query.limit_of(DeskList::Requests)).await?;
    Ok(AuditorDesk {
        stages: StageName::iter().map(|stage| count_stage(stage, &counts)).collect(),
        since,
        has_visited: visit.is_some(),
        since_day: first_day(since, &user.zone()),
        until: now,
        refusals: store::count_refusals(db, since).await?,
        changes: DeskRows::new(changes, |row| row.total),
        checkpoints: DeskRows::new(checkpoints, |row| row.total),
        requests: DeskRows::new(requests, |row| row.total),
    })
}

fn count_stage(stage: StageName, counts: &[(StageName, i64)]) -> StageCount {
    let number = counts.iter().find(|(counted, _)| *counted == stage).map_or(0, |(_, number)| *number);
    StageCount { label: stage.label(), href: format!("/launches?show={}", stage.slug()), number }
}

/// The day of a moment, as addresses have it: `2026-11-27`.
fn first_day(at: Moment, zone: &Zone) -> String {
    Day::from_moment(at, zone).0.to_string()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SeenForm {
    /// The time of the page that was seen.
    until: String,
}

/// `POST /desk/visit`: the auditor has looked at everything up to the time of the page. A time in the future, or a
/// damaged one, means now.
pub(super) async fn mark_as_seen(
    State(state): State<AppState>,
    user: CurrentUser,
    Form(form): Form<SeenForm>,
) -> Result<Response, Error> {
    let now = state.clock.now();
    let until = form.until.parse().map_or(now, |until: Moment| until.min(now));
    store::set_desk_visit(&state.db, user.id, until).await?;
    Ok(SeeOther::to("/").with_success(texts::marked_as_seen()).into_response())
}
