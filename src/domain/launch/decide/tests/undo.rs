//! Undoing: what one changed on an item goes back to what it was, unless somebody has changed it since.

use crate::domain::{
    digest::digest,
    launch::{
        access::Work,
        command::{Command, Conflict, Refusal},
        event::{
            Event,
            ItemState::{Blocked, Done, NotApplicable},
        },
        fixture::*,
    },
};

fn undo(event: &Event) -> Command {
    Command::Undo { event: Box::new(event.clone()) }
}

fn last(world: &World) -> Event {
    world.events.last().unwrap().clone()
}

#[test]
fn a_marking_goes_back_with_its_reason_and_all_that_hangs_on_it() {
    let mut world = World::new();
    let item = world.item("required-tech");
    world.does(BEN, world.mark("required-tech", Blocked));
    let (before, signed) = (world.state.item(item).unwrap().standing, digest(&world.state, &role(TECH_LEAD)));
    world.does(ANA, world.mark("required-tech", Done));
    let done = last(&world);
    assert_ne!(digest(&world.state, &role(TECH_LEAD)), signed);
    world.does(ANA, undo(&done));
    let after = world.state.item(item).unwrap();
    // The reason has the commitment it had, so what was signed stands as it stood.
    assert_eq!((after.standing, after.version), (before, 4));
    assert_eq!(digest(&world.state, &role(TECH_LEAD)), signed);
    // The same again is as asked already; undoing the undoing does it again.
    assert_eq!(world.answer(ANA, undo(&done)), Answer::Nothing);
    world.does(ANA, undo(&last(&world)));
    assert_eq!(world.state.item(item).unwrap().standing.state, Done);
}

#[test]
fn an_assignment_goes_back_to_who_and_when_it_was() {
    let mut world = World::new();
    let item = world.item("required-tech");
    world.does(ANA, Command::Assign { item, assignee: Some(BEN), due: Some(day("2026-11-20")) });
    let before = world.state.item(item).unwrap().assignment.clone();
    world.does(ANA, Command::AssignTo { item, assignee: Some(ANA) });
    let assigned = world.state.item(item).unwrap().assignment.clone();
    assert_eq!((assigned.assignee.unwrap().id, assigned.due), (ANA, before.due));
    let to_ana = last(&world);
    world.does(ANA, Command::SetDue { item, due: None });
    let unset = world.state.item(item).unwrap().assignment.clone();
    assert_eq!((unset.assignee.unwrap().id, unset.due), (ANA, None));
    world.does(ANA, undo(&last(&world)));
    // Who was named and has left since can be put back: the change is to what was, not to them.
    world.people.get_mut(&BEN).unwrap().actor.active = false;
    world.does(ANA, undo(&to_ana));
    assert_eq!(world.state.item(item).unwrap().assignment, before);
    assert_eq!(world.answer(ANA, undo(&to_ana)), Answer::Nothing);
}

#[test]
fn what_somebody_changed_since_is_not_touched() {
    let mut world = World::new();
    let item = world.item("required-tech");
    let stale = Refusal::Conflict(Conflict::StaleItem(item));
    world.does(ANA, world.mark("required-tech", Done));
    let done = last(&world);
    world.does(BEN, world.mark("required-tech", NotApplicable));
    assert_eq!(world.run(ANA, undo(&done)), Err(stale.clone()));
    // Done again, but by Ben: it is his now.
    world.does(BEN, world.mark("required-tech", Done));
    assert_eq!(world.run(ANA, undo(&done)), Err(stale.clone()));

    world.does(ANA, Command::AssignTo { item, assignee: Some(ANA) });
    let assigned = last(&world);
    world.does(BEN, Command::SetDue { item, due: Some(day("2026-11-20")) });
    assert_eq!(world.run(ANA, undo(&assigned)), Err(stale));
}

#[test]
fn one_undoes_ones_own_changes_to_items_alone_and_while_the_stage_lets_them_change() {
    let mut world = World::new();
    world.does(ANA, world.mark("required-tech", Done));
    let done = last(&world);
    for (who, expected) in [(BEN, Answer::Forbidden), (OWNER, Answer::Forbidden), (AUDITOR, Answer::Forbidden)] {
        assert_eq!(world.answer(who, undo(&done)), expected);
    }
    let made = world.events[0].clone();
    assert_eq!(world.answer(OWNER, undo(&made)), Answer::Conflict);
    let elsewhere = Event { launch: uuid::Uuid::from_u128(7).into(), ..done.clone() };
    assert_eq!(world.answer(ANA, undo(&elsewhere)), Answer::Forbidden);
    world.does(OWNER, Command::Cancel { reason: world.text("no longer wanted") });
    assert!(!crate::domain::launch::access::stage_allows(&world.state.stage, Work::Prepare));
    assert_eq!(world.answer(ANA, undo(&done)), Answer::Conflict);
    assert_eq!(world.state.item(world.item("required-tech")).unwrap().standing.state, Done);
}
