//! GET: the go/no-go page, and the same as JSON. Also the page with a form that is shown again.

use std::collections::{BTreeMap, BTreeSet};

use axum::{Json, extract::State, response::Response};
use http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};

use super::{
    blocking_reasons, checkpoint,
    forms::{GoNoGoForm, GoNoGoProblem, ReturnedForm, ShownToSigner},
    owner::{OwnerPanel, wrong_password_warnings},
    printed_sheet,
    shown_readiness::shown_readiness,
    sign_form,
    signature_input::parse_vote,
    signatures::{self, SignatureDifferences},
    since_last_visit,
    store::{self, GoNoGoVisit},
    view::{self, GoNoGoPage, UnofferedForm},
};
use crate::{
    access::{launch_access::LaunchAccess, past_launch::PastLaunchAccess, store::FormerMembers},
    domain::{
        canonical::Sha256Hash,
        digest::build_scope,
        launch::{
            access::Act,
            command::Conflict,
            decision_name::DecisionName,
            event::Seq,
            state::{LaunchState, Signature},
        },
        readiness::{Readiness, SignatureStatus, Verdict, compute_readiness, signature_status},
        role::RoleSlug,
    },
    presentation::{
        difference::describe_scope_difference,
        formatting::{self, ConditionRow, ReasonRow},
        head::{LaunchHead, Tab},
        refusal::{FormRefusal, to_form_refusal},
    },
    record::{self, ExecuteError, scopes::PastScopes},
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Nav, PageContext},
        form::{FieldErrors, Query},
        response::{render, render_with_status},
    },
};

pub(super) fn page_href(access: &LaunchAccess) -> String {
    format!("/launches/{}/go-no-go", access.launch.id)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct GoNoGoQuery {
    /// The event since which changes are shown, on a page that refreshes itself. An unknown event is ignored.
    since: String,
    /// The role whose form has a vote chosen already, and the vote: `go` or `no_go`. Unknown ones are ignored.
    sign: String,
    verdict: String,
}

/// `GET /launches/{id}/go-no-go`. It records the visit, and changes nothing else.
pub(super) async fn show(
    State(state): State<AppState>,
    access: LaunchAccess,
    Query(looking): Query<GoNoGoQuery>,
    page: PageContext,
) -> Result<Response, Error> {
    let since = looking.since.parse().ok().filter(|since| (1..=access.launch.seq).contains(since));
    let mut shown = build_page(&state, &access, &page, since, None).await?;
    if let Some(form) = shown.signing.iter_mut().find(|form| form.role.as_str() == looking.sign) {
        form.entered.vote = parse_vote(&looking.verdict);
    }
    render(&shown)
}

/// `GET /launches/{id}/as-of/{seq}/go-no-go`. It records no visit: a reader of the past has not seen the present.
pub(super) async fn show_past(
    State(state): State<AppState>,
    PastLaunchAccess(access): PastLaunchAccess,
    page: PageContext,
) -> Result<Response, Error> {
    render(&build_page(&state, &access, &page, None, None).await?)
}

/// Shows the page with a form again: 429 after too many attempts, 409 after a conflict, else 422.
pub(super) async fn render_returned_form(
    state: &AppState,
    access: &LaunchAccess,
    page: &PageContext,
    returned: ReturnedForm,
) -> Result<Response, Error> {
    let conflict = returned.problem.is_some() && returned.form != GoNoGoForm::Unknown;
    let wait = returned.retry_after;
    let status = match wait {
        Some(_) => StatusCode::TOO_MANY_REQUESTS,
        None if conflict => StatusCode::CONFLICT,
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut response = render_with_status(status, &build_page(state, access, page, None, Some(returned)).await?)?;
    if let Some(wait) = wait {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
    }
    Ok(response)
}

/// A problem that is only a sentence.
pub(super) fn to_problem(sentence: impl Into<String>) -> GoNoGoProblem {
    GoNoGoProblem { sentence: sentence.into(), ..GoNoGoProblem::default() }
}

/// Converts the refusal of a form on this page to the form to show again.
pub(super) fn to_returned_form(
    launch: &LaunchState,
    not_done: ExecuteError,
    back: impl Fn(FieldErrors) -> ReturnedForm,
) -> Result<ReturnedForm, Error> {
    Ok(match to_form_refusal(launch, not_done)? {
        FormRefusal::Fields(errors) => back(errors),
        FormRefusal::Conflict(sentence, conflict) => {
            let mut problem = GoNoGoProblem::new(launch, sentence, &conflict);
            let mut returned = back(FieldErrors::new());
            if let Conflict::Conditions(conditions) = &conflict
                && returned.input.newest_event(&launch.seq) == launch.seq
                && returned.input.acknowledged.iter().all(|id| conditions.iter().any(|it| it.id.0 == *id))
            {
                // The page showed these conditions: some are only not ticked yet.
                let tick_all = texts::tick_all_conditions(conditions.len());
                returned.input.errors.add("acknowledge", tick_all.clone());
                problem = to_problem(tick_all);
            }
            if conflict.says_what_changed() {
                returned.input.shown = ShownToSigner::default();
            }
            ReturnedForm { problem: Some(problem), ..returned }
        }
    })
}

async fn build_page(
    state: &AppState,
    access: &LaunchAccess,
    page: &PageContext,
    since: Option<Seq>,
    returned: Option<ReturnedForm>,
) -> Result<GoNoGoPage, Error> {
    let launch = &*access.launch;
    let readiness = compute_readiness(launch, access.now);
    let look = GoNoGoVisit {
        user: access.user.id,
        launch: launch.id,
        seq: launch.seq,
        now: access.now,
        is_opening: since.is_none() && returned.is_none(),
    };
    let past = access.past();
    let marks = match past {
        None => store::record_visit(&state.db, look).await?,
        Some(_) => Vec::new(),
    };
    let own = marks.iter().find(|mark| mark.user == access.user.id);
    let since = since.or(own.map(|mark| mark.seq));
    let stale = find_stale_signatures(launch, &readiness);
    let signed = stale.iter().map(|signature| (signature.seq, signature.record.role.clone()));
    let needed: BTreeSet<_> = signed.chain(since_last_visit::needed_scopes(access, since)).collect();
    let scopes = state.record.load_past_scopes(&state.db, launch.id, needed).await?;
    let statements = match sign_form::can_sign_in_any_role(access) {
        true => Some(record::statements::load_current_version(&state.db).await?),
        false => None,
    };
    let alarms = match access.is_allowed(&Act::Decide) {
        true => wrong_password_warnings(
            launch,
            &record::installation_log::find_wrong_passwords(&state.db, &[launch.id], access.now).await?,
        ),
        false => Vec::new(),
    };
    let holders = launch.version.checklist.required_roles.iter().flat_map(|role| launch.holders_of(&role.role));
    let former = match past {
        None => FormerMembers::find_among(&state.db, holders).await?,
        Some(_) => FormerMembers::default(),
    };
    let signing = sign_form::build_sign_forms(access, &readiness, statements.as_ref(), returned.as_ref());
    let owner = OwnerPanel::new(access, &readiness, returned.as_ref());
    let blocks =
        signatures::build_blocks(access, &readiness, find_differences(access, &stale, &scopes), returned.as_ref());
    let homeless = returned.as_ref().map(|it| UnofferedForm::new(it, &signing, &owner, &blocks)).unwrap_or_default();
    let mut decisions = view::build_decisions(launch);
    let mut head = LaunchHead::with_readiness(access, &readiness, Tab::GoNoGo);
    head.actions = view::list_head_actions(&signing, &owner);
    Ok(GoNoGoPage {
        chrome: page
            .chrome(state, texts::go_no_go_title(launch.name()), Nav::Launches)
            .as_of(past.map(|past| past.seq)),
        head,
        refresh: format!("{}?since={}", page_href(access), since.unwrap_or(launch.seq)),
        judged_at: access.now,
        computed: view::VerdictView::new(launch, &readiness),
        decided: decisions.pop(),
        earlier_decisions: decisions,
        revoked_go: view::build_revoked_go(launch),
        reasons: blocking_reasons::build_reasons(access, &readiness, &signing, &former),
        since: since_last_visit::find_changes(access, since, &scopes).filter(|since| !since.lines.is_empty()),
        conditions: view::build_conditions(launch, &readiness),
        why_not_sign: sign_form::explain_missing_sign_form(access, &signing).filter(|_| past.is_none()),
        account: access.user.email.to_string(),
        second_factor: access.user.second_factor,
        signing,
        blocks,
        owner,
        alarms,
        readers: since_last_visit::build_readers(access, &marks, &former),
        former,
        entered_text: homeless.entered_text,
        problem: returned.and_then(|returned| returned.problem).or(homeless.problem),
        parts: printed_sheet::build_parts(launch, access.now),
        checkpoint: checkpoint::load_newest_view(state, access).await?,
    })
}

fn find_stale_signatures<'a>(launch: &'a LaunchState, readiness: &Readiness) -> Vec<&'a Signature> {
    let digests = signatures::role_digests(launch, readiness);
    let is_stale = |signature: &&Signature| {
        let digest = digests.get(&signature.record.role);
        digest.is_some_and(|digest| signature_status(launch, signature, digest) == SignatureStatus::Stale)
    };
    launch.signatures.iter().filter(is_stale).collect()
}

/// What changed since each stale signature was given.
fn find_differences(access: &LaunchAccess, stale: &[&Signature], past: &PastScopes) -> SignatureDifferences {
    let launch = &*access.launch;
    let mut today: BTreeMap<&RoleSlug, _> = BTreeMap::new();
    let mut differences = SignatureDifferences::new();
    for signature in stale {
        let role = &signature.record.role;
        let Some(then) = past.get(&(signature.seq, role.clone())) else { continue };
        let now = today.entry(role).or_insert_with(|| build_scope(launch, role));
        let lines =
            describe_scope_difference(launch, then, now).into_iter().map(|line| line.for_page_at(access.past()));
        differences.insert(signature.record.id, lines.collect());
    }
    differences
}

#[derive(Serialize)]
pub(super) struct ReadinessJson {
    verdict: Verdict,
    reasons: Vec<ReasonRow>,
    conditions: Vec<ConditionRow>,
    digest: BTreeMap<RoleSlug, Sha256Hash>,
    seq: i64,
    decision: DecisionName,
}

/// `GET /launches/{id}/readiness.json`: readiness as the page shows it; once launched, the readiness at the launch.
pub(super) async fn show_readiness_json(
    State(state): State<AppState>,
    access: LaunchAccess,
) -> Result<Json<ReadinessJson>, Error> {
    let launch = &*access.launch;
    let readiness = compute_readiness(launch, access.now);
    let shown = shown_readiness(launch, &readiness);
    let could_sign = formatting::possible_signers(launch, shown.reasons);
    let former = FormerMembers::find_among(&state.db, could_sign).await?;
    Ok(Json(ReadinessJson {
        verdict: shown.verdict,
        reasons: blocking_reasons::sorted_reasons(launch, shown.reasons, &former),
        conditions: shown.conditions.iter().map(|it| formatting::describe_condition(launch, it)).collect(),
        seq: launch.seq,
        decision: launch.stage.name().into(),
        digest: signatures::signable_role_digests(launch, &readiness),
    }))
}
