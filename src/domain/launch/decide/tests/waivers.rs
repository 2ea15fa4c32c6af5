//! Tests waivers: each status, expiry, and what happens to a second one.

use crate::domain::launch::{
    command::Command,
    event::ItemState::{Blocked, Done, NotApplicable, Open},
    fixture::*,
};

/// A waiver of `required-tech` through 31 December, in each possible status.
fn worlds_by_waiver_status() -> [(&'static str, World); 5] {
    let fresh = World::new();
    let mut requested = fresh.clone();
    requested.run_ok(ANA, requested.ask_waiver("required-tech", "2026-12-31"));
    let (mut approved, mut refused) = (requested.clone(), requested.clone());
    approved.run_ok(TECH, approved.decide_waiver("required-tech", true));
    refused.run_ok(TECH, refused.decide_waiver("required-tech", false));
    let mut revoked = approved.clone();
    revoked.run_ok(TECH2, revoked.revoke_waiver("required-tech"));
    let mut expired = approved.clone();
    expired.set_time("2027-01-01T05:00:00Z");
    [("asked", requested), ("approved", approved), ("refused", refused), ("revoked", revoked), ("expired", expired)]
}

fn is_item_resolved(world: &World) -> bool {
    world.state.is_resolved(world.state.item(world.item("required-tech")).unwrap(), world.now)
}

#[test]
fn waiver_status_allows_only_its_next_steps() {
    use OutcomeSummary::{Conflict, Recorded};
    let table = [
        // status, resolves, ask again, approve, refuse, revoke
        ("asked", false, Conflict, Recorded("waiver_approved"), Recorded("waiver_refused"), Conflict),
        ("approved", true, Conflict, Conflict, Conflict, Recorded("waiver_revoked")),
        ("refused", false, Recorded("waiver_asked"), Conflict, Conflict, Conflict),
        ("revoked", false, Recorded("waiver_asked"), Conflict, Conflict, Conflict),
        ("expired", false, Recorded("waiver_asked"), Conflict, Conflict, Recorded("waiver_revoked")),
    ];
    for ((status, world), row) in worlds_by_waiver_status().iter().zip(table) {
        assert_eq!(*status, row.0);
        assert_eq!(is_item_resolved(world), row.1, "{status}");
        assert_eq!(world.dry_run(BEN, world.ask_waiver("required-tech", "2027-06-30")), row.2, "{status}, ask");
        assert_eq!(world.dry_run(TECH, world.decide_waiver("required-tech", true)), row.3, "{status}, approve");
        assert_eq!(world.dry_run(TECH, world.decide_waiver("required-tech", false)), row.4, "{status}, refuse");
        assert_eq!(world.dry_run(OWNER, world.revoke_waiver("required-tech")), row.5, "{status}, revoke");
    }
}

#[test]
fn waiver_expires_at_the_end_of_its_last_day_in_the_launch_zone() {
    let mut world = World::new();
    world.waive("required-tech", "2026-12-31", TECH);
    for (now, holds) in
        [("2026-12-31T15:00:00Z", true), ("2027-01-01T04:59:59.999999Z", true), ("2027-01-01T05:00:00Z", false)]
    {
        assert_eq!(is_item_resolved(world.set_time(now)), holds, "{now}");
    }
}

#[test]
fn waiver_of_a_resolved_item_is_refused_and_has_no_effect() {
    for (state, expected) in [
        (Open, OutcomeSummary::Recorded("waiver_asked")),
        (Blocked, OutcomeSummary::Recorded("waiver_asked")),
        (Done, OutcomeSummary::Conflict),
        (NotApplicable, OutcomeSummary::Conflict),
    ] {
        let mut world = World::new();
        world.run(ANA, world.mark("required-tech", state)).unwrap();
        assert_eq!(world.dry_run(ANA, world.ask_waiver("required-tech", "2026-12-31")), expected, "{state:?}");
        let mut world = World::new();
        world.waive("required-tech", "2026-12-31", TECH);
        world.run(ANA, world.mark("required-tech", state)).unwrap();
        let waived = world.state.waiver_in_force(world.state.item(world.item("required-tech")).unwrap(), world.now);
        assert_eq!(waived.is_some(), matches!(state, Open | Blocked), "{state:?}");
    }
}

#[test]
fn waiver_asked_or_approved_after_its_last_day_is_refused() {
    let mut world = World::new();
    // It is 2 November in New York.
    for (expires_on, expected) in [
        ("2026-11-01", OutcomeSummary::InvalidField("expires_on")),
        ("2026-11-02", OutcomeSummary::Recorded("waiver_asked")),
        ("2999-12-31", OutcomeSummary::Recorded("waiver_asked")),
    ] {
        assert_eq!(world.dry_run(ANA, world.ask_waiver("required-tech", expires_on)), expected, "{expires_on}");
    }
    world.run_ok(ANA, world.ask_waiver("required-tech", "2026-11-02"));
    let approve = |world: &World, approve| world.dry_run(TECH, world.decide_waiver("required-tech", approve));
    assert_eq!(approve(world.set_time("2026-11-03T04:59:59Z"), true), OutcomeSummary::Recorded("waiver_approved"));
    assert_eq!(approve(world.set_time("2026-11-03T05:00:00Z"), true), OutcomeSummary::Conflict);
    assert_eq!(
        approve(&world, false),
        OutcomeSummary::Recorded("waiver_refused"),
        "refusing it makes room for another"
    );
}

#[test]
fn waiver_refusal_without_a_reason_is_refused() {
    let mut world = World::new();
    world.run_ok(ANA, world.ask_waiver("required-tech", "2026-12-31"));
    let waiver = world.newest_waiver("required-tech");
    let decide = |approve| Command::DecideWaiver { waiver, approve, reason: None };
    assert_eq!(world.dry_run(TECH, decide(true)), OutcomeSummary::Recorded("waiver_approved"));
    assert_eq!(world.dry_run(TECH, decide(false)), OutcomeSummary::InvalidField("reason"));
}

#[test]
fn waiver_approved_by_who_asked_is_forbidden() {
    let mut world = World::new();
    world.run_ok(TECH, world.ask_waiver("required-tech", "2026-12-31"));
    for approve in [true, false] {
        assert_eq!(world.dry_run(TECH, world.decide_waiver("required-tech", approve)), OutcomeSummary::Forbidden);
    }
    world.run_ok(TECH2, world.decide_waiver("required-tech", true));
    assert_eq!(world.dry_run(TECH, world.revoke_waiver("required-tech")), OutcomeSummary::Recorded("waiver_revoked"));
}
