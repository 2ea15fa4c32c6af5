//! The launches that a person owns, each with what has to be done next.

use std::borrow::Cow;

use super::person_launch::PersonLaunch;
use crate::{
    domain::{
        ids::LaunchId,
        launch::{
            access::{Act, check_access},
            decision_name::DecisionName,
            state::{LaunchState, Stage},
        },
        readiness::{Reason, SignatureProblem, Verdict, find_item_reason},
        role::RoleSlug,
    },
    texts,
};

/// Maximum number of launches shown.
const MAX_LAUNCHES: usize = 10;

/// Maximum number of roles that a step names.
const MAX_ROLES: usize = 3;

#[derive(Default)]
pub(super) struct OwnedLaunches {
    /// Those ahead, the nearest first, and then those that are launched and not closed.
    pub rows: Vec<OwnedLaunchRow>,
    /// Number of launches that are not shown.
    pub more: usize,
}

pub(super) struct OwnedLaunchRow {
    pub id: LaunchId,
    pub name: String,
    /// How much time is left; empty once launched.
    pub left: String,
    pub verdict: &'static str,
    pub decision: DecisionName,
    /// What has to be done, the first thing first; never empty.
    pub steps: Vec<OwnerStep>,
}

pub(super) struct OwnerStep {
    pub icon: &'static str,
    pub href: String,
    pub text: Cow<'static, str>,
}

/// The launches among these, sorted with the nearest first, that the person decides about as their owner.
pub(super) fn collect_owned_launches(launches: &[PersonLaunch<'_>]) -> OwnedLaunches {
    let is_owned = |seen: &&PersonLaunch<'_>| {
        seen.state.owner == seen.actor.id && check_access(seen.state, seen.actor, &Act::Decide).is_ok()
    };
    let mut rows: Vec<(bool, OwnedLaunchRow)> = launches
        .iter()
        .filter(is_owned)
        .filter_map(|seen| Some((seen.state.stage.launched().is_some(), build_row(seen)?)))
        .collect();
    rows.sort_by_key(|(launched, _)| *launched);
    OwnedLaunches {
        more: rows.len().saturating_sub(MAX_LAUNCHES),
        rows: rows.into_iter().take(MAX_LAUNCHES).map(|(_, row)| row).collect(),
    }
}

fn build_row(seen: &PersonLaunch<'_>) -> Option<OwnedLaunchRow> {
    let state = seen.state;
    let steps = match &state.stage {
        Stage::Preparing | Stage::Held { .. } => steps_to_go(seen),
        Stage::Go(_) => vec![step(seen, "launch", "/go-no-go", texts::record_the_launch())],
        Stage::Launched(_) => steps_to_closing(seen),
        Stage::Closed { .. } | Stage::Cancelled { .. } => return None,
    };
    let launched = state.stage.launched().is_some();
    Some(OwnedLaunchRow {
        id: state.id,
        name: state.name().to_owned(),
        left: if launched { String::new() } else { seen.format_countdown() },
        verdict: seen.readiness.verdict.slug(),
        decision: state.stage.name().into(),
        steps,
    })
}

fn step(seen: &PersonLaunch<'_>, icon: &'static str, place: &str, text: Cow<'static, str>) -> OwnerStep {
    OwnerStep { icon, href: format!("/launches/{}{place}", seen.state.id), text }
}

/// What is left until the owner can declare GO.
fn steps_to_go(seen: &PersonLaunch<'_>) -> Vec<OwnerStep> {
    let (state, reasons) = (seen.state, &seen.readiness.reasons);
    let mut steps = Vec::new();
    if matches!(state.stage, Stage::Held { .. }) {
        steps.push(step(seen, "hold", "/go-no-go", texts::on_hold_resume_it()));
    }
    let roles = state.version.checklist.required_roles.iter();
    let vacant = roles.filter(|role| state.holders_of(&role.role).next().is_none()).count();
    if vacant > 0 {
        steps.push(step(seen, "people", "/settings#holders", texts::required_roles_have_no_holder(vacant)));
    }
    if reasons.iter().any(|reason| matches!(reason, Reason::Window { .. })) {
        steps.push(step(seen, "calendar", "/settings", texts::target_has_passed_move_it()));
    }
    let items = reasons.iter().filter(|reason| reason.item().is_some()).count();
    if items > 0 {
        steps.push(step(seen, "checklist", "/go-no-go", texts::items_block_the_launch(items)));
    }
    let lacking = |lacks: &[SignatureProblem]| {
        find_roles(reasons, |reason| matches!(reason, Reason::Signatures { lack, .. } if lacks.contains(lack)))
    };
    // A role whose holder objects is named by its objection.
    let objecting = find_roles(reasons, |reason| matches!(reason, Reason::Objection { .. }));
    let stale = lacking(&[SignatureProblem::Stale]);
    let missing = lacking(&[SignatureProblem::NotSigned, SignatureProblem::Withdrawn, SignatureProblem::NotHolder]);
    let mut add = |icon, roles: &[RoleSlug], text: Cow<'static, str>| match roles {
        [] => {}
        [role] => steps.push(step(seen, icon, &format!("/go-no-go#role-{role}"), text)),
        [..] => steps.push(step(seen, icon, "/go-no-go", text)),
    };
    add("no-go", &objecting, texts::objections_of_roles(objecting.len(), name_roles(state, &objecting)));
    add("stale", &stale, texts::signatures_stale_of_roles(stale.len(), name_roles(state, &stale)));
    add("sign", &missing, texts::signatures_missing_of_roles(missing.len(), name_roles(state, &missing)));
    match seen.readiness.verdict {
        Verdict::Go => steps.push(step(seen, "go", "/go-no-go", texts::nothing_blocks_it_decide())),
        Verdict::ConditionalGo => {
            let conditions = seen.readiness.conditions.len();
            steps.push(step(seen, "conditional", "/go-no-go", texts::conditions_to_acknowledge_decide(conditions)));
        }
        Verdict::NoGo => {}
    }
    steps
}

/// The roles of the signatures and objections among these reasons, each once.
fn find_roles(reasons: &[Reason], is_meant: impl Fn(&Reason) -> bool) -> Vec<RoleSlug> {
    let roles = reasons.iter().filter(|reason| is_meant(reason)).filter_map(|reason| match reason {
        Reason::Signatures { role, .. } | Reason::Objection { role, .. } => Some(role.clone()),
        Reason::Items { .. } | Reason::Evidence { .. } | Reason::Justification { .. } | Reason::Window { .. } => None,
    });
    let mut roles: Vec<RoleSlug> = roles.collect();
    roles.dedup();
    roles
}

/// `Tech lead, Security`; beyond [`MAX_ROLES`], how many more.
fn name_roles(state: &LaunchState, roles: &[RoleSlug]) -> String {
    let titles = roles.iter().take(MAX_ROLES).map(|role| state.role_title(role).into_owned());
    let named = titles.collect::<Vec<_>>().join(", ");
    match roles.len().saturating_sub(MAX_ROLES) {
        0 => named,
        more => texts::roles_and_more(named, more).into_owned(),
    }
}

/// What is left until the owner can close a launch that has happened.
fn steps_to_closing(seen: &PersonLaunch<'_>) -> Vec<OwnerStep> {
    let state = seen.state;
    let open = state.after_items().filter(|(item, definition)| {
        find_item_reason(state, item, definition, seen.now).is_some() || !state.is_resolved(item, seen.now)
    });
    match open.count() {
        0 => vec![step(seen, "tick", "/go-no-go", texts::close_the_launch())],
        open => vec![step(seen, "checklist", "", texts::items_after_launch_are_open(open))],
    }
}
