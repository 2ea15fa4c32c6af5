//! Recording the launch, judged as it stood at its moment; closing it.

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

/// GO declared at 10:00:30 on 3 November (UTC), and it is 12:00.
fn declared() -> World {
    let mut world = World::new().signed();
    world.at("2026-11-03T10:00:30Z");
    world.does(OWNER, world.declare_go());
    world.at("2026-11-03T12:00:00Z");
    world
}

#[test]
fn the_moment_of_launch_lies_between_decision_and_now() {
    let world = declared();
    for (at, to_the_minute, expected) in [
        ("2026-11-03T12:00:00Z", false, Answer::Did("launched")),
        ("2026-11-03T12:00:00.000001Z", false, Answer::Field("at")),
        ("2026-11-03T12:01:00Z", true, Answer::Field("at")),
        ("2026-11-03T11:00:00Z", true, Answer::Did("launched")),
        ("2026-11-03T10:00:30Z", false, Answer::Did("launched")),
        ("2026-11-03T10:00:29.999999Z", false, Answer::Field("at")),
        ("2026-11-03T10:00:00Z", true, Answer::Did("launched")),
        ("2026-11-03T10:00:00Z", false, Answer::Field("at")),
        ("2026-11-03T09:59:00Z", true, Answer::Field("at")),
    ] {
        let given = world.launch_at(moment(at), to_the_minute);
        assert_eq!(world.answer(OWNER, given), expected, "{at}, to the minute: {to_the_minute}");
    }
}

#[test]
fn a_time_to_the_minute_counts_as_the_decisions_within_its_minute() {
    for (at, to_the_minute, meant) in [
        ("2026-11-03T10:00:00Z", true, "2026-11-03T10:00:30Z"),
        ("2026-11-03T10:00:00Z", false, "2026-11-03T10:00:00Z"),
        ("2026-11-03T10:01:00Z", true, "2026-11-03T10:01:00Z"),
        ("2026-11-03T09:59:00Z", true, "2026-11-03T09:59:00Z"),
    ] {
        let given = LaunchMoment { at: moment(at), to_the_minute };
        assert_eq!(given.meant(moment("2026-11-03T10:00:30Z")), moment(meant), "{at}");
    }
    // The last signature came in the same minute, and yet the launch is judged with it.
    let mut world = World::new().all_done();
    world.at("2026-11-03T10:00:10Z");
    for (slug, holder) in commands::SIGNERS {
        world.does(holder, world.sign(slug, Go));
    }
    world.does(OWNER, world.declare_go());
    let decided = world.state.last_at;
    let Change::Launched { launched_at, found } =
        world.does(OWNER, world.launch_at(moment("2026-11-03T10:00:00Z"), true)).clone()
    else {
        panic!("launched")
    };
    assert_eq!((launched_at, found.verdict), (decided, Verdict::Go));
}

#[test]
fn without_a_moment_it_is_now() {
    let mut world = declared();
    world.does(OWNER, Command::Launch { at: None, past: None });
    let launched = world.state.stage.launched().unwrap();
    assert_eq!(launched.at, moment("2026-11-03T12:00:00Z"));
    assert_eq!((launched.found.verdict, launched.by), (Verdict::Go, OWNER));
}

#[test]
fn it_is_judged_as_it_stood_then_and_not_as_it_stands_now() {
    let mut world = declared();
    world.at("2026-11-03T11:00:00Z");
    world.does(TECH2, world.sign(TECH_LEAD, NoGo));
    world.at("2026-11-03T11:30:00Z");
    world.does(TECH2, world.withdraw_signature(world.newest_signature()));
    world.at("2026-11-03T12:00:00Z");
    for (at, expected) in [
        ("2026-11-03T10:59:00Z", Answer::Did("launched")),
        ("2026-11-03T11:00:00Z", Answer::Conflict),
        ("2026-11-03T11:29:00Z", Answer::Conflict),
        ("2026-11-03T11:30:00Z", Answer::Did("launched")),
    ] {
        assert_eq!(world.answer(OWNER, world.launch_at(moment(at), true)), expected, "{at}");
    }
    let then = world.past(moment("2026-11-03T11:15:00Z"));
    assert!(then.signatures.last().unwrap().withdrawn.is_none());
}

#[test]
fn evidence_that_lapsed_between_decision_and_launch_stops_it() {
    let mut world = World::new().all_done();
    world.does(ANA, world.withdraw_evidence("required-tech-proof"));
    world.does(ANA, world.attach_until("required-tech-proof", Some("2026-11-03")));
    for (slug, holder) in commands::SIGNERS {
        world.does(holder, world.sign(slug, Go));
    }
    world.does(OWNER, world.declare_go());
    world.at("2026-11-04T12:00:00Z");
    let reasons = world.readiness().reasons;
    assert_eq!(reasons.len(), 1);
    let now = world.run(OWNER, Command::Launch { at: None, past: None });
    assert_eq!(now, Err(Refusal::Conflict(Conflict::NotReady(reasons))));
    for (at, expected) in
        [("2026-11-04T04:59:00Z", Answer::Did("launched")), ("2026-11-04T05:00:00Z", Answer::Conflict)]
    {
        assert_eq!(world.answer(OWNER, world.launch_at(moment(at), true)), expected, "{at}");
    }
}

/// GO declared on two conditions: a waiver and an open advisory item.
fn conditional() -> World {
    let mut world = World::new().all_done();
    world.does(ANA, world.mark("required-any", Open));
    world.waive("required-any", "2026-12-31", TECH);
    world.does(ANA, world.mark("advisory-tech", Open));
    world.does(ANA, world.attach_until("advisory-sec-proof", Some("2026-11-20")));
    world.does(
        ANA,
        Command::WithdrawEvidence {
            evidence: world.state.item(world.item("advisory-sec-proof")).unwrap().evidence[0],
            reason: world.text("mistaken"),
        },
    );
    for (slug, holder) in commands::SIGNERS {
        world.does(holder, world.sign(slug, Go));
    }
    world.does(OWNER, world.declare_go());
    world
}

#[test]
fn it_may_rest_on_no_more_than_was_acknowledged() {
    let mut world = conditional();
    let launch = || Command::Launch { at: None, past: None };
    assert_eq!(world.at("2026-11-20T12:00:00Z").answer(OWNER, launch()), Answer::Did("launched"));
    // Evidence of an advisory item lapses: a third condition, which nobody acknowledged.
    world.at("2026-11-21T12:00:00Z");
    let conditions = world.readiness().conditions;
    assert_eq!(conditions.len(), 3);
    assert_eq!(world.run(OWNER, launch()), Err(Refusal::Conflict(Conflict::Conditions(conditions))));
}

#[test]
fn after_items_are_due_from_the_moment_of_launch() {
    let mut world = declared();
    let due = |world: &World, key: &str| {
        let definition = world.state.definition(world.state.item(world.item(key)).unwrap());
        world.state.due_at(definition)
    };
    assert_eq!(due(&world, "after-required-ops"), None);
    world.does(OWNER, world.launch_at(moment("2026-11-03T11:00:00Z"), true));
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
fn closing_wants_each_after_item_resolved_by_the_rules_of_readiness() {
    type Step = fn(&mut World);
    let table: [(&str, Step, bool); 8] = [
        ("all done", |_| {}, true),
        ("a required one open", |w| drop(w.does(ANA, w.mark("after-required-ops", Open)).clone()), false),
        ("a required one blocked", |w| drop(w.does(ANA, w.mark("after-required-ops", Blocked)).clone()), false),
        ("an advisory one blocked", |w| drop(w.does(ANA, w.mark("after-advisory-ops", Blocked)).clone()), true),
        ("evidence withdrawn", |w| drop(w.does(ANA, w.withdraw_evidence("after-required-ops-proof")).clone()), false),
        ("a critical one waved away", |w| *w = w.clone().not_applicable("after-critical-any"), false),
        (
            "a critical one waved away with agreement",
            |w| {
                *w = w.clone().not_applicable("after-critical-any");
                w.does(PROD, w.agree("after-critical-any", true));
            },
            true,
        ),
        (
            "a required one waived",
            |w| {
                w.does(ANA, w.mark("after-required-ops", Open));
                w.waive("after-required-ops", "2026-12-31", OPS);
            },
            true,
        ),
    ];
    for (what, step, closes) in table {
        let mut world = World::new().followed_up();
        step(&mut world);
        let expected = if closes { Answer::Did("closed") } else { Answer::Conflict };
        assert_eq!(world.answer(OWNER, world.close()), expected, "{what}");
    }
}

#[test]
fn closing_settles_each_condition_that_the_launch_rested_on() {
    let mut world = conditional();
    world.does(OWNER, Command::Launch { at: None, past: None });
    let items: Vec<_> = world.state.after().map(|(_, definition)| definition.key.clone()).collect();
    for key in &items {
        world.does(ANA, world.attach(key.as_str()));
        world.does(ANA, world.mark(key.as_str(), Done));
    }
    let found = &world.state.stage.launched().unwrap().found;
    let ids: Vec<_> = found.conditions.iter().map(|condition| condition.id.clone()).collect();
    let close = |ids: &[ConditionId]| {
        let settlements: BTreeMap<_, _> = ids.iter().map(|id| (id.clone(), world.text("done since"))).collect();
        Command::Close { settlements }
    };
    let foreign = ConditionId("waiver:none".to_owned());
    for (what, given, expected) in [
        ("none", vec![], Answer::Field("note")),
        ("one of two", vec![ids[0].clone()], Answer::Field("note")),
        ("a foreign one too", [ids.clone(), vec![foreign]].concat(), Answer::Field("condition")),
        ("each", ids.clone(), Answer::Did("closed")),
    ] {
        assert_eq!(world.answer(OWNER, close(&given)), expected, "{what}");
    }
    let command = close(&ids);
    let Change::Closed { settlements } = world.does(OWNER, command).clone() else { panic!("closed") };
    let settled: Vec<_> =
        settlements.iter().map(|settled| (&settled.condition, world.state.text(&settled.note))).collect();
    assert_eq!(settled, [(&ids[0], "done since"), (&ids[1], "done since")]);
}
