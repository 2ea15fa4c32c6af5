//! Waivers: each status, expiry, and what a second one meets.

use crate::domain::launch::{
    command::Command,
    event::ItemState::{Blocked, Done, NotApplicable, Open},
    fixture::*,
};

/// A waiver of `required-tech` through 31 December, as it can stand.
fn worlds() -> [(&'static str, World); 5] {
    let fresh = World::new();
    let mut asked = fresh.clone();
    asked.does(ANA, asked.ask_waiver("required-tech", "2026-12-31"));
    let (mut approved, mut refused) = (asked.clone(), asked.clone());
    approved.does(TECH, approved.decide_waiver("required-tech", true));
    refused.does(TECH, refused.decide_waiver("required-tech", false));
    let mut revoked = approved.clone();
    revoked.does(TECH2, revoked.revoke_waiver("required-tech"));
    let mut expired = approved.clone();
    expired.at("2027-01-01T05:00:00Z");
    [("asked", asked), ("approved", approved), ("refused", refused), ("revoked", revoked), ("expired", expired)]
}

fn resolved(world: &World) -> bool {
    world.state.is_resolved(world.state.item(world.item("required-tech")).unwrap(), world.now)
}

#[test]
fn each_status_allows_its_own_next_steps() {
    use Answer::{Conflict, Did};
    let table = [
        // status, resolves, ask again, approve, refuse, revoke
        ("asked", false, Conflict, Did("waiver_approved"), Did("waiver_refused"), Conflict),
        ("approved", true, Conflict, Conflict, Conflict, Did("waiver_revoked")),
        ("refused", false, Did("waiver_asked"), Conflict, Conflict, Conflict),
        ("revoked", false, Did("waiver_asked"), Conflict, Conflict, Conflict),
        ("expired", false, Did("waiver_asked"), Conflict, Conflict, Did("waiver_revoked")),
    ];
    for ((status, world), row) in worlds().iter().zip(table) {
        assert_eq!(*status, row.0);
        assert_eq!(resolved(world), row.1, "{status}");
        assert_eq!(world.answer(BEN, world.ask_waiver("required-tech", "2027-06-30")), row.2, "{status}, ask");
        assert_eq!(world.answer(TECH, world.decide_waiver("required-tech", true)), row.3, "{status}, approve");
        assert_eq!(world.answer(TECH, world.decide_waiver("required-tech", false)), row.4, "{status}, refuse");
        assert_eq!(world.answer(OWNER, world.revoke_waiver("required-tech")), row.5, "{status}, revoke");
    }
}

#[test]
fn a_waiver_expires_by_itself_at_the_end_of_its_day_in_the_launchs_zone() {
    let mut world = World::new();
    world.waive("required-tech", "2026-12-31", TECH);
    for (now, holds) in
        [("2026-12-31T15:00:00Z", true), ("2027-01-01T04:59:59.999999Z", true), ("2027-01-01T05:00:00Z", false)]
    {
        assert_eq!(resolved(world.at(now)), holds, "{now}");
    }
}

#[test]
fn a_waiver_helps_only_while_the_item_is_open_or_blocked_and_is_asked_for_only_then() {
    for (state, expected) in [
        (Open, Answer::Did("waiver_asked")),
        (Blocked, Answer::Did("waiver_asked")),
        (Done, Answer::Conflict),
        (NotApplicable, Answer::Conflict),
    ] {
        let mut world = World::new();
        world.run(ANA, world.mark("required-tech", state)).unwrap();
        assert_eq!(world.answer(ANA, world.ask_waiver("required-tech", "2026-12-31")), expected, "{state:?}");
        let mut world = World::new();
        world.waive("required-tech", "2026-12-31", TECH);
        world.run(ANA, world.mark("required-tech", state)).unwrap();
        let waived = world.state.waived_by(world.state.item(world.item("required-tech")).unwrap(), world.now);
        assert_eq!(waived.is_some(), matches!(state, Open | Blocked), "{state:?}");
    }
}

#[test]
fn the_last_day_is_not_over_when_a_waiver_is_asked_for_or_approved() {
    let mut world = World::new();
    // It is 2 November in New York.
    for (expires_on, expected) in [
        ("2026-11-01", Answer::Field("expires_on")),
        ("2026-11-02", Answer::Did("waiver_asked")),
        ("2999-12-31", Answer::Did("waiver_asked")),
    ] {
        assert_eq!(world.answer(ANA, world.ask_waiver("required-tech", expires_on)), expected, "{expires_on}");
    }
    world.does(ANA, world.ask_waiver("required-tech", "2026-11-02"));
    let approve = |world: &World, approve| world.answer(TECH, world.decide_waiver("required-tech", approve));
    assert_eq!(approve(world.at("2026-11-03T04:59:59Z"), true), Answer::Did("waiver_approved"));
    assert_eq!(approve(world.at("2026-11-03T05:00:00Z"), true), Answer::Conflict);
    assert_eq!(approve(&world, false), Answer::Did("waiver_refused"), "refusing it makes room for another");
}

#[test]
fn refusing_wants_a_reason_and_approving_does_not() {
    let mut world = World::new();
    world.does(ANA, world.ask_waiver("required-tech", "2026-12-31"));
    let waiver = world.waiver("required-tech");
    let decide = |approve| Command::DecideWaiver { waiver, approve, reason: None };
    assert_eq!(world.answer(TECH, decide(true)), Answer::Did("waiver_approved"));
    assert_eq!(world.answer(TECH, decide(false)), Answer::Field("reason"));
}

#[test]
fn who_asks_does_not_approve_their_own_though_they_hold_the_role() {
    let mut world = World::new();
    world.does(TECH, world.ask_waiver("required-tech", "2026-12-31"));
    for approve in [true, false] {
        assert_eq!(world.answer(TECH, world.decide_waiver("required-tech", approve)), Answer::Forbidden);
    }
    world.does(TECH2, world.decide_waiver("required-tech", true));
    assert_eq!(world.answer(TECH, world.revoke_waiver("required-tech")), Answer::Did("waiver_revoked"));
}
