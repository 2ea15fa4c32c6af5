//! What the owner may do at this stage, why not the rest, and the owner's warnings.

use std::{borrow::Cow, collections::BTreeSet};

use super::forms::{GoNoGoForm, GoNoGoInput, ReturnedForm};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        ids::UserId,
        launch::{
            access::{Act, ActGroup, stage_allows},
            state::{LaunchState, Stage},
        },
        readiness::{Readiness, Reason, Verdict, find_item_reason},
        signature_reminders::signature_reminders,
        time::Moment,
    },
    presentation::{
        formatting::{self, ConditionRow, ReasonRow},
        renewals,
    },
    record::installation_log::WrongPasswordCount,
    texts,
};

/// The owner's panel, with a form for each action that is possible now.
pub(super) struct OwnerPanel {
    /// Whether the reader is the owner.
    pub is_owner: bool,
    pub name: String,
    pub declare: Option<GoNoGoInput>,
    pub hold: Option<GoNoGoInput>,
    pub resume: Option<GoNoGoInput>,
    pub reopen: Option<GoNoGoInput>,
    pub launch: Option<RecordLaunchFormView>,
    pub close: Option<CloseLaunchFormView>,
    pub cancel: Option<GoNoGoInput>,
    /// Number of people who take part in the launch.
    pub people: usize,
    /// The roles whose holders can be asked to sign.
    pub ask: Vec<String>,
    /// Whether a signature that was asked for is missing.
    pub can_remind: bool,
    /// Why expected actions are missing.
    pub why_not: Cow<'static, str>,
}

pub(super) struct RecordLaunchFormView {
    pub entered: GoNoGoInput,
    pub zone: String,
}

pub(super) struct CloseLaunchFormView {
    pub entered: GoNoGoInput,
    pub conditions: Vec<ConditionRow>,
    /// Items due after the launch that are still unresolved.
    pub open: Vec<ReasonRow>,
}

impl OwnerPanel {
    pub(super) fn new(access: &LaunchAccess, readiness: &Readiness, returned: Option<&ReturnedForm>) -> Self {
        let launch = &*access.launch;
        let (is_owner, waiting) = (access.is_allowed(&Act::Decide), access.waiting_period());
        let form = |which: GoNoGoForm, offered: bool| {
            let entered = returned.filter(|returned| returned.form == which).map(|returned| returned.input.clone());
            (is_owner && offered && waiting.is_none()).then(|| entered.unwrap_or_default())
        };
        let ready = readiness.verdict != Verdict::NoGo;
        let (preparing, held) = (matches!(launch.stage, Stage::Preparing), matches!(launch.stage, Stage::Held { .. }));
        let go = matches!(launch.stage, Stage::Go(_));
        let launched = matches!(launch.stage, Stage::Launched(_));
        let recording = |entered| RecordLaunchFormView { entered, zone: launch.zone().to_string() };
        Self {
            is_owner,
            name: launch.person_name(launch.owner).to_owned(),
            declare: form(GoNoGoForm::DeclareGo, preparing && ready),
            hold: form(GoNoGoForm::Hold, preparing || go),
            resume: form(GoNoGoForm::Resume, held),
            reopen: form(GoNoGoForm::Reopen, go),
            launch: form(GoNoGoForm::Launch, go).map(recording),
            close: form(GoNoGoForm::Close, launched).map(|entered| close_form_view(launch, access.now, entered)),
            cancel: form(GoNoGoForm::Cancel, preparing || held || go),
            people: count_people(launch),
            ask: if is_owner && stage_allows(&launch.stage, ActGroup::Prepare) {
                roles_without_signature(launch, readiness)
            } else {
                Vec::new()
            },
            can_remind: is_owner
                && stage_allows(&launch.stage, ActGroup::Prepare)
                && !signature_reminders(launch, readiness, Some(access.user.id), access.now).is_empty(),
            why_not: match &waiting {
                Some(waiting) => renewals::explain_waiting_period(waiting, &access.user.zone()).into(),
                None => explain_missing_options(launch, readiness),
            },
        }
    }
}

/// The owner, the holders of roles, the participants and the assignees.
fn count_people(launch: &LaunchState) -> usize {
    let assignees = launch.items.iter().filter_map(|item| item.assignment.assignee.as_ref()).map(|person| person.id);
    let holders = launch.holders.values().flatten().copied();
    let people: BTreeSet<UserId> =
        launch.participants.iter().copied().chain(holders).chain(assignees).chain([launch.owner]).collect();
    people.len()
}

/// Warnings for the owner: a sentence for each session in which wrong passwords were given to sign.
pub(super) fn wrong_password_warnings(launch: &LaunchState, wrong: &[WrongPasswordCount]) -> Vec<String> {
    let sentence = |wrong: &WrongPasswordCount| {
        texts::wrong_passwords_were_given(wrong.number, launch.person_label(wrong.user)).into_owned()
    };
    wrong.iter().map(sentence).collect()
}

/// The required roles without a GO that counts.
fn roles_without_signature(launch: &LaunchState, readiness: &Readiness) -> Vec<String> {
    let lacks = readiness.reasons.iter().filter_map(|reason| match reason {
        Reason::Signatures { role, .. } => Some(texts::isolate_direction(&launch.role_title(role)).into_owned()),
        _ => None,
    });
    lacks.collect()
}

fn close_form_view(launch: &LaunchState, now: Moment, entered: GoNoGoInput) -> CloseLaunchFormView {
    let conditions = launch.stage.launched().map_or(&[][..], |launched| &launched.readiness.conditions);
    let open = launch.after_items().filter_map(|(item, definition)| find_item_reason(launch, item, definition, now));
    CloseLaunchFormView {
        entered,
        conditions: conditions.iter().map(|condition| formatting::describe_condition(launch, condition)).collect(),
        open: open.map(|reason| formatting::describe_reason(launch, &reason)).collect(),
    }
}

fn explain_missing_options(launch: &LaunchState, readiness: &Readiness) -> Cow<'static, str> {
    match &launch.stage {
        Stage::Preparing if readiness.verdict == Verdict::NoGo => texts::go_is_still_blocked(readiness.reasons.len()),
        Stage::Preparing => Cow::Borrowed(""),
        Stage::Held { .. } => texts::go_after_resuming(),
        Stage::Go(_) => texts::items_are_locked_while_go_stands(),
        Stage::Launched(_) => texts::launch_has_happened(),
        Stage::Closed { .. } => texts::closed_launch_is_read_only(),
        Stage::Cancelled { .. } => texts::cancelled_launch_is_read_only(),
    }
}
