//! GET: the go/no-go page, and the same for programs. The page with a form that comes back.

use std::{collections::BTreeMap, sync::Arc};

use axum::{Json, extract::State, response::Response};
use http::StatusCode;
use serde::Serialize;

use super::{
    checkpoint,
    forms::{Problem, Returned, Which},
    owner::Owner,
    sheet,
    signatures::{self, Differences},
    view::{self, GoNoGo},
};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        canonical::Sha256Hash,
        digest::scope,
        launch::state::LaunchState,
        readiness::{Readiness, SignatureStatus, Verdict, readiness, status},
        role::RoleSlug,
    },
    launch_page::{
        head::{Head, Tab},
        outcome::{Refused, refused},
        words::{ConditionLine, ReasonLine},
    },
    record::NotDone,
    state::AppState,
    web::{
        Error,
        form::FieldErrors,
        page::{Nav, Page, html, html_with},
    },
};

/// The page's address.
pub(super) fn address(access: &LaunchAccess) -> String {
    format!("/launches/{}/go-no-go", access.launch.id)
}

/// `GET /launches/{id}/go-no-go`.
pub(super) async fn show(State(state): State<AppState>, access: LaunchAccess, page: Page) -> Result<Response, Error> {
    html(&go_no_go(&state, &access, &page, None).await?)
}

/// The page with a form that comes back: 409 when things stand differently, else 422.
pub(super) async fn returned(
    state: &AppState,
    access: &LaunchAccess,
    page: &Page,
    returned: Returned,
) -> Result<Response, Error> {
    let conflict = returned.problem.is_some() && returned.which != Which::Unknown;
    let status = if conflict { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &go_no_go(state, access, page, Some(returned)).await?)
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
    returned: Option<Returned>,
) -> Result<GoNoGo, Error> {
    let launch = &*access.launch;
    let found = readiness(launch, access.now);
    let differences = differences(state, launch, &found).await?;
    let signing = signatures::signing(access, &found, returned.as_ref());
    let owner = Owner::new(access, &found, returned.as_ref());
    let blocks = signatures::blocks(access, &found, differences, returned.as_ref());
    let kept = view::kept(returned.as_ref(), &signing, &owner, &blocks);
    Ok(GoNoGo {
        chrome: page.chrome(state, format!("Go/no-go · {}", launch.name()), Nav::Launches),
        head: Head::with(launch, &found, access.now, Tab::GoNoGo),
        computed: view::VerdictView::new(launch, &found),
        decisions: view::decisions(launch),
        reasons: view::reasons(access, &found, &signing),
        conditions: view::conditions(launch, &found),
        why_not_sign: signatures::why_not(access, &signing),
        account: access.user.email.to_string(),
        signing,
        blocks,
        owner,
        kept,
        problem: returned.and_then(|returned| returned.problem),
        parts: sheet::parts(launch, access.now),
        checkpoint: checkpoint::newest(state, launch).await?,
    })
}

/// What changed since each stale signature was given. One statement at most, however many are stale.
async fn differences(state: &AppState, launch: &LaunchState, found: &Readiness) -> Result<Differences, Error> {
    let digests = signatures::digests(launch, found);
    let is_stale = |signature: &&crate::domain::launch::state::Signature| {
        let digest = digests.get(&signature.record.role);
        digest.is_some_and(|digest| status(launch, signature, digest) == SignatureStatus::Stale)
    };
    let stale: Vec<_> = launch.signatures.iter().filter(is_stale).collect();
    if stale.is_empty() {
        return Ok(Differences::new());
    }
    let signed = state.record.signed_scopes(&state.db, launch.id, &stale).await?;
    let mut today: BTreeMap<&RoleSlug, Arc<_>> = BTreeMap::new();
    let mut differences = Differences::new();
    for signature in stale {
        let role = &signature.record.role;
        let Some(then) = signed.get(&signature.record.id) else { continue };
        let now = today.entry(role).or_insert_with(|| Arc::new(scope(launch, role)));
        differences.insert(signature.record.id, super::difference::lines(launch, then, now));
    }
    Ok(differences)
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
pub(super) async fn readiness_json(access: LaunchAccess) -> Json<ReadinessJson> {
    let launch = &*access.launch;
    let found = readiness(launch, access.now);
    let shown = view::shown(launch, &found);
    Json(ReadinessJson {
        verdict: shown.verdict,
        reasons: view::in_order(launch, shown.reasons),
        conditions: shown.conditions.iter().map(|it| crate::launch_page::words::condition(launch, it)).collect(),
        seq: launch.seq,
        digest: found.digests.clone(),
    })
}
