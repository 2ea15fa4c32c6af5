//! Tests undo: one's own change of an item is reversed, unless somebody has changed the item since.

use crate::domain::{
    digest::digest,
    launch::{
        access::ActGroup,
        command::{Command, Conflict, Refusal},
        event::{
            Event,
            ItemState::{Blocked, Done, NotApplicable},
        },
        fixture::*,
    },
};

fn undo_command(event: &Event) -> Command {
    Command::UndoItemChange { event: Box::new(event.clone()) }
}

fn last_event(world: &World) -> Event {
    world.events.last().unwrap().clone()
}

#[test]
fn undo_of_a_mark_restores_state_reason_and_digest() {
    let mut world = World::new();
    let item = world.item("required-tech");
    world.run_ok(BEN, world.mark("required-tech", Blocked));
    let (before, signed) = (world.state.item(item).unwrap().status, digest(&world.state, &role(TECH_LEAD)));
    world.run_ok(ANA, world.mark("required-tech", Done));
    let done = last_event(&world);
    assert_ne!(digest(&world.state, &role(TECH_LEAD)), signed);
    world.run_ok(ANA, undo_command(&done));
    let after = world.state.item(item).unwrap();
    // The reason has its earlier commitment again, so signatures are current again.
    assert_eq!((after.status, after.version), (before, 4));
    assert_eq!(digest(&world.state, &role(TECH_LEAD)), signed);
    // Repeating the undo changes nothing; undoing the undo restores the change.
    assert_eq!(world.dry_run(ANA, undo_command(&done)), OutcomeSummary::NoChange);
    world.run_ok(ANA, undo_command(&last_event(&world)));
    assert_eq!(world.state.item(item).unwrap().status.state, Done);
}

#[test]
fn undo_of_an_assignment_restores_person_and_day() {
    let mut world = World::new();
    let item = world.item("required-tech");
    world.run_ok(ANA, Command::Assign { item, assignee: Some(BEN), due: Some(day("2026-11-20")) });
    let before = world.state.item(item).unwrap().assignment.clone();
    world.run_ok(ANA, Command::SetAssignee { item, assignee: Some(ANA) });
    let assigned = world.state.item(item).unwrap().assignment.clone();
    assert_eq!((assigned.assignee.unwrap().id, assigned.due), (ANA, before.due));
    let to_ana = last_event(&world);
    world.run_ok(ANA, Command::SetDue { item, due: None });
    let unset = world.state.item(item).unwrap().assignment.clone();
    assert_eq!((unset.assignee.unwrap().id, unset.due), (ANA, None));
    world.run_ok(ANA, undo_command(&last_event(&world)));
    // A person who has been deactivated since can be restored as assignee: the change restores an earlier state and
    // does not newly choose the person.
    world.people.get_mut(&BEN).unwrap().actor.active = false;
    world.run_ok(ANA, undo_command(&to_ana));
    assert_eq!(world.state.item(item).unwrap().assignment, before);
    assert_eq!(world.dry_run(ANA, undo_command(&to_ana)), OutcomeSummary::NoChange);
}

#[test]
fn undo_of_what_another_changed_since_is_a_conflict() {
    let mut world = World::new();
    let item = world.item("required-tech");
    let stale = Refusal::Conflict(Conflict::StaleItem(item));
    world.run_ok(ANA, world.mark("required-tech", Done));
    let done = last_event(&world);
    world.run_ok(BEN, world.mark("required-tech", NotApplicable));
    assert_eq!(world.run(ANA, undo_command(&done)), Err(stale.clone()));
    // The item is done again, but now Ben marked it.
    world.run_ok(BEN, world.mark("required-tech", Done));
    assert_eq!(world.run(ANA, undo_command(&done)), Err(stale.clone()));

    world.run_ok(ANA, Command::SetAssignee { item, assignee: Some(ANA) });
    let assigned = last_event(&world);
    world.run_ok(BEN, Command::SetDue { item, due: Some(day("2026-11-20")) });
    assert_eq!(world.run(ANA, undo_command(&assigned)), Err(stale));
}

#[test]
fn undo_of_anothers_change_or_in_a_closed_stage_is_refused() {
    let mut world = World::new();
    world.run_ok(ANA, world.mark("required-tech", Done));
    let done = last_event(&world);
    for (who, expected) in
        [(BEN, OutcomeSummary::Forbidden), (OWNER, OutcomeSummary::Forbidden), (AUDITOR, OutcomeSummary::Forbidden)]
    {
        assert_eq!(world.dry_run(who, undo_command(&done)), expected);
    }
    let made = world.events[0].clone();
    assert_eq!(world.dry_run(OWNER, undo_command(&made)), OutcomeSummary::Conflict);
    let elsewhere = Event { launch: uuid::Uuid::from_u128(7).into(), ..done.clone() };
    assert_eq!(world.dry_run(ANA, undo_command(&elsewhere)), OutcomeSummary::Forbidden);
    world.run_ok(OWNER, Command::Cancel { reason: world.text("no longer wanted") });
    assert!(!crate::domain::launch::access::stage_allows(&world.state.stage, ActGroup::Prepare));
    assert_eq!(world.dry_run(ANA, undo_command(&done)), OutcomeSummary::Conflict);
    assert_eq!(world.state.item(world.item("required-tech")).unwrap().status.state, Done);
}
