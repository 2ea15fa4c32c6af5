//! The stages of a launch: declaring GO, holding, launching, closing.

use std::collections::{BTreeMap, BTreeSet};

use super::{CommandResult, DecisionDraft, conflict_refusal, invalid_field};
use crate::{
    domain::{
        launch::{
            access::Act,
            command::{Conflict, LaunchMoment, Refusal},
            event::{Change, ReadinessSnapshot, Seq, Settlement},
            state::{LaunchState, Stage},
            texts::{Commitment, NewText, TextField},
        },
        readiness::{ConditionId, Readiness, Verdict, compute_readiness, find_item_reason},
    },
    texts,
};

impl From<Readiness> for ReadinessSnapshot {
    fn from(readiness: Readiness) -> Self {
        Self { verdict: readiness.verdict, reasons: readiness.reasons, conditions: readiness.conditions }
    }
}

impl DecisionDraft<'_> {
    fn commit_reason(&mut self, reason: NewText) -> Commitment {
        self.commit_text(TextField::Reason, self.state.id.uuid(), reason)
    }
}

/// Declares GO. Refused if there are reasons against it, or if the acknowledged conditions are not exactly the current
/// ones.
pub(super) fn declare_go(
    draft: &mut DecisionDraft<'_>,
    acknowledged: Vec<ConditionId>,
    saw: Option<Seq>,
) -> CommandResult {
    draft.check_access(&Act::Decide)?;
    if saw.is_some_and(|saw| saw < 1 || saw > draft.state.seq) {
        return Err(invalid_field("seq", texts::not_an_event_of_this_launch()));
    }
    let proof = draft.require_proof()?;
    match draft.state.stage {
        Stage::Preparing => {}
        Stage::Go(_) => return Err(Refusal::Conflict(Conflict::Stage(texts::go_is_declared_already()))),
        Stage::Held { .. } => {
            return Err(Refusal::Conflict(Conflict::Stage(texts::resume_before_declaring_go())));
        }
        Stage::Launched(_) | Stage::Closed { .. } | Stage::Cancelled { .. } => {
            return Err(Refusal::Conflict(Conflict::Stage(texts::launch_is_past_its_decision())));
        }
    }
    let readiness = compute_readiness(draft.state, draft.context.now);
    if readiness.verdict == Verdict::NoGo {
        return Err(Refusal::Conflict(Conflict::NotReady(readiness.reasons)));
    }
    let acknowledged: BTreeSet<_> = acknowledged.into_iter().collect();
    if acknowledged != readiness.conditions.iter().map(|condition| condition.id.clone()).collect() {
        return Err(Refusal::Conflict(Conflict::Conditions(readiness.conditions)));
    }
    let acknowledged = acknowledged.into_iter().collect();
    draft.push_event(Change::GoDeclared { found: readiness.into(), acknowledged, saw, proved_at: proof.at })
}

pub(super) fn hold_launch(draft: &mut DecisionDraft<'_>, reason: NewText) -> CommandResult {
    draft.check_access(&Act::Decide)?;
    match draft.state.stage {
        Stage::Preparing | Stage::Go(_) => {}
        Stage::Held { .. } | Stage::Launched(_) | Stage::Closed { .. } | Stage::Cancelled { .. } => {
            return Err(Refusal::Conflict(Conflict::Stage(texts::only_preparing_or_go_is_held())));
        }
    }
    let reason = draft.commit_reason(reason);
    draft.push_event(Change::Held { reason })
}

pub(super) fn resume_launch(draft: &mut DecisionDraft<'_>, reason: Option<NewText>) -> CommandResult {
    draft.check_access(&Act::Decide)?;
    if !matches!(draft.state.stage, Stage::Held { .. }) {
        return Err(Refusal::Conflict(Conflict::Stage(texts::only_held_is_resumed())));
    }
    let reason = reason.map(|reason| draft.commit_reason(reason));
    draft.push_event(Change::Resumed { reason })
}

pub(super) fn reopen_launch(draft: &mut DecisionDraft<'_>, reason: NewText) -> CommandResult {
    draft.check_access(&Act::Decide)?;
    if !matches!(draft.state.stage, Stage::Go(_)) {
        return Err(Refusal::Conflict(Conflict::Stage(texts::only_go_is_reopened())));
    }
    let reason = draft.commit_reason(reason);
    draft.push_event(Change::Reopened { reason })
}

/// Records the launch. Readiness is computed for the moment of launch: `past` is the state after the last event that is
/// not later than this moment. Without a given moment, the current state is used.
pub(super) fn record_launch(
    draft: &mut DecisionDraft<'_>,
    given: Option<LaunchMoment>,
    past: Option<&LaunchState>,
) -> CommandResult {
    draft.check_access(&Act::ManageLifecycle)?;
    let now = draft.context.now;
    if given.is_some_and(|given| given.at > now) {
        return Err(invalid_field("at", texts::launch_is_still_to_come()));
    }
    let Stage::Go(decision) = &draft.state.stage else {
        return Err(Refusal::Conflict(Conflict::Stage(texts::only_go_is_recorded())));
    };
    let at = given.map_or(now, |given| given.resolve(decision.at));
    if at < decision.at {
        return Err(invalid_field("at", texts::launch_is_before_go()));
    }
    let judged = if given.is_some() { past.unwrap_or(draft.state) } else { draft.state };
    let readiness = compute_readiness(judged, at);
    let acknowledged: BTreeSet<_> = decision.readiness.conditions.iter().map(|condition| &condition.id).collect();
    if readiness.verdict == Verdict::NoGo {
        return Err(Refusal::Conflict(Conflict::NotReady(readiness.reasons)));
    }
    if readiness.conditions.iter().any(|condition| !acknowledged.contains(&condition.id)) {
        return Err(Refusal::Conflict(Conflict::Conditions(readiness.conditions)));
    }
    draft.push_event(Change::Launched { launched_at: at, found: readiness.into() })
}

/// Closes the launch. Every after-item must satisfy the rules for items, evidence and justification, and every
/// condition on which the launch was based needs a note on how it was settled.
pub(super) fn close_launch(
    draft: &mut DecisionDraft<'_>,
    mut settlements: BTreeMap<ConditionId, NewText>,
) -> CommandResult {
    draft.check_access(&Act::ManageLifecycle)?;
    let state = draft.state;
    let Stage::Launched(launched) = &state.stage else {
        return Err(Refusal::Conflict(Conflict::Stage(texts::only_launched_is_closed())));
    };
    let mut settled = Vec::new();
    for condition in &launched.readiness.conditions {
        let Some(note) = settlements.remove(&condition.id) else {
            return Err(invalid_field("note", texts::every_condition_needs_a_note()));
        };
        let note = draft.commit_text(TextField::Settlement, condition.item.uuid(), note);
        settled.push(Settlement { condition: condition.id.clone(), note });
    }
    if !settlements.is_empty() {
        return Err(invalid_field("condition", texts::not_a_condition_of_launch()));
    }
    let open: Vec<_> = state
        .after_items()
        .filter_map(|(item, definition)| find_item_reason(state, item, definition, draft.context.now))
        .collect();
    if !open.is_empty() {
        return Err(Refusal::Conflict(Conflict::NotReady(open)));
    }
    draft.push_event(Change::Closed { settlements: settled })
}

pub(super) fn cancel_launch(draft: &mut DecisionDraft<'_>, reason: NewText) -> CommandResult {
    draft.check_access(&Act::ManageLifecycle)?;
    match draft.state.stage {
        Stage::Preparing | Stage::Held { .. } | Stage::Go(_) => {}
        Stage::Launched(_) => return Err(conflict_refusal(texts::launched_is_closed_not_cancelled())),
        Stage::Closed { .. } | Stage::Cancelled { .. } => {
            return Err(conflict_refusal(texts::launch_is_over_already()));
        }
    }
    let reason = draft.commit_reason(reason);
    draft.push_event(Change::Cancelled { reason })
}
