//! The last author and time of each part of a launch's state that does not record them itself: its details, its policy,
//! its people, the assignments of its items. The difference between two moments shows them.

use super::{
    changed_thing::ChangedThing,
    event::{Change, Event, Seq},
    state::LaunchState,
};
use crate::domain::{ids::UserId, time::Moment};

/// The parts that an event changes in a state before it is applied.
pub(super) fn changed_things(state: &LaunchState, change: &Change) -> Vec<ChangedThing> {
    let those_that_differ = |things: Vec<(bool, ChangedThing)>| {
        things.into_iter().filter(|(differs, _)| *differs).map(|(_, thing)| thing).collect()
    };
    match change {
        Change::DetailsChanged { new, .. } => those_that_differ(vec![
            (new.name != state.details.name, ChangedThing::Name),
            (new.summary != state.details.summary, ChangedThing::Summary),
            (new.target != state.details.target, ChangedThing::Target),
        ]),
        Change::PolicyChanged { new, .. } => those_that_differ(vec![
            (new.slip_days != state.policy.slip_days, ChangedThing::SlipDays),
            (new.separation_of_duties != state.policy.separation_of_duties, ChangedThing::SeparationOfDuties),
        ]),
        Change::ItemAssigned { item, old, new } => those_that_differ(vec![
            (old.assignee != new.assignee, ChangedThing::Assignee(*item)),
            (old.due != new.due, ChangedThing::DueDay(*item)),
        ]),
        Change::RestrictionChanged { .. } => vec![ChangedThing::Restriction],
        Change::TagsChanged { .. } => vec![ChangedThing::Tags],
        Change::NotesChanged { .. } => vec![ChangedThing::Notes],
        Change::OwnerChanged { .. } => vec![ChangedThing::Owner],
        Change::HolderAdded { role, person } | Change::HolderRemoved { role, person } => {
            vec![ChangedThing::Holder(role.clone(), person.id)]
        }
        Change::ParticipantAdded { person } | Change::ParticipantRemoved { person } => {
            vec![ChangedThing::Participant(person.id)]
        }
        Change::SignaturesAsked { roles } => roles.iter().cloned().map(ChangedThing::SignatureRequest).collect(),
        Change::Signed(record) => vec![ChangedThing::SignatureRequest(record.role.clone())],
        Change::GoDeclared { .. }
        | Change::Held { .. }
        | Change::Resumed { .. }
        | Change::Reopened { .. }
        | Change::Launched { .. }
        | Change::Closed { .. }
        | Change::Cancelled { .. } => vec![ChangedThing::Stage],
        _ => Vec::new(),
    }
}

impl LaunchState {
    /// Records the author of the changes of an event that is about to be applied.
    pub(super) fn note_changes(&mut self, event: &Event) {
        for thing in changed_things(self, &event.change) {
            self.last_changes.insert(thing, (event.actor.id, event.at, event.seq));
        }
    }

    /// The last author and time of a change. `None` if nothing changed since the launch was created.
    #[must_use]
    pub fn last_change(&self, thing: &ChangedThing) -> Option<(UserId, Moment)> {
        self.last_changes.get(thing).map(|(by, at, _)| (*by, *at))
    }

    /// The number of the newest event that changed one of these things; 1 while they are as the launch was made.
    #[must_use]
    pub fn newest_change(&self, things: &[ChangedThing]) -> Seq {
        things.iter().filter_map(|thing| self.last_changes.get(thing)).map(|(_, _, seq)| *seq).max().unwrap_or(1)
    }

    /// Who changed a thing after event `seq`; nothing where nobody did.
    #[must_use]
    pub fn changed_since(&self, thing: &ChangedThing, seq: Seq) -> Option<UserId> {
        self.last_changes.get(thing).filter(|(_, _, changed)| *changed > seq).map(|(by, _, _)| *by)
    }
}
