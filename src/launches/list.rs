//! GET: the list of launches: where everything stands.

use askama::Template;
use axum::{extract::State, response::Response};
use serde::Deserialize;

use crate::{
    access::{self, CurrentUser},
    domain::{
        checklist::RequiredRole,
        ids::LaunchId,
        launch::state::{LaunchState, StageName},
        readiness::{Readiness, SignatureStatus, Verdict, readiness, status},
        role::InstallationRole,
        time::Moment,
    },
    launch_page::words,
    state::AppState,
    web::{
        Error,
        form::Query,
        page::{Chrome, Nav, Page, html},
    },
};

/// The most launches that one list shows.
const MOST: i64 = 200;

/// What of the list is wanted.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    show: String,
    #[serde(default)]
    q: String,
}

/// `GET /launches`.
pub(super) async fn show(
    State(state): State<AppState>,
    user: CurrentUser,
    Query(wanted): Query<Wanted>,
    page: Page,
) -> Result<Response, Error> {
    let (show, stages): (_, &[&str]) = match wanted.show.as_str() {
        "launched" => ("launched", &["launched"]),
        "closed" => ("closed", &["closed", "cancelled"]),
        "all" => ("all", &["preparing", "go", "held", "launched", "closed", "cancelled"]),
        _ => ("ahead", &["preparing", "go", "held"]),
    };
    let stages: Vec<String> = stages.iter().map(ToString::to_string).collect();
    let reads_all = access::store::reads_all(|role| user.is(role));
    let ids = access::store::visible(&state.db, user.id, reads_all, &stages, MOST).await?;
    let mut loaded = state.record.load_many(&state.db, &ids).await?;
    let now = state.clock.now();
    let query = wanted.q.trim().to_lowercase();
    let mut launches: Vec<LaunchLine> = ids
        .iter()
        .filter_map(|id| loaded.remove(id))
        .map(|launch| LaunchLine::new(&launch, now))
        .filter(|line| line.name.to_lowercase().contains(&query))
        .collect();
    // What is ahead comes first to the one nearest; what is past, the newest first.
    if show == "ahead" {
        launches.sort_by_key(|line| line.target);
    }
    html(&List {
        chrome: page.chrome(&state, "Launches", Nav::Launches),
        show,
        query: wanted.q,
        can_create: user.is(InstallationRole::Member),
        launches,
        most: ids.len() as i64 == MOST,
    })
}

/// The list of launches.
#[derive(Template)]
#[template(path = "launches/index.html")]
pub(super) struct List {
    pub chrome: Chrome,
    pub show: &'static str,
    pub query: String,
    pub can_create: bool,
    pub launches: Vec<LaunchLine>,
    pub most: bool,
}

/// A launch in the list.
pub(super) struct LaunchLine {
    pub id: LaunchId,
    pub name: String,
    pub checklist: String,
    pub owner: String,
    pub restricted: bool,
    pub stage: &'static str,
    pub verdict: Verdict,
    pub resolved: usize,
    pub total: usize,
    pub seals: Vec<Seal>,
    pub target: Moment,
    pub target_day: String,
    pub countdown: String,
}

/// A required role and how its signature stands, in the list.
pub(super) struct Seal {
    pub role: String,
    pub signature: &'static str,
    pub word: &'static str,
}

impl LaunchLine {
    pub(super) fn new(state: &LaunchState, now: Moment) -> Self {
        let found = readiness(state, now);
        let ahead = state.stage.launched().is_none();
        let counted: Vec<_> = if ahead {
            state.before().map(|(item, _)| state.is_resolved(item, now)).collect()
        } else {
            state.defined().map(|(item, _)| state.is_resolved(item, now)).collect()
        };
        let target = state.details.target.moment();
        Self {
            id: state.id,
            name: state.name().to_owned(),
            checklist: format!("{} v{}", state.version.checklist.name, state.version.number),
            owner: state.person(state.owner).to_owned(),
            restricted: state.restricted,
            stage: match state.stage.name() {
                StageName::Preparing => "",
                other => other.word(),
            },
            verdict: state.stage.launched().map_or(found.verdict, |launched| launched.found.verdict),
            resolved: counted.iter().filter(|resolved| **resolved).count(),
            total: counted.len(),
            seals: seals(state, &found),
            target,
            target_day: state.details.target.local.strftime("%a %-d %b %Y").to_string(),
            countdown: if ahead { words::countdown(target, now) } else { String::new() },
        }
    }
}

/// How each required role's signature stands.
fn seals(state: &LaunchState, found: &Readiness) -> Vec<Seal> {
    let seal = |required: &RequiredRole| {
        let digest = found.digests.get(&required.role);
        let signed = state.signatures.iter().filter(|signature| signature.record.role == required.role);
        let statuses: Vec<_> =
            signed.filter_map(|signature| digest.map(|digest| status(state, signature, digest))).collect();
        let (signature, word) = if statuses.contains(&SignatureStatus::Objects) {
            ("no_go", "no-go")
        } else if statuses.contains(&SignatureStatus::Counts) {
            ("go", "go")
        } else if statuses.iter().any(|s| matches!(s, SignatureStatus::Stale | SignatureStatus::NotHolder)) {
            ("stale", "stale")
        } else {
            ("none", "awaiting")
        };
        Seal { role: required.title.to_string(), signature, word }
    };
    state.version.checklist.required_roles.iter().map(seal).collect()
}
