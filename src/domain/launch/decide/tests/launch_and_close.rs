//! Tests recording the launch with readiness at that moment, and closing it.

use std::collections::BTreeMap;

use crate::domain::{
    launch::{
        command::{Command, Conflict, LaunchMoment, Refusal},
        event::{
            Change,
            ItemState::{Blocked, Done, Open},
            Vote::{Go, NoGo},
        },
        fixture::*,
    },
    readiness::{ConditionId, Verdict},
};

/// GO was declared at 10:00:30 UTC on 3 November, and it is 12:00.
fn world_with_go() -> World {
    let mut world = World::new().signed();
    world.set_time("2026-11-03T10:00:30Z");
    world.run_ok(OWNER, world.declare_go());
    world.set_time("2026-11-03T12:00:00Z");
    world
}

#[test]
fn launch_moment_before_go_or_in_the_future_is_refused() {
    let world = world_with_go();
    for (at, to_the_minute, expected) in [
        ("2026-11-03T12:00:00Z", false, OutcomeSummary::Recorded("launched")),
        ("2026-11-03T12:00:00.000001Z", false, OutcomeSummary::InvalidField("at")),
        ("2026-11-03T12:01:00Z", true, OutcomeSummary::InvalidField("at")),
        ("2026-11-03T11:00:00Z", true, OutcomeSummary::Recorded("launched")),
        ("2026-11-03T10:00:30Z", false, OutcomeSummary::Recorded("launched")),
        ("2026-11-03T10:00:29.999999Z", false, OutcomeSummary::InvalidField("at")),
        ("2026-11-03T10:00:00Z", true, OutcomeSummary::Recorded("launched")),
        ("2026-11-03T10:00:00Z", false, OutcomeSummary::InvalidField("at")),
        ("2026-11-03T09:59:00Z", true, OutcomeSummary::InvalidField("at")),
    ] {
        let given = world.launch_at(moment(at), to_the_minute);
        assert_eq!(world.dry_run(OWNER, given), expected, "{at}, to the minute: {to_the_minute}");
    }
}

#[test]
fn launch_moment_in_the_minute_of_go_counts_as_the_moment_of_go() {
    for (at, to_the_minute, meant) in [
        ("2026-11-03T10:00:00Z", true, "2026-11-03T10:00:30Z"),
        ("2026-11-03T10:00:00Z", false, "2026-11-03T10:00:00Z"),
        ("2026-11-03T10:01:00Z", true, "2026-11-03T10:01:00Z"),
        ("2026-11-03T09:59:00Z", true, "2026-11-03T09:59:00Z"),
    ] {
        let given = LaunchMoment { at: moment(at), to_the_minute };
        assert_eq!(given.resolve(moment("2026-11-03T10:00:30Z")), moment(meant), "{at}");
    }
    // The last signature is from the same minute, but readiness includes it.
    let mut world = World::new().all_done();
    world.set_time("2026-11-03T10:00:10Z");
    for (slug, holder) in commands::SIGNERS {
        world.run_ok(holder, world.sign(slug, Go));
    }
    world.run_ok(OWNER, world.declare_go());
    let decided = world.state.last_at;
    let Change::Launched { launched_at, found } =
        world.run_ok(OWNER, world.launch_at(moment("2026-11-03T10:00:00Z"), true)).clone()
    else {
        panic!("launched")
    };
    assert_eq!((launched_at, found.verdict), (decided, Verdict::Go));
}

#[test]
fn launch_without_a_moment_is_recorded_as_now() {
    let mut world = world_with_go();
    world.run_ok(OWNER, Command::Launch { at: None, past: None });
    let launched = world.state.stage.launched().unwrap();
    assert_eq!(launched.at, moment("2026-11-03T12:00:00Z"));
    assert_eq!((launched.readiness.verdict, launched.by), (Verdict::Go, OWNER));
}

#[test]
fn launch_in_the_past_is_judged_by_the_state_of_that_moment() {
    let mut world = world_with_go();
    world.set_time("2026-11-03T11:00:00Z");
    world.run_ok(TECH2, world.sign(TECH_LEAD, NoGo));
    world.set_time("2026-11-03T11:30:00Z");
    world.run_ok(TECH2, world.withdraw_signature(world.newest_signature()));
    world.set_time("2026-11-03T12:00:00Z");
    for (at, expected) in [
        ("2026-11-03T10:59:00Z", OutcomeSummary::Recorded("launched")),
        ("2026-11-03T11:00:00Z", OutcomeSummary::Conflict),
        ("2026-11-03T11:29:00Z", OutcomeSummary::Conflict),
        ("2026-11-03T11:30:00Z", OutcomeSummary::Recorded("launched")),
    ] {
        assert_eq!(world.dry_run(OWNER, world.launch_at(moment(at), true)), expected, "{at}");
    }
    let then = world.state_at(moment("2026-11-03T11:15:00Z"));
    assert!(then.signatures.last().unwrap().withdrawn.is_none());
}

#[test]
fn launch_after_evidence_lapsed_since_go_is_refused() {
    let mut world = World::new().all_done();
    world.run_ok(ANA, world.withdraw_evidence("required-tech-proof"));
    world.run_ok(ANA, world.attach_until("required-tech-proof", Some("2026-11-03")));
    for (slug, holder) in commands::SIGNERS {
        world.run_ok(holder, world.sign(slug, Go));
    }
    world.run_ok(OWNER, world.declare_go());
    world.set_time("2026-11-04T12:00:00Z");
    let reasons = world.readiness().reasons;
    assert_eq!(reasons.len(), 1);
    let now = world.run(OWNER, Command::Launch { at: None, past: None });
    assert_eq!(now, Err(Refusal::Conflict(Conflict::NotReady(reasons))));
    for (at, expected) in [
        ("2026-11-04T04:59:00Z", OutcomeSummary::Recorded("launched")),
        ("2026-11-04T05:00:00Z", OutcomeSummary::Conflict),
    ] {
        assert_eq!(world.dry_run(OWNER, world.launch_at(moment(at), true)), expected, "{at}");
    }
}

/// GO declared with two conditions: a waiver and an open advisory item.
fn world_with_conditional_go() -> World {
    let mut world = World::new().all_done();
    world.run_ok(ANA, world.mark("required-any", Open));
    world.waive("required-any", "2026-12-31", TECH);
    world.run_ok(ANA, world.mark("advisory-tech", Open));
    world.run_ok(ANA, world.attach_until("advisory-sec-proof", Some("2026-11-20")));
    world.run_ok(
        ANA,
        Command::WithdrawEvidence {
            evidence: world.state.item(world.item("advisory-sec-proof")).unwrap().evidence[0],
            reason: world.text("mistaken"),
        },
    );
    for (slug, holder) in commands::SIGNERS {
        world.run_ok(holder, world.sign(slug, Go));
    }
    world.run_ok(OWNER, world.declare_go());
    world
}

#[test]
fn launch_with_a_condition_not_acknowledged_is_a_conflict() {
    let mut world = world_with_conditional_go();
    let launch = || Command::Launch { at: None, past: None };
    assert_eq!(world.set_time("2026-11-20T12:00:00Z").dry_run(OWNER, launch()), OutcomeSummary::Recorded("launched"));
    // Evidence of an advisory item lapses: a third condition, which nobody acknowledged.
    world.set_time("2026-11-21T12:00:00Z");
    let conditions = world.readiness().conditions;
    assert_eq!(conditions.len(), 3);
    assert_eq!(world.run(OWNER, launch()), Err(Refusal::Conflict(Conflict::Conditions(conditions))));
}

#[test]
fn after_items_are_due_from_the_launch_moment() {
    let mut world = world_with_go();
    let due = |world: &World, key: &str| {
        let definition = world.state.definition(world.state.item(world.item(key)).unwrap());
        world.state.due_at(definition)
    };
    assert_eq!(due(&world, "after-required-ops"), None);
    world.run_ok(OWNER, world.launch_at(moment("2026-11-03T11:00:00Z"), true));
    for (key, expected) in [
        ("after-required-ops", Some("2026-11-04T11:00:00Z")),
        ("after-required-any", Some("2026-11-10T11:00:00Z")),
        ("after-required-any-proof", Some("2026-12-03T11:00:00Z")),
        ("required-tech", None),
    ] {
        assert_eq!(due(&world, key), expected.map(moment), "{key}");
    }
}

#[test]
fn closing_with_an_unresolved_after_item_is_a_conflict() {
    type ClosingStep = fn(&mut World);
    let table: [(&str, ClosingStep, bool); 8] = [
        ("all done", |_| {}, true),
        ("a required one open", |w| drop(w.run_ok(ANA, w.mark("after-required-ops", Open)).clone()), false),
        ("a required one blocked", |w| drop(w.run_ok(ANA, w.mark("after-required-ops", Blocked)).clone()), false),
        ("an advisory one blocked", |w| drop(w.run_ok(ANA, w.mark("after-advisory-ops", Blocked)).clone()), true),
        ("evidence withdrawn", |w| drop(w.run_ok(ANA, w.withdraw_evidence("after-required-ops-proof")).clone()), false),
        ("a critical one waved away", |w| *w = w.clone().not_applicable("after-critical-any"), false),
        (
            "a critical one waved away with agreement",
            |w| {
                *w = w.clone().not_applicable("after-critical-any");
                w.run_ok(PROD, w.agree("after-critical-any", true));
            },
            true,
        ),
        (
            "a required one waived",
            |w| {
                w.run_ok(ANA, w.mark("after-required-ops", Open));
                w.waive("after-required-ops", "2026-12-31", OPS);
            },
            true,
        ),
    ];
    for (case, step, closes) in table {
        let mut world = World::new().followed_up();
        step(&mut world);
        let expected = if closes { OutcomeSummary::Recorded("closed") } else { OutcomeSummary::Conflict };
        assert_eq!(world.dry_run(OWNER, world.close()), expected, "{case}");
    }
}

#[test]
fn closing_without_a_settlement_of_each_condition_is_refused() {
    let mut world = world_with_conditional_go();
    world.run_ok(OWNER, Command::Launch { at: None, past: None });
    let items: Vec<_> = world.state.after_items().map(|(_, definition)| definition.key.clone()).collect();
    for key in &items {
        world.run_ok(ANA, world.attach(key.as_str()));
        world.run_ok(ANA, world.mark(key.as_str(), Done));
    }
    let readiness = &world.state.stage.launched().unwrap().readiness;
    let ids: Vec<_> = readiness.conditions.iter().map(|condition| condition.id.clone()).collect();
    let close = |ids: &[ConditionId]| {
        let settlements: BTreeMap<_, _> = ids.iter().map(|id| (id.clone(), world.text("done since"))).collect();
        Command::Close { settlements }
    };
    let foreign = ConditionId("waiver:none".to_owned());
    for (case, given, expected) in [
        ("none", vec![], OutcomeSummary::InvalidField("note")),
        ("one of two", vec![ids[0].clone()], OutcomeSummary::InvalidField("note")),
        ("a foreign one too", [ids.clone(), vec![foreign]].concat(), OutcomeSummary::InvalidField("condition")),
        ("each", ids.clone(), OutcomeSummary::Recorded("closed")),
    ] {
        assert_eq!(world.dry_run(OWNER, close(&given)), expected, "{case}");
    }
    let command = close(&ids);
    let Change::Closed { settlements } = world.run_ok(OWNER, command).clone() else { panic!("closed") };
    let settled: Vec<_> =
        settlements.iter().map(|settled| (&settled.condition, world.state.text(&settled.note))).collect();
    assert_eq!(settled, [(&ids[0], "done since"), (&ids[1], "done since")]);
}
