//! Describes events of a launch as a whole.

use super::{DescriptionLink, EventDescription, text};
use crate::{
    domain::{
        launch::{
            event::{LaunchDetails, Policy, ReadinessSnapshot},
            state::LaunchState,
        },
        readiness::{Condition, ConditionId},
        time::LocalTime,
    },
    presentation::formatting,
};

fn format_local_time(time: &LocalTime) -> String {
    format!("{} {}", time.local.strftime("%-d %b %Y, %H:%M"), time.zone)
}

pub(super) fn describe_creation(state: &LaunchState, details: &LaunchDetails, policy: &Policy) -> EventDescription {
    let version = &state.version;
    let words = EventDescription {
        thing: Some(DescriptionLink {
            text: format!("{} v{}", version.checklist.name, version.number),
            href: format!("/checklists/{}/versions/{}", version.checklist_id, version.number),
        }),
        ..EventDescription::verb("made the launch from")
    };
    let words = words
        .with_value_change("Name", None, text(state, Some(&details.name)))
        .with_value_change("Summary", None, text(state, details.summary.as_ref()))
        .with_value_change("Target", None, Some(format_local_time(&details.target)));
    with_policy_values(words, None, policy)
}

pub(super) fn describe_details_change(
    state: &LaunchState,
    old: &LaunchDetails,
    new: &LaunchDetails,
) -> EventDescription {
    let what = |changed, what| if changed { Some(what) } else { None };
    let changed: Vec<&str> = [
        what(old.name != new.name, "name"),
        what(old.summary != new.summary, "summary"),
        what(old.target != new.target, "target"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let verb = match changed.as_slice() {
        [] => "saved name, summary and target".to_owned(),
        [one] => format!("changed the {one}"),
        [first @ .., last] => format!("changed {} and {last}", first.join(", ")),
    };
    // Compared by commitment, not by text: two different texts that were redacted read the same.
    let mut words = EventDescription::verb(verb);
    if old.name != new.name {
        words = words.optional_text("Name", text(state, Some(&old.name)), text(state, Some(&new.name)));
    }
    if old.summary != new.summary {
        words = words.optional_text("Summary", text(state, old.summary.as_ref()), text(state, new.summary.as_ref()));
    }
    words.with_value_change("Target", Some(format_local_time(&old.target)), Some(format_local_time(&new.target)))
}

pub(super) fn with_policy_values(words: EventDescription, old: Option<&Policy>, new: &Policy) -> EventDescription {
    let yes = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    words
        .with_value_change(
            "Days the target may pass",
            old.map(|policy| policy.slip_days.to_string()),
            Some(new.slip_days.to_string()),
        )
        .with_value_change(
            "One role a person",
            old.map(|policy| yes(policy.separation_of_duties)),
            Some(yes(new.separation_of_duties)),
        )
}

/// Adds the readiness that was found at that moment.
pub(super) fn with_readiness(words: EventDescription, found: &ReadinessSnapshot) -> EventDescription {
    let mut verdict = found.verdict.label().to_owned();
    if !found.reasons.is_empty() {
        verdict = format!("{verdict}, {} in the way", formatting::count_with_noun(found.reasons.len(), "thing"));
    }
    if !found.conditions.is_empty() {
        verdict = format!("{verdict}, {}", formatting::count_with_noun(found.conditions.len(), "condition"));
    }
    words.with_value_change("Verdict at that moment", None, Some(verdict))
}

pub(super) fn condition_text(state: &LaunchState, found: &[Condition], id: &ConditionId) -> String {
    let found = found.iter().find(|condition| condition.id == *id);
    found.map_or_else(|| id.to_string(), |condition| formatting::describe_condition(state, condition).text)
}
