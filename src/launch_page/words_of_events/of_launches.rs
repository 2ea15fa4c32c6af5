//! What happened to a launch as a whole.

use super::{EventInWords, Link, text};
use crate::{
    domain::{
        launch::{
            event::{Details, Finding, Policy},
            state::LaunchState,
        },
        readiness::{Condition, ConditionId},
        time::LocalTime,
    },
    launch_page::words,
};

fn local_time(time: &LocalTime) -> String {
    format!("{} {}", time.local.strftime("%-d %b %Y, %H:%M"), time.zone)
}

pub(super) fn created(state: &LaunchState, details: &Details, policy: &Policy) -> EventInWords {
    let version = &state.version;
    let words = EventInWords {
        thing: Some(Link {
            text: format!("{} v{}", version.checklist.name, version.number),
            href: format!("/checklists/{}/versions/{}", version.of, version.number),
        }),
        ..EventInWords::verb("made the launch from")
    };
    let words = words
        .value("Name", None, text(state, Some(&details.name)))
        .value("Summary", None, text(state, details.summary.as_ref()))
        .value("Target", None, Some(local_time(&details.target)));
    policy_values(words, None, policy)
}

pub(super) fn details_changed(state: &LaunchState, old: &Details, new: &Details) -> EventInWords {
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
    // Told apart by commitment, not by text: of two redacted texts that differed, both read the same.
    let mut words = EventInWords::verb(verb);
    if old.name != new.name {
        words = words.text("Name", text(state, Some(&old.name)), text(state, Some(&new.name)));
    }
    if old.summary != new.summary {
        words = words.text("Summary", text(state, old.summary.as_ref()), text(state, new.summary.as_ref()));
    }
    words.value("Target", Some(local_time(&old.target)), Some(local_time(&new.target)))
}

pub(super) fn policy_values(words: EventInWords, old: Option<&Policy>, new: &Policy) -> EventInWords {
    let yes = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    words
        .value(
            "Days the target may pass",
            old.map(|policy| policy.slip_days.to_string()),
            Some(new.slip_days.to_string()),
        )
        .value(
            "One role a person",
            old.map(|policy| yes(policy.separation_of_duties)),
            Some(yes(new.separation_of_duties)),
        )
}

/// What readiness found at the moment, which is shown as the fact of that moment that it is.
pub(super) fn finding(words: EventInWords, found: &Finding) -> EventInWords {
    let mut verdict = found.verdict.word().to_owned();
    if !found.reasons.is_empty() {
        verdict = format!("{verdict}, {} in the way", words::count(found.reasons.len(), "thing"));
    }
    if !found.conditions.is_empty() {
        verdict = format!("{verdict}, {}", words::count(found.conditions.len(), "condition"));
    }
    words.value("Verdict at that moment", None, Some(verdict))
}

pub(super) fn condition(state: &LaunchState, found: &[Condition], id: &ConditionId) -> String {
    let found = found.iter().find(|condition| condition.id == *id);
    found.map_or_else(|| id.to_string(), |condition| words::condition(state, condition).text)
}
