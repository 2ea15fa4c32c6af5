//! Declaring GO, and what it rests on.

use crate::domain::{
    launch::{
        command::{Command, Conflict, Refusal},
        event::{
            Change,
            ItemState::{Blocked, Open},
            Vote::{Go, NoGo},
        },
        fixture::*,
    },
    readiness::{ConditionId, Verdict},
};

/// Everything is done, but for one item that is waived and one advisory one that is open; everyone has signed.
fn conditional() -> World {
    let mut world = World::new().all_done();
    world.does(ANA, world.mark("required-any", Open));
    world.waive("required-any", "2026-12-31", TECH);
    world.does(ANA, world.mark("advisory-tech", Open));
    for (slug, holder) in commands::SIGNERS {
        world.does(holder, world.sign(slug, Go));
    }
    world
}

fn conditions(world: &World) -> Vec<ConditionId> {
    world.readiness().conditions.into_iter().map(|condition| condition.id).collect()
}

#[test]
fn go_is_declared_when_nothing_stands_in_the_way() {
    let mut world = World::new().signed();
    let Change::GoDeclared { found, acknowledged, saw, proved_at } = world.does(OWNER, world.declare_go()).clone()
    else {
        panic!("declared")
    };
    assert_eq!((found.verdict, found.reasons, found.conditions), (Verdict::Go, vec![], vec![]));
    assert_eq!((acknowledged, saw), (vec![], Some(world.state.seq - 1)));
    assert_eq!(proved_at, world.state.last_at);
}

#[test]
fn go_is_refused_with_the_reasons() {
    let mut world = World::new().signed();
    world.does(TECH2, world.sign(TECH_LEAD, NoGo));
    let reasons = world.readiness().reasons;
    assert_eq!(reasons.len(), 1);
    assert_eq!(world.run(OWNER, world.declare_go()), Err(Refusal::Conflict(Conflict::NotReady(reasons))));
}

#[test]
fn a_conditional_go_wants_exactly_the_present_conditions_acknowledged() {
    let world = conditional();
    let all = conditions(&world);
    let [waiver, advisory] = all.clone().try_into().unwrap();
    let stale = ConditionId(advisory.0.replace(":open", ":blocked"));
    for (what, acknowledged, expected) in [
        ("all", all.clone(), Answer::Did("go_declared")),
        ("in another order", vec![advisory.clone(), waiver.clone()], Answer::Did("go_declared")),
        ("one twice", vec![waiver.clone(), advisory.clone(), waiver.clone()], Answer::Did("go_declared")),
        ("none", vec![], Answer::Conflict),
        ("one too few", vec![waiver.clone()], Answer::Conflict),
        ("one too many", [all, vec![ConditionId("advisory:x:open".to_owned())]].concat(), Answer::Conflict),
        ("one that was", vec![waiver, stale], Answer::Conflict),
    ] {
        assert_eq!(world.answer(OWNER, Command::DeclareGo { acknowledged, saw: None }), expected, "{what}");
    }
}

#[test]
fn what_changes_between_page_and_declaration_is_noticed() {
    let mut world = conditional();
    let shown = world.declare_go();
    world.does(BEN, world.mark("advisory-tech", Blocked));
    world.does(TECH, world.sign(TECH_LEAD, Go));
    let now = world.readiness();
    assert_eq!(now.verdict, Verdict::ConditionalGo);
    assert_eq!(world.run(OWNER, shown), Err(Refusal::Conflict(Conflict::Conditions(now.conditions))));
    let expired = world.declare_go();
    assert_eq!(world.at("2027-01-01T05:00:00Z").answer(OWNER, expired), Answer::Conflict);
}

#[test]
fn the_decision_carries_what_was_found() {
    let mut world = conditional();
    let found = world.readiness();
    let Change::GoDeclared { found: carried, acknowledged, .. } = world.does(OWNER, world.declare_go()).clone() else {
        panic!("declared")
    };
    assert_eq!((carried.verdict, &carried.conditions), (Verdict::ConditionalGo, &found.conditions));
    assert_eq!(acknowledged.len(), 2);
    let decision = world.state.stage.decision().unwrap();
    assert_eq!((&decision.found, decision.by, decision.at), (&carried, OWNER, world.state.last_at));
}

#[test]
fn the_page_one_saw_is_one_that_there_was() {
    let world = World::new().signed();
    for (saw, expected) in [
        (None, Answer::Did("go_declared")),
        (Some(1), Answer::Did("go_declared")),
        (Some(world.state.seq), Answer::Did("go_declared")),
        (Some(world.state.seq + 1), Answer::Field("seq")),
        (Some(0), Answer::Field("seq")),
        (Some(-1), Answer::Field("seq")),
    ] {
        assert_eq!(world.answer(OWNER, Command::DeclareGo { acknowledged: vec![], saw }), expected, "{saw:?}");
    }
}
