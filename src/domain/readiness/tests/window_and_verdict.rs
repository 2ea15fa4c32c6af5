//! Tests the window, the ids of conditions, how long readiness stays the same, and the verdict.

use super::*;
use crate::domain::{
    checklist::Checklist,
    launch::{
        command::Command,
        event::{
            ItemState::{Blocked, Open},
            Vote::Go,
        },
    },
};

#[test]
fn readiness_window_blocks_after_the_allowed_slip() {
    // The target is 1 December, 09:00 in New York, which is 14:00 UTC.
    for (slip_days, now, since) in [
        (7, "2026-12-08T14:00:00Z", None),
        (7, "2026-12-08T14:00:00.000001Z", Some("2026-12-08T14:00:00Z")),
        (0, "2026-12-01T14:00:00Z", None),
        (0, "2026-12-01T14:00:00.000001Z", Some("2026-12-01T14:00:00Z")),
        (365, "2027-12-01T14:00:00Z", None),
        (365, "2027-12-01T14:00:01Z", Some("2027-12-01T14:00:00Z")),
    ] {
        let mut world = World::new().all_done();
        world.state.policy.slip_days = slip_days;
        world.set_time(now);
        let expected: Vec<_> = since.map(|since| format!("window {}", moment(since))).into_iter().collect();
        assert_eq!(describe_reasons(&world), expected, "{slip_days} days at {now}");
        world.run_ok(OWNER, world.change_target(local_time("2028-02-01T09:00", "UTC")));
        assert_eq!(describe_reasons(&world), [""; 0], "moving it mends it");
    }
}

#[test]
fn readiness_condition_has_id_and_owner() {
    let mut world = World::new().all_done();
    reopen_and_waive(&mut world, "required-tech");
    mark_item(&mut world, "advisory-tech", Open);
    mark_item(&mut world, "advisory-sec", Blocked);
    let assign = |world: &World, key: &str| Command::Assign { item: world.item(key), assignee: Some(BEN), due: None };
    let actual = world.readiness().conditions;
    let of = |key: &str| actual.iter().find(|condition| condition.item == world.item(key)).unwrap();
    assert_eq!(of("required-tech").id.0, format!("waiver:{}", world.newest_waiver("required-tech")));
    assert_eq!(of("required-tech").owner, Some(ANA), "who asked");
    assert_eq!(of("advisory-tech").id.0, format!("advisory:{}:open", world.item("advisory-tech")));
    assert_eq!(of("advisory-tech").owner, None, "the item's role");
    assert_eq!(of("advisory-sec").id.0, format!("advisory:{}:blocked", world.item("advisory-sec")));
    for key in ["required-tech", "advisory-tech"] {
        world.run_ok(ANA, assign(&world, key));
    }
    assert!(world.readiness().conditions.iter().take(2).all(|condition| condition.owner == Some(BEN)));
}

#[test]
fn readiness_is_valid_until_the_next_expiry() {
    const WINDOW: &str = "2026-12-08T14:00:00.000001Z";
    const EVIDENCE: &str = "2026-11-06T05:00:00Z";
    const WAIVER: &str = "2026-11-21T05:00:00Z";
    let table: [(&str, ReadinessStep, Option<&str>); 8] = [
        ("the window alone", |_| {}, Some(WINDOW)),
        ("the window, on its last moment", |w| w.now = moment("2026-12-08T14:00:00Z"), Some(WINDOW)),
        ("past the window", |w| w.now = moment(WINDOW), None),
        ("a waiver", |w| reopen_and_waive(w, "required-tech"), Some(WAIVER)),
        (
            "evidence before a waiver",
            |w| {
                reopen_and_waive(w, "required-tech");
                w.run_ok(ANA, w.attach_until("required-sec-proof", Some("2026-11-05")));
            },
            Some(EVIDENCE),
        ),
        (
            "evidence withdrawn",
            |w| {
                w.run_ok(ANA, w.attach_until("required-sec-proof", Some("2026-11-05")));
                w.run_ok(ANA, w.withdraw_evidence("required-sec-proof"));
            },
            Some(WINDOW),
        ),
        (
            "a waiver revoked",
            |w| {
                reopen_and_waive(w, "required-tech");
                w.run_ok(OWNER, w.revoke_waiver("required-tech"));
            },
            Some(WINDOW),
        ),
        (
            "a waiver only asked for",
            |w| {
                mark_item(w, "required-tech", Open);
                w.run_ok(ANA, w.ask_waiver("required-tech", "2026-11-20"));
            },
            Some(WINDOW),
        ),
    ];
    let done = World::new().all_done();
    for (case, step, expected) in table {
        let mut world = done.clone();
        step(&mut world);
        assert_eq!(world.readiness().valid_until, expected.map(moment), "{case}");
    }
}

#[test]
fn readiness_at_the_last_possible_moment_does_not_panic() {
    let mut world = World::new();
    world.run_ok(OWNER, world.change_target(local_time("9990-12-31T23:59", "UTC")));
    world.state.details.target.local = "9999-12-31T23:59:59".parse().unwrap();
    world.now = Moment::new(jiff::Timestamp::MAX);
    assert_eq!(world.readiness().verdict, Verdict::NoGo);
}

#[test]
fn readiness_verdict_depends_on_reasons_then_conditions() {
    let mut world = World::new().all_done();
    assert_eq!(world.readiness().verdict, Verdict::NoGo);
    world = World::new().signed();
    assert_eq!(world.readiness().verdict, Verdict::Go);
    mark_item(&mut world, "advisory-tech", Open);
    assert_eq!(world.readiness().verdict, Verdict::NoGo, "stale now");
    world.run_ok(TECH, world.sign(TECH_LEAD, Go));
    assert_eq!(world.readiness().verdict, Verdict::ConditionalGo);
}

#[test]
fn readiness_digests_cover_exactly_the_required_roles() {
    let world = World::new();
    let digests = world.readiness().digests;
    let version: &Checklist = &world.state.version.checklist;
    assert_eq!(digests.len(), version.required_roles.len());
    for (role, digest) in digests {
        assert_eq!(digest, digest::digest(&world.state, &role));
    }
}
