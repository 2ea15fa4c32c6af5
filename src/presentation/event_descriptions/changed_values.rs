//! The old and new values of a launch's events.

use super::{ValueChange, body, text};
use crate::{
    domain::{
        ids::SignatureId,
        launch::{
            event::{
                Assignment, Change, LaunchDetails, PersonRef, Policy, ReadinessSnapshot, SignatureMeaning,
                SignatureRecord, StateWithReason,
            },
            state::LaunchState,
        },
        readiness::{Condition, ConditionId},
    },
    presentation::{formatting, renewals},
    record::texts::LoadedTexts,
    texts,
    web::time::format_local_time,
};

pub(super) fn list_changes(state: &LaunchState, change: &Change, bodies: Option<&LoadedTexts>) -> Vec<ValueChange> {
    let name = |person: &PersonRef| Some(person.name.to_string());
    match change {
        Change::LaunchCreated { details, policy, owner, restricted, .. } => {
            let owner = ValueChange::of_value(texts::owner_of_launch(), None, name(owner));
            let restricted = restricted.then(|| texts::rule_is_on().into_owned());
            let restricted = ValueChange::of_value(texts::restricted_launch(), None, restricted);
            let made = list_details(state, None, details).into_iter().chain(list_rules(None, policy));
            made.chain(owner).chain(restricted).collect()
        }
        Change::DetailsChanged { old, new } => list_details(state, Some(old), new),
        Change::PolicyChanged { old, new } => list_rules(Some(old), new),
        Change::TagsChanged { old, new } => {
            let (old, new) = (formatting::join_tags(old), formatting::join_tags(new));
            ValueChange::of_value(texts::tags_of_launch(), old, new).into_iter().collect()
        }
        Change::NotesChanged { old, new } => {
            let (old, new) = (text(state, old.as_ref()), text(state, new.as_ref()));
            ValueChange::of_text("".into(), old, new).into_iter().collect()
        }
        Change::OwnerChanged { old, new, .. } => {
            ValueChange::of_value(texts::owner_of_launch(), name(old), name(new)).into_iter().collect()
        }
        Change::ItemMarked { old, new, .. } => list_marking(state, old, new),
        Change::ItemAssigned { old, new, .. } => list_assignment(old, new),
        Change::EvidenceAttached { observed_on, valid_until, source, .. } => {
            let source =
                source.and_then(|source| state.evidence.get(&source)).and_then(|evidence| state.item(evidence.item));
            let source = source.map(|item| state.definition(item).title.to_string());
            let observed = Some(formatting::format_day(*observed_on));
            let values = [
                ValueChange::of_value(texts::value_reused_from(), None, source),
                ValueChange::of_value(texts::value_observed_on(), None, observed),
                ValueChange::of_value(texts::value_valid_until(), None, valid_until.map(formatting::format_day)),
            ];
            values.into_iter().flatten().collect()
        }
        Change::CommentEdited { old, new, .. } => {
            ValueChange::of_text("".into(), body(bodies, old), body(bodies, new)).into_iter().collect()
        }
        Change::WaiverAsked { control, .. } => {
            let control = text(state, Some(control));
            ValueChange::of_value(texts::value_compensating_control(), None, control).into_iter().collect()
        }
        Change::Signed(record) => list_signature(state, record),
        Change::GoDeclared { found, acknowledged, .. } => {
            let acknowledged = acknowledged.iter().filter_map(|id| {
                let condition = Some(condition_text(state, &found.conditions, id));
                ValueChange::of_value(texts::value_condition_acknowledged(), None, condition)
            });
            verdict_then(found).into_iter().chain(acknowledged).collect()
        }
        Change::Launched { found, .. } => verdict_then(found).into_iter().collect(),
        Change::Closed { settlements } => {
            let conditions = state.stage.launched().map_or(&[][..], |launched| &launched.readiness.conditions);
            let settled = settlements.iter().filter_map(|settled| {
                let label = texts::value_condition_settled(condition_text(state, conditions, &settled.condition));
                ValueChange::of_value(label, None, text(state, Some(&settled.note)))
            });
            settled.collect()
        }
        _ => Vec::new(),
    }
}

/// Name, summary and target; those that changed, if they were different before. Compared by commitment, not by text: two
/// different texts that were redacted read the same.
fn list_details(state: &LaunchState, old: Option<&LaunchDetails>, new: &LaunchDetails) -> Vec<ValueChange> {
    let name = (old.map(|old| old.name) != Some(new.name)).then(|| {
        let old = text(state, old.map(|old| &old.name));
        ValueChange::of_text(texts::launch_name(), old, text(state, Some(&new.name)))
    });
    let summary = (old.and_then(|old| old.summary) != new.summary).then(|| {
        let old = text(state, old.and_then(|old| old.summary.as_ref()));
        ValueChange::of_text(texts::summary_of_launch(), old, text(state, new.summary.as_ref()))
    });
    let target = ValueChange::of_value(
        texts::launch_target(),
        old.map(|old| format_local_time(&old.target)),
        Some(format_local_time(&new.target)),
    );
    [name.flatten(), summary.flatten(), target].into_iter().flatten().collect()
}

fn list_rules(old: Option<&Policy>, new: &Policy) -> Vec<ValueChange> {
    let days = |policy: &Policy| policy.slip_days.to_string();
    let one_role = |policy: &Policy| formatting::yes_or_no(policy.separation_of_duties).into_owned();
    let values = [
        ValueChange::of_value(texts::grace_period_in_days(), old.map(days), Some(days(new))),
        ValueChange::of_value(texts::one_person_signs_in_one_role(), old.map(one_role), Some(one_role(new))),
    ];
    values.into_iter().flatten().collect()
}

fn list_marking(state: &LaunchState, old: &StateWithReason, new: &StateWithReason) -> Vec<ValueChange> {
    let before = text(state, old.reason.as_ref());
    if old.state == new.state {
        return ValueChange::of_text("".into(), before, text(state, new.reason.as_ref())).into_iter().collect();
    }
    let label = |of: &StateWithReason| Some(of.state.label().into_owned());
    let values = [
        ValueChange::of_value("".into(), label(old), label(new))
            .map(|change| ValueChange { states: Some((old.state, new.state)), ..change }),
        ValueChange::of_text(texts::value_reason_before(), before, None),
    ];
    values.into_iter().flatten().collect()
}

fn list_assignment(old: &Assignment, new: &Assignment) -> Vec<ValueChange> {
    let name = |of: &Assignment| of.assignee.as_ref().map(|person| person.name.to_string());
    let id = |of: &Assignment| of.assignee.as_ref().map(|person| person.id);
    let (old_due, new_due) = (old.due.map(formatting::format_day), new.due.map(formatting::format_day));
    let values = if id(old) == id(new) {
        [ValueChange::of_value("".into(), old_due, new_due), None]
    } else {
        let label = if new.assignee.is_some() { texts::value_assignee_before() } else { "".into() };
        [ValueChange::of_text(label, name(old), None), ValueChange::of_value(texts::value_due(), old_due, new_due)]
    };
    values.into_iter().flatten().collect()
}

fn list_signature(state: &LaunchState, record: &SignatureRecord) -> Vec<ValueChange> {
    let meaning = match record.meaning {
        SignatureMeaning::Approval => texts::meaning_approval(),
        SignatureMeaning::Review => texts::meaning_review(),
        SignatureMeaning::Responsibility => texts::meaning_responsibility(),
    };
    let signer = |id: SignatureId| match state.signature(id) {
        Some(signature) => signature.record.signer.name.to_string(),
        None => texts::somebody().into_owned(),
    };
    let renewed = Some(renewals::describe_renewals(&record.renewed)).filter(|marks| !marks.is_empty());
    let values = [
        ValueChange::of_value(texts::value_meaning(), None, Some(meaning.into_owned())),
        ValueChange::of_value(texts::value_lifted_objection(), None, record.lifts.map(signer)),
        ValueChange::of_value(texts::value_note(), None, renewed),
    ];
    values.into_iter().flatten().collect()
}

/// The readiness that was found at that moment.
fn verdict_then(readiness: &ReadinessSnapshot) -> Option<ValueChange> {
    let counted =
        formatting::verdict_with_counts(readiness.verdict, readiness.reasons.len(), readiness.conditions.len());
    ValueChange::of_value(texts::value_verdict_then(), None, Some(counted.into_owned()))
}

fn condition_text(state: &LaunchState, conditions: &[Condition], id: &ConditionId) -> String {
    let condition = conditions.iter().find(|condition| condition.id == *id);
    condition.map_or_else(|| id.to_string(), |condition| formatting::describe_condition(state, condition).text)
}
