//! Collects the pending work of a person from the launches they may see. Pure: it reads states, and asks the rules for
//! rights and stages what the person could do now.

use std::{borrow::Cow, sync::Arc};

use super::{
    open_items::{self, HiddenItems, OpenItemRow},
    owned_launches::{OwnedLaunches, collect_owned_launches},
    person_launch::PersonLaunch,
};
use crate::{
    domain::{
        checklist::{Importance, RequiredRole},
        launch::{
            access::{Act, ActGroup as Kind, Actor, check_access},
            event::ItemState,
            state::{Agreement, LaunchState, Stage, WaiverStatus},
        },
        readiness::{SignatureStatus, Verdict, find_item_reason, signature_status},
        time::Moment,
    },
    presentation::formatting,
    record::{Record, installation_log::WrongPasswordCount},
    texts,
};

/// Maximum number of launches that are searched for a member's work.
pub(super) const MAX_LAUNCHES: usize = 50;

pub(super) struct PendingWork {
    /// Work that only some people can do, by kind; no group is empty.
    pub groups: Vec<TaskGroup>,
    pub owned: OwnedLaunches,
    /// Open items, the most urgent first.
    pub items: Vec<OpenItemRow>,
    /// How many of all open items are assigned to the person, and how many more belong to their roles.
    pub mine: usize,
    pub of_roles: usize,
    /// Links to the items that are not shown.
    pub more: Vec<HiddenItems>,
}

pub(super) struct TaskGroup {
    pub id: &'static str,
    pub title: Cow<'static, str>,
    pub tasks: Vec<PendingTask>,
}

pub(super) struct PendingTask {
    pub icon: &'static str,
    pub href: String,
    pub title: String,
    /// Which launch, and what about it.
    pub about: String,
    /// A label that makes it stand out, and its icon.
    pub chip: Option<(Cow<'static, str>, &'static str)>,
    /// How much time is left.
    pub left: String,
}

/// Collects the pending work of a person. `wrong` are the attempts to sign with a wrong password, of which the owner of
/// a launch is warned.
pub(super) fn collect_pending_work(
    launches: &[Arc<LaunchState>],
    actor: &Actor,
    wrong: &[WrongPasswordCount],
    record: &Record,
    now: Moment,
) -> PendingWork {
    let mut seen: Vec<PersonLaunch<'_>> = launches
        .iter()
        .map(|state| PersonLaunch { state, actor, now, readiness: record.readiness(state, now) })
        .collect();
    seen.sort_by_key(|seen| (seen.state.details.target.to_moment(), seen.state.id));
    let of = |id, title, tasks: fn(&PersonLaunch<'_>) -> Vec<PendingTask>| TaskGroup {
        id,
        title,
        tasks: seen.iter().flat_map(tasks).collect(),
    };
    let groups = [
        TaskGroup { id: "warnings", title: texts::tasks_warnings(), tasks: warning_tasks(&seen, wrong) },
        TaskGroup { id: "signatures", title: texts::tasks_signatures(), tasks: signature_tasks(&seen) },
        of("decisions", texts::tasks_decisions(), decision_tasks),
        of("waivers", texts::tasks_waivers(), waiver_tasks),
        of("agreements", texts::tasks_agreements(), agreement_tasks),
        of("requests", texts::tasks_requests(), evidence_request_tasks),
    ];
    let (items, counts) = open_items::collect_open_items(&seen);
    PendingWork {
        groups: groups.into_iter().filter(|group| !group.tasks.is_empty()).collect(),
        owned: collect_owned_launches(&seen),
        items,
        mine: counts.mine,
        of_roles: counts.of_roles,
        more: counts.hidden_items,
    }
}

/// The signatures that the person still has to give: requested ones first, then stale ones.
fn signature_tasks(seen: &[PersonLaunch<'_>]) -> Vec<PendingTask> {
    let mut awaited: Vec<(bool, bool, PendingTask)> = seen
        .iter()
        .flat_map(|seen| {
            seen.state.version.checklist.required_roles.iter().filter_map(|role| signature_task(seen, role))
        })
        .collect();
    awaited.sort_by_key(|(is_requested, stale, _)| (!is_requested, !stale));
    awaited.into_iter().map(|(_, _, task)| task).collect()
}

/// The signature in a role, if the person still has to give it; with whether it was requested, and whether their
/// signature is stale. It is not needed while a holder's GO counts, while the person's own objection stands, or when
/// separation of duties excludes them because they signed in another role.
fn signature_task(seen: &PersonLaunch<'_>, required: &RequiredRole) -> Option<(bool, bool, PendingTask)> {
    let (state, user) = (seen.state, seen.actor.id);
    let role = &required.role;
    if !seen.can_do(&Act::Sign(role.clone()), Kind::Prepare) {
        return None;
    }
    let digest = seen.readiness.digests.get(role)?;
    let of_role = || state.signatures.iter().filter(|signature| signature.record.role == *role);
    let counts = of_role().any(|signature| signature_status(state, signature, digest) == SignatureStatus::Counts);
    let own = |status| {
        of_role()
            .any(|signature| signature.record.signer.id == user && signature_status(state, signature, digest) == status)
    };
    let elsewhere = state.signatures.iter().any(|signature| {
        signature.record.signer.id == user && signature.record.role != *role && signature.is_in_effect()
    });
    if counts || own(SignatureStatus::Objects) || (elsewhere && state.policy.separation_of_duties) {
        return None;
    }
    let stale = own(SignatureStatus::Stale);
    let is_requested = state.signature_requests.contains_key(role);
    let open = seen.readiness.reasons.iter().filter(|reason| reason.item().is_some()).count();
    let description = if stale { texts::scope_changed_items(open) } else { texts::not_signed_yet_items(open) };
    let task = PendingTask {
        icon: if stale { "stale" } else { "sign" },
        href: format!("/launches/{}/go-no-go#role-{role}", state.id),
        title: if stale { texts::sign_again_as(&required.title) } else { texts::sign_as_role(&required.title) }
            .into_owned(),
        about: seen.describe_task(&description),
        chip: match (is_requested, stale) {
            (true, _) => Some((texts::asked_for(), "person")),
            (false, true) => Some((texts::stale(), "stale")),
            (false, false) => None,
        },
        left: seen.format_countdown(),
    };
    Some((is_requested, stale, task))
}

/// Warnings to the owner of a launch about wrong passwords given to sign.
fn warning_tasks(seen: &[PersonLaunch<'_>], wrong: &[WrongPasswordCount]) -> Vec<PendingTask> {
    let of = |wrong: &WrongPasswordCount| {
        let seen = seen.iter().find(|seen| seen.state.id == wrong.launch)?;
        check_access(seen.state, seen.actor, &Act::Decide).ok()?;
        let description = texts::wrong_passwords_in_a_day(wrong.number, seen.state.person_label(wrong.user));
        Some(PendingTask {
            icon: "lock",
            href: format!("/launches/{}/history?kind=refusals", wrong.launch),
            title: texts::wrong_passwords_at_signing().into_owned(),
            about: seen.describe_task(&description),
            chip: None,
            left: String::new(),
        })
    };
    wrong.iter().filter_map(of).collect()
}

/// The decisions that wait for the owner of a launch.
fn decision_tasks(seen: &PersonLaunch<'_>) -> Vec<PendingTask> {
    let state = seen.state;
    let go_no_go = format!("/launches/{}/go-no-go", state.id);
    let task = |icon, href, title: Cow<'static, str>, description: Cow<'static, str>| {
        vec![PendingTask {
            icon,
            href,
            title: title.into_owned(),
            about: seen.describe_task(&description),
            chip: None,
            left: seen.format_countdown(),
        }]
    };
    let vacant = |state: &LaunchState| {
        let roles = state.version.checklist.required_roles.iter();
        roles.filter(|role| state.holders_of(&role.role).next().is_none()).count()
    };
    if check_access(state, seen.actor, &Act::Decide).is_err() {
        return Vec::new();
    }
    match &state.stage {
        Stage::Preparing | Stage::Held { .. } if vacant(state) > 0 => {
            let href = format!("/launches/{}/settings#holders", state.id);
            task("people", href, texts::name_who_signs(), texts::required_roles_have_no_holder(vacant(state)))
        }
        Stage::Preparing => match seen.readiness.verdict {
            Verdict::Go => task("go", go_no_go, texts::declare_go(), texts::nothing_blocks_the_launch()),
            Verdict::ConditionalGo => {
                let description = texts::conditions_to_acknowledge(seen.readiness.conditions.len());
                task("conditional", go_no_go, texts::declare_go(), description)
            }
            Verdict::NoGo => Vec::new(),
        },
        Stage::Go(_) => task("launch", go_no_go, texts::record_the_launch(), texts::go_is_declared_record_when()),
        Stage::Launched(_) => {
            let open = state.after_items().any(|(item, definition)| {
                let blocks = find_item_reason(state, item, definition, seen.now).is_some();
                blocks || !state.is_resolved(item, seen.now)
            });
            if open {
                Vec::new()
            } else {
                task("tick", go_no_go, texts::close_the_launch(), texts::every_item_after_launch_is_resolved())
            }
        }
        Stage::Held { .. } | Stage::Closed { .. } | Stage::Cancelled { .. } => Vec::new(),
    }
}

/// The waivers that wait for a decision that the person may make.
fn waiver_tasks(seen: &PersonLaunch<'_>) -> Vec<PendingTask> {
    let state = seen.state;
    let asked_waivers = state.waivers.values().filter(|waiver| waiver.status == WaiverStatus::Asked);
    asked_waivers
        .filter_map(|waiver| Some((waiver, state.item(waiver.item)?)))
        .filter(|(waiver, item)| seen.can_do(&Act::DecideWaiver(waiver.id), seen.act_group(item)))
        .map(|(waiver, item)| {
            let (by, until) = (state.member_label(waiver.by), formatting::format_day(waiver.expires_on));
            PendingTask {
                icon: "hold",
                href: format!("{}#waivers", formatting::item_href(item.id)),
                title: seen.item_title(item),
                about: seen.describe_task(&texts::asks_to_go_without_until(by, until)),
                chip: None,
                left: seen.format_countdown(),
            }
        })
        .collect()
}

/// Critical items marked not applicable that wait for an agreement that the person may give.
fn agreement_tasks(seen: &PersonLaunch<'_>) -> Vec<PendingTask> {
    let state = seen.state;
    let waiting = state.items_with_definitions().filter(|(item, definition)| {
        definition.importance == Importance::Critical
            && item.status.state == ItemState::NotApplicable
            && matches!(item.agreement, Agreement::None)
            && seen.can_do(&Act::Agree(item.id), seen.act_group(item))
    });
    waiting
        .map(|(item, _)| {
            let by = item.last_marked.map_or_else(texts::somebody, |(by, _)| state.member_label(by).to_string().into());
            PendingTask {
                icon: "dash",
                href: format!("{}#agreement", formatting::item_href(item.id)),
                title: seen.item_title(item),
                about: seen.describe_task(&texts::says_that_it_does_not_apply(by)),
                chip: None,
                left: seen.format_countdown(),
            }
        })
        .collect()
}

/// The unanswered evidence requests on the person's own items.
fn evidence_request_tasks(seen: &PersonLaunch<'_>) -> Vec<PendingTask> {
    let state = seen.state;
    let open = state.evidence_requests.values().filter(|request| request.answer.is_none());
    open.filter_map(|request| Some((request, state.item(request.item)?)))
        .filter(|(request, item)| seen.is_own(item) && seen.can_do(&Act::AnswerRequest(request.id), Kind::Collaborate))
        .map(|(request, item)| {
            let text: String = state.text(&request.text).chars().take(140).collect();
            PendingTask {
                icon: "clip",
                href: format!("{}#requests", formatting::item_href(item.id)),
                title: seen.item_title(item),
                about: seen.describe_task(&texts::person_asks(state.person_label(request.by), text)),
                chip: None,
                left: String::new(),
            }
        })
        .collect()
}
