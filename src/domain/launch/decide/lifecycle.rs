//! The stages of a launch: declaring GO, holding, launching, closing.

use std::collections::{BTreeMap, BTreeSet};

use super::{CommandResult, DecisionDraft, conflict_refusal, invalid_field};
use crate::domain::{
    launch::{
        access::Act,
        command::{Conflict, LaunchMoment, Refusal},
        event::{Change, ReadinessSnapshot, Seq, Settlement},
        state::{LaunchState, Stage},
        texts::{Commitment, NewText, TextField},
    },
    readiness::{ConditionId, Readiness, Verdict, compute_readiness, find_item_reason},
};

impl From<Readiness> for ReadinessSnapshot {
    fn from(found: Readiness) -> Self {
        Self { verdict: found.verdict, reasons: found.reasons, conditions: found.conditions }
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
        return Err(invalid_field("seq", "This is not an event of this launch."));
    }
    let proof = draft.require_proof()?;
    match draft.state.stage {
        Stage::Preparing => {}
        Stage::Go(_) => return Err(Refusal::Conflict(Conflict::Stage("GO is declared already."))),
        Stage::Held { .. } => {
            return Err(Refusal::Conflict(Conflict::Stage("The launch is on hold. Resume it before declaring GO.")));
        }
        Stage::Launched(_) | Stage::Closed { .. } | Stage::Cancelled { .. } => {
            return Err(Refusal::Conflict(Conflict::Stage("This launch is past its decision.")));
        }
    }
    let found = compute_readiness(draft.state, draft.context.now);
    if found.verdict == Verdict::NoGo {
        return Err(Refusal::Conflict(Conflict::NotReady(found.reasons)));
    }
    let acknowledged: BTreeSet<_> = acknowledged.into_iter().collect();
    if acknowledged != found.conditions.iter().map(|condition| condition.id.clone()).collect() {
        return Err(Refusal::Conflict(Conflict::Conditions(found.conditions)));
    }
    let acknowledged = acknowledged.into_iter().collect();
    draft.push_event(Change::GoDeclared { found: found.into(), acknowledged, saw, proved_at: proof.at })
}

pub(super) fn hold_launch(draft: &mut DecisionDraft<'_>, reason: NewText) -> CommandResult {
    draft.check_access(&Act::Decide)?;
    match draft.state.stage {
        Stage::Preparing | Stage::Go(_) => {}
        Stage::Held { .. } | Stage::Launched(_) | Stage::Closed { .. } | Stage::Cancelled { .. } => {
            return Err(Refusal::Conflict(Conflict::Stage(
                "Only a launch in preparation or with GO declared is held.",
            )));
        }
    }
    let reason = draft.commit_reason(reason);
    draft.push_event(Change::Held { reason })
}

pub(super) fn resume_launch(draft: &mut DecisionDraft<'_>, reason: Option<NewText>) -> CommandResult {
    draft.check_access(&Act::Decide)?;
    if !matches!(draft.state.stage, Stage::Held { .. }) {
        return Err(Refusal::Conflict(Conflict::Stage("Only a launch on hold is resumed.")));
    }
    let reason = reason.map(|reason| draft.commit_reason(reason));
    draft.push_event(Change::Resumed { reason })
}

pub(super) fn reopen_launch(draft: &mut DecisionDraft<'_>, reason: NewText) -> CommandResult {
    draft.check_access(&Act::Decide)?;
    if !matches!(draft.state.stage, Stage::Go(_)) {
        return Err(Refusal::Conflict(Conflict::Stage("Only a launch with GO declared is reopened.")));
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
        return Err(invalid_field("at", "This is still to come; record the launch once it has happened."));
    }
    let Stage::Go(decision) = &draft.state.stage else {
        return Err(Refusal::Conflict(Conflict::Stage("A launch is recorded once GO is declared.")));
    };
    let at = given.map_or(now, |given| given.resolve(decision.at));
    if at < decision.at {
        return Err(invalid_field("at", "This is before GO was declared."));
    }
    let judged = if given.is_some() { past.unwrap_or(draft.state) } else { draft.state };
    let found = compute_readiness(judged, at);
    let acknowledged: BTreeSet<_> = decision.readiness.conditions.iter().map(|condition| &condition.id).collect();
    if found.verdict == Verdict::NoGo {
        return Err(Refusal::Conflict(Conflict::NotReady(found.reasons)));
    }
    if found.conditions.iter().any(|condition| !acknowledged.contains(&condition.id)) {
        return Err(Refusal::Conflict(Conflict::Conditions(found.conditions)));
    }
    draft.push_event(Change::Launched { launched_at: at, found: found.into() })
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
        return Err(Refusal::Conflict(Conflict::Stage("Only a launch that has happened is closed.")));
    };
    let mut settled = Vec::new();
    for condition in &launched.readiness.conditions {
        let Some(note) = settlements.remove(&condition.id) else {
            return Err(invalid_field("note", "Every condition needs a note that says how it was settled."));
        };
        let note = draft.commit_text(TextField::Settlement, condition.item.uuid(), note);
        settled.push(Settlement { condition: condition.id.clone(), note });
    }
    if !settlements.is_empty() {
        return Err(invalid_field("condition", "This is not a condition that the launch rested on."));
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
        Stage::Launched(_) => return Err(conflict_refusal("The launch has happened; it is closed, not cancelled.")),
        Stage::Closed { .. } | Stage::Cancelled { .. } => return Err(conflict_refusal("This launch is over already.")),
    }
    let reason = draft.commit_reason(reason);
    draft.push_event(Change::Cancelled { reason })
}
