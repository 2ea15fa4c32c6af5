//! GET: the go/no-go page, and the same for programs. The page with a form that comes back.

use std::collections::{BTreeMap, BTreeSet};

use axum::{Json, extract::State, response::Response};
use http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};

use super::{
    checkpoint,
    forms::{Problem, Returned, Which},
    owner::{Owner, alarms},
    seen, sheet,
    signatures::{self, Differences},
    store::{self, Look},
    view::{self, GoNoGo, Homeless},
};
use crate::{
    access::{launch_access::LaunchAccess, past::AsItStood, store as accounts},
    domain::{
        canonical::Sha256Hash,
        digest::scope,
        launch::{
            access::Act,
            event::Seq,
            state::{LaunchState, Signature},
        },
        readiness::{Readiness, SignatureStatus, Verdict, readiness, status},
        role::RoleSlug,
    },
    launch_page::{
        difference::lines,
        head::{Head, Tab},
        outcome::{Refused, refused},
        words::{self, ConditionLine, ReasonLine},
    },
    record::{self, NotDone, scopes::PastScopes},
    state::AppState,
    web::{
        Error,
        form::{FieldErrors, Query},
        page::{Nav, Page, html, html_with},
    },
};

/// The page's address.
pub(super) fn address(access: &LaunchAccess) -> String {
    format!("/launches/{}/go-no-go", access.launch.id)
}

/// The part of the address after `?`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Looking {
    /// The event from which on changes are told, on a page that brings itself up to date. What names no event is as
    /// if nothing were said.
    since: String,
}

/// `GET /launches/{id}/go-no-go`. It marks that the page is made for the person, and changes nothing else.
pub(super) async fn show(
    State(state): State<AppState>,
    access: LaunchAccess,
    Query(looking): Query<Looking>,
    page: Page,
) -> Result<Response, Error> {
    let since = looking.since.parse().ok().filter(|since| (1..=access.launch.seq).contains(since));
    html(&go_no_go(&state, &access, &page, since, None).await?)
}

/// `GET /launches/{id}/as-of/{seq}/go-no-go`. It marks nothing: who looks at the past has not seen the present.
pub(super) async fn as_it_stood(
    State(state): State<AppState>,
    AsItStood(access): AsItStood,
    page: Page,
) -> Result<Response, Error> {
    html(&go_no_go(&state, &access, &page, None, None).await?)
}

/// The page with a form that comes back: 409 when things stand differently, else 422.
pub(super) async fn returned(
    state: &AppState,
    access: &LaunchAccess,
    page: &Page,
    returned: Returned,
) -> Result<Response, Error> {
    let conflict = returned.problem.is_some() && returned.which != Which::Unknown;
    let wait = returned.wait;
    let status = match wait {
        Some(_) => StatusCode::TOO_MANY_REQUESTS,
        None if conflict => StatusCode::CONFLICT,
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut response = html_with(status, &go_no_go(state, access, page, None, Some(returned)).await?)?;
    if let Some(wait) = wait {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
    }
    Ok(response)
}

/// A problem that is a mere sentence.
pub(super) fn told(sentence: &str) -> Problem {
    Problem { sentence: sentence.to_owned(), ..Problem::default() }
}

/// A refusal of a form on this page, as the form that comes back.
pub(super) fn sort(
    launch: &LaunchState,
    not_done: NotDone,
    back: impl Fn(FieldErrors) -> Returned,
) -> Result<Returned, Error> {
    Ok(match refused(launch, not_done)? {
        Refused::Fields(errors) => back(errors),
        Refused::Conflict(sentence, conflict) => {
            let problem = Problem::new(launch, sentence, &conflict);
            Returned { problem: Some(problem), ..back(FieldErrors::new()) }
        }
    })
}

async fn go_no_go(
    state: &AppState,
    access: &LaunchAccess,
    page: &Page,
    since: Option<Seq>,
    returned: Option<Returned>,
) -> Result<GoNoGo, Error> {
    let launch = &*access.launch;
    let found = readiness(launch, access.now);
    let look = Look {
        user: access.user.id,
        launch: launch.id,
        seq: launch.seq,
        now: access.now,
        opens: since.is_none() && returned.is_none(),
    };
    let past = access.past();
    let marks = match past {
        None => store::look(&state.db, look).await?,
        Some(_) => Vec::new(),
    };
    let own = marks.iter().find(|mark| mark.user == access.user.id);
    let since = since.or(own.map(|mark| mark.seq));
    let stale = stale(launch, &found);
    let signed = stale.iter().map(|signature| (signature.seq, signature.record.role.clone()));
    let wanted: BTreeSet<_> = signed.chain(seen::wanted(access, since)).collect();
    let scopes = state.record.past_scopes(&state.db, launch.id, wanted).await?;
    let statements = match signatures::offered(access) {
        true => Some(record::statements::current(&state.db).await?),
        false => None,
    };
    let alarms = match access.can(&Act::Decide) {
        true => alarms(launch, &record::installation::wrong_passwords(&state.db, &[launch.id], access.now).await?),
        false => Vec::new(),
    };
    let holders = launch.version.checklist.required_roles.iter().flat_map(|role| launch.holders_of(&role.role));
    let deactivated = match past {
        None => accounts::deactivated(&state.db, holders).await?,
        Some(_) => BTreeSet::new(),
    };
    let signing = signatures::signing(access, &found, statements.as_ref(), returned.as_ref());
    let owner = Owner::new(access, &found, returned.as_ref());
    let blocks = signatures::blocks(access, &found, differences(access, &stale, &scopes), returned.as_ref());
    let homeless = returned.as_ref().map(|it| Homeless::new(it, &signing, &owner, &blocks)).unwrap_or_default();
    Ok(GoNoGo {
        chrome: page
            .chrome(state, format!("Go/no-go · {}", launch.name()), Nav::Launches)
            .as_of(past.map(|past| past.seq)),
        head: Head::of(access, &found, Tab::GoNoGo),
        refresh: format!("{}?since={}", address(access), since.unwrap_or(launch.seq)),
        judged_at: access.now,
        computed: view::VerdictView::new(launch, &found),
        decisions: view::decisions(launch),
        reasons: view::reasons(access, &found, &signing, &deactivated),
        since: seen::since(access, since, &scopes),
        conditions: view::conditions(launch, &found),
        why_not_sign: signatures::why_not(access, &signing).filter(|_| past.is_none()),
        account: access.user.email.to_string(),
        second_factor: access.user.second_factor,
        signing,
        blocks,
        owner,
        alarms,
        readers: seen::readers(access, &marks, &deactivated),
        deactivated,
        kept: homeless.kept,
        problem: returned.and_then(|returned| returned.problem).or(homeless.wrong),
        parts: sheet::parts(launch, access.now),
        checkpoint: checkpoint::newest(state, access).await?,
    })
}

/// The signatures that are stale.
fn stale<'a>(launch: &'a LaunchState, found: &Readiness) -> Vec<&'a Signature> {
    let digests = signatures::digests(launch, found);
    let is_stale = |signature: &&Signature| {
        let digest = digests.get(&signature.record.role);
        digest.is_some_and(|digest| status(launch, signature, digest) == SignatureStatus::Stale)
    };
    launch.signatures.iter().filter(is_stale).collect()
}

/// What changed since each stale signature was given.
fn differences(access: &LaunchAccess, stale: &[&Signature], past: &PastScopes) -> Differences {
    let launch = &*access.launch;
    let mut today: BTreeMap<&RoleSlug, _> = BTreeMap::new();
    let mut differences = Differences::new();
    for signature in stale {
        let role = &signature.record.role;
        let Some(then) = past.get(&(signature.seq, role.clone())) else { continue };
        let now = today.entry(role).or_insert_with(|| scope(launch, role));
        let lines = lines(launch, then, now).into_iter().map(|line| line.at(access.past()));
        differences.insert(signature.record.id, lines.collect());
    }
    differences
}

/// Readiness, for programs.
#[derive(Serialize)]
pub(super) struct ReadinessJson {
    verdict: Verdict,
    reasons: Vec<ReasonLine>,
    conditions: Vec<ConditionLine>,
    digest: BTreeMap<RoleSlug, Sha256Hash>,
    seq: i64,
}

/// `GET /launches/{id}/readiness.json`: what the page says. Once launched, what was found at the launch.
pub(super) async fn readiness_json(
    State(state): State<AppState>,
    access: LaunchAccess,
) -> Result<Json<ReadinessJson>, Error> {
    let launch = &*access.launch;
    let found = readiness(launch, access.now);
    let shown = view::shown(launch, &found);
    let could_sign = words::who_could_sign(launch, shown.reasons);
    let deactivated = accounts::deactivated(&state.db, could_sign).await?;
    Ok(Json(ReadinessJson {
        verdict: shown.verdict,
        reasons: view::in_order(launch, shown.reasons, &deactivated),
        conditions: shown.conditions.iter().map(|it| words::condition(launch, it)).collect(),
        seq: launch.seq,
        digest: signatures::digests_to_sign(launch, &found),
    }))
}
