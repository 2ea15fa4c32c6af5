//! The life of a launch: declaring GO, holding, launching, closing.

use std::collections::{BTreeMap, BTreeSet};

use super::{Decision, Draft, conflict, invalid};
use crate::domain::{
    launch::{
        access::Act,
        command::{Conflict, LaunchMoment, Refusal},
        event::{Change, Finding, Seq, Settlement},
        state::{LaunchState, Stage},
        texts::{Commitment, Field, NewText},
    },
    readiness::{ConditionId, Readiness, Verdict, judge_item, readiness},
};

impl From<Readiness> for Finding {
    fn from(found: Readiness) -> Self {
        Self { verdict: found.verdict, reasons: found.reasons, conditions: found.conditions }
    }
}

impl Draft<'_> {
    fn reason(&mut self, reason: NewText) -> Commitment {
        self.text(Field::Reason, self.state.id.uuid(), reason)
    }
}

/// Declares GO: refused with the reasons unless it is GO, or conditional with exactly the present conditions
/// acknowledged.
pub(super) fn declare_go(draft: &mut Draft<'_>, acknowledged: Vec<ConditionId>, saw: Option<Seq>) -> Decision {
    draft.may(&Act::Decide)?;
    if saw.is_some_and(|saw| saw < 1 || saw > draft.state.seq) {
        return Err(invalid("seq", "This is not an event of this launch."));
    }
    let proof = draft.proven()?;
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
    let found = readiness(draft.state, draft.context.now);
    if found.verdict == Verdict::NoGo {
        return Err(Refusal::Conflict(Conflict::NotReady(found.reasons)));
    }
    let acknowledged: BTreeSet<_> = acknowledged.into_iter().collect();
    if acknowledged != found.conditions.iter().map(|condition| condition.id.clone()).collect() {
        return Err(Refusal::Conflict(Conflict::Conditions(found.conditions)));
    }
    let acknowledged = acknowledged.into_iter().collect();
    draft.push(Change::GoDeclared { found: found.into(), acknowledged, saw, proved_at: proof.at })
}

pub(super) fn hold(draft: &mut Draft<'_>, reason: NewText) -> Decision {
    draft.may(&Act::Decide)?;
    match draft.state.stage {
        Stage::Preparing | Stage::Go(_) => {}
        Stage::Held { .. } | Stage::Launched(_) | Stage::Closed { .. } | Stage::Cancelled { .. } => {
            return Err(Refusal::Conflict(Conflict::Stage(
                "Only a launch in preparation or with GO declared is held.",
            )));
        }
    }
    let reason = draft.reason(reason);
    draft.push(Change::Held { reason })
}

pub(super) fn resume(draft: &mut Draft<'_>, reason: Option<NewText>) -> Decision {
    draft.may(&Act::Decide)?;
    if !matches!(draft.state.stage, Stage::Held { .. }) {
        return Err(Refusal::Conflict(Conflict::Stage("Only a launch on hold is resumed.")));
    }
    let reason = reason.map(|reason| draft.reason(reason));
    draft.push(Change::Resumed { reason })
}

pub(super) fn reopen(draft: &mut Draft<'_>, reason: NewText) -> Decision {
    draft.may(&Act::Decide)?;
    if !matches!(draft.state.stage, Stage::Go(_)) {
        return Err(Refusal::Conflict(Conflict::Stage("Only a launch with GO declared is reopened.")));
    }
    let reason = draft.reason(reason);
    draft.push(Change::Reopened { reason })
}

/// Records the launch. It is judged as it stood at that moment: `past` is the state after the last event not later
/// than it, and the state now where no moment was given.
pub(super) fn launch(draft: &mut Draft<'_>, given: Option<LaunchMoment>, past: Option<&LaunchState>) -> Decision {
    draft.may(&Act::Live)?;
    let now = draft.context.now;
    if given.is_some_and(|given| given.at > now) {
        return Err(invalid("at", "This is still to come; record the launch once it has happened."));
    }
    let Stage::Go(decision) = &draft.state.stage else {
        return Err(Refusal::Conflict(Conflict::Stage("A launch is recorded once GO is declared.")));
    };
    let at = given.map_or(now, |given| given.meant(decision.at));
    if at < decision.at {
        return Err(invalid("at", "This is before GO was declared."));
    }
    let judged = if given.is_some() { past.unwrap_or(draft.state) } else { draft.state };
    let found = readiness(judged, at);
    let acknowledged: BTreeSet<_> = decision.found.conditions.iter().map(|condition| &condition.id).collect();
    if found.verdict == Verdict::NoGo {
        return Err(Refusal::Conflict(Conflict::NotReady(found.reasons)));
    }
    if found.conditions.iter().any(|condition| !acknowledged.contains(&condition.id)) {
        return Err(Refusal::Conflict(Conflict::Conditions(found.conditions)));
    }
    draft.push(Change::Launched { launched_at: at, found: found.into() })
}

/// Closes: every after-item is resolved by the rules for items, evidence and justification, and every condition
/// that the launch rested on is settled with a note.
pub(super) fn close(draft: &mut Draft<'_>, mut settlements: BTreeMap<ConditionId, NewText>) -> Decision {
    draft.may(&Act::Live)?;
    let state = draft.state;
    let Stage::Launched(launched) = &state.stage else {
        return Err(Refusal::Conflict(Conflict::Stage("Only a launch that has happened is closed.")));
    };
    let mut settled = Vec::new();
    for condition in &launched.found.conditions {
        let Some(note) = settlements.remove(&condition.id) else {
            return Err(invalid("note", "Every condition needs a note that says how it was settled."));
        };
        let note = draft.text(Field::Settlement, condition.item.uuid(), note);
        settled.push(Settlement { condition: condition.id.clone(), note });
    }
    if !settlements.is_empty() {
        return Err(invalid("condition", "This is not a condition that the launch rested on."));
    }
    let open: Vec<_> =
        state.after().filter_map(|(item, definition)| judge_item(state, item, definition, draft.context.now)).collect();
    if !open.is_empty() {
        return Err(Refusal::Conflict(Conflict::NotReady(open)));
    }
    draft.push(Change::Closed { settlements: settled })
}

pub(super) fn cancel(draft: &mut Draft<'_>, reason: NewText) -> Decision {
    draft.may(&Act::Live)?;
    match draft.state.stage {
        Stage::Preparing | Stage::Held { .. } | Stage::Go(_) => {}
        Stage::Launched(_) => return Err(conflict("The launch has happened; it is closed, not cancelled.")),
        Stage::Closed { .. } | Stage::Cancelled { .. } => return Err(conflict("This launch is over already.")),
    }
    let reason = draft.reason(reason);
    draft.push(Change::Cancelled { reason })
}
