//! Tests declaring GO and its conditions.

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

/// Everything is done, except for one waived item and one open advisory item. Everyone has signed.
fn conditionally_ready_world() -> World {
    let mut world = World::new().all_done();
    world.run_ok(ANA, world.mark("required-any", Open));
    world.waive("required-any", "2026-12-31", TECH);
    world.run_ok(ANA, world.mark("advisory-tech", Open));
    for (slug, holder) in commands::SIGNERS {
        world.run_ok(holder, world.sign(slug, Go));
    }
    world
}

fn condition_ids(world: &World) -> Vec<ConditionId> {
    world.readiness().conditions.into_iter().map(|condition| condition.id).collect()
}

#[test]
fn go_without_reasons_is_declared() {
    let mut world = World::new().signed();
    let Change::GoDeclared { found, acknowledged, saw, proved_at } = world.run_ok(OWNER, world.declare_go()).clone()
    else {
        panic!("declared")
    };
    assert_eq!((found.verdict, found.reasons, found.conditions), (Verdict::Go, vec![], vec![]));
    assert_eq!((acknowledged, saw), (vec![], Some(world.state.seq - 1)));
    assert_eq!(proved_at, world.state.last_at);
}

#[test]
fn go_with_a_reason_against_it_is_refused_with_the_reasons() {
    let mut world = World::new().signed();
    world.run_ok(TECH2, world.sign(TECH_LEAD, NoGo));
    let reasons = world.readiness().reasons;
    assert_eq!(reasons.len(), 1);
    assert_eq!(world.run(OWNER, world.declare_go()), Err(Refusal::Conflict(Conflict::NotReady(reasons))));
}

#[test]
fn go_conditional_without_exactly_the_current_conditions_is_a_conflict() {
    let world = conditionally_ready_world();
    let all = condition_ids(&world);
    let [waiver, advisory] = all.clone().try_into().unwrap();
    let stale = ConditionId(advisory.0.replace(":open", ":blocked"));
    for (case, acknowledged, expected) in [
        ("all", all.clone(), OutcomeSummary::Recorded("go_declared")),
        ("in another order", vec![advisory.clone(), waiver.clone()], OutcomeSummary::Recorded("go_declared")),
        ("one twice", vec![waiver.clone(), advisory.clone(), waiver.clone()], OutcomeSummary::Recorded("go_declared")),
        ("none", vec![], OutcomeSummary::Conflict),
        ("one too few", vec![waiver.clone()], OutcomeSummary::Conflict),
        ("one too many", [all, vec![ConditionId("advisory:x:open".to_owned())]].concat(), OutcomeSummary::Conflict),
        ("one that was", vec![waiver, stale], OutcomeSummary::Conflict),
    ] {
        assert_eq!(world.dry_run(OWNER, Command::DeclareGo { acknowledged, saw: None }), expected, "{case}");
    }
}

#[test]
fn go_declared_on_an_outdated_page_is_a_conflict() {
    let mut world = conditionally_ready_world();
    let stale_command = world.declare_go();
    world.run_ok(BEN, world.mark("advisory-tech", Blocked));
    world.run_ok(TECH, world.sign(TECH_LEAD, Go));
    let now = world.readiness();
    assert_eq!(now.verdict, Verdict::ConditionalGo);
    assert_eq!(world.run(OWNER, stale_command), Err(Refusal::Conflict(Conflict::Conditions(now.conditions))));
    let expired = world.declare_go();
    assert_eq!(world.set_time("2027-01-01T05:00:00Z").dry_run(OWNER, expired), OutcomeSummary::Conflict);
}

#[test]
fn go_decision_records_readiness() {
    let mut world = conditionally_ready_world();
    let expected = world.readiness();
    let Change::GoDeclared { found: carried, acknowledged, .. } = world.run_ok(OWNER, world.declare_go()).clone()
    else {
        panic!("declared")
    };
    assert_eq!((carried.verdict, &carried.conditions), (Verdict::ConditionalGo, &expected.conditions));
    assert_eq!(acknowledged.len(), 2);
    let decision = world.state.stage.decision().unwrap();
    assert_eq!((&decision.readiness, decision.by, decision.at), (&carried, OWNER, world.state.last_at));
}

#[test]
fn go_with_an_event_number_that_does_not_exist_is_refused() {
    let world = World::new().signed();
    for (saw, expected) in [
        (None, OutcomeSummary::Recorded("go_declared")),
        (Some(1), OutcomeSummary::Recorded("go_declared")),
        (Some(world.state.seq), OutcomeSummary::Recorded("go_declared")),
        (Some(world.state.seq + 1), OutcomeSummary::InvalidField("seq")),
        (Some(0), OutcomeSummary::InvalidField("seq")),
        (Some(-1), OutcomeSummary::InvalidField("seq")),
    ] {
        assert_eq!(world.dry_run(OWNER, Command::DeclareGo { acknowledged: vec![], saw }), expected, "{saw:?}");
    }
}
